"""Whether one schedule is better than another for every planner, however they feel about risk.

First order: at every level the chance of doing at least as well is no smaller (Quirk and Saposnik 1962). Second
order: better for everyone who prefers less and dislikes risk (Hadar and Russell 1969; Rothschild and Stiglitz 1970;
for what should be small, the increasing convex order of Shaked and Shanthikumar 2007, theorem 4.A.2).
The statement is about the futures at hand: it has no interval.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np

from simulator.analysis.paired import ROUNDING, Values, apart

Order: TypeAlias = Literal["first", "second"]


def dominates(a: Values, b: Values) -> Order | None:
    """The order at which ``a`` is better than ``b`` where less is better, (N,) values each; None at neither.

    With as many futures of either, a's k-th value is no larger than b's for all k (first order), or the sum of a's
    largest k is no larger than that of b's for all k (second). Equal distributions dominate at neither order, nor
    do those that are so but for rounding.
    """
    mine, theirs = np.sort(a.astype(np.float64))[::-1], np.sort(b.astype(np.float64))[::-1]
    differences = apart(mine, theirs)
    if np.all(differences >= 0):
        return None
    if np.all(differences <= 0):
        return "first"
    slack = ROUNDING * float(np.abs(theirs).sum())
    return "second" if np.all(np.cumsum(differences) <= slack) else None
