"""Which figures a briefing shows: few in the body, and in the annex those that say something else again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from simulator.report import behind
from simulator.report.content import Picture
from simulator.report.subject import Case, Subject
from simulator.store import folder_names

HIGHEST: Final = 2.7
"""Inches that a figure of the body is high at most, so that three leave room for words on two or three pages."""
MOST_WATERFALLS: Final = 1
"""Differences in time that are drawn; sentences and tables have the others."""
MOST_RESOURCES: Final = 4
FEWER_RESOURCES: Final = 1
"""Resources whose use is drawn, those with the longest lines, for one schedule and in a comparison."""
OF_THE_FIRST: Final = ("s-curve", "gantt-bands", "time-spent", "unsupported", "by-year")
"""Figures of the schedule ranked first that a comparison shows besides its own."""


class Album:
    """The figures of a briefing, of which each is shown once: where its section takes it, or in the annex."""

    def __init__(self, pictures: Iterable[Picture]) -> None:
        self.left = list(pictures)

    def take(self, *names: str) -> list[Picture]:
        """The first figure of one of these names; nothing where it is gone, or never was."""
        return self._first([each for each in self.left if each.name in names])

    def take_short(self, *names: str) -> list[Picture]:
        """The first of these names whose table can stand beside it; one of very many rows is for the annex."""
        found = sorted((each for each in self.left if each.name in names), key=lambda each: names.index(each.name))
        return self._first([each for each in found if each.beside])

    def _first(self, found: Sequence[Picture]) -> list[Picture]:
        for each in found[:1]:
            self.left.remove(each)
        return [in_body(each) for each in found[:1]]

    def rest(self) -> tuple[Picture, ...]:
        """All figures that no section took."""
        return tuple(self.left)


def in_body(picture: Picture) -> Picture:
    """The same as the body has room for it."""
    return replace(picture, illustration=picture.illustration.lowered(HIGHEST), in_body=True)


def figures(subject: Subject) -> Iterator[Picture]:
    """The figures of a subject in order: those of the comparison, then those of the schedule ranked first."""
    case = subject.first
    plot = case.result.plot
    names: tuple[str, ...] = plot.names()
    if subject.comparison is None:
        capacity = _longest_lines(case, MOST_RESOURCES)
        yield from (_of_case(case, name) for name in names if not _is_capacity(name) or name in capacity)
        return
    whole = subject.comparison.plot
    for name in whole.names():
        if _waterfall(name) <= MOST_WATERFALLS:
            figure = whole.illustrate(name)
            yield Picture(figure, whole=behind.of_comparison(subject, figure))
    shown = (*OF_THE_FIRST, *_longest_lines(case, FEWER_RESOURCES))
    yield from (_of_case(case, name) for name in names if name in shown)


def _of_case(case: Case, name: str) -> Picture:
    figure = case.result.plot.illustrate(name)
    return Picture(figure, whole=behind.of_case(case, figure))


def _is_capacity(name: str) -> bool:
    return name.startswith("capacity-")


def _waterfall(name: str) -> int:
    """The number of a waterfall; 0 for another figure."""
    found = re.fullmatch(r"waterfall-(\d+)", name)
    return int(found[1]) if found else 0


def _longest_lines(case: Case, most: int) -> list[str]:
    """The figures of the resources that are waited for longest."""
    resources = case.summary["resources"]
    names = dict(zip(resources, (f"capacity-{folder}" for folder in folder_names(list(resources))), strict=True))
    return [names[each] for each in sorted(resources, key=lambda each: -resources[each]["mean_wait_days"])][:most]
