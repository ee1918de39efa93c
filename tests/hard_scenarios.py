"""Scenarios that are hard to draw: few and many clusters, long and hostile names, nothing ever live, one future."""

from __future__ import annotations

import json
from typing import Any

import simulator as sg
from simulator.scenario import Scenario

HOSTILE = (
    "<script>alert(1)<b>",
    "$math$ \\frac{1}{2}",
    "_hidden",
    "=cmd()",
    "naïve 中 عرب \u202eright to left",
    "🚀 emoji 👩‍💻",
    "a & b 'c' \"d\"",
    "%s %n {0}",
)
LONG = "A department with a name that goes on and on, and is not done yet, "


def hard(
    clusters: int = 3,
    hostile: bool = False,
    long: bool = False,
    late: bool = False,
    never: bool = False,
    deadline: bool = True,
    legacy: bool = True,
    money: bool = True,
    certain: bool = False,
    half: bool = False,
) -> Scenario:
    """A scenario of some clusters that all compete for one framework; the switches make it hard to draw."""
    names = [_name(number, hostile, long) for number in range(clusters)]
    data: dict[str, Any] = {
        "scenario": _name(99, hostile, long),
        "start": "2025-01-01",
        "horizon": "2026-01-01" if never else "2029-03-31" if half else "2034-12-31",
        "resources": {
            _name(50, hostile, long): {"capacity": max(clusters // 3, 1), "steps": {"2027-01-01": 2 + clusters}}
        },
        "route": _route(_name(50, hostile, long), never, certain, money),
        "clusters": {name: {"savings": {"full_rate": "3/y"}} if money else {} for name in names},
        "schedules": {
            _name(70, hostile, long): {"all": "2025-03-01"},
            _name(71, hostile, long): {"all": "2025-12-01" if never else "2026-09-01"},
        },
    }
    if deadline:
        data["deadline"] = "2025-06-30" if late or never else "2028-12-31" if half else "2029-06-30"
    if legacy:
        data["legacy"] = {_name(200 + k, hostile, long): _system(name, k) for k, name in enumerate(names)}
    if money:
        data["budgets"] = {_name(60, hostile, long): [{"arrives": "2025-02-01", "amount": 1000}]}
    return sg.parse(json.dumps(data, ensure_ascii=False))


def _name(number: int, hostile: bool, long: bool) -> str:
    first = f"{HOSTILE[number % len(HOSTILE)]} {number}" if hostile else f"Cluster {number}"
    return f"{first} {LONG * 5}"[:290].strip() if long else first


def _route(resource: str, never: bool, certain: bool, money: bool) -> list[dict[str, Any]]:
    length = "3y" if never else "8mo" if certain else {"triangular": ["4mo", "8mo", "24mo"]}
    stages = [
        {"stage": "tender", "go_to_market": True, "duration": length, "holds": {resource: 1}},
        {"stage": "build", "duration": length},
        {"stage": "rollout", "duration": "3mo"},
    ]
    if money:
        stages[1]["cost"] = {"fixed": 5, "per_month": 0.5}
    return stages


def _system(user: str, number: int) -> dict[str, Any]:
    """Support ends on many different days, some of them uncertain."""
    ends: Any = f"{2026 + number % 6}-{1 + number % 12:02d}-15"
    if number % 3 == 0:
        ends = {"triangular": ["2026-01-01", "2027-06-01", "2029-01-01"]}
    return {"used_by": [user], "end_of_support": ends, "contract_end": "2027-03-31", "running_cost": "2/y"}


CASES: dict[str, dict[str, Any]] = {
    "three": {"clusters": 3},
    "five": {"clusters": 5},
    "twelve": {"clusters": 12},
    "fifty": {"clusters": 50},
    "one cluster": {"clusters": 1},
    "long names": {"clusters": 5, "long": True},
    "fifty long hostile names": {"clusters": 50, "long": True, "hostile": True},
    "hostile names": {"clusters": 8, "hostile": True},
    "everything late": {"clusters": 5, "late": True},
    "nothing ever live": {"clusters": 5, "never": True},
    "no deadline": {"clusters": 4, "deadline": False},
    "no legacy systems": {"clusters": 4, "legacy": False},
    "no money": {"clusters": 4, "money": False},
    "certain": {"clusters": 4, "certain": True},
    "half never live": {"clusters": 5, "half": True},
    "twelve long names": {"clusters": 12, "long": True},
    "twelve long hostile names, half never live": {"clusters": 12, "long": True, "hostile": True, "half": True},
    "neither deadline nor legacy systems": {"clusters": 4, "deadline": False, "legacy": False},
}
