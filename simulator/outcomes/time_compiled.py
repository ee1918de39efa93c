"""Where the time went, compiled: the same split as that of `time_spent`, for blocks that are large enough."""

from __future__ import annotations

import numpy as np

from simulator.inputs import BoolArray, Inputs, stacked
from simulator.network import Network
from simulator.network.values import IntArray, Ragged, integers
from simulator.outcomes import kernel
from simulator.outcomes.milestones import Milestones
from simulator.outcomes.time_spent import FIRST_THING, parts_of


def time_spent(milestones: Milestones, go_live: IntArray) -> IntArray:
    """Days by cluster and part, (C, K, N), as `simulator.outcomes.time_spent` has them."""
    network, inputs, timeline = milestones.network, milestones.inputs, milestones.timeline
    days = [np.ascontiguousarray(getattr(timeline, name)) for name in timeline.arrays()[: kernel.REWORK_DISRUPTED + 1]]
    own = _own_predecessors(network)
    starts, start_at, joins = _starts(milestones)
    out = np.zeros((len(go_live), len(parts_of(network)), milestones.size), dtype=np.int32)
    kernel.split_time(
        tuple(days),
        np.ascontiguousarray(timeline.waited),
        _table(network, inputs, own.starts),
        own.items,
        _columns(network),
        inputs.delay,
        inputs.skipped,
        starts,
        start_at,
        joins,
        go_live,
        integers(day or 0 for day in network.scheduled),
        network.horizon,
        np.empty(milestones.size, dtype=np.int32),
        out,
    )
    return out


def _own_predecessors(network: Network) -> Ragged:
    """Predecessors of each activity in its own cluster, in file order."""
    before = network.predecessors
    owner = np.repeat(np.arange(len(before)), np.diff(before.starts))
    own = np.flatnonzero(network.cluster[before.items] == network.cluster[owner])
    own = own[np.lexsort((before.items[own], owner[own]))]
    counts = np.bincount(owner[own], minlength=len(before))
    return Ragged(integers(np.concatenate([[0], np.cumsum(counts)])), before.items[own])


def _columns(network: Network) -> IntArray:
    """The part of each wait slot, (W,)."""
    money = network.spends.what + len(network.resources)
    return np.concatenate([network.asks.what, money], dtype=np.int32) + np.int32(FIRST_THING)


def _table(network: Network, inputs: Inputs, before: IntArray) -> IntArray:
    """What the split needs to know of each activity, in the columns that the kernel names."""
    boards = FIRST_THING + len(network.resources) + len(network.budgets)
    windows = boards + len(network.boards)
    money = network.spends.starts + len(network.asks)
    columns = {
        kernel.PLAN: network.planned,
        kernel.EFFECT: inputs.effect,
        kernel.WAVE: inputs.wave,
        kernel.WINDOW: np.where(network.window < 0, -1, network.window + windows),
        kernel.BOARD: np.where(network.board < 0, -1, network.board + boards),
        kernel.BEFORE: before[:-1],
        kernel.BEFORE + 1: before[1:],
        kernel.ASKS: network.asks.starts[:-1],
        kernel.ASKS + 1: network.asks.starts[1:],
        kernel.SPENDS: money[:-1],
        kernel.SPENDS + 1: money[1:],
        kernel.CLUSTER: network.cluster,
    }
    return np.stack([columns[column] for column in range(len(columns))], axis=1).astype(np.int32)


def _starts(milestones: Milestones) -> tuple[IntArray, IntArray, BoolArray]:
    """Activities with which a department comes to be live, each with the row of who joins, -1 for all.

    Then the first of each cluster, (C + 1,), and the rows of who joins.
    """
    rows: list[tuple[int, int]] = []
    first: list[int] = [0]
    joins: list[BoolArray] = []
    for users in milestones.network.live:
        for user in users:
            joined = milestones.joins(user)
            rows += [(activity, -1 if joined is None else len(joins)) for activity in user.activities]
            joins += [] if joined is None else [joined]
        first.append(len(rows))
    table = np.array(rows, dtype=np.int32).reshape(-1, 2)
    return table, integers(first), stacked(joins, milestones.size, np.bool_)
