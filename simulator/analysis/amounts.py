"""Money of many replications in little room: exact sums, and quantiles to one part in 1024.

Every power of two is cut into 1024 cells of equal width, below zero as above (a float's sign, exponent and
first ten bits of mantissa are its cell: the idea of HdrHistogram and of Masson, Rim and Lee 2019, DDSketch). A
cell keeps how many replications fell into it, the smallest and the largest. An order statistic lies
between these two, and is placed evenly between them; it is exact where a cell holds one replication, two, or equal
ones, and off by less than 1/1024 of itself otherwise. Sums are exact: a float is a whole number times a power
of two, and Python adds whole numbers without end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from simulator.analysis.reductions import running
from simulator.compiled import pays
from simulator.network.values import FloatArray

CELLS: Final = 1024
"""Cells between a power of two and the next."""

_SHIFT: Final = 42
"""Bits of a float that do not decide its cell."""

_LEAST: Final = -1126
"""The power of two that exact sums are counted in: below the last digit of any float."""


@dataclass(frozen=True)
class Total:
    """The sum of amounts of N replications, and of their squares, without rounding."""

    size: int
    total: int
    """In units of 2^-1126."""
    squares: int
    """Each square rounded to a float, in the same units."""
    least: float
    most: float

    @classmethod
    def of(cls, values: FloatArray) -> Total:
        """Of amounts, (N,), all finite."""
        least, most = float(values.min(initial=np.inf)), float(values.max(initial=-np.inf))
        if least == most:
            return cls(
                len(values), len(values) * exact_sum(values[:1]), len(values) * exact_sum(values[:1] ** 2), least, most
            )
        return cls(len(values), exact_sum(values), exact_sum(values * values), least, most)

    @classmethod
    def each(cls, table: FloatArray) -> list[Total]:
        """Of each row of a table, (R, N)."""
        return _totals(table) if pays(table.shape[1]) else [cls.of(row) for row in table]

    def merge(self, other: Total) -> Total:
        return Total(
            self.size + other.size,
            self.total + other.total,
            self.squares + other.squares,
            min(self.least, other.least),
            max(self.most, other.most),
        )

    @property
    def mean(self) -> float:
        """The mean, rounded once."""
        return self.total / (self.size << -_LEAST)

    @property
    def variance(self) -> float:
        """The sample variance; 0 where all amounts are the same."""
        if self.size < 2 or self.least == self.most:
            return 0.0
        over = self.size * (self.squares << -_LEAST) - self.total * self.total
        return max(over / (self.size * (self.size - 1) << -2 * _LEAST), 0.0)


@dataclass(frozen=True, eq=False)
class Page:
    """The cells between a power of two and the next, (CELLS,) each; an empty cell has no smallest or largest."""

    counts: npt.NDArray[np.int64]
    least: FloatArray
    most: FloatArray

    @classmethod
    def of(
        cls, place: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], least: FloatArray, most: FloatArray
    ) -> Page:
        """From what is in some of the cells."""
        page = cls(np.zeros(CELLS, dtype=np.int64), np.full(CELLS, np.inf), np.full(CELLS, -np.inf))
        page.counts[place] = counts
        page.least[place] = least
        page.most[place] = most
        return page

    def __reduce__(self) -> tuple[Any, ...]:
        """Sent without its empty cells: a block of replications fills few."""
        place = np.flatnonzero(self.counts)
        counts = self.counts[place]
        kind = np.min_scalar_type(int(counts.max(initial=0)))
        return Page.of, (place.astype(np.uint16), counts.astype(kind), self.least[place], self.most[place])

    def backwards(self) -> Page:
        """The same, the last cell first."""
        return Page(self.counts[::-1], self.least[::-1], self.most[::-1])

    def at(self, cell: int, back: int) -> float:
        """The amount that is ``back`` places before the last of a cell, placed evenly between its ends."""
        count, least, most = int(self.counts[cell]), float(self.least[cell]), float(self.most[cell])
        return least + (count + back - 1) / max(count - 1, 1) * (most - least)

    def merge(self, other: Page) -> Page:
        return Page(self.counts + other.counts, np.minimum(self.least, other.least), np.maximum(self.most, other.most))


@dataclass(frozen=True, eq=False)
class Amounts:
    """Amounts of money of N replications: their sum, and how many fell into each cell."""

    sum: Total
    pages: Mapping[int, Page]

    @classmethod
    def of(cls, values: FloatArray) -> Amounts:
        """Of amounts, (N,), all finite."""
        return cls(Total.of(values), _pages(np.sort(values + 0.0)))

    @classmethod
    def each(cls, table: FloatArray) -> list[Amounts]:
        """Of each row of a table, (R, N)."""
        if not pays(table.shape[1]):
            return [cls.of(row) for row in table]
        return [cls(total, pages) for total, pages in zip(Total.each(table), _pages_of_rows(table + 0.0), strict=True)]

    @classmethod
    def prepare(cls, figures: Sequence[Amounts]) -> None:
        """Work out at once, compiled, what quantiles of many are made of."""
        found = running([[page.counts for page in figure._in_order] for figure in figures])
        for figure, (upto, _, _) in zip(figures, found, strict=True):
            figure.__dict__["_upto"] = upto

    def merge(self, other: Amounts) -> Amounts:
        pages = dict(self.pages)
        for number, page in other.pages.items():
            pages[number] = pages[number].merge(page) if number in pages else page
        return Amounts(self.sum.merge(other.sum), pages)

    @property
    def size(self) -> int:
        """N."""
        return self.sum.size

    @property
    def mean(self) -> float:
        """The mean, rounded once."""
        return self.sum.mean

    @property
    def variance(self) -> float:
        """The sample variance."""
        return self.sum.variance

    @property
    def least(self) -> float:
        """The smallest."""
        return self.sum.least

    @property
    def most(self) -> float:
        """The largest."""
        return self.sum.most

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Amounts) and self._content == other._content

    __hash__ = None  # type: ignore[assignment]

    @property
    def _content(self) -> tuple[object, ...]:
        pages = self._in_order
        return self.sum, [part.tobytes() for page in pages for part in (page.counts, page.least, page.most)]

    @cached_property
    def _in_order(self) -> list[Page]:
        """Pages in the order of amounts, and their cells too: below zero, a cell of a higher number is further down."""
        below = [self.pages[number].backwards() for number in sorted(self.pages, reverse=True) if number < 0]
        return below + [self.pages[number] for number in sorted(self.pages) if number >= 0]

    @cached_property
    def _upto(self) -> npt.NDArray[np.int64]:
        """How many replications fell into the cells up to each, empty ones included."""
        return np.cumsum(np.concatenate([page.counts for page in self._in_order]))

    def at(self, rank: int) -> float:
        """The order statistic of a rank counted from 1, to one part in 1024."""
        return self.at_each(np.array([rank]))[0]

    def at_each(self, ranks: npt.NDArray[np.int64]) -> list[float]:
        """The order statistics of ranks (K,)."""
        cells = self._upto.searchsorted(ranks)
        places = zip(ranks.tolist(), self._upto[cells].tolist(), *divmod(cells, CELLS), strict=True)
        return [self._in_order[page].at(cell, rank - upto) for rank, upto, page, cell in places]


def _pages(ordered: FloatArray) -> dict[int, Page]:
    """The cells of ascending amounts; amounts of one cell stand together, as do cells of one page."""
    cells = ordered.view(np.int64) >> _SHIFT
    starts = _starts(cells)
    ends = np.append(starts[1:], len(ordered))
    found = cells[starts]
    first = _starts(found // CELLS)
    return {
        int(found[begin] // CELLS): Page.of(
            found[begin:end] % CELLS,
            ends[begin:end] - starts[begin:end],
            ordered[starts[begin:end]],
            ordered[ends[begin:end] - 1],
        )
        for begin, end in zip(first.tolist(), [*first[1:].tolist(), len(found)], strict=True)
    }


def _pages_of_rows(table: FloatArray) -> list[dict[int, Page]]:
    """The same of each row, (R, N), in any order, compiled."""
    from simulator.analysis import kernel

    bits = table.view(np.int64)
    seen = np.zeros((len(table), 2 * kernel.HALF), dtype=np.uint8)
    kernel.seen(bits, seen)
    rows, found = np.nonzero(seen)
    numbers = found - kernel.HALF
    shape = (len(numbers), CELLS)
    counts, least, most = np.zeros(shape, dtype=np.int64), np.full(shape, np.inf), np.full(shape, -np.inf)
    kernel.cells(table, bits, np.searchsorted(rows, np.arange(len(table))), numbers, counts, least, most)
    pages: list[dict[int, Page]] = [{} for _ in table]
    for page, (row, number) in enumerate(zip(rows.tolist(), numbers.tolist(), strict=True)):
        pages[row][number] = Page(counts[page], least[page], most[page])
    return pages


def _starts(values: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """Where runs of equal values begin."""
    return np.flatnonzero(np.diff(values, prepend=values[:1] - 1)) if values.size else np.zeros(0, dtype=np.intp)


def exact_sum(values: FloatArray) -> int:
    """The sum of floats in units of 2^-1126, without rounding.

    Adding and taking away a power of two σ cuts the leading digits off all values at once; σ is so large that their
    sum is exact in whatever order it is taken. What is left over is cut again, until nothing is (Rump,
    Ogita and Oishi 2008, SIAM J. Sci. Comput. 31, 189, algorithm 3.2).
    """
    parts = []
    rest = values
    while largest := float(np.abs(rest).max(initial=0.0)):
        cut = math.ldexp(1.0, math.frexp(largest)[1] + (len(values) + 2).bit_length())
        leading = (rest + cut) - cut
        parts.append(float(leading.sum()))
        rest = rest - leading
    return _whole(parts)


def _whole(parts: Iterable[float]) -> int:
    """The sum of a few floats in units of 2^-1126."""
    ratios = (part.as_integer_ratio() for part in parts)
    return sum((over << -_LEAST) // under for over, under in ratios)


def _totals(table: FloatArray) -> list[Total]:
    """The same as `Total.of` row by row, compiled."""
    from simulator.analysis import kernel

    rows, size = table.shape
    least, most = np.empty(rows), np.empty(rows)
    parts = np.zeros((2, rows, kernel.PARTS))
    kernel.totals(np.ascontiguousarray(table), least, most, parts, np.empty(size))
    found = zip(table, *parts.tolist(), least.tolist(), most.tolist(), strict=True)
    return [_total(row, amounts, squares, low, high) for row, amounts, squares, low, high in found]


def _total(row: FloatArray, amounts: list[float], squares: list[float], least: float, most: float) -> Total:
    """From the parts of both sums, which are left out where all amounts are the same."""
    if least == most:
        return Total.of(row)
    return Total(len(row), _whole(filter(None, amounts)), _whole(filter(None, squares)), least, most)
