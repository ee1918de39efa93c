"""Legacy systems by hand: support, extensions, contract ends, failures and what they cost."""

from __future__ import annotations

from math import log

import pytest
from futures import scenario_of
from measured import measured, read

from simulator.days import DAYS_PER_YEAR, NEVER

ROUTE = """
    route: [{stage: rollout, for_each: department, waves: together, duration: {uniform: [0d, 999d]}}]
    clusters: {A: {departments: {X: {}, Y: {joins: 50%}}}}
"""
LIVE = {"A/rollout/X/duration": 15.0, "A/rollout/Y/duration": 30.0, "A/Y/joins": 0.0}
"""X is live on day 15, Y on day 30."""

OLD = """
    legacy:
      old:
        used_by: [USERS]
        end_of_support: "@10"
        contract_end: "@8"
        running_cost: 36.525/y
        extension: {until: "@20", cost: 36.525/y}
"""
A_TENTH = 36.525 / DAYS_PER_YEAR


def test_an_extension_runs_from_the_earlier_end_until_it_ends() -> None:
    # Bought on day 8, ends on day 20, retired on day 30: 12 days paid at 0.1 a day, 10 unsupported, 22 past contract.
    reading = read(ROUTE + OLD.replace("USERS", "A"), LIVE)
    assert reading.legacy("old", "retired") == 30
    assert reading.legacy("old", "extended") is True
    assert reading.legacy("old", "in_use_past_end_of_support") is True
    assert reading.legacy("old", "unsupported_days") == 10
    assert reading.legacy("old", "days_past_contract") == 22
    assert reading.legacy("old", "extension_cost") == pytest.approx(12 * A_TENTH)
    assert reading.legacy("old", "running_cost") == pytest.approx(30 * A_TENTH)
    assert reading.programme("cost") == pytest.approx(42 * A_TENTH)


@pytest.mark.parametrize(
    ("live", "bought", "paid", "past"),
    [
        pytest.param(7, False, 0, False, id="retired the day before"),
        pytest.param(8, True, 0, False, id="not retired before that day"),
        pytest.param(10, True, 2, False, id="retired at the end of support"),
        pytest.param(15, True, 7, True, id="retired while it runs"),
    ],
)
def test_an_extension_is_bought_unless_retired_before(live: int, bought: bool, paid: int, past: bool) -> None:
    reading = read(ROUTE + OLD.replace("USERS", "A/X"), LIVE | {"A/rollout/X/duration": float(live)})
    assert reading.legacy("old", "extended") is bought
    assert reading.legacy("old", "extension_cost") == pytest.approx(paid * A_TENTH)
    assert reading.legacy("old", "in_use_past_end_of_support") is past
    assert reading.legacy("old", "unsupported_days") == 0


def test_a_department_that_does_not_join_never_leaves() -> None:
    # The cluster is live on day 15 all the same. To the horizon, day 100: 80 days after the extension.
    reading = read(ROUTE + OLD.replace("USERS", "A"), LIVE | {"A/Y/joins": 0.9}, horizon=100)
    assert reading.cluster("A", "go_live") == 15
    assert reading.legacy("old", "retired") == NEVER
    assert reading.legacy("old", "unsupported_days") == 80
    assert reading.legacy("old", "running_cost") == pytest.approx(100 * A_TENTH)
    assert reading.cluster("A", "unsupported_days") == 80


def test_clusters_that_share_a_system_count_their_own_users_days() -> None:
    # Unsupported from day 5 and past contract from day 8; A leaves on day 10, B on day 30.
    reading = read(
        """
        route: [{stage: build, duration: 10d}]
        clusters: {A: {}, B: {stages: {build: {duration: 30d}}}}
        legacy: {old: {used_by: [A, B], end_of_support: "@5", contract_end: "@8"}}
        """
    )
    assert (reading.cluster("A", "unsupported_days"), reading.cluster("B", "unsupported_days")) == (5, 25)
    assert (reading.cluster("A", "days_past_contract"), reading.cluster("B", "days_past_contract")) == (2, 22)
    assert reading.legacy("old", "unsupported_days") == reading.programme("unsupported_days") == 25
    assert reading.programme("days_past_contract") == 22


def test_a_support_end_after_the_horizon_has_not_been_passed() -> None:
    reading = read(
        """
        route: [{stage: build, duration: 99d}]
        clusters: {A: {}}
        legacy: {old: {used_by: [A], end_of_support: {uniform: ["@0", "@90"]}}}
        """,
        {"old/end_of_support": 80.0},
        horizon=50,
    )
    assert reading.legacy("old", "in_use_past_end_of_support") is False
    assert reading.legacy("old", "unsupported_days") == 0


# The system fails once a year, in the middle of these days; each failure costs its day's number.
FAILING = """
    route: [{stage: build, duration: 10d}]
    clusters: {A: {}, B: {stages: {build: {duration: 20d}}}}
    legacy: {old: {used_by: [A, B], failures: {supported: 1/y}, failure: {cost: {uniform: [0, 99]}}}}
    money: {discount_rate: 5%}
"""


def failing_on(*days: int) -> dict[str, float]:
    forced: dict[str, float] = {}
    before = 0.0
    for number, day in enumerate(days, start=1):
        forced |= {
            f"old/failure/{number}": (day + 0.5) / DAYS_PER_YEAR - before,
            f"old/failure/{number}/cost": float(day),
        }
        before = (day + 0.5) / DAYS_PER_YEAR
    return forced | {f"old/failure/{len(days) + 1}": 1e3}


def test_failures_count_up_to_the_day_of_retirement() -> None:
    # A's users leave on day 10, B's on day 20, and with them the system.
    reading = read(FAILING, failing_on(4, 10, 11, 20, 21))
    assert reading.legacy("old", "failures") == reading.programme("failures") == 4
    assert (reading.cluster("A", "failures"), reading.cluster("B", "failures")) == (2, 4)
    assert reading.legacy("old", "failure_cost") == pytest.approx(4 + 10 + 11 + 20)
    worth = sum(day * 1.05 ** (-day / DAYS_PER_YEAR) for day in (4, 10, 11, 20))
    assert reading.programme("npv") == pytest.approx(-worth)


def test_a_failure_on_the_day_of_the_horizon_counts() -> None:
    reading = read(FAILING, failing_on(15), horizon=15)
    assert reading.legacy("old", "failures") == 1


def test_a_system_that_nobody_uses_does_not_fail() -> None:
    # Its only user was live before the start.
    reading = read(
        """
        route: [{stage: rollout, for_each: department, duration: 5d}, {stage: review, duration: 5d}]
        clusters: {A: {departments: {X: {}}, begins_at: review}}
        legacy: {old: {used_by: [A/X], failures: {supported: 1/y}, failure: {cost: 3}, running_cost: 1/y}}
        """,
        {"old/failure/1": 0.5 / DAYS_PER_YEAR, "old/failure/2": 1e3},
    )
    assert reading.legacy("old", "retired") == 0
    assert reading.legacy("old", "failures") == 0
    assert reading.programme("cost") == 0


def test_it_is_said_where_more_failures_would_have_counted() -> None:
    text = """
    route: [{stage: build, duration: {uniform: [0d, 999d]}}]
    clusters: {A: {}}
    legacy: {old: {used_by: [A], failures: {supported: 200/y}}}
    """
    # Some 500 failures before the horizon, day 999; fifty are drawn, the last of them near day 90.
    assert read(text, {"A/build/duration": 900.0}, horizon=999).legacy("old", "cut") is True
    assert read(text, {"A/build/duration": 20.0}, horizon=999).legacy("old", "cut") is False


def test_the_number_of_failures_has_the_poisson_mean() -> None:
    text = """
    route: [{stage: build, duration: 1y}]
    clusters: {A: {}}
    legacy: {old: {used_by: [A], end_of_support: "@-1", failures: {unsupported: 3/y, growth: 40%}}}
    """
    _, outcomes = measured(scenario_of(text, horizon=400), 4000, seed=11)
    counts = outcomes.legacy.failures[0]
    # The day of retirement, 365, counts whole: the mean is ∫ 3 · 1.4^t dt over 366 days, in years.
    expected = 3 * (1.4 ** (366 / DAYS_PER_YEAR) - 1) / log(1.4)
    assert abs(counts.mean() - expected) < 4 * (expected / 4000) ** 0.5
