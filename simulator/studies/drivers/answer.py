"""The answer of `drivers`: a sentence, tables, a document, and a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from simulator.analysis.estimate import Interval
from simulator.analysis.paired import Difference
from simulator.analysis.sensitivity import RankCorrelation, Tail
from simulator.days import date_of
from simulator.scenario import Scenario
from simulator.studies.drivers.aim import Aim
from simulator.studies.drivers.criticality import Binding, Criticality
from simulator.studies.drivers.exclusion import Exclusion
from simulator.studies.drivers.finding import notes, what_helps, what_matters
from simulator.studies.drivers.variance import Shares
from simulator.studies.futures import Futures
from simulator.studies.saving import save_study
from simulator.words.inputs import inputs_in_words


@dataclass(frozen=True)
class Bar:
    """An input's bar of the tornado."""

    input: str
    meaning: str
    """What its reading is."""
    source: str
    """What it was gathered into."""
    correlation: RankCorrelation | None
    """With the outcome; None where either does not vary."""
    low: Tail
    """The mean outcome where the input is in its lowest tenth."""
    high: Tail
    """The mean outcome where it is in its highest tenth."""


@dataclass(frozen=True)
class Level:
    """The outcome as it is."""

    mean: float
    p80: float | None
    """Of the go-live that days are counted by; None where it is after the horizon."""
    go_live: float
    """The mean day of the same go-live."""
    cost: float
    """The programme's mean cost."""
    censored: float
    """The share of futures in which that go-live, or the outcome, had not happened by the horizon."""


@dataclass(frozen=True, eq=False)
class Drivers:
    """What drives an outcome; made by `drivers`."""

    scenario: Scenario = field(repr=False)
    schedule: str
    aim: Aim
    futures: Futures
    seed: int
    by: str
    level: Level
    tornado: tuple[Bar, ...] = field(repr=False)
    """The strongest correlation first."""
    exclusions: tuple[Exclusion, ...] = field(repr=False)
    """The largest effect on the outcome's mean first."""
    shares: Shares | None = field(repr=False)
    """Sobol's indices; None where they were not asked for, or there are too few futures for them."""
    critical: tuple[Criticality, ...] = field(repr=False)
    binding: tuple[Binding, ...] = field(repr=False)
    too_few: bool = False
    """Whether there are too few futures for indices, which were not said to be left out."""
    precise: bool = True
    """Whether the precision asked for was reached."""
    of_indices: bool = False
    """Whether a precision was asked for of indices, so that it was rows of the design that were added."""

    def tornado_rows(self) -> list[dict[str, Any]]:
        """A row per input, the strongest first."""
        return [
            {
                "input": bar.input,
                "meaning": bar.meaning,
                "source": bar.source,
                "rank_correlation": None if bar.correlation is None else bar.correlation.value,
                "from": None if bar.correlation is None else bar.correlation.interval[0],
                "to": None if bar.correlation is None else bar.correlation.interval[1],
                "low": bar.low.mean,
                "high": bar.high.mean,
                **_ends("low", bar.low.interval),
                **_ends("high", bar.high.interval),
            }
            for bar in self.tornado
        ]

    def exclusion_rows(self) -> list[dict[str, Any]]:
        """A row per risk, mitigation and source; differences are with the change less without it."""
        rows = []
        for each in self.exclusions:
            row: dict[str, Any] = {"name": each.name, "how": each.how}
            for name in ("effect", "days", "p80", "cost"):
                row |= _difference(name, getattr(each, name))
            low, high = each.per_day_interval or (None, None)
            row |= {"price": each.price, "cost_per_day_saved": each.per_day}
            rows.append({**row, "cost_per_day_saved_from": low, "cost_per_day_saved_to": high})
        return rows

    def share_rows(self) -> list[dict[str, Any]]:
        """A row per source with Sobol's indices, the largest total first."""
        rows = []
        for each in self.shares.of if self.shares else ():
            row: dict[str, Any] = {"source": each.source}
            for name, index in (("first", each.first), ("total", each.total)):
                low, high = index.interval
                row |= {name: index.value, f"{name}_error": index.error, f"{name}_from": low, f"{name}_to": high}
            rows.append(row)
        return rows

    def critical_rows(self) -> list[dict[str, Any]]:
        """A row per stage that was ever critical, the most often first."""
        return [_with_interval(asdict(each)) for each in self.critical]

    def binding_rows(self) -> list[dict[str, Any]]:
        """A row per thing that was ever waited for, the most often first."""
        rows = [_with_interval(asdict(each)) for each in self.binding]
        for row in rows:
            for name in ("largest", "mean_days"):
                row |= _ends(name, row.pop(f"{name}_interval"))
        return rows

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """All rows, by what they are about."""
        return {
            "tornado": self.tornado_rows(),
            "exclusion": self.exclusion_rows(),
            "indices": self.share_rows(),
            "criticality": self.critical_rows(),
            "binding": self.binding_rows(),
        }

    def words(self) -> dict[str, str]:
        """What the inputs, sources and stages in the tables are called in a sentence, by name."""
        named = {bar.input for bar in self.tornado} | {each.name for each in self.exclusions}
        named |= {each.source for each in self.shares.of} if self.shares else set()
        named |= {each.stage for each in self.critical}
        return {name: words for name, words in inputs_in_words(self.scenario).items() if name in named}

    def summary(self) -> dict[str, Any]:
        """The document of `drivers --json`."""
        return {
            "scenario": self.scenario.scenario,
            "schedule": self.schedule,
            "of": self.aim.name,
            "cluster": self.aim.cluster,
            "outcome": self.aim.words,
            "money": self.scenario.money.unit,
            "words": self.words(),
            "by": self.by,
            "replications": self.futures.replications,
            "indices_replications": None if self.shares is None else self.shares.size,
            "indices_rest_on": None if self.shares is None else self.shares.rests_on,
            "seed": self.seed,
            "sampling": self.futures.sampling,
            "engine": self.futures.engine,
            "finding": what_matters(self),
            "advice": what_helps(self),
            "as_it_is": self._as_it_is(),
            **self.tables(),
            "notes": notes(self),
        }

    def _as_it_is(self) -> dict[str, Any]:
        level = self.level
        return {
            "mean": self._dated(level.mean) if self.aim.is_date else level.mean,
            "go_live_mean": self._dated(level.go_live),
            "go_live_p80": None if level.p80 is None else self._dated(level.p80),
            "cost": level.cost,
            "not_by_the_horizon": level.censored,
        }

    def _dated(self, day: float) -> str:
        return date_of(round(day), self.scenario.start).isoformat()

    @property
    def plot(self) -> Any:
        """Figures by name, such as ``plot.tornado()``; each returns its axes."""
        return import_module("simulator.plots").Driving(self.summary())

    def __str__(self) -> str:
        return " ".join(filter(None, (what_matters(self), what_helps(self))))

    def save(self, folder: Path | str, command: str = "simulator.drivers") -> None:
        """Write the summary, its tables and their figures to a folder, all or nothing.

        Raises:
            StaggerError: the folder cannot be written.
        """
        summary = self.summary()
        keys = ("schedule", "of", "cluster", "by", "replications", "seed", "sampling", "engine")
        about = {
            "verb": "drivers",
            "scenarios": {self.scenario.scenario: self.scenario},
            **{key: summary[key] for key in keys},
            "command": command,
        }
        tables: Mapping[str, Sequence[Mapping[str, Any]]] = {
            f"{name}.csv": rows for name, rows in self.tables().items() if rows
        }
        drawn = [each.files(("png", "svg")) for each in self.plot.illustrations()]
        figures = {name: content for files in drawn for name, content in files.items()}
        save_study(folder, summary, tables, about, figures)


def _difference(name: str, of: Difference) -> dict[str, float | None]:
    return {name: of.value, **_ends(name, of.interval)}


def _ends(name: str, interval: Interval | None) -> dict[str, float | None]:
    low, high = interval or (None, None)
    return {f"{name}_from": low, f"{name}_to": high}


def _with_interval(row: dict[str, Any]) -> dict[str, Any]:
    low, high = row.pop("interval")
    return {**row, "from": low, "to": high}
