"""Dates along an axis, and the days that matter as lines across it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import blended_transform_factory

from simulator.plots.style import INK, SMALL, UNSUPPORTED, label, text_width
from simulator.words.said import MONTHS

LONGEST_LABEL: Final = 40
MOST_ROWS: Final = 4
"""Rows of labels above the axes."""
LABEL_ROW: Final = 11
"""Points from one row of labels to the next."""


class Mark(NamedTuple):
    """A day that matters, and what it is called."""

    day: float
    label: str
    ends_support: bool = False


def place(day: float, start: date) -> float:
    """Where a day lies on an axis of dates."""
    return float(mdates.date2num(start)) + day  # type: ignore[no-untyped-call]


def date_axis(ax: Axes, start: date, first: float, last: float) -> None:
    """Dates along the bottom, from one day to another."""
    ax.set_xlim(place(first, start), place(max(last, first + 1), start))
    years = (last - first) / 365.25
    if years > 3:
        step = next((step for step, most in ((1, 14), (2, 28), (5, 70)) if years <= most), 10)
        ax.xaxis.set_major_locator(mdates.YearLocator(base=step))  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: str(_date(x).year)))
        return
    step = next(step for step, most in ((1, 0.75), (2, 1.2), (3, 1.8), (6, 4)) if years <= most)
    if years < 0.2:
        ax.xaxis.set_major_locator(mdates.DayLocator(interval=max(round((last - first) / 6), 1)))  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{_date(x).day} {_month(x)}\n{_date(x).year}"))
        return
    ax.xaxis.set_major_locator(mdates.MonthLocator(bymonth=range(1, 13, step)))  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{_month(x)}\n{_date(x).year}"))


def _date(x: float) -> date:
    return mdates.num2date(x).date()  # type: ignore[no-untyped-call]


def _month(x: float) -> str:
    return MONTHS[_date(x).month - 1][:3]


def verticals(
    ax: Axes, marks: Sequence[Mark], start: date, first: float, last: float, beside: float | None = None
) -> None:
    """Lines at the days that matter, their labels above the axes in as few rows as keep them apart.

    Days outside the axes are left out; with more ends of support than there is room for, one label stands for all.
    ``beside`` is how many inches of the figure are not the axes', where more is known of them than that they are few.
    """
    whole = float(ax.figure.get_figure(root=True).get_size_inches()[0])
    width = whole * 0.75 if beside is None else whole - beside
    shown = _merged([mark for mark in marks if first <= mark.day <= last])
    rows = _rows(shown, first, last, width)
    if rows is None:
        shown = _summed_up(shown)
        rows = _rows(shown, first, last, width) or [0] * len(shown)
    for mark, row in zip(shown, rows, strict=True):
        _vertical(ax, mark, start, row, _leans_left(mark, first, last))


def _merged(marks: Sequence[Mark]) -> list[Mark]:
    """Marks of one day and kind as one, by day."""
    found: dict[tuple[float, bool], list[str]] = {}
    for mark in sorted(marks, key=lambda mark: mark.day):
        found.setdefault((mark.day, mark.ends_support), []).append(mark.label)
    return [
        Mark(day, labels[0] if len(labels) == 1 else f"support ends: {len(labels)} systems", ends)
        for (day, ends), labels in found.items()
    ]


def _summed_up(marks: Sequence[Mark]) -> list[Mark]:
    """Ends of support without labels, but for the first, which speaks for all."""
    ends = [mark for mark in marks if mark.ends_support]
    words = f"support ends ({len(ends)} dates)"
    named = [*(mark for mark in marks if not mark.ends_support), ends[0]._replace(label=words)] if ends else list(marks)
    return sorted([*named, *(mark._replace(label="") for mark in ends[1:])])


def _rows(marks: Sequence[Mark], first: float, last: float, width: float) -> list[int] | None:
    """The row of each label, the lowest free one from right to left; None where there are too few.

    Labels begin at their lines, so the line of a label in a higher row, being further left, crosses none below.
    """
    begins = [float("inf")] * MOST_ROWS
    rows = []
    for mark in reversed(marks):
        at = width * (mark.day - first) / max(last - first, 1)
        room = text_width(label(mark.label, LONGEST_LABEL), SMALL) + 0.1 if mark.label else 0.0
        left, right = (at - room, at + 0.05) if _leans_left(mark, first, last) else (at, at + room)
        row = next((row for row in range(MOST_ROWS) if right <= begins[row]), None)
        if row is None:
            return None
        if mark.label:
            begins[row] = left
        rows.append(row)
    return rows[::-1]


def _leans_left(mark: Mark, first: float, last: float) -> bool:
    """Whether a label ends at its line, since it would leave the figure if it began there."""
    return (mark.day - first) / max(last - first, 1) > 0.7


def _vertical(ax: Axes, mark: Mark, start: date, row: int, leans_left: bool) -> None:
    x, colour = place(mark.day, start), UNSUPPORTED if mark.ends_support else INK
    ax.axvline(x, color=colour, linewidth=1.0, linestyle=(0, (1.5, 1.5)) if mark.ends_support else (0, (4, 2)))
    if not mark.label:
        return
    if row:
        line = {"arrowstyle": "-", "color": colour, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", (x, 1.0), xytext=(0, 3 + LABEL_ROW * (row + 0.7)), arrowprops=line, **_above(ax))
    ax.annotate(
        label(mark.label, LONGEST_LABEL),
        (x, 1.0),
        xytext=(-3 if leans_left else 3 if row else 0, 2 + LABEL_ROW * row),
        ha="right" if leans_left else "left",
        va="bottom",
        fontsize=SMALL,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4},
        **_above(ax),
    )


def _above(ax: Axes) -> dict[str, Any]:
    """Days across, the top of the axes and points from there on up."""
    top = blended_transform_factory(ax.transData, ax.transAxes)
    return {"xycoords": top, "textcoords": "offset points", "annotation_clip": False}
