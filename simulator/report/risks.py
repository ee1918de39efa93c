"""The risks: who is not live in time, who is used without support, and what is never finished."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from simulator.plots.figure import Cell
from simulator.report.content import MOST_COLUMNS, Block, Bullets, Grid, Paragraph, Section, table
from simulator.report.entries import Column, Entry, and_ends, called, chance, only, with_ends
from simulator.report.figures import Album
from simulator.report.in_time import by_when, not_done, too_late, without_support
from simulator.report.subject import Case, Subject
from simulator.scenario.support import ending, extendable
from simulator.words.likelihood import likelihood
from simulator.words.said import NOT_APPLICABLE, listed, quoted
from simulator.words.stranded import STRANDED, activity_in_words, never_served

MOST_SYSTEMS: Final = 6
MOST_STRANDED: Final = 3
WITHOUT: Final = "Any day without support"
PAST: Final = "Used past the end of support, on a paid extension or not"

Cells: TypeAlias = list[Cell]
Chances: TypeAlias = Callable[[Case, str], Cells]
"""A probability and the ends of its interval, of a cluster or system under a schedule."""
NOBODY: Final[Cells] = [None, None, None]
"""Stands where a world has no such cluster or system."""
NEVER_ASKED: Final[Cells] = [NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE]
"""Stands where a system's support does not end, or no extension is on offer."""


def risks(subject: Subject, album: Album) -> Section:
    """What may go wrong, and how likely it is: under the schedule ranked first, and beside it under the others."""
    case = subject.first
    blocks: list[Block] = [Paragraph(_worst(case))]
    late = _late(subject)
    if len(subject.cases) <= MOST_COLUMNS:
        blocks.append(late.begun())
    if case.scenario.legacy:
        blocks += [Paragraph(_unsupported(case)), _systems(case).begun(MOST_SYSTEMS)]
    blocks += album.take_short("risk-unsupported", "unsupported")
    sentences = tuple(_stranded(subject))
    blocks.append(Bullets(sentences) if sentences else Paragraph(_NOT_STRANDED))
    return Section("The risks", tuple(blocks))


def in_full(subject: Subject) -> Iterator[Grid]:
    """The tables of risks that the body has no room for: every schedule beside the others."""
    late = _late(subject)
    if late.is_long or len(subject.cases) > MOST_COLUMNS:
        yield late
    if any(case.scenario.legacy for case in subject.cases):
        systems = _systems(subject.first)
        yield from [systems] if len(systems.table.rows) > MOST_SYSTEMS else []
        yield _side_by_side(subject, "days without support", "Chance of any day without support", "legacy", _without)
        yield _side_by_side(subject, "past support", f"{PAST}: chance", "legacy", _past)
        yield _days(subject)


_NOT_STRANDED: Final = "Nothing is stranded in any future: what is not finished by the horizon only needs longer."


# -- in sentences ----------------------------------------------------------------------------------------


def _worst(case: Case) -> str:
    chances = [(1 - entry["on_time"]["p"], cluster) for cluster, entry in case.summary["clusters"].items()]
    under, when = f"Under {quoted(case.name)}", by_when(case.scenario)
    if not (said := _likeliest(chances)):
        return f"{under}, every cluster is live by {when} in every future."
    if sole := _sole(chances):
        (p, cluster), what = sole, "fails to be live by" if case.scenario.deadline is None else "misses"
        return f"{under}, only {quoted(cluster)} ever {what} {when}: {likelihood(p)}."
    what = "not to be live by" if case.scenario.deadline is None else "to miss"
    return f"{under}, these clusters are the likeliest {what} {when}: {said}."


def _unsupported(case: Case) -> str:
    chances = [(without_support(case, system)["p"], system) for system in ending(case.scenario)]
    under = f"Under {quoted(case.name)}"
    if not chances:
        return "Support does not end for any of the legacy systems, so that none is used without it."
    if not (said := _likeliest(chances)):
        return f"{under}, no legacy system is used without support in any future."
    if sole := _sole(chances):
        return f"{under}, only {quoted(sole[1])} is ever used without support for a day or more: {likelihood(sole[0])}."
    return f"{under}, these systems are used without support for a day or more, the likeliest first: {said}."


def _sole(chances: Sequence[tuple[float, str]]) -> tuple[float, str] | None:
    """The only one that is ever seen; None where there are others, or none at all."""
    seen = [each for each in chances if each[0] > 0]
    return seen[0] if len(seen) == 1 else None


def _likeliest(chances: Sequence[tuple[float, str]]) -> str:
    """The three likeliest, and how many others there are; nothing where none is ever seen."""
    ranked = sorted(chances, key=lambda each: -each[0])
    return listed([f"{quoted(each)} {likelihood(p)}" for p, each in ranked if p > 0], 3)


def _stranded(subject: Subject) -> Iterator[str]:
    """What can never be finished under the schedule ranked first, and whether anything is under the others."""
    first = subject.first
    found = _causes(first.summary["unfinished"])
    ranked = sorted(found, key=lambda why: -max(p for _, p in found[why]))
    network = first.result.model.network
    for why in ranked[:MOST_STRANDED]:
        said = [(activity_in_words(activity, network), p) for activity, p in found[why]]
        yield f"Under {quoted(first.name)}, {never_served(said, why, first.scenario)}."
    if len(ranked) > MOST_STRANDED:
        left = [why.removeprefix(STRANDED) for why in ranked[MOST_STRANDED:]]
        yield f"Under {quoted(first.name)}, work is stranded for want of {listed(called(left))} too; the annex has it."
    others = [each for each in subject.cases if each is not first and _causes(each.summary["unfinished"])]
    if others:
        also = " too" if found else ""
        under = listed(called([each.name for each in others]))
        yield f"Under {under} something is stranded{also}; the annex lists what."


def _causes(unfinished: Mapping[str, Any]) -> dict[str, list[tuple[str, float]]]:
    """Why something is stranded, to the activities that are, each with how often."""
    found: dict[str, list[tuple[str, float]]] = {}
    for activity, entry in unfinished.items():
        for why, p in entry["by"].items():
            if why.startswith(STRANDED):
                found.setdefault(why, []).append((activity, p))
    return found


# -- in tables -------------------------------------------------------------------------------------------


def _late(subject: Subject) -> Grid:
    """The chance of each cluster of not being in time, the worst first below that of any of them."""
    scenario, cases = subject.scenario, subject.cases
    any_of: list[list[Cell]] = [["any of them"]]
    any_of[0] += [each for case in cases for each in chance(case.summary["programme"]["on_time"], of_not=True)]
    if scenario.deadline is not None:
        any_of.append(["any of them, not live by the horizon either"])
        any_of[1] += [each for case in cases for each in chance(not_done(case))]
    under = " under any schedule" if len(cases) > 1 else ""
    caption = f"Chance of {too_late(scenario)}, the worst{under} first"
    return _side_by_side(subject, "missed", caption, "clusters", _on_time, any_of)


def _side_by_side(
    subject: Subject, sheet: str, caption: str, of: str, chances: Chances, above: Sequence[Sequence[Cell]] = ()
) -> Grid:
    """A probability for each cluster or system, a column for each schedule; its sheet has the intervals."""
    found = {
        each: [chances(case, each) for case in subject.cases] for case in subject.cases for each in case.summary[of]
    }
    ranked = sorted(found, key=lambda each: -max(map(_size, (row[0] for row in found[each]))))
    columns: list[Column] = [("Cluster" if of == "clusters" else "Legacy system", "text")]
    columns += and_ends(*((case.name, "share") for case in subject.cases))
    rows = [*above, *([each, *(cell for row in found[each] for cell in row)] for each in ranked)]
    whole = table(columns, rows)
    return Grid(sheet, caption, only(whole, [columns[0][0], *(case.name for case in subject.cases)]), whole=whole)


def _size(p: Cell) -> float:
    """Where a chance stands among others; below all of them where there is none."""
    return p if isinstance(p, float) else -1.0


def _on_time(case: Case, cluster: str) -> Cells:
    entry = case.summary["clusters"].get(cluster)
    return NOBODY if entry is None else list(chance(entry["on_time"], of_not=True))


def _without(case: Case, system: str) -> Cells:
    return _of_ending(case, system, lambda: without_support(case, system))


def _past(case: Case, system: str) -> Cells:
    return _of_ending(case, system, lambda: case.summary["legacy"][system]["in_use_past_end_of_support"])


def _of_ending(case: Case, system: str, entry: Callable[[], Entry]) -> Cells:
    """Of a system whose support ends."""
    if system not in case.summary["legacy"]:
        return NOBODY
    return list(chance(entry())) if system in ending(case.scenario) else NEVER_ASKED


def _extended(case: Case, system: str) -> Cells:
    on_offer = system in extendable(case.scenario)
    return list(chance(case.summary["legacy"][system]["extended"])) if on_offer else NEVER_ASKED


def _systems(case: Case) -> Grid:
    """Each legacy system under one schedule, the likeliest to be without support first."""
    columns: list[Column] = [("Legacy system", "text")]
    columns += and_ends((WITHOUT, "share"), (PAST, "share"), ("Extension bought", "share"))
    rows: list[list[Cell]] = [
        [system, *_without(case, system), *_past(case, system), *_extended(case, system)]
        for system in case.summary["legacy"]
    ]
    rows.sort(key=lambda row: (-_size(row[1]), -_size(row[4])))
    whole = table(columns, rows)
    shown = only(whole, ["Legacy system", WITHOUT, f"{WITHOUT} from", f"{WITHOUT} to", PAST, "Extension bought"])
    return Grid(
        "systems", f"Legacy systems under {quoted(case.name)}, the likeliest without support first", shown, whole=whole
    )


def _days(subject: Subject) -> Grid:
    columns: list[Column] = [("Schedule", "text")]
    columns += and_ends(*((head, "days") for head in ("Mean", "P50", "P80", "P90")))
    columns += and_ends(("Failures, mean", "number"), ("Any failure", "share"))
    whole = table(columns, [_days_row(case) for case in subject.cases])
    shown = only(
        whole, ["Schedule", "Mean", "Mean from", "Mean to", "P50", "P80", "P90", "Failures, mean", "Any failure"]
    )
    return Grid("days unsupported", "Days without support, added up over systems", shown, whole=whole)


def _days_row(case: Case) -> list[Cell]:
    days, failures = (case.summary["programme"][key] for key in ("unsupported_days", "failures"))
    return [
        case.name,
        *with_ends(days, "mean", "p50", "p80", "p90"),
        *with_ends(failures, "mean"),
        *chance(failures["any"]),
    ]
