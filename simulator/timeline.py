"""What happened, and when: facts only, one column per replication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from simulator.network import Network
from simulator.network.values import IntArray


@dataclass(frozen=True)
class Timeline:
    """Days of every activity in every replication; `NEVER` where it did not happen by the horizon.

    Each array is int32. Its rows are activities (A, N), those with learning or congestion (Q, N), wait slots (W, N) or
    resources (R, N).
    """

    network: Network
    asked: IntArray
    """(A, N) the day it was released, and asked for what it seizes and spends."""
    granted: IntArray
    started: IntArray
    worked: IntArray
    """(A, N) the end of the first work."""
    finished: IntArray
    disrupted: IntArray
    """(A, N) days that failures of legacy systems added to the first work."""
    reworked: IntArray
    """(A, N) days of rework after returns by a board, as sampled."""
    rework_disrupted: IntArray
    """(A, N) days that failures of legacy systems added to rework."""
    waited: IntArray
    """(W, N) days in line because of each thing asked for; see `Network.slot_name`."""
    waiting_for: IntArray
    """(A, N) the wait slot that an activity is still in line for at the horizon, -1 otherwise."""
    peak: IntArray
    """(R, N) the most units in use at one time."""
    completions: IntArray
    """(Q, N) what other clusters had completed of the stage as work began, a row for each of `Network.paced`; -1 where
    work did not begin, or does not learn."""
    crowd: IntArray
    """(Q, N) units in use of the resource that congests it as work began; -1 where work did not begin, or none does."""

    @property
    def activities(self) -> tuple[str, ...]:
        """Names, in the order of the rows."""
        return self.network.activities

    @property
    def replications(self) -> int:
        """N."""
        return int(self.asked.shape[1])

    @classmethod
    def arrays(cls) -> tuple[str, ...]:
        """Names of the arrays, in order."""
        return tuple(item.name for item in fields(cls) if item.name != "network")

    @classmethod
    def joined(cls, parts: Sequence[Timeline]) -> Timeline:
        """The timelines of consecutive blocks of replications as one."""
        arrays: dict[str, Any] = {
            name: np.concatenate([getattr(part, name) for part in parts], axis=1) for name in cls.arrays()
        }
        return cls(network=parts[0].network, **arrays)
