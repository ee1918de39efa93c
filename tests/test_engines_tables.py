"""Tables of networks that differ in their dates alone are shared, and those of others are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import simulator as sg
from simulator.engines import kernel
from simulator.engines.tables import tables_of
from simulator.network import Network, Ragged
from simulator.network.values import IntArray

WORLD = """
scenario: one after the other
start: 2025-01-01
horizon: 2025-12-31
resources: {framework: {capacity: 1, steps: {2025-03-01: 2}}}
route: [{stage: tender, go_to_market: true, holds: {framework: 1}, duration: {uniform: [30d, 60d]}}]
clusters: {Alder: {}, Birch: {}, Cedar: {}}
schedules: {at once: {all: 2025-01-01}}
"""
DATES = ((0, 0, 0), (0, 31, 59), (200, 100, 0), (None, 5, 400))


@pytest.fixture(scope="module")
def network() -> Network:
    return sg.compile(sg.parse(WORLD))


def _finished(network: Network, engine: str) -> IntArray:
    draws = sg.draw(sg.parse(WORLD), 50)
    return sg.simulate(network, draws, engine=engine).finished


def test_networks_on_other_dates_share_what_does_not_hang_on_them(network: Network) -> None:
    tables_of(network)
    later = network.rescheduled((10, 20, 30))
    one, other = tables_of(network), tables_of(later)
    assert one.lists is other.lists
    assert other.activity[:, kernel.RELEASE].tolist() == later.release.tolist() != network.release.tolist()
    assert tables_of(replace(later, horizon=100)).horizon == 100
    assert tables_of(network) is one
    assert one.activity[:, kernel.RELEASE].tolist() == network.release.tolist()


def test_in_whatever_order_dates_are_asked_for_both_engines_agree(network: Network) -> None:
    """Dates forth and back, and another horizon in between; clusters without a date go when they can."""
    for dates in (*DATES, *DATES[::-1]):
        for horizon in (network.horizon, 120):
            moved = replace(network.rescheduled(dates), horizon=horizon)
            assert np.array_equal(_finished(moved, "batch"), _finished(moved, "events"))


def test_a_network_that_differs_otherwise_has_tables_of_its_own(network: Network) -> None:
    """The same but for its steps of capacity, made of the same parts: two at a time from 2 January."""
    tables_of(network)
    sooner = replace(network, capacity_days=Ragged.of([[0, 1]]))
    assert tables_of(sooner).lists is not tables_of(network).lists
    found = _finished(sooner, "batch")
    assert np.array_equal(found, _finished(sooner, "events"))
    assert not np.array_equal(found, _finished(network, "batch"))
