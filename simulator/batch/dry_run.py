"""What a batch would run, and for how long, from a few hundred replications that are really simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from simulator.batch.files import Problem, find_files
from simulator.batch.plan import Plan, Settings, asked_for, read
from simulator.batch.pruning import Pruning, total
from simulator.batch.simulating import Planned, simulate
from simulator.batch.standing import Progress
from simulator.store.leftover import Leftover, leftovers
from simulator.store.runs import Runs
from simulator.wording import count, duration
from simulator.workers import Asked, Workers, cores, near

SIZES: Final = {"batch": (64, 512), "events": (8, 40)}
"""Replications of the two measurements; the line through them is followed."""
PATIENCE: Final = 5.0
"""Seconds that measurements may take, about."""
MOST: Final = 12
"""Runs that are measured, spread evenly over all."""


@dataclass(frozen=True)
class Forecast:
    """What a batch would do; made by `forecast`."""

    files: int
    paths: tuple[str, ...]
    runs: tuple[Planned, ...]
    """Different runs, in the order in which they would be done."""
    there: frozenset[str]
    """Names of those that are there already, whole."""
    failed: tuple[Problem, ...]
    notes: tuple[str, ...]
    seconds: float | None
    """How long the others would take; None where none is missing or could be measured."""
    workers: int
    measured: int
    """How many runs were measured for it."""
    pruned: tuple[Leftover, ...] = ()
    """Runs that are none of the call's, which would be removed, if all the others run."""

    @property
    def missing(self) -> int:
        """How many runs would be simulated."""
        return len(self.runs) - len(self.there)

    def __str__(self) -> str:
        there = f", {len(self.there):,} there already" if self.there else ""
        failed = f" {count(len(self.failed), 'thing')} would not run." if self.failed else ""
        if self.pruned:
            if_all_run = ", if all the others run" if self.missing else ""
            pruned = f" {count(len(self.pruned), 'run')} would be pruned ({total(self.pruned)}){if_all_run}."
            failed = f"{pruned}{failed}"
        if not self.missing:
            return f"{count(self.files, 'file')}: nothing to simulate{there}.{failed}"
        return f"{count(self.files, 'file')}: {count(self.missing, 'run')} to simulate{there}.{failed} {self._wait()}"

    def _wait(self) -> str:
        if self.seconds is None:
            return "How long it would take could not be measured."
        hands, seen = count(self.workers, "worker"), count(self.measured, "run")
        return f"It would take about {duration(self.seconds)} with {hands}, going by {seen} that began."

    def rows(self) -> list[dict[str, Any]]:
        """A row per run."""
        return [
            {**run.as_row(self.paths), "replications": run.key.replications, "there": run.key.name in self.there}
            for run in self.runs
        ]

    def summary(self) -> dict[str, Any]:
        """The document of `batch --dry-run --json`."""
        return {
            "files": self.files,
            "missing": self.missing,
            "there": len(self.there),
            "seconds": self.seconds,
            "workers": self.workers,
            "measured": self.measured,
            "failed": [problem.as_row(self.paths) for problem in self.failed],
            "notes": list(self.notes),
            "runs": self.rows(),
            "pruned": [each.as_row() for each in self.pruned],
        }


def forecast(
    paths: Path | str | Sequence[Path | str],
    out: Path | str,
    schedules: str | Sequence[str] | None = None,
    vary: str | Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    sampling: str = "random",
    engine: str = "batch",
    workers: Asked = None,
    figures: bool = False,
    verify: bool = False,
    outside: bool = False,
    prune: bool = False,
    progress: Progress | None = None,
) -> Forecast:
    """What `batch` would do with the same arguments; nothing is written.

    Raises:
        StaggerError: there is no file, or an option is wrong.
    """
    settings = Settings.of(replications, seed, sampling, engine, schedules, vary, figures, outside)
    files = find_files(paths, out)
    store = Runs(out, verify)
    with Workers(near(workers), "events", apart=True) as crew:
        plan = read(files.names, settings, store.memory, crew, progress or (lambda standing: None))
    runs = {planned.key.name: planned for planned in reversed(plan.runs)}
    runs = dict(reversed(runs.items()))
    there = frozenset(name for name, planned in runs.items() if store.whole(planned.key, figures))
    missing = [planned for name, planned in runs.items() if name not in there]
    seconds, measured, broken = _calibrated(plan, missing, settings) if missing else (None, 0, {})
    at_once = min(_at_once(workers), max(len(missing), 1))
    failed = (*plan.problems, *files.problems, *_broken(plan, broken))
    pruning = Pruning.of(list(leftovers(store.root / "runs", asked_for(plan))), prune, failed, files.passed)
    return Forecast(
        files=len(files.names),
        paths=settings.variations.paths,
        runs=tuple(runs.values()),
        there=there,
        failed=failed,
        notes=(*files.notes, *plan.notes, *pruning.notes),
        seconds=None if seconds is None else seconds / at_once,
        workers=at_once,
        measured=measured,
        pruned=pruning.runs,
    )


def _at_once(workers: Asked) -> int:
    """How many runs go on at a time; this machine's cores are the most that its processes can use."""
    with Workers(workers, "events") as crew:
        return crew.number if crew.staff.far else min(crew.number, cores())


def _broken(plan: Plan, broken: Mapping[str, str]) -> Iterator[Problem]:
    """What is told of runs that broke, by name, as the batch would tell it."""
    for planned in plan.runs:
        if planned.key.name in broken:
            yield Problem(planned.world.file, broken[planned.key.name], planned.world.values, planned.schedule)


def _calibrated(
    plan: Plan, missing: Sequence[Planned], settings: Settings
) -> tuple[float | None, int, Mapping[str, str]]:
    """Seconds of one worker for all that is missing, how many runs were measured for it, and which broke, and why.

    Runs that are not measured are taken to cost per activity what the measured ones do.
    """
    chosen = missing[:: max(1, len(missing) // MOST)][:MOST]
    _timed(plan, chosen[0], settings, _sizes(settings)[-1])  # whatever is compiled at these sizes is compiled now
    begin, seconds, activities, measured = perf_counter(), 0.0, 0, 0
    broken: dict[str, str] = {}
    for planned in chosen:
        cost = _cost(plan, planned, settings)
        if isinstance(cost, str):
            broken[planned.key.name] = cost
        else:
            seconds, activities, measured = seconds + cost, activities + planned.world.activities, measured + 1
        if perf_counter() - begin > PATIENCE:
            break
    if not measured:
        return None, 0, broken
    return seconds / max(activities, 1) * sum(planned.world.activities for planned in missing), measured, broken


def _cost(plan: Plan, planned: Planned, settings: Settings) -> float | str:
    """Seconds for a run, from two that are smaller; or why it cannot be run."""
    sizes = _sizes(settings)
    few, many = (_timed(plan, planned, settings, size) for size in sizes)
    if isinstance(few, str) or isinstance(many, str):
        return few if isinstance(few, str) else str(many)
    slope = max(many - few, 0.0) / (sizes[1] - sizes[0]) if sizes[1] > sizes[0] else 0.0
    return many + slope * (settings.replications - sizes[1])


def _sizes(settings: Settings) -> list[int]:
    return [min(size, settings.replications) for size in SIZES[settings.engine]]


def _timed(plan: Plan, planned: Planned, settings: Settings, replications: int) -> float | str:
    source = plan.source(planned, settings.variations.paths)
    begin = perf_counter()
    [done] = simulate(source, [replace(planned.key, replications=replications)], settings.figures)
    return done.problem or perf_counter() - begin
