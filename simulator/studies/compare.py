"""Which schedule is better, and are we sure? Every pair of schedules on the same futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial, reduce
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from simulator.analysis.stopping import HalfWidths
from simulator.analysis.tally import Tally
from simulator.analysis.time_difference import TimeDifference
from simulator.draws import Draws
from simulator.errors import StaggerError
from simulator.given import LOADED, require, several
from simulator.outcomes import Outcomes
from simulator.scenario import Scenario
from simulator.studies.contenders import Contender, contenders
from simulator.studies.futures import Futures, Progress
from simulator.studies.headline import sentences
from simulator.studies.measures import MEASURES, Record
from simulator.studies.pairs import Dominance, Judge, Pair, Standing
from simulator.studies.playing import playing
from simulator.studies.regret import Regret, regrets
from simulator.studies.saving import save_study
from simulator.studies.widths import Between, half_widths
from simulator.summary import summarise
from simulator.workers import Asked

EXAMPLES: Final = "late=1%, p80=7d, better.p80=1% or, for all pairs of one schedule, NAME/late=1%"
"""Precisions of what is printed."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Schedules, or scenarios as alternative worlds, set side by side; made by `compare`."""

    contenders: tuple[Contender, ...] = field(repr=False)
    draws: Mapping[str, Draws] = field(repr=False)
    """Each world's."""
    futures: Futures = field(repr=False)
    records: Mapping[str, Record] = field(repr=False)
    pairs: tuple[Pair, ...] = field(repr=False)
    dominance: tuple[Dominance, ...]
    ranking: Mapping[str, tuple[Standing, ...]] = field(repr=False)
    """Measure to contenders, the best first; those of one world after those of another, for none is chosen."""
    time: tuple[TimeDifference, ...] = field(repr=False)
    regret: tuple[Regret, ...] = field(repr=False)
    """Where files are worlds: how much each schedule gives away at worst."""
    precise: bool = True
    """Whether the precision asked for was reached."""
    kept: Mapping[str, Tally] | None = field(default=None, repr=False)
    """Each contender's tally, where it was made on the way."""

    @property
    def replications(self) -> int:
        """N."""
        return self.futures.replications

    @property
    def seed(self) -> int:
        return next(iter(self.draws.values())).seed

    @property
    def sampling(self) -> str:
        return self.futures.sampling

    @property
    def engine(self) -> str:
        return self.futures.engine

    @property
    def has_deadline(self) -> bool:
        """Whether being on time is keeping a deadline, in all worlds or in none, and not being live by the horizon."""
        return self.contenders[0].scenario.deadline is not None

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """Each contender's tally, by name; the futures are played again where it was not kept."""
        if self.kept is not None:
            return self.kept
        with playing(self.contenders, self.draws, self.futures, _tally, _merged) as played:
            return played.until(self.replications)

    def summary(self) -> dict[str, Any]:
        """The document of `compare --json`."""
        how = self.seed, self.sampling, self.engine
        return {
            "schedules": {
                each.name: summarise(self.tallies[each.name], each.scenario, each.network, *how)
                for each in self.contenders
            },
            "pairs": [pair.as_dict() for pair in self.pairs],
            "ranking": {name: [each.as_dict() for each in standings] for name, standings in self.ranking.items()},
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
                    "part_intervals": dict(each.intervals),
                    "not_live": list(each.not_live),
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
        return " ".join(sentences(self.ranking, self.has_deadline))

    def save(self, folder: Path | str, command: str = "simulator.compare") -> None:
        """Write the summary, its pairs as a table and the S-curves to a folder, all or nothing.

        Raises:
            StaggerError: the folder cannot be written.
        """
        rows = [_row(pair) for pair in self.pairs]
        about = {
            "verb": "compare",
            "schedules": self._named(),
            "scenarios": {each.world: each.scenario for each in self.contenders},
            "replications": self.replications,
            "seed": self.seed,
            "sampling": self.sampling,
            "engine": self.engine,
            "command": command,
        }
        figures = self.plot.illustrate("s-curve").files(("png", "svg"))
        save_study(folder, self.summary(), {"pairs.csv": rows}, about, figures)

    def report(self, out: Path | str, xlsx: bool = False) -> Any:
        """Write a briefing to a file (.html, .docx, .xlsx) or a folder; see `simulator.report.report`."""
        return import_module("simulator.report").report(self, out, xlsx)

    def _named(self) -> list[str] | None:
        """The schedules that were compared; None where they are all that each world has."""
        worlds = {each.world: each.scenario for each in self.contenders}
        if len(self.contenders) == sum(len(world.schedules) for world in worlds.values()):
            return None
        return list(dict.fromkeys(each.schedule for each in self.contenders))


def _row(pair: Pair) -> dict[str, Any]:
    """A pair's row in a table: what it says, with each end of an interval in a column of its own."""
    said = pair.as_dict()
    row = {name: value for name, value in said.items() if not name.endswith("interval")}
    low, high = said["interval"] or (None, None)
    row |= {"low": low, "high": high}
    for name in ("p_a_better", "p_b_better"):
        row[f"{name}_low"], row[f"{name}_high"] = said[f"{name}_interval"]
    return row


def compare(
    scenario: Scenario | Sequence[Scenario],
    schedules: Sequence[str] | None = None,
    replications: int | None = None,
    seed: int | None = None,
    sampling: str = "random",
    engine: str = "batch",
    workers: Asked = None,
    precision: str | None = None,
    progress: Progress | None = None,
    summaries: bool = False,
) -> Comparison:
    """Schedules of a scenario (all where none is named), or of several scenarios as alternative worlds.

    10,000 futures unless ``replications`` says otherwise; all contenders meet the same ones. Intervals hold 95 % each;
    verdicts are corrected for the number of all pairs and measures (Holm), so that 95 in 100 comparisons have
    no wrong one. With a ``precision`` such as ``on_time=1%`` futures are added until the interval of the paired
    difference is no wider to either side, for every pair (``NAME/on_time=1%``: every pair with that schedule;
    `simulator.studies.widths` has all figures); ``replications`` is then the most, 1,000,000 where not given.
    ``summaries`` makes on the way what `Comparison.summary` would otherwise play all futures again for.

    Raises:
        StaggerError: there are fewer than two to compare, one is not known, or an option is wrong.
    """
    worlds = several(scenario, Scenario)
    if not worlds:
        raise StaggerError(f"a comparison needs a scenario (found none). {LOADED}")
    for each in worlds:
        require(each, Scenario, "a comparison needs a scenario", "Give what load returns, or a list of them.")
    group = contenders(worlds, schedules)
    futures = Futures.of(replications, _seed(worlds, seed), sampling, engine, workers, precision, EXAMPLES)
    if futures.precision and futures.precision.measure == "regret" and len(worlds) == 1:
        raise StaggerError(
            f"regret is what is given away in one of several worlds (found one scenario and {precision}). "
            "Name a file for each world."
        )
    draws = {each.world: futures.draws(each.scenario) for each in {each.world: each for each in group}.values()}
    with playing(group, draws, futures, partial(_seen, full=summaries), _joined, progress) as played:

        def look(size: int) -> Comparison:
            return _judged(group, draws, replace(futures, replications=size), played.until(size))

        def widths(found: Comparison) -> HalfWidths:
            between = Between(group, found.replications)
            return half_widths(between, found.pairs, found.time, found.regret)

        answer, precise = futures.answered(look, widths)
    return replace(answer, precise=precise)


def _seed(worlds: Sequence[Scenario], seed: int | None) -> int | None:
    """One seed for all worlds: that of the first where none is given, so that they meet the same futures."""
    return next((world.seed for world in worlds if world.seed is not None), None) if seed is None else seed


@dataclass(frozen=True)
class _Seen:
    """What is kept of a contender's futures."""

    record: Record
    tally: Tally | None


def _seen(contender: Contender, outcomes: Outcomes, full: bool) -> _Seen:
    return _Seen(Record.of(outcomes, contender.network.horizon), Tally.of(outcomes) if full else None)


def _joined(parts: Sequence[_Seen]) -> _Seen:
    tallies = [part.tally for part in parts if part.tally is not None]
    return _Seen(Record.joined([part.record for part in parts]), _merged(tallies) if tallies else None)


def _tally(contender: Contender, outcomes: Outcomes) -> Tally:
    return Tally.of(outcomes)


def _merged(tallies: Sequence[Tally]) -> Tally:
    return reduce(Tally.merge, tallies)


def _judged(
    group: tuple[Contender, ...], draws: Mapping[str, Draws], futures: Futures, seen: Mapping[str, _Seen]
) -> Comparison:
    records = {name: each.record for name, each in seen.items()}
    tallies = {name: each.tally for name, each in seen.items() if each.tally is not None}
    found = Judge(group, records, next(iter(draws.values())).seed)
    pairs = found.pairs()
    return Comparison(
        contenders=group,
        draws=draws,
        futures=futures,
        records=records,
        pairs=pairs,
        dominance=tuple(each for a, b in found.couples for each in found.dominance(a, b)),
        ranking={name: found.ranking(measure, pairs) for name, measure in MEASURES.items()},
        time=tuple(found.time(a, b) for a, b in found.couples),
        regret=regrets(group, found.value, found.at_least, found.difference),
        kept=tallies or None,
    )
