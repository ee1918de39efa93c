"""The answer for one schedule: it prints, plots and saves itself, and shows any one of its futures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simulator.analysis.stopping import Precision
from simulator.days import date_of
from simulator.draws import Draws
from simulator.engines import run_engine
from simulator.errors import StaggerError
from simulator.inputs import Inputs, prepare
from simulator.network import Network, under
from simulator.network.values import IntArray
from simulator.outcomes import Outcomes, measure
from simulator.scenario import Scenario, digest
from simulator.scenario.variables import MOST_FAILURES
from simulator.scenario.write import as_files
from simulator.store import OUTCOMES, SUMMARY, Folder, as_json, versions
from simulator.streams import natural_block
from simulator.summary import Tally, summarise
from simulator.timeline import Timeline
from simulator.wording import count, headline, seldom_notes, unseen

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

SAMPLE: Final = 1000
"""Replications whose timelines figures may look at one by one."""


@dataclass(frozen=True)
class Futures:
    """Some replications in full: their draws laid out, what happened, and what a planner reads off it."""

    first: int
    """How many replications of the run come before these."""
    inputs: Inputs
    timeline: Timeline
    outcomes: Outcomes


@dataclass(frozen=True)
class Model:
    """A scenario under one schedule with its draws and an engine: all that a block of replications needs."""

    scenario: Scenario
    network: Network
    draws: Draws
    engine: str

    def futures(self, first: int, count: int, engine: str | None = None) -> Futures:
        """The ``count`` replications after the ``first``, by the model's engine or another."""
        draws = self.draws.block(first, count)
        inputs = prepare(self.network, draws)
        timeline = run_engine(self.network, inputs, engine or self.engine)
        return Futures(first, inputs, timeline, measure(self.scenario, self.network, inputs, draws, timeline))

    def under(self, schedule: str) -> Model:
        """The same under another of the scenario's schedules: the same futures, but for who goes when.

        Raises:
            StaggerError: the scenario has no schedule of that name.
        """
        return replace(self, network=under(self.network, self.scenario, schedule))

    def summary(self, tally: Tally) -> dict[str, Any]:
        """The dict of summary.json."""
        return summarise(tally, self.scenario, self.network, self.draws.seed, self.draws.sampling, self.engine)


@dataclass(frozen=True, eq=False)
class Result:
    """The answer for one schedule; made by `simulator.run.run`."""

    model: Model = field(repr=False)
    tally: Tally = field(repr=False)
    finish: IntArray = field(repr=False)
    """(N,) the day on which the last cluster is live; `NEVER` where one is not by the horizon."""
    precision: Precision | None = None
    precise: bool = True
    """Whether the precision asked for was reached."""
    command: str = "simulator.run"
    kept: bytes | None = field(default=None, repr=False)
    """The outcomes as a Parquet file, where they were kept in memory."""
    folder: Path | None = None
    """The folder that the outcomes were written to."""

    @property
    def scenario(self) -> Scenario:
        return self.model.scenario

    @property
    def schedule(self) -> str:
        return self.model.network.schedule

    @property
    def replications(self) -> int:
        """N."""
        return len(self.finish)

    @property
    def seed(self) -> int:
        return self.model.draws.seed

    @property
    def sampling(self) -> str:
        return self.model.draws.sampling

    @property
    def engine(self) -> str:
        return self.model.engine

    def summary(self) -> dict[str, Any]:
        """The dict of summary.json."""
        return self.model.summary(self.tally)

    def __str__(self) -> str:
        start, deadline = self.scenario.start, self.scenario.deadline
        by = None if deadline is None else date_of(deadline, start).isoformat()
        return headline(self.summary(), by, date_of(self.scenario.horizon, start).isoformat())

    def notes(self) -> tuple[str, ...]:
        """What to mind when reading the answer, in sentences."""
        return tuple(_notes(self))

    @cached_property
    def sample(self) -> Futures:
        """The first replications in full, no more than 1,000: the same in every run with this seed."""
        return self.model.futures(0, min(self.replications, SAMPLE))

    def future(self, replication: int, engine: str | None = None) -> Futures:
        """One replication in full, counted from 1; it need not be one of those that were run.

        Raises:
            StaggerError: replications count from 1.
        """
        if replication < 1:
            raise StaggerError(f"the replication must be 1 or more (found {replication}).")
        return self.model.futures(replication - 1, 1, engine)

    def at_percentile(self, percent: float) -> int:
        """The replication, counted from 1, at a percentile of the day on which the last cluster is live.

        That day is the earliest by which at least ``percent`` in 100 futures are done; of several
        replications with that day, the first.

        Raises:
            StaggerError: the percentile is not above 0 and at most 100.
        """
        if not 0 < percent <= 100:
            raise StaggerError(f"a percentile must be above 0 and at most 100 (found {percent:g}).")
        day = np.quantile(self.finish, percent / 100, method="inverted_cdf")
        return int(np.argmax(self.finish == day)) + 1

    @property
    def plot(self) -> Any:
        """Figures by name, such as ``plot.gantt()``; each returns its axes."""
        return import_module("simulator.plots").Plots(self)

    def report(self, out: Path | str, xlsx: bool = False) -> Any:
        """Write a briefing to a file (.html, .docx, .xlsx) or a folder; see `simulator.report.report`."""
        return import_module("simulator.report").report(self, out, xlsx)

    def save(self, folder: Path | str) -> None:
        """Write summary, outcomes, figures and manifest to a folder, all or nothing.

        Raises:
            StaggerError: the folder cannot be written, or the outcomes were not kept.
        """
        with Folder(folder) as draft:
            draft.write(OUTCOMES, self.parquet())
            self.write(draft)

    def write(self, draft: Folder, figures: bool = True) -> None:
        """Put all but the outcomes into a folder's draft, and commit it."""
        draft.write(SUMMARY, as_json(self.summary()))
        inputs = as_files(self.scenario) if self.scenario.written else {}
        for name, content in {**inputs, **(self.plot.files() if figures else {})}.items():
            draft.write(name, content)
        draft.commit(self.manifest())

    def manifest(self) -> dict[str, Any]:
        """What made this result."""
        return {
            "verb": "run",
            "file": self.scenario.file,
            "scenario": self.scenario.scenario,
            "scenario_sha256": digest(self.scenario),
            "schedule": self.schedule,
            "replications": self.replications,
            "seed": self.seed,
            "sampling": self.sampling,
            "engine": self.engine,
            "command": self.command,
            "time": datetime.now(UTC).isoformat(timespec="seconds"),
            "versions": versions(),
        }

    def parquet(self) -> bytes:
        """The outcomes as a Parquet file.

        Raises:
            StaggerError: they were not kept.
        """
        if self.kept is not None:
            return self.kept
        if self.folder is not None:
            return (self.folder / OUTCOMES).read_bytes()
        raise StaggerError(
            f"the outcomes of {self.replications} replications must have been kept. Run with out=FOLDER to have them."
        )

    def to_pandas(self) -> pd.DataFrame:
        """A row per replication and cluster; days are missing where it did not happen by the horizon.

        Raises:
            StaggerError: the outcomes were not kept.
        """
        from pyarrow import parquet

        return parquet.read_table(io.BytesIO(self.parquet())).to_pandas()

    def to_xarray(self) -> xr.Dataset:
        """The same with dimensions replication and cluster.

        Raises:
            StaggerError: the outcomes were not kept.
        """
        frame = self.to_pandas().set_index(["replication", "cluster"])
        clusters = list(self.scenario.clusters)
        return frame.to_xarray().reindex(cluster=clusters)


def _notes(result: Result) -> Iterator[str]:
    if result.precision is not None and not result.precise:
        yield (
            f"the precision asked for was not reached within {result.replications:,} replications. Allow more with "
            "--replications, or ask for less."
        )
        if result.precision.never_differs_in(result.summary()):
            yield f"the figure is the same in all of them. {unseen(result.replications)}"
    design = natural_block(result.model.draws.sampling)
    if result.replications % design:
        yield (
            f"{result.sampling} sampling is at its best with a multiple of {design:,} replications "
            f"(these are {result.replications:,})."
        )
    for name, system in result.summary()["legacy"].items():
        if system["failures_cut"]:
            yield (
                f"{name} may have failed more often than the {MOST_FAILURES} times that are drawn, in "
                f"{count(system['failures_cut'], 'future')}; its failures are counted too low there."
            )
    yield from seldom_notes(result.summary(), _possible(result))


def _possible(result: Result) -> list[str]:
    """Of what should not happen, all that may in some future."""
    variables, legacy = result.model.draws.variables, result.scenario.legacy
    if all(each.constant for each in variables.values()):
        return []
    supported = any(system.end_of_support is not None for system in legacy.values())
    fail = any(f"{name}/failure/1" in variables for name in legacy)
    return [name for name, may in (("unsupported_days", supported), ("failures", fail)) if may]
