"""What if a value of the scenario were different? One or two of them varied, in the same futures at every point."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np

from simulator.analysis.seldom import half_width
from simulator.analysis.stopping import HalfWidths
from simulator.days import NEVER, date_of
from simulator.errors import ScenarioError, StaggerError
from simulator.given import LOADED, require, several
from simulator.network import compile_network
from simulator.network.values import FloatArray
from simulator.scenario import Scenario, change, digest
from simulator.studies.between_points import Between, Change
from simulator.studies.contenders import REMEDIES, Contender, require_alike
from simulator.studies.effect import require_effect
from simulator.studies.futures import Futures, Progress
from simulator.studies.measures import MEASURES
from simulator.studies.playing import playing
from simulator.studies.points import DATES, FIGURES, Figure, Kept, Point
from simulator.studies.saving import save_study
from simulator.studies.varied import MOST_POINTS, Varied
from simulator.uncertainty import Reach
from simulator.wording import AFTER_HORIZON, count, share
from simulator.words.paths import path_in_words
from simulator.workers import Asked

MOST_PATHS: Final = 2
EXAMPLES: Final = "late=1%, p80=14d, difference.p80=14d or, for one point, VALUE/late=1%"
"""Precisions of what is printed."""
_BATCH: Final = "`stagger batch` takes the same --vary, and runs each for itself."
ASIDE: Final = {
    "start": f"To go to market later, vary the dates of a schedule, such as schedules.NAME.first. {_BATCH}",
    "horizon": f"Give the scenario the latest one: it shows all that an earlier one would. {_BATCH}",
    "money unit": REMEDIES["money unit"],
    "price_base of money": REMEDIES["price_base of money"],
    "seed": f"Points are held against each other in the same futures; intervals say what others would do. {_BATCH}",
}
"""What no sweep varies, since its points could not be held against each other, and what to do instead."""


@dataclass(frozen=True)
class Grid:
    """A figure at every point, ready for a heat map: the first path down, the second, if there is one, across."""

    figure: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: FloatArray
    """(rows, columns); days since the start where it is a date, infinite after the horizon; NaN where infeasible."""


@dataclass(frozen=True)
class Sweep:
    """The answers at all points; made by `sweep`."""

    scenario: Scenario
    schedule: str
    varied: tuple[Varied, ...]
    futures: Futures
    seed: int
    points: tuple[Point, ...]
    base: tuple[str, ...] | None
    """The point that the others are held against: the scenario as written, or the first feasible one; None for none."""
    may_be_best: tuple[tuple[str, ...], ...]
    """All points that these futures cannot rule out to have the highest chance of being on time."""
    has_deadline: bool
    """Whether being on time is keeping a deadline; else it is being live by the horizon."""
    precise: bool = True
    """Whether the precision asked for was reached."""
    base_as_written: bool = False
    """Whether the base is the scenario as written, and not just the first point."""

    @property
    def chance(self) -> str:
        """What the chance of being on time is called."""
        return MEASURES["on_time"].called(self.has_deadline)

    @property
    def replications(self) -> int:
        """N."""
        return self.futures.replications

    def grid(self, figure: str = "on_time") -> Grid:
        """One of `FIGURES` as a matrix.

        Raises:
            StaggerError: there is no such figure.
        """
        if figure not in FIGURES:
            raise StaggerError(f"a figure must be one of {', '.join(FIGURES)} (found {figure}).")
        rows, *columns = (each.values for each in self.varied)
        across = columns[0] if columns else ("",)
        found = [point.figures[figure].value if point.figures else math.nan for point in self.points]
        values = np.array([math.inf if value == NEVER else value for value in found]).reshape(len(rows), len(across))
        return Grid(figure, rows, across, values)

    def half_widths(self, reach: Callable[[str], float] | None = None) -> HalfWidths:
        """Of every figure, by point: `4` or `6mo, 4`; `difference.finish.p80` is that of its difference to the base.

        A mean that was the same in all futures is as wide as its ``reach`` lets it be, that in the scenario as it is
        written where it is not given.
        """
        furthest = reach or Reach(self.scenario)
        feasible = [point for point in self.points if point.figures]
        found: dict[str, dict[str, float | None]] = {
            name: {_name(p.values): self._width(furthest, name, p.figures[name]) for p in feasible} for name in FIGURES
        }
        changed = [point for point in self.points if point.changes]
        return found | {
            f"difference.{name}": {_name(p.values): self._width(furthest, name, p.changes[name]) for p in changed}
            for name in FIGURES
        }

    def _width(self, reach: Callable[[str], float], name: str, of: Figure | Change) -> float | None:
        if of.half_width is None or MEASURES[name].statistic != "mean":
            return of.half_width
        ends = (of.low, of.high) if isinstance(of, Figure) else of.interval
        return half_width(ends, self.replications, reach(name))

    def rows(self) -> list[dict[str, Any]]:
        """A row per point, for a table: the values, every figure with its interval, and why there is none."""
        rows: list[dict[str, Any]] = []
        for point in self.points:
            row: dict[str, Any] = {each.path: value for each, value in zip(self.varied, point.values, strict=True)}
            for name, column in FIGURES.items():
                figure = point.figures.get(name)
                ends = (None, None, None) if figure is None else (figure.value, figure.low, figure.high)
                for suffix, value in zip(("", "_low", "_high"), ends, strict=True):
                    row[column + suffix] = self.date(value) if name in DATES else value
            for name, column in FIGURES.items():
                row |= self._change(column, point.changes.get(name), point.values == self.base)
            rows.append({**row, "not_live": point.not_live, "infeasible": point.infeasible})
        return rows

    def _change(self, column: str, change: Change | None, is_base: bool) -> dict[str, Any]:
        """What a row says of a figure's difference to the base: days where the figure is a date."""
        low, high = (change.interval if change else None) or (None, None)
        verdict = "base" if is_base else change.verdict if change else None
        head = f"{column}_less_base"
        return {
            head: change.value if change else None,
            f"{head}_low": low,
            f"{head}_high": high,
            f"{column}_verdict": verdict,
        }

    def date(self, day: float | None) -> str | None:
        """A day as a date, or that it is after the horizon."""
        if day is None:
            return None
        return AFTER_HORIZON if day == NEVER else date_of(day, self.scenario.start).isoformat()

    def summary(self) -> dict[str, Any]:
        """The document of `sweep --json`."""
        return {
            "scenario": self.scenario.scenario,
            "schedule": self.schedule,
            "deadline": self.date(self.scenario.deadline),
            "money": self.scenario.money.unit,
            "vary": {each.path: list(each.values) for each in self.varied},
            "words": {each.path: path_in_words(each.path, self.scenario) for each in self.varied},
            "replications": self.futures.replications,
            "seed": self.seed,
            "sampling": self.futures.sampling,
            "engine": self.futures.engine,
            "base": None if self.base is None else self._valued(self.base),
            "base_as_written": self.base_as_written,
            "may_be_best": [self._valued(values) for values in self.may_be_best],
            "points": self.rows(),
        }

    def _valued(self, values: tuple[str, ...]) -> dict[str, str]:
        return {each.path: value for each, value in zip(self.varied, values, strict=True)}

    def where(self, values: tuple[str, ...]) -> str:
        """A point in words."""
        return " and ".join(f"{path} = {value}" for path, value in self._valued(values).items())

    @property
    def plot(self) -> Any:
        """Figures by name, such as ``plot.on_time()``; each returns its axes."""
        return import_module("simulator.plots").Sweeps(self.summary())

    def __str__(self) -> str:
        known = [point.on_time for point in self.points if point.on_time is not None]
        if not known:
            return "No point is feasible."
        least, most = min(known), max(known)
        if least == most:
            return f"The {self.chance} is {share(most)} at every point."
        begins = f"The {self.chance} goes from {share(least)} to {share(most)}"
        if len(self.may_be_best) == 1:
            return f"{begins}, the latter with {self.where(self.may_be_best[0])}."
        first = max(self.may_be_best, key=lambda values: self._chance(values))
        others = count(len(self.may_be_best) - 1, "other point")
        return f"{begins}, the latter with {self.where(first)}, which these futures cannot tell from {others}."

    def _chance(self, values: tuple[str, ...]) -> float:
        return next(point.on_time or 0.0 for point in self.points if point.values == values)

    def save(self, folder: Path | str, command: str = "simulator.sweep") -> None:
        """Write the summary, the points as a table, and their figure to a folder, all or nothing.

        Raises:
            StaggerError: the folder cannot be written.
        """
        summary = self.summary()
        about = {key: summary[key] for key in ("schedule", "vary", "replications", "seed", "sampling", "engine")}
        save_study(
            folder,
            summary,
            {"sweep.csv": self.rows()},
            {"verb": "sweep", "scenarios": {self.scenario.scenario: self.scenario}, **about, "command": command},
            self.plot.illustrate("on-time").files(("png", "svg")),
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
    precision: str | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """The answer at every value of one path, or at every pair of values of two: `resources.framework.capacity=1..4`.

    The schedule is the first, or the one whose rule is varied. A point whose scenario is refused says why. With a
    ``precision`` such as ``late=1%`` or ``p80=14d`` futures are added until that figure's interval is no wider to
    either side at any point (``difference.p80=14d``: that of its difference to the base); ``replications`` is then the
    most, 1,000,000 where not given. Some 30 bytes are kept of each future at each point.

    Raises:
        StaggerError: a path leads nowhere or to nothing that is run, the values cannot be read, an option is wrong, or
            the start, the horizon, the unit of money or the seed is varied.
    """
    require(scenario, Scenario, "a sweep needs a scenario", LOADED)
    varied = tuple(Varied.parse(text) for text in several(vary, str))
    if not 1 <= len(varied) <= MOST_PATHS or len({each.path for each in varied}) < len(varied):
        raise StaggerError(f"one or two different paths can be varied (found {', '.join(e.path for e in varied)}).")
    futures = Futures.of(replications, seed, sampling, engine, workers, precision, EXAMPLES)
    named = compile_network(scenario, schedule or _schedule_varied(scenario, varied)).schedule
    points = list(product(*(each.values for each in varied)))
    if len(points) > MOST_POINTS:
        raise StaggerError(f"a sweep must have no more than {MOST_POINTS} points (found {len(points)}).")
    made = {values: _made(scenario, named, varied, values) for values in points}
    group = [each for each in made.values() if isinstance(each, Contender)]
    _require_alike(scenario, group)
    feasible = {values: each.scenario for values, each in made.items() if isinstance(each, Contender)}
    require_effect(scenario, named, varied, feasible)
    has_deadline = any(each.deadline is not None for each in (*feasible.values(),) or (scenario,))
    base = _base(scenario, feasible)
    reasons = {values: each for values, each in made.items() if isinstance(each, str)}
    draws = {each.world: futures.draws(each.scenario) for each in group}
    with playing(group, draws, futures, Kept.of, Kept.joined, progress) as played:

        def look(size: int) -> Sweep:
            found = played.until(size) if group else {}
            between = Between(group, found, seed_of) if base is not None else None
            changes = between.changes(_name(base)) if between and base else {}
            best = between.may_be_best("on_time") if between else []
            answers = tuple(_point(values, found, reasons, changes) for values in points)
            known = replace(futures, replications=size)
            first = tuple(values for values in points if _name(values) in best)
            return Sweep(scenario, named, varied, known, seed_of, answers, base, first, has_deadline)

        seed_of = futures.draws(scenario).seed
        reaches = [Reach(each.scenario) for each in group]
        answer, precise = futures.answered(
            look, lambda found: found.half_widths(lambda name: max((reach(name) for reach in reaches), default=0.0))
        )
    return replace(answer, precise=precise, base_as_written=_as_written(scenario, made.get(base) if base else None))


def _require_alike(scenario: Scenario, group: Sequence[Contender]) -> None:
    """That days, money and futures mean the same at all points; deadlines may differ, and may be new."""
    points = [each.scenario for each in group]
    among_points = {"deadline, or none": REMEDIES["deadline, or none"]}
    require_alike([scenario, *points], "points of a sweep", ASIDE)
    require_alike(points, "points of a sweep", among_points)


def _schedule_varied(scenario: Scenario, varied: Sequence[Varied]) -> str | None:
    names = [name for each in varied for name in scenario.schedules if each.path.startswith(f"schedules.{name}.")]
    return max(names, key=len, default=None)


def _made(scenario: Scenario, schedule: str, varied: Sequence[Varied], values: tuple[str, ...]) -> Contender | str:
    """A point's scenario under its schedule, or why it is refused."""
    try:
        changed = change(scenario, {each.path: value for each, value in zip(varied, values, strict=True)})
    except ScenarioError as error:
        return "; ".join(str(error).splitlines())
    name = _name(values)
    return Contender(name, name, changed, compile_network(changed, schedule))


def _name(values: tuple[str, ...]) -> str:
    return ", ".join(values)


def _base(scenario: Scenario, feasible: Mapping[tuple[str, ...], Scenario]) -> tuple[str, ...] | None:
    """The point that is the scenario as it is written; if none is, the first that is feasible."""
    as_written = digest(scenario)
    same = (values for values, changed in feasible.items() if digest(changed) == as_written)
    return next(same, next(iter(feasible), None))


def _as_written(scenario: Scenario, base: Contender | str | None) -> bool:
    return isinstance(base, Contender) and digest(base.scenario) == digest(scenario)


def _point(
    values: tuple[str, ...],
    found: Mapping[str, Kept],
    reasons: Mapping[tuple[str, ...], str],
    changes: Mapping[str, Mapping[str, Change]],
) -> Point:
    if values in reasons:
        return Point(values, {}, reasons[values])
    kept = found[_name(values)]
    return Point(values, kept.figures(), changes=changes.get(_name(values), {}), not_live=kept.not_live)
