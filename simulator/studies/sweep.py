"""What if a value of the scenario were different? One or two of them varied, in the same futures at every point."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np

from simulator.analysis.estimate import Interval, quantile, wilson
from simulator.days import date_of
from simulator.errors import ScenarioError, StaggerError
from simulator.network import compile_network
from simulator.scenario import Scenario, change
from simulator.studies.contenders import Contender, play
from simulator.studies.futures import Futures, Progress
from simulator.studies.measures import Record
from simulator.studies.saving import save_study
from simulator.summary import AFTER_HORIZON
from simulator.workers import Asked, Workers

MOST_PATHS: Final = 2
MOST_POINTS: Final = 1000
_NUMBER: Final = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*([^\d\s.:]*)\s*")


@dataclass(frozen=True)
class Varied:
    """A path of the scenario and the values that it takes, as they would be written in the file."""

    path: str
    values: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Varied:
        """From `PATH=A,B,C` or `PATH=FIRST..LAST[:STEP]`, the step 1 where none is given.

        Raises:
            StaggerError: the text is not of that form.
        """
        path, equals, values = text.partition("=")
        found = _range(values) if ".." in values else tuple(part.strip() for part in values.split(","))
        if not equals or not path.strip() or not found or not all(found):
            raise StaggerError(
                f"what is varied must be PATH=VALUES (found {text}). Write for instance "
                "resources.framework.capacity=1..4 or clusters.*.contract.term=5y,7y,10y."
            )
        return cls(path.strip(), found)


def _range(text: str) -> tuple[str, ...]:
    """Values from the first to the last, both included where the step meets it; none where it is no range."""
    ends, _, step_text = text.partition(":")
    first, last, step = (_NUMBER.fullmatch(part) for part in (*ends.split("..", 1), step_text or "1"))
    if not (first and last and step):
        return ()
    units = {match[2] for match in (first, last, step) if match[2]}
    size = float(step[1])
    if len(units) > 1 or size <= 0:
        return ()
    count = int((float(last[1]) - float(first[1])) / size + 1e-9) if float(last[1]) >= float(first[1]) else -1
    return tuple(f"{float(first[1]) + k * size:.12g}{''.join(units)}" for k in range(min(count, MOST_POINTS) + 1))


@dataclass(frozen=True)
class Point:
    """The answer with the paths at some values, or why there is none."""

    values: tuple[str, ...]
    on_time: float | None = None
    on_time_interval: Interval | None = None
    p50: str | None = None
    p80: str | None = None
    unsupported_days: float | None = None
    cost: float | None = None
    npv: float | None = None
    infeasible: str = ""


@dataclass(frozen=True)
class Sweep:
    """The answers at all points; made by `sweep`."""

    scenario: Scenario
    schedule: str
    varied: tuple[Varied, ...]
    futures: Futures
    seed: int
    points: tuple[Point, ...]

    def rows(self) -> list[dict[str, Any]]:
        """A row per point, for a table."""
        rows = []
        for point in self.points:
            low, high = point.on_time_interval or (None, None)
            figures = {name: value for name, value in vars(point).items() if name not in ("values", "on_time_interval")}
            paths = {each.path: value for each, value in zip(self.varied, point.values, strict=True)}
            rows.append({**paths, **figures, "on_time_low": low, "on_time_high": high})
        return rows

    def summary(self) -> dict[str, Any]:
        """The document of `sweep --json`."""
        return {
            "scenario": self.scenario.scenario,
            "schedule": self.schedule,
            "vary": {each.path: list(each.values) for each in self.varied},
            "replications": self.futures.replications,
            "seed": self.seed,
            "sampling": self.futures.sampling,
            "engine": self.futures.engine,
            "points": self.rows(),
        }

    @property
    def plot(self) -> Any:
        """Figures by name, such as ``plot.on_time()``; each returns its axes."""
        return import_module("simulator.plots").Sweeps(self.summary())

    def __str__(self) -> str:
        known = [(point.on_time, point) for point in self.points if point.on_time is not None]
        if not known:
            return "No point is feasible."
        best = max(chance for chance, _ in known)
        first = next(point for chance, point in known if chance == best)
        where = " and ".join(f"{each.path} = {value}" for each, value in zip(self.varied, first.values, strict=True))
        least = min(chance for chance, _ in known)
        return f"The chance of being on time goes from {least:.1%} to {best:.1%}, the latter with {where}."

    def save(self, folder: Path | str, command: str = "simulator.sweep") -> None:
        """Write the summary and the points as a table to a folder, all or nothing.

        Raises:
            StaggerError: the folder cannot be written.
        """
        summary = self.summary()
        about = {key: summary[key] for key in ("schedule", "replications", "seed", "sampling", "engine")}
        scenarios = {self.scenario.scenario: self.scenario}
        save_study(
            folder,
            summary,
            {"sweep.csv": self.rows()},
            {"verb": "sweep", "scenarios": scenarios, **about, "command": command},
        )


def sweep(
    scenario: Scenario,
    vary: str | Sequence[str],
    schedule: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    sampling: str = "random",
    engine: str = "batch",
    workers: Asked = None,
    progress: Progress | None = None,
) -> Sweep:
    """The answer at every value of one path, or at every pair of values of two: `resources.framework.capacity=1..4`.

    The schedule is the first, or the one whose rule is varied. A point whose scenario is refused says why.

    Raises:
        StaggerError: a path leads nowhere, the values cannot be read, or an option is wrong.
    """
    varied = tuple(Varied.parse(text) for text in ([vary] if isinstance(vary, str) else vary))
    if not 1 <= len(varied) <= MOST_PATHS:
        raise StaggerError(f"one or two paths can be varied (found {len(varied)}).")
    futures = Futures.of(replications, seed, sampling, engine, workers)
    schedule = schedule or _schedule_varied(scenario, varied)
    network = compile_network(scenario, schedule)
    points = list(product(*(each.values for each in varied)))
    if len(points) > MOST_POINTS:
        raise StaggerError(f"a sweep must have no more than {MOST_POINTS} points (found {len(points)}).")
    found = []
    with futures.crew() as crew:
        for done, values in enumerate(points, start=1):
            changes = {each.path: value for each, value in zip(varied, values, strict=True)}
            found.append(_point(scenario, network.schedule, futures, values, changes, crew))
            if progress is not None:
                progress(done, len(points))
    return Sweep(scenario, network.schedule, varied, futures, futures.draws(scenario).seed, tuple(found))


def _schedule_varied(scenario: Scenario, varied: Sequence[Varied]) -> str | None:
    names = [name for each in varied for name in scenario.schedules if each.path.startswith(f"schedules.{name}.")]
    return max(names, key=len, default=None)


def _point(
    scenario: Scenario,
    schedule: str,
    futures: Futures,
    values: tuple[str, ...],
    changes: Mapping[str, str],
    crew: Workers,
) -> Point:
    try:
        changed = change(scenario, changes)
    except ScenarioError as error:
        return Point(values, infeasible="; ".join(str(fault) for fault in error.faults))
    contender = Contender(schedule, changed.scenario, changed, compile_network(changed, schedule))
    record = play([contender], futures, {contender.world: futures.draws(changed)}, crew=crew)[schedule]
    return _answer(values, record, changed)


def _answer(values: tuple[str, ...], record: Record, scenario: Scenario) -> Point:
    on_time = record.columns["on_time"]
    p50, p80 = (quantile(record.columns["finish"], p)[0] for p in (0.5, 0.8))
    dates = [AFTER_HORIZON if d > scenario.horizon else date_of(d, scenario.start).isoformat() for d in (p50, p80)]
    unsupported, cost, npv = (float(record.columns[name].mean()) for name in ("unsupported_days", "cost", "npv"))
    count = int(np.count_nonzero(on_time))
    interval = wilson(count, len(on_time))
    return Point(values, count / len(on_time), interval, dates[0], dates[1], unsupported, cost, npv)
