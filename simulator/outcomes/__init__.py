"""What a planner reads off a timeline: milestones, lateness, legacy systems, money, and where the time went.

Everything is vectorised over replications and decides nothing: the timeline says what happened when.
Where the model leaves a choice, the docstring of the measure says which was made.
"""

from __future__ import annotations

from simulator.outcomes.block import measure
from simulator.outcomes.values import ClusterOutcomes, LegacyOutcomes, Outcomes, ProgrammeOutcomes, ResourceOutcomes

__all__ = ["ClusterOutcomes", "LegacyOutcomes", "Outcomes", "ProgrammeOutcomes", "ResourceOutcomes", "measure"]
