"""Cimba: compiled, a coroutine per cluster. One worker, since the others have one too."""

from __future__ import annotations

from functools import cache

import cimba as cb
import numpy as np

from benchmarks.peers import CLUSTERS, MEAN, SLOTS


class TwoSlots(cb.Model):
    """Five clusters and two slots."""

    slots: cb.Resource = cb.Resource(capacity=SLOTS)
    last: cb.Output[float]

    @cb.process(copies=CLUSTERS)
    def cluster(self) -> None:
        self.slots.acquire()
        cb.hold(cb.random.exponential(MEAN))
        self.slots.release()
        self.last = cb.now()


@cache
def _experiment(count: int) -> tuple[TwoSlots, cb.Experiment]:
    """Made once, with its seeds, so that the clock sees the running only."""
    model = TwoSlots()
    seeds = np.random.default_rng(1).integers(1, 2**63, size=count, dtype=np.uint64)
    return model, cb.Experiment(model, replications=count, seeds=seeds)


def futures(count: int) -> np.ndarray:
    """The day on which the last is done, per replication."""
    model, experiment = _experiment(count)
    return np.asarray(experiment.run(workers=1)[model].last).ravel()
