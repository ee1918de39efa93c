"""A briefing put together: two pages or three that are read, and annexes that things are looked up in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from simulator.report.answer import answer, asked, glance, question, schedules
from simulator.report.comparing import comparing, every_comparison
from simulator.report.content import MOST_COLUMNS, Briefing, Picture, Section, letter
from simulator.report.doubts import doubts
from simulator.report.figures import Album, figures
from simulator.report.provenance import assumptions, reproduction, verification
from simulator.report.reading import reading
from simulator.report.results import results
from simulator.report.risks import in_full as risks_in_full
from simulator.report.risks import risks
from simulator.report.scope import scope
from simulator.report.studies import in_full as studies_in_full
from simulator.report.subject import Subject
from simulator.report.verification import Check

Annex: TypeAlias = Callable[[str], Section]


def briefing(subject: Subject, checks: tuple[Check, ...]) -> Briefing:
    """All that is to be said about a subject, whose numbers were checked."""
    album = Album(figures(subject))
    body = (
        answer(subject, checks, album),
        asked(subject),
        *comparing(subject, album),
        risks(subject, album),
        doubts(subject, album),
        scope(subject),
    )
    return Briefing(
        title=subject.scenario.scenario,
        subtitle=f"{question(subject)} A briefing from simulated futures.",
        body=body,
        annexes=_annexes(subject, checks, album.rest()),
        unit=subject.scenario.money.unit,
        made=subject.made,
    ).numbered()


def _annexes(subject: Subject, checks: tuple[Check, ...], pictures: tuple[Picture, ...]) -> tuple[Section, ...]:
    found: list[tuple[str, Annex]] = []
    if pictures:
        found.append(("Further figures", lambda title: Section(title, pictures)))
    found.append(("Results in full", lambda title: _results(subject, title)))
    if subject.comparison is not None:
        found.append(("Every comparison", lambda title: every_comparison(subject, title)))
    if studies := tuple(studies_in_full(subject)):
        found.append(("Studies in full", lambda title: Section(title, studies)))
    found += [
        ("Assumption register", lambda title: assumptions(subject, title)),
        ("Verification record", lambda title: verification(checks, title)),
        ("How to have the same numbers", lambda title: reproduction(subject, title)),
        ("How to read the numbers", reading),
    ]
    return tuple(make(f"Annex {letter(place)}. {title}") for place, (title, make) in enumerate(found))


def _results(subject: Subject, title: str) -> Section:
    """Schedules beside each other where the body has no room for them, and each with all that its summary says."""
    dates, answers = schedules(subject), glance(subject)
    blocks = [answers] if answers.is_long else []
    if dates is not None and (dates.is_long or len(subject.cases) > MOST_COLUMNS):
        blocks.append(dates)
    parts = tuple(results(case, number) for number, case in enumerate(subject.cases, 1))
    return Section(title, (*blocks, *risks_in_full(subject)), parts)
