"""A network as the tables that the compiled engine reads, made once for all blocks."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import fields
from itertools import pairwise
from typing import Any, Final, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from simulator.days import NEVER
from simulator.engines import kernel
from simulator.network import Claims, Network, Ragged
from simulator.network.values import IntArray

Places: TypeAlias = npt.NDArray[np.uint32]
"""Whole numbers without a sign, which point into tables; `kernel.NONE` for nowhere."""

DATED: Final = frozenset({"schedule", "scheduled", "release", "horizon"})
"""What differs between networks of the same scenario on other dates."""
UNDATED: Final = tuple(field.name for field in fields(Network) if field.init and field.name not in DATED)

_made: WeakKeyDictionary[Network, kernel.Net] = WeakKeyDictionary()
_last: Final[deque[tuple[Network, kernel.Net]]] = deque(maxlen=1)
"""The network whose tables were made from nothing last, and what of them does not depend on dates."""


def tables_of(network: Network) -> kernel.Net:
    """The tables of a network; what depends on a block's inputs, in them and behind them, is left at 0.

    Networks that are made of one by moving dates share all other tables: a search for last dates has hundreds.
    """
    if network not in _made:
        _made[network] = _dated(network, _undated(network))
    return _made[network]


def _undated(network: Network) -> kernel.Net:
    for known, tables in tuple(_last):
        if all(getattr(known, name) is getattr(network, name) for name in UNDATED):
            return tables
    tables = _tables(network)
    _last.append((network, tables))
    return tables


def _dated(network: Network, tables: kernel.Net) -> kernel.Net:
    """With the horizon and the days of release; none is before the start, so that no number is negative."""
    activity = tables.activity.copy()
    activity[:, kernel.RELEASE] = np.maximum(network.release, 0)
    return tables._replace(horizon=network.horizon, activity=activity, calendar=_calendar(network))


def ends_of(network: Network) -> kernel.Ends:
    """How many numbers are kept of a future, and where each kind of them ends."""
    count, paced = len(network.activities), len(network.paced)
    sizes = (kernel.FACTS * count, count, network.slots, len(network.resources), paced, paced)
    return kernel.Ends(*np.cumsum(sizes).tolist())


def ints(*shape: int) -> IntArray:
    """Zeros."""
    return np.zeros(shape, dtype=np.int32)


def places(*shape: int) -> Places:
    """Zeros, to point somewhere."""
    return np.zeros(shape, dtype=np.uint32)


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


def _tables(network: Network) -> kernel.Net:
    """All but what depends on dates."""
    lists = _Lists()
    steps = _steps(network)
    leaves = [sorted({a for user in terms.users for a in user.activities}) for terms in network.legacy]
    phases = range(len(network.phase_size))
    return kernel.Net(
        horizon=0,
        milestones=len(network.milestone_days),
        stages=len(network.stages),
        activity=_activities(network, lists, leaves),
        each=network.congestion_each,
        phase=_table([(*lists.add_claims(network.phase_returns, p), int(network.phase_size[p])) for p in phases], 3),
        board=_boards(network),
        window=_table(_bounds(network.window_days, len(network.meetings.items)), 2),
        days=np.concatenate([network.meetings.items, network.window_days.items]),
        step=_table([(resource, value) for _, resource, value in steps], 2),
        tranche=network.tranche_budget,
        system=_table(
            [(*bounds, len(left)) for bounds, left in zip(_rows(lists, network.disrupts), leaves, strict=True)], 3
        ),
        calendar=np.zeros(0, dtype=np.int64),
        lists=np.array(lists.whole, dtype=np.uint32),
        reals=np.array(lists.real, dtype=np.float64),
        blank_now=_blank_now(network),
        blank_kept=_blank_kept(network),
    )


def _table(rows: Sequence[Sequence[int]], width: int) -> IntArray:
    return np.array(rows, dtype=np.int32).reshape(-1, width)


def _bounds(ragged: Ragged, first: int) -> list[tuple[int, int]]:
    """Where each list begins and ends, if the first of them begins at ``first``."""
    return list(pairwise((ragged.starts + first).tolist()))


def _rows(lists: _Lists, ragged: Ragged) -> list[tuple[int, int]]:
    return [lists.add(ragged[i].tolist()) for i in range(len(ragged))]


def _boards(network: Network) -> IntArray:
    """Each board's meetings, seats, and part of the hall: room for everyone who may come."""
    cases = np.bincount(network.board[network.board >= 0], minlength=len(network.boards))
    halls = (np.cumsum(cases) - cases).tolist()
    meetings, seats = _bounds(network.meetings, 0), network.seats.tolist()
    return _table([(*bounds, *rest) for bounds, *rest in zip(meetings, seats, halls, strict=True)], 4)


def _activities(network: Network, lists: _Lists, leaves: Sequence[Sequence[int]]) -> Places:
    """A row for each activity; priorities as ranks, so that no number is negative."""
    left_by = _inverted(leaves, len(network.activities))
    columns: dict[int, npt.NDArray[np.integer[Any]]] = {
        kernel.CLUSTER: network.cluster,
        kernel.STAGE: network.stage,
        kernel.PRIORITY: np.unique(network.priority, return_inverse=True)[1],
        kernel.PREDECESSORS: np.diff(network.predecessors.starts),
        kernel.PHASE: network.phase,
        kernel.BOARD: network.board,
        kernel.WINDOW: network.window,
        kernel.CONGESTION: network.congestion_resource,
        kernel.BEYOND: network.congestion_beyond,
        kernel.FIRST_ASK: network.asks.starts[:-1],
        kernel.PACED: _placed(network.paced, len(network.activities)),
        kernel.FIRST_SPEND: network.spends.starts[:-1] + len(network.asks),
    }
    table = places(len(network.activities), kernel.LEAVES_END + 1)
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


def _blank_now(network: Network) -> IntArray:
    """What the engine knows of each activity on the morning of day 0."""
    now = ints(len(network.activities), kernel.NOT_BEFORE + 1)
    now[:, [kernel.ENDING, kernel.REASON]] = -1
    now[:, kernel.BLOCKED] = np.diff(network.predecessors.starts)
    return now.reshape(-1)


def _blank_kept(network: Network) -> IntArray:
    """What is kept of a future in which nothing has happened yet."""
    ends = ends_of(network)
    kept = ints(ends.crowd)
    kept[: ends.fact].reshape(-1, kernel.FACTS)[:, : kernel.DISRUPTED] = NEVER
    kept[ends.fact : ends.waiting_for] = -1
    kept[ends.peak :] = -1
    return kept


def _placed(chosen: IntArray, size: int) -> IntArray:
    """The place of each of so many among the chosen ones, 0 for the others."""
    order = ints(size)
    order[chosen] = np.arange(len(chosen))
    return order


def _steps(network: Network) -> list[tuple[int, int, int]]:
    """Every step of capacity as (day, resource, value)."""
    return [
        (day, resource, value)
        for resource in range(len(network.resources))
        for day, value in zip(
            network.capacity_days[resource].tolist(), network.capacity_values[resource].tolist(), strict=True
        )
    ]


def _calendar(network: Network) -> npt.NDArray[np.int64]:
    """What happens on the same day in every replication, as ordered events."""
    supply = [_event(day, kernel.SUPPLY, index) for index, (day, _, _) in enumerate(_steps(network))]
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
