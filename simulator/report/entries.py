"""Entries of a summary as cells of a table and as words in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from simulator.days import date_of
from simulator.plots.figure import Cell
from simulator.report.subject import Case
from simulator.summary import AFTER_HORIZON
from simulator.wording import between
from simulator.words.likelihood import in_futures, phrase
from simulator.words.said import name, on_date

Entry = Mapping[str, Any]

PERCENTS: Final = ("p10", "p50", "p80", "p90")
LATER: Final = "after the horizon"


def cell(value: Any) -> Cell:
    """A value of the summary: dates as dates, what is after the horizon in words."""
    if value == AFTER_HORIZON:
        return LATER
    return date.fromisoformat(value) if isinstance(value, str) else value


def ends(interval: Sequence[Any] | None) -> tuple[Cell, Cell]:
    """The ends of an interval, both unknown where there is none."""
    return (None, None) if interval is None else (cell(interval[0]), cell(interval[1]))


def by_day(value: Any) -> str:
    """A date of the summary in a sentence."""
    return LATER if value in (AFTER_HORIZON, None) else on_date(date.fromisoformat(value))


def likely(entry: Entry) -> str:
    """How often something happens, in words beside the number, with the interval."""
    p, interval = entry["p"], f"95% interval {between(entry['interval'])}"
    return f"{in_futures(p)} ({interval})" if p in (0, 1) else f"{in_futures(p)}: {phrase(p)} ({interval})"


def deadline_words(case: Case) -> str:
    """``the deadline, 31 December 2028``; the horizon where a scenario has no deadline."""
    scenario = case.scenario
    if scenario.deadline is None:
        return f"the horizon, {on_date(date_of(scenario.horizon, scenario.start))}"
    return f"the deadline, {on_date(date_of(scenario.deadline, scenario.start))}"


def called(names: Sequence[str]) -> list[str]:
    """Names in quotation marks."""
    return [f"“{name(each)}”" for each in names]
