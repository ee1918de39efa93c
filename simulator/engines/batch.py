"""The batch engine: the same timelines as the SimPy engine, compiled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from simulator.engines import kernel
from simulator.inputs import MOST_FAILURES, Inputs
from simulator.network import Claims, Network
from simulator.network.values import IntArray, integers
from simulator.timeline import Timeline


def run(network: Network, inputs: Inputs) -> Timeline:
    """The timeline of every replication."""
    net = _network(network)
    given = _inputs(inputs)
    out = _arrays(network, inputs.replications)
    kernel.simulate_block(net, given, _state(network, net), out, 0, inputs.replications)
    return Timeline(network=network, **out._asdict())


def _network(network: Network) -> kernel.Net:
    steps = _steps(network)
    leaves = [sorted({a for user in terms.users for a in user.activities}) for terms in network.legacy]
    leave = _inverted(leaves, len(network.activities))
    return kernel.Net(
        horizon=network.horizon,
        milestones=len(network.milestone_days),
        cluster=network.cluster,
        stage=network.stage,
        stages=len(network.stages),
        priority=network.priority,
        release=network.release,
        predecessors=integers(np.diff(network.predecessors.starts)),
        successor_at=network.successors.starts,
        successor=network.successors.items,
        learning_at=network.learning.starts,
        learning=network.learning.items,
        congestion_resource=network.congestion_resource,
        congestion_beyond=network.congestion_beyond,
        congestion_each=network.congestion_each,
        **_claims("ask", network.asks, "resource", "units"),
        **_claims("spend", network.spends, "budget", "money"),
        **_claims("return", network.returns, "resource", "units"),
        phase=network.phase,
        phase_size=network.phase_size,
        **_claims("phase", network.phase_returns, "resource", "units"),
        board=network.board,
        meeting_at=network.meetings.starts,
        meeting=network.meetings.items,
        seats=network.seats,
        window=network.window,
        window_at=network.window_days.starts,
        window_day=network.window_days.items,
        calendar=_calendar(network, steps),
        step_resource=integers(resource for _, resource, _ in steps),
        step_value=integers(value for _, _, value in steps),
        tranche_budget=network.tranche_budget,
        disrupt_at=network.disrupts.starts,
        disrupt=network.disrupts.items,
        leave_at=leave[0],
        leave=leave[1],
        leave_count=integers(len(activities) for activities in leaves),
    )


def _claims(name: str, claims: Claims, what: str, amount: str) -> dict[str, object]:
    return {f"{name}_at": claims.starts, f"{name}_{what}": claims.what, f"{name}_{amount}": claims.amount}


def _steps(network: Network) -> list[tuple[int, int, int]]:
    """Every step of capacity as (day, resource, value)."""
    return [
        (day, resource, value)
        for resource in range(len(network.resources))
        for day, value in zip(
            network.capacity_days[resource].tolist(), network.capacity_values[resource].tolist(), strict=True
        )
    ]


def _calendar(network: Network, steps: Sequence[tuple[int, int, int]]) -> np.ndarray:
    """What happens on the same day in every replication, as ordered events."""
    supply = [_event(day, kernel.SUPPLY, index) for index, (day, _, _) in enumerate(steps)]
    releases = [
        _event(day, kernel.RELEASES, a) for a, day in enumerate(network.release.tolist()) if 0 < day <= network.horizon
    ]
    return np.array(sorted(supply + releases), dtype=np.int64)


def _event(day: int, order: int, index: int) -> int:
    return day << kernel.DAY_SHIFT | order << kernel.ORDER_SHIFT | index


def _inverted(lists: Iterable[Iterable[int]], size: int) -> tuple[IntArray, IntArray]:
    """From list → items to item → lists, as starts and numbers of lists."""
    owners: list[list[int]] = [[] for _ in range(size)]
    for number, items in enumerate(lists):
        for item in items:
            owners[item].append(number)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in owners], dtype=np.int64)])
    return integers(starts), integers(number for row in owners for number in row)


def _inputs(inputs: Inputs) -> kernel.Given:
    return kernel.Given(
        length=inputs.length,
        effect=inputs.effect,
        factor=inputs.factor,
        delay=inputs.delay,
        wave=inputs.wave,
        skipped=inputs.skipped,
        milestone_day=inputs.milestone_day,
        capacity=inputs.capacity,
        tranche_day=inputs.tranche_day,
        tranche_amount=inputs.tranche_amount,
        case=inputs.case,
        returned=inputs.returned,
        rework_at=inputs.rework_starts,
        rework=inputs.rework,
        remains=inputs.remains,
        failure_system=inputs.failures.system,
        failure_day=inputs.failures.day,
        failure_length=inputs.failures.length,
    )


def _state(network: Network, net: kernel.Net) -> kernel.State:
    count = len(network.activities)
    resources, budgets, boards = len(network.resources), len(network.budgets), len(network.boards)
    systems = len(network.legacy)

    def ints(size: int) -> IntArray:
        return np.zeros(size, dtype=np.int32)

    # In the heap at once: one end or window and one hearing an activity, one meeting more a board,
    # every tranche, milestone and failure.
    heap = 2 * count + boards + len(network.tranche_budget) + net.milestones + systems * MOST_FAILURES
    return kernel.State(
        flags=np.zeros(5, dtype=np.int64),
        heap=np.zeros(heap + 1, dtype=np.int64),
        line=ints(count),
        hall=ints(count),
        finishing=ints(count + 1),
        **{name: ints(count) for name in _PER_ACTIVITY},
        left_in_phase=ints(len(network.phase_size)),
        completed=ints(len(network.stages)),
        completed_by=ints(len(network.clusters) * len(network.stages)),
        capacity=ints(resources),
        inside=ints(resources),
        peak=ints(resources),
        money=np.zeros(budgets),
        taken=np.zeros(resources, dtype=np.int64),
        frozen=np.zeros(budgets, dtype=np.int64),
        read=np.zeros(1, dtype=np.int64),
        waited=ints(network.slots),
        in_use=np.zeros(systems, dtype=np.bool_),
        users_left=ints(systems),
        met_on=ints(boards),
        seats_left=ints(boards),
    )


_PER_ACTIVITY = (
    "asked",
    "granted",
    "started",
    "worked",
    "finished",
    "disrupted",
    "reworked",
    "rework_disrupted",
    "ends",
    "blocked",
    "reason",
    "since",
    "returns",
    "waits_since",
    "not_before",
)




def _arrays(network: Network, replications: int) -> kernel.Out:
    rows = dict.fromkeys(kernel.Out._fields, len(network.activities))
    rows |= {"waited": network.slots, "peak": len(network.resources)}
    return kernel.Out(**{name: np.empty((count, replications), dtype=np.int32) for name, count in rows.items()})
