"""Contenders two by two: how far apart, how surely, which dominates, and who stands where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from simulator.analysis.dominance import dominates
from simulator.analysis.estimate import CONFIDENCE, Interval, wilson
from simulator.analysis.paired import (
    Difference,
    Quantiles,
    holm,
    mean_difference,
    quantiles,
    share_difference,
    variance_removed,
)
from simulator.analysis.time_difference import GOING, TimeDifference, time_difference
from simulator.network.values import FloatArray
from simulator.streams import Streams
from simulator.studies.contenders import Contender
from simulator.studies.measures import GOING_ON, MEASURES, Measure, Record

Verdict: TypeAlias = Literal["a", "b", "cannot tell"]

SURE: Final = 0.05
"""The largest corrected p-value with which a verdict is given."""
DOMINANCE: Final = ("finish", "cost", "npv")


@dataclass(frozen=True)
class Pair:
    """Two contenders under one measure; the difference is a less b, in days, money or probability."""

    a: str
    b: str
    measure: str
    difference: float | None
    interval: tuple[float | None, float | None] | None
    p_a_better: float
    """The share of futures in which a is strictly better."""
    p_b_better: float
    verdict: Verdict
    variance_removed: float | None
    """By meeting the same futures, where the measure is a mean or a probability."""
    replications: int
    """N."""
    up_to_horizon: bool = False
    """Whether somebody is not live by the horizon in some future, so that what comes after it is not counted."""

    @property
    def a_better_interval(self) -> Interval:
        """Of the chance that a is strictly better."""
        return self._chance(self.p_a_better)

    @property
    def b_better_interval(self) -> Interval:
        """Of the chance that b is strictly better."""
        return self._chance(self.p_b_better)

    def _chance(self, share: float) -> Interval:
        return wilson(round(share * self.replications), self.replications)

    def as_dict(self) -> dict[str, Any]:
        """What `compare --json` says of a pair."""
        return {
            "a": self.a,
            "b": self.b,
            "measure": self.measure,
            "difference": self.difference,
            "interval": None if self.interval is None else list(self.interval),
            "p_a_better": self.p_a_better,
            "p_a_better_interval": list(self.a_better_interval),
            "p_b_better": self.p_b_better,
            "p_b_better_interval": list(self.b_better_interval),
            "verdict": self.verdict,
            "up_to_horizon": self.up_to_horizon,
        }


@dataclass(frozen=True)
class Dominance:
    """That ``better`` dominates ``worse`` in a measure, at the first or second order, in the futures at hand."""

    better: str
    worse: str
    measure: str
    order: str
    up_to_horizon: bool = False
    """Whether something was not over by the horizon, so that what is said is not said of what comes after it."""

    @property
    def where(self) -> str:
        """What is said of no more than this, at the head of a sentence."""
        return "In these futures, up to the horizon," if self.up_to_horizon else "In these futures,"


def borne_out(dominance: Dominance, pairs: Sequence[Pair]) -> bool:
    """Whether a verdict on the same thing says the same, so that it need not be the luck of these futures."""
    two, measure = {dominance.better, dominance.worse}, dominance.measure
    about = ("on_time", "finish.mean", "finish.p50", "finish.p80") if measure == "finish" else (measure,)
    here = (pair for pair in pairs if {pair.a, pair.b} == two and pair.measure in about)
    return any({"a": pair.a, "b": pair.b}.get(pair.verdict) == dominance.better for pair in here)


@dataclass(frozen=True)
class Standing:
    """A contender under a measure: its value and its place, one more than how many of its world are surely better."""

    name: str
    value: float | None
    place: int
    rests_on: float | None = None
    """How many futures the value rests on, where they are few and it is a mean."""
    schedule: str = ""
    world: str = ""
    """Empty where there is but one."""

    def as_dict(self) -> dict[str, Any]:
        """What `compare --json` says of it; of schedule and world only where there are several worlds."""
        found = {"name": self.name, "value": self.value, "place": self.place, "rests_on": self.rests_on}
        return found | ({"schedule": self.schedule, "world": self.world} if self.world else {})


class Judge:
    """Reads differences off the records; couples are schedules of one world, or one schedule in two worlds."""

    def __init__(self, group: Sequence[Contender], records: Mapping[str, Record], seed: int) -> None:
        self.group = group
        self.records = records
        self.horizon = max(each.network.horizon for each in group)
        self.couples = [(a, b) for a, b in combinations(group, 2) if a.world == b.world or a.schedule == b.schedule]
        self.quantiles = self._resampled(seed)
        self.days = {name: _days(record) for name, record in records.items()}

    def _resampled(self, seed: int) -> dict[str, Quantiles]:
        finishes = {name: record.cut("finish", self.horizon) for name, record in self.records.items()}
        size = len(next(iter(finishes.values())))
        streams = Streams(seed, "random")
        measures = [measure for measure in MEASURES.values() if measure.statistic == "quantile"]
        shares = [measure.share for measure in measures]
        found = quantiles(finishes, shares, lambda number: streams.uniform(f"resample {number}", 0, size))
        return {measure.name: of for measure, of in zip(measures, found, strict=True)}

    def value(self, contender: Contender, measure: Measure) -> float | None:
        """A contender's own value; None where it is after the horizon or not known."""
        of = self.quantiles.get(measure.name)
        quantile = None if of is None else of.value[contender.name]
        return self.records[contender.name].value(measure, self.horizon, quantile)

    def at_least(self, contender: Contender, measure: Measure) -> float:
        """What a contender's value is no less than, known or not: what is after the horizon is the day after it."""
        of = self.quantiles.get(measure.name)
        if of is not None:
            return of.value[contender.name]
        return float(self.records[contender.name].cut(measure.column, self.horizon).mean())

    def pairs(self) -> tuple[Pair, ...]:
        cases = [(a, b, measure) for a, b in self.couples for measure in MEASURES.values()]
        differences = [self.difference(*case) for case in cases]
        sure = holm([found.p_value for found in differences])
        return tuple(
            self._pair(*case, found, adjusted) for case, found, adjusted in zip(cases, differences, sure, strict=True)
        )

    def difference(self, a: Contender, b: Contender, measure: Measure, confidence: float = CONFIDENCE) -> Difference:
        """The paired difference a less b; what is after the horizon counts as the day after it in a quantile."""
        if measure.statistic == "quantile":
            return self.quantiles[measure.name].difference(a.name, b.name, confidence)
        one, other = self.records[a.name], self.records[b.name]
        if measure.column == "finish" and (one.censored or other.censored):
            return Difference()
        difference = share_difference if measure.statistic == "probability" else mean_difference
        return difference(one.columns[measure.column], other.columns[measure.column], confidence)

    def _pair(self, a: Contender, b: Contender, measure: Measure, found: Difference, adjusted: float | None) -> Pair:
        one, other = (self.records[each.name].cut(measure.column, self.horizon) for each in (a, b))
        known = None not in (self.value(a, measure), self.value(b, measure))
        return Pair(
            a=a.name,
            b=b.name,
            measure=measure.name,
            difference=found.value if known else None,
            interval=found.interval if known else None,
            p_a_better=float(np.mean(measure.better(one, other))),
            p_b_better=float(np.mean(measure.better(other, one))),
            verdict=_verdict(found.value, adjusted, measure),
            variance_removed=None if measure.statistic == "quantile" or not known else variance_removed(one, other),
            replications=len(one),
            up_to_horizon=measure.column in GOING_ON and self._censored(a, b),
        )

    def _censored(self, a: Contender, b: Contender) -> bool:
        """Whether under either somebody is not live by the horizon in some future."""
        return self.records[a.name].censored or self.records[b.name].censored

    def dominance(self, a: Contender, b: Contender) -> list[Dominance]:
        """What can be said of two; the second order sums the days after the horizon, too, so it takes all of them.

        Nothing is said of two worlds, between which nobody chooses, nor of money that was only cut off at the horizon:
        what is not done by then looks cheap.
        """
        found: list[Dominance] = []
        if a.world != b.world:
            return found
        censored = self._censored(a, b)
        for column in ("finish",) if censored else DOMINANCE:
            sign = -1 if column == "npv" else 1
            one, other = (sign * self.records[each.name].cut(column, self.horizon) for each in (a, b))
            for better, worse, order in ((a, b, dominates(one, other)), (b, a, dominates(other, one))):
                if order == "first" or (order == "second" and not censored):
                    found.append(Dominance(better.name, worse.name, column, order, censored))
        return found

    def ranking(self, measure: Measure, pairs: Sequence[Pair]) -> tuple[Standing, ...]:
        """Each world's contenders, the best first, world after world: a schedule of another world beats nobody.

        Not all of different worlds are compared with one another, and no world can be chosen.
        """
        worlds = {each.name: each.world for each in self.group}
        beaten = dict.fromkeys(self.records, 0)
        for pair in pairs:
            if pair.measure == measure.name and pair.verdict != "cannot tell" and worlds[pair.a] == worlds[pair.b]:
                beaten[pair.b if pair.verdict == "a" else pair.a] += 1
        order = list(dict.fromkeys(worlds.values()))
        standings = [
            Standing(
                name=each.name,
                value=self.value(each, measure),
                place=1 + beaten[each.name],
                rests_on=self.records[each.name].rests_on(measure),
                schedule=each.schedule,
                world=each.world if len(order) > 1 else "",
            )
            for each in self.group
        ]
        return tuple(
            sorted(
                standings,
                key=lambda each: (order.index(worlds[each.name]), each.place, _by_value(each.value, measure)),
            )
        )

    def time(self, a: Contender, b: Contender) -> TimeDifference:
        one, other = self.records[a.name], self.records[b.name]
        return time_difference(
            (a.name, self.days[a.name]),
            (b.name, self.days[b.name]),
            mean_difference(one.live, other.live),
            (one.share_not_live, other.share_not_live),
        )


def _by_value(value: float | None, measure: Measure) -> float:
    if value is None:
        return float("inf")
    return -value if measure.more_is_better else value


def _verdict(difference: float | None, adjusted: float | None, measure: Measure) -> Verdict:
    if difference is None or adjusted is None or adjusted > SURE or difference == 0:
        return "cannot tell"
    return "a" if (difference > 0) == measure.more_is_better else "b"


def _days(record: Record) -> dict[str, FloatArray]:
    """Days by part, (N,) each, averaged over clusters; they add up to the day of go-live."""
    spent = {part: days / record.clusters for part, days in record.time.items()}
    return {GOING: record.live - sum(spent.values()), **spent}
