"""Results to write briefings about: small ones, and ones made to hurt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import simulator as sg
from simulator.scenario import Scenario

ROOT = Path(__file__).parents[1]
SMALL: Final = str(ROOT / "scenarios" / "two-clusters.yaml")
REAL: Final = str(ROOT / "scenarios" / "shared-services-2022.yaml")

HOSTILE: Final = {
    "<script>alert(1)<script>": "<script>alert(1)<script>",
    "=cmd|' -C calc'!A0": "=cmd|' -C calc'!A0",
    "\u202eevil\u202c \u05d0\u05d1": "\ufffdevil\ufffd \u05d0\u05d1",
    "x" * 280: "x" * 280,
    "party \U0001f389 {{ 7*7 }} {% raw %}": "party \U0001f389 {{ 7*7 }} {% raw %}",
    "& \"quotes\" 'n' <b> &amp;": "& \"quotes\" 'n' <b> &amp;",
}
"""Names that a stranger may give to clusters, and what a reader sees of them: no sign that steers the eye."""
SOURCE: Final = "</table> \x07 \ufffe =1+1"
"""A source that breaks XML where it is written as it stands."""
SHOWN_SOURCE: Final = "</table> \ufffd \ufffd =1+1"


def scenario(
    clusters: list[str],
    horizon: str = "2032-01-01",
    deadline: str | None = "2028-06-30",
    schedules: int = 2,
    source: str = "we say so",
    others: Mapping[str, Any] | None = None,
) -> Scenario:
    """A scenario in which these clusters wait for one framework, each with a legacy system of its own.

    ``others`` stand in place of the parts of the file of that name; a part that is None is left out.
    """
    first = date(2025, 3, 1)
    dates = {
        f"every {7 * k} days": {
            name: (first + timedelta(days=7 * k * i)).isoformat() for i, name in enumerate(clusters)
        }
        for k in range(schedules)
    }
    fails = {"unsupported": "0.5/y"}
    plain: dict[str, Any] = {
        "scenario": f"Buyers: {clusters[0]}",
        "start": "2025-01-01",
        "horizon": horizon,
        "deadline": deadline,
        "source": source,
        "quality": "assumed",
        "money": {"unit": "£m", "discount_rate": "3.5%"},
        "resources": {"framework": {"capacity": 2}},
        "route": [
            {
                "stage": "tender",
                "go_to_market": True,
                "holds": {"framework": 1},
                "marks": "award",
                "duration": {"lognormal": {"median": "4mo", "p90": "8mo"}},
                "cost": {"fixed": 2},
            },
            {"stage": "build", "duration": {"lognormal": {"median": "12mo", "p90": "24mo"}}},
        ],
        "clusters": {name: {"savings": {"full_rate": "2/y"}} for name in clusters},
        "legacy": {
            f"system of {name}": {"used_by": [name], "end_of_support": "2027-06-30", "failures": fails}
            for name in clusters[:10]
        },
        "schedules": dates,
    }
    plain = {name: part for name, part in (plain | dict(others or {})).items() if part is not None}
    return sg.parse(json.dumps(plain, ensure_ascii=False).replace("\ufffe", "\\ufffe"))
