"""A tornado: what changes the answer most, the longest bar on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes

from simulator.plots.style import COLOURS, INK, QUIET, SMALL, SMALLEST, house_style, label, new_axes, wrapped
from simulator.words.said import minus

LONGEST_NAME: Final = 60
LABEL_WIDTH: Final = 4.2
"""Inches."""
ROW_HEIGHT: Final = 0.29
"""Inches."""


@dataclass(frozen=True)
class Bar:
    """How much one thing counts: a value, and the interval that it is known to."""

    label: str
    value: float
    how: str = ""
    """What was done to it, where that is said."""
    interval: tuple[float, float] | None = None


def tornado(bars: Sequence[Bar], meaning: str, ax: Axes | None = None) -> Axes:
    """Bars from 0 to each value in the order given, intervals as thin lines; ``meaning`` says what is along the axis.

    Returns the axes.
    """
    with house_style():
        ax = new_axes(8.0, 1.1 + ROW_HEIGHT * max(len(bars), 1)) if ax is None else ax
        for row, bar in enumerate(bars):
            colour = COLOURS[0] if bar.value >= 0 else COLOURS[1]
            hatch = "" if bar.value >= 0 else "////"
            ax.barh(row, bar.value, height=0.6, facecolor=colour, hatch=hatch, edgecolor="white")
            low, high = bar.interval or (bar.value, bar.value)
            if bar.interval is not None:
                ax.plot([low, high], [row, row], color="white", linewidth=3.2, solid_capstyle="butt")
                ax.plot([low, high], [row, row], color=INK, linewidth=1.2, marker="|", markersize=5)
            _number(ax, row, bar.value, min(low, bar.value, 0.0), max(high, bar.value, 0.0))
        ax.set_ylim(len(bars) - 0.4, -0.6)
        ax.margins(x=0.16)
        ax.set_yticks(range(len(bars)), [_name(bar) for bar in bars], fontsize=SMALLEST)
        ax.grid(visible=False, axis="y")
        ax.axvline(0, color=QUIET, linewidth=0.8)
        ax.set_xlabel("\n".join(wrapped(label(meaning, 120), LABEL_WIDTH, 9)))
    return ax


def _name(bar: Bar) -> str:
    """What was done is never cut off, however long the name is."""
    how = f" ({bar.how})" if bar.how else ""
    return f"{label(bar.label, LONGEST_NAME - len(how))}{how}"


def _number(ax: Axes, row: int, value: float, left: float, right: float) -> None:
    """Beyond the end of bar and interval."""
    ahead = value >= 0
    ax.annotate(
        minus(f"{value:.3g}"),
        (right if ahead else left, row),
        xytext=(5 if ahead else -5, 0),
        textcoords="offset points",
        ha="left" if ahead else "right",
        va="center",
        fontsize=SMALL,
        annotation_clip=False,
    )
