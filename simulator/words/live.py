"""What S-curves and a Gantt of one future say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from simulator.days import NEVER, date_of
from simulator.wording import count, share
from simulator.words.foremost import foremost
from simulator.words.likelihood import in_futures, likelihood
from simulator.words.said import length, listed, name, on_date, on_day, quoted

MOST_MARKED: Final = 8


@dataclass(frozen=True)
class Arrival:
    """A cluster, or a schedule, and when it is live; days are `NEVER` where it is not by the horizon."""

    name: str
    p: float
    """The chance of being live by the day in question."""
    p10: int
    p50: int
    p90: int
    never: float
    """The share of futures in which it is not live by the horizon."""


@dataclass(frozen=True)
class Kept:
    """A legacy system in one future: how long it is used after its end of support, up to the horizon."""

    name: str
    extended: int
    """Days held in support by a paid extension."""
    unsupported: int
    """Days after the later of the end of support and that of the extension."""


@dataclass(frozen=True)
class Calendar:
    """The dates that sentences are about."""

    start: date
    horizon: int
    deadline: int | None = None
    differs: bool = False
    """Whether deadlines are compared that are not the same."""

    @property
    def target(self) -> int:
        """The deadline, or the horizon without one."""
        return self.horizon if self.deadline is None else self.deadline

    @property
    def limit(self) -> str:
        """What being in time is measured by: ``the deadline``."""
        if self.differs:
            return "its own deadline"
        return "the horizon" if self.deadline is None else "the deadline"

    @property
    def by(self) -> str:
        """``by the deadline, 31 December 2028``."""
        return f"by {self.limit}" + ("" if self.differs else f", {on_date(date_of(self.target, self.start))}")

    def day(self, day: float) -> str:
        return on_day(day, self.start, self.horizon)


def live_finding(all_live: float, clusters: Sequence[Arrival], when: Calendar, futures: int) -> str:
    """Who is live in time, in how many of so many futures, and who is most in danger."""
    if not clusters:
        return "Nobody goes to market."
    whole = "every cluster" if len(clusters) > 1 else quoted(clusters[0].name)
    first = f"In {in_futures(all_live)} {whole} is live {when.by}"
    if all_live == 0:
        first = f"In no future is {whole} live {when.by}"
    worst = foremost([(quoted(each.name), each.p) for each in clusters], futures, lowest=True)
    if len(worst.names) == len(clusters):
        return f"{first}."
    if worst.rivals:
        return f"{first}; these futures cannot tell who is the least likely to be: {worst.either}."
    least = "live by then in none" if worst.p == 0 else f"the least likely to be, in {in_futures(worst.p)}"
    return f"{first}; {worst.who} {'is' if len(worst.names) == 1 else 'are'} {least}."


def live_alt(
    all_live: float,
    clusters: Sequence[Arrival],
    when: Calendar,
    what: str = "cluster",
    marked: Sequence[tuple[str, float]] = (),
) -> str:
    """The curves in sentences, those least likely to be in time first, and the days that are ``marked``."""
    ranked = sorted(clusters, key=lambda each: each.p)
    said = [f"{quoted(each.name)}: {_arrival(each, when)}." for each in ranked[:6]]
    rest = len(ranked) - len(said)
    more = f" The table has {count(rest, f'likelier {what}')} besides." if rest else ""
    whole = f" All are live {when.by}, {likelihood(all_live)}." if what == "cluster" else ""
    days = [f"{name(label)} ({when.day(day)})" for label, day in marked[:MOST_MARKED]]
    others = f"; and {count(len(marked) - len(days), 'other')}" if len(marked) > len(days) else ""
    lines = f" Days that matter: {'; '.join(days)}{others}." if days else ""
    return (
        f"A line for each {what} rises with the date from 0% to the share of futures in which it is live by the "
        f"horizon.{whole} {' '.join(said)}{more}{lines}"
    )


def _arrival(each: Arrival, when: Calendar) -> str:
    """The chance of being in time, the days by which some are live, and how many are not by the horizon."""
    if each.never == 1:
        return "never live by the horizon"
    ends = (("one future in ten", each.p10), ("half", each.p50), ("nine in ten", each.p90))
    known = ", ".join(f"{part} by {when.day(day)}" for part, day in ends if day <= when.horizon)
    told = each.never == 0 or when.deadline is None
    late = "" if told else f"not live by the horizon in {share(each.never)} of futures"
    return "; ".join(filter(None, (f"live {when.by}, {likelihood(each.p)}", known, late)))


def versus_finding(schedules: Sequence[Arrival], when: Calendar) -> str:
    """How often the best and the worst of several schedules are in time."""
    ranked = sorted(schedules, key=lambda each: -each.p)
    best, worst = ranked[0], ranked[-1]
    if best.p == 0:
        return f"Under none of the schedules is every cluster live {when.by}, in any future."
    if best.p == worst.p:
        return f"Under each of the schedules every cluster is live {when.by}, in {in_futures(best.p)}."
    return (
        f"{quoted(best.name)} has every cluster live {when.by}, in {in_futures(best.p)}; {quoted(worst.name)} in "
        f"{in_futures(worst.p)}."
    )


def future_finding(replication: int, finish: int, when: Calendar, percentile: float | None = None) -> str:
    """When one future is done, and how far from the deadline."""
    which = f"In future {replication:,}" + (f" (P{percentile:g} of the last go-live)" if percentile else "")
    if finish == NEVER:
        return f"{which} somebody is still not live by the horizon, {when.day(when.horizon)}."
    done = f"{which} the last cluster is live on {when.day(finish)}"
    if when.deadline is None:
        return f"{done}."
    late = finish - when.deadline
    if late == 0:
        return f"{done}, the day of the deadline."
    return f"{done}, {length(abs(late))} {'after' if late > 0 else 'before'} the deadline."


def future_alt(lives: Sequence[tuple[str, int]], systems: Sequence[Kept], when: Calendar) -> str:
    """Who is live when, and which systems outlive their support."""
    ranked = sorted(lives, key=lambda each: each[1])
    said = listed([_live(name, day, when) for name, day in ranked], 8)
    kept = _kept("Held in support by a paid extension", [(each.name, each.extended) for each in systems])
    left = _kept("In use without support", [(each.name, each.unsupported) for each in systems])
    return f"Bars along the dates show what each activity waited for and worked on. Live: {said}.{kept}{left}"


def _kept(how: str, systems: Sequence[tuple[str, int]]) -> str:
    said = [f"{quoted(name)} ({length(days)})" for name, days in systems if days > 0]
    return f" {how}: {listed(said)}." if said else ""


def _live(name: str, day: int, when: Calendar) -> str:
    return f"{quoted(name)} on {when.day(day)}" if day != NEVER else f"{quoted(name)} not by the horizon"
