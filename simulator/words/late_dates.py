"""How late clusters may go to market, in sentences that say which clusters they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from simulator.wording import count, share
from simulator.words.said import MOST_NAMED, listed, on_date, quoted

NO_DATE: Final = "no date"
MOVABLE: Final = "whose date can be moved"
MOST_BY_NAME: Final = 2
"""Last dates up to which a title has each of them."""
MOST_TOLD: Final = 12
"""Clusters that an alternative text goes through."""


@dataclass(frozen=True)
class LastDate:
    """How late a cluster may go to market, the others as scheduled."""

    cluster: str
    scheduled: date
    latest: date | None
    """The last date that keeps the confidence; None where none that was looked at does."""
    is_free: bool
    """Whether it may go on any date that was looked at."""
    interval: tuple[date | None, date | None]
    """The last dates on which either end of the chance's 95 % interval keeps the confidence."""
    chance: float
    """Of being in time when going on the last date, or on the best one where there is none."""
    chance_as_scheduled: float
    best: date | None
    """Where there is no last date."""
    not_on: date | None
    """The worst date before the last that does not keep the confidence, if any was found, and the chance on it."""
    chance_not_on: float | None
    at_once: date | None
    """When to go where all of them have to go earlier than on their last dates to go at once."""


@dataclass(frozen=True)
class AtOnce:
    """What becomes of the clusters that have a last date, two or more, when all of them go on theirs."""

    clusters: tuple[str, ...]
    p: float
    """The chance that all of them are in time in the same future."""
    shift: int | None
    """The fewest days by which all must go earlier for each to keep the confidence; None where no shift is enough."""
    floored: bool = False
    """Whether that would have some go before the first day: they go on it."""

    @property
    def who(self) -> str:
        """``both``, ``all 3``."""
        return "both" if len(self.clusters) == 2 else f"all {len(self.clusters):,}"


def out_of_reach(chances: Sequence[tuple[str, float]], clusters: int, confidence: float, most: int = MOST_NAMED) -> str:
    """Which of so many clusters no date is early enough for, with their chances on the first day.

    The first ``most`` are named. Empty where there are none.
    """
    if not chances:
        return ""
    said = [f"{quoted(name)} ({share(p)} then)" for name, p in chances]
    whose = f"the {count(clusters, 'cluster')} whose date can be moved"
    if len(chances) == clusters:
        who = f"None of {whose} reaches" if clusters > 1 else "The only cluster whose date can be moved does not reach"
    else:
        who = f"{len(chances):,} of {whose} {'do' if len(chances) > 1 else 'does'} not reach"
    return f"{who} {share(confidence)} on any date, not even on the first day: {listed(said, most)}."


def best_of(cluster: str, best: str, chance: float, confidence: float) -> str:
    """That no date that was looked at is enough for a cluster, nor the first the best."""
    return (
        f"{quoted(cluster)} does not reach {share(confidence)} on any date that was looked at: the best is {best}, "
        f"with {share(chance)}."
    )


def not_before(cluster: str, day: str, chance: float) -> str:
    """That a cluster's last date does not stand for all before it."""
    return (
        f"{quoted(cluster)} may not go on every earlier date, for later is not always riskier: on {day} it is in time "
        f"in {share(chance)} of futures."
    )


def at_once(
    dated: Sequence[str], confidence: float, all_in_time: float, shift: int | None, floored: bool = False
) -> str:
    """What becomes of the clusters that have a latest date when all of them go on theirs.

    ``shift`` is by how many days all must go earlier for each to keep the confidence, some of them only to the first
    day where that is ``floored``; None where no shift is enough. Empty where fewer than two have a date: then nothing
    happens at once.
    """
    if len(dated) < 2:
        return ""
    who = f"the {len(dated):,} clusters with a date ({listed([quoted(each) for each in dated])})"
    if shift == 0:
        kept = f"each of them still keeps {share(confidence)}"
    elif shift is None:
        kept = f"at least one of them no longer keeps {share(confidence)}, however much earlier all of them go"
    else:
        kept = (
            f"at least one of them no longer keeps {share(confidence)}: for each to do so, all would have to go "
            f"{_earlier(shift, floored)}"
        )
    whole = "both" if len(dated) == 2 else f"all {len(dated):,}"
    return (
        f"With {who} on these dates at once, {kept}; {whole} are in time together in {share(all_in_time)} of futures."
    )


def limits(by: str, deadline: str | None, horizon: str) -> str:
    """What being in time is, from the entries of the document: ``live by the deadline, 31 December 2028``."""
    last = f"the {'deadline' if deadline else 'horizon'}, {on_date(date.fromisoformat(deadline or horizon))}"
    support = "the first end of support of its systems"
    return f"live by {({'support': support, 'deadline': last}).get(by, f'{last}, and by {support}')}"


def shifted(shift: int | None) -> str:
    """``3 days earlier``."""
    return f"{count(shift or 0, 'day')} earlier"


def _earlier(shift: int, floored: bool) -> str:
    return f"{shifted(shift)}{' (but none before the first day)' if floored else ''}"


def last_dates_finding(found: Sequence[LastDate], confidence: float, together: AtOnce | None) -> str:
    """From when to when the last dates are, for how many clusters there is none, and whether all may go on theirs."""
    if not any(each.latest for each in found):
        return _out_of_reach(found, confidence)
    dated = sorted((each.latest, each.cluster) for each in found if each.latest is not None and not each.is_free)
    free = [each.cluster for each in found if each.is_free]
    without = [each.cluster for each in found if each.latest is None]
    parts = []
    if dated:
        parts.append(_must_go(dated, len(found)))
    if free:
        who = _who(free, len(found), again=len(dated) > MOST_BY_NAME)
        parts.append(f"{who} may go to market on any date")
    if without:
        who = _who(without, len(found), again=len(dated) > MOST_BY_NAME or len(free) > 1)
        parts.append(f"for {who} no date that was looked at is enough")
    joint = "" if together is None else f"; {_on_theirs(together)}"
    return f"To be in time in {share(confidence)} of futures, {', and '.join(parts)}{joint}."


def _out_of_reach(found: Sequence[LastDate], confidence: float) -> str:
    if len(found) == 1:
        return (
            f"No date that was looked at has {quoted(found[0].cluster)} in time in {share(confidence)} of futures: at "
            f"best it is in {share(found[0].chance)}."
        )
    low, high = (share(end(each.chance for each in found)) for end in (min, max))
    best = low if low == high else f"{low} to {high}"
    return (
        f"For none of the {len(found):,} clusters {MOVABLE} is any date that was looked at enough to be in time in "
        f"{share(confidence)} of futures: at best they are in {best}."
    )


def _must_go(dated: Sequence[tuple[date, str]], clusters: int) -> str:
    """Each of few, by date; of many the first and the last date."""
    must = "must go to market by"
    (day, one), (last, other) = dated[0], dated[-1]
    if day == last:
        return f"{_who([cluster for _, cluster in dated], clusters, most=MOST_BY_NAME)} {must} {on_date(day)}"
    if len(dated) <= MOST_BY_NAME:
        return f"{quoted(one)} {must} {on_date(day)} and {quoted(other)} by {on_date(last)}"
    dates = f"from {on_date(day)} ({quoted(one)}) to {on_date(last)} ({quoted(other)})"
    return f"{_who([cluster for _, cluster in dated], clusters)} {must} dates {dates}"


def _who(some: Sequence[str], clusters: int, most: int = 1, again: bool = False) -> str:
    """The names of few; ``3 of the 8 clusters whose date can be moved``, which need not be said again."""
    if len(some) <= most:
        return listed(list(map(quoted, some)))
    if again:
        return f"{len(some):,} of them"
    whole = f"the {count(clusters, 'cluster')} {MOVABLE}"
    return f"each of {whole}" if len(some) == clusters else f"{len(some):,} of {whole}"


def _on_theirs(found: AtOnce) -> str:
    if found.shift == 0:
        return f"with {found.who} on these dates at once, each still is"
    if found.shift is None:
        return f"with {found.who} on these dates at once, at least one is not, however much earlier they go"
    return f"with {found.who} at once, they would have to go {_earlier(found.shift, found.floored)}"


def last_dates_alt(
    found: Sequence[LastDate],
    confidence: float,
    in_time: str,
    looked_at: tuple[date, date],
    together: AtOnce | None,
) -> str:
    """What is drawn, cluster by cluster; ``in_time`` says what being in time is, dates were tried from and to."""
    kept = share(confidence)
    first, last = map(on_date, looked_at)
    marks = {
        "a square on its scheduled date": True,
        f"a dot on the last date on which it is in time in {kept} of futures": any(each.latest for each in found),
        "a band for the 95% interval of its last date": any(each.interval[1] for each in found),
        "a triangle on its date when all go earlier to go at once": any(each.at_once for each in found),
        "a cross on an earlier date that is not enough": any(each.not_on for each in found),
        "hatching and a circle on the best date where no date is enough": any(each.best for each in found),
    }
    drawn = [what for what, seen in marks.items() if seen]
    said = "; ".join(_row(each) for each in found[:MOST_TOLD])
    rest = len(found) - MOST_TOLD
    more = f"; {rest:,} more {'is' if rest == 1 else 'are'} in the table" if rest > 0 else ""
    joint = ""
    if together is not None:
        joint = f" {at_once(together.clusters, confidence, together.p, together.shift, together.floored)}"
    return (
        f"A row for each cluster {MOVABLE}, the others as scheduled: {listed(drawn, len(drawn))}. In time is "
        f"{in_time}; dates from {first} to {last} were looked at. {said}{more}.{joint}"
    )


def _row(of: LastDate) -> str:
    as_scheduled = f"{quoted(of.cluster)}: scheduled {on_date(of.scheduled)} ({share(of.chance_as_scheduled)} in time)"
    if of.latest is None:
        best = "" if of.best is None else f", on {on_date(of.best)}"
        ends = "" if of.interval[1] is None else f"; 95% interval {_ends(of)}"
        return f"{as_scheduled}, no date ({share(of.chance)} in time at best{best}{ends})"
    if of.is_free:
        return f"{as_scheduled}, any date ({share(of.chance)} in time on the last)"
    gap = "" if of.not_on is None else f", but not on {on_date(of.not_on)} ({share(of.chance_not_on or 0)})"
    joint = "" if of.at_once is None else f", at once {on_date(of.at_once)}"
    chance = f"95% interval {_ends(of)}; {share(of.chance)} in time"
    return f"{as_scheduled}, last {on_date(of.latest)} ({chance}){gap}{joint}"


def _ends(of: LastDate) -> str:
    return " to ".join(NO_DATE if day is None else on_date(day) for day in of.interval)
