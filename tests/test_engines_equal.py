"""Both engines give equal arrays: random scenarios with every pair of features, and the shipped ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from features import features, pairs
from hypothesis import given, settings
from hypothesis import strategies as st
from random_scenarios import Plain, parsed, plain_scenarios, text_of

import simulator as sg
from simulator import days, engines
from simulator.engines import kernel, run_engine
from simulator.engines.tolerance import MONEY_TOLERANCE
from simulator.inputs import prepare
from simulator.network import Network
from simulator.scenario import Scenario
from simulator.timeline import Timeline

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))
REPLICATIONS = 6


def difference(one: Timeline, two: Timeline) -> str:
    """The earliest place where two timelines differ, in words; empty where they are equal."""
    found: list[tuple[int, str]] = []
    for name in Timeline.arrays():
        left, right = getattr(one, name), getattr(two, name)
        assert left.dtype == right.dtype == np.int32, name
        for row, replication in zip(*np.nonzero(left != right), strict=True):
            a, b = int(left[row, replication]), int(right[row, replication])
            what = _row_name(one.network, name, int(row))
            found.append((min(a, b), f"{name} of {what} in replication {replication + 1}: {a} and {b}"))
    return min(found)[1] if found else ""


def _row_name(network: Network, array: str, row: int) -> str:
    if array == "waited":
        return f"slot {row} ({network.slot_name(row)})"
    if array in ("completions", "crowd"):
        return network.activities[network.paced[row]]
    return network.resources[row] if array == "peak" else network.activities[row]


def check_equal(scenario: Scenario, schedule: str | None, seed: int, replications: int = REPLICATIONS) -> Timeline:
    """Both engines agree about every array of a scenario's timelines; these."""
    network = sg.compile(scenario, schedule)
    inputs = prepare(network, sg.draw(scenario, replications, seed=seed))
    timeline = run_engine(network, inputs, "events")
    found = difference(timeline, run_engine(network, inputs, "batch"))
    assert not found, f"the events and the batch engine disagree: {found}"
    return timeline


def agree(data: Plain, seed: int) -> frozenset[str]:
    """Both engines agree about a random scenario; its features."""
    scenario = parsed(data)
    try:
        return features(data, scenario, check_equal(scenario, None, seed))
    except AssertionError as error:
        raise AssertionError(f"{error}\nseed {seed}, scenario:\n{text_of(data)}") from None


@settings(max_examples=250)
@given(data=plain_scenarios(), seed=st.integers(0, 3))
def test_engines_agree_about_random_scenarios(data: Plain, seed: int) -> None:
    agree(data, seed)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_engines_agree_about_thousands_with_every_pair_of_features() -> None:
    seen: Counter[frozenset[str]] = Counter()
    single: Counter[str] = Counter()

    @settings(max_examples=6000)
    @given(data=plain_scenarios(), seed=st.integers(0, 1000))
    def check(data: Plain, seed: int) -> None:
        present = agree(data, seed)
        seen.update(pairs(present))
        single.update(present)

    check()
    missing = [pair for pair in combinations(sorted(single), 2) if not seen[frozenset(pair)]]
    assert not missing
    print(f"rarest pairs: {seen.most_common()[:-6:-1]}")  # noqa: T201


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_engines_agree_about_the_shipped_scenarios(path: Path) -> None:
    scenario = sg.load(path)
    for schedule in scenario.schedules:
        check_equal(scenario, schedule, seed=1, replications=40)


def test_engines_agree_about_negative_numbers_where_the_compiled_one_has_none() -> None:
    """Priorities of any sign, and a network whose activities are released before the start."""
    scenario = sg.change(sg.load(SCENARIOS[0].parent / "two-clusters.yaml"), {"clusters.Birch.priority": -3})
    assert {cluster.priority for cluster in scenario.clusters.values()} == {-3, 1}
    network = sg.compile(scenario)
    early = replace(network, release=network.release - np.int32(network.horizon))
    assert early.release.max() < 0
    for each in (network, early):
        inputs = prepare(each, sg.draw(scenario, REPLICATIONS))
        assert not difference(run_engine(each, inputs, "events"), run_engine(each, inputs, "batch"))


def test_the_compiled_module_repeats_its_constants() -> None:
    """It imports nothing of ours, so that its cache on disk never goes stale."""
    assert (kernel.NEVER, kernel.ENDLESS) == (days.NEVER, days.ENDLESS)
    assert kernel.MONEY_TOLERANCE == MONEY_TOLERANCE


def test_without_numba_the_events_engine_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    engines.available.cache_clear()
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.warns(UserWarning, match="numba is not installed, so the slow events engine answers"):
        assert engines.available("batch") == "events"
    engines.available.cache_clear()
