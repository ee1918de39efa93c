"""A cluster's own stage values laid over the route's."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.errors import ScenarioError
from simulator.scenario import parse
from simulator.scenario.merge import merged
from simulator.scenario.read import read_value

LOGNORMAL = "{lognormal: {median: 4d, p90: 8d}}"


def laid_over(base: str, own: str) -> Any:
    return merged(read_value(base), read_value(own)).plain()


@pytest.mark.parametrize(
    ("base", "own", "result"),
    [
        ("{a: 1, b: 2}", "{b: 3, c: 4}", {"a": 1, "b": 3, "c": 4}),
        ("{board: {name: x, pass: 75%}}", "{board: {pass: 20%}}", {"board": {"name": "x", "pass": "20%"}}),
        ("{holds: {a: 1}}", "{holds: {b: 2}}", {"holds": {"a": 1, "b": 2}}),
        ("[1, 2]", "[3]", (3,)),
        # a distribution: part of the same kind merges, anything else replaces it whole
        ("{gamma: {mean: 4d, sd: 8d}}", "{gamma: {sd: 9d}}", {"gamma": {"mean": "4d", "sd": "9d"}}),
        (LOGNORMAL, "{lognormal: {mean: 4d, sd: 1d}}", {"lognormal": {"mean": "4d", "sd": "1d"}}),
        (LOGNORMAL, "{gamma: {mean: 4d, sd: 1d}}", {"gamma": {"mean": "4d", "sd": "1d"}}),
        ("{pert: [1d, 2d, 3d]}", "{pert: [2d, 3d, 4d]}", {"pert": ("2d", "3d", "4d")}),
        ("{pert: [1d, 2d, 3d], truncate: [1d, 2d]}", "{uniform: [2d, 3d]}", {"uniform": ("2d", "3d")}),
        ("{pert: [1d, 2d, 3d]}", "{truncate: [0d, 2d]}", {"pert": ("1d", "2d", "3d"), "truncate": ("0d", "2d")}),
        ("{pert: [1d, 2d, 3d]}", "5d", "5d"),
        ("5d", "{pert: [1d, 2d, 3d]}", {"pert": ("1d", "2d", "3d")}),
    ],
)  # fmt: skip
def test_merge(base: str, own: str, result: Any) -> None:
    assert laid_over(base, own) == result


TEXT = """\
scenario: s
start: 2025-01-01
horizon: 2030-01-01
boards: {b: {meets: {every: 1mo, from: 2025-01-01}}}
route:
  - {stage: one, board: {name: b, pass: 90%}}
  - {stage: two, duration: 2d}
clusters:
  A:
    stages: {one: {duration: 1d, board: {pass: 20%}}}
  B:
    stages: {one: {duration: 3d, board: {pass: 120%}}}
"""


def test_faults_stand_where_the_value_was_written() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse(TEXT, "s.yaml")
    (fault,) = caught.value.faults
    assert (fault.line, fault.column) == (12, 48)
    assert fault.path == "clusters.B.stages.one.board.pass"


def test_a_route_may_leave_to_its_clusters_what_all_of_them_give() -> None:
    scenario = parse(TEXT.replace("120%", "50%"))
    first = {name: cluster.route[0] for name, cluster in scenario.clusters.items()}
    assert [first[name].duration.mean for name in "AB"] == [1, 3]  # type: ignore[union-attr]


def test_what_one_cluster_leaves_out_is_missed() -> None:
    with pytest.raises(ScenarioError, match=r"^s.yaml:6:5: route.one.duration: must be given"):
        parse(TEXT.replace("duration: 3d, board: {pass: 120%}", "stretch: 2"), "s.yaml")


def test_routes_by_name_and_the_first_by_default() -> None:
    text = (
        "scenario: s\nstart: 2025-01-01\nhorizon: 2030-01-01\n"
        "routes: {long: [{stage: a, duration: 9d}], short: [{stage: b, duration: 1d}]}\n"
        "clusters: {A: {}, B: {route: short}}\n"
    )
    scenario = parse(text)
    assert [cluster.route[0].stage for cluster in scenario.clusters.values()] == ["a", "b"]  # type: ignore[union-attr]


def test_a_route_nobody_takes_is_checked_too() -> None:
    text = (
        "scenario: s\nstart: 2025-01-01\nhorizon: 2030-01-01\n"
        "routes: {long: [{stage: a, duration: 9d}], short: [{stage: b, duration: 1}]}\nclusters: {A: {}}\n"
    )
    with pytest.raises(ScenarioError, match=r"routes\.short\.b\.duration: a length of time must carry its unit"):
        parse(text)
