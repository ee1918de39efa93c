"""When legacy systems fail, against the cumulative rate added up day by day, and against the law of Poisson."""

from __future__ import annotations

import numpy as np
import pytest
from futures import scenario_of

import simulator as sg
from simulator.days import DAYS_PER_YEAR
from simulator.failures import FailureTimes
from simulator.inputs import prepare
from simulator.network import LegacyTerms
from simulator.scenario.variables import MOST_FAILURES

HORIZON = 3000


def terms(
    supported: float = 0.0,
    extended: float = 0.0,
    unsupported: float = 0.0,
    growth: float = 0.0,
    until: int | None = None,
) -> LegacyTerms:
    """What decides how often a system fails; rates per year."""
    return LegacyTerms("old", None, None, until, supported, extended, unsupported, growth, ())


def fails_on(what: LegacyTerms, ends: int, *exposures: float, horizon: int = HORIZON) -> list[int]:
    """The days by which a system has been exposed to sums of unit exponentials."""
    days = np.full(len(exposures), ends, dtype=np.int32)
    return FailureTimes.of(what, days, horizon).days(np.array(exposures)).tolist()


def cumulated(what: LegacyTerms, ends: int, steps: int = 20) -> np.ndarray:
    """The expected failures before each day, the rate of the model's words taken at the middle of small steps."""
    until = max(ends, what.extended_until or 0)
    time = (np.arange((HORIZON + 1) * steps) + 0.5) / steps
    years_unsupported = np.maximum(time - until, 0) / DAYS_PER_YEAR
    grown = what.unsupported * (1 + what.growth) ** years_unsupported
    rate = np.where(time < ends, what.supported, np.where(time < until, what.extended, grown))
    return np.concatenate([[0.0], np.cumsum(rate.reshape(-1, steps).mean(axis=1)) / DAYS_PER_YEAR])


@pytest.mark.parametrize(
    ("what", "ends"),
    [
        pytest.param(terms(supported=2), 5000, id="supported throughout"),
        pytest.param(terms(supported=2, unsupported=5), 400, id="without an extension"),
        pytest.param(terms(0.5, 1, 2, growth=0.4, until=900), 400, id="with everything"),
        pytest.param(terms(0.5, 9, 2, growth=0.4, until=300), 400, id="an extension that ends before the support"),
        pytest.param(terms(0, 0, 2, growth=1.5, until=900), 0, id="no failure before the extension ends"),
        pytest.param(terms(1, 0, 2), 0, id="unsupported from the start"),
    ],
)
def test_failures_fall_on_the_day_in_which_the_cumulative_rate_is_reached(what: LegacyTerms, ends: int) -> None:
    expected = cumulated(what, ends)
    # Halfway through a day's own share of the rate, far from its edges.
    days = [day for day in range(0, HORIZON, 37) if expected[day + 1] > expected[day]]
    exposures = [(expected[day] + expected[day + 1]) / 2 for day in days]
    assert len(days) > 50
    assert fails_on(what, ends, *exposures) == days


def test_a_failure_on_the_day_of_the_horizon_counts_and_later_ones_do_not() -> None:
    once_a_day = terms(supported=DAYS_PER_YEAR)
    assert fails_on(once_a_day, sg.NEVER, 0.0, 9.99, 10.0, 10.99, 11.0, horizon=10) == [0, 9, 10, 10, sg.NEVER]


def test_a_system_that_cannot_fail_never_does() -> None:
    assert fails_on(terms(), 10, 0.1) == [sg.NEVER]
    assert fails_on(terms(unsupported=3), sg.NEVER, 0.1) == [sg.NEVER]


def test_growth_is_continuous() -> None:
    # 1 a year, doubling: the cumulative rate after y years is (2^y − 1) / ln 2, so 1/ln 2 is reached after one year.
    what = terms(unsupported=1, growth=1.0)
    assert fails_on(what, 0, 0.999999 / np.log(2), 1.01 / np.log(2)) == [365, 367]  # 365.2499 and 365.25 · log2(2.01)
    assert DAYS_PER_YEAR * np.log2(2.01) == pytest.approx(367.88, abs=0.01)


LEGACY = """
    route: [{stage: work, duration: 1d}]
    clusters: {A: {}}
    legacy:
      old:
        used_by: [A]
        end_of_support: @300
        failures: {supported: RATE, unsupported: 3/y, growth: 50%}
    """


def test_failures_come_in_a_poisson_process() -> None:
    scenario = scenario_of(LEGACY.replace("RATE", "2/y"), horizon=1000)
    network = sg.compile(scenario)
    count = 4000
    failures = prepare(network, sg.draw(scenario, count, seed=3)).failures
    happened = (failures.day <= 1000).sum(axis=0)
    # To the end of day 1000: 2 a year for 300 days, then 3 a year growing by half for 701.
    truth = 2 * 300 / DAYS_PER_YEAR + 3 * (1.5 ** (701 / DAYS_PER_YEAR) - 1) / np.log(1.5)
    assert abs(happened.mean() - truth) < 4 * np.sqrt(truth / count)
    # Mean and variance of a Poisson number are equal; the variance of the sample variance is (μ4 − σ⁴) / N,
    # where μ4 = λ + 3λ² (Johnson, Kemp and Kotz 2005, Univariate Discrete Distributions, 4.3).
    assert abs(happened.var(ddof=1) - truth) < 4 * np.sqrt((truth + 2 * truth**2) / count)
    assert not failures.cut.any()
    # Rows are one system's failures one after the other.
    assert (np.diff(failures.day.astype(np.int64), axis=0) >= 0).all()


def test_more_failures_than_are_drawn_are_reported() -> None:
    scenario = scenario_of(LEGACY.replace("RATE", "500/y"), horizon=290)
    failures = prepare(sg.compile(scenario), sg.draw(scenario, 5)).failures
    # 290 days at 500 a year are about 400 failures; fifty are drawn.
    assert failures.day.shape == (MOST_FAILURES, 5)
    assert failures.cut.all()
