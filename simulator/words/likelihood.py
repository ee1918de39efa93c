"""Probabilities in words, on one scale, and always beside the number.

The scale is the probability yardstick of the UK's Professional Head of Intelligence Assessment (PHIA):

==================== ============
remote chance        up to 5 %
highly unlikely      10 to 20 %
unlikely             25 to 35 %
realistic possibility 40 to 50 %
likely or probable   55 to 75 %
highly likely        80 to 90 %
almost certain       95 % and up
==================== ============

The yardstick leaves gaps of five points between its steps, so that nobody reads more into an estimate than it bears.
Simulated shares fall into them all the same; here each gap is shared equally between its neighbours (7.5 % is the
end of "remote chance"), and the number stands beside the word. What was seen in no future, or in all, is said to be
just that: a number of futures cannot show that something is impossible.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from simulator.wording import share

YARDSTICK: Final = (
    (0.075, "remote chance"),
    (0.225, "highly unlikely"),
    (0.375, "unlikely"),
    (0.525, "realistic possibility"),
    (0.775, "likely or probable"),
    (0.925, "highly likely"),
    (1.0, "almost certain"),
)
"""Up to which probability, inclusive, each phrase holds."""

NOUNS: Final = ("remote chance", "realistic possibility")
"""Phrases that need an article in a sentence."""
SIMPLE: Final = sorted({Fraction(k, n) for n in (2, 3, 4, 5, 6, 10) for k in range(1, n)})
"""Shares that people picture: halves, thirds, quarters, fifths, sixths and tenths."""
NEAR: Final = 0.034
"""How far a share may be from the fraction that it is called."""


def likelihood(p: float) -> str:
    """How often, with the yardstick's phrase behind the number: ``in 62% of futures (likely or probable)``."""
    return where(p) if p in (0, 1) else f"in {share(p)} of futures ({phrase(p)})"


def where(p: float) -> str:
    """In how many futures: ``in about 4 in 5 futures (81%)``, ``in no future``."""
    return f"in {in_futures(p)}"


def judged(p: float) -> str:
    """The yardstick's phrase behind a comma, for a share of futures: ``, which is a remote chance``."""
    said = phrase(p)
    return f", which is {'a ' if said in NOUNS else ''}{said}"


def phrase(p: float) -> str:
    """The yardstick's phrase alone, for where the number stands beside it anyway."""
    return next(words for highest, words in YARDSTICK if p <= highest)


def in_futures(p: float) -> str:
    """A share of futures as people picture it, with the number: ``about 4 in 5 futures (81%)``.

    The simple fraction is the nearest of halves, thirds, quarters, fifths, sixths and tenths; where none is within 3.4
    points, as at 3 % or at 45 %, the number stands alone.
    """
    if p in (0, 1):
        return "no future" if p == 0 else "every future"
    nearest = min(SIMPLE, key=lambda simple: abs(float(simple) - p))
    off = abs(float(nearest) - p)
    if off > NEAR:
        return f"{share(p)} of futures"
    about = "" if off < 0.0005 else "about "
    return f"{about}{nearest.numerator} in {nearest.denominator} futures ({share(p)})"
