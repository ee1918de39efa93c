"""A study on disk: its document, its tables as CSV, and what made them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simulator.scenario import Scenario, digest
from simulator.store import SUMMARY, Folder, as_json, versions


def save_study(
    folder: Path | str,
    document: Mapping[str, Any],
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    about: Mapping[str, Any],
) -> None:
    """Write a study to a folder, all or nothing; ``about`` goes into the manifest, scenarios as their digests.

    Raises:
        StaggerError: the folder cannot be written.
    """
    scenarios: Mapping[str, Scenario] = about["scenarios"]
    manifest = {
        **about,
        "scenarios": {name: {"scenario": of.scenario, "sha256": digest(of)} for name, of in scenarios.items()},
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
    }
    with Folder(folder) as draft:
        draft.write(SUMMARY, as_json(document))
        for name, rows in tables.items():
            draft.write(name, as_csv(rows))
        draft.commit(manifest)


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows with the same keys as CSV with a head; None is an empty cell."""
    sink = io.StringIO(newline="")
    writer = csv.DictWriter(sink, fieldnames=list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue()
