"""The annex with every schedule's results in full: dates, chances, amounts, and where the time went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from simulator.plots.figure import Cell, Kind, Table
from simulator.report.content import Grid, Section, table
from simulator.report.entries import ENDS, PERCENTS, Column, Entry, and_ends, chance, ends, only, with_ends
from simulator.report.in_time import in_time, without_support
from simulator.report.subject import Case
from simulator.scenario.support import ending, extendable
from simulator.words.said import NOT_APPLICABLE

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
RESTS_ON: Final = "Mean rests on, futures"
STATISTICS: Final = ("mean", *PERCENTS)
HELD: Final = {
    "dates": ("P80 from", "P80 to"),
    "counts": ("Mean from", "Mean to"),
    "money": ("Mean from", "Mean to"),
}
"""Ends of intervals that pages have room for, by sheet."""


def results(case: Case, number: int) -> Section:
    """All that one schedule's summary says; ``number`` keeps its sheets apart from those of other schedules."""
    grids = _grids(case)
    blocks = (_grid(f"{number} {sheet}", f"{caption}: {case.name}", of) for sheet, caption, of in grids if of.rows)
    return Section(case.name, tuple(blocks))


def _grid(sheet: str, caption: str, of: Table) -> Grid:
    """A table without the ends of those intervals that a page has no room for; its sheet has them all."""
    hidden = {f"{head} {end}" for head in SPREAD for end in ENDS} - set(HELD.get(sheet.partition(" ")[2], ()))
    heads = [head for head in of.heads if head not in hidden]
    return Grid(sheet, caption, of if len(heads) == len(of.heads) else only(of, heads), whole=of)


def _grids(case: Case) -> Iterator[tuple[str, str, Table]]:
    summary, unit = case.summary, case.scenario.money.unit
    yield "dates", "Dates", _dates(summary)
    yield "chances", "Probabilities", _chances(case)
    yield "counts", "Days and failures", _spread(_counted(summary), "number")
    yield "money", f"Money, {unit}", _spread(_money(summary), "money")
    yield "time", "Where the time went, mean days", _time(summary["clusters"])
    yield "resources", "Resources", _resources(summary["resources"])
    yield "unfinished", "Unfinished at the horizon", _unfinished(summary["unfinished"])


def _dates(summary: Entry) -> Table:
    """Every date's mean and percentiles."""
    columns: list[Column] = [("Of", "text"), ("Date", "text"), *and_ends(*((head, "date") for head in SPREAD))]
    return table(columns, [[*key, *with_ends(entry, *STATISTICS)] for key, entry in _dated(summary)])


def _dated(summary: Entry) -> Iterator[tuple[tuple[str, str], Entry]]:
    yield ("the programme", "last cluster live"), summary["programme"]["finish"]
    for name, cluster in summary["clusters"].items():
        for key, words in MILESTONES.items():
            if cluster[key]["p50"] is not None:
                yield (name, words), cluster[key]
        yield from (((name, mark), entry) for mark, entry in cluster["marks"].items() if mark != "award")
    yield from (((name, "retired"), system["retired"]) for name, system in summary["legacy"].items())


def _chances(case: Case) -> Table:
    columns: list[Column] = [("Of", "text"), ("What", "text")]
    columns += [(head, "share") for head in ("Probability", "from", "to")]
    return table(
        columns,
        [[*key, *([NOT_APPLICABLE] * 3 if entry is None else chance(entry))] for key, entry in _probable(case)],
    )


def _probable(case: Case) -> Iterator[tuple[tuple[str, str], Entry | None]]:
    """None for what does not apply: to a system whose support does not end, or that no extension is offered for."""
    summary, soon = case.summary, in_time(case.scenario)
    yield ("the programme", soon), summary["programme"]["on_time"]
    yield ("the programme", "any failure"), summary["programme"]["failures"]["any"]
    for name, cluster in summary["clusters"].items():
        yield (name, soon), cluster["on_time"]
        yield (name, "any failure"), cluster["failures"]["any"]
    ends, extensions = ending(case.scenario), extendable(case.scenario)
    past = "used past the end of support, on a paid extension or not"
    for name, system in summary["legacy"].items():
        yield (name, "any day without support"), without_support(case, name) if name in ends else None
        yield (name, past), system["in_use_past_end_of_support"] if name in ends else None
        yield (name, "extension bought"), system["extended"] if name in extensions else None
        yield (name, "any failure"), system["failures"]["any"]


def _spread(entries: Iterator[tuple[tuple[str, str], Entry]], kind: Kind) -> Table:
    """Mean and percentiles; only the mean of what has no percentiles."""
    columns: list[Column] = [("Of", "text"), ("What", "text"), *and_ends(*((head, kind) for head in SPREAD))]
    rows = [[*key, *_statistics(entry), entry.get("rests_on")] for key, entry in entries]
    if all(row[-1] is None for row in rows):
        return table(columns, [row[:-1] for row in rows])
    return table([*columns, (RESTS_ON, "number")], rows)


def _statistics(entry: Entry) -> Sequence[Cell]:
    known = [name for name in STATISTICS if name in entry]
    return [*with_ends(entry, *known), *[None] * (3 * (len(STATISTICS) - len(known)))]


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
        ("Days", "days"),
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
