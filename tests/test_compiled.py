"""Compiled functions of outcomes and tallies against their plain twins: equal to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from futures import scenario_of
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from measured import measured

from simulator import compiled
from simulator.analysis.amounts import Amounts, Total
from simulator.analysis.reductions import Days, Sums
from simulator.analysis.tally import Tally
from simulator.days import NEVER
from simulator.outcomes import savings
from simulator.outcomes.money import Discounting

SIZE = compiled.PAYS_FROM
DAYS = st.one_of(st.integers(0, 5000), st.just(NEVER))
MONEY = st.one_of(
    st.floats(-1e6, 1e6), st.sampled_from([0.0, -0.0, 1.0, 1024.0, 5e-324, 1e-300, 1e15, 0.1]), st.floats(-1e-9, 1e-9)
)
TABLES = {
    Days: arrays(np.int32, (3, SIZE), elements=DAYS, fill=st.just(NEVER)),
    Sums: arrays(np.int32, (3, SIZE), elements=st.integers(-5000, 200_000)),
    Total: arrays(np.float64, (3, SIZE), elements=MONEY),
    Amounts: arrays(np.float64, (3, SIZE), elements=MONEY),
}


@pytest.mark.parametrize("kind", TABLES)
@settings(max_examples=60)
@given(data=st.data())
def test_rows_reduced_together_are_rows_reduced_one_by_one(kind: Any, data: st.DataObject) -> None:
    table = data.draw(TABLES[kind])
    assert compiled.pays(table.shape[1])
    assert kind.each(table) == [kind.of(row) for row in table]
    assert kind.each(table[:, :20]) == [kind.of(row) for row in table[:, :20]]


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_without_rows_has_nothing_to_reduce(kind: Any) -> None:
    assert kind.each(np.zeros((0, SIZE), dtype=np.int32 if kind in (Days, Sums) else np.float64)) == []


HORIZON = 900
LENGTHS = st.sampled_from([0.0, 0.5, 60.0, 365.25, 899.9, 2000.0])


@settings(max_examples=100)
@given(
    first=arrays(np.int32, 30, elements=st.one_of(st.integers(0, 950), st.just(NEVER))),
    live=arrays(np.int32, 30, elements=st.one_of(st.integers(0, 950), st.just(NEVER))),
    term=LENGTHS,
    gap=LENGTHS,
    ramp=LENGTHS,
    rate=st.sampled_from([0.0, 0.035]),
)
def test_savings_are_those_of_the_twin(
    first: Any, live: Any, term: float, gap: float, ramp: float, rate: float
) -> None:
    terms = [(0.0, term), (term + gap, 2 * term + gap)]
    given_ = (first, terms, live, ramp, Discounting(rate, HORIZON))
    fast, plain = savings.compiled(*given_), savings.plain(*given_)
    assert np.array_equal(fast.amount, plain.amount)
    assert np.array_equal(fast.present, plain.present)


def test_a_run_without_numba_has_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    text = """
    resources: {slot: {capacity: 1}}
    route:
      - {stage: tender, duration: {uniform: [5d, 50d]}, holds: {slot: 1}, cost: {per_month: 3}, marks: award}
      - {stage: rollout, for_each: department, duration: {uniform: [5d, 50d]}}
    clusters:
      A: {savings: {full_rate: 1/y, ramp: 30d}, contract: {term: 90d, from: award, reprocurement: {gap: 9d}}}
      B: {departments: {X: {}, Y: {joins: 50%}}}
    legacy: {Old: {used_by: [A, B], end_of_support: "@30", failures: {unsupported: 9/y}, failure: {cost: 2}}}
    deadline: "@90"
    """
    fast = Tally.of(measured(scenario_of(text), SIZE)[1])
    monkeypatch.setattr(compiled, "find_spec", lambda name: None)
    assert not compiled.pays(SIZE)
    assert Tally.of(measured(scenario_of(text), SIZE)[1]) == fast
