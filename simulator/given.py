"""What a function was given by mistake: told with what would be right, before anything else goes wrong with it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from simulator.errors import StaggerError

LOADED: Final = "Give what load returns."
"""The remedy where a scenario is missing."""
PATH: Final = (str, os.PathLike)

_PLAIN: Final = (str, bytes, bool, int, float, os.PathLike, type(None))
_LONGEST: Final = 60


def require(given: object, kind: type | tuple[type, ...], rule: str, remedy: str) -> None:
    """That something is of a kind; ``rule`` says what is needed, such as "a run needs a scenario".

    Raises:
        StaggerError: it is not.
    """
    if not isinstance(given, kind):
        raise StaggerError(f"{rule} (found {_found(given)}). {remedy}")


def several(given: Any, kind: type | tuple[type, ...]) -> list[Any]:
    """One thing of a kind, or the items of a list, a generator and so on; what is neither stands for itself.

    So does a scenario, though Python can go through its fields.
    """
    many = isinstance(given, (Collection, Iterator)) and not isinstance(given, (str, bytes, Mapping))
    one = isinstance(given, kind) or not many
    return [given] if one else list(given)


def _found(given: object) -> str:
    """A plain value as it is written in Python, and of anything larger its type."""
    if not isinstance(given, _PLAIN):
        return f"something of type {type(given).__name__}"
    text = repr(given)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
