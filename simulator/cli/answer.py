"""The answer of `stagger run` in words and tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

import click

from simulator.cli import screen
from simulator.cli.options import Detail
from simulator.days import date_of
from simulator.outcomes.values import OTHERS
from simulator.result import Result
from simulator.scenario.support import ending
from simulator.wording import AFTER_HORIZON, between, column_share, count, seldom_mark, share, shortened

PERCENTILES: Final = ("p10", "p50", "p80", "p90")
LONGEST_NAME: Final = 28
CLUSTER_COLUMN: Final = 16
"""Width of a cluster's column in the table of where the time went, at most."""
NONE: Final = "–"
NUMBER: Final = 5
GAP: Final = 2

Entry = Mapping[str, Any]


def show(result: Result, detail: Detail) -> None:
    """Print the answer: a sentence, then tables, then what to mind."""
    screen.say(str(result))
    if detail is Detail.QUIET:
        return
    summary = result.summary()
    _when(summary, result)
    _outcomes(summary, result.scenario.money.unit)
    _time(summary["clusters"])
    _legacy(summary["legacy"], ending(result.scenario))
    _resources(summary["resources"])
    _unfinished(summary["unfinished"], detail)
    if detail is Detail.FULL:
        _costs(summary["programme"]["costs"], result.scenario.money.unit)
        screen.table("95% intervals", ("figure", "value", "from", "to"), _intervals(summary), text_columns=1)
    click.echo()
    screen.say(
        f"{count(result.replications, 'future')}, seed {result.seed}, {result.sampling} sampling, "
        f"{result.engine} engine."
    )
    for note in result.notes():
        screen.say(f"Note: {note}")


def _name(name: str) -> str:
    return shortened(name, LONGEST_NAME)


def _when(summary: Entry, result: Result) -> None:
    scheduled = dict(zip(result.scenario.clusters, result.model.network.scheduled, strict=True))
    start, deadline = result.scenario.start, result.scenario.deadline
    rows = []
    for name, cluster in summary["clusters"].items():
        day = scheduled[name]
        date = "" if day is None else date_of(day, start).isoformat()
        rows.append([_name(name), date, *_percentiles(cluster["go_live"]), column_share(1 - cluster["on_time"]["p"])])
    programme = summary["programme"]
    rows.append(["all of them", "", *_percentiles(programme["finish"]), column_share(1 - programme["on_time"]["p"])])
    late = "late" if deadline is not None else "never"
    screen.table("Live by", ("cluster", "to market", "P10", "P50", "P80", "P90", late), rows)


def _percentiles(entry: Entry) -> list[str]:
    return [_shown(entry[name]) for name in PERCENTILES]


def _shown(value: Any) -> str:
    """A value of the summary."""
    if value is None:
        return NONE
    if value == AFTER_HORIZON:
        return "later"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 1000 or float(value).is_integer() else f"{value:,.3g}"


def _outcomes(summary: Entry, unit: str) -> None:
    heads = ("cluster", "days unsupported", "failures", "cost", "savings", "NPV")
    everyone = {**summary["clusters"], "whole programme": summary["programme"]}
    rows = [[_name(name), *_means(entry)] for name, entry in everyone.items()]
    screen.table(f"On average (money in {unit}; the programme's cost includes legacy systems)", heads, rows)


def _means(entry: Entry) -> list[str]:
    money = [_mean(entry[name], ",.1f") for name in ("cost", "savings", "npv")]
    return [_mean(entry["unsupported_days"], ",.0f"), _mean(entry["failures"], ".2f"), *money]


def _mean(entry: Entry, form: str) -> str:
    """A mean, marked where it rests on few futures; so small that it would look like nothing, with a digit at least."""
    value = entry["mean"]
    text = f"{value:{form}}"
    shown = text if not value or float(text.replace(",", "")) else f"{value:.1g}"
    return f"{shown}{seldom_mark(entry.get('rests_on'))}"


def _time(clusters: Entry) -> None:
    """Parts in rows, clusters in columns, as many side by side as there is room for."""
    parts = dict.fromkeys(part for cluster in clusters.values() for part, days in cluster["time"].items() if days)
    ordered = sorted(parts, key=lambda part: part == OTHERS)
    label = max((len(part) for part in parts), default=0) + GAP
    for names in _side_by_side(clusters, screen.width() - label):
        times = [clusters[name]["time"] for name in names]
        rows = [[part, *(_days(time, part) for time in times)] for part in ordered]
        rows.append(["in all", *(f"{sum(time.values()):,.0f}" for time in times)])
        heads = ["average days", *(shortened(name, CLUSTER_COLUMN) for name in names)]
        screen.table(
            "Where the time went, from the scheduled date to go-live or the horizon",
            heads,
            [r for r in rows if any(r[1:])],
        )


def _side_by_side(names: Iterable[str], width: int) -> Iterator[list[str]]:
    """Names in groups whose columns fit into a width."""
    group: list[str] = []
    used = 0
    for name in names:
        column = max(min(len(name), CLUSTER_COLUMN), NUMBER) + GAP
        if group and used + column > width:
            yield group
            group, used = [], 0
        group.append(name)
        used += column
    if group:
        yield group


def _days(time: Mapping[str, float], part: str) -> str:
    days = time.get(part, 0.0)
    return f"{round(days):,}" if days else ""


def _legacy(systems: Entry, ends: Collection[str]) -> None:
    """Nothing is said of the end of support of systems that have none."""
    heads = ("legacy system", "used past support", "days unsupported", "P90 of them", "failures")
    rows = [
        [
            _name(name),
            column_share(system["in_use_past_end_of_support"]["p"]) if name in ends else NONE,
            _mean(system["unsupported_days"], ",.0f") if name in ends else NONE,
            _shown(system["unsupported_days"]["p90"]) if name in ends else NONE,
            _mean(system["failures"], ".2f"),
        ]
        for name, system in systems.items()
    ]
    screen.table("Legacy systems", heads, rows)


def _resources(resources: Entry) -> None:
    heads = ("resource", "in use", "days in line", "most in use")
    rows = [
        [_name(name), column_share(entry["utilisation"]), f"{entry['mean_wait_days']:,.0f}", str(entry["max_in_use"])]
        for name, entry in resources.items()
    ]
    screen.table("Resources", heads, rows)
    if any(entry["utilisation"] > 1 for entry in resources.values()):
        screen.say("More than 100% in use: those inside stay when capacity falls or a resource closes.")


def _unfinished(activities: Entry, detail: Detail) -> None:
    """Who is unfinished at the horizon and not merely waiting for somebody else; all of them with -v."""
    rows = []
    for name, entry in activities.items():
        causes = {why: p for why, p in entry["by"].items() if detail is Detail.FULL or why.startswith("stranded")}
        rows += [[name, why, column_share(p)] for why, p in causes.items()]
    title = "Unfinished at the horizon" if detail is Detail.FULL else "Stranded: will never be served"
    screen.table(title, ("activity", "why", "futures"), rows, text_columns=2)


def _costs(costs: Entry, unit: str) -> None:
    rows = [[kind, *(_shown(entry[name]) for name in ("mean", *PERCENTILES))] for kind, entry in costs.items()]
    screen.table(f"The programme's cost, {unit}", ("kind", "mean", "P10", "P50", "P80", "P90"), rows)


def _intervals(summary: Entry) -> Iterator[list[str]]:
    """Every figure that has an interval, by its path."""
    for section in ("programme", "clusters", "legacy"):
        yield from _inside((section,), summary[section])


def _inside(path: tuple[str, ...], entry: Any) -> Iterator[list[str]]:
    if not isinstance(entry, Mapping):
        return
    interval = entry.get("interval")
    if isinstance(interval, Mapping):
        for name, ends in interval.items():
            if ends and name in entry:
                yield [" / ".join((*path, name)), _shown(entry[name]), _shown(ends[0]), _shown(ends[1])]
    elif interval:
        yield [" / ".join(path), share(entry["p"]), *between(interval).split(" to ")]
    for key, value in entry.items():
        if key != "interval":
            yield from _inside((*path, key), value)
