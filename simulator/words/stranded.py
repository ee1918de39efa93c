"""What is never finished, and what it never gets, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.scenario.model import Scenario
from simulator.words.likelihood import in_futures
from simulator.words.said import quoted

STRANDED = "stranded: "


def never_served(activity: str, reason: str, p: float, scenario: Scenario) -> str:
    """``“A/build” never gets its money from “funding” in 0.2% of futures``, without a full stop.

    ``reason`` is the summary's, such as ``stranded: funding``; ``p`` is the share of futures. Where two kinds of things
    share a name, which of them is meant is not known.
    """
    what = reason.removeprefix(STRANDED)
    ways: dict[str, Mapping[str, Any]] = {
        "waits in vain for a free place in": scenario.resources,
        "never gets its money from": scenario.budgets,
        "waits in vain for another meeting of": scenario.boards,
        "waits in vain for another date of": scenario.windows,
    }
    fitting = [way for way, things in ways.items() if what in things]
    way = fitting[0] if len(fitting) == 1 else "waits in vain for"
    where = "in every future" if p == 1 else f"in {in_futures(p)}"
    return f"{quoted(activity)} {way} {quoted(what)} {where}"
