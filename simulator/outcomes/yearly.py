"""Costs, savings and budgets by calendar year, by the rules of `costs` and `savings`.

A year's amount is what had been paid by its end less what had been by its beginning: the same rules with an earlier
horizon, so that the years add up to the programme's totals whatever the rules are. A payment on 1 January belongs to
the year that begins with it; a stream is cut at midnight. Nothing is discounted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from simulator.days import date_of, day_of
from simulator.network.values import FloatArray
from simulator.outcomes.milestones import Milestones
from simulator.outcomes.money import Discounting
from simulator.outcomes.payments import Payments, total
from simulator.outcomes.workings import Workings
from simulator.scenario.model import Scenario


@dataclass(frozen=True)
class Yearly:
    """Money of N replications in each of Y calendar years, the first and the last perhaps not whole; (Y, N) each."""

    years: tuple[int, ...]
    costs: Mapping[str, FloatArray]
    """By kind, as in `ProgrammeOutcomes.costs`."""
    savings: FloatArray
    arrives: FloatArray
    """Money that budgets get, all of them together."""

    @property
    def cost(self) -> FloatArray:
        """All kinds together."""
        return np.sum(list(self.costs.values()), axis=0)


def by_year(scenario: Scenario, milestones: Milestones) -> Yearly:
    """What is paid, saved and allotted in each calendar year from the start to the horizon."""
    start, horizon = milestones.network.start, milestones.network.horizon
    years = tuple(range(start.year, date_of(horizon, start).year + 1))
    ends = [day_of(date(year + 1, 1, 1), start) for year in years[:-1]]
    workings = Workings(scenario, milestones)
    upto = [_paid_by(workings, Discounting(0.0, day, before=day)) for day in ends]
    upto.append(_paid_by(workings, Discounting(0.0, horizon)))
    amounts = {kind: np.diff([by[kind] for by in upto], axis=0, prepend=0.0) for kind in upto[0]}
    savings = amounts.pop("savings")
    return Yearly(years, amounts, savings, _arrives(milestones, ends))


def _paid_by(workings: Workings, horizon: Discounting) -> dict[str, FloatArray]:
    """What had been paid of each kind, and saved, by the horizon of a discounting."""
    money = Payments(workings, horizon)
    paid = {kind: each.amount for kind, each in money.costs.items()}
    return paid | {"savings": total(money.savings, workings.size).amount}


def _arrives(milestones: Milestones, ends: list[int]) -> FloatArray:
    """Money of tranches by the year in which it arrives; a year ends before the day given for it."""
    days, amounts = milestones.inputs.tranche_day, milestones.inputs.tranche_amount
    year = np.searchsorted(ends, days, side="right")
    in_time = days <= milestones.network.horizon
    shares = [np.where((year == k) & in_time, amounts, 0.0).sum(axis=0) for k in range(len(ends) + 1)]
    return np.array(shares, dtype=np.float64).reshape(len(ends) + 1, milestones.size)
