"""A table in place of an inverse that is slow to compute.

Between the knots stands a cubic with the exact values and slopes at both ends (Hermite), its slopes held within three
times the chord's, which keeps it from falling (Fritsch and Carlson, SIAM Journal on Numerical Analysis 17, 1980).
Knots are dense where inverses bend: the distance w = min(u, 1 − u) to the nearer end is cut into octaves [2⁻ᵏ, 2¹⁻ᵏ)
and each octave into equal cells, so the cell and the place in it are bits of the number w and nothing is searched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.distributions.interface import FloatArray

Tail: TypeAlias = Callable[[FloatArray], tuple[FloatArray, FloatArray]]
"""The quantile at distance w from one end, and its slope in w."""

BOUND: Final = 1e-7
"""A table is never further than this from the exact inverse, in units of the distribution's scale."""
OCTAVES: Final = 24
"""Below 2⁻²⁴, one u in eight million, the exact inverse is computed."""
FINENESS: Final = (4, 5, 6, 7)
"""Cells per octave, as powers of two, tried from coarse to fine until the middle of every cell keeps the bound."""
MANTISSA: Final = 52


@dataclass(frozen=True, eq=False)
class Table:
    """An inverse distribution function as cubics, or the exact one where no table keeps the bound."""

    lower: Tail
    upper: Tail
    bits: int
    """Cells per octave as a power of two; 0 where only the exact inverse is used."""
    cubics: tuple[FloatArray, FloatArray, FloatArray, FloatArray]
    """Coefficients of 1, t, t² and t³ of each cell, lower end first, t the trailing bits of w."""

    def __call__(self, u: FloatArray) -> FloatArray:
        """The inverse at ``u``, in its shape."""
        flat = np.ascontiguousarray(u, dtype=np.float64).reshape(-1)
        near = np.minimum(flat, 1.0 - flat)
        if not self.bits:
            found = self._exact(flat, near)
        else:
            found = self._cubic(flat, near)
            if near.size and near.min() < 2.0**-OCTAVES:
                far = near < 2.0**-OCTAVES
                found[far] = self._exact(flat[far], near[far])
        return found.reshape(np.shape(u))

    def _cubic(self, u: FloatArray, near: FloatArray) -> FloatArray:
        pattern = near.view(np.int64)
        shift = MANTISSA - self.bits
        cell = (pattern >> shift) - (_first_pattern() >> shift)
        np.maximum(cell, 0, out=cell)
        cell += (u > 0.5) * np.int64(self.cubics[0].size // 2)
        place = (pattern & ((1 << shift) - 1)).astype(np.float64)
        found = self.cubics[3].take(cell)
        for coefficient in (2, 1, 0):
            found *= place
            found += self.cubics[coefficient].take(cell)
        return found

    def _exact(self, u: FloatArray, near: FloatArray) -> FloatArray:
        return np.where(u > 0.5, self.upper(near)[0], self.lower(near)[0])


def tabulate(lower: Tail, upper: Tail, scale: float) -> Table:
    """A table of the inverse whose quantiles near 0 and near 1 are given, good to `BOUND` times ``scale``."""
    for bits in FINENESS:
        sides = [_side(tail, bits) for tail in (lower, upper)]
        if all(error <= BOUND / 2 * scale for _, error in sides):
            first, second = (cubics for cubics, _ in sides)
            a, b, c, d = (np.concatenate(pair) for pair in zip(first, second, strict=True))
            return Table(lower, upper, bits, (a, b, c, d))
    nothing = np.zeros(0)
    return Table(lower, upper, 0, (nothing, nothing, nothing, nothing))


def _side(tail: Tail, bits: int) -> tuple[tuple[FloatArray, FloatArray, FloatArray, FloatArray], float]:
    """The cubics of one end, (cells,) each, and the largest error in the middle of a cell.

    The last cell begins at w = ½ and is only ever used there.
    """
    shift = MANTISSA - bits
    cells = (OCTAVES - 1) << bits
    w = _patterns(np.arange(cells + 1, dtype=np.int64), shift)
    value, slope = tail(w)
    width, chord = np.diff(w), np.diff(value)
    start, end = (_held(slope[ends] * width, chord) for ends in (slice(None, -1), slice(1, None)))
    square, cube = 3.0 * chord - 2.0 * start - end, start + end - 2.0 * chord
    middle = value[:-1] + start / 2 + square / 4 + cube / 8
    error = float(np.max(np.abs(middle - tail(w[:-1] + width / 2)[0])))
    unit = 2.0**-shift
    scaled = (value, *(np.append(part, 0.0) * unit**k for k, part in enumerate((start, square, cube), start=1)))
    return (scaled[0], scaled[1], scaled[2], scaled[3]), error


def _held(slope: FloatArray, chord: FloatArray) -> FloatArray:
    """Slopes in the chord's direction and at most three times as steep."""
    way = np.sign(chord)
    return np.asarray(way * np.clip(slope * way, 0.0, 3.0 * np.abs(chord)))


def _first_pattern() -> int:
    """The bits of 2⁻²⁴ as a floating-point number."""
    return (1023 - OCTAVES) << MANTISSA


def _patterns(cells: NDArray[np.int64], shift: int) -> FloatArray:
    """Where each cell begins."""
    return (np.int64(_first_pattern()) + (cells << shift)).view(np.float64)
