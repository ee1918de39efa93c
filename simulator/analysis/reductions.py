"""What remains of a block of replications: small values that merge.

Merging is exact: counts, whole numbers, smallest and largest. So the result does not depend on how replications
were cut into blocks, nor on the order in which blocks are merged, to the last bit; and its size does not
grow with the number of replications.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.compiled import pays
from simulator.days import NEVER

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Share:
    """In how many of N replications something holds."""

    count: int
    size: int

    @classmethod
    def of(cls, holds: npt.NDArray[np.bool_]) -> Share:
        return cls(int(np.count_nonzero(holds)), len(holds))

    def merge(self, other: Share) -> Share:
        return Share(self.count + other.count, self.size + other.size)


@dataclass(frozen=True, eq=False)
class Days:
    """How many replications had each whole number, and how many had `NEVER`: nothing is lost."""

    low: int
    """The smallest number seen."""
    counts: Counts
    """How many had ``low``, ``low + 1``, … up to the largest seen; empty for none."""
    never: int

    @classmethod
    def of(cls, values: npt.NDArray[np.int32]) -> Days:
        happened = values if values.size and values.max() < NEVER else values[values < NEVER]
        if not happened.size:
            return cls(0, np.zeros(0, dtype=np.int64), len(values))
        low = int(happened.min())
        counts = np.bincount(happened - low).astype(np.int64, copy=False)
        return cls(low, counts, len(values) - len(happened))

    @classmethod
    def each(cls, table: npt.NDArray[np.int32]) -> list[Days]:
        """Of each row of a table, (R, N)."""
        return _days_of_rows(table) if pays(table.shape[1]) else [cls.of(row) for row in table]

    @classmethod
    def prepare(cls, figures: Sequence[Days]) -> None:
        """Work out at once, compiled, what quantiles, means and variances of many are made of."""
        for figure, (upto, *sums) in zip(figures, running([[figure.counts] for figure in figures]), strict=True):
            figure.__dict__["_upto"] = upto
            if figure._fits:
                figure.__dict__["_sums"] = tuple(sums)

    def merge(self, other: Days) -> Days:
        never = self.never + other.never
        parts = [part for part in (self, other) if part.counts.size]
        if not parts:
            return Days(0, self.counts, never)
        low = min(part.low for part in parts)
        counts = np.zeros(max(part.low + part.counts.size for part in parts) - low, dtype=np.int64)
        for part in parts:
            counts[part.low - low : part.low - low + part.counts.size] += part.counts
        return Days(low, counts, never)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Days) and (self.low, self.never) == (other.low, other.never) and _same(self, other)

    __hash__ = None  # type: ignore[assignment]

    @property
    def size(self) -> int:
        """N."""
        return self._happened + self.never

    @cached_property
    def _upto(self) -> Counts:
        """How many had no more than ``low``, than ``low + 1``, and so on."""
        return np.cumsum(self.counts)

    @cached_property
    def _happened(self) -> int:
        return int(self._upto[-1]) if self.counts.size else 0

    def at(self, rank: int) -> int:
        """The order statistic of a rank counted from 1; `NEVER` where that many never happened."""
        return self.at_each(np.array([rank]))[0]

    def at_each(self, ranks: npt.NDArray[np.int64]) -> list[int]:
        """The order statistics of ranks (K,)."""
        reached = self._upto.searchsorted(ranks)
        return [self.low + place if place < self.counts.size else NEVER for place in reached.tolist()]

    def at_most(self, value: int) -> int:
        """How many had no more than a value."""
        return int(self.counts[: max(value - self.low + 1, 0)].sum())

    @property
    def least(self) -> int:
        """The smallest that happened."""
        return self.low

    @property
    def most(self) -> int:
        """The largest that happened."""
        return self.low + max(self.counts.size - 1, 0)

    @property
    def mean(self) -> float | None:
        """None where any is `NEVER`."""
        return None if self.never or not self.size else (self.low * self.size + self._sums[0]) / self.size

    @property
    def variance(self) -> float:
        """The sample variance of those that happened."""
        return _variance(self._happened, *self._sums)

    @cached_property
    def _sums(self) -> tuple[int, int]:
        """Of the differences from the smallest, and of their squares; in Python's own numbers where int64 overflows."""
        counts, apart = self.counts, np.arange(self.counts.size)
        if not self._fits:
            seen = np.flatnonzero(counts)
            counts, apart = counts[seen].astype(object), seen.astype(object)
        weighted = apart * counts
        return int(weighted.sum()), int(np.dot(apart, weighted))

    @property
    def _fits(self) -> bool:
        """Whether these sums are within int64."""
        return float(self.counts.size) ** 2 * float(self._happened) < 2.0**62


def running(rows: Sequence[Sequence[Counts]]) -> Iterator[tuple[Counts, int, int]]:
    """Of each row of counts, given in parts: how many up to each place, and sums of places and of their squares.

    The sums are wrong where int64 overflows.
    """
    from simulator.analysis import kernel

    counts = np.concatenate([np.zeros(0, dtype=np.int64), *(part for row in rows for part in row)])
    ends = np.cumsum([sum(part.size for part in row) for row in rows], dtype=np.int64)
    upto, totals, squares = np.empty_like(counts), np.empty_like(ends), np.empty_like(ends)
    kernel.running(counts, ends, upto, totals, squares)
    starts = [0, *ends.tolist()]
    each = zip(starts[:-1], starts[1:], totals.tolist(), squares.tolist(), strict=True)
    return ((upto[start:end], total, square) for start, end, total, square in each)


def _days_of_rows(table: npt.NDArray[np.int32]) -> list[Days]:
    """The same as `Days.of` row by row, compiled."""
    from simulator.analysis import kernel

    low, high, never = (np.empty(len(table), dtype=np.int64) for _ in range(3))
    kernel.bounds(np.ascontiguousarray(table), low, high, never)
    low[high < 0] = 0
    width = high - low + 1
    ends, counts = np.cumsum(width), np.zeros(int(width.sum()), dtype=np.int64)
    starts = ends - width
    kernel.count(np.ascontiguousarray(table), starts - low, counts)
    bounds = zip(starts.tolist(), ends.tolist(), low.tolist(), never.tolist(), strict=True)
    return [Days(first, counts[start:end], missing) for start, end, first, missing in bounds]


def _same(one: Days, other: Days) -> bool:
    return bool(np.array_equal(one.counts, other.counts))


def _variance(size: int, total: int, squares: int) -> float:
    """The sample variance from whole sums; dividing them is rounded once."""
    return (size * squares - total * total) / (size * (size - 1)) if size > 1 else 0.0


@dataclass(frozen=True)
class Sums:
    """Sums of whole numbers and of their squares over N replications, the smallest and the largest."""

    size: int
    total: int
    squares: int
    least: int
    most: int

    @classmethod
    def of(cls, values: npt.NDArray[np.integer[Any]]) -> Sums:
        wide = values.astype(np.int64)
        return cls(len(wide), int(wide.sum()), int(np.dot(wide, wide)), int(wide.min()), int(wide.max()))

    @classmethod
    def each(cls, table: npt.NDArray[np.int32]) -> list[Sums]:
        """Of each row of a table, (R, N)."""
        if not pays(table.shape[1]):
            return [cls.of(row) for row in table]
        from simulator.analysis import kernel

        found = [np.empty(len(table), dtype=np.int64) for _ in range(4)]
        kernel.sums(np.ascontiguousarray(table), *found)
        return [cls(table.shape[1], *row) for row in zip(*(of.tolist() for of in found), strict=True)]

    def merge(self, other: Sums) -> Sums:
        return Sums(
            self.size + other.size,
            self.total + other.total,
            self.squares + other.squares,
            min(self.least, other.least),
            max(self.most, other.most),
        )

    @property
    def mean(self) -> float:
        return self.total / self.size

    @property
    def variance(self) -> float:
        """The sample variance."""
        return _variance(self.size, self.total, self.squares)


@dataclass(frozen=True)
class Ratio:
    """Sums for the ratio of two whole numbers: all of the one over all of the other."""

    over: Sums
    under: Sums
    products: int

    @classmethod
    def of(cls, over: npt.NDArray[np.int64], under: npt.NDArray[np.int64]) -> Ratio:
        return cls(Sums.of(over), Sums.of(under), int(np.dot(over, under)))

    def merge(self, other: Ratio) -> Ratio:
        return Ratio(self.over.merge(other.over), self.under.merge(other.under), self.products + other.products)

    @property
    def value(self) -> float:
        """The ratio; 0 where there is nothing under it."""
        return self.over.total / self.under.total if self.under.total else 0.0

    @property
    def variance(self) -> float:
        """The sample variance of over − ratio · under, which has mean 0."""
        size, below = self.over.size, self.under.total
        if size < 2 or not below:
            return 0.0
        ratio = Fraction(self.over.total, below)
        squares = self.over.squares - 2 * ratio * self.products + ratio * ratio * self.under.squares
        return float(squares / (size - 1))


@dataclass(frozen=True)
class Most:
    """The largest value seen."""

    value: int

    @classmethod
    def of(cls, values: npt.NDArray[np.int32]) -> Most:
        return cls(int(values.max(initial=0)))

    def merge(self, other: Most) -> Most:
        return Most(max(self.value, other.value))


@dataclass(frozen=True)
class Tallies:
    """How often each of some names was counted, names seen in no replication left out."""

    counts: Mapping[str, int]

    def merge(self, other: Tallies) -> Tallies:
        names = sorted({*self.counts, *other.counts})
        return Tallies({name: self.counts.get(name, 0) + other.counts.get(name, 0) for name in names})
