"""Cost against the last go-live, for one schedule or several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from simulator.analysis.estimate import rank
from simulator.analysis.joint import Numbers, frontier, joint_share
from simulator.days import NEVER
from simulator.plots.figure import Cell, Illustration, Table
from simulator.plots.tables import date_cell
from simulator.plots.trade_off import DOTS, Cloud, trade_off
from simulator.words.live import Calendar
from simulator.words.said import name as named
from simulator.words.said import quoted
from simulator.words.trade_off import Both, Limits, both_alt, both_finding

SHARES: Final = (0.5, 0.8)
"""Joint confidence that is drawn: as likely as not, and what budgets are often set by."""


def trade_off_of(
    outcomes: Mapping[str, tuple[Numbers, Numbers]],
    when: Calendar,
    unit: str,
    source: str,
    by: float | None = None,
    at_most: float | None = None,
) -> Illustration:
    """The figure from the days of the last go-live and the costs, (N,) each, of each schedule by name.

    ``by`` is the deadline where not given, or the horizon without one; ``at_most`` the P80 of the first schedule's
    costs, a budget that would be enough in four futures out of five.
    """
    limits = _limits(outcomes, when, unit, by, at_most)
    clouds = [Cloud(name, d, c, tuple(frontier(d, c, share) for share in SHARES)) for name, (d, c) in outcomes.items()]
    both = [_both(cloud, limits.day, limits.amount) for cloud in clouds]
    heads = ("schedule", "live by the day", "cost within the amount", "both", "not live by the horizon")
    more = [f"{what} for {share:.0%}" for share in SHARES for what in ("day", "cost")]
    rows = tuple((named(e.name), e.in_time, e.within, e.both, e.never, *_sure(e, when)) for e in both)
    kinds = ("text", *["share"] * 4, *["date", "money"] * len(SHARES))
    return Illustration(
        name="trade-off",
        finding=both_finding(both, limits, when),
        alt=both_alt(both, limits, when, _dots(max(len(cloud.days) for cloud in clouds))),
        table=Table((*heads, *more), kinds, rows),  # type: ignore[arg-type]
        source=source,
        draw=lambda ax: trade_off(clouds, when.start, unit, limits, ax),
    )


def _limits(
    outcomes: Mapping[str, tuple[Numbers, Numbers]],
    when: Calendar,
    unit: str,
    by: float | None,
    at_most: float | None,
) -> Limits:
    """The day and the amount of interest, with what they are where nobody asked for them."""
    name, (_, costs) = next(iter(outcomes.items()))
    deadline = f"the deadline of {quoted(name)}" if when.differs else "the deadline"
    last = "the horizon" if when.deadline is None else deadline
    day_is = last if by is None or by == when.target else ""
    day = float(when.target) if by is None else by
    if at_most is not None:
        return Limits(day, at_most, unit, day_is)
    limit = float(np.sort(costs)[rank(0.8, len(costs)) - 1])
    return Limits(day, limit, unit, day_is, "the P80 of cost", name if len(outcomes) > 1 else "")


def _dots(futures: int) -> str:
    return "Each future" if futures <= DOTS else f"Each of the first {DOTS} futures"


def _both(cloud: Cloud, day: float, limit: float) -> Both:
    sure = [(each.share, *_middle(cloud, k)) for k, each in enumerate(cloud.frontiers) if len(each.first)]
    return Both(
        name=cloud.name,
        both=joint_share(cloud.days, cloud.costs, day, limit),
        in_time=joint_share(cloud.days, cloud.costs, day, np.inf),
        within=joint_share(cloud.days, cloud.costs, NEVER, limit),
        sure=tuple(sure),
        never=cloud.never,
    )


def _middle(cloud: Cloud, k: int) -> tuple[float, float]:
    """The pair of limits on a line whose two chances, each alone, are the closest to each other."""
    line = cloud.frontiers[k]
    days, costs = np.sort(cloud.days), np.sort(cloud.costs)
    apart = np.searchsorted(days, line.first, "right") - np.searchsorted(costs, line.second, "right")
    best = int(np.abs(apart).argmin())
    return float(line.first[best]), float(line.second[best])


def _sure(each: Both, when: Calendar) -> list[Cell]:
    known = {share: (date_cell(day, when), cost) for share, day, cost in each.sure}
    return [cell for share in SHARES for cell in known.get(share, (None, None))]
