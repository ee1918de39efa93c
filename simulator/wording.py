"""The plain words of an answer: shares, dates and the sentence that comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

AFTER_HORIZON: Final = "after horizon"
JOINERS: Final = "\u200c\u200d"
"""Characters that are not seen, and without which Persian words and joined emoji are spelled wrong."""


def share(p: float) -> str:
    """A probability as a percentage; neither 0% nor 100% unless it is just that."""
    return column_share(p).replace(".0%", "%")


def column_share(p: float) -> str:
    """The same with one decimal always, for columns of a table."""
    if 0 < p < 0.0005:
        return "<0.1%"
    if 0.9995 < p < 1:
        return ">99.9%"
    return f"{p:.1%}"


def between(interval: list[float]) -> str:
    """An interval of probabilities."""
    return f"{share(interval[0])} to {share(interval[1])}"


def count(number: int, thing: str, things: str | None = None) -> str:
    """A number of things, in the plural where due."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def duration(seconds: float) -> str:
    """A time that somebody has to wait, in two units at most; never nothing."""
    if seconds < 100:
        return f"{max(seconds, 1):.0f} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{count(round(hours / 24), 'day')}"


def size(number: float) -> str:
    """Bytes, in the largest unit of which there is one."""
    units = iter(("bytes", "kB", "MB", "GB", "TB"))
    unit = next(units)
    while number >= 999.5 and (larger := next(units, None)):
        number, unit = number / 1000, larger
    return f"{number:,.0f} {unit}" if unit == "bytes" or number >= 9.95 else f"{number:.1f} {unit}"


def unreached(most: int, of: str = "replications", option: str = "-n") -> str:
    """That a precision was not reached, and what to do about it."""
    return f"Note: the precision asked for was not reached within {most:,} {of}. Allow more with {option}."


def cut_off(late: str, horizon: str = "") -> str:
    """That amounts end at the horizon, which day that is where it is not said elsewhere, and how often it matters."""
    when = f"the horizon, {horizon}" if horizon else "the horizon"
    return (
        f"Money, days unsupported and failures are counted up to {when}: somebody is not live by then in "
        f"{late}. What is not done by then costs nothing yet, so that less of it need not be better."
    )


def of_futures(shares: Sequence[float]) -> str:
    """Several shares of futures, from the least to the most."""
    low, high = share(min(shares)), share(max(shares))
    return f"{low} of futures" if low == high else f"{low} to {high} of futures"


def printable(text: str) -> str:
    """A text without characters that steer a terminal or hide themselves; joiners stay where they join something."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or _joins(text, place) else "\N{REPLACEMENT CHARACTER}"
        for place, character in enumerate(text)
    )


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands between two characters that can be joined: nothing in ASCII can."""
    beside = text[place - 1 : place] + text[place + 1 : place + 2]
    return text[place] in JOINERS and len(beside) == 2 and beside.isprintable() and not any(map(str.isascii, beside))


def shortened(text: str, width: int) -> str:
    """A text of at most ``width`` characters, all of them printable; what is cut off leaves an ellipsis."""
    clean = printable(text)
    return clean if len(clean) <= width else f"{clean[: width - 1].rstrip(JOINERS)}…"


def headline(summary: Mapping[str, Any], deadline: str | None, horizon: str) -> str:
    """The answer first: who is live by when, in how many futures."""
    on_time = summary["programme"]["on_time"]
    by = f"by the deadline, {deadline}," if deadline else f"by the horizon, {horizon},"
    first = (
        f"Under the schedule “{summary['schedule']}” every cluster is live {by} in {share(on_time['p'])} of futures "
        f"(95% interval {between(on_time['interval'])})."
    )
    return f"{first} {_finish(summary['programme']['finish'], horizon)}"


def _finish(finish: Mapping[str, Any], horizon: str) -> str:
    half, most = finish["p50"], finish["p80"]
    if half == AFTER_HORIZON:
        return f"In more than half of them somebody is still not live by the horizon, {horizon}."
    if most == AFTER_HORIZON:
        return (
            f"Half are done by {half}; in more than one in five somebody is still not live by the horizon, {horizon}."
        )
    return f"Half are done by {half}, four in five by {most}."


SELDOM_MARK: Final = "*"
"""Stands behind a mean that rests on fewer than thirty futures."""
_AVERAGED: Final = {
    "finish": "last go-live",
    "go_live": "go-live",
    "unsupported_days": "days unsupported",
    "days_past_contract": "days past contract",
    "days_late": "days late",
    "failures": "failures",
    "cost": "cost",
    "savings": "savings",
    "npv": "NPV",
    "extension_cost": "cost of extensions",
    "failure_cost": "cost of failures",
}
_MOST_NAMED: Final = 4
ENOUGH: Final = 30
"""Futures from which on a mean need not be spoken of, and the rule of three says something."""


def seldom_mark(rests_on: float | None) -> str:
    """What stands behind a mean, given on how many futures it rests where they are few; mostly nothing."""
    return SELDOM_MARK if rests_on is not None and rests_on < ENOUGH else ""


def seldom_notes(summary: Mapping[str, Any], possible: Sequence[str]) -> Iterator[str]:
    """Which means rest on few futures, and what of all that is ``possible`` was seen in none of them."""
    size = summary["replications"]
    if size < ENOUGH:
        return
    few = [f"{what} of {whose} ({_about(k)})" for what, whose, k in _seldom(summary)]
    if few:
        more = [f"{len(few) - _MOST_NAMED} more (all have rests_on in --json)"] if len(few) > _MOST_NAMED else []
        named = [*few[:_MOST_NAMED], *more]
        listed = f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else named[0]
        yield f"Some means ({SELDOM_MARK}) rest on few of the {size:,} futures and are uncertain: {listed}."
    never = [_AVERAGED[name] for name in possible if _never(summary["programme"][name])]
    if never:
        yield (f"No future has {' or '.join(never)}. {unseen(size)}")


def unseen(size: int) -> str:
    """What so many futures that are all the same do not tell: the rule of three."""
    return f"What happens in fewer than 3 of {size:,} futures may not have been seen."


def _seldom(summary: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    """What, whose, and on how many futures its mean rests."""
    everyone = {"the programme": summary["programme"], **summary["clusters"], **summary["legacy"]}
    for whose, entries in everyone.items():
        for name, what in _AVERAGED.items():
            if seldom_mark(few := entries.get(name, {}).get("rests_on")):
                yield what, printable(whose), few


def _about(futures: float) -> str:
    return f"about {max(round(futures), 1)}"


def _never(entry: Mapping[str, Any]) -> bool:
    return bool(entry["mean"] == 0) and "rests_on" not in entry
