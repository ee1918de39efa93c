"""What holds in every single future because theory says so, and that it need not where people wait in line.

`docs/anomalies.md` says it in words. All is on the same draws; nothing is learnt, crowded or disrupted here.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import simulator as sg
from benchmarks.generated import scenario_text
from simulator.network import Network
from simulator.scenario import Scenario

SIZE = 60

LEGACY = scenario_text(3).index("legacy:")
SCHEDULES = scenario_text(3).index("schedules:")
CONTENDED = sg.parse(scenario_text(3)[:LEGACY] + scenario_text(3)[SCHEDULES:])
"""Three clusters that share a framework, teams, money and seats; boards that return cases, windows, risks, waves."""

FREE = sg.change(
    CONTENDED,
    {
        **{f"resources.{name}.capacity": "99" for name in CONTENDED.resources},
        **{f"boards.{name}.seats": "99" for name, board in CONTENDED.boards.items() if board.seats is not None},
        "budgets.funding": "[{arrives: 2022-12-01, amount: 99999}]",
    },
)
"""The same without limits."""

LENGTHS = [name for name in sg.draw(CONTENDED, 1) if "/duration" in name or "/rework/" in name or "/delay/" in name]


def finished(network: Network, scenario: Scenario, longer: dict[str, float], seed: int = 1) -> np.ndarray:
    """The days on which activities finish, (A, N), with some lengths made longer by so many days."""
    draws = sg.draw(scenario, SIZE, seed=seed)
    return sg.simulate(network, draws.replacing({name: draws[name] + days for name, days in longer.items()})).finished


@given(st.dictionaries(st.sampled_from(LENGTHS), st.floats(0.0, 400.0), min_size=1, max_size=4), st.integers(0, 1000))
def test_without_lines_nothing_ends_earlier_for_what_takes_longer(longer: dict[str, float], seed: int) -> None:
    network = sg.compile(FREE)
    assert np.all(finished(network, FREE, longer, seed) >= finished(network, FREE, {}, seed))


@given(st.lists(st.integers(0, 900), min_size=3, max_size=3), st.integers(0, 1000))
def test_without_lines_nothing_ends_earlier_for_going_later(later: list[int], seed: int) -> None:
    network = sg.compile(FREE)
    days = [(day or 0) + more for day, more in zip(network.scheduled, later, strict=True)]
    assert np.all(finished(network.rescheduled(days), FREE, {}, seed) >= finished(network, FREE, {}, seed))


@given(st.integers(0, 10_000))
def test_nothing_ends_later_without_limits(seed: int) -> None:
    """Whoever waits for nothing shared is, by induction along the network, never later than whoever does."""
    bound = finished(sg.compile(FREE), FREE, {}, seed)
    assert np.all(finished(sg.compile(CONTENDED), CONTENDED, {}, seed) >= bound)
    assert np.any(finished(sg.compile(CONTENDED), CONTENDED, {}, seed) > bound)


@pytest.mark.parametrize("what", ["capacity", "duration", "date"])
def test_with_lines_theory_promises_nothing(what: str) -> None:
    """One more place, a longer tender or a later date: in some futures somebody is the earlier, or later, for it."""
    draws, network = sg.draw(CONTENDED, 2000, seed=3), sg.compile(CONTENDED)
    before = sg.simulate(network, draws).finished
    if what == "capacity":
        more = sg.compile(sg.change(CONTENDED, {"resources.framework.capacity": "2"}))
        after = sg.simulate(more, draws).finished
        assert np.any(after > before)
    elif what == "duration":
        name = "cluster 1/tender/duration"
        after = sg.simulate(network, draws.replacing({name: draws[name] + 60})).finished
        assert np.any(after < before)
    else:
        days = [network.scheduled[0] + 120, *network.scheduled[1:]]
        after = sg.simulate(network.rescheduled(days), draws).finished
        assert np.any(after < before)
    assert np.mean(after) > np.mean(before) if what != "capacity" else np.mean(after) < np.mean(before)
