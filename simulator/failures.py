"""When legacy systems fail: unit exponentials through the inverse of the cumulative rate."""

from __future__ import annotations

import numpy as np

from simulator.days import DAYS_PER_YEAR, NEVER
from simulator.network import LegacyTerms
from simulator.network.values import FloatArray, IntArray


def failure_days(terms: LegacyTerms, end_of_support: IntArray, exposure: FloatArray, horizon: int) -> IntArray:
    """The day, shape (N,), by which a system has been exposed to a sum of unit exponentials, shape (N,).

    A Poisson process of rate λ(t) has its K-th event where the cumulative rate reaches the sum of K
    unit exponentials (Çınlar 1975, Introduction to Stochastic Processes, section 4.7). The rate is
    `supported` before the end of support, `extended` from there while an extension runs, then
    `unsupported · (1 + growth)^years`. An extension counts as bought: a system that was retired before
    it would have been has no failures that count. `NEVER` where the day is after the horizon.
    """
    ends = end_of_support.astype(np.float64)
    ends[end_of_support == NEVER] = np.inf
    until = np.maximum(ends, -np.inf if terms.extended_until is None else terms.extended_until)
    left = exposure * DAYS_PER_YEAR
    day = np.full(exposure.shape, np.inf)
    for begins, stops, rate in ((np.zeros_like(ends), ends, terms.supported), (ends, until, terms.extended)):
        with np.errstate(invalid="ignore"):
            length = np.where(stops > begins, stops - begins, 0.0)
        reached = np.isinf(day) & (left < rate * length if rate > 0 else False)
        day[reached] = begins[reached] + left[reached] / rate if rate > 0 else np.inf
        left = left - (rate * length if rate > 0 else 0.0)
    last = np.isinf(day) & np.isfinite(until)
    day[last] = until[last] + _grown(left[last] / DAYS_PER_YEAR, terms) * DAYS_PER_YEAR
    return np.where(day < horizon + 1.0, np.floor(np.minimum(day, horizon + 1.0)), NEVER).astype(np.int32)


def _grown(exposure: FloatArray, terms: LegacyTerms) -> FloatArray:
    """Years until a rate that starts at `unsupported` and grows continuously has cumulated to ``exposure``."""
    if terms.unsupported <= 0:
        return np.full(exposure.shape, np.inf)
    if terms.growth == 0:
        return exposure / terms.unsupported
    log_growth = np.log1p(terms.growth)
    scaled = exposure * log_growth / terms.unsupported
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(scaled > -1.0, np.log1p(scaled) / log_growth, np.inf)
