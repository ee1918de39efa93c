"""Entries of a summary as cells of a table and as words in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeAlias

from simulator.plots.figure import Cell, Kind, Table
from simulator.summary import AFTER_HORIZON
from simulator.wording import between
from simulator.words.likelihood import in_futures, judged
from simulator.words.said import LATER, name, on_date

Entry = Mapping[str, Any]
Column: TypeAlias = tuple[str, Kind]

PERCENTS: Final = ("p10", "p50", "p80", "p90")
ENDS: Final = ("from", "to")


def cell(value: Any) -> Cell:
    """A value of the summary: dates as dates, what is after the horizon in words."""
    if value == AFTER_HORIZON:
        return LATER
    return date.fromisoformat(value) if isinstance(value, str) else value


def ends(interval: Sequence[Any] | None) -> tuple[Cell, Cell]:
    """The ends of an interval, both unknown where there is none."""
    return (None, None) if interval is None else (cell(interval[0]), cell(interval[1]))


def with_ends(entry: Entry, *names: str) -> list[Cell]:
    """Means and quantiles of an entry, each before the ends of its interval."""
    return [each for name in names for each in (cell(entry[name]), *ends(entry["interval"][name]))]


def chance(entry: Entry, of_not: bool = False) -> list[float | None]:
    """A probability before the ends of its interval; that of its not happening with ``of_not``."""
    p, (low, high) = entry["p"], entry["interval"]
    return [1 - p, 1 - high, 1 - low] if of_not else [p, low, high]


def points(share: float | None) -> float | None:
    """A difference of two shares in percentage points."""
    return None if share is None else 100 * share


def and_ends(*columns: Column) -> list[Column]:
    """Columns, each before those of the ends of its interval."""
    return [(f"{head}{end}", kind) for head, kind in columns for end in ("", *(f" {end}" for end in ENDS))]


def only(of: Table, heads: Sequence[str]) -> Table:
    """The columns of a table that have these heads, in the order of the heads.

    The ends of an interval are just called ``from`` and ``to``, since they follow what they are the interval of.
    """
    places = [of.heads.index(head) for head in heads]
    rows = tuple(tuple(row[place] for place in places) for row in of.rows)
    called = (
        next((end for end in ENDS if head.removesuffix(f" {end}") in heads[:k]), head) for k, head in enumerate(heads)
    )
    return Table(tuple(called), tuple(of.kinds[place] for place in places), rows)


def by_day(value: Any) -> str:
    """A date of the summary in a sentence."""
    return LATER if value in (AFTER_HORIZON, None) else on_date(date.fromisoformat(value))


def likely(entry: Entry) -> str:
    """How often something happens, in words beside the number, with the interval."""
    p, interval = entry["p"], f"95% interval {between(entry['interval'])}"
    return f"{in_futures(p)}{'' if p in (0, 1) else judged(p)} ({interval})"


def called(names: Sequence[str]) -> list[str]:
    """Names in quotation marks."""
    return [f"“{name(each)}”" for each in names]
