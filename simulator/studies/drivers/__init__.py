"""What drives the risk, and what is worth fixing first? One outcome looked into from four sides.

See docs/drivers.md for what the figures mean and where they mislead.
"""

from __future__ import annotations

from simulator.studies.drivers.answer import Drivers
from simulator.studies.drivers.study import drivers

__all__ = ["Drivers", "drivers"]
