"""Names of lines at their right ends, kept apart: a label before a legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.transforms import Affine2D, ScaledTranslation

from simulator.plots.style import SMALLEST, label, text_width

LONGEST_NAME: Final = 28
ROW: Final = 10.5
"""Points from one label to the next."""
SAMPLE: Final = 22
"""Points of a line's style before its name."""
MOST_LEADS: Final = 12
"""Lines up to which each is joined to its name; more would be a bundle that nobody can follow."""
LEAD: Final = 10
"""Points from the axes to the sample."""
GAP: Final = 4
"""Points from the sample to the name."""


def name_lines(ax: Axes, lines: Sequence[Line2D], names: Sequence[str], order: Sequence[float]) -> None:
    """Each line's name beside its end, joined to it by a thin line; lines that end together stand in ``order``.

    A sample of the line stands before its name, so that lines with the same end can be told apart.
    """
    if not lines:
        return
    figure = ax.figure.get_figure(root=True)
    if (engine := figure.get_layout_engine()) is not None:
        engine.execute(figure)
    height = ax.get_window_extent().height / ax.figure.dpi * 72
    low, high = ax.get_ylim()
    ends = [(float(np.asarray(line.get_ydata())[-1]) - low) / (high - low) for line in lines]
    ranked = sorted(range(len(lines)), key=lambda i: (-round(ends[i], 3), order[i], i))
    places = apart([ends[i] * height for i in ranked], ROW, height)
    lead = len(lines) <= MOST_LEADS
    for i, y in zip(ranked, places, strict=True):
        _name(ax, lines[i], label(names[i], LONGEST_NAME), ends[i] * height, y, lead)


def names_width(names: Sequence[str]) -> float:
    """Inches that names beside the axes need."""
    widest = max((text_width(label(name, LONGEST_NAME), SMALLEST) for name in names), default=0.0)
    return (LEAD + SAMPLE + GAP) / 72 + widest


def apart(wanted: Sequence[float], gap: float, top: float) -> list[float]:
    """Heights no less than ``gap`` apart, in the order given (the highest first), close to those that are wanted.

    Runs of labels that would touch are spread around their mean, and moved between 0 and ``top`` where they fit.
    """
    runs: list[list[float]] = []
    for height in wanted:
        runs.append([height])
        while len(runs) > 1 and _low(runs[-2], gap) - _high(runs[-1], gap) < gap:
            last = runs.pop()
            runs[-1] = runs[-1] + last
    placed = [_high(run, gap) - gap * k for run in runs for k in range(len(run))]
    return _inside(placed, gap, top)


def _high(run: Sequence[float], gap: float) -> float:
    return float(np.mean(run)) + gap * (len(run) - 1) / 2


def _low(run: Sequence[float], gap: float) -> float:
    return float(np.mean(run)) - gap * (len(run) - 1) / 2


def _inside(placed: Sequence[float], gap: float, top: float) -> list[float]:
    """Moved below the top, then above the bottom, pushing neighbours along."""
    found = list(placed)
    for k, height in enumerate(found):
        found[k] = min(height, top if k == 0 else found[k - 1] - gap)
    for k in reversed(range(len(found))):
        found[k] = max(found[k], 0.0 if k == len(found) - 1 else found[k + 1] + gap)
    return found


def _name(ax: Axes, line: Line2D, name: str, end: float, height: float, lead: bool) -> None:
    """Drawn in points from the lower right corner of the axes."""
    beside = Affine2D().scale(1 / 72) + ax.figure.dpi_scale_trans + ScaledTranslation(1, 0, ax.transAxes)  # type: ignore[arg-type]
    look: dict[str, Any] = {"color": line.get_color(), "transform": beside, "clip_on": False}
    if lead:
        ax.add_artist(Line2D([0, LEAD], [end, height], linewidth=0.6, **look))
    style: dict[str, Any] = {"linestyle": line.get_linestyle(), "linewidth": line.get_linewidth()}
    ax.add_artist(Line2D([LEAD, LEAD + SAMPLE], [height, height], **style, **look))
    ax.text(LEAD + SAMPLE + GAP, height, name, transform=beside, va="center", fontsize=SMALLEST, clip_on=False)
