"""The figures of one schedule: each takes its numbers from the result and its words from `simulator.words`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes

from simulator.analysis.estimate import rank
from simulator.analysis.reductions import Days, Share
from simulator.days import NEVER, date_of
from simulator.errors import StaggerError
from simulator.plots.dates import Mark
from simulator.plots.figure import Cell, Illustration, Table
from simulator.plots.gantt import gantt
from simulator.plots.s_curve import Curve, s_curve
from simulator.result import Futures, Result
from simulator.scenario import Scenario
from simulator.wording import count
from simulator.words.live import Arrival, Calendar, future_alt, future_finding, live_alt, live_finding
from simulator.words.said import name as named

MEDIAN: Final = 50


class Plots:
    """The figures of a result, each by its name: as axes, or with its words as an `Illustration`."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self._made: dict[str, Illustration] = {}

    # -- each figure's axes ------------------------------------------------------------------------------

    def gantt(self, percentile: float = MEDIAN, ax: Axes | None = None) -> Axes:
        """The future at a percentile of the day on which the last cluster is live; returns the axes."""
        return self.future(percentile).on(ax)

    def s_curve(self, ax: Axes | None = None) -> Axes:
        """The chance that each cluster is live by a day; returns the axes."""
        return self.illustrate("s-curve").on(ax)

    # -- and with its words ------------------------------------------------------------------------------

    def names(self) -> tuple[str, ...]:
        """The figures that this result has: those of legacy systems only where there are any, and so on."""
        return tuple(self._makers())

    def illustrate(self, name: str) -> Illustration:
        """A figure with its words, made once.

        Raises:
            StaggerError: this result has no such figure.
        """
        if name not in self._made:
            maker = self._makers().get(name)
            if maker is None:
                raise StaggerError(f"a figure of this result must be one of {', '.join(self.names())} (found {name}).")
            self._made[name] = maker()
        return self._made[name]

    def illustrations(self) -> tuple[Illustration, ...]:
        """All figures of the result with their words, in the order in which a reader wants them."""
        return tuple(self.illustrate(name) for name in self.names())

    def files(self, kinds: Sequence[str] = ("png", "svg")) -> dict[str, bytes]:
        """The figures that a run's folder holds, by file name."""
        drawn = [self.illustrate(name).files(kinds) for name in ("gantt", "s-curve")]
        return {name: content for files in drawn for name, content in files.items()}

    def _makers(self) -> dict[str, Callable[[], Illustration]]:
        return {"s-curve": self._s_curve, "gantt": lambda: self.future(MEDIAN)}

    # -- how each is made --------------------------------------------------------------------------------

    def future(self, percentile: float) -> Illustration:
        """The Gantt of the future at a percentile of the day on which the last cluster is live."""
        replication = self.result.at_percentile(percentile)
        return of_future(self.result, replication, self.result.future(replication), percentile)

    def _s_curve(self) -> Illustration:
        result, scenario = self.result, self.result.scenario
        when = calendar_of(scenario)
        days = {name: result.tally["clusters", name, "go_live"] for name in scenario.clusters}
        curves = {name: curve_of(found) for name, found in days.items()}
        arrivals = [arrival(name, found, when.target) for name, found in days.items()]
        on_time: Share = result.tally["programme", "on_time"]
        marks = deadline_of(scenario) + support_ends(result)
        return Illustration(
            name="s-curve",
            finding=live_finding(on_time.count / on_time.size, arrivals, when),
            alt=live_alt(on_time.count / on_time.size, arrivals, when),
            table=arrivals_table("cluster", arrivals, when),
            source=source_of(result),
            draw=lambda ax: s_curve(curves, scenario.start, scenario.horizon, marks, ax),
        )


# -- what figures of several answers have in common ----------------------------------------------------------


def of_future(result: Result, replication: int, futures: Futures, percentile: float | None = None) -> Illustration:
    """The Gantt of one future of a result."""
    when, scenario = calendar_of(result.scenario), result.scenario
    network, outcomes, inputs = futures.timeline.network, futures.outcomes, futures.inputs
    lives = list(zip(network.clusters, outcomes.clusters.go_live[:, 0].tolist(), strict=True))
    systems = [
        (terms.name, int(outcomes.legacy.retired[s, 0]), int(inputs.end_of_support[s, 0]))
        for s, terms in enumerate(network.legacy)
    ]
    return Illustration(
        name="gantt",
        finding=future_finding(replication, int(outcomes.programme.finish[0]), when, percentile),
        alt=future_alt(lives, systems, when),
        table=_moments(futures, when),
        source=f"Future {replication:,} of {source_of(result)}",
        draw=lambda ax: gantt(futures, scenario, ax=ax),
    )


def _moments(futures: Futures, when: Calendar) -> Table:
    timeline = futures.timeline
    moments = (timeline.asked, timeline.granted, timeline.started, timeline.worked, timeline.finished)
    rows = [
        (named(name), *(date_cell(int(of[a, 0]), when) for of in moments)) for a, name in enumerate(timeline.activities)
    ]
    heads = ("activity", "asked", "granted", "started", "worked", "finished")
    return Table(heads, ("text", *["date"] * 5), tuple(rows))  # type: ignore[arg-type]


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
    return Arrival(name, days.at_most(target) / days.size, p10, p50, p90)


def arrivals_table(what: str, arrivals: Sequence[Arrival], when: Calendar) -> Table:
    """The table behind S-curves."""
    rows = [
        (named(each.name), each.p, *(date_cell(day, when) for day in (each.p10, each.p50, each.p90)))
        for each in arrivals
    ]
    by = "by the horizon" if when.deadline is None else "by the deadline"
    return Table((what, f"live {by}", "P10", "P50", "P90"), ("text", "share", "date", "date", "date"), tuple(rows))


def date_cell(day: float, when: Calendar) -> Cell:
    """A date for a table; words for what is not known."""
    return "after horizon" if day >= NEVER or day > when.horizon else date_of(day, when.start)


def deadline_of(scenario: Scenario) -> list[Mark]:
    """The deadline as a mark, where there is one."""
    return [] if scenario.deadline is None else [Mark(scenario.deadline, "deadline")]


def support_ends(result: Result) -> list[Mark]:
    """The end of support of each legacy system, its median where it is uncertain."""
    network = result.model.network
    if not network.legacy:
        return []
    days = np.quantile(result.sample.inputs.end_of_support, 0.5, axis=1, method="inverted_cdf")
    return [
        Mark(float(day), f"support ends: {terms.name}", ends_support=True)
        for terms, day in zip(network.legacy, days, strict=True)
        if day < NEVER
    ]


def source_of(result: Result, sampled: bool = False) -> str:
    """The small print: which scenario and schedule, how many futures from which seed, by which version."""
    of = f"the first {result.sample.timeline.replications:,} of " if sampled and result.replications > 1000 else ""
    return small_print(
        [result.scenario.scenario, f"schedule “{result.schedule}”"],
        f"{of}{count(result.replications, 'future')}",
        result.seed,
        result.sampling,
    )


def small_print(what: Sequence[str], futures: str, seed: int, sampling: str) -> str:
    """The line under every figure."""
    from simulator import __version__

    return " · ".join([*map(named, what), f"{futures}, seed {seed}, {sampling} sampling", f"stagger {__version__}"])
