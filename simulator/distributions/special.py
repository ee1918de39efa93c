"""Special functions of scipy, imported when one is first used: reading a scenario needs none of them.

Importing scipy.special takes longer than checking a file.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    value = getattr(import_module("scipy.special"), name)
    globals()[name] = value
    return value
