"""The answer of `drivers` in sentences: what matters most, what to do about it, and what to mind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.analysis.paired import Difference
from simulator.wording import share

if TYPE_CHECKING:
    from simulator.studies.drivers.answer import Drivers
    from simulator.studies.drivers.exclusion import Exclusion
    from simulator.studies.drivers.variance import Shares


def notes(answer: Drivers) -> list[str]:
    """What to mind when reading the figures."""
    found = []
    if answer.level.censored > 0:
        found.append(
            f"In {share(answer.level.censored)} of futures the go-live had not happened by the horizon. It counts as "
            "the day after it, so that days saved are understated."
        )
    if answer.shares is not None and answer.shares.of:
        found.append(_interactions(answer.shares))
    if answer.scenario.correlations:
        found.append(_correlations(answer.shares))
    return found


def what_matters(answer: Drivers) -> str:
    """What matters most, and what it would bring to be rid of it."""
    words = answer.aim.words
    if answer.shares is not None and answer.shares.of:
        top = answer.shares.of[0]
        part = f"{share(min(max(top.total.value, 0.0), 1.0))} of its variance, interactions included"
        return f"What matters most for {words} is “{top.source}” ({part}); {_removing(answer, top.source)}."
    bar = answer.tornado[0] if answer.tornado else None
    if bar is None or bar.correlation is None:
        return f"Nothing that is uncertain changes {words}."
    strength = f"rank correlation {bar.correlation.value:+.2f}"
    return f"What matters most for {words} is “{bar.input}” ({strength}); {_removing(answer, bar.source)}."


def _removing(answer: Drivers, source: str) -> str:
    """What it would bring to switch a source off, or hold it at its median."""
    ways = {each.how: each for each in answer.exclusions if each.name == source}
    found = ways.get("switched off") or ways.get("at its median")
    if found is None:
        return "it is what sources have in common, and cannot be taken away by itself"
    doing = "switching it off" if found.how == "switched off" else f"holding “{source}” at its median"
    return f"{doing} would {_effect(answer, found)}"


def what_helps(answer: Drivers) -> str:
    """The mitigation that brings most; empty where none is sure to bring anything."""
    sign = -1 if answer.aim.more_is_better else 1
    useful = [each for each in answer.exclusions if each.how == "mitigated" and _surely_less(each.effect, sign)]
    if not useful:
        return ""
    best = min(useful, key=lambda each: sign * (each.effect.value or 0.0))
    return (
        f"Of the mitigations, that of “{best.name}” brings most: it would {_effect(answer, best)}{_paid(answer, best)}."
    )


def _surely_less(effect: Difference, sign: int) -> bool:
    return effect.interval is not None and max(sign * end for end in effect.interval) < 0


def _paid(answer: Drivers, found: Exclusion) -> str:
    """The change in cost, unless that is what was asked for."""
    cost, unit = found.cost.value, answer.scenario.money.unit
    if cost is None or (answer.aim.name == "cost" and answer.aim.cluster is None):
        return ""
    verb = "add" if cost > 0 else "take"
    return f" and {verb} {_figure(abs(cost))} {unit} {'to' if cost > 0 else 'off'} the programme's cost"


def _effect(answer: Drivers, found: Exclusion) -> str:
    """`save 88 days (95% interval 80 to 96)`, in the unit of the outcome."""
    effect, aim = found.effect, answer.aim
    if effect.value is None or effect.interval is None:
        return "have an effect that is not known"
    scale = 100 if aim.is_share else 1
    unit = "points" if aim.is_share else answer.scenario.money.unit if aim.is_money else "days"
    unit = "failures" if aim.name == "failures" else unit
    size = f"{_figure(abs(scale * effect.value))} {unit}"
    low, high = sorted(abs(scale * end) for end in effect.interval)
    if effect.interval[0] <= 0 <= effect.interval[1]:
        return f"make no sure difference ({'-' if effect.value < 0 else ''}{size})"
    verb = "add" if effect.value > 0 else "save" if not aim.more_is_better else "take away"
    return f"{verb} {size} (95% interval {_figure(low)} to {_figure(high)})"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _interactions(shares: Shares) -> str:
    alone = sum(each.first.value for each in shares.of)
    return (
        f"One at a time, sources account for {share(min(max(alone, 0.0), 1.0))} of the variance; the rest is their "
        "interaction, which total indices count once for each source that takes part."
    )


def _correlations(shares: Shares | None) -> str:
    if shares is None:
        end = "taken alone it would move the outcome less."
    elif shares.straddling:
        end = (
            "they reach from one source into another, so that Sobol' indices do not decompose the variance: what "
            "sources have in common is shown by itself, or under the first of them."
        )
    else:
        end = "they stay within sources, so that Sobol' indices hold for these sources, though not for parts of one."
    return f"The scenario has correlations. A correlated input also stands for what goes with it; {end}"
