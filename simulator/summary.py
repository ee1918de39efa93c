"""The answer for one schedule as one document: summary.json.

Every probability, quantile and mean comes with its 95 % interval (`simulator.analysis.estimate`). Pxx of a date or
of a number is the smallest value with at least xx % of the futures at or below it. A quantile after the
horizon is "after horizon", and a mean of which any part is, is null; an interval's end is null where there are
too few futures to give one. A mean that rests on few futures, almost all having the same value, says on how many
(``rests_on``; `simulator.analysis.seldom`). Days without support, failures and money are counted up to the horizon.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any, Final, TypeAlias

import numpy as np

from simulator.analysis.amounts import Amounts, Total
from simulator.analysis.estimate import Interval, rank, rank_interval, ratio_interval, wilson
from simulator.analysis.reductions import Days, Ratio, Share, Sums
from simulator.analysis.seldom import Averaged, Spread, mean_of
from simulator.analysis.tally import COUNTED, DATES, MONEY, Tally
from simulator.compiled import pays
from simulator.days import NEVER
from simulator.network import Network
from simulator.outcomes.time_spent import parts_of
from simulator.scenario.model import Scenario

__all__ = ["AFTER_HORIZON", "PERCENTS", "Tally", "schema", "summarise"]

PERCENTS: Final = (10, 50, 80, 90)
AFTER_HORIZON: Final = "after horizon"

Entry: TypeAlias = dict[str, Any]
Printed: TypeAlias = Callable[[float], Any]


def schema() -> Entry:
    """The JSON Schema (draft 2020-12) of the summary."""
    text = (resources.files("simulator") / "summary.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def summarise(tally: Tally, scenario: Scenario, network: Network, seed: int, sampling: str, engine: str) -> Entry:
    """The summary of a schedule's tally, ready for JSON."""
    if pays(tally.replications):
        Days.prepare([figure for figure in tally.figures.values() if isinstance(figure, Days)])
        Amounts.prepare([figure for figure in tally.figures.values() if isinstance(figure, Amounts)])
    return {
        "scenario": scenario.scenario,
        "schedule": network.schedule,
        "replications": tally.replications,
        "seed": seed,
        "sampling": sampling,
        "engine": engine,
        "programme": _programme(tally, network.start),
        "clusters": {name: _cluster(tally, name, scenario, network) for name in network.clusters},
        "legacy": {terms.name: _system(tally, terms.name, network.start) for terms in network.legacy},
        "resources": {name: _resource(tally, name) for name in network.resources},
        "unfinished": _unfinished(tally, network.activities),
    }


def _programme(tally: Tally, start: date) -> Entry:
    here = ("programme",)
    costs = [key for key in tally.figures if key[:2] == ("programme", "costs")]
    return {
        "finish": dates(tally[(*here, "finish")], start),
        "on_time": share(tally[(*here, "on_time")]),
        **_counted(tally, here),
        **{name: money(tally[(*here, name)]) for name in MONEY},
        "costs": {key[2]: money(tally[key]) for key in costs},
    }


def _cluster(tally: Tally, name: str, scenario: Scenario, network: Network) -> Entry:
    here = ("clusters", name)
    row = network.clusters.index(name)
    absent = {
        "go_to_market": not network.market[row],
        "award": f"{name}/award" not in network.marks,
    }
    marks = [mark for mark in network.marks if mark.startswith(f"{name}/")]
    times: dict[str, Sums] = {part: tally[(*here, "time", part)] for part in _parts(tally, name, network)}
    return {
        **{key: _none() if absent.get(key) else dates(tally[(*here, key)], network.start) for key in DATES},
        "on_time": share(tally[(*here, "on_time")]),
        "days_late": days(tally[(*here, "days_late")]),
        **_counted(tally, here),
        **{key: money(tally[(*here, key)]) for key in MONEY},
        "marks": {mark.removeprefix(f"{name}/"): dates(tally["marks", mark], network.start) for mark in marks},
        "time": {part: sums.mean for part, sums in times.items()},
        "time_interval": {part: _of_mean(sums)[0] for part, sums in times.items()},
    }


def _parts(tally: Tally, name: str, network: Network) -> list[str]:
    """Parts of the time that this cluster ever spent; the work and the wait for others are always shown."""
    always = {"planned work", "work beyond plan", "risk delays", "rework", "disruption", "waiting: other clusters"}
    parts = parts_of(network)
    return [part for part in parts if part in always or tally["clusters", name, "time", part].squares]


def _system(tally: Tally, name: str, start: date) -> Entry:
    here = ("legacy", name)
    return {
        "retired": dates(tally[(*here, "retired")], start),
        "in_use_past_end_of_support": share(tally[(*here, "in_use_past_end_of_support")]),
        "extended": share(tally[(*here, "extended")]),
        **_counted(tally, here),
        **{key: mean(tally[(*here, key)]) for key in ("running_cost", "extension_cost", "failure_cost")},
        "failures_cut": tally[(*here, "cut")].count,
    }


def _counted(tally: Tally, here: tuple[str, ...]) -> Entry:
    return {name: (failures if name == "failures" else days)(tally[(*here, name)]) for name in COUNTED}


def _resource(tally: Tally, name: str) -> Entry:
    utilisation, wait = tally["resources", name, "utilisation"], tally["resources", name, "mean_wait_days"]
    return {
        "utilisation": utilisation.value,
        "mean_wait_days": wait.value,
        "max_in_use": tally["resources", name, "max_in_use"].value,
        "interval": {"utilisation": _ratio(utilisation), "mean_wait_days": _ratio(wait)},
    }


def _ratio(ratio: Ratio) -> list[float] | None:
    interval = ratio_interval(ratio.value, ratio.variance, ratio.over.size, ratio.under.mean)
    return None if interval is None else list(interval)


def _unfinished(tally: Tally, activities: Iterable[str]) -> Entry:
    """Each activity that was ever unfinished at the horizon: in what share of futures, and why."""
    why: dict[str, dict[str, int]] = {}
    for key, count in tally["unfinished",].counts.items():
        name, reason = key.split("\n")
        why.setdefault(name, {})[reason] = count
    size = tally.replications
    return {
        name: {
            **share(Share(sum(why[name].values()), size)),
            "stranded": sum(k for reason, k in why[name].items() if reason.startswith("stranded")) / size,
            "by": {reason: count / size for reason, count in sorted(why[name].items())},
        }
        for name in activities
        if name in why
    }


# -- one figure --------------------------------------------------------------------------------------


def share(found: Share) -> Entry:
    """A probability: ``p`` and its interval."""
    return {"p": found.count / found.size, "interval": list(wilson(found.count, found.size))}


def dates(found: Days, start: date) -> Entry:
    """Quantiles and mean of a day, as ISO dates."""

    def printed(day: float) -> str:
        return AFTER_HORIZON if day == NEVER else _iso(start, round(day))

    return _figure(found, printed, lowest=0, highest=NEVER)


@lru_cache(maxsize=20_000)
def _iso(start: date, day: int) -> str:
    """A date as text; summaries of a night name the same ones again and again."""
    return (start + timedelta(days=day)).isoformat()


def days(found: Days) -> Entry:
    """Quantiles and mean of a number of days."""
    return _figure(found, lambda value: AFTER_HORIZON if value == NEVER else value, lowest=0)


def money(found: Amounts) -> Entry:
    """Quantiles and mean of an amount."""
    return _figure(found, lambda value: value)


def mean(found: Total) -> Entry:
    """The mean of an amount."""
    ends, few = _of_mean(found)
    return {"mean": found.mean, "interval": {"mean": None if ends is None else list(ends)}, **few}


def failures(found: Days) -> Entry:
    """The mean number, its quantiles, and the probability of any."""
    some = found.size - found.at_most(0)
    return {**days(found), "any": share(Share(some, found.size))}


def _figure(
    found: Days | Amounts, printed: Printed, lowest: float | None = None, highest: float | None = None
) -> Entry:
    """``lowest`` and ``highest`` stand for an interval's end where there are too few replications to give one."""
    places, ranks = _places(found.size)
    at = [printed(value) for value in found.at_each(np.array(ranks))]
    at += [None if end is None else printed(end) for end in (lowest, highest)]
    entry: Entry = {name: at[place] for name, place, _, _ in places}
    interval = {name: [at[low], at[high]] for name, _, low, high in places}
    middle = found.mean
    ends, few = _of_mean(found)
    entry["mean"] = None if middle is None else printed(middle)
    entry["interval"] = {**interval, "mean": None if ends is None else [printed(end) for end in ends]}
    return {**entry, **few}


@lru_cache(maxsize=256)
def _places(size: int) -> tuple[tuple[tuple[str, int, int, int], ...], tuple[int, ...]]:
    """Each quantile's name, its place and those of its interval's ends in the ranks that are looked up; the ranks.

    Two places come after these: of what is below all replications, and of what is above.
    """
    wanted = [(f"p{percent}", rank(percent / 100, size), *rank_interval(percent / 100, size)) for percent in PERCENTS]
    ranks = sorted({each for _, *three in wanted for each in three} - {0, size + 1})
    place = {each: number for number, each in enumerate([*ranks, 0, size + 1])}
    return tuple((name, place[at], place[low], place[high]) for name, at, low, high in wanted), tuple(ranks)


def _of_mean(found: Averaged) -> tuple[Interval | None, Entry]:
    """The interval of a mean, and on how many futures it rests, where they are few."""
    spread = Spread.like(found)
    if spread is None:
        return None, {}
    ends, few = mean_of(spread)
    return ends, {} if few is None else {"rests_on": round(few, 1)}


def _none() -> Entry:
    """The entry of a milestone that a cluster does not have."""
    names = [*(f"p{percent}" for percent in PERCENTS), "mean"]
    return {**dict.fromkeys(names), "interval": dict.fromkeys(names)}
