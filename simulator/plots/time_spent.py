"""Where the time went: each cluster's mean days, part by part, from its date to its go-live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from simulator.days import DAYS_PER_MONTH
from simulator.plots.style import INK, SMALLEST, area_look, contrasting, house_style, key, label, new_axes, text_width
from simulator.words.said import minus

LONGEST_NAME: Final = 32
ROW_HEIGHT: Final = 0.32
"""Inches."""


def time_spent(
    parts: Mapping[str, Sequence[float]],
    clusters: Sequence[str],
    ax: Axes | None = None,
    per: str = "cluster",
    cut: bool = False,
) -> Axes:
    """Stacked bars: ``parts`` has for each part the mean days of each cluster, (C,). Returns the axes.

    What is below 0, such as work that was quicker than planned, stands to the left of the line at 0. Months are
    written into what has room for them. ``cut`` says that some days are counted to the horizon only.
    """
    with house_style():
        ax = new_axes(8.0, 1.4 + ROW_HEIGHT * len(clusters)) if ax is None else ax
        right, left = np.zeros(len(clusters)), np.zeros(len(clusters))
        months = {part: np.asarray(days, dtype=np.float64) / DAYS_PER_MONTH for part, days in parts.items()}
        whole = sum((np.abs(each) for each in months.values()), np.zeros(len(clusters))).max(initial=0.1)
        for index, each in enumerate(months.values()):
            begins = np.where(each >= 0, right, left + each)
            look = area_look(index)
            ax.barh(range(len(clusters)), np.abs(each), left=begins, height=0.7, **look)
            _numbers(ax, each, begins, whole, look)
            right, left = right + np.maximum(each, 0), left + np.minimum(each, 0)
        _ends(ax, right, right + left)
        ax.set_ylim(len(clusters) - 0.4, -0.6)
        ax.set_yticks(range(len(clusters)), [label(name, LONGEST_NAME) for name in clusters], fontsize=8)
        ax.grid(visible=False, axis="y")
        ax.axvline(0, color=INK, linewidth=0.8)
        until = ",\nor to the horizon if it is not live by then" if cut else ""
        ax.set_xlabel(f"months, mean of all futures, from each {per}'s scheduled date to its go-live{until}")
        key(ax, [Patch(**area_look(index)) for index in range(len(parts))], list(parts))
    return ax


def _numbers(ax: Axes, months: Any, begins: Any, whole: float, look: Mapping[str, Any]) -> None:
    """Months in the middle of what is wide enough; in a box where hatching would run through them."""
    colour = contrasting(look["facecolor"])
    box = {"facecolor": look["facecolor"], "edgecolor": "none", "pad": 0.8} if look["hatch"] else None
    for row, (amount, left) in enumerate(zip(np.abs(months), begins, strict=True)):
        text = minus(f"{months[row]:.1f}")
        if amount / whole * 5.0 > text_width(text, SMALLEST) + 0.12:
            ax.text(left + amount / 2, row, text, ha="center", va="center", fontsize=SMALLEST, color=colour, bbox=box)


def _ends(ax: Axes, right: Any, whole: Any) -> None:
    """The whole at the end of each bar."""
    for row, (x, total) in enumerate(zip(right, whole, strict=True)):
        ax.annotate(
            minus(f"{total:.1f}"),
            (x, row),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALLEST,
            annotation_clip=False,
        )
