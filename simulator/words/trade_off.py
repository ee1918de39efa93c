"""Cost against time, in sentences: how often a date and an amount hold together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.wording import share
from simulator.words.likelihood import in_futures, likelihood
from simulator.words.live import Calendar
from simulator.words.said import listed, money, quoted


@dataclass(frozen=True)
class Both:
    """A schedule's chance of meeting a date and an amount at once, and each alone."""

    name: str
    both: float
    in_time: float
    within: float
    sure: tuple[tuple[float, float, float], ...]
    """For shares of futures, a day and an amount that hold together in it."""
    never: float
    """The share of futures in which somebody is not live by the horizon."""


@dataclass(frozen=True)
class Limits:
    """A day and an amount of interest, and what they are, where they are more than a number that was asked for."""

    day: float
    amount: float
    unit: str
    day_is: str = ""
    """``the deadline``."""
    amount_is: str = ""
    """``the P80 of cost``."""
    under: str = ""
    """The schedule whose it is, where there are several."""

    def words(self, when: Calendar) -> str:
        """``by 31 December 2028, the deadline, and within £907m, the P80 of cost under “as planned”``."""
        day = f"by {when.day(self.day)}" + (f", {self.day_is}," if self.day_is else "")
        return f"{day} and within {self.amount_words(f'under {quoted(self.under)}')}"

    def amount_words(self, under: str) -> str:
        """The amount and what it is, with these words for the schedule whose it is, if any."""
        whose = f"{self.amount_is} {under}" if self.under else self.amount_is
        return ", ".join(filter(None, (money(self.amount, self.unit), whose)))


def both_finding(schedules: Sequence[Both], limits: Limits, when: Calendar) -> str:
    """How often a date and a budget hold together."""
    first = f"Live {limits.words(when)}: both hold"
    ranked = sorted(schedules, key=lambda each: -each.both)
    best, worst = ranked[0], ranked[-1]
    if len(ranked) == 1:
        return f"{first} in {in_futures(best.both)}."
    if best.both == 0:
        return f"{first} in no future, under none of the schedules."
    if best.both == worst.both:
        return f"{first} in {in_futures(best.both)} under each of the schedules."
    least = f"in {in_futures(worst.both)} under {quoted(worst.name)}"
    return f"{first} in {in_futures(best.both)} under {quoted(best.name)}, {least}."


def both_alt(schedules: Sequence[Both], limits: Limits, when: Calendar, dots: str) -> str:
    """Schedule by schedule: together, alone, and what one can be sure of; ``dots`` says which futures are drawn."""
    said = [_both(each, limits, when) for each in schedules[:6]]
    more = f"; {len(schedules) - 6} more are in the table" if len(schedules) > 6 else ""
    return (
        f"{dots} a dot by the day on which the last cluster is live and the cost up to the horizon; one that is not "
        "live by the horizon has no dot, and counts as not live by any day. "
        f"Lines across mark {_marked(limits, when)}. {'; '.join(said)}{more}."
    )


def _marked(limits: Limits, when: Calendar) -> str:
    day = when.day(limits.day) + (f" ({limits.day_is})" if limits.day_is else "")
    return f"{day} and {limits.amount_words(f'under {quoted(limits.under)}')}"


def _both(each: Both, limits: Limits, when: Calendar) -> str:
    sure = [f"{when.day(day)} and {money(cost, limits.unit)} in {share:.0%}" for share, day, cost in each.sure]
    held = f"; together hold, for instance, {listed(sure)} of futures" if sure else ""
    never = f"; not live by the horizon in {share(each.never)} of futures" if each.never else ""
    return (
        f"{quoted(each.name)}: live by {when.day(limits.day)} {likelihood(each.in_time)}, cost at most "
        f"{money(limits.amount, limits.unit)} {likelihood(each.within)}, both {likelihood(each.both)}{never}{held}"
    )
