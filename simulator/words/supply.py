"""Capacity, and money by year, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from simulator.analysis.bands import Fan
from simulator.days import date_of
from simulator.network.values import FloatArray
from simulator.words.likelihood import in_futures, likelihood
from simulator.words.live import Calendar
from simulator.words.said import MONTHS, amount_of, length, listed, money, quoted


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
    return f"{name} is full for {length(strain.days_full)} on average up to the horizon, {fullest}."


def capacity_alt(strain: Strain, when: Calendar) -> str:
    """The same with what was drawn."""
    return (
        f"Units of {quoted(strain.resource)} in use over time: the median, a band from P10 to P90, and a dashed line "
        f"for the units there are. The median reaches {amount_of(strain.most)} of {amount_of(strain.limit)} units. "
        f"All are in use on {when.day(strain.day)} {likelihood(strain.full)}. All are in use for "
        f"{length(strain.days_full)} on average, up to the horizon."
    )


@dataclass(frozen=True)
class Allotted:
    """Money that budgets get in each of Y years."""

    fan: Fan
    mean: FloatArray
    """(Y,); unlike the median, above 0 wherever there is a chance of any."""


def years_told(years: Sequence[int], when: Calendar, short: bool = False) -> list[str]:
    """Years by name, and of one of which only a part is simulated, which part: ``2034 (to 30 June)``."""
    first, last = when.start, date_of(when.horizon, when.start)
    parts: list[list[str]] = [[] for _ in years]
    if (first.month, first.day) != (1, 1):
        parts[0].append(f"from {_day(first, short)}")
    if (last.month, last.day) != (12, 31):
        parts[-1].append(f"to {_day(last, short)}")
    told = [" ".join(part) for part in parts]
    written = "{}\n{}" if short else "{} ({})"
    return [written.format(year, part) if part else str(year) for year, part in zip(years, told, strict=True)]


def _day(when: date, short: bool) -> str:
    month = MONTHS[when.month - 1]
    return f"{when.day} {month[:3] if short else month}"


def money_finding(years: Sequence[str], cost: Fan, savings: Fan, unit: str) -> str:
    """When costs are highest, and from when on savings exceed them."""
    top = max(range(len(years)), key=lambda k: (cost.p50[k], cost.p90[k]))
    low, middle, high = (money(float(of[top]), unit) for of in (cost.p10, cost.p50, cost.p90))
    spread = f" ({low} to {high}, P10 to P90)" if low != high else ""
    none = cost.p90[top] == 0 and savings.p90.max() == 0
    if none:
        return "In nine in ten futures or more nothing is paid or saved in any year."
    peak = f"Costs are highest in {years[top]}, {middle} in the median{spread}"
    ahead = (savings.p50 > cost.p50).tolist()
    if not any(ahead):
        return f"{peak}; the median of savings exceeds that of costs in no year."
    first = next((k for k in range(len(years)) if all(ahead[k:])), None)
    if first is None:
        when = listed([year for year, more in zip(years, ahead, strict=True) if more])
        return f"{peak}; the median of savings exceeds that of costs in {when} only."
    return f"{peak}; the median of savings exceeds that of costs from {years[first]} on."


def money_alt(years: Sequence[str], cost: Fan, savings: Fan, arrives: Allotted | None, unit: str) -> str:
    """Year by year, medians and P10 to P90; of budgets, which may come in one year or another, the mean."""
    said = [_year(k, year, cost, savings, arrives, unit) for k, year in enumerate(years[:16])]
    more = f"; {len(years) - 16} more are in the table" if len(years) > 16 else ""
    budgets = ", and for budgets that arrive a mark at the mean and a line from P10 to P90" if arrives else ""
    return (
        f"For each year a bar from P10 to P90 of costs and one of savings, with the medians{budgets}. "
        f"{'; '.join(said)}{more}."
    )


def _year(k: int, year: str, cost: Fan, savings: Fan, arrives: Allotted | None, unit: str) -> str:
    low, middle, high, saved = (money(float(of[k]), unit) for of in (cost.p10, cost.p50, cost.p90, savings.p50))
    budget = "" if arrives is None or arrives.mean[k] == 0 else f", budgets {_allotted(k, arrives, unit)}"
    return f"{year}: cost {middle} ({low} to {high}), savings {saved}{budget}"


def _allotted(k: int, arrives: Allotted, unit: str) -> str:
    low, high, mean = (money(float(of[k]), unit) for of in (arrives.fan.p10, arrives.fan.p90, arrives.mean))
    return mean if low == high == mean else f"{low} to {high} ({mean} on average)"
