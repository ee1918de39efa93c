"""The figures of a result's resources and of its money by year."""

from __future__ import annotations

from typing import Final

from simulator.analysis.bands import Fan, even_days
from simulator.outcomes.in_use import capacity_on, units_in_use
from simulator.outcomes.milestones import Milestones
from simulator.outcomes.yearly import by_year
from simulator.plots.fan import capacity_in_use, money_by_year
from simulator.plots.figure import Illustration, Table
from simulator.plots.tables import calendar_of, date_cell, source_of
from simulator.result import Result
from simulator.words.supply import (
    Allotted,
    Strain,
    capacity_alt,
    capacity_finding,
    money_alt,
    money_finding,
    years_told,
)

DAYS: Final = 240
"""Days along the axis of capacity in use."""


def capacity(result: Result, milestones: Milestones, row: int, name: str) -> Illustration:
    """Units of the ``row``-th resource in use over time; ``name`` is the figure's."""
    when, resource = calendar_of(result.scenario), result.model.network.resources[row]
    days = even_days(when.horizon, DAYS)
    used, there = units_in_use(milestones, days)[row], capacity_on(milestones, days)[row]
    fan, limit = Fan.of(used), Fan.of(there)
    full = ((used >= there) & (there > 0)).mean(axis=1)
    top = int(full.argmax())
    strain = Strain(
        resource, int(days[top]), float(full[top]), float(full.mean() * when.horizon),
        float(fan.p50.max()), float(limit.p50.max()),
    )  # fmt: skip
    columns = (fan.p10, fan.p50, fan.p90, limit.p50, full)
    rows = tuple((date_cell(int(day), when), *(float(column[k]) for column in columns)) for k, day in enumerate(days))
    return Illustration(
        name=name,
        finding=capacity_finding(strain, when),
        alt=capacity_alt(strain, when),
        table=Table(
            ("day", "in use, P10", "in use, P50", "in use, P90", "units there are, P50", "chance of being full"),
            ("date", "number", "number", "number", "number", "share"),
            rows,
        ),
        source=source_of(result, sampled=True),
        draw=lambda ax: capacity_in_use(days, fan, limit, when.start, resource, ax),
    )


def money(result: Result, milestones: Milestones) -> Illustration:
    """Costs, savings and budgets by calendar year."""
    found, unit = by_year(result.scenario, milestones), result.scenario.money.unit
    cost, savings = Fan.of(found.cost), Fan.of(found.savings)
    arrives = Allotted(Fan.of(found.arrives), found.arrives.mean(axis=1)) if result.scenario.budgets else None
    when = calendar_of(result.scenario)
    years = years_told(found.years, when)
    fans = {"cost": cost, "savings": savings} | ({"budgets that arrive": arrives.fan} if arrives else {})
    columns = {f"{what}, {p}": getattr(fan, p.lower()) for what, fan in fans.items() for p in ("P10", "P50", "P90")}
    columns |= {"budgets that arrive, mean": arrives.mean} if arrives else {}
    return Illustration(
        name="by-year",
        finding=money_finding(years, cost, savings, unit),
        alt=money_alt(years, cost, savings, arrives, unit),
        table=Table(
            ("year", *columns),
            ("text", *["money"] * len(columns)),  # type: ignore[arg-type]
            tuple((year, *(float(c[k]) for c in columns.values())) for k, year in enumerate(years)),
        ),
        source=source_of(result, sampled=True),
        draw=lambda ax: money_by_year(years_told(found.years, when, short=True), cost, savings, arrives, unit, ax),
    )
