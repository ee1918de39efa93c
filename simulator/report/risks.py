"""The risks: who misses the deadline, who is used without support, and what is never finished."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from simulator.plots.figure import Cell, Kind, Table
from simulator.report.content import Block, Bullets, Grid, Paragraph, Section, table
from simulator.report.entries import deadline_words
from simulator.report.figures import Album
from simulator.report.subject import Case, Subject
from simulator.wording import share
from simulator.words.likelihood import likelihood
from simulator.words.said import listed, quoted
from simulator.words.stranded import never_served

MOST_ROWS: Final = 15
"""Clusters or systems that the body has room for, the worst; the annex has them all."""
MOST_STRANDED: Final = 4


def risks(subject: Subject, album: Album) -> Section:
    """What may go wrong under each schedule, and how likely it is."""
    blocks: list[Block] = [Paragraph(_worst(subject.first))]
    blocks.append(_grid(subject, "clusters", "on_time", "missed", "Chance of missing the deadline", late=True))
    if subject.scenario.legacy:
        blocks.append(Paragraph(_unsupported(subject.first)))
        what = "in_use_past_end_of_support"
        blocks.append(_grid(subject, "legacy", what, "past support", "Chance of use past the end of support"))
        blocks.append(Grid("days unsupported", "Days without support", _days(subject)))
    sentences = tuple(_stranded(subject))
    blocks.append(Bullets(sentences) if sentences else Paragraph(_NOT_STRANDED))
    blocks += album.take_short("risk-unsupported", "unsupported")
    return Section("The risks", tuple(blocks))


_NOT_STRANDED: Final = "Nothing is stranded in any future: whatever waits is served in the end, or by the horizon."


def _worst(case: Case) -> str:
    clusters = case.summary["clusters"]
    late = sorted(((1 - entry["on_time"]["p"], cluster) for cluster, entry in clusters.items()), reverse=True)
    if not late or late[0][0] == 0:
        return f"Under {quoted(case.name)}, no cluster misses {deadline_words(case)} in any future."
    said = listed([f"{quoted(cluster)} {likelihood(p)}" for p, cluster in late if p > 0], 3)
    return f"Under {quoted(case.name)}, these miss {deadline_words(case)}, the likeliest first: {said}."


def _unsupported(case: Case) -> str:
    systems = case.summary["legacy"]
    used = sorted(
        ((entry["in_use_past_end_of_support"]["p"], system) for system, entry in systems.items()), reverse=True
    )
    past = [(p, system) for p, system in used if p > 0]
    if not past:
        return f"Under {quoted(case.name)}, no legacy system is used past the end of its support in any future."
    said = listed([f"{quoted(system)} {likelihood(p)}" for p, system in past], 3)
    return f"Under {quoted(case.name)}, these are used past the end of their support, the likeliest first: {said}."


def _grid(subject: Subject, of: str, what: str, sheet: str, caption: str, late: bool = False) -> Grid:
    """A probability for each cluster or system, a column for each schedule; the worst first."""
    names = list(dict.fromkeys(each for case in subject.cases for each in case.summary[of]))

    def chances(each: str) -> list[float | None]:
        found = [case.summary[of].get(each) for case in subject.cases]
        return [None if entry is None else 1 - entry[what]["p"] if late else entry[what]["p"] for entry in found]

    ranked = sorted(names, key=lambda each: -max(p for p in chances(each) if p is not None))
    shown = f", the {MOST_ROWS} worst of {len(names)}" if len(names) > MOST_ROWS else ""
    columns: list[tuple[str, Kind]] = [("Cluster" if of == "clusters" else "Legacy system", "text")]
    columns += [(case.name, "share") for case in subject.cases]
    rows: list[list[Cell]] = [[each, *chances(each)] for each in ranked[:MOST_ROWS]]
    if late:
        whole = [1 - case.summary["programme"]["on_time"]["p"] for case in subject.cases]
        rows.append(["at least one of them", *whole])
    return Grid(sheet, f"{caption}{shown}", table(columns, rows))


def _days(subject: Subject) -> Table:
    columns: list[tuple[str, Kind]] = [
        ("Schedule", "text"),
        ("Mean", "days"),
        ("from", "days"),
        ("to", "days"),
        ("P50", "days"),
        ("P80", "days"),
        ("P90", "days"),
        ("Failures, mean", "number"),
        ("Any failure", "share"),
    ]
    return table(columns, [_days_row(case) for case in subject.cases])


def _days_row(case: Case) -> list[Cell]:
    days, failures = (case.summary["programme"][key] for key in ("unsupported_days", "failures"))
    low, high = days["interval"]["mean"] or (None, None)
    shown = [days[each] for each in ("p50", "p80", "p90")]
    return [case.name, days["mean"], low, high, *shown, failures["mean"], failures["any"]["p"]]


def _stranded(subject: Subject) -> Iterator[str]:
    """What can never be finished in some futures, and what is merely not finished by the horizon."""
    for case in subject.cases:
        found = sorted(_causes(case.summary["unfinished"]), reverse=True)
        for p, activity, why in found[:MOST_STRANDED]:
            yield f"Under {quoted(case.name)}, {never_served(activity, why, p, case.scenario)}."
        if len(found) > MOST_STRANDED:
            yield f"Under {quoted(case.name)}, {len(found) - MOST_STRANDED} more are stranded; the annex lists them."
        late = 1 - _done(case)
        if late > 0:
            yield f"Under {quoted(case.name)}, somebody is not live by the horizon in {share(late)} of futures."


def _causes(unfinished: Mapping[str, Any]) -> Iterator[tuple[float, str, str]]:
    for activity, entry in unfinished.items():
        yield from ((p, activity, why) for why, p in entry["by"].items() if why.startswith("stranded"))


def _done(case: Case) -> float:
    return float((case.result.finish <= case.scenario.horizon).mean())
