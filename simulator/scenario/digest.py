"""A fingerprint of what a scenario says, whatever its formatting."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from math import isfinite
from typing import Any, Final

from pydantic import BaseModel

from simulator.scenario.model import Scenario

_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=True)


_SCALARS: Final = {float, int, str, type(None)}
LONG: Final = 1000
"""Characters of a piece that is hashed by itself: it may come a thousand times."""


def digest(scenario: Scenario) -> str:
    """The SHA-256, in hexadecimal, of all values of a scenario.

    Formatting, comments, notes, the order of a value's own keys, defaults written out and units (`2w`, `14d`) make no
    difference; observations read from a CSV file do, and so does the order of what is named, since it decides ties.
    """
    pieces: list[str] = []
    _write(scenario, pieces.append, {})
    hashed = hashlib.sha256()
    for text in _together(pieces):
        hashed.update(text.encode("utf-8", "surrogatepass"))
    return hashed.hexdigest()


def _together(pieces: Iterable[str]) -> Iterator[str]:
    """The same texts in longer pieces, but for those that are long already."""
    short: list[str] = []
    for piece in pieces:
        if len(piece) > LONG:
            yield "".join(short)
            yield piece
            short.clear()
        else:
            short.append(piece)
    yield "".join(short)


def _write(value: Any, write: Callable[[str], None], known: dict[int, str]) -> None:
    """Write a value as JSON: lists, strings, numbers and null; mappings as lists of pairs, so that their order counts.

    It is written in pieces, and ``known`` keeps the texts of many numbers by their identity: a thousand stages may
    share the observations that they are drawn from.
    """
    if type(value) in _SCALARS:
        write(_plain(value))
    elif isinstance(value, BaseModel):
        for begin, name in _named(type(value)):
            write(begin)
            _write(getattr(value, name), write, known)
        write("]]")
    elif isinstance(value, tuple) and value and isinstance(value[0], float):
        if id(value) not in known:
            known[id(value)] = _JSON.encode(value)
        write(known[id(value)])
    elif isinstance(value, (dict, tuple)):
        _write_list(value.items() if isinstance(value, dict) else value, write, known)
    elif dataclasses.is_dataclass(value):
        names = _compared(value.__class__)
        _write_list((value.__class__.__name__, *(getattr(value, name) for name in names)), write, known)
    else:
        write(_plain(value))


def _plain(value: Any) -> str:
    """A value that is no list, as JSON; numbers by the quickest way to the same."""
    if value is None or (type(value) is float and isfinite(value)) or type(value) is int:
        return "null" if value is None else repr(value)
    return _JSON.encode(value.isoformat() if isinstance(value, date) else value)


def _write_list(items: Iterable[Any], write: Callable[[str], None], known: dict[int, str]) -> None:
    begin = "["
    for item in items:
        write(begin)
        _write(item, write, known)
        begin = ","
    write("]" if begin == "," else "[]")


@cache
def _named(kind: type[BaseModel]) -> list[tuple[str, str]]:
    """What is written before each value of a model, and the value's name."""
    return [(f"{'],[' if place else '[['}{_JSON.encode(name)},", name) for place, name in enumerate(kind.model_fields)]


@cache
def _compared(kind: type) -> tuple[str, ...]:
    """The fields that make two values of a kind differ."""
    return tuple(field.name for field in dataclasses.fields(kind) if field.compare)
