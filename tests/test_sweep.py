"""`sweep` on a world whose answers are known."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import simulator as sg
from simulator.cli import main
from simulator.studies.sweep import Varied

WORLD = """
scenario: small
start: 2025-01-01
horizon: 2026-12-31
deadline: 2025-06-30   # day 180
resources: {framework: {capacity: 1}}
route:
  - stage: tender
    go_to_market: true
    holds: {framework: 1}
    duration: 100d
clusters: {Alder: {}, Birch: {}}
schedules:
  at once: {all: 2025-01-01}
  stagger: {first: 2025-01-01, every: 6mo, order: [Alder, Birch]}
"""


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a.b=1..4", ("1", "2", "3", "4")),
        ("a=0mo..12mo:6mo", ("0mo", "6mo", "12mo")),
        ("a=5y,7y, 10y", ("5y", "7y", "10y")),
        ("a=0.1..0.3:0.1", ("0.1", "0.2", "0.3")),
        ("a=1..4:2", ("1", "3")),
        ("a=10%..20%:5%", ("10%", "15%", "20%")),
    ],
)
def test_values_are_read_as_they_would_be_written(text: str, values: tuple[str, ...]) -> None:
    assert Varied.parse(text).values == values


@pytest.mark.parametrize("text", ["capacity", "a=", "=1", "a=1..x", "a=4..1", "a=1..4:0", "a=1mo..4y", "a=1,,2"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(sg.StaggerError, match="what is varied must be PATH=VALUES"):
        Varied.parse(text)


def test_two_values_at_once_by_hand() -> None:
    """One place: the second waits 100 days and is live on day 200, too late. Two places or 90 days of work: in time."""
    vary = ["resources.framework.capacity=1..2", "route.tender.duration=90d,100d"]
    found = sg.sweep(sg.parse(WORLD), vary, replications=5)
    assert {point.values: (point.on_time, point.p80) for point in found.points} == {
        ("1", "90d"): (1.0, "2025-06-30"),
        ("1", "100d"): (0.0, "2025-07-20"),
        ("2", "90d"): (1.0, "2025-04-01"),
        ("2", "100d"): (1.0, "2025-04-11"),
    }


def test_the_schedule_whose_rule_is_varied_is_the_one_that_is_run() -> None:
    found = sg.sweep(sg.parse(WORLD), "schedules.stagger.every=2mo,6mo", replications=2)
    assert found.schedule == "stagger"
    # Two months: Birch asks on day 59 and is served on day 100. Six: it goes on 1 July, day 181.
    assert [point.p50 for point in found.points] == ["2025-07-20", "2025-10-09"]


def test_every_point_is_what_a_run_of_the_changed_scenario_says() -> None:
    scenario = sg.parse(WORLD.replace("duration: 100d", "duration: {uniform: [50d, 150d]}"))
    found = sg.sweep(scenario, "resources.framework.capacity=1,2", replications=400, seed=5)
    for point in found.points:
        changed = sg.change(scenario, {"resources.framework.capacity": point.values[0]})
        programme = sg.run(changed, replications=400, seed=5).summary()["programme"]
        assert (point.on_time, point.p80) == (programme["on_time"]["p"], programme["finish"]["p80"])
        assert point.on_time_interval == tuple(programme["on_time"]["interval"])


def test_infeasible_points_are_shown_and_the_rest_still_run() -> None:
    found = sg.sweep(sg.parse(WORLD), "resources.framework.capacity=0,1", replications=2)
    assert found.points[0].on_time is None
    assert "framework" in found.points[0].infeasible
    assert found.points[1].on_time == 0.0


def test_a_path_that_leads_nowhere_is_an_error() -> None:
    with pytest.raises(sg.StaggerError, match="must be the path of a value"):
        sg.sweep(sg.parse(WORLD), "resources.framwork.capacity=1,2", replications=2)


def test_the_command(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(WORLD)
    how = [
        "sweep",
        str(file),
        "--vary",
        "resources.framework.capacity=0..2",
        "--vary",
        "route.tender.duration=90d,100d",
    ]
    run = CliRunner().invoke(main, [*how, "-n", "3", "--json", "--out", str(tmp_path / "out")])
    assert run.exit_code == 0, run.output
    document = json.loads(run.stdout)
    assert len(document["points"]) == 6
    rows = list(csv.DictReader((tmp_path / "out/sweep.csv").read_text().splitlines()))
    assert [row["resources.framework.capacity"] for row in rows] == ["0", "0", "1", "1", "2", "2"]
    words = CliRunner().invoke(main, [*how, "-n", "3"])
    assert "goes from 0.0% to 100.0%" in words.stdout.replace("\n", " ")
    assert "Infeasible at 0, 90d" in words.stdout
