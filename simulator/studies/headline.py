"""What a comparison says first: which schedule is the best; where files are worlds, in each of them.

A world cannot be chosen, so that schedules are ranked within each, and nothing is ranked where each has but one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from simulator.studies.measures import MEASURES
from simulator.studies.pairs import Standing
from simulator.wording import share

MOST_NAMED: Final = 3
"""Names in a list, at most."""


def best(words: str, standings: Sequence[Standing]) -> str:
    """Who is best by a measure, which ``words`` are for, in a sentence; nothing where no world has two schedules."""
    worlds: dict[str, list[Standing]] = {}
    for each in standings:
        worlds.setdefault(each.world, []).append(each)
    if len(worlds) == 1:
        return f"By {words}, {_said(standings)}."
    said: dict[str, list[str]] = {}
    for world, here in worlds.items():
        if len(here) > 1:
            said.setdefault(_said(here), []).append(world)
    parts = [f"in {_where(names, len(worlds))} {what}" for what, names in said.items()]
    return f"By {words}, {'; '.join(parts)}." if parts else ""


def spread(words: str, standings: Sequence[Standing]) -> str:
    """How far a chance is apart in worlds that have one schedule each."""
    found = sorted((each.value or 0.0, each.name) for each in standings)
    (least, low), (most, high) = found[0], found[-1]
    if least == most:
        apart = f"is {share(most)} in every world"
    else:
        apart = f"goes from {share(least)} (“{low}”) to {share(most)} (“{high}”)"
    return f"The {words} {apart}; a world cannot be chosen, so nothing is ranked."


def sentences(ranking: Mapping[str, Sequence[Standing]], has_deadline: bool) -> Iterator[str]:
    """The best by the chance of being in time, and by the last go-live that four in five futures keep."""
    chance = MEASURES["on_time"].called(has_deadline)
    found = [
        best(chance, ranking["on_time"]),
        best(MEASURES["finish.p80"].called(has_deadline), ranking["finish.p80"]),
    ]
    yield from found if all(found) else [spread(chance, ranking["on_time"])]


def _said(standings: Sequence[Standing]) -> str:
    names = [each.schedule for each in standings if each.place == 1]
    if len(names) == 1:
        return f"“{names[0]}” is the best"
    if len(names) > MOST_NAMED:
        which = "any" if len(names) == len(standings) else f"{len(names)}"
        return f"these futures cannot tell which is the best: {which} of {len(standings)} may be"
    return f"these futures cannot tell which of {_listed(names)} is the best"


def _where(worlds: Sequence[str], all_worlds: int) -> str:
    if len(worlds) == all_worlds:
        return "every world"
    return _listed(worlds) if len(worlds) <= MOST_NAMED else f"{len(worlds)} of {all_worlds} worlds"


def _listed(names: Sequence[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}" if len(quoted) > 1 else quoted[0]
