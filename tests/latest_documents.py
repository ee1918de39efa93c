"""Documents of `latest` with every kind of answer that a cluster may have, made without simulating anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

FIRST, LAST = date(2025, 1, 1), date(2029, 6, 30)
ANY = "any date"
NEVER = "not even on day 0"
NOWHERE = "not on any date"


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).isoformat()


def entry(
    latest: str,
    interval: tuple[str, str],
    scheduled: int = 60,
    chance: float = 0.81,
    best: str | None = None,
    not_on: tuple[str, float] | None = None,
) -> dict[str, Any]:
    """What the document says of one cluster."""
    return {
        "scheduled": day(scheduled),
        "latest": latest,
        "interval": list(interval),
        "not_on": not_on and not_on[0],
        "chance_not_on": not_on and not_on[1],
        "best": best,
        "chance": chance,
        "chance_interval": [chance - 0.02, chance + 0.02],
        "chance_as_scheduled": 0.5,
        "chance_as_scheduled_interval": [0.48, 0.52],
    }


KINDS: dict[str, dict[str, Any]] = {
    "dated": entry(day(400), (day(380), day(430))),
    "dated, but not on every earlier date": entry(day(500), (day(490), day(520)), not_on=(day(90), 0.6)),
    "dated, as far as can be told": entry(day(20), (NEVER, day(70))),
    "on no date": entry(NEVER, (NEVER, NEVER), chance=0.1, best=day(0)),
    "on none, the best later": entry(NOWHERE, (NOWHERE, day(330)), chance=0.79, best=day(300)),
    "any": entry(ANY, (day(900), ANY), chance=0.99),
}
"""Clusters by what is to be said of them."""


def latest_document(clusters: Sequence[str], shift: int | None = 0, kinds: Sequence[str] = tuple(KINDS)) -> Any:
    """Clusters of each kind by turns, of which those that have a date go on it at once with some ``shift``."""
    found = {name: KINDS[kinds[number % len(kinds)]] for number, name in enumerate(clusters)}
    dates = {name: each["latest"] for name, each in found.items() if each["latest"][:1].isdigit()}
    joint = {"dates": dates, "all": {"p": 0.42, "interval": [0.4, 0.44]}, "shift_days": shift, "holds": shift == 0}
    return {
        "scenario": "S",
        "schedule": "now",
        "confidence": 0.8,
        "by": "both",
        "deadline": LAST.isoformat(),
        "horizon": "2034-12-31",
        "looked_at": [FIRST.isoformat(), LAST.isoformat()],
        "replications": 1000,
        "seed": 1,
        "sampling": "random",
        "engine": "batch",
        "clusters": found,
        "together": joint if dates else None,
    }
