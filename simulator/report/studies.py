"""What studies found besides: what drives the risk, what other values would do, and how late each cluster may go.

Each is told from its document alone, the one that `drivers`, `sweep` or `latest` print with ``--json``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias

from simulator.errors import StaggerError
from simulator.plots.figure import Cell, Illustration
from simulator.plots.of_drivers import Driving
from simulator.plots.of_sweep import Sweeps
from simulator.reopen import made_with
from simulator.report.content import Block, Bullets, Grid, Paragraph, Picture, table
from simulator.report.entries import LATER, Column, and_ends, only
from simulator.report.figures import in_body
from simulator.report.subject import Study, Subject
from simulator.studies.latest import NOT_EVEN
from simulator.summary import AFTER_HORIZON
from simulator.wording import count, printable, share
from simulator.words.late_dates import at_once, out_of_reach
from simulator.words.said import name, on_date, quoted

MOST_ROWS: Final = 5
"""Rows of a study's table that the body has room for, those that matter most."""

AGAINST_BASE: Final = "In time, against the base"
NO_ANSWER: Final = "No answer, because"

Document: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """What a study says: what it asked, what came out, its figures and its tables, the most important first."""

    asked: str
    answer: tuple[str, ...]
    figures: tuple[Illustration, ...]
    grids: tuple[Grid, ...]
    notes: tuple[str, ...] = ()
    """What to mind, for those who look things up."""


def readable(study: Study, folder: Path) -> Study:
    """The same study, once all that is said of its kind was found in it.

    Raises:
        StaggerError: it was made by a version that wrote less.
    """
    try:
        KINDS[study.verb](study.document, "", "")
    except (KeyError, TypeError, AttributeError) as error:
        raise StaggerError(
            f"{folder} must hold what `{study.verb}` writes now (not found: {error}). {made_with(study.manifest)} Make "
            f"it again: {printable(str(study.manifest.get('command')))}"
        ) from error
    return study


def studies(subject: Subject) -> Iterator[Block]:
    """For the body: each study in sentences, and the first of each kind with its first figure and table."""
    seen: set[str] = set()
    for study, found in _all(subject):
        drawn = found.figures[:1] if study.verb not in seen else ()
        said = [each for each in found.answer if each not in {figure.finding for figure in drawn}]
        yield Paragraph(" ".join([f"{found.asked}, {_where(subject, study)}.", *said]))
        yield from (in_body(Picture(each)) for each in drawn)
        if study.verb not in seen:
            yield from (grid.begun(MOST_ROWS) for grid in found.grids[:1])
        seen.add(study.verb)


def in_full(subject: Subject) -> Iterator[Block]:
    """For the annex: their other figures, and tables in full."""
    seen: set[str] = set()
    for study, found in _all(subject):
        first = study.verb not in seen
        if found.notes:
            yield Paragraph(f"{found.asked}, {_where(subject, study)}. To be borne in mind:")
            yield Bullets(found.notes)
        yield from (Picture(each) for each in found.figures[1 if first else 0 :])
        yield from (grid for grid in found.grids[:1] if not first or len(grid.table.rows) > MOST_ROWS)
        yield from found.grids[1:]
        seen.add(study.verb)


def _all(subject: Subject) -> Iterator[tuple[Study, Found]]:
    """Every study; the sheets of several have a number."""
    for number, study in enumerate(subject.studies, 1):
        apart = f" {number}" if len(subject.studies) > 1 else ""
        yield study, KINDS[study.verb](study.document, apart, subject.scenario.money.unit)


def _where(subject: Subject, study: Study) -> str:
    """Under which schedule, in which scenario where it is another one, and in how many futures."""
    document, worlds = study.document, subject.worlds()
    known = {each.get("sha256") for each in study.manifest.get("scenarios", {}).values()}
    here = known & {*worlds} if known else document["scenario"] in {world.scenario for world in worlds.values()}
    other = "" if here else f" of another scenario than this briefing’s, {quoted(document['scenario'])}"
    return f"under {quoted(document['schedule'])}{other}, in {count(document['replications'], 'future')}"


# -- what drives the risk --------------------------------------------------------------------------------


def _of_drivers(document: Document, apart: str, unit: str) -> Found:
    figures = Driving(document).illustrations()
    said = (document["finding"], document["advice"])
    grids = (_exclusions(document, apart, unit), _critical(document, apart), _binding(document, apart))
    return Found(
        asked=f"What drives {document['outcome']} was studied",
        answer=tuple(filter(None, said)),
        figures=tuple(figures),
        grids=tuple(grid for grid in grids if grid.table.rows),
        notes=tuple(document["notes"]),
    )


def _exclusions(document: Document, apart: str, unit: str) -> Grid:
    """What go-live and cost would be without each risk, with each mitigation, and with each source known."""
    cost = f"Cost, {unit}"
    keys = {"days": "Go-live, days", "p80": "P80, days", "cost": cost}
    columns: list[Column] = [("Of", "text"), ("Were it", "text")]
    columns += and_ends(*((head, "money" if key == "cost" else "days") for key, head in keys.items()))
    rows = [
        [row["name"], row["how"], *(row[each] for key in keys for each in (key, f"{key}_from", f"{key}_to"))]
        for row in document["exclusion"]
    ]
    whole = table(columns, rows)
    shown = ["Of", "Were it", *(f"{keys[key]}{end}" for key in ("days", "cost") for end in ("", " from", " to"))]
    late = (
        "; not live by the horizon counts as live the day after" if document["as_it_is"]["not_by_the_horizon"] else ""
    )
    return Grid(f"actions{apart}", f"What acting would change, on average{late}", only(whole, shown), whole=whole)


def _critical(document: Document, apart: str) -> Grid:
    columns: list[Column] = [("Stage", "text"), *and_ends(("Critical", "share"))]
    rows = [[row["stage"], row["share"], row["from"], row["to"]] for row in document["criticality"]]
    return Grid(f"critical{apart}", "How often each stage was critical", table(columns, rows))


def _binding(document: Document, apart: str) -> Grid:
    columns: list[Column] = [("What", "text"), *and_ends(("Waited for", "share"))]
    rows = [[row["what"], row["share"], row["from"], row["to"]] for row in document["binding"]]
    return Grid(f"binding{apart}", "What critical work waited for", table(columns, rows))


# -- what other values would do --------------------------------------------------------------------------


def _of_sweep(document: Document, apart: str, unit: str) -> Found:
    """Points with the largest chance of being in time first; the figure says which they are."""
    figures = tuple(Sweeps(document).illustrations())
    base = [f"{name(path)} = {name(str(value))}" for path, value in (document["base"] or {}).items()]
    held = [f"The base, which the others are held against, is {' and '.join(base)}."] if base else []
    return Found(
        asked=f"Other values of {' and '.join(map(quoted, document['vary']))} were tried",
        answer=(figures[0].finding, *held),
        figures=figures,
        grids=(_points(document, apart, unit),),
    )


def _points(document: Document, apart: str, unit: str) -> Grid:
    figures: dict[str, Column] = {
        "on_time": ("In time", "share"),
        "p50": ("Last live, P50", "date"),
        "p80": ("Last live, P80", "date"),
        "unsupported_days": ("Days unsupported, mean", "days"),
        "failures": ("Failures, mean", "number"),
        "cost": (f"Cost, mean, {unit}", "money"),
        "npv": (f"Net present value, mean, {unit}", "money"),
    }
    less: dict[str, Column] = {
        "on_time": ("In time, less the base", "share"),
        "p80": ("Last live, P80, less the base, days", "days"),
    }
    paths = [name(path) for path in document["vary"]]
    columns: list[Column] = [*((path, "text") for path in paths), *and_ends(*figures.values(), *less.values())]
    columns += [(AGAINST_BASE, "text"), (NO_ANSWER, "text")]
    ranked = sorted(document["points"], key=lambda point: -1.0 if point["on_time"] is None else -point["on_time"])
    keys = [*figures, *(f"{key}_less_base" for key in less)]
    whole = table(columns, [_point(point, list(document["vary"]), keys) for point in ranked])
    heads = {key: head for key, (head, _) in figures.items()}
    shown = [
        *paths,
        *(f"{heads['on_time']}{end}" for end in ("", " from", " to")),
        AGAINST_BASE,
        heads["p80"],
        heads["cost"],
    ]
    shown += [NO_ANSWER] if any(point["infeasible"] for point in ranked) else []
    return Grid(f"sweep{apart}", "What other values would do, the best first", only(whole, shown), whole=whole)


def _point(point: Document, paths: list[str], figures: list[str]) -> list[Cell]:
    ends = (_cell(point[f"{figure}{end}"]) for figure in figures for end in ("", "_low", "_high"))
    values = (name(str(point[path])) for path in paths)
    return [*values, *ends, point["on_time_verdict"], name(point["infeasible"]) or None]


# -- how late each cluster may go ------------------------------------------------------------------------


def _of_latest(document: Document, apart: str, unit: str) -> Found:
    ends = "deadline" if document["deadline"] else "horizon"
    last = f"the {ends}, {on_date(date.fromisoformat(document[ends]))}"
    support = "the first end of support of its systems"
    when = {"support": support, "deadline": last, "both": f"{last}, and by {support}"}
    aim = f"live by {when[document['by']]}, in {share(document['confidence'])} of futures"
    asked = f"How late each cluster may go to market, the others as scheduled, and still be {aim}, was looked for"
    return Found(asked, tuple(filter(None, _kept(document))), (), (_latest(document, apart),))


def _kept(document: Document) -> Iterator[str]:
    """Who cannot keep the confidence, and what becomes of those that can when all of them go on their dates."""
    clusters, confidence, together = document["clusters"], document["confidence"], document["together"]
    beyond = [(cluster, each["chance"]) for cluster, each in clusters.items() if each["latest"] == NOT_EVEN]
    yield out_of_reach(beyond, len(clusters), confidence)
    if together is not None:
        yield at_once(list(together["dates"]), confidence, together["all"]["p"], together["shift_days"])


def _latest(document: Document, apart: str) -> Grid:
    columns: list[Column] = [("Cluster", "text"), ("As scheduled", "date"), *and_ends(("Latest date", "date"))]
    columns += and_ends(("In time then", "share"), ("In time as scheduled", "share"))
    rows = [
        [
            cluster,
            *map(_cell, (each["scheduled"], each["latest"], *each["interval"])),
            *(each["chance"], *each["chance_interval"]),
            *(each["chance_as_scheduled"], *each["chance_as_scheduled_interval"]),
        ]
        for cluster, each in document["clusters"].items()
    ]
    whole = table(columns, rows)
    shown = [
        "Cluster",
        "As scheduled",
        *(f"Latest date{end}" for end in ("", " from", " to")),
        "In time then",
        "In time as scheduled",
    ]
    return Grid(f"latest{apart}", "How late each cluster may go to market", only(whole, shown), whole=whole)


def _cell(value: Any) -> Cell:
    """Dates as dates; what is said of them in words as it is."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        return LATER if value == AFTER_HORIZON else value


KINDS: Final[Mapping[str, Callable[[Document, str, str], Found]]] = {
    "drivers": _of_drivers,
    "sweep": _of_sweep,
    "latest": _of_latest,
}
