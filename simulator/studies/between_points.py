"""Points of a sweep held against the scenario as it is written, in the same futures, and which of them is the best.

Differences are those of `compare`: within futures, means with Student's interval, chances with Bonett and Price's,
percentiles with the bootstrap; what is after the horizon counts as the day after it. Verdicts are corrected for all
points and figures together (Holm).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from simulator.analysis.estimate import Interval
from simulator.analysis.paired import Difference, holm
from simulator.studies.contenders import Contender
from simulator.studies.measures import MEASURES, Measure, Record
from simulator.studies.pairs import SURE, Judge
from simulator.studies.points import FIGURES, Kept

Verdict: TypeAlias = Literal["better", "worse", "cannot tell"]


@dataclass(frozen=True)
class Change:
    """A figure of a point less that of the base, in days, money, numbers or probability, and its 95 % interval.

    None where either is after the horizon, or there is but a single future.
    """

    value: float | None
    interval: Interval | None
    verdict: Verdict

    @property
    def half_width(self) -> float | None:
        """None where there is no difference, infinite where its interval is not known."""
        if self.value is None:
            return None
        return math.inf if self.interval is None else (self.interval[1] - self.interval[0]) / 2


class Between:
    """Points by name, as what was kept of their futures has them."""

    def __init__(self, group: Sequence[Contender], kept: Mapping[str, Kept], seed: int) -> None:
        self.places = {each.name: each for each in group}
        size = next(iter(kept.values())).on_time.size
        nowhere = np.zeros(size)
        self.judge = Judge(group, {name: Record(of.columns, nowhere, {}) for name, of in kept.items()}, seed)

    def changes(self, base: str) -> dict[str, dict[str, Change]]:
        """Of every point but the base, by figure."""
        cases = [(name, figure) for name in self.places if name != base for figure in FIGURES]
        found = [self._difference(name, base, MEASURES[figure]) for name, figure in cases]
        sure = holm([each.p_value for each in found])
        changes: dict[str, dict[str, Change]] = {}
        for (name, figure), difference, adjusted in zip(cases, found, sure, strict=True):
            known = all(self.judge.value(self.places[of], MEASURES[figure]) is not None for of in (name, base))
            changes.setdefault(name, {})[figure] = Change(
                difference.value if known else None,
                difference.interval if known else None,
                _verdict(difference.value, adjusted, MEASURES[figure]),
            )
        return changes

    def may_be_best(self, figure: str) -> list[str]:
        """All points that these futures cannot rule out to be the best by a chance or a mean.

        The one that came out best is held against each other one. Whichever is the best in truth, it is ruled out only
        if that difference is surely against it, with the p-value times the number of others (Bonferroni): it stays in
        95 % of cases or more.
        """
        measure = MEASURES[figure]
        sign = 1 if measure.more_is_better else -1
        best = max(self.places, key=lambda name: sign * self.judge.at_least(self.places[name], measure))
        others = len(self.places) - 1
        return [name for name in self.places if not self._beaten(name, best, measure, others)]

    def _beaten(self, name: str, best: str, measure: Measure, others: int) -> bool:
        found = self._difference(name, best, measure)
        adjusted = None if found.p_value is None else others * found.p_value
        return name != best and _verdict(found.value, adjusted, measure) == "worse"

    def _difference(self, name: str, base: str, measure: Measure) -> Difference:
        return self.judge.difference(self.places[name], self.places[base], measure)


def _verdict(difference: float | None, adjusted: float | None, measure: Measure) -> Verdict:
    if difference is None or adjusted is None or adjusted > SURE or difference == 0:
        return "cannot tell"
    return "better" if (difference > 0) == measure.more_is_better else "worse"
