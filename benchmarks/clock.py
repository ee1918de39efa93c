"""Rounds and medians: A B C, A B C, …, so that what else the machine does falls on all alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import perf_counter

Layers = dict[str, float]
"""Seconds per replication, by layer."""


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    begin = perf_counter()
    work()
    return perf_counter() - begin


def medians(
    subjects: Mapping[str, Callable[[], Layers]], rounds: int, said: Callable[[str], None]
) -> dict[str, Layers]:
    """The median of each layer of each subject over interleaved rounds, after one that is not counted.

    That one compiles and fills caches. ``said`` hears which round begins.
    """
    seen: dict[str, list[Layers]] = {name: [] for name in subjects}
    for number in range(rounds + 1):
        said(f"round {number} of {rounds}" if number else "warming up")
        for name, measure in subjects.items():
            layers = measure()
            if number:
                seen[name].append(layers)
    return {name: _medians(layers) for name, layers in seen.items()}


def _medians(rounds: Sequence[Layers]) -> Layers:
    return {layer: median(each[layer] for each in rounds) for layer in rounds[0]}
