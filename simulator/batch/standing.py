"""How far a batch has come, for whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """How far a batch has come."""

    phase: str
    """`reading` files, or `simulating` runs."""
    done: int
    total: int
    now: tuple[str, ...] = ()
    """What is worked on."""
    part: float = 0.0
    """How much of the one run is done that all workers are at, from 0 to 1; 0 where each is at a run of its own."""


Progress = Callable[[Standing], None]
