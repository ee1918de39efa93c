"""Outcomes are worked out when they are read: only what is asked for, once, and in any order."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import FrozenInstanceError
from functools import cached_property
from typing import Any

import numpy as np
import pytest
from futures import scenario_of
from hypothesis import given, settings
from hypothesis import strategies as st
from measured import measured
from random_scenarios import Plain, parsed, plain_scenarios

from simulator.outcomes import Outcomes, clusters, costs, payments
from simulator.scenario import Scenario

TEXT = """
    resources: {slot: {capacity: 1}}
    route:
      - {stage: tender, duration: {uniform: [5d, 50d]}, holds: {slot: 1}, cost: {fixed: 3}, marks: award}
      - {stage: rollout, duration: 20d}
    clusters: {A: {savings: {full_rate: 1/y}}, B: {}}
    legacy: {Old: {used_by: [A, B], end_of_support: "@30", failures: {unsupported: 9/y}, failure: {cost: 2}}}
    deadline: "@90"
    """


class Calls:
    """Stands in for a function and counts how often it is called."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
        self.function, self.count = getattr(module, name), 0
        monkeypatch.setattr(module, name, self)

    def __call__(self, *args: Any) -> Any:
        self.count += 1
        return self.function(*args)


def test_who_is_on_time_is_known_without_money_or_the_split_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    split, spent = Calls(monkeypatch, clusters, "time_spent"), Calls(monkeypatch, costs, "stage_costs")
    saved = Calls(monkeypatch, payments, "savings")
    _, outcomes = measured(scenario_of(TEXT), 20)
    # A lives on from day 25 to 70 and B 25 to 50 days later: late in some futures and not in others.
    assert 0 < outcomes.programme.on_time.sum() < 20
    assert outcomes.programme.unsupported_days.max() > 0
    assert (split.count, spent.count, saved.count) == (0, 0, 0)
    assert outcomes.programme.cost.min() > 0
    assert (split.count, spent.count, saved.count) == (0, 2, 0)


def test_each_measure_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    split, spent = Calls(monkeypatch, clusters, "time_spent"), Calls(monkeypatch, costs, "stage_costs")
    _, outcomes = measured(scenario_of(TEXT), 5)
    for _ in range(2):
        outcomes.table()
        outcomes.programme.npv.sum()
    assert (split.count, spent.count) == (1, 2)
    assert outcomes.clusters.time is outcomes.clusters.time


def test_outcomes_cannot_be_set() -> None:
    _, outcomes = measured(scenario_of(TEXT), 2)
    with pytest.raises(FrozenInstanceError):
        outcomes.clusters.workings = None  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        outcomes.programme.finish = np.zeros(2)  # type: ignore[misc, assignment]


def names_of(part: Any) -> list[str]:
    """What can be read off a part of the outcomes."""
    public = [name for name in vars(type(part)) if not name.startswith("_")]
    return [name for name in public if isinstance(getattr(type(part), name), (property, cached_property))]


def parts_of(outcomes: Outcomes) -> Iterator[tuple[Any, str]]:
    for part in (outcomes.clusters, outcomes.legacy, outcomes.programme, outcomes.resources, outcomes):
        for name in names_of(part):
            yield part, name


def same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return np.array_equal(one, other)


def assert_order_does_not_matter(scenario: Scenario, seed: int) -> None:
    forwards, backwards = (measured(scenario, 6, seed=seed)[1] for _ in range(2))
    pairs = zip(parts_of(forwards), list(parts_of(backwards)), strict=True)
    read = [(name, deepcopy(getattr(part, name)), other) for (part, name), (other, _) in pairs]
    for name, value, other in reversed(read):
        assert same(value, getattr(other, name)), name
    assert len(read) > 30
    # Nothing that was read later changed what had been read before.
    for (part, name), (_, value, _) in zip(parts_of(forwards), read, strict=True):
        assert same(getattr(part, name), value), name


@settings(max_examples=25)
@given(data=plain_scenarios(), seed=st.integers(0, 50))
def test_the_order_of_reading_does_not_matter(data: Plain, seed: int) -> None:
    assert_order_does_not_matter(parsed(data), seed)
