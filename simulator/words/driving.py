"""What drives an outcome, in sentences that say no more than the futures can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from simulator.analysis.estimate import Interval
from simulator.wording import share
from simulator.words.said import length, minus

MOST_TIED: Final = 3
"""Named where it cannot be told which of several counts most."""


@dataclass(frozen=True)
class Drive:
    """How much one thing counts, and the interval that this is known to; None where it is not known at all."""

    name: str
    """In quotation marks, with what was done to it."""
    value: float
    interval: Interval | None


def leading(drives: Sequence[Drive]) -> list[Drive]:
    """The first, and all whose size may be no smaller as far as their intervals tell; the largest comes first.

    Where one has no interval, nothing is known of how it compares.
    """
    top, *others = drives
    low, _ = _size(top)
    return [top, *(each for each in others if _size(each)[1] >= low)]


def _size(of: Drive) -> Interval:
    """From where to where the size of a number may be."""
    if of.interval is None:
        return 0.0, float("inf")
    low, high = sorted(map(abs, of.interval))
    return (0.0, high) if of.interval[0] < 0 < of.interval[1] else (low, high)


def correlation_finding(drives: Sequence[Drive], of: str) -> str:
    """Which input an outcome moves with most."""
    tied = leading(drives)
    if len(tied) > 1:
        return f"These futures cannot tell what {of} moves with most: {_either(tied, '{:+.2f}')}."
    top = tied[0]
    return f"Of all inputs, {of} moves most with {top.name}: rank correlation {_signed(top.value, '{:+.2f}')}."


def exclusion_finding(drives: Sequence[Drive], censored: float) -> str:
    """Which change moves the mean go-live most; ``censored`` is the share of futures that are not live in time for it.

    Those count as live on the day after the horizon.
    """
    late = f"those not live by the horizon ({share(censored)} of futures) counted as live on the day after it"
    cut = f", {late}" if censored else ""
    if _size(drives[0])[1] == 0:
        return f"Nothing that was changed moves the mean go-live{cut}."
    tied = leading(drives)
    if len(tied) > 1:
        return f"These futures cannot tell what moves the mean go-live most{cut}: {_either(tied, '{:+.1f} days')}."
    top = tied[0]
    shift = f"{length(abs(top.value))} {'later' if top.value >= 0 else 'earlier'}"
    return f"With {top.name}, go-live is {shift} on average{cut}: more than with any other change."


def index_finding(drives: Sequence[Drive], of: str) -> str:
    """Which source the variance of an outcome comes from most; an estimate may be below 0 or above 1, a share not."""
    tied = [replace(each, value=min(max(each.value, 0.0), 1.0)) for each in leading(drives)]
    if len(tied) > 1:
        return f"These futures cannot tell what most of the variance of {of} comes from: {_either(tied, '{:.0%}')}."
    return f"{tied[0].name} accounts for {tied[0].value:.0%} of the variance of {of}, alone and with others."


def _either(drives: Sequence[Drive], written: str) -> str:
    said = [f"{each.name}, {_signed(each.value, written)}," for each in drives]
    if len(said) > MOST_TIED + 1:
        said[MOST_TIED:] = [f"one of {len(said) - MOST_TIED} more"]
    return " or ".join(said).removesuffix(",")


def _signed(value: float, written: str) -> str:
    return minus(written.format(value))
