"""What a planner reads off a timeline: milestones, lateness, legacy systems, money, and where the time went.

Everything is vectorised over replications and decides nothing: the timeline says what happened when. Every
measure is worked out when it is first read, so that a question pays for what it asks and for no more.
Where the model leaves a choice, the docstring of the measure says which was made.
"""

from __future__ import annotations

from simulator.outcomes.block import Outcomes, measure
from simulator.outcomes.clusters import ClusterOutcomes
from simulator.outcomes.programme import ProgrammeOutcomes
from simulator.outcomes.resources import ResourceOutcomes
from simulator.outcomes.systems import LegacyOutcomes
from simulator.outcomes.values import OPTIONAL

__all__ = [
    "OPTIONAL",
    "ClusterOutcomes",
    "LegacyOutcomes",
    "Outcomes",
    "ProgrammeOutcomes",
    "ResourceOutcomes",
    "measure",
]
