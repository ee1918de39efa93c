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
    """The median of each layer of each subject over interleaved rounds. ``said`` hears what is measured now."""
    seen: dict[str, list[Layers]] = {name: [] for name in subjects}
    for number in range(1, rounds + 1):
        for name, measure in subjects.items():
            said(f"round {number} of {rounds}: {name}")
            seen[name].append(measure())
    return {name: _medians(layers) for name, layers in seen.items()}


def _medians(rounds: Sequence[Layers]) -> Layers:
    return {layer: median(each[layer] for each in rounds) for layer in rounds[0]}
