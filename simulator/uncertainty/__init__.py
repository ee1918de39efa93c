"""What a scenario is uncertain about, and how far what comes of it can be from what was seen."""

from __future__ import annotations

from simulator.uncertainty.inputs import Input, inputs_of
from simulator.uncertainty.reach import Reach

__all__ = ["Input", "Reach", "inputs_of"]
