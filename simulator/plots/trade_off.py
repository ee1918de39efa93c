"""Two outcomes at once: each future a dot, and the limits that hold together in half and in four fifths of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from simulator.analysis.joint import Frontier, Numbers
from simulator.days import NEVER
from simulator.plots.dates import date_axis, place
from simulator.plots.style import COLOURS, DASHES, INK, house_style, key, label, new_axes

BLANK: Final = {"facecolor": "white", "edgecolor": "none"}
DOTS: Final = 400
"""Futures that are drawn; limits are worked out from all of them."""
MARKERS: Final = "osD^vP"


@dataclass(frozen=True)
class Cloud:
    """A schedule's futures: the days of the last go-live and the costs, (N,) each, and its frontiers."""

    name: str
    days: Numbers
    costs: Numbers
    frontiers: tuple[Frontier, ...]


def trade_off(
    clouds: Sequence[Cloud],
    start: date,
    unit: str,
    by: float | None = None,
    at_most: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Dots of futures, and for each share of futures a line of the limits of date and cost that hold in it at once.

    A point on the line of 80 % is a date and a budget that both hold in 80 % of futures. ``by`` and ``at_most``
    mark a date and a budget of interest. Futures never done by the horizon have no dot. Returns the axes.
    """
    with house_style():
        ax = new_axes(8.0, 5.2) if ax is None else ax
        _axes(ax, clouds, start, unit, by, at_most)
        for index, cloud in enumerate(clouds):
            colour = COLOURS[index % len(COLOURS)]
            done = cloud.days[:DOTS] < NEVER
            ax.plot(
                [place(float(day), start) for day in cloud.days[:DOTS][done]],
                cloud.costs[:DOTS][done],
                linestyle="none", marker=MARKERS[index % len(MARKERS)], markersize=2.4, color=colour, alpha=0.35,
                markeredgewidth=0,
            )  # fmt: skip
            for rank, each in enumerate(cloud.frontiers):
                _line(ax, each, start, colour, rank)
        _limits(ax, start, by, at_most)
        if all((cloud.days == NEVER).all() for cloud in clouds):
            nobody = "in no future is everyone live by the horizon"
            ax.text(0.5, 0.6, nobody, transform=ax.transAxes, ha="center", bbox=BLANK)
        _key(ax, clouds)
    return ax


def _axes(ax: Axes, clouds: Sequence[Cloud], start: date, unit: str, by: float | None, at_most: float | None) -> None:
    days = np.concatenate([cloud.days[cloud.days < NEVER] for cloud in clouds] + [np.array([by])] * (by is not None))
    costs = np.concatenate([cloud.costs for cloud in clouds] + [np.array([at_most])] * (at_most is not None))
    first, last = (float(days.min()), float(days.max())) if days.size else (0.0, 365.0)
    margin = max((last - first) * 0.04, 20)
    date_axis(ax, start, first - margin, last + margin)
    low, high = float(costs.min()), float(costs.max())
    room = max((high - low) * 0.06, abs(high) * 0.02, 0.5)
    ax.set_ylim(low - room, high + room)
    ax.set_xlabel("the last cluster is live")
    ax.set_ylabel(f"cost, {label(unit, 12)}")


def _line(ax: Axes, frontier: Frontier, start: date, colour: str, rank: int) -> None:
    """The limits as a corner that opens to the upper right."""
    if not len(frontier.first):
        return
    top, right = ax.get_ylim()[1], ax.get_xlim()[1]
    x = [place(float(day), start) for day in frontier.first]
    ax.step([x[0], *x, right], [top, *frontier.second, frontier.second[-1]], where="post", color="white", linewidth=3.4)
    ax.step(
        [x[0], *x, right], [top, *frontier.second, frontier.second[-1]], where="post", color=colour, linewidth=1.8,
        linestyle=DASHES[rank],
    )  # fmt: skip


def _limits(ax: Axes, start: date, by: float | None, at_most: float | None) -> None:
    look = {"color": INK, "linewidth": 1.0, "linestyle": (0, (4, 2))}
    if by is not None:
        ax.axvline(place(by, start), **look)  # type: ignore[arg-type]
    if at_most is not None:
        ax.axhline(at_most, **look)  # type: ignore[arg-type]


def _key(ax: Axes, clouds: Sequence[Cloud]) -> None:
    handles: list[Line2D] = []
    names: list[str] = []
    for index, cloud in enumerate(clouds):
        colour = COLOURS[index % len(COLOURS)]
        dot = {"marker": MARKERS[index % len(MARKERS)], "markersize": 4}
        handles.append(Line2D([], [], linestyle="none", color=colour, **dot))  # type: ignore[arg-type]
        names.append(cloud.name)
    for rank, each in enumerate(clouds[0].frontiers if clouds else ()):
        handles.append(Line2D([], [], color=INK, linewidth=1.8, linestyle=DASHES[rank]))
        names.append(f"both hold in {each.share:.0%} of futures")
    key(ax, handles, names)
