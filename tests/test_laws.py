"""Exact laws of queues and projects, within four standard errors that the tests compute."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import simulator as sg

REFERENCE = Path(__file__).parent / "data" / "queueing-reference"
Table = npt.NDArray[np.float64]


def scenario(**parts: object) -> sg.Scenario:
    """A scenario from plain data, long enough that nothing is cut off."""
    head = {"scenario": "a law", "start": "2000-01-01", "horizon": "2199-12-31"}
    return sg.parse(json.dumps({**head, **parts}))


def within_four_errors(samples: Table, truth: float, rounding: float) -> None:
    """Assert that the mean of independent samples is the truth, whole days allowed for."""
    error = samples.std(ddof=1) / np.sqrt(len(samples))
    assert abs(samples.mean() - truth) < 4 * error + rounding


@pytest.fixture(scope="module", params=[("batch", 20_000), ("events", 1_000)], ids=["batch", "events"])
def five_clusters(request: pytest.FixtureRequest) -> tuple[Table, Table]:
    """Waits, (5, N), and makespans, (N,), of five clusters before two slots, in units of the mean work."""
    engine, replications = request.param
    mean = 1000
    case = scenario(
        resources={"framework": {"capacity": 2}},
        route=[{"stage": "tender", "holds": {"framework": 1}, "duration": {"exponential": {"mean": f"{mean}d"}}}],
        clusters={name: {} for name in "ABCDE"},
    )
    timeline = sg.simulate(sg.compile(case), sg.draw(case, replications=replications, seed=5), engine=engine)
    return (timeline.granted - timeline.asked) / mean, timeline.finished.max(axis=0) / mean


def test_mean_wait_of_five_clusters_before_two_slots(five_clusters: tuple[Table, Table]) -> None:
    # The first two do not wait. With two at work a slot comes free every m/2 on average, so the others
    # wait m/2, m and 3m/2: (0 + 0 + 1/2 + 1 + 3/2) / 5 = 0.6 of m.
    waits, _ = five_clusters
    within_four_errors(waits.mean(axis=0), 0.6, rounding=0.001)


def test_mean_makespan_of_five_clusters_before_two_slots(five_clusters: tuple[Table, Table]) -> None:
    # Four ends, m/2 apart on average, with two at work; then the last one alone, m by lack of memory: 3 m.
    _, makespan = five_clusters
    within_four_errors(makespan, 3.0, rounding=0.001)


def test_spread_of_the_makespan_of_five_clusters_before_two_slots(five_clusters: tuple[Table, Table]) -> None:
    # Independent parts: four of variance m²/4 and one of m², in all 2 m². The variance of a sample variance
    # is (fourth central moment - variance²) / N.
    _, makespan = five_clusters
    squares = (makespan - 3.0) ** 2
    within_four_errors(squares, 2.0, rounding=0.005)


def test_stages_in_series_take_the_sum_of_their_means() -> None:
    case = scenario(
        route=[
            {"stage": "a", "duration": {"exponential": {"mean": "900d"}}},
            {"stage": "b", "duration": {"uniform": ["100d", "500d"]}},
        ],
        clusters={"A": {}},
    )
    timeline = sg.simulate(sg.compile(case), sg.draw(case, replications=20_000))
    within_four_errors(timeline.finished[-1].astype(float), 900 + 300, rounding=0.5)


def test_a_merge_waits_for_the_later_of_two() -> None:
    # E max of two exponentials of mean m is m + m/2.
    case = scenario(
        route=[{"stage": "a", "duration": {"exponential": {"mean": "1000d"}}}, {"stage": "b", "duration": "0d"}],
        clusters={"A": {"after": {"b": ["B/a"]}}, "B": {}},
    )
    network = sg.compile(case)
    timeline = sg.simulate(network, sg.draw(case, replications=20_000))
    within_four_errors(timeline.finished[network.index["A/b"]].astype(float), 1500, rounding=0.5)


SERVICE = 50
"""Mean service in days: whole days are then a fiftieth of it, and their effect on waits far smaller."""
CUSTOMERS, WARM_UP, QUEUES = 500, 250, 300


def queue(servers: int, load: float, service: object, seed: int) -> Table:
    """Mean wait over the later customers of each of `QUEUES` independent queues, in units of the mean service."""
    gap = SERVICE / (servers * load)
    names = [f"c{i}" for i in range(CUSTOMERS)]
    case = scenario(
        resources={"servers": {"capacity": servers}},
        route=[
            {"stage": "arrival", "duration": {"exponential": {"mean": f"{gap}d"}}},
            {"stage": "service", "holds": {"servers": 1}, "duration": service},
        ],
        clusters={
            name: {"after": {"arrival": [f"{before}/arrival"]}} if before else {}
            for before, name in zip([None, *names], names, strict=False)
        },
    )
    network = sg.compile(case)
    timeline = sg.simulate(network, sg.draw(case, replications=QUEUES, seed=seed))
    rows = [network.index[f"{name}/service"] for name in names[WARM_UP:]]
    waits = timeline.granted[rows] - timeline.asked[rows]
    assert (timeline.granted[rows] < sg.NEVER).all()
    return waits.mean(axis=0) / SERVICE


def reference(file: str, **wanted: float) -> float:
    """Mean wait in the queue from the reference, in units of the mean service."""
    with (REFERENCE / file).open() as lines:
        rows: Iterator[dict[str, str]] = csv.DictReader(lines)
        (row,) = (row for row in rows if all(float(row[key]) == value for key, value in wanted.items()))
    return float(row["mean_wait_Wq"])


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (2, 0.7), (4, 0.8)])
def test_waits_with_exponential_service(servers: int, load: float) -> None:
    truth = reference("mmc.csv", c=servers, rho=load)
    service = {"exponential": {"mean": f"{SERVICE}d"}}
    within_four_errors(queue(servers, load, service, seed=11), truth, rounding=0.02)


@pytest.mark.parametrize("variation", [0.0, 0.5])
def test_waits_of_a_single_server_with_other_service(variation: float) -> None:
    truth = reference("mg1.csv", rho=0.5, service_cv2=variation)
    spread = SERVICE * variation**0.5
    service = {"gamma": {"mean": f"{SERVICE}d", "sd": f"{spread}d"}} if variation else f"{SERVICE}d"
    within_four_errors(queue(1, 0.5, service, seed=12), truth, rounding=0.02)
