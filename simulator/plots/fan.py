"""Fans: a median with its P10 to P90, for capacity in use over time and for money by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from simulator.analysis.bands import Fan
from simulator.plots.dates import date_axis, place
from simulator.plots.style import COLOURS, HATCHES, INK, SMALL, house_style, key, label, new_axes
from simulator.words.said import amount_of
from simulator.words.supply import Allotted

FILL: Final = ("#B9C7D9", "#F3C9AE")
"""The bands of the first and the second fan, lighter than their lines."""
DWARFS: Final = 2.0
"""How many times as high as the highest bar a budget may be drawn."""


def capacity_in_use(
    days: npt.NDArray[Any], used: Fan, limit: Fan, start: date, resource: str, ax: Axes | None = None
) -> Axes:
    """Units of a resource in use on some days, (D,), as a fan, and the units there are. Returns the axes."""
    with house_style():
        ax = new_axes(8.0, 3.4) if ax is None else ax
        date_axis(ax, start, float(days[0]), float(days[-1]))
        x = [place(float(day), start) for day in days]
        ax.fill_between(x, used.p10, used.p90, step="post", facecolor=FILL[0], edgecolor=COLOURS[0], linewidth=0.6)
        ax.step(x, used.p50, where="post", color=COLOURS[0], linewidth=1.8)
        ax.step(x, limit.p50, where="post", color=COLOURS[1], linewidth=1.6, linestyle=(0, (5, 2)))
        uncertain = bool((limit.p10 != limit.p90).any())
        if uncertain:
            for edge in (limit.p10, limit.p90):
                ax.step(x, edge, where="post", color=COLOURS[1], linewidth=0.9, linestyle=(0, (1, 1.2)))
        most = max(float(used.p90.max()), float(limit.p90.max()), 1.0)
        ax.set_ylim(0, most * 1.08)
        ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        ax.set_ylabel(f"units of {label(resource, 30)}")
        _units_key(ax, bool((used.p10 != used.p90).any()), uncertain)
    return ax


def _units_key(ax: Axes, spread: bool, uncertain: bool) -> None:
    """Whether units in use spread, and whether it is certain how many there are, decides what is drawn."""
    keys: dict[str, Any] = {"in use, P10 to P90": Patch(facecolor=FILL[0], edgecolor=COLOURS[0])} if spread else {}
    keys["in use, median"] = Line2D([], [], color=COLOURS[0], linewidth=1.8)
    limit = Line2D([], [], color=COLOURS[1], linewidth=1.6, linestyle=(0, (5, 2)))
    keys["units there are (median)" if uncertain else "units there are"] = limit
    if uncertain:
        edge = Line2D([], [], color=COLOURS[1], linewidth=0.9, linestyle=(0, (1, 1.2)))
        keys["units there are, P10 and P90"] = edge
    key(ax, list(keys.values()), list(keys))


def money_by_year(
    years: Sequence[str], cost: Fan, savings: Fan, arrives: Allotted | None, unit: str, ax: Axes | None = None
) -> Axes:
    """Costs and savings of each year side by side: a bar from P10 to P90 with the median across; budgets as marks.

    What a budget gets in a year is marked at its mean, since the median of money that may come in one year or another
    is 0 in both. Returns the axes.
    """
    with house_style():
        ax = new_axes(max(8.0, 1.2 + 0.45 * len(years)), 4.0) if ax is None else ax
        budgets = ""
        x = np.arange(len(years))
        for side, fan in enumerate((cost, savings)):
            where = x + (side - 0.5) * 0.4
            look = {"facecolor": FILL[side], "edgecolor": COLOURS[side], "linewidth": 0.8, "hatch": HATCHES[side]}
            ax.bar(where, fan.p90 - fan.p10, 0.34, bottom=fan.p10, **look)  # type: ignore[arg-type]
            ax.hlines(fan.p50, where - 0.17, where + 0.17, color=COLOURS[side], linewidth=2.4)
        if arrives is not None:
            budgets = _budgets(ax, arrives, max(float(cost.p90.max()), float(savings.p90.max())))
        shown = sorted({*range(0, len(years), max(len(years) // 20, 1)), len(years) - 1})
        ax.set_xticks(shown, [years[k] for k in shown])
        ax.axhline(0, color=INK, linewidth=0.8)
        ax.grid(visible=False, axis="x")
        ax.set_ylabel(f"{label(unit, 12)} in the year, not discounted")
        _money_key(ax, {"cost": cost, "savings": savings}, budgets)
    return ax


def _budgets(ax: Axes, arrives: Allotted, highest: float) -> str:
    """Means as dots and P10 to P90 as lines; one that would dwarf the bars, up to the ``highest``, as a number on top.

    Returns what the key says of them.
    """
    top = highest * DWARFS if highest > 0 else float("inf")
    x, fan = np.arange(len(arrives.mean)), arrives.fan
    for k in np.flatnonzero(arrives.mean > 0).tolist():
        ends = [min(end, top) for end in (float(fan.p10[k]), float(fan.p90[k]))]
        ax.plot([x[k], x[k]], ends, color=INK, linewidth=1.0)
        above = float(arrives.mean[k]) > top
        ax.plot(x[k], top if above else arrives.mean[k], "^" if above else "D", color=INK, markersize=5)
        if above:
            words = amount_of(float(arrives.mean[k]))
            ax.annotate(words, (x[k], top), xytext=(6, 0), textcoords="offset points", va="center", fontsize=SMALL)
    spread = " and P10 to P90" if (fan.p10 != fan.p90).any() else ""
    return f"budgets, mean{spread}" + (" (▲: off the scale)" if (arrives.mean > top).any() else "")


def _money_key(ax: Axes, fans: Mapping[str, Fan], budgets: str) -> None:
    handles: list[Any] = []
    names: list[str] = []
    for side, (what, fan) in enumerate(fans.items()):
        if (fan.p10 != fan.p90).any():
            handles.append(Patch(facecolor=FILL[side], edgecolor=COLOURS[side], hatch=HATCHES[side]))
            names.append(f"{what}, P10 to P90")
        handles.append(Line2D([], [], color=COLOURS[side], linewidth=2.4))
        names.append(f"{what}, median")
    if budgets:
        handles.append(Line2D([], [], marker="D", color=INK, markersize=5, linewidth=1.0))
        names.append(budgets)
    key(ax, handles, names)
