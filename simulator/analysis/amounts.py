"""Money of many replications in little room: exact sums, and quantiles to one part in 4096.

Every power of two is cut into 4096 cells of equal width, below zero as above (a float's sign, exponent and
first twelve bits of mantissa are its cell: the idea of HdrHistogram and of Masson, Rim and Lee 2019, DDSketch). A
cell keeps how many replications fell into it, the smallest and the largest. An order statistic lies
between these two, and is placed evenly between them; it is exact where a cell holds one replication, two, or equal
ones, and off by less than 1/4096 of itself otherwise. Sums are exact: a float is a whole number times a power
of two, and Python adds whole numbers without end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from simulator.network.values import FloatArray

CELLS: Final = 4096
"""Cells between a power of two and the next."""

_SHIFT: Final = 40
"""Bits of a float that do not decide its cell."""

_DIGITS: Final = 53
_LEAST: Final = -1126
"""The power of two that exact sums are counted in: below the last digit of any float."""

_HALF: Final = 27
"""Mantissas are summed in two halves, so that floats of whole numbers hold the sums."""


@dataclass(frozen=True, eq=False)
class Page:
    """The cells between a power of two and the next, (CELLS,) each."""

    counts: npt.NDArray[np.int64]
    least: FloatArray
    most: FloatArray

    @classmethod
    def empty(cls) -> Page:
        return cls(np.zeros(CELLS, dtype=np.int64), np.full(CELLS, np.inf), np.full(CELLS, -np.inf))

    def merge(self, other: Page) -> Page:
        return Page(self.counts + other.counts, np.minimum(self.least, other.least), np.maximum(self.most, other.most))


@dataclass(frozen=True, eq=False)
class Amounts:
    """Amounts of money of N replications."""

    size: int
    total: int
    """The sum, in units of 2^-1126."""
    squares: int
    """The sum of the squares, each rounded to a float, in the same units."""
    pages: Mapping[int, Page]

    @classmethod
    def of(cls, values: FloatArray) -> Amounts:
        """Of amounts, (N,), all finite."""
        ordered = np.sort(values + 0.0)
        return cls(len(ordered), exact_sum(ordered), exact_sum(ordered * ordered), _pages(ordered))

    def merge(self, other: Amounts) -> Amounts:
        pages = dict(self.pages)
        for number, page in other.pages.items():
            pages[number] = pages[number].merge(page) if number in pages else page
        return Amounts(self.size + other.size, self.total + other.total, self.squares + other.squares, pages)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Amounts) and self._content == other._content

    __hash__ = None  # type: ignore[assignment]

    @property
    def _content(self) -> tuple[object, ...]:
        return self.size, self.total, self.squares, [part.tobytes() for part in self._cells]

    @cached_property
    def _cells(self) -> tuple[npt.NDArray[np.int64], FloatArray, FloatArray]:
        """Cells that are not empty, in the order of amounts: counts, smallest, largest."""
        pages = [self.pages[number] for number in sorted(self.pages)]
        counts = np.concatenate([np.zeros(0, dtype=np.int64), *(page.counts for page in pages)])
        least = np.concatenate([np.zeros(0), *(page.least for page in pages)])
        most = np.concatenate([np.zeros(0), *(page.most for page in pages)])
        order = np.flatnonzero(counts)[np.argsort(least[counts > 0], kind="stable")]
        return counts[order], least[order], most[order]

    def at(self, rank: int) -> float:
        """The order statistic of a rank counted from 1, to one part in 4096."""
        counts, least, most = self._cells
        upto = np.cumsum(counts)
        cell = int(np.searchsorted(upto, rank))
        inside = rank - int(upto[cell] - counts[cell]) - 1
        share = inside / max(int(counts[cell]) - 1, 1)
        return float(least[cell] + share * (most[cell] - least[cell]))

    @property
    def mean(self) -> float:
        """The mean, rounded once."""
        return float(Fraction(self.total, self.size << -_LEAST))

    @property
    def variance(self) -> float:
        """The sample variance; 0 where all amounts are the same."""
        _, least, most = self._cells
        if self.size < 2 or least[0] == most[-1]:
            return 0.0
        square_of_total = Fraction(self.total * self.total, self.size << -_LEAST)
        return max(float((self.squares - square_of_total) / ((self.size - 1) << -_LEAST)), 0.0)


def _pages(ordered: FloatArray) -> dict[int, Page]:
    """The cells of ascending amounts; amounts of one cell stand together."""
    cells = ordered.view(np.int64) >> _SHIFT
    starts = np.flatnonzero(np.concatenate([[True], cells[1:] != cells[:-1]])) if cells.size else np.zeros(0, dtype=int)
    ends = np.concatenate([starts[1:], [len(ordered)]]).astype(np.int64)
    number, place = cells[starts] // CELLS, cells[starts] % CELLS
    pages: dict[int, Page] = {}
    for page in np.unique(number).tolist():
        here = number == page
        cells_here = Page.empty()
        cells_here.counts[place[here]] = ends[here] - starts[here]
        cells_here.least[place[here]] = ordered[starts[here]]
        cells_here.most[place[here]] = ordered[ends[here] - 1]
        pages[page] = cells_here
    return pages


def exact_sum(values: FloatArray) -> int:
    """The sum of floats in units of 2^-1126, without rounding.

    Mantissas are summed by exponent (Kulisch 1971; the long accumulator), halves apart: below 2^26 values
    no sum of halves leaves the whole numbers that a float holds.
    """
    mantissa, exponent = np.frexp(values)
    if not values.size:
        return 0
    whole = (mantissa * 2.0**_DIGITS).astype(np.int64)
    least = int(exponent.min())
    high = np.bincount(exponent - least, weights=whole >> _HALF)
    low = np.bincount(exponent - least, weights=whole & ((1 << _HALF) - 1))
    return sum(
        ((int(upper) << _HALF) + int(lower)) << (least + step - _DIGITS - _LEAST)
        for step, (upper, lower) in enumerate(zip(high.tolist(), low.tolist(), strict=True))
        if upper or lower
    )
