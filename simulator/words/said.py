"""How figures are spelled in a sentence: dates, lengths of time, money, and lists of names (GOV.UK style)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from simulator.days import DAYS_PER_MONTH, DAYS_PER_YEAR, NEVER, date_of
from simulator.wording import count, shortened

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
LATER: Final = "after the horizon"
NOT_APPLICABLE: Final = "not applicable"
"""Stands where a question makes no sense: of a system whose support does not end."""
MINUS: Final = "\N{MINUS SIGN}"
LONGEST_NAME: Final = 60
MOST_NAMED: Final = 5
"""Names in a list; how many others there are is said behind it."""


def on_date(when: date) -> str:
    """``31 December 2028``."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def on_day(day: float, start: date, horizon: int) -> str:
    """A day since the start as a date; ``after the horizon`` where it did not happen."""
    return LATER if day >= NEVER or day > horizon else on_date(date_of(day, start))


def length(days: float) -> str:
    """A length of time in the unit that suits it: ``17 days``, ``4.1 months``, ``3.2 years``."""
    if abs(days) < 2 * DAYS_PER_MONTH:
        return count(round(days), "day")
    if abs(days) < 2 * DAYS_PER_YEAR:
        return f"{days / DAYS_PER_MONTH:.1f} months"
    return f"{days / DAYS_PER_YEAR:.1f} years"


def money(amount: float, unit: str) -> str:
    """``£12.4m``: a unit that begins with a currency sign goes around the number, any other behind it."""
    text = amount_of(amount)
    unit = shortened(unit, 12)
    if unit[:1] in ("£", "$", "€") and unit[1:].strip() in ("", "k", "m", "bn", "million", "billion"):
        sign = MINUS if text.startswith(MINUS) else ""
        return f"{sign}{unit[0]}{text.removeprefix(MINUS)}{unit[1:]}"
    return f"{text} {unit}"


def amount_of(amount: float) -> str:
    """A number with three digits that count, or all those before the point; nothing behind the second after it."""
    size = abs(amount)
    text = f"{amount:,.0f}" if size >= 100 else f"{amount:.3g}" if size >= 1 else f"{amount:.2g}"
    return minus(text) if size >= 0.005 else "0"


def minus(text: str) -> str:
    """A number as it is printed, with a minus sign where Python writes a hyphen."""
    return text.replace("-", MINUS)


def name(text: str) -> str:
    """A name that a stranger gave: printable and no longer than a line."""
    return shortened(text, LONGEST_NAME)


def quoted(text: str) -> str:
    """The same in quotation marks."""
    return f"“{name(text)}”"


def listed(items: Sequence[str], most: int = MOST_NAMED, others: str = "other") -> str:
    """``a, b and c``, or ``a, b and 3 others``."""
    if len(items) > most:
        return f"{', '.join(items[:most])} and {count(len(items) - most, others)}"
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else list(items))
