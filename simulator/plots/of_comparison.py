"""The figures of several schedules set side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from matplotlib.axes import Axes

from simulator.analysis.reductions import Days
from simulator.analysis.time_difference import TimeDifference
from simulator.errors import StaggerError
from simulator.plots import of_clouds
from simulator.plots.dates import Mark
from simulator.plots.figure import Illustration, Table
from simulator.plots.gallery import Gallery, Makers
from simulator.plots.of_result import risk_map
from simulator.plots.s_curve import s_curve
from simulator.plots.tables import (
    arrival,
    arrivals_table,
    calendar_of,
    chance,
    curve_of,
    deadline_of,
    small_print,
    some,
    support_ends,
    told,
)
from simulator.plots.waterfall import waterfall
from simulator.scenario import Scenario
from simulator.scenario.support import ending, users_of_ending
from simulator.studies.compare import Comparison
from simulator.wording import count
from simulator.words.live import live_alt, versus_finding
from simulator.words.risk import risk_finding
from simulator.words.said import listed
from simulator.words.said import name as named
from simulator.words.time import waterfall_alt

MOST_TOLD: Final = 3
"""Parts of a difference in time that its title names."""


class Comparisons(Gallery):
    """The figures of a comparison, each by its name: as axes, or with its words as an `Illustration`."""

    def __init__(self, answer: Comparison) -> None:
        self.answer = answer
        self.scenario = answer.contenders[0].scenario
        deadlines = {each.scenario.deadline for each in self.answer.contenders}
        self.when = replace(calendar_of(self.scenario), differs=len(deadlines) > 1)

    # -- each figure's axes ------------------------------------------------------------------------------

    def s_curve(self, ax: Axes | None = None) -> Axes:
        """The chance, under each schedule, that every cluster is live by a day; returns the axes."""
        return self.illustrate("s-curve").on(ax)

    def risk_late(self, ax: Axes | None = None) -> Axes:
        """The chance that a cluster misses the deadline, or the horizon without one; returns the axes."""
        return self.illustrate("risk-late").on(ax)

    def risk_unsupported(self, ax: Axes | None = None) -> Axes:
        """The chance that a cluster uses a system without support, cluster by schedule; returns the axes.

        Raises:
            StaggerError: there are no legacy systems whose support ends.
        """
        return self.illustrate("risk-unsupported").on(ax)

    def trade_off(self, by: float | None = None, at_most: float | None = None, ax: Axes | None = None) -> Axes:
        """The last go-live against cost under each schedule; returns the axes.

        ``by`` is days since the start, the deadline where not given; ``at_most`` the first schedule's P80 of cost.
        """
        return self.both(by, at_most).on(ax)

    def waterfall(self, a: str, b: str, ax: Axes | None = None) -> Axes:
        """Where the time between two schedules went, from b to a; returns the axes.

        Raises:
            StaggerError: the two were not compared.
        """
        return self.between(a, b).on(ax)

    # -- and with their words ----------------------------------------------------------------------------

    def makers(self) -> Makers:
        """Waterfalls are those of the schedule that is ranked first with each of the others."""
        found: dict[str, Callable[[], Illustration]] = {"s-curve": self._s_curve, "risk-late": self._late}
        if any(map(ending, (each.scenario for each in self.answer.contenders))):
            found["risk-unsupported"] = self._unsupported
        best = self.answer.ranking["finish.p80"][0].name
        others = [each.b if each.a == best else each.a for each in self.answer.time if best in (each.a, each.b)]
        for number, other in enumerate(others, start=1):
            found[f"waterfall-{number}"] = partial(self.between, other, best, f"waterfall-{number}")
        return found | {"trade-off": self.both}

    # -- how each is made --------------------------------------------------------------------------------

    def _s_curve(self) -> Illustration:
        answer = self.answer
        days: dict[str, Days] = {name: tally["programme", "finish"] for name, tally in answer.tallies.items()}
        curves = {name: curve_of(found) for name, found in days.items()}
        arrivals = [arrival(name, found, self._target(name)) for name, found in days.items()]
        horizon = max(each.scenario.horizon for each in answer.contenders)
        marks = self._marks()
        return Illustration(
            name="s-curve",
            finding=versus_finding(arrivals, self.when),
            alt=live_alt(0.0, arrivals, self.when, "schedule", told(marks)),
            table=arrivals_table("schedule", arrivals, self.when),
            source=self.source,
            draw=lambda ax: s_curve(curves, self.scenario.start, horizon, marks, ax, of="every cluster is live"),
        )

    def _marks(self) -> list[Mark]:
        """Deadlines and ends of support, with the names of the worlds where they are not the same in all of them."""
        worlds = {each.world: each for each in self.answer.contenders}
        found: dict[Mark, list[str]] = {}
        for world, of in worlds.items():
            ends = support_ends(of.network, self.answer.draws[world], self.answer.replications)
            for mark in (*deadline_of(of.scenario), *ends):
                found.setdefault(mark, []).append(world)
        return [
            mark if len(names) == len(worlds) else mark._replace(label=f"{mark.label} ({listed(names)})")
            for mark, names in found.items()
        ]

    def _target(self, name: str) -> int:
        """The deadline of a contender's own world, or its horizon."""
        return next(calendar_of(each.scenario).target for each in self.answer.contenders if each.name == name)

    def _late(self) -> Illustration:
        def late(name: str, here: tuple[str, ...]) -> float:
            return 1 - chance(self.answer.tallies[name][(*here, "on_time")])

        missed = "not being live by the horizon" if self.when.limit == "the horizon" else "being late"
        return self._map("risk-late", late, missed, "any cluster", lambda scenario: scenario.clusters)

    def _unsupported(self) -> Illustration:
        def beyond(name: str, here: tuple[str, ...]) -> float:
            return some(self.answer.tallies[name][(*here, "unsupported_days")])

        what = "using a system without support"
        return self._map("risk-unsupported", beyond, what, "any system", users_of_ending)

    def _map(
        self,
        name: str,
        value: Callable[[str, tuple[str, ...]], float],
        what: str,
        whole: str,
        at_risk: Callable[[Scenario], Collection[str]],
    ) -> Illustration:
        """Clusters down, schedules across; no number where a world has no such cluster, or none that runs the risk."""
        members = {each.name: at_risk(each.scenario) for each in self.answer.contenders}
        clusters = list(dict.fromkeys(c for each in self.answer.contenders for c in each.scenario.clusters))
        values: list[list[float | None]] = [
            [value(contender, ("clusters", c)) if c in own else None for contender, own in members.items()]
            for c in clusters
        ]
        finding = risk_finding(values, clusters, list(members), what, self.answer.replications)
        values.append([value(contender, ("programme",)) for contender in members])
        return risk_map(name, finding, values, [*clusters, whole], list(members), what, self.source)

    def between(self, a: str, b: str, name: str = "waterfall") -> Illustration:
        """Where the time between two schedules went, from b to a.

        Raises:
            StaggerError: the two were not compared.
        """
        found = next((each for each in self.answer.time if {each.a, each.b} == {a, b}), None)
        if found is None:
            known = "; ".join(f"{each.a} and {each.b}" for each in self.answer.time)
            raise StaggerError(f"a waterfall must be between two of those compared: {known} (found {a} and {b}).")
        parts = _largest_first(found, a)
        return Illustration(
            name=name,
            finding=_short(found).told(MOST_TOLD),
            alt=waterfall_alt(parts, a, b, censored=any(found.not_live)),
            table=Table(
                ("part", "days later"), ("text", "days"), tuple((named(part), days) for part, days in parts.items())
            ),
            source=self.source,
            draw=lambda ax: waterfall(_worth_drawing(parts), a, b, ax, cut=any(found.not_live)),
        )

    def both(self, by: float | None = None, at_most: float | None = None) -> Illustration:
        """The last go-live against cost; ``by`` and ``at_most`` are a day and an amount of interest."""
        outcomes = {
            name: (record.columns["finish"], record.columns["cost"]) for name, record in self.answer.records.items()
        }
        unit = self.scenario.money.unit
        return of_clouds.trade_off_of(outcomes, self.when, unit, self.source, by, at_most)

    @property
    def source(self) -> str:
        """The small print."""
        answer = self.answer
        worlds = list(dict.fromkeys(each.world for each in answer.contenders))
        schedules = count(len({each.schedule for each in answer.contenders}), "schedule")
        futures = f"the same {count(answer.replications, 'future')}"
        return small_print([*worlds[:3], schedules], futures, answer.seed, answer.sampling)


def _short(found: TimeDifference) -> TimeDifference:
    """With names that fit a title."""
    parts = {named(part): days for part, days in found.parts.items()}
    intervals = {named(part): ends for part, ends in found.intervals.items()}
    return replace(found, a=named(found.a), b=named(found.b), parts=parts, intervals=intervals)


def _largest_first(found: TimeDifference, a: str) -> dict[str, float]:
    """The days that ``a`` is later, part by part."""
    sign = 1 if found.a == a else -1
    parts = {part: sign * days for part, days in found.parts.items()}
    return dict(sorted(parts.items(), key=lambda each: -abs(each[1])))


def _worth_drawing(parts: Mapping[str, float], most: int = 10) -> dict[str, float]:
    """The largest steps, and the rest of them as one, so that they still add up."""
    listed = [part for part, days in parts.items() if abs(days) >= 0.5][:most]
    rest: Sequence[str] = [part for part in parts if part not in listed]
    shown = {part: parts[part] for part in listed}
    left = sum(parts[part] for part in rest)
    return shown | ({"all else": left} if abs(left) >= 0.5 or not shown else {})
