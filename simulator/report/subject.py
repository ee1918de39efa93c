"""What a briefing is about: one schedule or several, each with its whole answer, and how they compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final, TypeAlias

from simulator.days import date_of
from simulator.errors import StaggerError
from simulator.result import Model, Result
from simulator.scenario import Scenario, digest
from simulator.studies.compare import Comparison, compare
from simulator.studies.drivers import Drivers
from simulator.studies.latest import LatestDates
from simulator.studies.sweep import Sweep
from simulator.words.said import listed
from simulator.workers import Asked

Answer: TypeAlias = Result | Comparison
Told: TypeAlias = Answer | Drivers | Sweep | LatestDates
"""What a briefing can be about: answers, and what was found out besides."""
Progress: TypeAlias = Callable[[int, int], None]

MOST: Final = 20
"""Schedules that one briefing sets side by side; nobody reads more."""


@dataclass(frozen=True, eq=False)
class Case:
    """A schedule and its answer; its name is the schedule's, preceded by the world's where there are several."""

    name: str
    result: Result
    world: str = ""
    """The scenario's name among those that are compared."""

    @cached_property
    def summary(self) -> Mapping[str, Any]:
        """The dict of summary.json."""
        return self.result.summary()

    @property
    def scenario(self) -> Scenario:
        return self.result.scenario

    @property
    def in_world(self) -> str:
        """What it is called where it is said which world is meant."""
        return self.result.schedule if self.world else self.name

    def scheduled(self) -> dict[str, date | None]:
        """Each cluster's date in the schedule; None for one that has passed its `go_to_market` stage."""
        days = zip(self.scenario.clusters, self.result.model.network.scheduled, strict=True)
        return {name: None if day is None else date_of(day, self.scenario.start) for name, day in days}


@dataclass(frozen=True)
class Origin:
    """A folder that results were read from: what made them, and whether they came out again when worked out anew."""

    folder: str
    manifest: Mapping[str, Any]
    figures: int
    """Numbers and dates in its summary."""
    exact: bool
    """Whether the new summary has the same bytes; otherwise all figures agree but for rounding."""


@dataclass(frozen=True)
class Study:
    """What `drivers`, `sweep` or `latest` found out: its document, and the folder it was read from, if any."""

    verb: str
    document: Mapping[str, Any]
    folder: str = ""
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, answer: Drivers | Sweep | LatestDates) -> Study:
        """From an answer itself."""
        verb = "drivers" if isinstance(answer, Drivers) else "sweep" if isinstance(answer, Sweep) else "latest"
        return cls(verb, answer.summary())


@dataclass(frozen=True, eq=False)
class Subject:
    """All that a briefing is written from."""

    cases: tuple[Case, ...]
    comparison: Comparison | None = None
    apart: str = ""
    """Why several schedules are not compared, where they are not."""
    origins: tuple[Origin, ...] = ()
    studies: tuple[Study, ...] = ()
    """What was found out about some of it besides."""

    @property
    def first(self) -> Case:
        """The schedule ranked first, by the chance of being on time and then the P80 of the last go-live."""
        return self.ranked(self.cases)[0]

    def ranked(self, cases: Sequence[Case]) -> list[Case]:
        """Schedules, best first: by the chance of being on time, then by the P80 of the last go-live."""
        return sorted(cases, key=lambda case: (-case.summary["programme"]["on_time"]["p"], _late(case)))

    def by_world(self) -> dict[str, list[Case]]:
        """The schedules of each of several worlds that are compared."""
        return {
            world: [case for case in self.cases if case.world == world] for world in {c.world: 0 for c in self.cases}
        }

    def rivals(self) -> list[Case]:
        """What the schedule ranked first is chosen from: the others in its world, or of others where it has none."""
        first = self.first
        others = [case for case in self.ranked(self.cases) if case is not first]
        return [case for case in others if case.world == first.world] or others

    def unbeaten(self, cases: Sequence[Case]) -> list[Case]:
        """Those of some schedules that surely have no smaller chance of being on time than another of them."""
        names = {case.name for case in cases}
        pairs = self.comparison.pairs if self.comparison is not None else ()
        about = [pair for pair in pairs if pair.measure == "on_time" and {pair.a, pair.b} <= names]
        beaten = {pair.b if pair.verdict == "a" else pair.a for pair in about if pair.verdict != "cannot tell"}
        return [case for case in cases if case.name not in beaten]

    @property
    def scenario(self) -> Scenario:
        """The scenario, the first of several."""
        return self.cases[0].scenario

    @property
    def made(self) -> date | None:
        """The day on which the latest of the results was made, where folders say so."""
        return max((day for origin in self.sources() if (day := _day(origin.manifest.get("time")))), default=None)

    def sources(self) -> list[Origin | Study]:
        """The folders that anything was read from."""
        return [*self.origins, *(study for study in self.studies if study.folder)]

    def worlds(self) -> dict[str, Scenario]:
        """The different scenarios, by fingerprint."""
        return {digest(case.scenario): case.scenario for case in self.cases}


def _day(time: Any) -> date | None:
    """The day of a manifest's time; None where it is no time."""
    try:
        return datetime.fromisoformat(str(time)).date()
    except ValueError:
        return None


def _late(case: Case) -> tuple[bool, str]:
    day = case.summary["programme"]["finish"]["p80"]
    return not day[:1].isdigit(), day


def subject(
    answers: Sequence[Answer],
    origins: Sequence[Origin] = (),
    studies: Sequence[Study] = (),
    workers: Asked = None,
    progress: Progress | None = None,
) -> Subject:
    """What several answers are about; schedules that met the same futures are compared.

    Raises:
        StaggerError: there is no answer, or there are too many schedules for one briefing.
    """
    if not answers:
        found = f"only those of {listed([f'`{each.verb}`' for each in studies])}" if studies else "none"
        raise StaggerError(f"a report needs the results of `run` or `compare` (found {found}). Name their folders.")
    cases, comparison, apart = _gathered(answers, workers, progress)
    if len(cases) > MOST:
        raise StaggerError(f"a report can set {MOST} schedules side by side (found {len(cases)}). Leave some out.")
    return Subject(tuple(cases), comparison, apart, tuple(origins), tuple(studies))


def _gathered(
    answers: Sequence[Answer], workers: Asked, progress: Progress | None
) -> tuple[list[Case], Comparison | None, str]:
    if len(answers) == 1 and isinstance(answers[0], Comparison):
        return list(_contenders(answers[0])), answers[0], ""
    results = _results(answers)
    if len(results) == 1:
        return [Case(results[0].schedule, results[0])], None, ""
    apart = _apart(results)
    if apart:
        return _named(results), None, apart
    comparison = _compared(results, workers, progress)
    return list(_contenders(comparison)), comparison, ""


def _contenders(comparison: Comparison) -> Iterator[Case]:
    for each in comparison.contenders:
        tally, finish = comparison.tallies[each.name], comparison.records[each.name].columns["finish"]
        model = Model(each.scenario, each.network, comparison.draws[each.world], comparison.engine)
        several = len(comparison.draws) > 1
        yield Case(each.name, Result(model, tally, finish, command="simulator.compare"), each.world if several else "")


def _results(answers: Sequence[Answer]) -> list[Result]:
    """One for each schedule of each scenario in each set of futures; what was given twice counts once."""
    found: dict[tuple[Any, ...], Result] = {}
    for answer in answers:
        inside = [case.result for case in _contenders(answer)] if isinstance(answer, Comparison) else [answer]
        for each in inside:
            found.setdefault((digest(each.scenario), each.schedule, _futures(each)), each)
    return list(found.values())


def _futures(result: Result) -> tuple[Any, ...]:
    return result.seed, result.replications, result.sampling


def _apart(results: Sequence[Result]) -> str:
    """Why results cannot be compared future by future; nothing where they can."""
    if len(set(map(_futures, results))) > 1:
        return "they were simulated in different futures (another seed, sampling or number of replications)"
    if len({result.scenario.start for result in results}) > 1:
        return "their scenarios start on different days"
    if len({date_of(result.scenario.horizon, result.scenario.start) for result in results}) > 1:
        return "their scenarios end on different days"
    if len({result.scenario.deadline is None for result in results}) > 1:
        return "some of their scenarios have a deadline and others have none"
    if len({result.scenario.money.unit for result in results}) > 1:
        return "their scenarios count money in different units"
    worlds = {digest(result.scenario) for result in results}
    schedules = {result.schedule for result in results}
    if len(results) != len(worlds) * len(schedules):
        return "not every schedule was simulated in every scenario"
    return ""


def _compared(results: Sequence[Result], workers: Asked, progress: Progress | None) -> Comparison:
    worlds = {digest(result.scenario): result.scenario for result in results}
    schedules = list(dict.fromkeys(result.schedule for result in results))
    one = results[0]
    return compare(
        list(worlds.values()),
        schedules,
        one.replications,
        one.seed,
        one.sampling,
        one.engine,
        workers=workers,
        progress=progress,
        summaries=True,
    )


def _named(results: Sequence[Result]) -> list[Case]:
    """Results that are not compared, by schedule, and by scenario and futures too where that takes it."""
    shown = (
        lambda each: each.schedule,
        lambda each: f"{each.scenario.scenario}: {each.schedule}",
        lambda each: f"{each.scenario.scenario}: {each.schedule} ({each.replications:,} futures, seed {each.seed})",
    )
    for name in shown:
        names = [name(each) for each in results]
        if len(set(names)) == len(names):
            return [Case(*pair) for pair in zip(names, results, strict=True)]
    return [Case(f"{number}. {shown[-1](each)}", each) for number, each in enumerate(results, 1)]
