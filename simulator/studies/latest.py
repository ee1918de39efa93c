"""How late may each cluster go to market? The last date that keeps the confidence, the others as scheduled.

Every date is tried in the same futures, so that chances change only because dates do. Later need not be riskier: who
goes later may have learned from others, and there are Graham's anomalies (`docs/anomalies.md`). So days spread from the
first to the last are looked at before the last good one is narrowed down. The date that is given holds, and the day
after it does not; where an earlier one that was looked at does not hold either, that is said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date as dated_on
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from simulator.analysis.estimate import Interval
from simulator.analysis.stopping import HalfWidths
from simulator.days import date_of
from simulator.errors import StaggerError
from simulator.given import LOADED, require
from simulator.network import compile_network
from simulator.scenario import Scenario
from simulator.studies.futures import Futures, Progress
from simulator.studies.in_time import LIMITS, Question, in_time, movable
from simulator.studies.moving import LatestDate, Moving, Together
from simulator.studies.saving import save_study
from simulator.words.late_dates import at_once, best_of, not_before, out_of_reach
from simulator.words.said import MOST_NAMED
from simulator.workers import Asked

NOT_EVEN: Final = "not even on day 0"
NOWHERE: Final = "not on any date"
"""Where going later helps, but not enough."""
WITHOUT_DATE: Final = (NOT_EVEN, NOWHERE)
"""What stands for the latest date of a cluster that has none."""
ANY: Final = "any date"
EXAMPLES: Final = "latest=14d, in_time=1%, together=1% or, for one cluster, NAME/latest=14d"
"""Precisions of what is printed."""


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
    precise: bool = True
    """Whether the precision asked for was reached."""
    simulated: int = 0
    """How many futures were played, under all dates that were tried together."""

    @property
    def replications(self) -> int:
        """N."""
        return self.futures.replications

    def half_widths(self) -> HalfWidths:
        """Of each figure that a precision may name, in days or probability.

        `latest`, the date; `in_time`, the chance on it; `as_scheduled`, the chance on the scheduled date; `together`,
        the chances with all dates at once. A date before day 0 counts as the day before it, any date as the last day.
        """
        together = self.together
        return {
            "latest": {each.cluster: each.half_width for each in self.clusters},
            "in_time": {each.cluster: _half(each.chance_interval) for each in self.clusters},
            "as_scheduled": {each.cluster: _half(each.chance_as_scheduled_interval) for each in self.clusters},
            "together": {"all": None}
            if together is None
            else {"all": _half(together.interval)}
            | {name: _half(ends) for name, ends in together.chance_interval.items()},
        }

    def date(self, day: int | None, of: LatestDate) -> str:
        """A latest day of a cluster as a date, or in words."""
        if day is None:
            return NOWHERE if of.best else NOT_EVEN
        return ANY if day >= of.last and of.not_on is None else self._dated(day)

    def summary(self) -> dict[str, Any]:
        """The document of `latest --json`."""
        return {
            "scenario": self.scenario.scenario,
            "schedule": self.schedule,
            "confidence": self.confidence,
            "by": self.by,
            "deadline": None if self.scenario.deadline is None else self._dated(self.scenario.deadline),
            "horizon": self._dated(self.scenario.horizon),
            "looked_at": [self._dated(0), self._dated(self.clusters[0].last)],
            "replications": self.futures.replications,
            "seed": self.seed,
            "sampling": self.futures.sampling,
            "engine": self.futures.engine,
            "clusters": {each.cluster: self._cluster(each) for each in self.clusters},
            "together": None if self.together is None else self._together(self.together),
        }

    def _dated(self, day: int) -> str:
        return date_of(day, self.scenario.start).isoformat()

    def _cluster(self, each: LatestDate) -> dict[str, Any]:
        return {
            "scheduled": self._dated(each.scheduled),
            "latest": self.date(each.day, each),
            "interval": [self.date(day, each) for day in each.interval],
            "not_on": None if each.not_on is None else self._dated(each.not_on),
            "chance_not_on": each.chance_not_on,
            "best": self._dated(each.best) if each.day is None else None,
            "chance": each.chance,
            "chance_interval": list(each.chance_interval),
            "chance_as_scheduled": each.chance_as_scheduled,
            "chance_as_scheduled_interval": list(each.chance_as_scheduled_interval),
        }

    def _together(self, found: Together) -> dict[str, Any]:
        dates = {name: self._dated(day) for name, day in found.days.items()}
        shift = {"shift_days": found.shift, "holds": found.shift == 0}
        return {
            "dates": dates,
            "chance": dict(found.chance),
            "chance_interval": {name: list(ends) for name, ends in found.chance_interval.items()},
            "all": {"p": found.all, "interval": list(found.interval)},
            **shift,
        }

    @property
    def plot(self) -> Any:
        """Its figure by name, ``plot.latest_dates()``, which returns its axes."""
        return import_module("simulator.plots").Latest(self.summary())

    def __str__(self) -> str:
        dated = [(each.cluster, self.date(each.day, each)) for each in self.clusters if each.day is not None]
        document = self.summary()
        clusters = document["clusters"]
        sentences = [
            *beyond(clusters, self.confidence, len(clusters)),
            *(_sentence(*each) for each in dated),
            *gaps(clusters),
        ]
        if (all_of := self.together) is not None:
            sentences.append(at_once(list(all_of.days), self.confidence, all_of.all, all_of.shift, floored(document)))
        return " ".join(filter(None, sentences))

    def save(self, folder: Path | str, command: str = "simulator.latest") -> None:
        """Write the summary, a table of dates and their figure to a folder, all or nothing.

        Raises:
            StaggerError: the folder cannot be written.
        """
        summary = self.summary()
        rows = [{"cluster": name, **each} for name, each in summary["clusters"].items()]
        rows = [{name: _cell(value) for name, value in row.items()} for row in rows]
        about = {key: summary[key] for key in ("schedule", "replications", "seed", "sampling", "engine")}
        scenarios = {self.scenario.scenario: self.scenario}
        save_study(
            folder,
            summary,
            {"latest.csv": rows},
            {"verb": "latest", "scenarios": scenarios, **about, "command": command},
            self.plot.illustrate("latest-dates").files(("png", "svg")),
        )


def beyond(
    clusters: Mapping[str, Mapping[str, Any]],
    confidence: float,
    most: int = MOST_NAMED,
    dated: Callable[[str], str] = str,
) -> list[str]:
    """Which clusters have no date, as the document has them; ``dated`` spells dates."""
    first = [(name, each["chance"]) for name, each in clusters.items() if each["latest"] == NOT_EVEN]
    later = [
        (name, dated(each["best"]), each["chance"]) for name, each in clusters.items() if each["latest"] == NOWHERE
    ]
    return [out_of_reach(first, len(clusters), confidence, most), *(best_of(*each, confidence) for each in later)]


def gaps(clusters: Mapping[str, Mapping[str, Any]], dated: Callable[[str], str] = str) -> list[str]:
    """Which clusters may not go on every date before their last, as the document has them; ``dated`` spells dates."""
    return [
        not_before(name, dated(each["not_on"]), each["chance_not_on"])
        for name, each in clusters.items()
        if each["not_on"]
    ]


def floored(document: Mapping[str, Any]) -> bool:
    """Whether some go on the first day where all that have a date go earlier, for it would be before that."""
    together = document["together"]
    first = dated_on.fromisoformat(document["looked_at"][0])
    alone = [(dated_on.fromisoformat(day) - first).days for day in together["dates"].values()]
    return min(alone) < (together["shift_days"] or 0)


def _cell(value: Any) -> Any:
    """What a table says of an interval."""
    return " to ".join(str(end) for end in value) if isinstance(value, list) else value


def _sentence(cluster: str, date: str) -> str:
    return f"{cluster} may go on any date." if date == ANY else f"{cluster} may go as late as {date}."


def _half(ends: Interval) -> float:
    return (ends[1] - ends[0]) / 2


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
    precision: str | None = None,
    progress: Progress | None = None,
) -> LatestDates:
    """The last go-to-market date of each cluster that keeps a confidence, the others as scheduled.

    In time is by its first end of support and by the deadline (the horizon without one), or by only one of them with
    ``by`` as `support` or `deadline`. Clusters that need no date have none. With a ``precision`` such as ``latest=14d``
    (`LatestDates.half_widths` has all figures) futures are added until every interval of that figure is no wider to
    either side; ``replications`` is then the most, 1,000,000 where not given. ``progress`` hears how many futures were
    played, under all dates together, and of how many, which is reckoned: how many dates are tried is not known before.

    Raises:
        StaggerError: the confidence is not between 0 and 1, no cluster needs a date, or an option is wrong.
    """
    require(scenario, Scenario, "a search for last dates needs a scenario", LOADED)
    if by not in LIMITS:
        raise StaggerError(f"in time must be by {', '.join(LIMITS[:-1])} or {LIMITS[-1]} (found {by}).")
    kept = _share(confidence)
    futures = Futures.of(replications, seed, sampling, engine, workers, precision, EXAMPLES)
    network = compile_network(scenario, schedule)
    if not movable(network):
        raise StaggerError("a cluster with a go-to-market date must be there to be moved (found none).")
    limit = scenario.horizon if scenario.deadline is None else scenario.deadline
    last = max(scenario.horizon if by == "support" else min(limit, scenario.horizon), 0)
    draws = futures.draws(scenario)
    with in_time(Question(network, draws, futures.engine, by, limit), futures, progress) as played:
        moving = Moving(played, last, kept)

        def look(size: int) -> LatestDates:
            found, together = moving.answer(size)
            known = replace(futures, replications=size)
            return LatestDates(scenario, network.schedule, kept, by, known, draws.seed, found, together)

        answer, precise = futures.answered(look, LatestDates.half_widths)
    return replace(answer, precise=precise, simulated=played.simulated)


def _share(confidence: float | str) -> float:
    text = str(confidence).strip()
    try:
        found = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        found = math.nan
    if not 0 < found < 1:
        raise StaggerError(f"a confidence must be above 0 and below 1 (found {confidence}). Write for instance 80%.")
    return found
