"""How functions are compiled ahead, and from when on it pays to use them.

A compiled function stands in a module called `kernel` of the room that uses it, and calls nothing of another module,
since numba's cache on disk does not notice when that changes. Its types are given, so that nothing is inferred when the
cache is read (9 ms for all of a room's); the first import after installation compiles. It lets go of the interpreter's
lock. Beside it stands a plain twin in NumPy: for few replications, where numba is missing, and for the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

PAYS_FROM: Final = 200
"""Replications from which compiled functions pay for their import."""


def pays(replications: int) -> bool:
    """Whether compiled functions do the work: numba is there, and the block is not too small for it."""
    return replications >= PAYS_FROM and find_spec("numba") is not None


def inner(function: Callable[..., Any]) -> Any:
    """A function that others of its module call; it becomes a part of them."""
    return _compiler()(function, **_options(), no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)


def entry(*types: Any) -> Any:
    """Compiles a function that takes arguments of these types, fills some of them, and returns nothing."""
    from numba.types import void  # type: ignore[attr-defined]

    return _compiler()(void(*types), **_options())


def read(kind: str, dimensions: int) -> Any:
    """The type of an array that is only read, and may be read-only."""
    from numba import types

    return types.Array(getattr(types, kind), dimensions, "C", readonly=True)


def filled(kind: str, dimensions: int) -> Any:
    """The type of an array that results are put into."""
    from numba import types

    return types.Array(getattr(types, kind), dimensions, "C")


def scalar(kind: str) -> Any:
    """The type of a number."""
    from numba import types

    return getattr(types, kind)


def times(kind: Any, count: int) -> Any:
    """The type of a tuple of so many."""
    from numba import types

    return types.UniTuple(kind, count)  # type: ignore[no-untyped-call]


@cache
def is_kept() -> bool:
    """Whether numba finds a place to keep what it compiled; in some installations nobody may write anywhere."""
    try:
        _compiler()(cache=True)(_nothing)
    except RuntimeError:
        return False
    return True


def _nothing() -> None:
    """What is compiled to find out."""


def _compiler() -> Any:
    from numba import njit

    return njit


def _options() -> dict[str, Any]:
    """Arrays are never made in a compiled function, so counting references to them (nrt) would only cost."""
    return {"cache": is_kept(), "nogil": True, "error_model": "numpy", "_nrt": False}
