"""Uncertain values: from what a planner writes to a `Distribution` in the quantity's own unit."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias

from simulator.distributions import KINDS, Constant, Discrete, Distribution, Empirical, Kind, truncate
from simulator.scenario.observations import Observations
from simulator.scenario.quantities import (
    Blemish,
    Frame,
    Refused,
    Written,
    is_number,
    read_day,
    read_factor,
    read_length,
    read_money,
    read_units,
    refuse,
)

MOST_BLEMISHES: Final = 20
"""What is said about one parameter before the rest is left out."""


@dataclass(frozen=True)
class Unit:
    """How the values of one quantity are read; ``spread`` reads a length in its unit, ``least`` bounds it below."""

    name: str
    value: Callable[[Any, Frame | None], float]
    spread: Callable[[Any, Frame | None], float]
    least: float | None
    zero: str = ""
    whole: bool = False


DURATION: Final = Unit("a length of time", read_length, read_length, 0.0, "0d")
DATE: Final = Unit("a date", lambda data, frame: float(read_day(data, frame)), read_length, None)
MONEY: Final = Unit("an amount of money", read_money, read_money, 0.0, "0")
UNITS: Final = Unit("a number of units", read_units, read_money, 0.0, "0", whole=True)
FACTOR: Final = Unit("a factor", read_factor, read_factor, 0.0, "0.1")


Raw: TypeAlias = dict[str, tuple[object, tuple[str | int, ...]]]
"""Parameters as written, each with the keys that lead to it below the kind's."""
_NUMBERS: Final = {DURATION.name: "Numbers are days", DATE.name: "Numbers are days since the start"}


def read_distribution(data: object, unit: Unit, frame: Frame | None) -> Distribution:
    """The distribution that ``data`` describes: a plain value, or a mapping that names a kind."""
    if not isinstance(data, Mapping):
        if frame is None and isinstance(data, Distribution):
            return data
        return Constant(float(unit.value(data, frame)))
    kind = _kind(data)
    distribution = _plain(kind, data, unit, frame)
    if "truncate" in data:
        distribution = _truncated(distribution, data["truncate"], unit, frame)
    return _fit(distribution, unit, data)


def _plain(kind: Kind, data: Mapping[str, Any], unit: Unit, frame: Frame | None) -> Distribution:
    """The distribution before it is truncated; one of observations is made once, however often it is named."""
    written = data[kind.name]
    if kind.name != "empirical" or not isinstance(written, Mapping) or "file" not in written:
        return _built(kind, _parameters(_raw(written, kind), kind, unit, frame), data, unit)
    file, column = _source(written)

    def understand(cells: list[str]) -> Distribution:
        raw: Raw = {"values": ([_cell(text, unit) for text in cells], ("file",))}
        return _built(kind, _parameters(raw, kind, unit, frame), data, unit)

    observations = (frame and frame.observations) or Observations()
    return observations.distribution(file, column, (unit.name, frame and frame.start), understand)


def _kind(data: Mapping[str, Any]) -> Kind:
    unknown = [key for key in data if key not in KINDS and key != "truncate"]
    named = [key for key in data if key in KINDS]
    if unknown:
        near = difflib.get_close_matches(unknown[0], [*KINDS, "truncate"], n=1)
        remedy = f"Did you mean {near[0]}?" if near else f"The kinds are {', '.join(KINDS)}"
        raise Refused(*(Blemish("is no kind of distribution", key, remedy, (key, "[key]")) for key in unknown))
    if len(named) != 1:
        raise refuse(
            "must name one kind of distribution", ", ".join(named) or "none", f"Give one of {', '.join(KINDS)}"
        )
    return KINDS[named[0]]


def _parameters(raw: Raw, kind: Kind, unit: Unit, frame: Frame | None) -> dict[str, Any]:
    """The kind's parameters in the unit's numbers; every one that cannot be read is refused in its own place."""
    read: dict[str, Any] = {}
    blemishes: list[Blemish] = []
    for name, (data, at) in raw.items():
        try:
            read[name] = _parameter(data, kind.parameters[name], unit, frame)
        except Refused as refused:
            blemishes += [_placed(blemish, kind.name, at) for blemish in refused.blemishes][:MOST_BLEMISHES]
    if blemishes:
        raise Refused(*blemishes)
    if kind.name == "quantiles" and unit.least is not None:
        read.setdefault("bounds", (unit.least, None))
    return read


def _placed(blemish: Blemish, kind: str, at: tuple[str | int, ...]) -> Blemish:
    """A blemish of a parameter; one in a CSV file stands where the file is named, with its row."""
    if at != ("file",):
        return blemish.below(kind, *at)
    row = f"row {int(blemish.at[0]) + 2}: " if blemish.at else ""
    return Blemish(blemish.rule, f"{row}{blemish.found}", blemish.remedy, (kind, "file"))


def _raw(written: object, kind: Kind) -> Raw:
    """Each parameter as written, with the keys that lead to it below the kind's."""
    if kind.name == "constant":
        return {"constant": (written, ())}
    if isinstance(written, Mapping):
        _check_form(written, kind)
        return {name: (data, (name,)) for name, data in written.items()}
    if not kind.listed:
        raise refuse(f"{kind.name} takes a mapping", written, f"Write {form_of(kind)}", kind.name)
    if not isinstance(written, (list, tuple)) or len(written) != len(kind.listed):
        raise refuse(f"{kind.name} takes {len(kind.listed)} values", written, f"Write {form_of(kind)}", kind.name)
    return {name: (data, (place,)) for place, (name, data) in enumerate(zip(kind.listed, written, strict=True))}


def form_of(kind: Kind) -> str:
    """How a kind is written: `triangular: [min, mode, max]`, `normal: {mean, sd}`."""
    if kind.listed:
        return f"{kind.name}: [{', '.join(kind.listed)}]"
    return " or ".join(
        f"{kind.name}: {{{', '.join(name for name in kind.parameters if name in form)}}}" for form in kind.forms
    )


def _check_form(written: Mapping[str, Any], kind: Kind) -> None:
    keys = frozenset(written)
    for key in written:
        if key not in kind.parameters:
            near = difflib.get_close_matches(key, kind.parameters, n=1)
            remedy = f"Did you mean {near[0]}?" if near else f"Write {form_of(kind)}"
            raise refuse(f"is no parameter of {kind.name}", key, remedy, kind.name, key, "[key]")
    if keys - kind.optional not in kind.forms:
        found = ", ".join(written) or "none"
        raise refuse(f"{kind.name} has other parameters", found, f"Write {form_of(kind)}", kind.name)


def _parameter(data: object, role: str, unit: Unit, frame: Frame | None) -> Any:
    match role:
        case "value":
            return float(unit.value(data, frame))
        case "spread":
            return float(unit.spread(data, frame))
        case "number":
            return _number(data)
        case "bounds":
            return _bounds(data, unit, frame)
    read = _number if role == "weights" else lambda item: float(unit.value(item, frame))
    return _each(data, read)


def _number(data: object) -> float:
    if not is_number(data):
        raise refuse("must be a number", data)
    return float(data)  # type: ignore[arg-type]


def _each(data: object, read: Callable[[object], float]) -> list[float]:
    if not isinstance(data, (list, tuple)):
        raise refuse("must be a list", data, "Write [..., ...]")
    values: list[float] = []
    blemishes: list[Blemish] = []
    for place, item in enumerate(data):
        try:
            values.append(read(item))
        except Refused as refused:
            blemishes += [blemish.below(place) for blemish in refused.blemishes]
    if blemishes:
        raise Refused(*blemishes)
    return values


def _bounds(data: object, unit: Unit, frame: Frame | None) -> tuple[float | None, float | None]:
    if not isinstance(data, (list, tuple)) or len(data) != 2:
        raise refuse("must be a lower and an upper bound", data, "Write [low, high]; null leaves a side open")
    low, high = (None if item is None else float(unit.value(item, frame)) for item in data)
    return low, high


def _built(kind: Kind, given: Mapping[str, Any], data: Mapping[str, Any], unit: Unit) -> Distribution:
    try:
        return kind.build(**given)
    except (ValueError, OverflowError) as error:
        rule = str(error).partition(" (")[0] or f"{kind.name} cannot have these parameters"
        remedy = _NUMBERS.get(unit.name, "") if re.search(r"\b[0-9]", rule) else ""
        raise refuse(rule, data[kind.name], remedy, kind.name) from None


def _truncated(distribution: Distribution, data: object, unit: Unit, frame: Frame | None) -> Distribution:
    try:
        low, high = _bounds(data, unit, frame)
    except Refused as refused:
        raise Refused(*(blemish.below("truncate") for blemish in refused.blemishes)) from None
    try:
        return truncate(distribution, low, high)
    except ValueError as error:
        rule = str(error).partition(" (")[0]
        if rule.startswith("nothing is left"):
            rule = "something of the distribution must be left between the bounds"
        raise refuse(rule, data, "", "truncate") from None


def _fit(distribution: Distribution, unit: Unit, data: Mapping[str, Any]) -> Distribution:
    """The distribution, when all its values are values of the quantity."""
    low, _ = distribution.support
    if unit.least is not None and low < unit.least:
        raise refuse(
            f"{unit.name} must not be able to fall below {unit.zero}", data, f"Add truncate: [{unit.zero}, null]"
        )
    if unit.whole and not isinstance(distribution, (Constant, Discrete, Empirical)):
        raise refuse(f"{unit.name} must be whole", data, "Write discrete: {values: [2, 3], weights: [1, 1]}")
    return distribution


def _source(written: Mapping[str, Any]) -> tuple[str, str]:
    """The CSV file and the column that observations come from."""
    if set(written) != {"file", "column"} or not all(isinstance(value, str) for value in written.values()):
        raise refuse(
            "empirical takes a file and a column",
            written,
            "Write empirical: {file: past.csv, column: tender}",
            "empirical",
        )
    return written["file"], written["column"]


def _cell(text: str, unit: Unit) -> object:
    """A number where the quantity is a plain number, else the text, which carries its unit."""
    if unit in (DURATION, DATE):
        return text
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


@dataclass(frozen=True)
class Uncertain:
    """A reader for `Written`: a distribution over values of ``unit``."""

    unit: Unit

    def __call__(self, data: object, frame: Frame | None = None) -> Distribution:
        return read_distribution(data, self.unit, frame)


DurationDistribution = Annotated[Distribution, Written(Uncertain(DURATION), "duration")]
DateDistribution = Annotated[Distribution, Written(Uncertain(DATE), "uncertain date")]
AmountDistribution = Annotated[Distribution, Written(Uncertain(MONEY), "uncertain money")]
CountDistribution = Annotated[Distribution, Written(Uncertain(UNITS), "capacity")]
FactorDistribution = Annotated[Distribution, Written(Uncertain(FACTOR), "uncertain factor")]
