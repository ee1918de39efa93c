"""The tables behind figures as a workbook has them: every number before its interval, where one is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Final, TypeAlias

from simulator.plots.figure import Illustration, Table
from simulator.report.entries import ENDS, Entry, chance, ends
from simulator.report.in_time import any_day
from simulator.report.subject import Case, Subject
from simulator.words.said import name as named

Interval: TypeAlias = Sequence[Any] | None
Known: TypeAlias = Callable[[str, str], Interval]
"""The interval of the number in a row, by what the row and the column are called."""

QUANTILES: Final = {"P10": "p10", "P50": "p50", "P90": "p90"}
WHOLE: Final = ("any cluster", "any system", "any of them")
"""What figures call the row of the whole programme."""


def of_comparison(subject: Subject, figure: Illustration) -> Table | None:
    """A comparison's table with intervals; None where its figure has none of which any is known."""
    cases = _by_name([(case.name, case) for case in subject.cases])
    known: dict[str, Known] = {
        "s-curve": lambda row, head: _arrival(cases[row].summary["programme"], "finish", head),
        "risk-late": lambda row, head: _risk(cases[head], row, "on_time"),
        "risk-unsupported": lambda row, head: _risk(cases[head], row, "unsupported_days"),
    }
    if figure.name.startswith("waterfall"):
        return _whole(figure, _waterfall(subject, figure))
    return _whole(figure, known[figure.name]) if cases and figure.name in known else None


def of_case(case: Case, figure: Illustration) -> Table | None:
    """The same of one schedule's."""
    clusters = _by_name(case.summary["clusters"].items())
    systems = _by_name(case.summary["legacy"].items())
    known: dict[str, tuple[Mapping[str, Any], Known]] = {
        "s-curve": (clusters, lambda row, head: _arrival(clusters[row], "go_live", head)),
        "time-spent": (clusters, lambda row, head: clusters[row]["time_interval"].get(head)),
        "risk": (clusters, lambda row, head: _risk(case, row, _measure(head))),
        "unsupported": (systems, lambda row, head: _exposure(case, systems[row], row, head)),
    }
    of, find = known.get(figure.name, ({}, lambda row, head: None))
    return _whole(figure, find) if of else None


def _by_name(entries: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Entries by their names as figures shorten them; nothing where two are alike then."""
    listed = list(entries)
    found = {named(name): entry for name, entry in listed}
    return found if len(found) == len(listed) else {}


def _whole(figure: Illustration, known: Known) -> Table:
    """The figure's table with two more columns behind each of which any interval is known."""
    of = figure.table
    intervals = [[known(str(row[0]), head) if k else None for k, head in enumerate(of.heads)] for row in of.rows]
    wide = [any(row[k] is not None for row in intervals) for k in range(len(of.heads))]
    heads = [
        (head, *(f"{head} {end}" for end in ENDS)) if more else (head,)
        for head, more in zip(of.heads, wide, strict=True)
    ]
    kinds = [(kind,) * len(each) for kind, each in zip(of.kinds, heads, strict=True)]
    rows = [
        tuple(one for k, value in enumerate(row) for one in ((value, *ends(found[k])) if wide[k] else (value,)))
        for row, found in zip(of.rows, intervals, strict=True)
    ]
    return Table(tuple(chain(*heads)), tuple(chain(*kinds)), tuple(rows))


def _arrival(entry: Entry, when: str, head: str) -> Interval:
    """Of the chance of being in time, and of percentiles of the day."""
    found: Interval = (
        entry["on_time"]["interval"] if head not in QUANTILES else entry[when]["interval"][QUANTILES[head]]
    )
    return found


def _risk(case: Case, row: str, what: str) -> Interval:
    """Of the chance of what nobody wants, of a cluster or of the whole programme."""
    clusters = {named(name): name for name in case.summary["clusters"]}
    if row not in (*WHOLE, *clusters):
        return None
    if what == "on_time":
        entry = case.summary["programme"] if row in WHOLE else case.summary["clusters"][clusters[row]]
        _, low, high = chance(entry["on_time"], of_not=True)
        return low, high
    here = ("programme",) if row in WHOLE else ("clusters", clusters[row])
    found: Interval = any_day(case, *here, what)["interval"]
    return found


def _measure(head: str) -> str:
    """What a column of the map of one schedule's risks is about."""
    return {"on a system without support": "unsupported_days", "past a contract’s end": "days_past_contract"}.get(
        head, "on_time"
    )


def _exposure(case: Case, entry: Entry, system: str, head: str) -> Interval:
    """Of the chance of any day without support, and of percentiles of such days."""
    if head in QUANTILES:
        found: Interval = entry["unsupported_days"]["interval"][QUANTILES[head]]
        return found
    name = next(each for each in case.summary["legacy"] if named(each) == system)
    return any_day(case, "legacy", name, "unsupported_days")["interval"]


def _waterfall(subject: Subject, figure: Illustration) -> Known:
    """Of the parts of a difference in time, with the sign that the figure gives them."""
    assert subject.comparison is not None
    days = {str(part): later for part, later in figure.table.rows}
    for found in subject.comparison.time:
        for sign in (1, -1):
            if {named(part): sign * value for part, value in found.parts.items()} == days:
                signed = {named(part): _times(sign, each) for part, each in found.intervals.items()}
                return lambda row, head: signed.get(row)
    return lambda row, head: None


def _times(sign: int, interval: Interval) -> Interval:
    return None if interval is None else sorted(sign * end for end in interval)
