"""What a Gantt of all futures says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from simulator.analysis.bands import Band, Stretch
from simulator.days import NEVER
from simulator.words.live import Calendar
from simulator.words.said import listed, quoted

MOST_TOLD: Final = 8


def bands_finding(clusters: Sequence[Stretch], when: Calendar) -> str:
    """When the last cluster is live in half and in nine tenths of futures."""
    if not clusters:
        return "Nobody goes to market."
    last = max(clusters, key=lambda each: (each.ends.p50, each.ends.p90))
    horizon = f"by the horizon, {when.day(when.horizon)}"
    if last.ends.p50 == NEVER:
        return f"In half of futures or more {quoted(last.cluster)} is not live {horizon}."
    half = f"{quoted(last.cluster)}, the last, is live by {when.day(last.ends.p50)} in half of futures"
    if last.ends.p90 == NEVER:
        return f"{half}; in more than one in ten it is not {horizon}."
    return f"{half}, by {when.day(last.ends.p90)} in nine in ten."


def bands_alt(clusters: Sequence[Stretch], systems: Sequence[tuple[str, int, int]], when: Calendar) -> str:
    """Who begins and is live when, and what supports end: names with median days of end of support and retirement."""
    ranked = sorted(clusters, key=lambda each: (each.ends.p50, each.ends.p90))
    said = [_lives(each, when) for each in ranked[:MOST_TOLD]]
    rest = len(ranked) - len(said)
    more = f"; {rest} more are in the table" if rest else ""
    beyond = [quoted(name) for name, ends, retired in systems if ends < retired]
    late = f" In use past support in half of futures or more: {listed(beyond)}." if beyond else ""
    return (
        "For each cluster a bar from the median beginning to the median end, and lines from P10 to P90 of both. "
        f"{'; '.join(said)}{more}.{late}"
    )


def _lives(each: Stretch, when: Calendar) -> str:
    begins, live = _from_to(each.begins, when), _from_to(each.ends, when)
    return f"{quoted(each.cluster)} begins {begins} and is live {live}"


def _from_to(band: Band, when: Calendar) -> str:
    if band.p10 == NEVER:
        return "after the horizon"
    if band.p10 == band.p90:
        return f"on {when.day(band.p10)}"
    if band.p90 == NEVER:
        return f"from {when.day(band.p10)} (P10) to after the horizon (P90)"
    return f"between {when.day(band.p10)} and {when.day(band.p90)}"
