"""What is never finished, and what it never gets, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from simulator.network import Network
from simulator.scenario.model import Scenario
from simulator.wording import count
from simulator.words.likelihood import where
from simulator.words.said import listed, quoted

STRANDED: Final = "stranded: "
MOST_NAMED: Final = 3


def never_served(activities: Sequence[tuple[str, float]], reason: str, scenario: Scenario) -> str:
    """``“build” in “A” never gets its money from “funding” in 0.2% of futures``, without a full stop.

    ``activities`` are in words, with the share of futures in which each is stranded; ``reason`` is the summary's, such
    as ``stranded: funding``. Several are counted, and the likeliest named. Where two kinds of things share a name,
    which of them is meant is not known.
    """
    what = reason.removeprefix(STRANDED)
    ways: dict[tuple[str, str], Mapping[str, Any]] = {
        ("waits in vain for a free place in", "wait in vain for a free place in"): scenario.resources,
        ("never gets its money from", "never get their money from"): scenario.budgets,
        ("waits in vain for another meeting of", "wait in vain for another meeting of"): scenario.boards,
        ("waits in vain for another date of", "wait in vain for another date of"): scenario.windows,
    }
    fitting = [way for way, things in ways.items() if what in things]
    one, several = fitting[0] if len(fitting) == 1 else ("waits in vain for", "wait in vain for")
    ranked = sorted(activities, key=lambda each: -each[1])
    if len(ranked) == 1:
        ((activity, p),) = ranked
        return f"{activity} {one} {quoted(what)} {where(p)}"
    begins = f"{count(len(ranked), 'piece', 'pieces')} of work {several} {quoted(what)}"
    if len({p for _, p in ranked}) == 1:
        return f"{begins} {where(ranked[0][1])}: {listed([activity for activity, _ in ranked], MOST_NAMED)}"
    return f"{begins}, the likeliest first: {listed([f'{activity} {where(p)}' for activity, p in ranked], MOST_NAMED)}"


def activity_in_words(activity: str, network: Network) -> str:
    """``“build” in “Matrix”``, ``“rollout” to “HMRC” in “Unity”``; one that is no cluster's by its name."""
    place = network.activities.index(activity)
    cluster, stage = int(network.cluster[place]), int(network.stage[place])
    if cluster < 0:
        return quoted(activity)
    whose = network.clusters[cluster]
    rest = activity[len(whose) + 1 :]
    if stage < 0:
        return f"{quoted(rest)} in {quoted(whose)}"
    wave = rest[len(network.stages[stage]) + 1 :]
    to = f" to {quoted(wave)}" if wave else ""
    return f"{quoted(network.stages[stage])}{to} in {quoted(whose)}"
