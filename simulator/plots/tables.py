"""What the figures of results, comparisons and studies take from them in the same way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.analysis.bands import Band
from simulator.analysis.estimate import rank
from simulator.analysis.reductions import Days, Share
from simulator.days import NEVER, date_of
from simulator.draws import Draws
from simulator.network import Network, Quantity
from simulator.plots.dates import Mark
from simulator.plots.figure import Cell, Table
from simulator.plots.s_curve import Curve
from simulator.result import SAMPLE, Result
from simulator.scenario import Scenario
from simulator.wording import count
from simulator.words.live import Arrival, Calendar
from simulator.words.said import LATER
from simulator.words.said import name as named


def calendar_of(scenario: Scenario) -> Calendar:
    """The dates that sentences are about."""
    return Calendar(scenario.start, scenario.horizon, scenario.deadline)


def curve_of(days: Days) -> Curve:
    """Days on which it ever happens, and the share of futures in which it has by each."""
    seen = np.flatnonzero(days.counts)
    return days.low + seen, np.cumsum(days.counts)[seen] / days.size


def arrival(name: str, days: Days, target: int) -> Arrival:
    """When a cluster, or all of a schedule's, are live."""
    p10, p50, p90 = (days.at(rank(p, days.size)) for p in (0.1, 0.5, 0.9))
    return Arrival(name, days.at_most(target) / days.size, p10, p50, p90, days.never / days.size)


def arrivals_table(what: str, arrivals: Sequence[Arrival], when: Calendar) -> Table:
    """The table behind S-curves."""
    rows = [
        (named(each.name), each.p, *(date_cell(day, when) for day in (each.p10, each.p50, each.p90)))
        for each in arrivals
    ]
    return Table(
        (what, f"live by {when.limit}", "P10", "P50", "P90"), ("text", "share", "date", "date", "date"), tuple(rows)
    )


def date_cell(day: float, when: Calendar) -> Cell:
    """A date for a table; words for what is not known."""
    return LATER if day >= NEVER or day > when.horizon else date_of(day, when.start)


def deadline_of(scenario: Scenario) -> list[Mark]:
    """The deadline as a mark, where there is one."""
    return [] if scenario.deadline is None else [Mark(scenario.deadline, "deadline")]


def told(marks: Sequence[Mark]) -> list[tuple[str, float]]:
    """Marks for a sentence, the first day first."""
    return [(mark.label, mark.day) for mark in sorted(marks, key=lambda mark: mark.day)]


def support_ends(network: Network, draws: Draws, replications: int) -> list[Mark]:
    """The end of support of each legacy system of a world, its median where it is uncertain."""
    found = []
    for terms in network.legacy:
        day = _support_day(terms.end_of_support, draws, replications)
        if day is not None:
            which = " (median)" if isinstance(terms.end_of_support, str) else ""
            found.append(Mark(day, f"support ends{which}: {terms.name}", ends_support=True))
    return found


def _support_day(ends: Quantity | None, draws: Draws, replications: int) -> float | None:
    """From the draws alone: nothing needs to be simulated for it."""
    if not isinstance(ends, str):
        return None if ends is None else float(round(ends))
    drawn = draws.block(0, min(replications, SAMPLE))[ends]
    return float(np.rint(np.quantile(drawn, 0.5, method="inverted_cdf")))


def small_print(what: Sequence[str], futures: str, seed: int, sampling: str) -> str:
    """The line under every figure."""
    from simulator import __version__

    return " · ".join([*map(named, what), f"{futures}, seed {seed}, {sampling} sampling", f"stagger {__version__}"])


def band_of(days: Days) -> Band:
    """The band of days of all futures of a run."""
    return Band(*(days.at(rank(p, days.size)) for p in (0.1, 0.5, 0.9)))


def chance(found: Share) -> float:
    """The share of futures."""
    return found.count / found.size


def some(days: Days) -> float:
    """The share of futures with any."""
    return (days.size - days.at_most(0)) / days.size


def source_of(result: Result, sampled: bool = False) -> str:
    """The small print: which scenario and schedule, how many futures from which seed, by which version."""
    of = f"the first {SAMPLE:,} of " if sampled and result.replications > SAMPLE else ""
    return small_print(
        [result.scenario.scenario, f"schedule “{result.schedule}”"],
        f"{of}{count(result.replications, 'future')}",
        result.seed,
        result.sampling,
    )
