"""The look of every figure: colours that all can tell apart, one font, and files that repeat byte for byte."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

import matplotlib as mpl
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure

COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
"""Okabe and Ito (2008), without the yellow, which is too pale for lines on white."""
DASHES: Final = ("solid", (0, (5, 2)), (0, (1, 1.2)), (0, (6, 2, 1, 2)))
"""Line styles, so that figures can be read in grey."""
WORK: Final = "#0072B2"
WAIT: Final = "#BBBBBB"
HEARING: Final = "#56B4E9"
UNSUPPORTED: Final = "#D55E00"
INK: Final = "#222222"

_LOOK: Final[dict[Any, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E5E5E5",
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "svg.hashsalt": "stagger",
    "savefig.dpi": 200,
    "figure.dpi": 100,
}


@contextmanager
def house_style() -> Iterator[None]:
    """The look, for what is drawn inside; nothing is set for anybody else."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_LOOK)
        yield


def new_axes(width: float, height: float) -> Axes:
    """Axes of a new figure, sizes in inches."""
    return Figure(figsize=(width, height), layout="constrained").add_subplot()


def line_look(index: int) -> dict[str, Any]:
    """Colour and style of the ``index``-th line; no two of the first 28 are the same."""
    return {
        "color": COLOURS[index % len(COLOURS)],
        "linestyle": DASHES[(index % len(COLOURS) + index // len(COLOURS)) % len(DASHES)],
    }


def place(day: float, start: date) -> float:
    """Where a day lies on an axis of dates."""
    return float(mdates.date2num(start)) + day  # type: ignore[no-untyped-call]


def date_axis(ax: Axes, start: date, first: float, last: float) -> None:
    """Dates along the bottom, from one day to another."""
    ax.set_xlim(place(first, start), place(last, start))
    years = (last - first) / 365.25
    if years > 3:
        step = 1 if years <= 14 else 2 if years <= 28 else 10
        ax.xaxis.set_major_locator(mdates.YearLocator(base=step))  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_formatter(mdates.DateFormatter("%Y"))  # type: ignore[no-untyped-call]
    else:
        months = (1, 4, 7, 10) if years > 1 else range(1, 13)
        ax.xaxis.set_major_locator(mdates.MonthLocator(bymonth=months))  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_formatter(mdates.DateFormatter("%Y-%m"))  # type: ignore[no-untyped-call]
        ax.tick_params(axis="x", labelsize=8)


def vertical(ax: Axes, day: float, start: date, label: str) -> None:
    """A line at a day, its label above the axes."""
    ax.axvline(place(day, start), color=INK, linewidth=1.0, linestyle=(0, (4, 2)))
    left, right = ax.get_xlim()
    share = (place(day, start) - left) / (right - left)
    align = "right" if share > 0.8 else "left" if share < 0.2 else "center"
    ax.annotate(
        label,
        (place(day, start), 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, 2),
        textcoords="offset points",
        ha=align,
        va="bottom",
        fontsize=8,
    )


def file_of(ax: Axes, kind: str) -> bytes:
    """The figure that axes are part of as a file, the same bytes every time; ``kind`` is png or svg."""
    sink = io.BytesIO()
    metadata = {"png": {"Software": None}, "svg": {"Date": None, "Creator": "stagger"}}[kind]
    figure = ax.get_figure(root=True)
    assert figure is not None
    with house_style():
        figure.savefig(sink, format=kind, metadata=metadata)
    return sink.getvalue()
