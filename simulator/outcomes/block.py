"""From a timeline to outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simulator.days import NEVER
from simulator.inputs import Inputs, stacked
from simulator.network import Network
from simulator.network.values import FloatArray, IntArray
from simulator.outcomes import legacy
from simulator.outcomes.legacy import SystemUse, rows_of, system_use
from simulator.outcomes.milestones import Milestones
from simulator.outcomes.money import discounting_at
from simulator.outcomes.payments import Payments, payments, total
from simulator.outcomes.resources import resource_use
from simulator.outcomes.stranded import unfinished
from simulator.outcomes.time_spent import parts_of, time_spent
from simulator.outcomes.values import ClusterOutcomes, LegacyOutcomes, Names, Outcomes, ProgrammeOutcomes
from simulator.scenario.model import Scenario
from simulator.timeline import Timeline


def measure(
    scenario: Scenario, network: Network, inputs: Inputs, draws: Mapping[str, FloatArray], timeline: Timeline
) -> Outcomes:
    """What a planner reads off the timeline of one block of N replications.

    ``inputs`` are those that `prepare` made of the draws, and ``draws`` hold besides what things cost.

    Raises:
        KeyError: the draws lack a cost that is uncertain.
    """
    milestones = Milestones(network, inputs, draws, timeline)
    uses = [system_use(milestones, system) for system in range(len(network.legacy))]
    rate = discounting_at(scenario.money.discount_rate, network.horizon)
    money = payments(scenario, milestones, uses, rate)
    clusters = _clusters(scenario, milestones, uses, money)
    systems = _legacy(milestones, uses, money)
    return Outcomes(
        names=Names(network.clusters, tuple(terms.name for terms in network.legacy), network.resources),
        first=int(getattr(draws, "first", 0)),
        clusters=clusters,
        legacy=systems,
        programme=_programme(clusters, systems, money),
        resources=resource_use(milestones),
        unfinished=unfinished(scenario, milestones),
    )


def _clusters(
    scenario: Scenario, milestones: Milestones, uses: Sequence[SystemUse], money: Payments
) -> ClusterOutcomes:
    network, size = milestones.network, milestones.size
    lives = [milestones.go_live(c) for c in range(len(network.clusters))]
    go_live = rows_of([last for last, _ in lives], size)
    unsupported, past, failures = legacy.per_cluster(milestones, uses)
    spent = [stages + again for stages, again in zip(money.stages, money.reprocurements, strict=True)]
    marks = {name: milestones.finished(activities) for name, activities in network.marks.items()}
    never = np.full(size, NEVER, dtype=np.int32)
    deadline = network.horizon if scenario.deadline is None else scenario.deadline
    return ClusterOutcomes(
        go_to_market=rows_of([milestones.go_to_market(c) for c in range(len(network.clusters))], size),
        award=rows_of([marks.get(f"{name}/award", never) for name in network.clusters], size),
        go_live=go_live,
        first_live=rows_of([first for _, first in lives], size),
        days_late=_days_late(go_live, deadline),
        on_time=go_live <= deadline,
        unsupported_days=unsupported,
        days_past_contract=past,
        failures=failures,
        cost=_rows([paid.amount for paid in spent], size),
        savings=_rows([paid.amount for paid in money.savings], size),
        npv=_rows([saved.present - paid.present for saved, paid in zip(money.savings, spent, strict=True)], size),
        time=_time(milestones, go_live),
        parts=parts_of(network),
        marks=marks,
    )


def _days_late(go_live: IntArray, deadline: int) -> IntArray:
    return np.where(go_live == NEVER, np.int32(NEVER), np.maximum(go_live - deadline, 0)).astype(np.int32)


def _time(milestones: Milestones, go_live: IntArray) -> IntArray:
    spent = [time_spent(milestones, c, live) for c, live in enumerate(go_live)]
    return np.stack(spent) if spent else np.zeros((0, 0, milestones.size), dtype=np.int32)


def _legacy(milestones: Milestones, uses: Sequence[SystemUse], money: Payments) -> LegacyOutcomes:
    horizon, size = milestones.network.horizon, milestones.size
    numbered = list(enumerate(uses))
    return LegacyOutcomes(
        retired=rows_of([use.retired for use in uses], size),
        in_use_past_end_of_support=stacked(
            [(use.retired > use.end_of_support) & (use.end_of_support <= horizon) for use in uses], size, np.bool_
        ),
        unsupported_days=rows_of([legacy.unsupported_days(use, use.retired, horizon) for use in uses], size),
        days_past_contract=rows_of([legacy.days_past_contract(use, use.retired, horizon) for use in uses], size),
        extended=stacked([use.extended & (use.extension_from <= horizon) for use in uses], size, np.bool_),
        failures=rows_of([legacy.failures_by(milestones, s, use, use.retired) for s, use in numbered], size),
        running_cost=_rows([paid.amount for paid in money.running], size),
        extension_cost=_rows([paid.amount for paid in money.extensions], size),
        failure_cost=_rows([paid.amount for paid in money.failures], size),
        cut=stacked([legacy.cut_short(milestones, s, use) for s, use in numbered], size, np.bool_),
    )


def _programme(clusters: ClusterOutcomes, systems: LegacyOutcomes, money: Payments) -> ProgrammeOutcomes:
    size = clusters.go_live.shape[1]
    paid = money.costs(size)
    cost, saved = total(list(paid.values()), size), total(money.savings, size)
    return ProgrammeOutcomes(
        finish=clusters.go_live.max(axis=0, initial=0),
        on_time=np.logical_and.reduce(clusters.on_time, axis=0),
        unsupported_days=systems.unsupported_days.sum(axis=0, dtype=np.int32),
        days_past_contract=systems.days_past_contract.sum(axis=0, dtype=np.int32),
        failures=systems.failures.sum(axis=0, dtype=np.int32),
        costs={kind: each.amount for kind, each in paid.items()},
        cost=cost.amount,
        savings=saved.amount,
        npv=saved.present - cost.present,
    )


def _rows(rows: Sequence[FloatArray], size: int) -> FloatArray:
    return stacked(rows, size, np.float64)
