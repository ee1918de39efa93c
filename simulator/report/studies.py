"""What studies found besides: what drives the risk, what other values would do, and how late each cluster may go.

Each is told from its document alone, the one that `drivers`, `sweep` or `latest` print with ``--json``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias

from simulator.plots.figure import Cell, Kind, Table
from simulator.plots.of_drivers import LONGEST_OUTCOME, Driving
from simulator.plots.of_latest import Latest, soonest_first
from simulator.plots.of_sweep import Sweeps, head, point_in_words
from simulator.reopen import written_now
from simulator.report.content import Block, Bullets, Grid, Paragraph, Picture, table
from simulator.report.entries import Column, and_ends, only, points
from simulator.report.figures import in_body
from simulator.report.subject import Study, Subject
from simulator.studies.drivers.aim import MONEY
from simulator.studies.latest import WITHOUT_DATE, beyond, floored, gaps
from simulator.summary import AFTER_HORIZON
from simulator.wording import count, cut_off, of_futures, share, shortened
from simulator.words.inputs import called
from simulator.words.late_dates import NO_DATE, at_once, limits
from simulator.words.paths import value_in_words
from simulator.words.said import LATER, name, quoted

MOST_ROWS: Final = 5
"""Rows of a study's table that the body has room for, those that matter most."""
MOST_DRAWN: Final = 12
"""Clusters that a figure has room for which is as low as those of the body."""

AGAINST_BASE: Final = "In time, against the base"
SHOWN: Final = (
    "Cluster",
    "As scheduled",
    *(f"Latest date{end}" for end in ("", " from", " to")),
    "In time then",
    "In time as scheduled",
)
"""Columns of latest dates that a page has room for."""
NO_ANSWER: Final = "No answer, because"
IN_FILES: Final = "Name in files"

Document: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """What a study says: what it asked, what came out, its figures and its tables, the most important first."""

    asked: str
    answer: tuple[str, ...]
    pictures: tuple[Picture, ...] = ()
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()
    """What to mind, for those who look things up."""
    drawn: int = 1
    """How many of the figures are for the body."""
    behind: Grid | None = None
    """The table behind the first figure, of which the body has the first rows where it is long."""


def readable(study: Study, folder: Path) -> Study:
    """The same study, once all that is said of its kind was found in it.

    Raises:
        StaggerError: it was made by a version that wrote less.
    """
    with written_now(folder, study.manifest):
        KINDS[study.verb](study.document, "")
    return study


def studies(subject: Subject) -> Iterator[Block]:
    """For the body: each study in sentences, and the first of each kind with its first figure and table."""
    seen: set[str] = set()
    for study, found in _all(subject):
        first = study.verb not in seen
        drawn = found.pictures[: found.drawn] if first else ()
        said = [each for each in found.answer if each not in {picture.illustration.finding for picture in drawn}]
        yield Paragraph(" ".join([f"{found.asked}, {_where(subject, study)}.", *said]))
        yield from map(in_body, drawn)
        if first:
            yield from (grid.begun(MOST_ROWS) for grid in found.grids[:1])
            yield from () if found.behind is None else (found.behind.begun(MOST_ROWS),)
        seen.add(study.verb)


def _best(picture: Picture) -> Grid | None:
    """Very many points, the best first; the table behind the figure, in the annex, has them all."""
    if picture.beside:
        return None
    of = picture.illustration.table
    chance = of.kinds.index("share")
    ranked = sorted(of.rows, key=lambda row: -1.0 if row[chance] is None else -float(str(row[chance])))
    return Grid(picture.name, "What other values would do, the best first", replace(of, rows=tuple(ranked)))


def in_full(subject: Subject) -> Iterator[Block]:
    """For the annex: their other figures, and tables in full."""
    seen: set[str] = set()
    for study, found in _all(subject):
        first = study.verb not in seen
        if found.notes:
            yield Paragraph(f"{found.asked}, {_where(subject, study)}. To be borne in mind:")
            yield Bullets(found.notes)
        yield from found.pictures[found.drawn if first else 0 :]
        yield from (grid for grid in found.grids[:1] if not first or len(grid.table.rows) > MOST_ROWS)
        yield from found.grids[1:]
        seen.add(study.verb)


def _all(subject: Subject) -> Iterator[tuple[Study, Found]]:
    """Every study; the sheets of several have a number."""
    for number, study in enumerate(subject.studies, 1):
        apart = f" {number}" if len(subject.studies) > 1 else ""
        yield study, KINDS[study.verb](study.document, apart)


def _where(subject: Subject, study: Study) -> str:
    """Under which schedule, in which scenario where it is another one, and in how many futures."""
    document, worlds = study.document, subject.worlds()
    known = {each.get("sha256") for each in study.manifest.get("scenarios", {}).values()}
    here = known & {*worlds} if known else document["scenario"] in {world.scenario for world in worlds.values()}
    other = "" if here else f" of another scenario than this briefing’s, {quoted(document['scenario'])}"
    return f"under {quoted(document['schedule'])}{other}, in {count(document['replications'], 'future')}"


# -- what drives the risk --------------------------------------------------------------------------------


def _of_drivers(document: Document, apart: str) -> Found:
    said = (document["finding"], document["advice"])
    grids = (_exclusions(document, apart), _critical(document, apart), _binding(document, apart))
    return Found(
        asked=f"What drives {shortened(document['outcome'], LONGEST_OUTCOME)} was studied",
        answer=tuple(filter(None, said)),
        pictures=tuple(map(Picture, Driving(document).illustrations())),
        grids=tuple(grid for grid in grids if grid.table.rows),
        notes=tuple(document["notes"]),
    )


def _exclusions(document: Document, apart: str) -> Grid:
    """What the outcome, go-live and cost would be without each risk, with each mitigation, with each source known."""
    effect = _outcome(document)
    cost: Column = (f"Cost, {document['money']}", "money")
    figures: dict[str, Column] = {
        "effect": effect,
        "days": ("Go-live, days", "days"),
        "p80": ("P80, days", "days"),
        "cost": cost,
    }
    if _is_go_live(document):
        del figures["effect"]
    elif effect == cost:
        del figures["cost"]
    columns: list[Column] = [
        ("Of", "text"),
        ("Were it", "text"),
        *and_ends(*figures.values()),
        (IN_FILES, "text"),
    ]
    rows = [_exclusion(row, document["words"], figures) for row in document["exclusion"]]
    whole = table(columns, rows)
    first, *others = (head for key, (head, _) in figures.items() if key != "p80")
    shown = only(whole, ["Of", "Were it", first, f"{first} from", f"{first} to", *others])
    late = document["as_it_is"]["not_by_the_horizon"]
    counted = "; not live by the horizon counts as live the day after" if late else ""
    return Grid(f"actions{apart}", f"What acting would change, on average{counted}", shown, whole=whole)


def _exclusion(row: Document, words: Mapping[str, str], figures: Mapping[str, Column]) -> list[Cell]:
    amounts: list[Cell] = []
    for key, (_, kind) in figures.items():
        ends = (row[f"{key}{end}"] for end in ("", "_from", "_to"))
        amounts += map(points, ends) if kind == "points" else ends
    return [called(row["name"], words), row["how"], *amounts, name(row["name"])]


def _is_go_live(document: Document) -> bool:
    """Whether the outcome is the go-live that days are counted by."""
    return bool(document["of"] == ("go_live" if document["cluster"] else "finish"))


def _outcome(document: Document) -> Column:
    """The outcome as the head of a column of changes, with its unit."""
    units: dict[str, tuple[str, Kind]] = {
        "on_time": ("percentage points", "points"),
        "failures": ("number", "number"),
        **dict.fromkeys(MONEY, (document["money"], "money")),
    }
    unit, kind = units.get(document["of"], ("days", "days"))
    said = shortened(head(document["outcome"]), LONGEST_OUTCOME)
    return f"{said}, {unit}", kind


def _critical(document: Document, apart: str) -> Grid:
    words = document["words"]
    rows = [[called(row["stage"], words), row["share"], row["from"], row["to"]] for row in document["criticality"]]
    columns: list[Column] = [("Stage", "text"), ("Critical in", "share"), ("from", "share"), ("to", "share")]
    return Grid(f"critical{apart}", "How often each stage was critical", table(columns, rows))


def _binding(document: Document, apart: str) -> Grid:
    columns: list[Column] = [("What", "text"), ("Waited for in", "share"), ("from", "share"), ("to", "share")]
    rows = [[row["what"], row["share"], row["from"], row["to"]] for row in document["binding"]]
    return Grid(f"binding{apart}", "What critical work waited for", table(columns, rows))


# -- what other values would do --------------------------------------------------------------------------


def _of_sweep(document: Document, apart: str) -> Found:
    """What the values are is in the figure's title; its table is that of all points."""
    (figure,) = Sweeps(document).illustrations()
    words: Mapping[str, str] = document["words"]
    base = point_in_words(document["base"], words) if document["base"] else ""
    own = "as in the scenario" if document["base_as_written"] else "the first of them, for none is the scenario’s own"
    late = [point["not_live"] for point in document["points"] if point["not_live"] is not None]
    said = [f"The base, which the others are held against, is {base}, {own}."] if base else []
    if any(late):
        said.append(cut_off(of_futures(late)))
    picture = Picture(figure, whole=_points(document))
    return Found(
        asked=f"Other values of {' and '.join(words.values())} were tried",
        answer=(figure.finding, *said),
        pictures=(picture,),
        behind=_best(picture),
    )


def _points(document: Document) -> Table:
    """All that a sweep says of its points, for a sheet: paths as they are in files, figures with their intervals."""
    unit = document["money"]
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
        "p80": ("Last live, P80, less the base, days", "days"),
        "on_time": ("In time, less the base, percentage points", "points"),
    }
    columns: list[Column] = [*((name(path), "text") for path in document["vary"])]
    columns += and_ends(*figures.values(), *less.values())
    columns += [(AGAINST_BASE, "text"), (NO_ANSWER, "text")]
    rows = [_point(point, list(document["vary"]), list(figures), list(less)) for point in document["points"]]
    return table(columns, rows)


def _point(point: Document, paths: list[str], figures: list[str], less: list[str]) -> list[Cell]:
    values = (name(str(point[path])) for path in paths)
    ends = (_cell(point[f"{figure}{end}"]) for figure in figures for end in ("", "_low", "_high"))
    changes = {figure: [point[f"{figure}_less_base{end}"] for end in ("", "_low", "_high")] for figure in less}
    changes["on_time"] = [points(change) for change in changes["on_time"]]
    apart = (change for each in changes.values() for change in each)
    return [*values, *ends, *apart, point["on_time_verdict"], name(point["infeasible"]) or None]


# -- how late each cluster may go ------------------------------------------------------------------------


def _of_latest(document: Document, apart: str) -> Found:
    """The figure where the body has room for all clusters, else the first rows of its table."""
    in_time = limits(document["by"], document["deadline"], document["horizon"])
    aim = f"{in_time}, in {share(document['confidence'])} of futures"
    whole = _latest(document)
    picture = Picture(Latest(document).illustrate("latest-dates"), whole=whole)
    dated = any(each["latest"] not in WITHOUT_DATE for each in document["clusters"].values())
    fits = len(document["clusters"]) <= MOST_DRAWN
    grid = Grid(picture.name, "How late each cluster may go to market", only(whole, SHOWN), whole=whole)
    return Found(
        asked=f"How late each cluster may go to market, the others as scheduled, and still be {aim}, was looked for",
        answer=(*([picture.illustration.finding] if dated else []), *filter(None, _kept(document))),
        pictures=(picture,),
        drawn=int(fits),
        behind=None if fits else grid,
    )


def _kept(document: Document) -> Iterator[str]:
    """Who cannot keep the confidence, and what becomes of those that can when all of them go on their dates."""
    clusters, confidence, together = document["clusters"], document["confidence"], document["together"]
    yield from beyond(clusters, confidence, dated=value_in_words)
    yield from gaps(clusters, dated=value_in_words)
    if together is not None:
        dates, shift = list(together["dates"]), together["shift_days"]
        yield at_once(dates, confidence, together["all"]["p"], shift, floored(document))


def _latest(document: Document) -> Table:
    """All that is said of each cluster, for a sheet."""
    columns: list[Column] = [("Cluster", "text"), ("As scheduled", "date"), *and_ends(("Latest date", "date"))]
    columns += and_ends(("In time then", "share"), ("In time as scheduled", "share"))
    columns += [("Best date", "date"), ("Not on", "date"), ("In time on that day", "share")]
    rows = [
        [
            cluster,
            *map(_latest_day, (each["scheduled"], each["latest"], *each["interval"])),
            *(each["chance"], *each["chance_interval"]),
            *(each["chance_as_scheduled"], *each["chance_as_scheduled_interval"]),
            *(_cell(each["best"]), _cell(each["not_on"]), each["chance_not_on"]),
        ]
        for cluster, each in soonest_first(document["clusters"])
    ]
    return table(columns, rows)


def _latest_day(day: str) -> Cell:
    return NO_DATE if day in WITHOUT_DATE else _cell(day)


def _cell(value: Any) -> Cell:
    """Dates as dates; what is said of them in words as it is."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        return LATER if value == AFTER_HORIZON else value


KINDS: Final[Mapping[str, Callable[[Document, str], Found]]] = {
    "drivers": _of_drivers,
    "sweep": _of_sweep,
    "latest": _of_latest,
}
