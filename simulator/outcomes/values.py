"""Names of what is measured. Days are int32 since the start, `NEVER` where it did not happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PLANNED: Final = "planned work"
BEYOND: Final = "work beyond plan"
RISKS: Final = "risk delays"
REWORK: Final = "rework"
DISRUPTION: Final = "disruption"
OTHERS: Final = "waiting: other clusters"


@dataclass(frozen=True)
class Names:
    """Names in the order of the rows."""

    clusters: tuple[str, ...]
    legacy: tuple[str, ...]
    resources: tuple[str, ...]


COLUMNS: Final = (
    "go_to_market",
    "award",
    "go_live",
    "first_live",
    "days_late",
    "on_time",
    "unsupported_days",
    "days_past_contract",
    "failures",
    "cost",
    "savings",
    "npv",
)
"""Columns of the table that are arrays of `ClusterOutcomes`."""
OPTIONAL: Final = frozenset({"go_to_market", "award", "go_live", "first_live", "days_late"})
"""Columns of the table that have no value where something did not happen by the horizon."""
