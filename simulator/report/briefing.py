"""A briefing put together: two pages that are read, and annexes that things are looked up in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from simulator.report.answer import MOST_DATES, answer, question, schedules
from simulator.report.comparing import all_pairs, comparing
from simulator.report.content import Block, Briefing, Picture, Section, letter
from simulator.report.doubts import doubts
from simulator.report.drivers import further
from simulator.report.figures import Album, figures
from simulator.report.provenance import assumptions, reproduction, verification
from simulator.report.reading import reading
from simulator.report.results import results
from simulator.report.risks import risks
from simulator.report.scope import scope
from simulator.report.subject import Subject
from simulator.report.verification import Check

Annex: TypeAlias = Callable[[str], Section]


def briefing(subject: Subject, checks: tuple[Check, ...]) -> Briefing:
    """All that is to be said about a subject, whose numbers were checked."""
    album = Album(figures(subject))
    body = (
        question(subject),
        answer(subject, checks, album),
        *comparing(subject, album),
        risks(subject, album),
        doubts(subject),
        scope(subject),
    )
    return Briefing(
        title=subject.scenario.scenario,
        subtitle="When should each buyer go to market? A briefing from simulated futures",
        body=body,
        annexes=_annexes(subject, checks, (*album.rest(), *further(subject))),
        unit=subject.scenario.money.unit,
        made=subject.made,
    ).numbered()


def _annexes(subject: Subject, checks: tuple[Check, ...], pictures: tuple[Picture, ...]) -> tuple[Section, ...]:
    found: list[tuple[str, Annex]] = []
    if pictures:
        found.append(("Further figures", lambda title: Section(title, pictures)))
    found.append(("Results in full", lambda title: _results(subject, title)))
    if subject.comparison is not None:
        found.append(("Every comparison", lambda title: Section(title, tuple(all_pairs(subject)))))
    found += [
        ("Assumption register", lambda title: assumptions(subject, title)),
        ("Verification record", lambda title: verification(checks, title)),
        ("How to have the same numbers", lambda title: reproduction(subject, title)),
        ("How to read the numbers", reading),
    ]
    return tuple(make(f"Annex {letter(place)}. {title}") for place, (title, make) in enumerate(found))


def _results(subject: Subject, title: str) -> Section:
    parts = tuple(results(case, number) for number, case in enumerate(subject.cases, 1))
    many = len(subject.scenario.clusters) * len(subject.cases) > MOST_DATES
    blocks: tuple[Block, ...] = tuple(schedules(subject)) if many else ()
    return Section(title, blocks, parts)
