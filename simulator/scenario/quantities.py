"""The values that carry a unit, read from what a planner writes: days, dates, rates, chances, money.

A value is read in a `Frame` (the scenario's start and observations). Without one, as when the model's values are made
in Python, numbers are taken as they are: days, per year, in the scenario's money.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic_core import PydanticCustomError, core_schema

from simulator.days import DAYS_PER_MONTH, DAYS_PER_WEEK, DAYS_PER_YEAR, day_of

if TYPE_CHECKING:
    from simulator.scenario.observations import Observations

DAYS_PER: Final = {"d": 1.0, "w": DAYS_PER_WEEK, "mo": DAYS_PER_MONTH, "y": DAYS_PER_YEAR}
LONGEST_YEARS: Final = 200
"""No date lies further from the start, and no length is longer, than this many years."""
LARGEST: Final = 1e15
"""No number is larger; beyond it a double no longer tells one unit from the next."""
LONGEST_SHOWN: Final = 200
MOST_RETURNS: Final = 20
MOST_UNITS: Final = 1_000_000

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
PATTERNS: Final = {
    "length": rf"^{_NUMBER}(d|w|mo|y)$",
    "step": r"^[0-9]+(d|w|mo|y)$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "rate": rf"^{_NUMBER}/y$",
    "percent": rf"^{_NUMBER}%$",
    "span": r"^[0-9]{4}-[0-9]{2}-[0-9]{2} to [0-9]{4}-[0-9]{2}-[0-9]{2}$",
}
"""How each unit is written, as regular expressions that the JSON Schema shares."""


@dataclass(frozen=True)
class Frame:
    """What a value is read against: dates become days since ``start``, columns of files come from ``observations``."""

    start: date
    observations: Observations | None = None


@dataclass(frozen=True)
class Blemish:
    """One thing wrong in a value: the rule, what was found, a remedy, and the keys that lead to it."""

    rule: str
    found: str = ""
    remedy: str = ""
    at: tuple[str | int, ...] = ()

    def below(self, *keys: str | int) -> Blemish:
        """The same, seen from a value that holds this one under ``keys``."""
        return Blemish(self.rule, self.found, self.remedy, (*keys, *self.at))


class Refused(Exception):
    """A value cannot be read; ``blemishes`` say why."""

    def __init__(self, *blemishes: Blemish) -> None:
        self.blemishes = blemishes
        super().__init__("; ".join(blemish.rule for blemish in blemishes))


def refuse(rule: str, found: object = "", remedy: str = "", *at: str | int) -> Refused:
    """A `Refused` with one blemish."""
    return Refused(Blemish(rule, shown(found) if found != "" else "", remedy, at))


def shown(data: object) -> str:
    """What a planner wrote, on one line and not too long."""
    if data is None:
        return "nothing"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, dict):
        text = "{" + ", ".join(f"{key}: {shown(value)}" for key, value in data.items()) + "}"
    elif isinstance(data, (list, tuple)):
        text = "[" + ", ".join(shown(value) for value in data) + "]"
    else:
        text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(data))
    longest = LONGEST_SHOWN if isinstance(data, str) else LONGEST_SHOWN // 2
    return text if len(text) <= longest else text[: longest - 3] + "..."


def is_number(data: object) -> bool:
    """Whether this is a finite number that is not too large, and no truth value."""
    return (
        isinstance(data, (int, float))
        and not isinstance(data, bool)
        and (abs(data) <= LARGEST if isinstance(data, int) else math.isfinite(data) and abs(data) <= LARGEST)
    )


def read_length(data: object, frame: Frame | None = None) -> float:
    """Days; not negative."""
    if frame is None and is_number(data):
        return float(data)  # type: ignore[arg-type]
    if is_number(data):
        raise refuse("a length of time must carry its unit", data, "Write 90d, 6w, 3mo or 1.5y")
    found = re.fullmatch(rf"({_NUMBER})(d|w|mo|y)", data) if isinstance(data, str) else None
    if found is None:
        raise refuse("must be a length of time", data, _length_remedy(data))
    days = float(found[1]) * DAYS_PER[found[2]]
    if days > LONGEST_YEARS * DAYS_PER_YEAR:
        raise refuse(f"a length of time must not exceed {LONGEST_YEARS} years", data)
    return days


def _length_remedy(data: object) -> str:
    if isinstance(data, str) and data.startswith("-"):
        return "A length cannot be negative"
    if isinstance(data, str) and (found := re.fullmatch(rf"({_NUMBER}) ?([A-Za-z]+)", data)):
        letter = {"d": "d", "w": "w", "m": "mo", "y": "y"}.get(found[2][0].lower())
        if letter:
            return f"Write {found[1]}{letter}"
    return "Write 90d, 6w, 3mo or 1.5y"


def read_date(data: object, frame: Frame | None = None) -> date:
    """A calendar date, near enough to the start."""
    if isinstance(data, date):
        return data
    if not isinstance(data, str) or re.fullmatch(PATTERNS["date"], data) is None:
        raise refuse("must be a date", data, "Write it as 2025-04-01")
    try:
        when = date.fromisoformat(data)
    except ValueError:
        raise refuse("must be a date of the calendar", data) from None
    if frame is not None and abs(when.year - frame.start.year) > LONGEST_YEARS:
        raise refuse(f"must lie within {LONGEST_YEARS} years of the start", data)
    return when


def read_day(data: object, frame: Frame | None = None) -> int:
    """Days since the start; negative before it."""
    if frame is None and isinstance(data, int) and not isinstance(data, bool):
        return data
    when = read_date(data, frame)
    if frame is None:
        raise refuse("must be a number of days since the start", data)
    return day_of(when, frame.start)


def read_rate(data: object, frame: Frame | None = None) -> float:
    """Per year; not negative."""
    if frame is None and is_number(data):
        return float(data)  # type: ignore[arg-type]
    found = re.fullmatch(rf"({_NUMBER})/y", data) if isinstance(data, str) else None
    if found is None:
        remedy = f"Write {data}/y" if is_number(data) and float(data) >= 0 else "Write 4.5/y"  # type: ignore[arg-type]
        raise refuse("must be a rate per year", data, remedy)
    return _bounded(float(found[1]), data)


def _bounded(value: float, data: object) -> float:
    if value > LARGEST:
        raise refuse(f"must not exceed {LARGEST:g}", data)
    return value


def read_share(data: object, frame: Frame | None = None) -> float:
    """A number or a percentage, not negative; it may exceed 1."""
    if is_number(data):
        value = float(data)  # type: ignore[arg-type]
    elif isinstance(data, str) and (found := re.fullmatch(rf"(-?{_NUMBER})%", data)):
        value = _bounded(float(found[1]) / 100, data)
    else:
        raise refuse("must be a number or a percentage", data, "Write 0.2 or 20%")
    if value < 0:
        raise refuse("must not be negative", data)
    return value


def read_probability(data: object, frame: Frame | None = None) -> float:
    """From 0 to 1."""
    value = read_share(data, frame)
    if value > 1:
        remedy = f"Write {data}%" if is_number(data) and value <= 100 else ""
        raise refuse("must lie between 0 and 1, or 0% and 100%", data, remedy)
    return value


def read_money(data: object, frame: Frame | None = None) -> float:
    """In the scenario's money; not negative."""
    if not is_number(data):
        raise refuse("must be an amount of money, a plain number", data, "Write 4.5")
    if float(data) < 0:  # type: ignore[arg-type]
        raise refuse("an amount of money must not be negative", data)
    return float(data)  # type: ignore[arg-type]


def read_factor(data: object, frame: Frame | None = None) -> float:
    """A bare factor above 0."""
    if not is_number(data):
        raise refuse("must be a factor, a plain number", data, "Write 1.2 for a fifth longer")
    if float(data) <= 0:  # type: ignore[arg-type]
        raise refuse("a factor must be above 0", data)
    return float(data)  # type: ignore[arg-type]


def read_rank(data: object, frame: Frame | None = None) -> float:
    """A rank correlation."""
    if not is_number(data) or not -1 <= float(data) <= 1:  # type: ignore[arg-type]
        raise refuse("a rank correlation must lie between -1 and 1", data)
    return float(data)  # type: ignore[arg-type]


def read_units(data: object, frame: Frame | None = None) -> int:
    """A whole number, not negative."""
    return read_whole(data, 0, MOST_UNITS)


def read_whole(data: object, least: int, most: int) -> int:
    """A whole number in a range."""
    if isinstance(data, bool) or not isinstance(data, int) or not least <= data <= most:
        raise refuse(f"must be a whole number from {least} to {most:,}", data)
    return data


@dataclass(frozen=True)
class Whole:
    """A whole number from ``least`` to ``most``, as a reader for `Written`."""

    least: int
    most: int

    def __call__(self, data: object, frame: Frame | None = None) -> int:
        return read_whole(data, self.least, self.most)


@dataclass(frozen=True)
class Span:
    """Days from ``first`` to ``last``, both included."""

    first: int
    last: int


def read_span(data: object, frame: Frame | None = None) -> Span:
    """`2024-05-25 to 2024-07-05`, or one date."""
    if isinstance(data, Span):
        return data
    ends = re.fullmatch(r"(\S+) to (\S+)", data) if isinstance(data, str) else None
    if ends is None:
        raise refuse("must be a span of dates", data, "Write 2024-05-25 to 2024-07-05")
    first, last = read_day(ends[1], frame), read_day(ends[2], frame)
    if last < first:
        raise refuse("a span must not end before it begins", data)
    return Span(first, last)


@dataclass(frozen=True)
class Step:
    """How far apart things that repeat are: calendar months, or days; ``text`` as it was written."""

    count: int
    unit: Literal["days", "months"]
    text: str = ""


def read_step(data: object, frame: Frame | None = None, least: int = 1) -> Step:
    """Whole days and weeks step by days, whole months and years by calendar months."""
    if isinstance(data, Step):
        return data
    found = re.fullmatch(rf"({_NUMBER})(d|w|mo|y)", data) if isinstance(data, str) else None
    if found is None:
        raise refuse("must be a step of time", data, "Write 2w or 1mo")
    if "." in found[1]:
        raise refuse("what repeats must do so in whole days, weeks, months or years", data, "Write 2w or 1mo")
    count = int(found[1]) * {"d": 1, "w": 7, "mo": 1, "y": 12}[found[2]]
    read_length(data, frame or Frame(date.min))
    if count < least:
        raise refuse("what repeats must be at least 1d apart", data)
    return Step(count, "months" if found[2] in ("mo", "y") else "days", str(data))


def read_chosen(data: object, frame: Frame | None = None) -> Literal["all"] | tuple[str, ...]:
    """`all`, or a list of names."""
    if data == "all":
        return "all"
    if isinstance(data, tuple) and data and all(isinstance(name, str) for name in data):
        return data
    raise refuse("must be all or a list of clusters", data, "Write [A, B]")


@dataclass(frozen=True)
class Written:
    """How pydantic reads a value: ``read`` in the frame of the validation; ``quantity`` names its JSON Schema."""

    read: Callable[[Any, Frame | None], Any]
    quantity: str

    def validate(self, data: Any, info: core_schema.ValidationInfo[Any]) -> Any:
        try:
            return self.read(data, info.context)
        except Refused as refused:
            detail = {"rule": str(refused), "blemishes": refused.blemishes}
            raise PydanticCustomError("refused", "{rule}", detail) from None

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(self.validate)

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: Any) -> dict[str, Any]:
        return {"quantity": self.quantity}


Length = Annotated[float, Written(read_length, "length")]
Date = Annotated[date, Written(read_date, "date")]
Day = Annotated[int, Written(read_day, "date")]
Rate = Annotated[float, Written(read_rate, "rate")]
AnnualAmount = Annotated[float, Written(read_rate, "rate")]
Amount = Annotated[float, Written(read_money, "money")]
Probability = Annotated[float, Written(read_probability, "probability")]
Share = Annotated[float, Written(read_share, "share")]
Factor = Annotated[float, Written(read_factor, "factor")]
Rank = Annotated[float, Written(read_rank, "rank")]
Units = Annotated[int, Written(read_units, "units")]
Seats = Annotated[int, Written(Whole(1, MOST_UNITS), "seats")]
Returns = Annotated[int, Written(Whole(0, MOST_RETURNS), "returns")]
Priority = Annotated[int, Written(Whole(-MOST_UNITS, MOST_UNITS), "priority")]
Month = Annotated[int, Written(Whole(1, 12), "month")]
MonthDay = Annotated[int, Written(Whole(1, 31), "month day")]
Seed = Annotated[int, Written(Whole(0, 2**63 - 1), "seed")]
SpanOfDays = Annotated[Span, Written(read_span, "span")]
StepOfTime = Annotated[Step, Written(read_step, "step")]
ChosenClusters = Annotated[Literal["all"] | tuple[str, ...], Written(read_chosen, "chosen clusters")]
