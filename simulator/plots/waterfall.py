"""From one schedule's mean go-live to another's, part by part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from simulator.days import DAYS_PER_MONTH
from simulator.plots.style import COLOURS, INK, QUIET, SMALL, house_style, key, label, new_axes, wrapped
from simulator.words.said import minus

LONGEST_NAME: Final = 36
LONGEST_SCHEDULE: Final = 32
LABEL_WIDTH: Final = 4.6
"""Inches."""
ROW_HEIGHT: Final = 0.3
"""Inches."""
LOOK: Final = {
    "later": {"facecolor": COLOURS[1], "edgecolor": "white", "hatch": "////", "linewidth": 0},
    "earlier": {"facecolor": COLOURS[3], "linewidth": 0},
    "altogether": {"facecolor": COLOURS[0], "linewidth": 0},
}


def waterfall(parts: Mapping[str, float], a: str, b: str, ax: Axes | None = None, cut: bool = False) -> Axes:
    """Steps from 0 to the whole: ``parts`` has the days that each adds to how much later ``a`` is live than ``b``.

    Drawn from top to bottom in the order given; a thin line leads from the end of a step to the next. ``cut`` says
    that some days are counted to the horizon only. Returns the axes.
    """
    with house_style():
        ax = new_axes(8.0, 1.3 + ROW_HEIGHT * (len(parts) + 1)) if ax is None else ax
        at, used = 0.0, set()
        for row, days in enumerate(parts.values()):
            step = days / DAYS_PER_MONTH
            kind = "later" if step > 0 else "earlier"
            used.add(kind)
            ax.barh(row, step, left=at, height=0.62, **LOOK[kind])  # type: ignore[arg-type]
            _number(ax, row, step, max(at, at + step))
            at += step
            ax.plot([at, at], [row + 0.31, row + 0.69], color=QUIET, linewidth=0.8)
        last = len(parts)
        ax.barh(last, at, height=0.62, **LOOK["altogether"])  # type: ignore[arg-type]
        _number(ax, last, at, max(0.0, at))
        _label_rows(ax, [*parts, "altogether"])
        names = [label(name, LONGEST_SCHEDULE) for name in (a, b)]
        mean = "mean, up to the horizon" if cut else "mean"
        later = wrapped(f"months later under “{names[0]}” than under “{names[1]}”, {mean}", LABEL_WIDTH, 9)
        ax.set_xlabel("\n".join(later))
        kinds = [kind for kind in LOOK if kind in used]
        key(ax, [Patch(**LOOK[kind]) for kind in kinds], kinds)  # type: ignore[arg-type]
    return ax


def _number(ax: Axes, row: int, step: float, right: float) -> None:
    """To the right of the step, where there are no names."""
    ax.annotate(
        minus(f"{step:+.1f}") if abs(step) >= 0.05 else "0.0",
        (right, row),
        xytext=(3, 0),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
        annotation_clip=False,
    )


def _label_rows(ax: Axes, names: list[str]) -> None:
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.margins(x=0.12)
    ax.set_yticks(range(len(names)), [label(name, LONGEST_NAME) for name in names], fontsize=8)
    ax.get_yticklabels()[-1].set_fontweight("bold")
    ax.grid(visible=False, axis="y")
    ax.axvline(0, color=INK, linewidth=0.8)
