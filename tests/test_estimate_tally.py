"""Reductions: exact, mergeable in any order, and no larger for more replications."""

from __future__ import annotations

import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from futures import scenario_of
from hypothesis import given
from hypothesis import strategies as st
from measured import measured

from simulator.analysis.amounts import Amounts, Total, exact_sum
from simulator.analysis.reductions import Days, Most, Ratio, Share, Sums, Tallies
from simulator.analysis.tally import Tally
from simulator.days import NEVER

DAY_LISTS = st.lists(st.one_of(st.integers(0, 5000), st.just(NEVER)), min_size=1, max_size=60)


@given(DAY_LISTS, DAY_LISTS)
def test_days_merge_to_those_of_the_whole(one: list[int], two: list[int]) -> None:
    parts = [Days.of(np.array(values, dtype=np.int32)) for values in (one, two)]
    whole = Days.of(np.array(one + two, dtype=np.int32))
    assert parts[0].merge(parts[1]) == parts[1].merge(parts[0]) == whole


@given(DAY_LISTS)
def test_days_keep_every_order_statistic(values: list[int]) -> None:
    days = Days.of(np.array(values, dtype=np.int32))
    assert [days.at(rank) for rank in range(1, len(values) + 1)] == sorted(values)
    assert days.at_most(700) == sum(value <= 700 for value in values)
    if NEVER in values:
        assert days.mean is None
    else:
        assert days.mean == float(Fraction(sum(values), len(values)))
        assert days.variance == pytest.approx(np.var(values, ddof=1) if len(values) > 1 else 0.0)


def test_sums_of_days_do_not_overflow() -> None:
    # Five million days, 2^40 times each: squares would leave int64.
    days = Days(0, np.zeros(5_000_001, dtype=np.int64), 0)
    days.counts[[0, 5_000_000]] = 2**40
    assert days.mean == 2_500_000
    assert days.variance == pytest.approx(2_500_000**2)


@given(st.lists(DAY_LISTS, min_size=1, max_size=4))
def test_days_prepared_together_say_what_each_says_alone(lists: list[list[int]]) -> None:
    alone, together = ([Days.of(np.array(values, dtype=np.int32)) for values in lists] for _ in range(2))
    Days.prepare(together)
    for one, other, values in zip(alone, together, lists, strict=True):
        ranks = np.arange(1, len(values) + 1)
        assert other.at_each(ranks) == one.at_each(ranks)
        assert (other.mean, other.variance, other.size) == (one.mean, one.variance, one.size)
        assert other == one


def test_days_prepared_together_do_not_overflow() -> None:
    wide = Days(0, np.zeros(5_000_001, dtype=np.int64), 0)
    wide.counts[[0, 5_000_000]] = 2**40
    Days.prepare([wide])
    assert wide.variance == pytest.approx(2_500_000**2)


@given(st.lists(st.lists(st.floats(-1e12, 1e12, allow_nan=False), min_size=1, max_size=50), min_size=1, max_size=4))
def test_amounts_prepared_together_say_what_each_says_alone(lists: list[list[float]]) -> None:
    alone, together = ([Amounts.of(np.array(values)) for values in lists] for _ in range(2))
    Amounts.prepare(together)
    for one, other, values in zip(alone, together, lists, strict=True):
        ranks = np.arange(1, len(values) + 1)
        assert other.at_each(ranks) == one.at_each(ranks)


AMOUNTS = st.lists(st.floats(-1e12, 1e12, allow_nan=False), min_size=1, max_size=50)


@given(AMOUNTS)
def test_sums_of_amounts_are_exact(values: list[float]) -> None:
    exact = sum((Fraction(value) for value in values), Fraction())
    assert Fraction(exact_sum(np.array(values)), 1 << 1126) == exact
    assert Total.of(np.array(values)).mean == float(exact / len(values))


def test_sums_of_amounts_far_apart_are_exact() -> None:
    values = np.array([1e300, 1.0, -1e300, 1e-300, 5e-324, 0.1, -0.0])
    exact = sum((Fraction(value) for value in values.tolist()), Fraction())
    assert Fraction(exact_sum(values), 1 << 1126) == exact


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_amounts_do_not_depend_on_blocks_or_their_order(one: list[float], two: list[float], three: list[float]) -> None:
    a, b, c = (Amounts.of(np.array(values)) for values in (one, two, three))
    whole = Amounts.of(np.array(one + two + three))
    assert a.merge(b).merge(c) == c.merge(a).merge(b) == b.merge(c.merge(a)) == whole
    assert whole.mean == a.merge(b.merge(c)).mean
    assert whole.variance == c.merge(b).merge(a).variance


@pytest.mark.parametrize("spread", [0.001, 0.1, 2.0])
def test_quantiles_of_money_are_good_to_one_part_in_1024(spread: float) -> None:
    generator = np.random.Generator(np.random.PCG64(3))
    values = generator.lognormal(5, spread, 20_000) - 100
    amounts = Amounts.of(values)
    ordered = np.sort(values)
    for rank in (1, 2, 2000, 10_000, 16_000, 19_999, 20_000):
        assert amounts.at(rank) == pytest.approx(ordered[rank - 1], rel=1 / 1024)
    assert amounts.at(1) == ordered[0]
    assert amounts.at(20_000) == ordered[-1]
    assert amounts.variance == pytest.approx(values.var(ddof=1))


def test_two_amounts_of_one_cell_stay_what_they_are() -> None:
    amounts = Amounts.of(np.array([400.1, 400.0]))
    assert (amounts.at(1), amounts.at(2)) == (400.0, 400.1)


def test_one_amount_stays_what_it_is() -> None:
    amounts = Amounts.of(np.full(1000, 300.1))
    assert (amounts.at(1), amounts.at(900), amounts.mean, amounts.variance) == (300.1, 300.1, 300.1, 0.0)


def test_amounts_need_no_more_room_for_more_replications() -> None:
    generator = np.random.Generator(np.random.PCG64(4))
    blocks = [Amounts.of(generator.lognormal(5, 0.3, 5000)) for _ in range(40)]
    first = blocks[0]
    for block in blocks[1:10]:
        first = first.merge(block)
    rest = first
    for block in blocks[10:]:
        rest = rest.merge(block)
    assert rest.size == 4 * first.size
    # A normal tail may open another page of three arrays of 1,024.
    assert len(pickle.dumps(rest)) < len(pickle.dumps(first)) + 3 * 3 * 8 * 1024


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=4, max_size=40), st.integers(1, 3))
def test_whole_numbers_merge(rows: list[tuple[int, int]], cut: int) -> None:
    over, under = np.array(rows, dtype=np.int64).T.copy()
    for kind in (Sums, Most):
        assert kind.of(over[:cut]).merge(kind.of(over[cut:])) == kind.of(over)
    assert Ratio.of(over[:cut], under[:cut]).merge(Ratio.of(over[cut:], under[cut:])) == Ratio.of(over, under)
    assert Share.of(over[:cut] > 9).merge(Share.of(over[cut:] > 9)) == Share.of(over > 9)
    sums = Sums.of(over)
    assert (sums.mean, sums.variance) == (pytest.approx(over.mean()), pytest.approx(over.var(ddof=1)))


def test_the_variance_of_a_ratio_is_that_of_its_residuals() -> None:
    over, under = np.array([1, 2, 6, 4]), np.array([2, 3, 4, 4])
    residuals = over - over.sum() / under.sum() * under
    assert Ratio.of(over, under).variance == pytest.approx(residuals.var(ddof=1))
    assert Ratio.of(over, under * 0).value == 0.0


def test_names_are_counted() -> None:
    assert Tallies({"a": 1, "b": 2}).merge(Tallies({"b": 3, "c": 1})).counts == {"a": 1, "b": 5, "c": 1}


EVERYTHING = """
    money: {discount_rate: 5%}
    resources: {slot: {capacity: 1, closes: "@40"}}
    route:
      - {stage: tender, duration: {exponential: {mean: 10d}}, holds: {slot: 1}, cost: {fixed: 5}, marks: award}
      - {stage: build, duration: {lognormal: {median: 10d, p90: 50d}}, cost: {per_month: {uniform: [1, 2]}}}
    clusters: {A: {savings: {full_rate: 3/y, ramp: 10d}}, B: {}, C: {}}
    legacy:
      old: {used_by: [A, B], end_of_support: "@20", failures: {supported: 3/y}, failure: {cost: {uniform: [0, 3]}}}
"""


def test_a_tally_does_not_depend_on_blocks_or_their_order() -> None:
    scenario = scenario_of(EVERYTHING, horizon=100)
    _, whole = measured(scenario, 30)
    cuts = [(0, 7), (7, 1), (8, 12), (20, 10)]
    blocks = [Tally.of(measured(scenario, count, first=first)[1]) for first, count in cuts]
    orders = ([0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0])
    for order in orders:
        merged = blocks[order[0]]
        for block in order[1:]:
            merged = merged.merge(blocks[block])
        assert merged.replications == 30
        for key, figure in Tally.of(whole).figures.items():
            assert merged.figures[key] == figure, key


def test_a_tally_goes_to_another_process_and_back() -> None:
    _, outcomes = measured(scenario_of(EVERYTHING, horizon=100), 5)
    tally = Tally.of(outcomes)
    assert pickle.loads(pickle.dumps(tally)) == tally
    assert math.isclose(tally["programme", "cost"].mean, outcomes.programme.cost.mean())
