"""What it costs: stages, legacy systems, mitigation.

- A stage costs `fixed` on the day its first activity starts, and `per_month` (a month is 30.4375 days) from
  there until its last has finished, or the horizon; waves that are skipped count for neither.
- A legacy system costs `running_cost` from day 0 until it is retired; an extension its `cost` from the day it
  begins (the earlier of end of support and contract end) until it ends or the system is retired; a
  failure its `failure.cost` on its day, where the system was in use.
- A mitigation that is in force costs its `cost` on day 0.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.days import DAYS_PER_MONTH, DAYS_PER_YEAR, NEVER
from simulator.distributions import Constant, Distribution
from simulator.draws import Places, gathered
from simulator.network.values import FloatArray, IntArray
from simulator.outcomes.legacy import SystemUse, failure_rows, failures_upto
from simulator.outcomes.milestones import Milestones
from simulator.outcomes.money import Discounting, Paid, paid_between, paid_on
from simulator.scenario import route
from simulator.scenario.model import Cluster, LegacySystem, Scenario

NOTHING: Final = Constant(0.0)


def amount_of(milestones: Milestones, variable: str, value: Distribution) -> FloatArray | float:
    """An amount of money: the number where it is certain, else its draws (N,)."""
    return value.value if isinstance(value, Constant) else milestones.draws[variable]


def stage_costs(milestones: Milestones, cluster: int, values: Cluster, discounting: Discounting) -> Paid:
    """What the stages of a cluster cost."""
    network = milestones.network
    total = Paid.nothing(milestones.size)
    for stage, _ in route.stages(values):
        fixed, per_month = stage.cost.fixed, stage.cost.per_month
        if stage.stage not in network.stages or fixed == per_month == NOTHING:
            continue
        here = (network.cluster == cluster) & (network.stage == network.stages.index(stage.stage))
        begins, ends = span(milestones, np.flatnonzero(here).tolist())
        name = f"{network.clusters[cluster]}/{stage.stage}/cost"
        if fixed != NOTHING:
            total += paid_on(begins, amount_of(milestones, f"{name}/fixed", fixed), discounting)
        if per_month != NOTHING:
            per_day = amount_of(milestones, f"{name}/per_month", per_month) / DAYS_PER_MONTH
            total += paid_between(begins, ends, per_day, discounting)
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
    size = milestones.size
    if not use.used or values.failure.cost == NOTHING:
        return Paid.nothing(size)
    some = np.flatnonzero(failures_upto(milestones, system, np.minimum(use.retired, discounting.last)))
    if not some.size:
        return Paid.nothing(size)
    number, where = np.divmod(some, size)
    days = milestones.inputs.failures.day[failure_rows(milestones, system).start + number, where]
    amount = _failure_amounts(milestones, use.terms.name, values.failure.cost, number, where)
    present = amount * discounting.on(days)
    # Failures stand one behind the other, so that each replication's are added in their order.
    return Paid(_added(where, amount, size), _added(where, present, size))


def _added(where: Places, amounts: FloatArray, size: int) -> FloatArray:
    """Amounts summed by replication, (N,), in their order."""
    return np.asarray(np.bincount(where, amounts, size), dtype=np.float64)


def _failure_amounts(
    milestones: Milestones, system: str, cost: Distribution, number: Places, where: Places
) -> FloatArray:
    """What failures cost, (M,), from their numbers, counted from 0 and rising, and their replications."""
    if isinstance(cost, Constant):
        return np.full(len(where), cost.value)
    spans = np.flatnonzero(np.diff(number, prepend=-1)).tolist()
    wanted = [
        (f"{system}/failure/{number[begin] + 1}/cost", where[begin:end])
        for begin, end in zip(spans, [*spans[1:], len(where)], strict=False)
    ]
    return gathered(milestones.draws, wanted)


def mitigation_cost(scenario: Scenario, replications: int) -> Paid:
    """What the mitigations in force cost; on day 0 nothing is discounted."""
    costs = [risk.mitigation.cost for risk in scenario.risks.values() if risk.mitigated and risk.mitigation]
    total = np.full(replications, float(sum(costs)))
    return Paid(total, total)
