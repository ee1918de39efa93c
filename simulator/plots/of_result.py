"""The figures of one schedule: each takes its numbers from the result and its words from `simulator.words`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, replace
from functools import cached_property, partial
from typing import Final

from matplotlib.axes import Axes

from simulator.analysis.bands import Stretch, cluster_bands, stage_bands
from simulator.analysis.reductions import Days
from simulator.errors import StaggerError
from simulator.outcomes.milestones import Milestones
from simulator.plots import of_clouds, of_legacy, of_supply
from simulator.plots.figure import Cell, Illustration, Table
from simulator.plots.gallery import Gallery, Makers
from simulator.plots.gantt import gantt
from simulator.plots.gantt_bands import Row, gantt_bands
from simulator.plots.heat_map import heat_map
from simulator.plots.s_curve import s_curve
from simulator.plots.tables import (
    arrival,
    arrivals_table,
    band_of,
    calendar_of,
    chance,
    curve_of,
    date_cell,
    deadline_of,
    some,
    source_of,
    support_ends,
    told,
)
from simulator.plots.time_spent import time_spent
from simulator.result import Futures, Result
from simulator.scenario.support import ending, users_of_contracts, users_of_ending
from simulator.store import folder_names
from simulator.words.bands import bands_alt, bands_finding
from simulator.words.live import Calendar, future_alt, future_finding, live_alt, live_finding
from simulator.words.risk import risk_alt, risks_finding
from simulator.words.said import NOT_APPLICABLE
from simulator.words.said import name as named
from simulator.words.time import time_alt, time_finding

MEDIAN: Final = 50
MOST_STAGES: Final = 70
"""Rows of stages up to which each has one; with more, each cluster has one."""
IN_A_FOLDER: Final = ("gantt", "s-curve")
"""Figures that every run writes; `stagger plot` draws the others from its folder."""


class Plots(Gallery):
    """The figures of a result, each by its name: as axes, or with its words as an `Illustration`."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.scenario = result.scenario
        self.when = calendar_of(result.scenario)

    # -- each figure's axes ------------------------------------------------------------------------------

    def s_curve(self, ax: Axes | None = None) -> Axes:
        """The chance that each cluster is live by a day; returns the axes."""
        return self.illustrate("s-curve").on(ax)

    def gantt(self, percentile: float = MEDIAN, ax: Axes | None = None) -> Axes:
        """The future at a percentile of the day on which the last cluster is live; returns the axes."""
        return self.future(percentile).on(ax)

    def gantt_bands(self, ax: Axes | None = None) -> Axes:
        """When each stage begins and ends in all futures, from P10 to P90; returns the axes."""
        return self.illustrate("gantt-bands").on(ax)

    def time_spent(self, ax: Axes | None = None) -> Axes:
        """Where the time of each cluster went; returns the axes."""
        return self.illustrate("time-spent").on(ax)

    def risk(self, ax: Axes | None = None) -> Axes:
        """The chance of each cluster of being late and past support; returns the axes."""
        return self.illustrate("risk").on(ax)

    def unsupported(self, ax: Axes | None = None) -> Axes:
        """How long each legacy system is used without support; returns the axes.

        Raises:
            StaggerError: there are no legacy systems.
        """
        return self.illustrate("unsupported").on(ax)

    def capacity(self, resource: str | None = None, ax: Axes | None = None) -> Axes:
        """Units of a resource in use over time, of the first where none is named; returns the axes.

        Raises:
            StaggerError: there is no such resource.
        """
        names = self._resource_figures
        if not names or resource not in (None, *names):
            raise StaggerError(f"a resource must be one of {', '.join(names) or 'none'} (found {resource}).")
        return self.illustrate(names[next(iter(names)) if resource is None else resource]).on(ax)

    def by_year(self, ax: Axes | None = None) -> Axes:
        """Costs, savings and budgets by calendar year; returns the axes."""
        return self.illustrate("by-year").on(ax)

    def trade_off(self, by: float | None = None, at_most: float | None = None, ax: Axes | None = None) -> Axes:
        """The last go-live against cost, and the chance that a day and an amount both hold; returns the axes.

        ``by`` is days since the start, the deadline where not given; ``at_most`` the P80 of cost.
        """
        return self.both(by, at_most).on(ax)

    # -- and with their words ----------------------------------------------------------------------------

    def makers(self) -> Makers:
        """Those that can say something about this result, in the order in which a reader wants them."""
        found: dict[str, Callable[[], Illustration]] = {
            "s-curve": self._s_curve,
            "gantt-bands": self._gantt_bands,
            "gantt": lambda: self.future(MEDIAN),
            "time-spent": self._time_spent,
            "risk": self._risk,
        }
        if ending(self.scenario):
            found["unsupported"] = partial(of_legacy.exposures, self.result)
        for row, name in enumerate(self._resource_figures.values()):
            found[name] = partial(self._capacity, row, name)
        return found | {"by-year": lambda: of_supply.money(self.result, self._milestones), "trade-off": self.both}

    def files(self, kinds: Sequence[str] = ("png", "svg")) -> dict[str, bytes]:
        """The figures that a run's folder holds, by file name."""
        drawn = [self.illustrate(name).files(kinds) for name in IN_A_FOLDER]
        return {name: content for files in drawn for name, content in files.items()}

    @cached_property
    def _resource_figures(self) -> dict[str, str]:
        """Resource to the name of its figure."""
        resources = self.result.model.network.resources
        return dict(zip(resources, (f"capacity-{name}" for name in folder_names(resources)), strict=True))

    @cached_property
    def _milestones(self) -> Milestones:
        """Of the first futures of the run, no more than 1,000."""
        sample, model = self.result.sample, self.result.model
        draws = model.draws.block(sample.first, sample.timeline.replications)
        return Milestones(model.network, sample.inputs, draws, sample.timeline)

    # -- how each is made --------------------------------------------------------------------------------

    def _s_curve(self) -> Illustration:
        tally, scenario = self.result.tally, self.scenario
        days = {name: tally["clusters", name, "go_live"] for name in scenario.clusters}
        curves = {name: curve_of(found) for name, found in days.items()}
        arrivals = [arrival(name, found, self.when.target) for name, found in days.items()]
        on_time = chance(tally["programme", "on_time"])
        marks = deadline_of(scenario) + support_ends(
            self.result.model.network, self.result.model.draws, self.result.replications
        )
        return Illustration(
            name="s-curve",
            finding=live_finding(on_time, arrivals, self.when, self.result.replications),
            alt=live_alt(on_time, arrivals, self.when, marked=told(marks)),
            table=arrivals_table("cluster", arrivals, self.when),
            source=source_of(self.result),
            draw=lambda ax: s_curve(curves, scenario.start, scenario.horizon, marks, ax),
        )

    def future(self, percentile: float) -> Illustration:
        """The Gantt of the future at a percentile of the day on which the last cluster is live."""
        replication = self.result.at_percentile(percentile)
        return of_future(self.result, replication, self.result.future(replication), percentile)

    def _gantt_bands(self) -> Illustration:
        clusters, systems = self._clusters(), of_legacy.system_rows(self.result)
        stages = stage_bands(self._milestones)
        rows = [Row(each.cluster, each.begins, each.ends) for each in clusters]
        if len(stages) + len(clusters) <= MOST_STAGES:
            rows = [row for each in clusters for row in _stages(each.cluster, stages)]
        if systems:
            rows += [Row("Legacy systems", is_title=True), *systems]
        return Illustration(
            name="gantt-bands",
            finding=bands_finding(clusters, self.when),
            alt=bands_alt(clusters, of_legacy.outlived(self.result), self.when),
            table=_bands_table(rows, self.when, bool(systems)),
            source=source_of(self.result, sampled=True),
            draw=lambda ax: gantt_bands(
                rows, self.scenario.start, self.scenario.horizon, deadline_of(self.scenario), ax
            ),
        )

    def _clusters(self) -> list[Stretch]:
        """First work and go-live of each cluster, the latter of all futures, as in S-curves."""
        live = {name: band_of(self.result.tally["clusters", name, "go_live"]) for name in self.scenario.clusters}
        return [replace(each, ends=live[each.cluster]) for each in cluster_bands(self._milestones)]

    def _time_spent(self) -> Illustration:
        clusters, tally = list(self.scenario.clusters), self.result.tally
        keys = {key[3]: None for key in tally.figures if key[0] == "clusters" and key[2] == "time"}
        means = {part: [tally["clusters", name, "time", part].mean for name in clusters] for part in keys}
        parts = {part: days for part, days in means.items() if any(abs(each) >= 0.5 for each in days)}
        return Illustration(
            name="time-spent",
            finding=time_finding(means, clusters, self._not_live()),
            alt=time_alt(means, clusters, self._not_live()),
            table=Table(
                ("cluster", *means),
                ("text", *["days"] * len(means)),  # type: ignore[arg-type]
                tuple((named(name), *(days[row] for days in means.values())) for row, name in enumerate(clusters)),
            ),
            source=source_of(self.result),
            draw=lambda ax: time_spent(largest(parts), clusters, ax, cut=self._not_live() > 0),
        )

    def _not_live(self) -> float:
        """The share of clusters, over all futures, that are not live by the horizon."""
        found: list[Days] = [self.result.tally["clusters", name, "go_live"] for name in self.scenario.clusters]
        return sum(days.never for days in found) / sum(days.size for days in found)

    def _risk(self) -> Illustration:
        columns = [f"not live by {self.when.limit}"]
        columns += ["on a system without support", "past a contract’s end"] if self.scenario.legacy else []
        values = [self._risks(("clusters", name), name)[: len(columns)] for name in self.scenario.clusters]
        rows = [*self.scenario.clusters, "any of them"]
        found = [
            [(row, p) for row, line in zip(rows, values, strict=False) if (p := line[k]) is not None]
            for k in range(len(columns))
        ]
        values.append(self._risks(("programme",))[: len(columns)])
        unsupported = found[1] if len(found) > 1 else []
        finding = risks_finding(found[0], unsupported, self.when.by, self.result.replications)
        return risk_map("risk", finding, values, rows, columns, "what the column says", source_of(self.result))

    def _risks(self, here: tuple[str, ...], cluster: str | None = None) -> list[float | None]:
        """None for a risk that a cluster, or where none is given the programme, cannot run."""
        tally = self.result.tally
        users = {
            "unsupported_days": users_of_ending(self.scenario),
            "days_past_contract": users_of_contracts(self.scenario),
        }
        counted = [
            some(tally[(*here, name)]) if (bool(of) if cluster is None else cluster in of) else None
            for name, of in users.items()
        ]
        return [1 - chance(tally[(*here, "on_time")]), *counted]

    def _capacity(self, row: int, name: str) -> Illustration:
        return of_supply.capacity(self.result, self._milestones, row, name)

    def both(self, by: float | None = None, at_most: float | None = None) -> Illustration:
        """The last go-live against cost; ``by`` and ``at_most`` are a day and an amount of interest."""
        programme = self.result.sample.outcomes.programme
        outcomes = {self.result.schedule: (programme.finish, programme.cost)}
        source = source_of(self.result, sampled=True)
        return of_clouds.trade_off_of(outcomes, self.when, self.scenario.money.unit, source, by, at_most)


# -- what is drawn ---------------------------------------------------------------------------------------


def of_future(result: Result, replication: int, futures: Futures, percentile: float | None = None) -> Illustration:
    """The Gantt of one future of a result."""
    when, scenario = calendar_of(result.scenario), result.scenario
    network, outcomes = futures.timeline.network, futures.outcomes
    lives = list(zip(network.clusters, outcomes.clusters.go_live[:, 0].tolist(), strict=True))
    return Illustration(
        name="gantt",
        finding=future_finding(replication, int(outcomes.programme.finish[0]), when, percentile),
        alt=future_alt(lives, of_legacy.kept(futures), when),
        table=_moments(futures, when),
        source=f"Future {replication:,} of {source_of(result)}",
        draw=lambda ax: gantt(futures, scenario, ax=ax),
    )


def risk_map(
    name: str,
    finding: str,
    values: Sequence[Sequence[float | None]],
    rows: Sequence[str],
    columns: Sequence[str],
    what: str,
    source: str,
) -> Illustration:
    """A heat map of chances of what nobody wants; None where the risk cannot be run."""
    return Illustration(
        name=name,
        finding=finding,
        alt=risk_alt(values, rows, columns, what),
        table=Table(
            ("cluster", *map(named, columns)),
            ("text", *["share"] * len(columns)),  # type: ignore[arg-type]
            tuple(
                (named(row), *(NOT_APPLICABLE if p is None else p for p in line))
                for row, line in zip(rows, values, strict=True)
            ),
        ),
        source=source,
        draw=lambda ax: heat_map(values, rows, columns, ax, nothing=NOT_APPLICABLE),
    )


def _moments(futures: Futures, when: Calendar) -> Table:
    timeline = futures.timeline
    moments = (timeline.asked, timeline.granted, timeline.started, timeline.worked, timeline.finished)
    rows = [
        (named(name), *(date_cell(int(of[a, 0]), when) for of in moments)) for a, name in enumerate(timeline.activities)
    ]
    heads = ("activity", "asked", "granted", "started", "worked", "finished")
    return Table(heads, ("text", *["date"] * 5), tuple(rows))  # type: ignore[arg-type]


def _stages(cluster: str, stages: Sequence[Stretch]) -> list[Row]:
    own = [Row(each.stage, each.begins, each.ends) for each in stages if each.cluster == cluster]
    return [Row(cluster, is_title=True), *own]


def _bands_table(rows: Sequence[Row], when: Calendar, systems: bool) -> Table:
    """A row per stage or cluster and per legacy system if any, the titles between them put before their names."""
    found: list[tuple[Cell, ...]] = []
    title = ""
    for row in rows:
        title = row.label if row.is_title else title
        if row.begins is not None and row.ends is not None:
            days = (*astuple(row.begins), *astuple(row.ends))
            support = [None if row.end_of_support is None else date_cell(row.end_of_support.p50, when)]
            what = f"{title}/{row.label}" if title and not row.is_legacy else row.label
            found.append((named(what), *(date_cell(day, when) for day in days), *support[:systems]))
    begins, ends = ([f"{what} P{p}" for p in (10, 50, 90)] for what in ("begins", "ends"))
    heads = ("stage or system", *begins, *ends, "end of support P50") if systems else ("stage", *begins, *ends)
    return Table(heads, ("text", *["date"] * (len(heads) - 1)), tuple(found))  # type: ignore[arg-type]


def largest(parts: Mapping[str, Sequence[float]], most: int = 10) -> dict[str, Sequence[float]]:
    """The largest parts in their order, the rest of them together."""
    kept = set(sorted(parts, key=lambda part: -sum(abs(days) for days in parts[part]))[:most])
    if len(parts) <= most + 1:
        return dict(parts)
    rest = [days for part, days in parts.items() if part not in kept]
    shown = {part: days for part, days in parts.items() if part in kept}
    return shown | {f"{len(rest)} smaller parts": [sum(column) for column in zip(*rest, strict=True)]}
