"""The batch engine: the same timelines as the SimPy engine, compiled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.engines import kernel
from simulator.engines.tables import ends_of, ints, places, tables_of
from simulator.inputs import Inputs
from simulator.network import Network
from simulator.network.values import FloatArray, IntArray, integers
from simulator.timeline import Timeline


def run(network: Network, inputs: Inputs) -> Timeline:
    """The timeline of every replication."""
    rows, ends = _rows(inputs), ends_of(network)
    net = _network(network, inputs, rows)
    lanes = kernel.Lanes(
        real=np.zeros((kernel.LANES, sum(map(len, _reals(rows))))),
        whole=ints(kernel.LANES, sum(map(len, _wholes(rows)))),
        kept=ints(kernel.LANES, ends.crowd),
    )
    out = np.empty((ends.crowd, inputs.replications), dtype=np.int32)
    kernel.simulate_block(net, rows, _state(network, net), lanes, ends, out)
    return _timeline(network, out, ends)


def _network(network: Network, inputs: Inputs, rows: kernel.Rows) -> kernel.Net:
    """The network's tables, and where in `kernel.Given` its inputs begin in this block."""
    tables = tables_of(network)
    activity = tables.activity.copy()
    activity[:, kernel.EFFECT] = inputs.effect
    activity[:, kernel.WAVE] = inputs.wave
    activity[:, kernel.CASE] = inputs.case
    real, whole = (np.cumsum([0, *map(len, kind)]).tolist() for kind in (_reals(rows), _wholes(rows)))
    starts = dict(zip(kernel.Rows._fields, [*real[:-1], *whole[:-1]], strict=True))
    del starts["length"]  # at 0, since it comes first
    return tables._replace(
        activity=activity,
        failure_system=inputs.failures.system,
        failure_at=integers(np.searchsorted(inputs.failures.system, np.arange(len(network.legacy) + 1))),
        rework_at=inputs.rework_starts,
        **starts,
    )


def _reals(rows: kernel.Rows) -> Sequence[FloatArray]:
    return rows[: kernel.REALS]


def _wholes(rows: kernel.Rows) -> Sequence[IntArray]:
    return rows[kernel.REALS :]


def _timeline(network: Network, out: IntArray, ends: kernel.Ends) -> Timeline:
    """The timeline whose arrays follow each other, facts first."""
    facts = out[: ends.fact].reshape(kernel.FACTS, -1, out.shape[1])
    others = {name: out[first:end] for name, first, end in zip(ends._fields[1:], ends, ends[1:], strict=False)}
    return Timeline(network=network, **dict(zip(Timeline.arrays(), facts, strict=False)), **others)


def _rows(inputs: Inputs) -> kernel.Rows:
    return kernel.Rows(
        length=inputs.length,
        factor=inputs.factor,
        delay=inputs.delay,
        amount=inputs.tranche_amount,
        milestone_day=inputs.milestone_day,
        capacity=inputs.capacity,
        tranche_day=inputs.tranche_day,
        skipped=inputs.skipped,
        remains=inputs.remains,
        returned=inputs.returned,
        rework=inputs.rework,
        failure_day=inputs.failures.day,
        failure_length=inputs.failures.length,
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
        line=places(count),
        hall=places(count),
        agenda=places(2 * count + 1),
        next_round=places(count),
        now=ints(count, kernel.NOT_BEFORE + 1),
        resource=ints(len(network.resources), kernel.TAKEN + 1),
        board=ints(boards, kernel.WAITING + 1),
        phase=ints(len(net.phase)),
        system=ints(systems, kernel.IN_USE + 1),
        completed=ints((len(network.clusters) + 1) * len(network.stages)),
        money=np.zeros(budgets),
        frozen=ints(budgets),
    )
