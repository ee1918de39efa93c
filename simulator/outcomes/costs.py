"""What it costs: stages, legacy systems, mitigation.

- A stage costs `fixed` on the day its first activity starts, and `per_month` (a month is 30.4375 days) from
  there until its last has finished, or the horizon; waves that are skipped count for neither.
- A legacy system costs `running_cost` from day 0 until it is retired; an extension its `cost` from the day it
  begins (the earlier of end of support and contract end) until it ends or the system is retired; a
  failure its `failure.cost` on its day, where the system was in use.
- A mitigation that is in force costs its `cost` on day 0.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simulator.days import DAYS_PER_MONTH, DAYS_PER_YEAR, NEVER
from simulator.distributions import Constant, Distribution
from simulator.network.values import FloatArray, IntArray
from simulator.outcomes.legacy import SystemUse, failure_rows
from simulator.outcomes.milestones import Milestones
from simulator.outcomes.money import Discounting, Paid, paid_between, paid_on
from simulator.scenario import route
from simulator.scenario.model import Cluster, LegacySystem, Scenario


def amount_of(milestones: Milestones, variable: str, value: Distribution) -> FloatArray | float:
    """An amount of money: the number where it is certain, else its draws (N,)."""
    return value.value if isinstance(value, Constant) else milestones.draws[variable]


def some_of(
    milestones: Milestones, variable: str, value: Distribution, where: npt.NDArray[np.intp]
) -> FloatArray | float:
    """The same for some replications only, by their positions; in the shape of ``where``."""
    if isinstance(value, Constant):
        return value.value
    at = getattr(milestones.draws, "at", None)
    return at(variable, where) if at is not None else milestones.draws[variable][where]


def stage_costs(milestones: Milestones, cluster: int, values: Cluster, discounting: Discounting) -> Paid:
    """What the stages of a cluster cost."""
    network = milestones.network
    total = Paid.nothing(milestones.size)
    for stage, _ in route.stages(values):
        if stage.cost.fixed == Constant(0.0) and stage.cost.per_month == Constant(0.0):
            continue
        if stage.stage not in network.stages:
            continue
        here = (network.cluster == cluster) & (network.stage == network.stages.index(stage.stage))
        begins, ends = span(milestones, np.flatnonzero(here).tolist())
        name = f"{network.clusters[cluster]}/{stage.stage}/cost"
        total += paid_on(begins, amount_of(milestones, f"{name}/fixed", stage.cost.fixed), discounting)
        per_month = amount_of(milestones, f"{name}/per_month", stage.cost.per_month)
        total += paid_between(begins, ends, per_month / DAYS_PER_MONTH, discounting)
    return total


def span(milestones: Milestones, activities: list[int]) -> tuple[IntArray, IntArray]:
    """From the first start to the last finish of activities that are not skipped, (N,) each."""
    timeline = milestones.timeline
    begins = np.full(milestones.size, NEVER, dtype=np.int32)
    ends = np.zeros(milestones.size, dtype=np.int32)
    for activity in activities:
        skipped = milestones.skipped(activity)
        started, finished = timeline.started[activity], timeline.finished[activity]
        if skipped is not None:
            started, finished = np.where(skipped, np.int32(NEVER), started), np.where(skipped, np.int32(0), finished)
        np.minimum(begins, started, out=begins)
        np.maximum(ends, finished, out=ends)
    return begins, ends


def running_cost(use: SystemUse, values: LegacySystem, discounting: Discounting) -> Paid:
    """What it costs to run a legacy system until it is retired."""
    return paid_between(0, use.retired, values.running_cost / DAYS_PER_YEAR, discounting)


def extension_cost(use: SystemUse, values: LegacySystem, discounting: Discounting) -> Paid:
    """What an extension costs where it was bought."""
    if values.extension is None:
        return Paid.nothing(len(use.retired))
    until = np.minimum(use.retired, max(values.extension.until, 0))
    ends = np.where(use.extended, until, 0)
    return paid_between(use.extension_from, ends, values.extension.cost / DAYS_PER_YEAR, discounting)


def failure_cost(
    milestones: Milestones, system: int, use: SystemUse, values: LegacySystem, discounting: Discounting
) -> Paid:
    """What the failures of a legacy system in use cost."""
    total = Paid.nothing(milestones.size)
    if not use.used or values.failure.cost == Constant(0.0):
        return total
    last = use.retired
    where = np.arange(milestones.size)
    for number, row in enumerate(failure_rows(milestones, system), start=1):
        day = milestones.inputs.failures.day[row][where]
        counts = (day <= last[where]) & discounting.counts(day)
        where, day = where[counts], day[counts]
        if not where.size:  # the K-th failure is no later than the next
            break
        amount = some_of(milestones, f"{use.terms.name}/failure/{number}/cost", values.failure.cost, where)
        total.amount[where] += amount
        total.present[where] += amount * discounting.on(day)
    return total


def mitigation_cost(scenario: Scenario, replications: int) -> Paid:
    """What the mitigations in force cost; on day 0 nothing is discounted."""
    costs = [risk.mitigation.cost for risk in scenario.risks.values() if risk.mitigated and risk.mitigation]
    total = np.full(replications, float(sum(costs)))
    return Paid(total, total)
