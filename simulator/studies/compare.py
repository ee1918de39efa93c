"""Which schedule is better, and are we sure? Every pair of schedules on the same futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from simulator.analysis.dominance import dominates
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
from simulator.draws import Draws
from simulator.scenario import Scenario
from simulator.streams import Streams
from simulator.studies.contenders import Contender, contenders, play
from simulator.studies.futures import Futures, Progress
from simulator.studies.measures import MEASURES, Measure, Record
from simulator.studies.regret import Regret, regrets
from simulator.studies.saving import save_study
from simulator.summary import summarise
from simulator.workers import Asked

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

    def as_dict(self) -> dict[str, Any]:
        """What `compare --json` says of a pair."""
        return {
            "a": self.a,
            "b": self.b,
            "measure": self.measure,
            "difference": self.difference,
            "interval": None if self.interval is None else list(self.interval),
            "p_a_better": self.p_a_better,
            "verdict": self.verdict,
        }


@dataclass(frozen=True)
class Dominance:
    """That ``better`` dominates ``worse`` in a measure, at the first or second order."""

    better: str
    worse: str
    measure: str
    order: str


@dataclass(frozen=True)
class Standing:
    """A contender under a measure: its value and its place, one more than how many are surely better."""

    name: str
    value: float | None
    place: int


@dataclass(frozen=True, eq=False)
class Comparison:
    """Schedules, or scenarios as alternative worlds, set side by side; made by `compare`."""

    contenders: tuple[Contender, ...] = field(repr=False)
    draws: Draws = field(repr=False)
    """The first world's."""
    engine: str
    records: Mapping[str, Record] = field(repr=False)
    pairs: tuple[Pair, ...] = field(repr=False)
    dominance: tuple[Dominance, ...]
    ranking: Mapping[str, tuple[Standing, ...]] = field(repr=False)
    """Measure to contenders, the best first."""
    time: tuple[TimeDifference, ...] = field(repr=False)
    regret: tuple[Regret, ...] = field(repr=False)
    """Where files are worlds: how much each schedule gives away at worst."""

    @property
    def replications(self) -> int:
        """N."""
        return next(iter(self.records.values())).tally.replications

    def summary(self) -> dict[str, Any]:
        """The document of `compare --json`."""
        seed, sampling = self.draws.seed, self.draws.sampling
        return {
            "schedules": {
                each.name: summarise(
                    self.records[each.name].tally, each.scenario, each.network, seed, sampling, self.engine
                )
                for each in self.contenders
            },
            "pairs": [pair.as_dict() for pair in self.pairs],
            "ranking": {name: [vars(each) for each in standings] for name, standings in self.ranking.items()},
            "dominance": [vars(each) for each in self.dominance],
            "variance_removed": [
                {"a": pair.a, "b": pair.b, "measure": pair.measure, "share": pair.variance_removed}
                for pair in self.pairs
                if pair.variance_removed is not None
            ],
            "time": [
                {
                    "a": each.a,
                    "b": each.b,
                    "days": each.total.value,
                    "interval": each.total.interval,
                    "parts": dict(each.parts),
                    "words": each.words,
                }
                for each in self.time
            ],
            "regret": [each.as_dict() for each in self.regret],
        }

    @property
    def plot(self) -> Any:
        """Figures by name, such as ``plot.risk_late()``; each returns its axes."""
        return import_module("simulator.plots").Comparisons(self)

    def __str__(self) -> str:
        return " ".join(_sentence(self.ranking[name], MEASURES[name]) for name in ("on_time", "finish.p80"))

    def save(self, folder: Path | str, command: str = "simulator.compare") -> None:
        """Write the summary and its pairs as a table to a folder, all or nothing.

        Raises:
            StaggerError: the folder cannot be written.
        """
        rows = [{**pair.as_dict(), "low": _end(pair, 0), "high": _end(pair, 1)} for pair in self.pairs]
        for row in rows:
            del row["interval"]
        about = {
            "verb": "compare",
            "schedules": self._named(),
            "scenarios": {each.world: each.scenario for each in self.contenders},
            "replications": self.replications,
            "seed": self.draws.seed,
            "sampling": self.draws.sampling,
            "engine": self.engine,
            "command": command,
        }
        save_study(folder, self.summary(), {"pairs.csv": rows}, about)

    def report(self, out: Path | str, xlsx: bool = False) -> Any:
        """Write a briefing to a file (.html, .docx, .xlsx) or a folder; see `simulator.report.report`."""
        return import_module("simulator.report").report(self, out, xlsx)

    def _named(self) -> list[str] | None:
        """The schedules that were compared; None where they are all that each world has."""
        worlds = {each.world: each.scenario for each in self.contenders}
        if len(self.contenders) == sum(len(world.schedules) for world in worlds.values()):
            return None
        return list(dict.fromkeys(each.schedule for each in self.contenders))


def _end(pair: Pair, which: int) -> float | None:
    return None if pair.interval is None else pair.interval[which]


def _sentence(standings: Sequence[Standing], measure: Measure) -> str:
    best = [each.name for each in standings if each.place == 1]
    if len(best) == 1:
        return f"By {measure.words}, “{best[0]}” is the best."
    listed = f"{', '.join(f'“{name}”' for name in best[:-1])} and “{best[-1]}”"
    return f"By {measure.words}, these futures cannot tell which of {listed} is the best."


def compare(
    scenario: Scenario | Sequence[Scenario],
    schedules: Sequence[str] | None = None,
    replications: int | None = None,
    seed: int | None = None,
    sampling: str = "random",
    engine: str = "batch",
    workers: Asked = None,
    progress: Progress | None = None,
) -> Comparison:
    """Schedules of a scenario (all where none is named), or of several scenarios as alternative worlds.

    10,000 futures unless ``replications`` says otherwise; all contenders meet the same ones. Intervals hold 95 % each;
    verdicts are corrected for the number of all pairs and measures (Holm), so that 95 in 100 comparisons have
    no wrong one.

    Raises:
        StaggerError: there are fewer than two to compare, one is not known, or an option is wrong.
    """
    worlds = [scenario] if isinstance(scenario, Scenario) else list(scenario)
    group = contenders(worlds, schedules)
    futures = Futures.of(replications, _seed(worlds, seed), sampling, engine, workers)
    draws = {each.world: futures.draws(each.scenario) for each in {each.world: each for each in group}.values()}
    records = play(group, futures, draws, progress)
    return _judged(group, next(iter(draws.values())), futures.engine, records)


def _seed(worlds: Sequence[Scenario], seed: int | None) -> int | None:
    """One seed for all worlds: that of the first where none is given, so that they meet the same futures."""
    return next((world.seed for world in worlds if world.seed is not None), None) if seed is None else seed


def _judged(group: tuple[Contender, ...], draws: Draws, engine: str, records: Mapping[str, Record]) -> Comparison:
    found = _Judge(group, records, draws.seed)
    pairs = found.pairs()
    return Comparison(
        contenders=group,
        draws=draws,
        engine=engine,
        records=records,
        pairs=pairs,
        dominance=tuple(each for a, b in found.couples for each in found.dominance(a, b)),
        ranking={name: found.ranking(measure, pairs) for name, measure in MEASURES.items()},
        time=tuple(found.time(a, b) for a, b in found.couples),
        regret=regrets(group, found.value),
    )


class _Judge:
    """Reads differences off the records; couples are schedules of one world, or one schedule in two worlds."""

    def __init__(self, group: Sequence[Contender], records: Mapping[str, Record], seed: int) -> None:
        self.group = group
        self.records = records
        self.horizon = max(each.network.horizon for each in group)
        self.couples = [(a, b) for a, b in combinations(group, 2) if a.world == b.world or a.schedule == b.schedule]
        self.quantiles = self._quantiles(seed)

    def _quantiles(self, seed: int) -> dict[str, Quantiles]:
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

    def pairs(self) -> tuple[Pair, ...]:
        cases = [(a, b, measure) for a, b in self.couples for measure in MEASURES.values()]
        differences = [self._difference(*case) for case in cases]
        sure = holm([found.p_value for found in differences])
        return tuple(
            self._pair(*case, found, adjusted) for case, found, adjusted in zip(cases, differences, sure, strict=True)
        )

    def _difference(self, a: Contender, b: Contender, measure: Measure) -> Difference:
        if measure.statistic == "quantile":
            return self.quantiles[measure.name].difference(a.name, b.name)
        one, other = self.records[a.name], self.records[b.name]
        if measure.column == "finish" and (one.censored or other.censored):
            return Difference()
        difference = share_difference if measure.statistic == "probability" else mean_difference
        return difference(one.columns[measure.column], other.columns[measure.column])

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
        )

    def dominance(self, a: Contender, b: Contender) -> list[Dominance]:
        found = []
        for column in DOMINANCE:
            sign = -1 if column == "npv" else 1
            one, other = (sign * self.records[each.name].cut(column, self.horizon) for each in (a, b))
            for better, worse, order in ((a, b, dominates(one, other)), (b, a, dominates(other, one))):
                if order is not None:
                    found.append(Dominance(better.name, worse.name, column, order))
        return found

    def ranking(self, measure: Measure, pairs: Sequence[Pair]) -> tuple[Standing, ...]:
        beaten = dict.fromkeys(self.records, 0)
        for pair in pairs:
            if pair.measure == measure.name and pair.verdict != "cannot tell":
                beaten[pair.b if pair.verdict == "a" else pair.a] += 1
        standings = [Standing(each.name, self.value(each, measure), 1 + beaten[each.name]) for each in self.group]
        return tuple(sorted(standings, key=lambda each: (each.place, _by_value(each.value, measure))))

    def time(self, a: Contender, b: Contender) -> TimeDifference:
        one, other = self.records[a.name], self.records[b.name]
        total = mean_difference(one.live, other.live)
        return time_difference((a.name, _parts(a, one)), (b.name, _parts(b, other)), total)


def _by_value(value: float | None, measure: Measure) -> float:
    if value is None:
        return float("inf")
    return -value if measure.more_is_better else value


def _verdict(difference: float | None, adjusted: float | None, measure: Measure) -> Verdict:
    if difference is None or adjusted is None or adjusted > SURE or difference == 0:
        return "cannot tell"
    return "a" if (difference > 0) == measure.more_is_better else "b"


def _parts(contender: Contender, record: Record) -> dict[str, float]:
    """Mean days by part, averaged over clusters; they add up to the mean day of go-live."""
    clusters = contender.network.clusters
    days: dict[str, float] = {}
    for key, figure in record.tally.figures.items():
        if key[0] == "clusters" and key[2] == "time":
            days[key[3]] = days.get(key[3], 0.0) + figure.mean / len(clusters)  # type: ignore[attr-defined]
    return {GOING: float(record.live.mean()) - sum(days.values()), **days}
