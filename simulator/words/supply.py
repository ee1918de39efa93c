"""Capacity, money by year, and cost against time, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.analysis.bands import Fan
from simulator.words.likelihood import in_futures, likelihood
from simulator.words.live import Calendar
from simulator.words.said import amount_of, length, listed, money, quoted


@dataclass(frozen=True)
class Strain:
    """How full a resource ever is: on which day it is likeliest to be full, and how likely."""

    resource: str
    day: int
    full: float
    days_full: float
    """Mean days on which all units are in use."""
    most: float
    """The largest median of units in use."""
    limit: float
    """The largest median of units that there are."""


def capacity_finding(strain: Strain, when: Calendar) -> str:
    """When a resource is fullest."""
    name = quoted(strain.resource)
    if strain.full == 0:
        used = f"{amount_of(strain.most)} of {amount_of(strain.limit)} units"
        return f"{name} is never full: in half of futures no more than {used} are in use."
    fullest = f"most likely on {when.day(strain.day)}, in {in_futures(strain.full)}"
    return f"{name} is full for {length(strain.days_full)} on average, {fullest}."


def capacity_alt(strain: Strain, when: Calendar) -> str:
    """The same with what was drawn."""
    return (
        f"Units of {quoted(strain.resource)} in use over time: the median, a band from P10 to P90, and a dashed line "
        f"for the units there are. The median reaches {amount_of(strain.most)} of {amount_of(strain.limit)} units. "
        f"That all are in use on {when.day(strain.day)}: {likelihood(strain.full)}. All are in use for "
        f"{length(strain.days_full)} on average."
    )


def money_finding(years: Sequence[int], cost: Fan, savings: Fan, unit: str) -> str:
    """When costs are highest, and from when on savings exceed them."""
    top = int(cost.p50.argmax())
    low, middle, high = (money(float(of[top]), unit) for of in (cost.p10, cost.p50, cost.p90))
    spread = f" ({low} to {high})" if low != high else ""
    peak = f"Costs are highest in {years[top]}, {middle} in the median{spread}"
    ahead = (savings.p50 > cost.p50).tolist()
    if not any(ahead):
        return f"{peak}; the median of savings exceeds them in no year."
    first = next((k for k in range(len(years)) if all(ahead[k:])), None)
    if first is None:
        when = listed([str(year) for year, more in zip(years, ahead, strict=True) if more])
        return f"{peak}; the median of savings exceeds them in {when} only."
    return f"{peak}; savings exceed them from {years[first]} on, in the median."


def money_alt(years: Sequence[int], cost: Fan, savings: Fan, arrives: Fan | None, unit: str) -> str:
    """Year by year, medians and P10 to P90."""
    said = [_year(k, year, cost, savings, arrives, unit) for k, year in enumerate(years[:16])]
    more = f"; {len(years) - 16} more are in the table" if len(years) > 16 else ""
    return (
        f"For each year a bar from P10 to P90 of costs and one of savings, with the medians. {'; '.join(said)}{more}."
    )


def _year(k: int, year: int, cost: Fan, savings: Fan, arrives: Fan | None, unit: str) -> str:
    low, middle, high, saved = (money(float(of[k]), unit) for of in (cost.p10, cost.p50, cost.p90, savings.p50))
    come = arrives is not None and arrives.p90[k] > 0
    budget = f", budgets {money(float(arrives.p50[k]), unit)}" if arrives is not None and come else ""
    return f"{year}: cost {middle} ({low} to {high}), savings {saved}{budget}"


@dataclass(frozen=True)
class Both:
    """A schedule's chance of meeting a date and an amount at once, and each alone."""

    name: str
    both: float
    in_time: float
    within: float
    sure: tuple[tuple[float, float, float], ...]
    """For shares of futures, a day and an amount that hold together in it."""


def both_finding(schedules: Sequence[Both], by: float, at_most: float, unit: str, when: Calendar) -> str:
    """How often a date and a budget hold together."""
    limits = f"Live by {when.day(by)} and within {money(at_most, unit)}"
    ranked = sorted(schedules, key=lambda each: -each.both)
    best, worst = ranked[0], ranked[-1]
    if len(ranked) == 1:
        return f"{limits}: both hold in {in_futures(best.both)}."
    if best.both == worst.both:
        return f"{limits}: both hold in {in_futures(best.both)} under each of the schedules."
    least = f"in {in_futures(worst.both)} under {quoted(worst.name)}"
    return f"{limits}: both hold in {in_futures(best.both)} under {quoted(best.name)}, {least}."


def both_alt(schedules: Sequence[Both], by: float, at_most: float, unit: str, when: Calendar) -> str:
    """Schedule by schedule: together, alone, and what one can be sure of."""
    said = [_both(each, by, at_most, unit, when) for each in schedules[:6]]
    more = f"; {len(schedules) - 6} more are in the table" if len(schedules) > 6 else ""
    return f"Each future a dot by the day on which the last cluster is live and the cost. {'; '.join(said)}{more}."


def _both(each: Both, by: float, at_most: float, unit: str, when: Calendar) -> str:
    sure = [f"{when.day(day)} and {money(cost, unit)} in {share:.0%}" for share, day, cost in each.sure]
    held = f"; together hold, for instance, {listed(sure)} of futures" if sure else ""
    return (
        f"{quoted(each.name)}: live by {when.day(by)} {likelihood(each.in_time)}, cost at most {money(at_most, unit)} "
        f"{likelihood(each.within)}, both {likelihood(each.both)}{held}"
    )
