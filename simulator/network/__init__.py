"""The network: a scenario and one schedule with names replaced by indices.

Activities are in file order: milestones, then clusters as listed, stages as listed, waves as
listed. Dimension letters: **A** activities, **M** milestones (the first of the A), **R** resources,
**B** budgets, **T** tranches, **L** legacy systems, **P** phases that hold something, **W** wait
slots (one per thing an activity asks for).
"""

from __future__ import annotations

from simulator.network.build import compile_network, under
from simulator.network.values import Chance, Claims, Effect, LegacyTerms, Live, Network, Quantity, Ragged

__all__ = [
    "Chance",
    "Claims",
    "Effect",
    "LegacyTerms",
    "Live",
    "Network",
    "Quantity",
    "Ragged",
    "compile_network",
    "under",
]
