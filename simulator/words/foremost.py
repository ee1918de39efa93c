"""Whose chance is the highest or the lowest, as far as the futures can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from simulator.analysis.estimate import Interval, wilson
from simulator.wording import share
from simulator.words.said import listed

MOST_NAMED: Final = 3
"""Who share a chance."""
MOST_TIED: Final = 2
"""Who may come first, where the futures cannot tell."""


@dataclass(frozen=True)
class Foremost:
    """Those with the chance that is the highest, or the lowest, of all."""

    p: float
    names: tuple[str, ...]
    """Those with just that chance."""
    rivals: tuple[tuple[str, float], ...]
    """They and all whose 95 % intervals overlap theirs, the first of them first; nobody where there is no doubt.

    Futures are the same for all, so that some of them could be told apart by their differences; a title need not.
    """

    @property
    def who(self) -> str:
        """``“A”, “B” and 3 others``."""
        return listed(self.names, MOST_NAMED)

    @property
    def either(self) -> str:
        """``“A” (65%), “B” (67%) or one of 5 more``."""
        said = [f"{name} ({share(p)})" for name, p in self.rivals]
        if len(said) > MOST_TIED + 1:
            said[MOST_TIED:] = [f"one of {len(said) - MOST_TIED} more"]
        return " or ".join([", ".join(said[:-1]), said[-1]])


def foremost(chances: Sequence[tuple[str, float]], futures: int, lowest: bool = False) -> Foremost:
    """Who comes first of some names, as they are written, with chances that were seen in so many futures.

    What was seen in none of the futures, or in all, is said to be just that, and nobody's interval matters.
    """
    sign = -1 if lowest else 1
    ranked = sorted(chances, key=lambda each: -sign * each[1])
    top = ranked[0][1]
    names = tuple(name for name, p in ranked if p == top)
    if top in (0, 1):
        return Foremost(top, names, ())
    rivals = tuple(each for each in ranked if _overlap(_interval(each[1], futures), _interval(top, futures)))
    return Foremost(top, names, rivals if len(rivals) > 1 else ())


def _interval(p: float, futures: int) -> Interval:
    return wilson(round(p * futures), futures)


def _overlap(one: Interval, other: Interval) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
