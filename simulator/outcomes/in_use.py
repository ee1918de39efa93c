"""Units of each resource in use, and those there are, day by day."""

from __future__ import annotations

import numpy as np

from simulator.network.values import IntArray
from simulator.outcomes.milestones import Milestones
from simulator.outcomes.resources import holdings


def units_in_use(milestones: Milestones, days: IntArray) -> IntArray:
    """Units in use on some days, (R, D, N): those granted by the day and not returned by it."""
    used = np.zeros((len(milestones.network.resources), len(days), milestones.size), dtype=np.int32)
    for claims, granted, left in holdings(milestones):
        inside = (granted <= days[:, None]) & (days[:, None] < left)
        for resource, units in claims:
            used[resource] += units * inside
    return used


def capacity_on(milestones: Milestones, days: IntArray) -> IntArray:
    """Units that can be held on some days, (R, D, N), by the calendar of each resource (rule 16)."""
    network = milestones.network
    there = np.zeros((len(network.resources), len(days), milestones.size), dtype=np.int32)
    for resource in range(len(network.resources)):
        step = np.searchsorted(network.capacity_days[resource], days, side="right") - 1
        units = network.capacity_values[resource][step][:, None]
        there[resource] = np.where(units < 0, milestones.inputs.capacity[resource], units)
    return there
