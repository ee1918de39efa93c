"""From pydantic's errors to faults in a planner's words, each in its place; and a mended copy to check further."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from itertools import islice
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from simulator.errors import Fault
from simulator.scenario.model import Cluster
from simulator.scenario.quantities import LARGEST, MOST_UNITS, Frame, shown
from simulator.scenario.tree import Node

MOST_COMPARED: Final = 1000
"""Names that a misspelt one is compared with."""
_RULES: Final = {
    "bool_type": ("must be true or false", ""),
    "dict_type": ("must be a mapping", "Write it as key: value"),
    "model_type": ("must be a mapping", "Write it as key: value"),
    "tuple_type": ("must be a list", "Write [..., ...]"),
    "too_short": ("must not be empty", ""),
}


def near(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """A remedy: the nearest of the known names, or all of them where there are few."""
    names = list(islice(known, MOST_COMPARED))
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if not close:
        folded = {other.casefold(): other for other in names}
        close = [folded[key] for key in difflib.get_close_matches(name.casefold(), folded, n=1)]
    if close:
        return f"Did you mean {shown(close[0])}?"
    if otherwise or not names:
        return otherwise
    listed = ", ".join(shown(other) for other in names[:12])
    return f"Known: {listed}" if len(names) <= 12 else f"Known: {listed}, ..."


def _meant(key: str, known: Iterable[str]) -> str:
    """The key that a misspelt one stands for, so that nothing else seems to be missing; empty for anyone's guess."""
    return next(iter(difflib.get_close_matches(key, known, n=1, cutoff=0.75)), "")


def faults_of(
    error: ValidationError, node: Node, model: type[BaseModel], file: str, most: int
) -> tuple[list[Fault], int]:
    """What a validation of ``node`` as ``model`` found wrong, in the places where it was written.

    Only the first ``most`` things are put into words, for one may be a guess at what was meant; the rest is counted.
    """
    details = error.errors(include_url=False)[:most]
    misspelt = {_as_meant(detail["loc"], model) for detail in details if detail["type"] == "extra_forbidden"}
    found: list[Fault] = []
    for detail in details:
        if detail["type"] != "missing" or detail["loc"] not in misspelt:
            found += _faults(detail, node, model, file)
    return found, error.error_count() - len(details)


def _as_meant(loc: tuple[str | int, ...], model: type[BaseModel]) -> tuple[str | int, ...]:
    """Where a misspelt key would have led."""
    return (*loc[:-1], _meant(str(loc[-1]), known_keys(model, loc[:-1])))


def _faults(detail: ErrorDetails, node: Node, model: type[BaseModel], file: str) -> list[Fault]:
    kind, loc = detail["type"], detail["loc"]
    context: Mapping[str, Any] = detail.get("ctx", {})
    if kind == "refused":
        return [
            place(node, (*loc, *blemish.at), blemish.rule, blemish.found, blemish.remedy, file)
            for blemish in context["blemishes"]
        ]
    rule, found, remedy = _wording(kind, detail, context, model)
    return [place(node, (*loc, "[key]") if kind == "extra_forbidden" else loc, rule, found, remedy, file)]


def _wording(
    kind: str, detail: ErrorDetails, context: Mapping[str, Any], model: type[BaseModel]
) -> tuple[str, object, str]:
    loc, data = detail["loc"], detail["input"]
    if kind == "missing":
        return "must be given", "", f"Add {loc[-1]}: and a value"
    if kind == "extra_forbidden":
        return "is not a key that is known here", str(loc[-1]), near(str(loc[-1]), known_keys(model, loc[:-1]))
    if kind == "string_type":
        return "must be text", data, f'Write it in quotes: "{data}"' if isinstance(data, (int, float)) else ""
    if kind == "literal_error":
        choices = context["expected"].replace("'", "")
        return f"must be {choices}", data, near(str(data), choices.replace(" or ", ", ").split(", "), " ").strip()
    rule, remedy = _RULES.get(kind, (detail["msg"], ""))
    return rule, data, remedy


def place(node: Node, loc: Iterable[str | int], rule: str, found: object, remedy: str, file: str) -> Fault:
    """A fault where ``loc`` leads to below ``node``; a trailing "[key]" means the key itself."""
    keys = list(loc)
    at_key = bool(keys) and keys[-1] == "[key]"
    if at_key:
        keys.pop()
    for position, key in enumerate(keys):
        child = node.get(key)
        if child is None or (at_key and position == len(keys) - 1):
            return node.key_fault(str(key), rule, found, remedy, file)
        node = child
    return node.fault(rule, found, remedy, file)


def known_keys(model: type[BaseModel], loc: Iterable[str | int]) -> list[str]:
    """The keys of the mapping that ``loc`` leads to."""
    shape: Any = model
    for key in loc:
        shape = below(shape, key)
    names = [alias(name, field) for name, field in shape.model_fields.items()] if _is_model(shape) else []
    return [*(name for name in names if name != "name"), "stages"] if shape is Cluster else names


def alias(name: str, field: Any) -> str:
    """How a field is written."""
    return str(field.alias or name)


def _is_model(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, BaseModel)


def below(shape: Any, key: str | int) -> Any:
    """The annotation of what lies under ``key``; None where nothing is known."""
    if _is_model(shape):
        fields = {alias(name, field): field for name, field in shape.model_fields.items()}
        return _bare(fields[str(key)].annotation) if key in fields else None
    arguments = get_args(shape)
    if get_origin(shape) in (dict, tuple) and arguments:
        return _bare(arguments[-1] if get_origin(shape) is dict else arguments[0])
    return None


def _bare(annotation: Any) -> Any:
    """An annotation without None and metadata."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        rest = [part for part in get_args(annotation) if part is not type(None) and get_origin(part) is not Literal]
        return _bare(rest[0]) if rest else None
    return annotation


def mended(data: Any, error: ValidationError, model: type[BaseModel], frame: Frame) -> Any:
    """A copy of plain ``data`` without what was refused, so that the rest can be checked in the same pass."""
    stand_ins = {
        "duration": "0d",
        "capacity": MOST_UNITS,
        "amount": LARGEST,
        "arrives": frame.start.isoformat(),
        "start": frame.start.isoformat(),
        "horizon": frame.start.replace(year=frame.start.year + 100, day=1).isoformat(),
        "scenario": "nameless",
        "go_to_market": True,
    }
    for detail in sorted(error.errors(include_url=False), key=lambda detail: str(detail["loc"]), reverse=True):
        data = _mend(data, list(detail["loc"]), model, stand_ins)[0]
    return data


_GONE: Final = object()


def _mend(data: Any, loc: list[str | int], shape: Any, stand_ins: Mapping[str, Any]) -> tuple[Any, bool]:
    """``data`` with what ``loc`` leads to taken out or replaced, and whether this level could do it."""
    if not loc or loc[0] == "[key]":
        return data, False
    key, rest = loc[0], loc[1:]
    if isinstance(data, tuple) and isinstance(key, int) and key < len(data):
        inner, done = _mend(data[key], rest, below(shape, key), stand_ins)
        return (*data[:key], *((inner,) if done else ()), *data[key + 1 :]), True
    if not isinstance(data, dict):
        return data, False
    if key in data and rest:
        inner, done = _mend(data[key], rest, below(shape, key), stand_ins)
        if done:
            return {**data, key: inner}, True
    if _is_model(shape):
        field = next((f for name, f in shape.model_fields.items() if alias(name, f) == key), None)
        if field is not None and key in stand_ins:
            return {**data, key: stand_ins[str(key)]}, True
        if field is not None and field.is_required():
            return data, False
        if field is None and (meant := _meant(str(key), known_keys(shape, ()))) and meant not in data:
            return {meant if name == key else name: value for name, value in data.items()}, True
    return {name: value for name, value in data.items() if name != key}, True
