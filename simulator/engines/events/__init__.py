"""The model as SimPy processes, one per activity, written to be read.

`future` has the life of an activity from beginning to end, `line` and `board` what it waits for, `calendar` the order
of things on one day, `lists` the network. Numbers in comments are the rules of `simulator.engines`.
"""

from __future__ import annotations

import numpy as np

from simulator.engines.events.future import Future
from simulator.engines.events.lists import Lists
from simulator.inputs import Inputs
from simulator.network import Network
from simulator.timeline import Timeline


def run(network: Network, inputs: Inputs) -> Timeline:
    """The timeline of every replication, each simulated by itself."""
    lists = Lists(network)
    record = Record(network, inputs.replications)
    for replication in range(inputs.replications):
        future = Future(lists, inputs, replication)
        future.run()
        record.keep(replication, future)
    return Timeline(network=network, **record.arrays)


class Record:
    """The arrays of a timeline, filled one replication at a time."""

    PER_ACTIVITY = ("asked", "granted", "started", "worked", "finished", "disrupted", "reworked", "rework_disrupted")
    OF_LINE = ("waited", "waiting_for", "peak")
    PACED = ("completions", "crowd")

    def __init__(self, network: Network, replications: int) -> None:
        rows = dict.fromkeys((*self.PER_ACTIVITY, "waiting_for"), len(network.activities))
        rows |= {"waited": network.slots, "peak": len(network.resources)}
        rows |= dict.fromkeys(self.PACED, len(network.paced))
        self.paced = network.paced.tolist()
        self.arrays = {name: np.empty((count, replications), dtype=np.int32) for name, count in rows.items()}

    def keep(self, replication: int, future: Future) -> None:
        """Copy what one future recorded into its column."""
        for name in self.PER_ACTIVITY:
            self.arrays[name][:, replication] = getattr(future, name)
        for name in self.OF_LINE:
            self.arrays[name][:, replication] = getattr(future.line, name)
        for name in self.PACED:
            met = getattr(future, name)
            self.arrays[name][:, replication] = [met[a] for a in self.paced]
