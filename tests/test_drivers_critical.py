"""What was critical, and what bound: single futures by hand, on both engines' timelines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from futures import scenario_of

import simulator as sg
from simulator.engines import run_engine
from simulator.inputs import prepare
from simulator.outcomes import Outcomes, measure
from simulator.outcomes.critical import SCHEDULE, Critical, critical
from simulator.outcomes.milestones import Milestones
from simulator.outcomes.values import OTHERS
from simulator.scenario import Scenario


def decided(
    scenario: Scenario,
    forced: Mapping[str, float | np.ndarray],
    size: int,
    engine: str = "batch",
    of: str | None = None,
) -> tuple[Outcomes, Critical]:
    """What decided some futures for a cluster, or for the programme."""
    network = sg.compile(scenario)
    draws = sg.draw(scenario, size, seed=1).replacing(forced)
    inputs = prepare(network, draws)
    timeline = run_engine(network, inputs, engine)
    outcomes = measure(scenario, network, inputs, draws, timeline)
    chosen = range(len(network.clusters)) if of is None else (network.clusters.index(of),)
    return outcomes, critical(Milestones(network, inputs, draws, timeline), outcomes.clusters, chosen)


def read(
    text: str,
    forced: Mapping[str, float] | None = None,
    of: str | None = None,
    engine: str = "batch",
    horizon: int = 1000,
) -> tuple[set[str], dict[str, int]]:
    """The critical stages of one future, and the days waited."""
    _, found = decided(scenario_of(text, horizon), forced or {}, 1, engine, of)
    stages = {name for name, where in found.stages.items() if where[0]}
    return stages, {name: int(days[0]) for name, days in found.waits.items() if days[0]}


TWO_ROUTES = """
    routes:
      short: [{stage: buy, duration: {uniform: [10d, 50d]}}]
      long: [{stage: ask, duration: 20d}, {stage: build, duration: 10d}]
    clusters: {Alder: {route: short}, Birch: {route: long}}
"""


@pytest.mark.parametrize(
    ("days", "stages"),
    [(29, {"Birch/ask", "Birch/build"}), (30, {"Alder/buy"}), (31, {"Alder/buy"})],
)
def test_of_two_routes_the_longer_is_critical(days: float, stages: set[str], engine: str) -> None:
    """Birch takes 20 + 10 = 30 days; on the same day, the first in the file counts as the last."""
    assert read(TWO_ROUTES, {"Alder/buy/duration": days}, engine=engine) == (stages, {})
    assert read(TWO_ROUTES, {"Alder/buy/duration": days}, of="Birch", engine=engine)[0] == {"Birch/ask", "Birch/build"}


def test_the_criticality_index_is_the_chance_that_a_route_is_the_longer() -> None:
    """Alder's days are uniform on 10 to 50 and rounded: at least 30 with probability (50 - 29.5)/40 = 0.5125."""
    answer = sg.drivers(scenario_of(TWO_ROUTES), replications=4000, indices=0)
    found = {each.stage: each for each in answer.critical}
    assert found["Alder/buy"].share == pytest.approx(0.5125, abs=4 * (0.25 / 4000) ** 0.5)
    assert found["Alder/buy"].share + found["Birch/build"].share == 1.0
    assert found["Alder/buy"].interval[0] < 0.5125 < found["Alder/buy"].interval[1]
    assert answer.binding == ()


ACROSS = """
    milestones: {standards: {uniform: [@1, @200]}}
    route:
      - {stage: case, duration: 40d}
      - {stage: build, duration: 30d}
    clusters:
      Alder: {stages: {case: {duration: {uniform: [1d, 200d]}}}}
      Birch: {after: {build: [Alder/case, standards]}}
"""


@pytest.mark.parametrize(
    ("case", "standards", "stages", "waits"),
    [
        # Alder: 30 + 30 = 60. Birch: 40 + 30 = 70, its own case was last.
        (30, 20, {"Birch/case", "Birch/build"}, {}),
        # Alder's case is over on day 100, Birch builds from 100 to 130 as Alder does: the first in the file is Alder.
        (100, 20, {"Alder/case", "Alder/build"}, {}),
        # Standards come on day 120: Birch builds to day 150, and waited 120 - 40 days for them.
        (100, 120, {"standards", "Birch/build"}, {"standards": 80}),
    ],
)
def test_chains_go_through_other_clusters_and_milestones(case, standards, stages, waits, engine: str) -> None:
    forced = {"Alder/case/duration": case, "standards": standards}
    assert read(ACROSS, forced, engine=engine) == (stages, waits)


def test_for_a_cluster_the_other_on_its_chain_is_critical(engine: str) -> None:
    """Birch's own case, over on day 40, had 60 days of slack; it waited those 60 days for Alder."""
    stages, waits = read(ACROSS, {"Alder/case/duration": 100.0, "standards": 20.0}, "Birch", engine)
    assert (stages, waits) == ({"Alder/case", "Birch/build"}, {"Alder": 60})


SCHEDULED = """
    resources: {framework: {capacity: 1}}
    boards: {committee: {meets: {every: 30d, from: @0}}}
    windows: {cutover: {dates: [@400]}}
    route:
      - {stage: case, duration: 10d}
      - {stage: tender, go_to_market: true, holds: {framework: 1}, duration: 50d, board: {name: committee}}
      - {stage: build, duration: 30d, window: cutover}
    clusters: {Alder: {}, Birch: {priority: 2}}
    schedules: {plan: {Alder: @100, Birch: @130}}
"""


def test_waits_by_hand(engine: str) -> None:
    """Birch is ready on day 10 and goes on day 130. Alder tenders from 100 to 150 and is heard on day 150.

    So Birch waits 20 days for the framework, tenders to day 200, is heard on day 210, and waits to day 400. Alder waits
    for the window from day 150; both are live on day 430, of which Alder is the first. The case had slack.
    """
    birch = {SCHEDULE: 120, "framework": 20, "committee": 10, "cutover": 190}
    assert read(SCHEDULED, of="Birch", engine=engine) == ({"Birch/tender", "Birch/build"}, birch)
    alder = {SCHEDULE: 90, "cutover": 250}
    assert read(SCHEDULED, engine=engine) == ({"Alder/tender", "Alder/build"}, alder)


def test_shares_of_what_bound_by_hand() -> None:
    answer = sg.drivers(scenario_of(SCHEDULED), "go_live", "Birch", replications=7, indices=0)
    found = {each.what: (each.kind, each.share, each.largest, each.mean_days) for each in answer.binding}
    assert found == {
        SCHEDULE: ("schedule", 1.0, 0.0, 120.0),
        "framework": ("resource", 1.0, 0.0, 20.0),
        "committee": ("board", 1.0, 0.0, 10.0),
        "cutover": ("window", 1.0, 1.0, 190.0),
    }


WAVES = """
    route:
      - {stage: build, duration: 20d}
      - {stage: rollout, duration: {uniform: [1d, 90d]}, for_each: department, waves: together}
      - {stage: close, duration: 5d}
    clusters:
      Alder: {departments: {Roads: {joins: 50%}, Rail: {joins: 50%}}}
      Birch: {begins_at: close, after: {close: [Alder/rollout]}}
"""
JOINS = {"Alder/rollout/Roads/duration": 90.0, "Alder/rollout/Rail/duration": 10.0, "Alder/Rail/joins": 0.1}


def test_the_wave_of_the_last_department_that_joins_decides(engine: str) -> None:
    """A department is live with its wave, so `close` decides nothing; Birch closes from day 30 on to day 35."""
    alone = {**JOINS, "Alder/Roads/joins": 0.9}
    assert read(WAVES, alone, "Alder", engine)[0] == {"Alder/build", "Alder/rollout"}
    assert read(WAVES, alone, "Birch", engine) == ({"Alder/build", "Alder/rollout", "Birch/close"}, {"Alder": 30})
    both = {**JOINS, "Alder/Roads/joins": 0.1}
    assert read(WAVES, both, "Birch", engine)[1] == {"Alder": 110}


def test_a_stage_whose_waves_are_skipped_is_not_critical(engine: str) -> None:
    """Nobody joins: waves take no time, Birch waits for the build alone, and Alder itself is never live."""
    nobody = {**JOINS, "Alder/Roads/joins": 0.9, "Alder/Rail/joins": 0.9}
    assert read(WAVES, nobody, "Birch", engine) == ({"Alder/build", "Birch/close"}, {"Alder": 20})
    assert read(WAVES, nobody, "Alder", engine) == (set(), {})


def test_what_is_not_live_by_the_horizon_has_a_chain_too(engine: str) -> None:
    """On day 100 Birch is still in line for the framework, which Alder keeps: 100 - 30 days, as `run` says."""
    text = """
    resources: {framework: {capacity: 1}}
    route: [{stage: tender, holds: {framework: 1}, duration: 500d, go_to_market: true}]
    clusters: {Alder: {}, Birch: {}}
    schedules: {plan: {Alder: @0, Birch: @30}}
    """
    assert read(text, of="Birch", engine=engine, horizon=100) == ({"Birch/tender"}, {SCHEDULE: 30, "framework": 70})


@pytest.mark.parametrize("name", ["nhs-patient-records", "shared-services-2022"])
def test_waits_are_those_of_where_the_time_went(name: str) -> None:
    """For every cluster and future, waits but the scheduled date add up to the waits of the time table."""
    scenario = sg.load(Path(__file__).parent.parent / f"scenarios/{name}.yaml")
    for cluster in list(scenario.clusters)[:3]:
        outcomes, found = decided(scenario, {}, 200, of=cluster)
        row = outcomes.names.clusters.index(cluster)
        parts = dict(zip(outcomes.clusters.parts, outcomes.clusters.time[row], strict=True))
        waits = sum(days for part, days in parts.items() if part.startswith("waiting: "))
        assert np.array_equal(sum(days for what, days in found.waits.items() if what != SCHEDULE), waits)
        named = {f"waiting: {what}" for what in found.waits} & set(parts)
        assert sum(parts[part].sum() for part in named) + parts[OTHERS].sum() == waits.sum()
        assert all((days >= 0).all() for days in found.waits.values())


def test_some_chain_decides_every_future() -> None:
    """In every future that ends, the decisive cluster's last stage is critical, and of one cluster only."""
    scenario = sg.load(Path(__file__).parent.parent / "scenarios/shared-services-2022.yaml")
    _, found = decided(scenario, {}, 500)
    ends = [where for name, where in found.stages.items() if name.endswith("/rollout")]
    assert (np.sum(ends, axis=0) >= 1).all()
