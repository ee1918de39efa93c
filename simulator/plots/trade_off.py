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
from simulator.days import NEVER, date_of
from simulator.plots.dates import Mark, date_axis, place, verticals
from simulator.plots.style import COLOURS, DASHES, INK, SMALL, house_style, key, label, legible, new_axes
from simulator.wording import share
from simulator.words.said import on_date
from simulator.words.trade_off import Limits

BLANK: Final = {"facecolor": "white", "edgecolor": "none"}
DOTS: Final = 400
"""Futures that are drawn; limits are worked out from all of them."""
MARKERS: Final = "osD^vP"
LONGEST_NAME: Final = 26
"""Letters of a schedule in the key that has to say more of it."""


@dataclass(frozen=True)
class Cloud:
    """A schedule's futures: the days of the last go-live and the costs, (N,) each, and its frontiers."""

    name: str
    days: Numbers
    costs: Numbers
    frontiers: tuple[Frontier, ...]

    @property
    def never(self) -> float:
        """The share of futures in which somebody is not live by the horizon."""
        return float((self.days == NEVER).mean())


def trade_off(
    clouds: Sequence[Cloud],
    start: date,
    unit: str,
    limits: Limits | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Dots of futures, and for each share of futures a line of the limits of date and cost that hold in it at once.

    A point on the line of 80 % is a date and a budget that both hold in 80 % of futures. ``limits`` are a date and a
    budget of interest. Futures never done by the horizon have no dot, and the key says how many they are. Returns the
    axes.
    """
    with house_style():
        ax = new_axes(8.0, 5.2) if ax is None else ax
        first, last = _axes(ax, clouds, start, unit, limits)
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
        if limits is not None:
            day = limits.day_is.removeprefix("the ") or on_date(date_of(limits.day, start))
            verticals(ax, [Mark(limits.day, day)], start, first, last)
            _amount(ax, limits)
        if all((cloud.days == NEVER).all() for cloud in clouds):
            nobody = "in no future is everyone live by the horizon"
            ax.text(0.5, 0.6, nobody, transform=ax.transAxes, ha="center", bbox=BLANK)
        _key(ax, clouds)
    return ax


def _axes(ax: Axes, clouds: Sequence[Cloud], start: date, unit: str, limits: Limits | None) -> tuple[float, float]:
    """Axes wide enough for all; returns the first and the last day on them."""
    of_interest = ([], []) if limits is None else ([limits.day], [limits.amount])
    days = np.concatenate([*(cloud.days[cloud.days < NEVER] for cloud in clouds), of_interest[0]])
    costs = np.concatenate([*(cloud.costs for cloud in clouds), of_interest[1]])
    first, last = (float(days.min()), float(days.max())) if days.size else (0.0, 365.0)
    margin = max((last - first) * 0.04, 20)
    first, last = first - margin, last + margin
    date_axis(ax, start, first, last)
    low, high = float(costs.min()), float(costs.max())
    room = max((high - low) * 0.06, abs(high) * 0.02, 0.5)
    ax.set_ylim(low - room, high + room)
    first_ones = f" (dots: the first {DOTS} futures)" if any(len(each.days) > DOTS for each in clouds) else ""
    missing = "\nno dot: not live by the horizon, and so not by any day" if any(e.never for e in clouds) else ""
    ax.set_xlabel(f"the last cluster is live{first_ones}{missing}")
    ax.set_ylabel(f"cost up to the horizon, {label(unit, 12)}")
    return first, last


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


def _amount(ax: Axes, limits: Limits) -> None:
    """A line at the amount, and above it what it is: at the left, where limits that hold together are rare."""
    ax.axhline(limits.amount, color=INK, linewidth=1.0, linestyle=(0, (4, 2)))
    words = limits.amount_words(f"under “{label(limits.under, LONGEST_NAME)}”")
    ax.annotate(
        legible(words), (0.005, limits.amount), xycoords=("axes fraction", "data"), xytext=(0, 2),
        textcoords="offset points", ha="left", va="bottom", fontsize=SMALL, bbox={**BLANK, "pad": 0.4},
    )  # fmt: skip


def _key(ax: Axes, clouds: Sequence[Cloud]) -> None:
    handles: list[Line2D] = []
    names: list[str] = []
    for index, cloud in enumerate(clouds):
        colour = COLOURS[index % len(COLOURS)]
        dot = {"marker": MARKERS[index % len(MARKERS)], "markersize": 4}
        handles.append(Line2D([], [], linestyle="none", color=colour, **dot))  # type: ignore[arg-type]
        missing = f" ({share(cloud.never)} have no dot)" if cloud.never else ""
        names.append(f"{label(cloud.name, LONGEST_NAME) if missing else cloud.name}{missing}")
    for rank, lines in enumerate(zip(*(cloud.frontiers for cloud in clouds), strict=True)):
        if any(len(each.first) for each in lines):
            handles.append(Line2D([], [], color=INK, linewidth=1.8, linestyle=DASHES[rank]))
            names.append(f"both hold in {lines[0].share:.0%} of futures")
    key(ax, handles, names)
