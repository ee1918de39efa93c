"""What drives the risk, from the document of `stagger drivers`: its sentence, what acting would bring, its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from simulator.plots.figure import Cell, Kind
from simulator.plots.of_drivers import Driving
from simulator.report.content import Block, Bullets, Grid, Paragraph, Picture, table
from simulator.report.subject import Subject
from simulator.wording import count
from simulator.words.said import quoted

MOST_ROWS: Final = 12
"""Actions that the body has room for, those with the largest effect."""


def drivers(subject: Subject) -> Iterator[Block]:
    """What each study of drivers found, as sentences, as a figure, and as a table of what acting would bring."""
    for number, document in enumerate(subject.drivers, 1):
        alone = len(subject.drivers) == 1
        yield Paragraph(_said(subject, document))
        if document["notes"]:
            yield Bullets(tuple(document["notes"]))
        yield from (Picture(each, fine=True) for each in Driving(document).illustrations()[:1])
        yield from _exclusions(document, "" if alone else f" {number}")


def _said(subject: Subject, document: Mapping[str, Any]) -> str:
    """Which study it was, and what it found where no figure says so."""
    here = document["scenario"] in {case.scenario.scenario for case in subject.cases}
    scenario = "" if here else f" of another scenario, {quoted(document['scenario'])}"
    futures = count(document["replications"], "future")
    study = f"What drives the risk was studied under {quoted(document['schedule'])}{scenario}, in {futures}."
    shown = any(row["rank_correlation"] is not None for row in document["tornado"])
    return study if shown else f"{study} {document['finding']}"


def _exclusions(document: Mapping[str, Any], number: str) -> Iterator[Grid]:
    """What go-live and cost would be without each risk, with each mitigation, and with each source known."""
    rows = [_row(row) for row in document["exclusion"][:MOST_ROWS]]
    columns: list[tuple[str, Kind]] = [("Of", "text"), ("Were it", "text")]
    columns += [(head, "days") for head in ("Go-live, days", "from", "to")]
    columns += [(head, "money") for head in ("Cost", "from", "to")]
    if rows:
        yield Grid(f"exclusion{number}", "What acting would change, on average", table(columns, rows))


def _row(row: Mapping[str, Any]) -> list[Cell]:
    keys = ("name", "how", "days", "days_from", "days_to", "cost", "cost_from", "cost_to")
    return [row[key] for key in keys]


def further(subject: Subject) -> list[Picture]:
    """The figures of the studies that the body does not show."""
    return [Picture(each) for document in subject.drivers for each in Driving(document).illustrations()[1:]]
