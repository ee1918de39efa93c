"""Cimba: compiled, a coroutine per cluster. One worker, since the others have one too."""

from __future__ import annotations

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


def futures(count: int) -> np.ndarray:
    """The day on which the last is done, per replication."""
    model = TwoSlots()
    return last_days(model, cb.Experiment(model, replications=count, seed=1))


def last_days(model: TwoSlots, experiment: cb.Experiment) -> np.ndarray:
    """What an experiment with the model answers."""
    return np.asarray(experiment.run(workers=1)[model].last).ravel()
