"""Whether what is varied changes anything that is run: a path may belong to a schedule that is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulator.errors import StaggerError
from simulator.scenario import Scenario, digest
from simulator.studies.varied import Varied


def require_effect(
    scenario: Scenario,
    schedule: str,
    varied: Sequence[Varied],
    points: Mapping[tuple[str, ...], Scenario],
) -> None:
    """That every path makes a difference somewhere, as far as points that are feasible show.

    Raises:
        StaggerError: one makes none.
    """
    for place, each in enumerate(varied):
        pools: dict[tuple[str, ...], list[Scenario]] = {}
        for values, changed in points.items():
            pools.setdefault(values[:place] + values[place + 1 :], []).append(changed)
        if len(varied) == 1 and len(points) == 1 and digest(scenario) not in map(digest, points.values()):
            pools[()].append(scenario)
        several = [pool for pool in pools.values() if len(pool) > 1]
        if several and not any(_differ(pool, schedule) for pool in several):
            raise StaggerError(_idle(each, schedule))


def _differ(pool: Sequence[Scenario], schedule: str) -> bool:
    """Whether scenarios differ in anything but their titles and the schedules that are not run."""
    first = _run(pool[0], schedule)
    return any(_run(each, schedule) != first for each in pool[1:])


def _run(scenario: Scenario, schedule: str) -> str:
    only = {"scenario": "", "schedules": {schedule: scenario.schedules[schedule]}}
    return digest(scenario.model_copy(update=only))


def _idle(varied: Varied, schedule: str) -> str:
    if varied.path.startswith("schedules."):
        return (
            f"what is varied must be of the schedule that is run, “{schedule}” (found {varied.path}). Vary one of its "
            "values, or name the other with --schedule."
        )
    values = ", ".join(varied.values[:4])
    return f"what is varied must change something that is run (found {varied.path}: the same with {values})."
