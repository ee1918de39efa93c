"""The passes over outcomes that reduce them, compiled; tables have a row for each figure, (R, N)."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from simulator.compiled import entry, filled, read
from simulator.days import NEVER

CELLS: Final = 1024
SHIFT: Final = 42
PAGE_SHIFT: Final = 52
HALF: Final = 2048
"""See `amounts`: cells of a page, bits of a float below its cell and below its page, and pages below zero."""

PARTS: Final = 64
"""More parts than an exact sum can have: each takes some forty of the 2,098 bits of a float's range."""


@entry(read("int32", 2), filled("int64", 1), filled("int64", 1), filled("int64", 1))
def bounds(values, low, high, never):
    """The smallest and the largest of what happened (the largest below the smallest for none), and how many did not."""
    for r in range(values.shape[0]):
        low[r], high[r], never[r] = NEVER, -1, 0
        for n in range(values.shape[1]):
            value = np.int64(values[r, n])
            if value == NEVER:
                never[r] += 1
            else:
                low[r] = min(low[r], value)
                high[r] = max(high[r], value)


@entry(read("int32", 2), read("int64", 1), filled("int64", 1))
def count(values, offsets, counts):
    """How many replications had each whole number, that of a row's number ``v`` at its offset plus ``v``."""
    for r in range(values.shape[0]):
        for n in range(values.shape[1]):
            if values[r, n] != NEVER:
                counts[offsets[r] + values[r, n]] += 1


@entry(read("int64", 1), read("int64", 1), filled("int64", 1), filled("int64", 1), filled("int64", 1))
def running(counts, ends, upto, totals, squares):
    """Of lists of counts that end at ``ends``: how many up to each place, and sums of places and of their squares."""
    start = np.int64(0)
    for r in range(ends.shape[0]):
        seen, total, square = np.int64(0), np.int64(0), np.int64(0)
        for place in range(start, ends[r]):
            apart = place - start
            seen += counts[place]
            upto[place] = seen
            total += apart * counts[place]
            square += apart * apart * counts[place]
        totals[r], squares[r] = total, square
        start = ends[r]


@entry(read("int32", 2), filled("int64", 1), filled("int64", 1), filled("int64", 1), filled("int64", 1))
def sums(values, totals, squares, least, most):
    """Sums of whole numbers, and of their squares, the smallest and the largest."""
    for r in range(values.shape[0]):
        total, square = np.int64(0), np.int64(0)
        low = high = np.int64(values[r, 0])
        for n in range(values.shape[1]):
            value = np.int64(values[r, n])
            total += value
            square += value * value
            low, high = min(low, value), max(high, value)
        totals[r], squares[r], least[r], most[r] = total, square, low, high


@entry(read("float64", 2), filled("float64", 1), filled("float64", 1), filled("float64", 3), filled("float64", 1))
def totals(values, least, most, parts, rest):
    """The smallest, the largest, and the parts of the exact sums of amounts and of their squares, (2, R, PARTS).

    Where all are the same there are no parts; for what a part is see `amounts.exact_sum`.
    """
    size = values.shape[1]
    spare = 0  # bits by which a sum of so many may be longer
    while size + 2 >> spare:
        spare += 1
    for r in range(values.shape[0]):
        least[r], most[r] = np.inf, -np.inf
        for n in range(size):
            least[r] = min(least[r], values[r, n])
            most[r] = max(most[r], values[r, n])
        if least[r] == most[r]:
            continue
        for square in range(2):
            largest = 0.0
            for n in range(size):
                rest[n] = values[r, n] * values[r, n] if square else values[r, n]
                largest = max(largest, abs(rest[n]))
            part = 0
            while largest > 0.0 and part < PARTS:
                cut = math.ldexp(1.0, math.frexp(largest)[1] + spare)
                total, largest = 0.0, 0.0
                for n in range(size):
                    leading = (rest[n] + cut) - cut
                    total += leading
                    rest[n] -= leading
                    largest = max(largest, abs(rest[n]))
                parts[square, r, part] = total
                part += 1


@entry(read("int64", 2), filled("uint8", 2))
def seen(bits, pages):
    """Mark the pages, (R, 2 HALF), that the bits of amounts fall into."""
    for r in range(bits.shape[0]):
        for n in range(bits.shape[1]):
            pages[r, (bits[r, n] >> PAGE_SHIFT) + HALF] = 1


@entry(
    *(read("float64", 2), read("int64", 2), read("int64", 1), read("int64", 1)),
    *(filled("int64", 2), filled("float64", 2), filled("float64", 2)),
)
def cells(values, bits, first, numbers, counts, least, most):
    """Put amounts into the cells of pages, (P, CELLS); those of row ``r`` are from ``first[r]`` to the next."""
    for r in range(values.shape[0]):
        page = first[r]
        for n in range(values.shape[1]):
            number = bits[r, n] >> PAGE_SHIFT
            if numbers[page] != number:
                page = first[r]
                while numbers[page] != number:
                    page += 1
            cell = (bits[r, n] >> SHIFT) & (CELLS - 1)
            counts[page, cell] += 1
            least[page, cell] = min(least[page, cell], values[r, n])
            most[page, cell] = max(most[page, cell], values[r, n])
