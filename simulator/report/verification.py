"""What was checked while a briefing was written: that its numbers come out again, and that they add up.

Every check is made anew, on what the briefing prints. A check that does not hold does not stop the briefing; it is
said in it first of all, and the command line's exit status tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from simulator.days import NEVER
from simulator.engines import ENGINES, available, run_engine
from simulator.report.in_time import by_when, in_time
from simulator.report.subject import Case, Subject
from simulator.result import Futures
from simulator.summary import AFTER_HORIZON
from simulator.timeline import Timeline
from simulator.wording import count

WORK: Final = 8_000
"""Activities in replications that both engines play, about, for all schedules together."""
MOST: Final = 100
FEWEST: Final = 10
"""Replications that both engines play, at most and at least."""
CLOSE: Final = 1e-9
"""Relative difference that sums of money may have, since they are added up in another order."""
PERCENTS: Final = ("p10", "p50", "p80", "p90")


@dataclass(frozen=True)
class Check:
    """One thing that was checked, how, and what was found."""

    name: str
    how: str
    found: str
    holds: bool


def verify(subject: Subject) -> tuple[Check, ...]:
    """All checks of a briefing's numbers."""
    work = WORK // len(subject.cases)
    return (*_recomputed(subject), *(check for case in subject.cases for check in _case(case, work)))


def _recomputed(subject: Subject) -> Iterator[Check]:
    """The folders were worked out again as they were opened; one that came out otherwise was refused."""
    for origin in subject.origins:
        found = f"all {count(origin.figures, 'figure')} came out again"
        agrees = "to the last digit" if origin.exact else "but for rounding in the tenth digit or later"
        yield Check(
            f"Worked out again from {origin.folder}",
            "The scenario in the folder was simulated again with its seed and compared with summary.json, every figure",
            f"{found}, {agrees}",
            True,
        )
    for study in subject.studies:
        if study.folder:
            files = count(len(study.manifest["files"]), "file")
            yield Check(
                f"Read as it was written: {study.folder}",
                f"The files of `{study.verb}` were held against their SHA-256; its futures were not simulated again",
                f"{files} as {'it was' if files == '1 file' else 'they were'} written",
                True,
            )


def _case(case: Case, work: int) -> Iterator[Check]:
    model = case.result.model
    size = sample_size(work, len(model.network.activities), case.result.replications)
    futures = model.futures(0, size)
    yield _engines(case, futures)
    yield from _sums(case.name, futures)
    yield _counted(case)
    yield _ordered(case)


def sample_size(work: int, activities: int, replications: int) -> int:
    """How many replications both engines play: fewer where there is more to play in each."""
    return min(max(FEWEST, min(MOST, work // max(activities, 1))), replications)


def _engines(case: Case, futures: Futures) -> Check:
    other = next(engine for engine in ENGINES if engine != case.result.engine)
    name = f"Both engines agree: {case.name}"
    how = "The first replications were played by the other engine too, and every day of every activity compared"
    if available(other) != other:
        return Check(name, how, f"not checked: the {other} engine is not installed", True)
    again = run_engine(case.result.model.network, futures.inputs, other)
    compared, different = differences(futures.timeline, again)
    found = f"{compared:,} values in {count(futures.timeline.replications, 'replication')}, {different:,} different"
    return Check(name, how, found, different == 0)


def differences(one: Timeline, other: Timeline) -> tuple[int, int]:
    """How many values two timelines of the same replications have, and how many of them differ."""
    pairs = [(getattr(one, name), getattr(other, name)) for name in Timeline.arrays()]
    return sum(a.size for a, _ in pairs), sum(int(np.count_nonzero(a != b)) for a, b in pairs)


def _sums(name: str, futures: Futures) -> Iterator[Check]:
    for what, wrong in _added_up(futures).items():
        size = futures.timeline.replications
        found = f"{count(size, 'replication')}, {'none' if wrong == 0 else f'{wrong:,}'} where it does not add up"
        yield Check(
            f"{what[0].upper()}{what[1:]}: {name}", "Added up again in the first replications", found, wrong == 0
        )


def _added_up(futures: Futures) -> Mapping[str, int]:
    """What is added up again, and in how many replications it does not come to the whole."""
    outcomes, network = futures.outcomes, futures.timeline.network
    programme, clusters, systems = outcomes.programme, outcomes.clusters, outcomes.legacy
    origin = np.array([max(day or 0, 0) for day in network.scheduled])[:, None]
    whole = np.maximum(np.minimum(clusters.go_live, network.horizon) - origin, 0)
    spent = clusters.time.sum(axis=1, dtype=np.int64)
    nobody = (clusters.go_live == NEVER) & (spent == 0)
    costs = np.sum(list(programme.costs.values()), axis=0)
    checks = {
        "parts of the time add up to the whole": (spent != whole) & ~nobody,
        "the programme ends with its last cluster": programme.finish != clusters.go_live.max(axis=0, initial=0),
        "days unsupported add up over systems": programme.unsupported_days
        != systems.unsupported_days.sum(axis=0, dtype=np.int64),
        "kinds of cost add up to the cost": ~np.isclose(costs, programme.cost, rtol=CLOSE, atol=CLOSE),
        "savings add up over clusters": ~np.isclose(
            clusters.savings.sum(axis=0), programme.savings, rtol=CLOSE, atol=CLOSE
        ),
    }
    return {what: int(np.count_nonzero(np.atleast_2d(wrong).any(axis=0))) for what, wrong in checks.items()}


def _counted(case: Case) -> Check:
    """The chance of being on time, counted again one future at a time."""
    result = case.result
    target = result.scenario.horizon if result.scenario.deadline is None else result.scenario.deadline
    counted = int(np.count_nonzero(result.finish <= target))
    said = case.summary["programme"]["on_time"]["p"]
    said_of = f"{counted:,} of {result.replications:,} are {in_time(result.scenario)}"
    holds = abs(counted / result.replications - said) <= CLOSE
    return Check(
        f"Futures counted one by one: {case.name}",
        f"The last go-live of every future was held against {by_when(result.scenario)}, again",
        f"{said_of}, as in the summary" if holds else f"{said_of}, but the summary says {said!r}",
        holds,
    )


def _ordered(case: Case) -> Check:
    """Percentiles ascend, and every probability lies in its interval."""
    wrong = list(_disordered("summary", case.summary))
    return Check(
        f"Percentiles and intervals in order: {case.name}",
        "P10, P50, P80 and P90 ascend, and every probability lies within its interval between 0 and 1",
        "all of them do" if not wrong else f"not at {', '.join(wrong[:3])}",
        not wrong,
    )


def _disordered(place: str, entry: Any) -> Iterator[str]:
    if not isinstance(entry, Mapping):
        return
    values = [entry[name] for name in PERCENTS if entry.get(name) is not None]
    if values != sorted(values, key=_rank):
        yield place
    if isinstance(entry.get("interval"), Sequence) and "p" in entry:
        low, high = entry["interval"]
        if not 0 <= low <= entry["p"] <= high <= 1:
            yield place
    for key, value in entry.items():
        if key != "interval":
            yield from _disordered(f"{place}.{key}", value)


def _rank(value: Any) -> tuple[bool, Any]:
    """What is after the horizon comes last, whether days or dates."""
    return (True, 0) if value == AFTER_HORIZON else (False, value)
