"""How late may each cluster go to market? The last date that keeps the confidence, the others as scheduled.

Every date is tried in the same futures, so that chances change only because dates do. Dates are found by bisection:
later is taken to be no safer. (Where going later would help, as in Graham's anomalies, a date further on may
hold as well.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np

from simulator.analysis.estimate import wilson
from simulator.days import NEVER, date_of
from simulator.draws import Draws
from simulator.engines import run_engine
from simulator.errors import StaggerError
from simulator.inputs import Inputs, prepare
from simulator.network import Network, compile_network
from simulator.network.values import IntArray
from simulator.outcomes.milestones import Milestones
from simulator.scenario import Scenario
from simulator.studies.futures import Futures
from simulator.studies.saving import save_study
from simulator.workers import Asked, Shared, Workers

LIMITS: Final = ("both", "support", "deadline")
NOT_EVEN: Final = "not even on day 0"
ANY: Final = "any date"

MOST_BLOCKS: Final = 128
"""Blocks of futures that a process keeps ready: 260,000 futures, about 0.5 GB for a scenario of 300 variables."""

Dates: TypeAlias = tuple[int | None, ...]
"""The go-to-market day of each cluster, None for one that needs none."""


@dataclass(frozen=True)
class LatestDate:
    """The last go-to-market day of a cluster; None where not even day 0 keeps the confidence."""

    cluster: str
    scheduled: int
    day: int | None
    interval: tuple[int | None, int | None]
    """The last days on which the lower and the upper end of the chance's 95 % interval keep the confidence."""
    last: int
    """The last day that was tried: one that keeps the confidence there may go on any date."""
    chance: float
    """The chance of being live in time when going on that day (on day 0 where not even that is enough)."""
    chance_as_scheduled: float


@dataclass(frozen=True)
class Together:
    """All clusters on their latest dates at once."""

    days: Mapping[str, int]
    chance: Mapping[str, float]
    """Each cluster's own chance."""
    all: float
    """The chance that all of them are live in time."""
    interval: tuple[float, float]
    shift: int | None
    """The fewest days by which all must go earlier for each to keep its confidence; None where no shift is enough."""


@dataclass(frozen=True)
class LatestDates:
    """The answer for a scenario's clusters; made by `latest`."""

    scenario: Scenario
    schedule: str
    confidence: float
    by: str
    futures: Futures
    seed: int
    clusters: tuple[LatestDate, ...]
    together: Together | None
    """None where no cluster has a latest date."""

    def date(self, day: int | None, last: int) -> str:
        """A latest day as a date, or in words."""
        if day is None:
            return NOT_EVEN
        return ANY if day >= last else date_of(day, self.scenario.start).isoformat()

    def summary(self) -> dict[str, Any]:
        """The document of `latest --json`."""
        return {
            "scenario": self.scenario.scenario,
            "schedule": self.schedule,
            "confidence": self.confidence,
            "by": self.by,
            "replications": self.futures.replications,
            "seed": self.seed,
            "sampling": self.futures.sampling,
            "engine": self.futures.engine,
            "clusters": {each.cluster: self._cluster(each) for each in self.clusters},
            "together": None if self.together is None else self._together(self.together),
        }

    def _cluster(self, each: LatestDate) -> dict[str, Any]:
        return {
            "scheduled": date_of(each.scheduled, self.scenario.start).isoformat(),
            "latest": self.date(each.day, each.last),
            "interval": [self.date(day, each.last) for day in each.interval],
            "chance": each.chance,
            "chance_as_scheduled": each.chance_as_scheduled,
        }

    def _together(self, found: Together) -> dict[str, Any]:
        dates = {name: date_of(day, self.scenario.start).isoformat() for name, day in found.days.items()}
        shift = {"shift_days": found.shift, "holds": found.shift == 0}
        return {
            "dates": dates,
            "chance": dict(found.chance),
            "all": {"p": found.all, "interval": list(found.interval)},
            **shift,
        }

    def __str__(self) -> str:
        sentences = [_sentence(each, self.date(each.day, each.last)) for each in self.clusters]
        if self.together is not None:
            sentences.append(_joint(self.together))
        return " ".join(sentences)

    def save(self, folder: Path | str, command: str = "simulator.latest") -> None:
        """Write the summary and a table of dates to a folder, all or nothing.

        Raises:
            StaggerError: the folder cannot be written.
        """
        summary = self.summary()
        rows = [{"cluster": name, **each} for name, each in summary["clusters"].items()]
        rows = [{**row, "interval": " to ".join(row["interval"])} for row in rows]
        about = {key: summary[key] for key in ("schedule", "replications", "seed", "sampling", "engine")}
        scenarios = {self.scenario.scenario: self.scenario}
        save_study(
            folder,
            summary,
            {"latest.csv": rows},
            {"verb": "latest", "scenarios": scenarios, **about, "command": command},
        )


def _sentence(each: LatestDate, date: str) -> str:
    if each.day is None:
        return f"{each.cluster} is not in time often enough even if it goes on day 0 ({each.chance:.1%})."
    if date == ANY:
        return f"{each.cluster} may go on any date."
    return f"{each.cluster} may go as late as {date}."


def _joint(found: Together) -> str:
    if found.shift == 0:
        return "Together, these dates keep the confidence too."
    if found.shift is None:
        return "Together they do not, however much earlier all of them go."
    days = "1 day" if found.shift == 1 else f"{found.shift} days"
    return f"Together they do not: all would have to go {days} earlier."


def latest(
    scenario: Scenario,
    confidence: float | str = 0.8,
    schedule: str | None = None,
    by: str = "both",
    replications: int | None = None,
    seed: int | None = None,
    sampling: str = "random",
    engine: str = "batch",
    workers: Asked = None,
) -> LatestDates:
    """The last go-to-market date of each cluster that keeps a confidence, the others as scheduled.

    In time is by its first end of support and by the deadline (the horizon without one), or by only one of them with
    ``by`` as `support` or `deadline`. Clusters that need no date have none.

    Raises:
        StaggerError: the confidence is not between 0 and 1, no cluster needs a date, or an option is wrong.
    """
    if by not in LIMITS:
        raise StaggerError(f"in time must be by {', '.join(LIMITS[:-1])} or {LIMITS[-1]} (found {by}).")
    share = _share(confidence)
    futures = Futures.of(replications, seed, sampling, engine, workers)
    network = compile_network(scenario, schedule)
    draws = futures.draws(scenario)
    with futures.crew() as crew, crew.sharing((network, draws)) as given:
        search = _Search(scenario, network, futures, by, share, crew, given)
        if not search.movable:
            raise StaggerError("a cluster with a go-to-market date must be there to be moved (found none).")
        try:
            found = tuple(search.cluster(c) for c in search.movable)
            together = search.together(found)
        finally:
            _prepared.cache_clear()
    return LatestDates(scenario, network.schedule, share, by, futures, draws.seed, found, together)


def _share(confidence: float | str) -> float:
    text = str(confidence).strip()
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = math.nan
    if not 0 < share < 1:
        raise StaggerError(f"a confidence must be above 0 and below 1 (found {confidence}). Write for instance 80%.")
    return share


@dataclass(frozen=True)
class _Block:
    """A block of futures, ready to be played under any dates."""

    draws: Draws
    inputs: Inputs

    def in_time(self, network: Network, by: str, limit: int, engine: str) -> IntArray:
        """(C + 1,) in how many futures each cluster is live in time, and those with a date all at once."""
        timeline = run_engine(network, self.inputs, engine)
        milestones = Milestones(network, self.inputs, self.draws, timeline)
        holds = [milestones.go_live(c)[0] <= self._limit(network, c, by, limit) for c in range(len(network.clusters))]
        dated = [holds[c] for c in _movable(network)]
        return np.array([np.count_nonzero(each) for each in (*holds, np.logical_and.reduce(dated))], dtype=np.int32)

    def _limit(self, network: Network, cluster: int, by: str, limit: int) -> IntArray:
        """(N,) the day by which a cluster is to be live."""
        day = np.full(self.inputs.replications, NEVER if by == "support" else limit, dtype=np.int32)
        for system, terms in enumerate(network.legacy if by != "deadline" else ()):
            if any(user.activities and network.cluster[user.activities[0]] == cluster for user in terms.users):
                np.minimum(day, self.inputs.end_of_support[system], out=day)
        return day


def _movable(network: Network) -> list[int]:
    return [c for c, day in enumerate(network.scheduled) if day is not None and network.market[c]]


class _Search:
    """Chances by dates, each worked out once, and the last dates that keep a confidence."""

    def __init__(
        self,
        scenario: Scenario,
        network: Network,
        futures: Futures,
        by: str,
        share: float,
        crew: Workers,
        given: Shared[tuple[Network, Draws]],
    ) -> None:
        self.scenario = scenario
        self.network = network
        self.size = futures.replications
        self.crew = crew
        self.movable = _movable(network)
        self.limit = scenario.horizon if scenario.deadline is None else scenario.deadline
        self.last = max(scenario.horizon if by == "support" else min(self.limit, scenario.horizon), 0)
        self.counts: dict[Dates, IntArray] = {}
        self.spans = futures.spans()
        self.job = partial(_in_time, given, by=by, limit=self.limit, engine=futures.engine)
        self.enough = math.ceil(share * self.size - 1e-9)
        self.surely = self._least(lambda count: wilson(count, self.size)[0] >= share)
        self.perhaps = self._least(lambda count: wilson(count, self.size)[1] >= share)

    def _least(self, holds: Callable[[int], bool]) -> int:
        """The fewest futures of all with which something holds that more futures keep; one more than all for none."""
        low, high = 0, self.size + 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if holds(middle) else (middle + 1, high)
        return low

    def count(self, dates: Dates) -> IntArray:
        """(C + 1,) in how many futures each is in time, and all at once."""
        if dates not in self.counts:
            network = self._network(dates)
            self.counts[dates] = sum(self.crew.in_order(partial(self.job, span, network) for span in self.spans))  # type: ignore[assignment]
        return self.counts[dates]

    def _network(self, dates: Dates) -> Network:
        name = self.network.schedule
        days = {c: day for c, day in zip(self.network.clusters, dates, strict=True) if day is not None}
        return compile_network(self.scenario.model_copy(update={"schedules": {name: days}}), name)

    def cluster(self, cluster: int) -> LatestDate:
        """The latest date of one cluster."""
        tried: dict[int, int] = {}

        def in_time(day: int) -> int:
            if day not in tried:
                tried[day] = int(self.count(self._moved({cluster: day}))[cluster])
            return tried[day]

        def last_with(least: int) -> int | None:
            return _last(lambda day: in_time(day) >= least, self.last, tried)

        scheduled = self.network.scheduled[cluster]
        assert scheduled is not None
        day = last_with(self.enough)
        return LatestDate(
            cluster=self.network.clusters[cluster],
            scheduled=scheduled,
            day=day,
            interval=(last_with(self.surely), last_with(self.perhaps)),
            last=self.last,
            chance=in_time(day or 0) / self.size,
            chance_as_scheduled=int(self.count(self.network.scheduled)[cluster]) / self.size,
        )

    def _moved(self, days: Mapping[int, int]) -> Dates:
        return tuple(days.get(c, scheduled) for c, scheduled in enumerate(self.network.scheduled))

    def together(self, found: Iterable[LatestDate]) -> Together | None:
        """All that have a latest date on it; those that may go on any date, or on none, as scheduled."""
        places = {name: c for c, name in enumerate(self.network.clusters)}
        days = {places[each.cluster]: each.day for each in found if each.day is not None and each.day < each.last}
        if not days:
            return None

        def holds(shift: int) -> bool:
            counts = self.count(self._moved({c: max(day - shift, 0) for c, day in days.items()}))
            return all(int(counts[c]) >= self.enough for c in days)

        counts = self.count(self._moved(days))
        return Together(
            days={self.network.clusters[c]: day for c, day in days.items()},
            chance={self.network.clusters[c]: int(counts[c]) / self.size for c in days},
            all=int(counts[-1]) / self.size,
            interval=wilson(int(counts[-1]), self.size),
            shift=_first(holds, max(days.values())),
        )


def _last(holds: Callable[[int], bool], last: int, tried: Iterable[int]) -> int | None:
    """The last of the days 0 to ``last`` on which something holds, going by bisection; None where not on day 0."""
    if not holds(0):
        return None
    if holds(last):
        return last
    low = max(day for day in list(tried) if holds(day))
    high = min(day for day in list(tried) if day > low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _first(holds: Callable[[int], bool], most: int) -> int | None:
    """The least of 0 to ``most`` with which something holds; None where it does not even with the most."""
    if holds(0):
        return 0
    if not holds(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


@lru_cache(MOST_BLOCKS)
def _prepared(given: Shared[tuple[Network, Draws]], first: int, count: int) -> _Block:
    network, draws = given.value
    block = draws.block(first, count)
    return _Block(block, prepare(network, block))


def _in_time(
    given: Shared[tuple[Network, Draws]], span: tuple[int, int], network: Network, by: str, limit: int, engine: str
) -> IntArray:
    return _prepared(given, *span).in_time(network, by, limit, engine)
