"""The answer of `drivers` in sentences: what matters most, what to do about it, and what to mind."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scipy.special import ndtri

from simulator.analysis.estimate import CONFIDENCE, Interval
from simulator.analysis.paired import Difference
from simulator.analysis.seldom import FEW
from simulator.analysis.sensitivity import Index, interval_of_correlation
from simulator.days import date_of
from simulator.network.build import probability
from simulator.studies.drivers.variance import LEAST_ROWS
from simulator.uncertainty import Reach
from simulator.wording import ENOUGH, count, share, unseen
from simulator.words.inputs import called
from simulator.words.said import MINUS, listed, money, quoted

if TYPE_CHECKING:
    from simulator.studies.drivers.answer import Drivers
    from simulator.studies.drivers.exclusion import Exclusion
    from simulator.studies.drivers.variance import Shares

FEWEST: Final = 10
"""Futures from which on anything is said of what matters or helps."""
MOST_TIED: Final = 3
"""Named at most where it cannot be told which of several matters most."""


def notes(answer: Drivers) -> list[str]:
    """What to mind when reading the figures."""
    found = []
    if answer.level.censored > 0:
        found.append(
            f"In {share(answer.level.censored)} of futures the go-live had not happened by the horizon. It counts as "
            "the day after it, so that days saved are understated."
        )
    found += _of_design(answer.shares)
    found += _without_effect(answer)
    if answer.too_few:
        found.append(
            f"Sobol’ indices, whose uncertainty it is, are left out: they need {LEAST_ROWS} futures or more "
            f"(these are {answer.futures.replications})."
        )
    if answer.scenario.correlations:
        found.append(_correlations(answer.shares))
    return found


def _of_design(shares: Shares | None) -> Iterator[str]:
    """What Sobol’ indices say of interactions, or why they do not."""
    if shares is None or shares.alone is None:
        return
    yield _interactions(shares, shares.alone) if shares.rests_on is None else _few_rows(shares, shares.rests_on)


def _without_effect(answer: Drivers) -> Iterator[str]:
    """Risks that made no difference in any future, though they may occur."""
    names = [
        quoted(each.name)
        for each in answer.exclusions
        if each.how == "switched off" and each.effect.value == 0 and probability(answer.scenario.risks[each.name]) > 0
    ]
    if names and not answer.aim.is_share and answer.futures.replications >= ENOUGH:
        yield (
            f"Switching off {listed(names)} changes {answer.aim.words} in none of these futures. "
            f"{unseen(answer.futures.replications)}"
        )


def what_matters(answer: Drivers) -> str:
    """What matters most, and what it would bring to be rid of it."""
    words = answer.aim.words
    if _never_live(answer):
        who = answer.aim.cluster or "The last cluster"
        horizon = date_of(answer.aim.horizon, answer.scenario.start).isoformat()
        return (
            f"{who} is not live by the horizon ({horizon}) in any future: the horizon would have to be later "
            f"to see what changes {words}."
        )
    size = answer.futures.replications
    if size < FEWEST:
        return f"{count(size, 'future')} {'is' if size == 1 else 'are'} too few to say what matters for {words}: " + (
            f"it takes {FEWEST} or more."
        )
    found = _ranked(answer)
    if not found:
        certain = Reach(answer.scenario).certain
        seen = "" if certain else f" in any of these {size:,} futures"
        return f"Nothing that is uncertain changes {words}{seen}."
    top, *others = found
    if not others or _apart(top.interval, others[0].interval):
        return f"What matters most for {words} is {_called(answer, top.name)} ({top.how}); {_removing(answer, top)}."
    tied = [top, *(each for each in others if not _apart(top.interval, each.interval))]
    said = [f"{_called(answer, each.name)} ({each.how})" for each in tied[:MOST_TIED]]
    more = [f"one of {len(tied) - MOST_TIED} more"] if len(tied) > MOST_TIED else []
    return f"These futures cannot tell what matters most for {words}: {' or '.join([*said, *more])}."


def _never_live(answer: Drivers) -> bool:
    """Whether no future gets as far as a go-live, and the outcome is the same in all of them because of that."""
    varies = any(bar.correlation is not None for bar in answer.tornado)
    return answer.level.censored == 1 and not varies


@dataclass(frozen=True)
class _Ranked:
    """How much something matters, with its interval."""

    name: str
    source: str
    how: str
    interval: Interval


def _ranked(answer: Drivers) -> list[_Ranked]:
    """What matters most first: sources by their total indices where there are any, otherwise inputs by correlation.

    It is the one of many that came out first, so that all intervals hold together: each at 95 % of what is left when
    5 % are shared out evenly (Bonferroni).
    """
    if answer.shares is not None and answer.shares.of:
        end = " of its variance, interactions included"
        parts = [(each, share(min(max(each.total.value, 0.0), 1.0))) for each in answer.shares.of]
        sure = _together(len(parts))
        return [_Ranked(each.source, each.source, part + end, _of_index(each.total, sure)) for each, part in parts]
    bars = [(bar, bar.correlation) for bar in answer.tornado if bar.correlation is not None]
    size, sure = answer.futures.replications, _together(len(bars))
    return [
        _Ranked(
            bar.input,
            bar.source,
            f"rank correlation {found.value:+.2f}",
            _size(interval_of_correlation(found.value, size, sure)),
        )
        for bar, found in bars
    ]


def _together(many: int) -> float:
    """The confidence of each of so many intervals that hold together at 95 %."""
    return 1 - (1 - CONFIDENCE) / max(many, 1)


def _of_index(index: Index, confidence: float) -> Interval:
    """The index's interval, and as far as a higher confidence reaches were its bootstrap samples normal."""
    half = float(ndtri(0.5 + confidence / 2)) * index.error
    return min(index.interval[0], index.value - half), max(index.interval[1], index.value + half)


def _size(ends: Interval) -> Interval:
    """The interval of a number's size, from that of the number."""
    low, high = sorted(abs(end) for end in ends)
    return (0.0, high) if ends[0] < 0 < ends[1] else (low, high)


def _apart(top: Interval, other: Interval) -> bool:
    return other[1] < top[0]


def _called(answer: Drivers, name: str) -> str:
    return called(name, answer.words())


def _removing(answer: Drivers, top: _Ranked) -> str:
    """What it would bring to switch its source off, or hold it at its median."""
    ways = {each.how: each for each in answer.exclusions if each.name == top.source}
    found = ways.get("switched off") or ways.get("at its median")
    if found is None:
        return "it is what sources have in common, and cannot be taken away by itself"
    what = "it" if top.source == top.name else _called(answer, top.source)
    doing = f"switching {what} off" if found.how == "switched off" else f"holding {what} at its median"
    return f"{doing} would {_effect(answer, found)}"


def what_helps(answer: Drivers) -> str:
    """The mitigation that brings most; empty where none is sure to bring anything."""
    if answer.futures.replications < FEWEST:
        return ""
    sign = -1 if answer.aim.more_is_better else 1
    useful = [each for each in answer.exclusions if each.how == "mitigated" and _surely_less(each.effect, sign)]
    if not useful:
        return ""
    best = min(useful, key=lambda each: sign * (each.effect.value or 0.0))
    brings = f"{_effect(answer, best)}{_paid(answer, best)}"
    return f"Of the mitigations, that of {quoted(best.name)} brings most: it would {brings}."


def _surely_less(effect: Difference, sign: int) -> bool:
    return effect.interval is not None and max(sign * end for end in effect.interval) < 0


def _paid(answer: Drivers, found: Exclusion) -> str:
    """The change in cost, unless that is what was asked for."""
    cost, unit = found.cost.value, answer.scenario.money.unit
    if cost is None or (answer.aim.name == "cost" and answer.aim.cluster is None):
        return ""
    if found.cost.interval is None or found.cost.interval[0] < 0 < found.cost.interval[1]:
        return ", and these futures cannot tell whether the programme costs more or less for it"
    verb = "add" if cost > 0 else "take"
    return f" and {verb} {money(abs(cost), unit)} {'to' if cost > 0 else 'off'} the programme’s cost"


def _effect(answer: Drivers, found: Exclusion) -> str:
    """`save 88 days (95% interval 80 to 96)`, in the unit of the outcome."""
    effect, aim = found.effect, answer.aim
    if effect.value is None or effect.interval is None:
        return "have an effect that is not known"
    low, high = sorted(map(abs, effect.interval))
    size, between = _amount(answer, abs(effect.value)), f"{_bare(answer, low)} to {_bare(answer, high)}"
    if effect.interval[0] <= 0 <= effect.interval[1]:
        return f"make no sure difference ({MINUS if effect.value < 0 else ''}{size})"
    verb = "add" if effect.value > 0 else "save" if not aim.more_is_better else "take away"
    return f"{verb} {size} (95% interval {between})"


def _amount(answer: Drivers, size: float) -> str:
    """So much of the outcome, in its unit."""
    if answer.aim.is_money:
        return _bare(answer, size)
    unit = "percentage points" if answer.aim.is_share else "failures" if answer.aim.name == "failures" else "days"
    return f"{_bare(answer, size)} {unit}"


def _bare(answer: Drivers, size: float) -> str:
    """The same without its unit, unless it is money, which is not told apart from its sign."""
    if answer.aim.is_money:
        return money(size, answer.scenario.money.unit)
    return _figure(100 * size if answer.aim.is_share else size)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _interactions(shares: Shares, alone: Index) -> str:
    """How much of the variance is not interaction, as far as these rows tell."""
    low, high = (min(max(end, 0.0), 1.0) for end in alone.interval)
    said = f"One at a time, sources account for {share(min(max(alone.value, 0.0), 1.0))} of the variance"
    between = f"(95% interval {share(low)} to {share(high)})"
    if high >= 1:
        return f"{said} {between}: these rows cannot tell whether they interact."
    return f"{said} {between}; the rest is their interaction, which total indices count once for each that takes part."


def _few_rows(shares: Shares, rests_on: float) -> str:
    """That indices have no interval, why, and how many rows would give them one."""
    enough = shares.size * FEW / rests_on
    digit = 10 ** (len(str(math.ceil(enough))) - 2)
    return (
        f"Sobol’ indices rest on about {count(max(round(rests_on), 1), 'outcome')} of the {2 * shares.size:,} of the "
        "design in which the outcome is far from what it mostly is: too few for intervals, which are given as all that "
        f"is possible. About {math.ceil(enough / digit) * digit:,} rows (--indices) would do."
    )


def _correlations(shares: Shares | None) -> str:
    if shares is None:
        end = "taken alone it would move the outcome less."
    elif shares.straddling:
        end = (
            "they reach from one source into another, so that Sobol’ indices do not decompose the variance: what "
            "sources have in common is shown by itself, or under the first of them."
        )
    else:
        end = "they stay within sources, so that Sobol’ indices hold for these sources, though not for parts of one."
    return f"The scenario has correlations. A correlated input also stands for what goes with it; {end}"
