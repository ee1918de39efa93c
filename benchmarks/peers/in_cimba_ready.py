"""Cimba at its barest: the experiment made and its seeds drawn before the clock starts.

Seeding is most of what a short replication costs there: a `numpy.random.SeedSequence` each.
"""

from __future__ import annotations

from functools import cache

import cimba as cb
import numpy as np

from benchmarks.peers.in_cimba import TwoSlots, last_days


@cache
def _experiment(count: int) -> tuple[TwoSlots, cb.Experiment]:
    model = TwoSlots()
    seeds = np.random.default_rng(1).integers(1, 2**63, size=count, dtype=np.uint64)
    return model, cb.Experiment(model, replications=count, seeds=seeds)


def futures(count: int) -> np.ndarray:
    """The day on which the last is done, per replication."""
    return last_days(*_experiment(count))
