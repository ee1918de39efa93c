"""The plain words of an answer: shares, dates and the sentence that comes first."""

from __future__ import annotations

from collections.abc import Mapping
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


def unreached(most: int, of: str = "replications", option: str = "-n") -> str:
    """That a precision was not reached, and what to do about it."""
    return f"Note: the precision asked for was not reached within {most:,} {of}. Allow more with {option}."


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
