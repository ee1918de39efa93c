"""The frozen values a network is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

IntArray: TypeAlias = npt.NDArray[np.int32]
FloatArray: TypeAlias = npt.NDArray[np.float64]

Quantity: TypeAlias = str | float
"""A number known beforehand, or the name of the variable that holds it."""


def _frozen(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    values.flags.writeable = False
    return values


def integers(values: Iterable[int]) -> IntArray:
    """A read-only int32 array."""
    return _frozen(np.asarray(list(values), dtype=np.int32))


def reals(values: Iterable[float]) -> FloatArray:
    """A read-only float64 array."""
    return _frozen(np.asarray(list(values), dtype=np.float64))


@dataclass(frozen=True)
class Ragged:
    """Lists of different lengths in two arrays: list ``i`` is ``items[starts[i]:starts[i + 1]]``."""

    starts: IntArray
    items: npt.NDArray[Any]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, index: int) -> npt.NDArray[Any]:
        return self.items[self.starts[index] : self.starts[index + 1]]

    @classmethod
    def of(cls, lists: Iterable[Sequence[int]]) -> Ragged:
        """Lists of whole numbers."""
        rows = list(lists)
        return cls(_starts(rows), integers(item for row in rows for item in row))

    @classmethod
    def of_reals(cls, lists: Iterable[Sequence[float]]) -> Ragged:
        """Lists of real numbers."""
        rows = list(lists)
        return cls(_starts(rows), reals(item for row in rows for item in row))


def _starts(rows: Sequence[Sequence[Any]]) -> IntArray:
    return integers(np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)]))


@dataclass(frozen=True)
class Claims:
    """Who wants how much: owner ``i`` wants ``amount[j]`` of ``what[j]``, ``starts[i] <= j < starts[i + 1]``."""

    starts: IntArray
    what: IntArray
    amount: npt.NDArray[Any]

    @classmethod
    def of_units(cls, claims: Iterable[Mapping[int, int]]) -> Claims:
        """Units of resources."""
        rows = [list(claim.items()) for claim in claims]
        return cls(_starts(rows), _first(rows), integers(units for row in rows for _, units in row))

    @classmethod
    def of_money(cls, claims: Iterable[Mapping[int, float]]) -> Claims:
        """Money of budgets."""
        rows = [list(claim.items()) for claim in claims]
        return cls(_starts(rows), _first(rows), reals(money for row in rows for _, money in row))

    def __len__(self) -> int:
        return len(self.what)

    def of(self, owner: int) -> list[tuple[int, Any]]:
        """What one owner wants, as (what, amount), in file order."""
        span = slice(self.starts[owner], self.starts[owner + 1])
        return list(zip(self.what[span].tolist(), self.amount[span].tolist(), strict=True))

    @cached_property
    def owner(self) -> IntArray:
        """The owner of each claim, shape (len(self),)."""
        counts = np.diff(self.starts)
        return _frozen(np.repeat(np.arange(len(counts), dtype=np.int32), counts))


def _first(rows: Sequence[Sequence[tuple[int, Any]]]) -> IntArray:
    return integers(what for row in rows for what, _ in row)


@dataclass(frozen=True)
class Chance:
    """Something that happens where the uniform called ``variable`` is below ``probability``."""

    variable: str
    probability: float


@dataclass(frozen=True)
class Effect:
    """What one risk does to one activity where it occurs: stretch its work and delay its end."""

    occurs: Chance
    factor: Quantity
    delay: Quantity


@dataclass(frozen=True)
class Live:
    """When one user (a department, or a cluster without any) is live.

    ``activities``: all must have finished; none means live from day 0. ``joins``: where it does not
    happen, never.
    """

    department: str | None
    activities: tuple[int, ...]
    joins: Chance | None = None


@dataclass(frozen=True)
class LegacyTerms:
    """What decides when a legacy system is supported and how often it fails; days, rates per year."""

    name: str
    end_of_support: Quantity | None
    contract_end: int | None
    extended_until: int | None
    supported: float
    extended: float
    unsupported: float
    growth: float
    users: tuple[Live, ...]

    @property
    def fails(self) -> bool:
        """Whether it can fail at all."""
        return max(self.supported, self.extended, self.unsupported) > 0


@dataclass(frozen=True, eq=False)
class Network:
    """Everything an engine needs to know besides the draws; arrays are read-only. Equal to itself alone."""

    schedule: str
    start: date
    horizon: int

    activities: tuple[str, ...]
    clusters: tuple[str, ...]
    stages: tuple[str, ...]
    resources: tuple[str, ...]
    budgets: tuple[str, ...]
    boards: tuple[str, ...]
    windows: tuple[str, ...]

    milestone_days: tuple[Quantity, ...]
    """(M,) the day of each milestone, before rounding."""
    cluster: IntArray
    """(A,) index of the cluster, -1 for a milestone."""
    stage: IntArray
    """(A,) index of the stage, -1 for a milestone and an opening activity."""
    priority: IntArray
    release: IntArray
    """(A,) the day before which the activity is not released."""
    dated: IntArray
    """(A,) 1 where that is the schedule's date for the activity's cluster, else 0."""
    predecessors: Ragged
    successors: Ragged
    joins: tuple[Chance | None, ...]
    """(A,) the wave is skipped where its department does not join."""

    length: tuple[Quantity, ...]
    """(A,) base work in days."""
    planned: IntArray
    """(A,) days of work at the median of the base duration, every factor 1, no risk."""
    stretch: FloatArray
    effects: tuple[tuple[Effect, ...], ...]
    """(A,) what risks do to each activity, in file order."""
    learning: Ragged
    """(A,) the factor after 0, 1, 2, … completions by other clusters; empty without learning."""
    congestion_resource: IntArray
    """(A,) -1 without congestion."""
    congestion_beyond: IntArray
    congestion_each: FloatArray

    asks: Claims
    """(A,) units that an activity asks for: its own and, where it opens a phase, the phase's."""
    spends: Claims
    """(A,) money that an activity asks for."""
    returns: Claims
    """(A,) units that an activity returns when it finishes."""
    phase: IntArray
    """(A,) index of the phase that holds something, else -1."""
    phase_size: IntArray
    """(P,) activities in the phase; when all have finished, its units return."""
    phase_returns: Claims
    """(P,) units that a phase returns."""

    board: IntArray
    """(A,) -1 without a board."""
    board_pass: FloatArray
    board_returns: IntArray
    meetings: Ragged
    """Days on which each board meets."""
    seats: IntArray
    """Cases heard per meeting, -1 for any number."""
    window: IntArray
    """(A,) -1 without a window."""
    window_days: Ragged

    capacity: tuple[Quantity, ...]
    """(R,) units before any step."""
    capacity_days: Ragged
    """(R,) days on which capacity is set."""
    capacity_values: Ragged
    """(R,) what it is set to; -1 for the units before any step."""
    tranche_budget: IntArray
    """(T,) index of the budget."""
    tranche_days: tuple[Quantity, ...]
    tranche_amounts: tuple[Quantity, ...]

    legacy: tuple[LegacyTerms, ...]
    disrupts: Ragged
    """(L,) activities that a failure of each system lengthens while they are worked on."""

    scheduled: tuple[int | None, ...]
    """(C,) the schedule's go-to-market day, None where the cluster needs none."""
    market: tuple[tuple[int, ...], ...]
    """(C,) the cluster's `go_to_market` activities."""
    live: tuple[tuple[Live, ...], ...]
    """(C,) when each department is live; one entry for a cluster without waves."""
    marks: Mapping[str, tuple[int, ...]]
    """`CLUSTER/mark` to the activities that reach it; empty where it was reached before the start."""

    index: Mapping[str, int] = field(init=False, repr=False)
    """Name of an activity to its index."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {name: i for i, name in enumerate(self.activities)})

    def rescheduled(self, days: Sequence[int | None]) -> Network:
        """The same network with other go-to-market days, (C,), None for a cluster that needs none."""
        dates = np.array([0 if day is None else day for day in days], dtype=np.int32)
        release = np.where(self.dated == 1, dates[self.cluster], np.int32(0))
        return replace(self, release=_frozen(release), scheduled=tuple(days))

    @cached_property
    def paced(self) -> IntArray:
        """(Q,) the activities whose work takes longer or shorter by learning or congestion."""
        return integers(np.flatnonzero((np.diff(self.learning.starts) > 0) | (self.congestion_resource >= 0)))

    @property
    def slots(self) -> int:
        """W: how many things are asked for, all activities together; asks first, then spends."""
        return len(self.asks) + len(self.spends)

    def slot_name(self, slot: int) -> str:
        """The resource or budget of a wait slot."""
        asked = len(self.asks)
        if slot < asked:
            return self.resources[self.asks.what[slot]]
        return self.budgets[self.spends.what[slot - asked]]
