"""A fingerprint of what a scenario says, whatever its formatting."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import date
from functools import cache
from typing import Any

from pydantic import BaseModel

from simulator.scenario.model import Scenario


def digest(scenario: Scenario) -> str:
    """The SHA-256, in hexadecimal, of all values of a scenario.

    Formatting, comments, notes, the order of a value's own keys, defaults written out and units (`2w`, `14d`) make no
    difference; observations read from a CSV file do, and so does the order of what is named, since it decides ties.
    """
    text = json.dumps(_plain(scenario), ensure_ascii=False, separators=(",", ":"), allow_nan=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _compared(kind: type) -> tuple[str, ...]:
    """The fields that make two values of a kind differ."""
    return tuple(field.name for field in dataclasses.fields(kind) if field.compare)


def _plain(value: Any) -> Any:
    """Lists, strings, numbers and null; mappings as lists of pairs, so that their order counts."""
    if isinstance(value, BaseModel):
        return [[name, _plain(getattr(value, name))] for name in type(value).model_fields]
    if isinstance(value, dict):
        return [[_plain(key), _plain(item)] for key, item in value.items()]
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(_plain(getattr(value, name)) for name in _compared(type(value)))]
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, float) else value
