"""A run as it lies in its folder, every byte of it checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from simulator.analysis.paired import Values
from simulator.days import NEVER
from simulator.errors import StaggerError
from simulator.scenario import Scenario, parse
from simulator.scenario.read import read_file
from simulator.store import OUTCOMES, read_summary, whole_manifest

SCENARIO: Final = "scenario.yaml"


@dataclass(frozen=True, eq=False)
class Opened:
    """A run's folder: what made it, what it says, and what happened in each future."""

    folder: Path
    manifest: Mapping[str, Any]
    summary: Mapping[str, Any]
    scenario: Scenario

    @classmethod
    def at(cls, folder: Path | str) -> Opened:
        """The run in a folder.

        Raises:
            StaggerError: it is not whole, is of another verb, or its scenario cannot be read any more.
        """
        where = Path(folder)
        manifest = whole_manifest(where)
        if manifest.get("verb") != "run" or SCENARIO not in manifest["files"]:
            raise StaggerError(f"{where} must be a run with its scenario (found {manifest.get('verb', 'neither')}).")
        scenario = parse(read_file(where / SCENARIO), str(where / SCENARIO), where.resolve())
        return cls(where, manifest, read_summary(where), scenario)

    @property
    def replications(self) -> int:
        """N."""
        return int(self.summary["replications"])

    @cached_property
    def futures(self) -> tuple[str, int, str]:
        """What the futures of two runs must have in common to be the same."""
        return str(self.summary["sampling"]), int(self.summary["seed"]), self.scenario.start.isoformat()

    def columns(self, names: Sequence[str]) -> dict[str, dict[str, Values]]:
        """Columns of the outcomes, by cluster and name, (N,) each; days that never came are `NEVER`."""
        import pyarrow.compute as pc
        from pyarrow import parquet

        table = parquet.read_table(self.folder / OUTCOMES, columns=["cluster", *names])
        found: dict[str, dict[str, Values]] = {}
        for cluster in self.summary["clusters"]:
            rows = table.filter(pc.equal(table["cluster"], cluster))
            found[cluster] = {name: _filled(rows[name]) for name in names}
        return found


def _filled(column: Any) -> Values:
    filled = column.fill_null(NEVER) if column.null_count else column
    return np.asarray(filled.to_numpy())
