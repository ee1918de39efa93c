"""Where the time went, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulator.wording import share
from simulator.words.said import length, listed, name, quoted

WAITING = "waiting: "


def time_finding(parts: Mapping[str, Sequence[float]], clusters: Sequence[str], not_live: float = 0.0) -> str:
    """How much of the time is waiting, and for what most; ``parts`` has the mean days of each cluster.

    ``not_live`` is the share of clusters, over all futures, whose time is counted to the horizon since they are not
    live by then.
    """
    means = {part: sum(days) / max(len(clusters), 1) for part, days in parts.items()}
    whole = sum(means.values())
    if whole <= 0:
        return "No cluster spends any time between its date and its go-live."
    waits = {part: days for part, days in means.items() if part.startswith(WAITING) and days > 0}
    spent = f"{_span(not_live)} a cluster takes {length(whole)} on average"
    if not waits:
        return f"{spent}, none of it waiting."
    worst = max(waits, key=lambda part: waits[part])
    return (
        f"{spent}; {share(sum(waits.values()) / whole)} of that is waiting, most of all for "
        f"{name(worst.removeprefix(WAITING))} ({length(waits[worst])})."
    )


def _span(not_live: float) -> str:
    if not_live == 0:
        return "From its scheduled date to its go-live"
    if not_live == 1:
        return "No cluster is ever live; from its scheduled date to the horizon"
    return f"From its scheduled date to its go-live, or to the horizon if it is not live by then ({share(not_live)}),"


def time_alt(parts: Mapping[str, Sequence[float]], clusters: Sequence[str], not_live: float = 0.0) -> str:
    """Each cluster's time and its largest parts, those that take longest first; ``not_live`` as in the finding."""
    totals = [sum(days[c] for days in parts.values()) for c in range(len(clusters))]
    order = sorted(range(len(clusters)), key=lambda c: -totals[c])
    said = [f"{quoted(clusters[c])}: {length(totals[c])}, of which {_largest(parts, c)}" for c in order[:6]]
    rest = len(order) - len(said)
    more = f"; {rest} more are in the table" if rest else ""
    until = f", counted to the horizon where it is not live by then ({share(not_live)})" if not_live else ""
    return f"A bar for each cluster, stacked from the parts of its mean time{until}. {'; '.join(said)}{more}."


def _largest(parts: Mapping[str, Sequence[float]], cluster: int) -> str:
    days = {part: each[cluster] for part, each in parts.items() if abs(each[cluster]) >= 0.5}
    ranked = sorted(days, key=lambda part: -abs(days[part]))[:3]
    return listed([f"{length(days[part])} {name(part)}" for part in ranked]) or "nothing"


def waterfall_alt(parts: Mapping[str, float], a: str, b: str, censored: bool = False) -> str:
    """What adds up to the difference between two schedules; ``parts`` are days that ``a`` is later.

    ``censored`` says that some days are counted to the horizon only.
    """
    until = ", those not live by the horizon counted to it" if censored else ""
    said = [
        f"{name(part)} {'later' if days > 0 else 'earlier'} by {length(abs(days))}"
        for part, days in parts.items()
        if abs(days) >= 0.5
    ]
    whole = sum(parts.values())
    shift = f"{length(abs(whole))} {'later' if whole > 0 else 'earlier'}"
    altogether = shift if abs(whole) >= 0.5 else "neither later nor earlier"
    return (
        f"Steps from the mean go-live under {quoted(b)} to that under {quoted(a)}{until}: {listed(said, 8) or 'none'}. "
        f"Altogether {quoted(a)} is {altogether}."
    )
