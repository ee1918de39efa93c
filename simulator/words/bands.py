"""What a Gantt of all futures says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from simulator.analysis.bands import Band, Stretch
from simulator.days import NEVER
from simulator.wording import share
from simulator.words.likelihood import in_futures
from simulator.words.live import Calendar
from simulator.words.said import listed, quoted

MOST_TOLD: Final = 8
MOST_LAST: Final = 3
"""Clusters that a title names together."""


def bands_finding(clusters: Sequence[Stretch], when: Calendar) -> str:
    """When the last cluster is live in half and in nine tenths of futures."""
    if not clusters:
        return "Nobody goes to market."
    end = max((each.ends.p50, each.ends.p90) for each in clusters)
    horizon = f"by the horizon, {when.day(when.horizon)}"
    late = [quoted(each.cluster) for each in clusters if each.ends.p50 == NEVER]
    if late:
        return f"Not live {horizon}, in half of futures or more: {listed(late, MOST_LAST)}."
    last = [quoted(each.cluster) for each in clusters if (each.ends.p50, each.ends.p90) == end]
    are = "is" if len(last) == 1 else "are each"
    half = f"{listed(last, MOST_LAST)}, the last, {are} live by {when.day(end[0])} in half of futures"
    if end[1] == NEVER:
        return f"{half}; in more than one in ten not {horizon}."
    return f"{half}, by {when.day(end[1])} in nine in ten."


@dataclass(frozen=True)
class Outlived:
    """A legacy system: the chance of being used after its end of support, and without any support."""

    name: str
    past: float
    unsupported: float
    """After a paid extension, too, where there is one."""


def bands_alt(clusters: Sequence[Stretch], systems: Sequence[Outlived], when: Calendar) -> str:
    """Who begins and is live when, and which systems are used for longer than they are supported."""
    ranked = sorted(clusters, key=lambda each: (each.ends.p50, each.ends.p90))
    said = [_lives(each, when) for each in ranked[:MOST_TOLD]]
    rest = len(ranked) - len(said)
    more = f"; {rest} more are in the table" if rest else ""
    return (
        "For each cluster a bar from the median beginning to the median end, and lines from P10 to P90 of both. "
        f"{'; '.join(said)}{more}.{_outlived(systems)}"
    )


def _outlived(systems: Sequence[Outlived]) -> str:
    """What is unsupported in half of futures or more, and what only an extension holds."""
    left = [f"{quoted(each.name)} ({share(each.unsupported)})" for each in systems if each.unsupported >= 0.5]
    held = [
        f"{quoted(each.name)} (without support in {in_futures(each.unsupported)})"
        for each in systems
        if each.past >= 0.5 > each.unsupported
    ]
    first = f" In use without support in half of futures or more: {listed(left)}." if left else ""
    kept = f" In use after the end of support in half or more, but held by a paid extension: {listed(held)}."
    return f"{first}{kept if held else ''}"


def _lives(each: Stretch, when: Calendar) -> str:
    begins, live = _from_to(each.begins, when), _from_to(each.ends, when)
    return f"{quoted(each.cluster)} begins {begins} and is live {live}"


def _from_to(band: Band, when: Calendar) -> str:
    if band.p10 == NEVER:
        return "after the horizon in nine in ten futures or more, if at all"
    if band.p10 == band.p90:
        return f"on {when.day(band.p10)}"
    if band.p90 == NEVER:
        return f"from {when.day(band.p10)} (P10) to after the horizon (P90)"
    return f"between {when.day(band.p10)} and {when.day(band.p90)}"
