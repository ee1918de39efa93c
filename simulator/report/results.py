"""The annex with every schedule's results in full: dates, chances, amounts, and where the time went."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from simulator.plots.figure import Cell, Kind, Table
from simulator.report.content import Grid, Section, table
from simulator.report.entries import PERCENTS, Entry, cell, ends
from simulator.report.subject import Case

MILESTONES: Final = {
    "go_to_market": "goes to market",
    "award": "award",
    "first_live": "first department live",
    "go_live": "live",
}
AMOUNTS: Final = {"cost": "cost", "savings": "savings", "npv": "net present value"}
COUNTED: Final = {
    "days_late": "days late",
    "unsupported_days": "days unsupported",
    "days_past_contract": "days past contract",
    "failures": "failures",
}
SPREAD: Final = ("Mean", "P10", "P50", "P80", "P90")


def results(case: Case, number: int) -> Section:
    """All that one schedule's summary says; ``number`` keeps its sheets apart from those of other schedules."""
    grids = _grids(case.summary, case.scenario.money.unit)
    blocks = tuple(Grid(f"{number} {sheet}", f"{caption}: {case.name}", of) for sheet, caption, of in grids if of.rows)
    return Section(case.name, blocks)


def _grids(summary: Entry, unit: str) -> Iterator[tuple[str, str, Table]]:
    yield "dates", "Dates", _dates(summary)
    yield "chances", "Probabilities", _chances(summary)
    yield "counts", "Days and failures", _spread(_counted(summary), "number")
    yield "money", f"Money, {unit}", _spread(_money(summary), "money")
    yield "time", "Where the time went, mean days", _time(summary["clusters"])
    yield "resources", "Resources", _resources(summary["resources"])
    yield "unfinished", "Unfinished at the horizon", _unfinished(summary["unfinished"])


def _dates(summary: Entry) -> Table:
    """Every date's percentiles; the interval is that of the P80."""
    columns: list[tuple[str, Kind]] = [("Of", "text"), ("Date", "text")]
    columns += [(head, "date") for head in (*SPREAD, "P80 from", "P80 to")]
    return table(columns, [[*key, *_values(entry), *ends(entry["interval"]["p80"])] for key, entry in _dated(summary)])


def _dated(summary: Entry) -> Iterator[tuple[tuple[str, str], Entry]]:
    yield ("the programme", "last cluster live"), summary["programme"]["finish"]
    for name, cluster in summary["clusters"].items():
        for key, words in MILESTONES.items():
            if cluster[key]["p50"] is not None:
                yield (name, words), cluster[key]
        yield from (((name, mark), entry) for mark, entry in cluster["marks"].items() if mark != "award")
    yield from (((name, "retired"), system["retired"]) for name, system in summary["legacy"].items())


def _values(entry: Entry) -> list[Cell]:
    return [cell(entry[name]) for name in ("mean", *PERCENTS)]


def _chances(summary: Entry) -> Table:
    columns: list[tuple[str, Kind]] = [("Of", "text"), ("What", "text")]
    columns += [(head, "share") for head in ("Probability", "from", "to")]
    return table(columns, [[*key, entry["p"], *ends(entry["interval"])] for key, entry in _probable(summary)])


def _probable(summary: Entry) -> Iterator[tuple[tuple[str, str], Entry]]:
    yield ("the programme", "on time"), summary["programme"]["on_time"]
    yield ("the programme", "any failure"), summary["programme"]["failures"]["any"]
    for name, cluster in summary["clusters"].items():
        yield (name, "on time"), cluster["on_time"]
        yield (name, "any failure"), cluster["failures"]["any"]
    for name, system in summary["legacy"].items():
        yield (name, "used past the end of support"), system["in_use_past_end_of_support"]
        yield (name, "extension bought"), system["extended"]
        yield (name, "any failure"), system["failures"]["any"]


def _spread(entries: Iterator[tuple[tuple[str, str], Entry]], kind: Kind) -> Table:
    """Mean and percentiles; the interval is that of the mean."""
    columns: list[tuple[str, Kind]] = [("Of", "text"), ("What", "text")]
    columns += [(head, kind) for head in ("Mean", "Mean from", "Mean to", *SPREAD[1:])]
    rows = []
    for key, entry in entries:
        percentiles = [cell(entry.get(name)) for name in PERCENTS]
        rows.append([*key, cell(entry["mean"]), *ends(entry["interval"]["mean"]), *percentiles])
    return table(columns, rows)


def _counted(summary: Entry) -> Iterator[tuple[tuple[str, str], Entry]]:
    for of in ({"the programme": summary["programme"]}, summary["clusters"], summary["legacy"]):
        for name, entry in of.items():
            yield from (((name, words), entry[key]) for key, words in COUNTED.items() if key in entry)


def _money(summary: Entry) -> Iterator[tuple[tuple[str, str], Entry]]:
    for of in ({"the programme": summary["programme"]}, summary["clusters"]):
        for name, entry in of.items():
            yield from (((name, words), entry[key]) for key, words in AMOUNTS.items())
    yield from ((("the programme", f"cost: {kind}"), entry) for kind, entry in summary["programme"]["costs"].items())
    for name, system in summary["legacy"].items():
        for kind in ("running_cost", "extension_cost", "failure_cost"):
            yield (name, kind.replace("_", " ")), system[kind]


def _time(clusters: Entry) -> Table:
    """A row for each part of each cluster's time that is not nothing, and one for the whole."""
    columns: list[tuple[str, Kind]] = [
        ("Cluster", "text"),
        ("Part", "text"),
        ("Mean", "days"),
        ("from", "days"),
        ("to", "days"),
    ]
    rows: list[list[Cell]] = []
    for name, cluster in clusters.items():
        for part, days in cluster["time"].items():
            if days:
                rows.append([name, part, days, *ends(cluster["time_interval"][part])])
        rows.append([name, "in all", sum(cluster["time"].values()), None, None])
    return table(columns, rows)


def _resources(resources: Entry) -> Table:
    columns: list[tuple[str, Kind]] = [("Resource", "text")]
    columns += [(head, "share") for head in ("In use", "In use from", "In use to")]
    columns += [(head, "days") for head in ("Days in line, mean", "Days in line from", "Days in line to")]
    columns.append(("Most in use", "number"))
    rows: list[list[Cell]] = []
    for name, entry in resources.items():
        use, wait = ([entry[key], *ends(entry["interval"][key])] for key in ("utilisation", "mean_wait_days"))
        rows.append([name, *use, *wait, entry["max_in_use"]])
    return table(columns, rows)


def _unfinished(activities: Entry) -> Table:
    columns: list[tuple[str, Kind]] = [("Activity", "text"), ("Why", "text")]
    columns += [(head, "share") for head in ("Futures", "Unfinished at all", "from", "to")]
    rows: list[list[Cell]] = []
    for name, entry in activities.items():
        rows += [[name, why, p, entry["p"], *ends(entry["interval"])] for why, p in entry["by"].items()]
    return table(columns, rows)
