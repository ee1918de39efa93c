"""The batch engine: the same timelines as the SimPy engine, compiled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.engines import kernel
from simulator.inputs import Inputs
from simulator.network import Claims, Network, Ragged
from simulator.network.values import IntArray, integers
from simulator.timeline import Timeline


def run(network: Network, inputs: Inputs) -> Timeline:
    """The timeline of every replication."""
    net = _network(network, inputs)
    count, size = len(network.activities), inputs.replications
    out = kernel.Out(
        days=_ints(kernel.ENDING, count, size),
        waiting_for=_ints(count, size),
        waited=_ints(network.slots, size),
        peak=_ints(len(network.resources), size),
        completions=_ints(len(network.paced), size),
        crowd=_ints(len(network.paced), size),
    )
    kernel.simulate_block(net, _given(network, inputs), _state(network, net), out)
    days = dict(zip(Timeline.arrays(), out.days, strict=False))
    others = {name: values for name, values in out._asdict().items() if name != "days"}
    return Timeline(network=network, **days, **others)


def _ints(*shape: int) -> IntArray:
    return np.zeros(shape, dtype=np.int32)


class _Lists:
    """Lists of whole numbers one behind the other, and real numbers that some of them point to."""

    def __init__(self) -> None:
        self.whole: list[int] = []
        self.real: list[float] = []

    def add(self, items: Iterable[int]) -> tuple[int, int]:
        """Append a list; its bounds."""
        first = len(self.whole)
        self.whole += items
        return first, len(self.whole)

    def add_real(self, items: Iterable[float]) -> tuple[int, int]:
        first = len(self.real)
        self.real += items
        return first, len(self.real)

    def add_claims(self, claims: Claims, owner: int) -> tuple[int, int]:
        """Append (what, units) pairs."""
        return self.add(value for pair in claims.of(owner) for value in pair)

    def add_money(self, claims: Claims, owner: int) -> tuple[int, int]:
        """Append (what, place of the money among the real numbers) pairs."""
        wanted = claims.of(owner)
        first, _ = self.add_real(money for _, money in wanted)
        return self.add(value for i, (what, _) in enumerate(wanted) for value in (what, first + i))


def _network(network: Network, inputs: Inputs) -> kernel.Net:
    lists = _Lists()
    steps = _steps(network)
    leaves = [sorted({a for user in terms.users for a in user.activities}) for terms in network.legacy]
    phases = range(len(network.phase_size))
    return kernel.Net(
        horizon=network.horizon,
        milestones=len(network.milestone_days),
        stages=len(network.stages),
        activity=_activities(network, inputs, lists, leaves),
        paced=network.paced,
        each=network.congestion_each,
        phase=_table([(*lists.add_claims(network.phase_returns, p), int(network.phase_size[p])) for p in phases], 3),
        board=_table(
            [(*bounds, int(s)) for bounds, s in zip(_rows(lists, network.meetings), network.seats, strict=True)], 3
        ),
        window=_table(_rows(lists, network.window_days), 2),
        step=_table([(resource, value) for _, resource, value in steps], 2),
        tranche=network.tranche_budget,
        system=_table(
            [(*bounds, len(left)) for bounds, left in zip(_rows(lists, network.disrupts), leaves, strict=True)], 3
        ),
        calendar=_calendar(network, steps),
        lists=integers(lists.whole),
        reals=np.array(lists.real, dtype=np.float64),
    )


def _table(rows: Sequence[Sequence[int]], width: int) -> IntArray:
    return np.array(rows, dtype=np.int32).reshape(-1, width)


def _rows(lists: _Lists, ragged: Ragged) -> list[tuple[int, int]]:
    return [lists.add(ragged[i].tolist()) for i in range(len(ragged))]


def _activities(network: Network, inputs: Inputs, lists: _Lists, leaves: Sequence[Sequence[int]]) -> IntArray:
    left_by = _inverted(leaves, len(network.activities))
    columns = {
        kernel.CLUSTER: network.cluster,
        kernel.STAGE: network.stage,
        kernel.PRIORITY: network.priority,
        kernel.RELEASE: network.release,
        kernel.PREDECESSORS: np.diff(network.predecessors.starts),
        kernel.PHASE: network.phase,
        kernel.BOARD: network.board,
        kernel.WINDOW: network.window,
        kernel.EFFECT: inputs.effect,
        kernel.WAVE: inputs.wave,
        kernel.CASE: inputs.case,
        kernel.CONGESTION: network.congestion_resource,
        kernel.BEYOND: network.congestion_beyond,
        kernel.FIRST_ASK: network.asks.starts[:-1],
        kernel.FIRST_SPEND: network.spends.starts[:-1] + len(network.asks),
    }
    table = _ints(len(network.activities), kernel.LEAVES_END + 1)
    for column, values in columns.items():
        table[:, column] = values
    for a in range(len(table)):
        bounds = {
            kernel.SUCCESSORS: lists.add(network.successors[a].tolist()),
            kernel.ASKS: lists.add_claims(network.asks, a),
            kernel.SPENDS: lists.add_money(network.spends, a),
            kernel.RETURNS: lists.add_claims(network.returns, a),
            kernel.LEARNING: lists.add_real(network.learning[a].tolist()),
            kernel.LEAVES: lists.add(left_by[a]),
        }
        for column, (first, end) in bounds.items():
            table[a, column : column + 2] = first, end
    return table


def _steps(network: Network) -> list[tuple[int, int, int]]:
    """Every step of capacity as (day, resource, value)."""
    return [
        (day, resource, value)
        for resource in range(len(network.resources))
        for day, value in zip(
            network.capacity_days[resource].tolist(), network.capacity_values[resource].tolist(), strict=True
        )
    ]


def _calendar(network: Network, steps: Sequence[tuple[int, int, int]]) -> npt.NDArray[np.int64]:
    """What happens on the same day in every replication, as ordered events."""
    supply = [_event(day, kernel.SUPPLY, index) for index, (day, _, _) in enumerate(steps)]
    releases = [
        _event(day, kernel.RELEASES, a) for a, day in enumerate(network.release.tolist()) if 0 < day <= network.horizon
    ]
    return np.array(sorted(supply + releases), dtype=np.int64)


def _event(day: int, order: int, index: int) -> int:
    return day << kernel.DAY_SHIFT | order << kernel.ORDER_SHIFT | index


def _inverted(lists: Iterable[Iterable[int]], size: int) -> list[list[int]]:
    """From list → items to item → lists."""
    owners: list[list[int]] = [[] for _ in range(size)]
    for number, items in enumerate(lists):
        for item in items:
            owners[item].append(number)
    return owners


def _given(network: Network, inputs: Inputs) -> kernel.Given:
    whole: dict[str, npt.NDArray[Any]] = {
        "milestone_day": inputs.milestone_day,
        "capacity": inputs.capacity,
        "tranche_day": inputs.tranche_day,
        "skipped": inputs.skipped,
        "remains": inputs.remains,
        "returned": inputs.returned,
        "rework": inputs.rework,
        "failure_day": inputs.failures.day,
        "failure_length": inputs.failures.length,
    }
    first = np.cumsum([0, *(len(rows) for rows in whole.values())]).tolist()
    return kernel.Given(
        length=inputs.length,
        factor=inputs.factor,
        delay=inputs.delay,
        amount=inputs.tranche_amount,
        whole=np.concatenate(list(whole.values()), axis=0, dtype=np.int32, casting="unsafe"),
        failure_system=inputs.failures.system,
        failure_at=integers(np.searchsorted(inputs.failures.system, np.arange(len(network.legacy) + 1))),
        rework_at=inputs.rework_starts,
        **dict(zip(whole, first, strict=False)),
    )


def _state(network: Network, net: kernel.Net) -> kernel.State:
    count, boards, budgets = len(network.activities), len(network.boards), len(network.budgets)
    systems = len(network.legacy)
    # In the heap at once: one end or window and one hearing today an activity, one later meeting a board,
    # one failure a system, every tranche and milestone.
    heap = 2 * count + boards + systems + len(net.tranche) + net.milestones
    return kernel.State(
        flags=np.zeros(kernel.READ + 1, dtype=np.int64),
        heap=np.zeros(heap + 1, dtype=np.int64),
        line=_ints(count),
        hall=_ints(count),
        agenda=_ints(2 * count + 1),
        next_round=_ints(count),
        activity=_ints(count, kernel.CROWD + 1),
        resource=_ints(len(network.resources), kernel.TAKEN + 1),
        board=_ints(boards, kernel.CALLED + 1),
        phase=_ints(len(net.phase)),
        system=_ints(systems, kernel.IN_USE + 1),
        completed=_ints((len(network.clusters) + 1) * len(network.stages)),
        money=np.zeros(budgets),
        frozen=_ints(budgets),
        waited=_ints(network.slots),
    )
