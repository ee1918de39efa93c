"""A Gantt in text: one row per activity, time from left to right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from simulator.days import NEVER, date_of, day_of, month_after
from simulator.timeline import Timeline
from simulator.wording import shortened

BLOCKS: Final = {"waits": "·", "works": "█", "board": "▒"}
PLAIN: Final = {"waits": ".", "works": "#", "board": "="}
"""For terminals that cannot show blocks."""

LEAST_GAP: Final = 11
"""Columns between two dates on the axis, at least."""


def bars(timeline: Timeline, column: int, width: int, encoding: str) -> Iterator[str]:
    """Lines of text, none wider than ``width``; activities that were not begun or were skipped are left out."""
    rows = [a for a in range(len(timeline.activities)) if _is_shown(timeline, a, column)]
    if not rows:
        return
    signs = BLOCKS if _can_show(encoding) else PLAIN
    label = min(max(len(timeline.activities[a]) for a in rows), max(width // 3, 10))
    scale = _Scale(timeline, rows, column, width - label - 2)
    yield f"{'':{label}}  {scale.axis()}".rstrip()
    for a in rows:
        yield f"{shortened(timeline.activities[a], label):{label}}  {_bar(timeline, a, column, scale, signs)}".rstrip()
    yield f"{'':{label}}  {signs['waits']} waits   {signs['works']} works   {signs['board']} board and rework"


def _can_show(encoding: str) -> bool:
    try:
        "".join(BLOCKS.values()).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _is_shown(timeline: Timeline, a: int, column: int) -> bool:
    asked, finished = int(timeline.asked[a, column]), int(timeline.finished[a, column])
    return asked < min(finished, timeline.network.horizon)


class _Scale:
    """Days to columns."""

    def __init__(self, timeline: Timeline, rows: list[int], column: int, width: int) -> None:
        self.start = timeline.network.start
        self.width = width
        self.first = int(timeline.asked[rows, column].min())
        ends = [min(int(timeline.finished[a, column]), timeline.network.horizon) for a in rows]
        self.span = max(max(ends) - self.first, 1)

    def at(self, day: int) -> int:
        return min((min(day, self.first + self.span) - self.first) * self.width // self.span, self.width)

    def axis(self) -> str:
        """First days of months, as many as there is room for."""
        line = ""
        for when in self._months():
            place = self.at(day_of(when, self.start))
            if place >= len(line) + (1 if line else 0) and place + 7 <= self.width:
                line = f"{line:{place}}{when:%Y-%m}"
        return line

    def _months(self) -> Iterator[date]:
        begins, ends = date_of(self.first, self.start), date_of(self.first + self.span, self.start)
        step = next(step for step in (1, 3, 6, 12, 24, 60, 120, 2400) if self._gap(step) >= LEAST_GAP)
        month = date(begins.year, 1, 1)
        while month <= ends:
            if month >= begins:
                yield month
            month = month_after(month, step)

    def _gap(self, months: int) -> float:
        return months * 30.4375 * self.width / self.span


def _bar(timeline: Timeline, a: int, column: int, scale: _Scale, signs: dict[str, str]) -> str:
    moments = [timeline.asked, timeline.started, timeline.worked, timeline.finished]
    asked, started, worked, finished = (int(rows[a, column]) for rows in moments)
    cells = [" "] * scale.width
    for sign, begins, ends in (("waits", asked, started), ("board", worked, finished), ("works", started, worked)):
        if begins < min(ends, NEVER):
            first = min(scale.at(begins), scale.width - 1)
            cells[first : max(scale.at(ends), first + 1)] = signs[sign] * (max(scale.at(ends), first + 1) - first)
    return "".join(cells)
