"""Tables in place of slow inverses: how far off they may be, and what they do at the ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaincinv, gammainccinv, gammaincinv

from simulator.distributions import Gamma, Pert
from simulator.distributions.shaped import _beta_table, _gamma_table
from simulator.distributions.tabulated import BOUND, OCTAVES, Table, tabulate

EVERYWHERE = np.sort(
    np.concatenate(
        [
            np.linspace(0, 1, 5003)[1:-1],
            2.0 ** -np.linspace(1, 53, 2000),
            1.0 - 2.0 ** -np.linspace(1, 53, 2000),
        ]
    )
)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.0, 1.0))
def test_pert_is_within_the_bound_for_every_shape(part):
    pert = Pert(0.0, part, 1.0)
    exact = betaincinv(pert.alpha, 6 - pert.alpha, EVERYWHERE)
    assert np.max(np.abs(pert.ppf(EVERYWHERE) - exact)) <= BOUND


@settings(max_examples=20, deadline=None)
@given(st.floats(-2.3, 2.3))
def test_gamma_is_within_the_bound_for_every_shape(log_ratio):
    gamma = Gamma(mean=1.0, sd=10.0**log_ratio)
    exact = np.where(
        EVERYWHERE > 0.5, gammainccinv(gamma.shape, 1 - EVERYWHERE), gammaincinv(gamma.shape, EVERYWHERE)
    ) * (gamma.mean / gamma.shape)
    assert np.max(np.abs(gamma.ppf(EVERYWHERE) - exact)) <= BOUND * gamma.sd


def test_beyond_the_last_octave_the_inverse_is_exact():
    u = np.array([2.0**-OCTAVES / 2, 2.0**-40, 2.0**-54])
    np.testing.assert_array_equal(_beta_table(2.0, 4.0)(u), betaincinv(2.0, 4.0, u))
    np.testing.assert_array_equal(_gamma_table(2.0)(1 - u[:2]), gammainccinv(2.0, u[:2]))


def test_a_table_is_exact_at_its_knots_and_in_the_middle():
    u = np.array([0.25, 0.25 + 1 / 64, 0.5])
    np.testing.assert_allclose(_beta_table(2.0, 4.0)(u), betaincinv(2.0, 4.0, u), rtol=1e-15)


def test_a_shape_is_tabulated_once():
    assert _beta_table(2.5, 3.5) is _beta_table(2.5, 3.5)


def test_an_inverse_too_rough_for_a_table_is_computed_exactly():
    # A step of height 1 in the middle of a cell: no cubic follows it, whatever the fineness.
    def step(w):
        return np.where(w < 0.3001, 0.0, 1.0), np.zeros_like(w)

    table = tabulate(step, lambda w: (2.0 - step(w)[0], np.zeros_like(w)), scale=1.0)
    assert table.bits == 0
    np.testing.assert_array_equal(table(np.array([0.3, 0.4, 0.5, 0.6, 0.8])), [0, 1, 1, 1, 2])


def test_a_slope_too_steep_is_held_so_that_nothing_falls():
    # The slope said is thirty times the true one; unheld, the cubic would overshoot and fall.
    def line(w):
        return w, np.full_like(w, 30.0)

    from simulator.distributions.tabulated import _side

    (value, start, square, cube), _ = _side(line, 4)
    t = np.linspace(0, 2.0**48, 9)[:, None]
    inside = value + t * (start + t * (square + t * cube))
    assert np.all(np.diff(inside[:, :-1], axis=0) >= 0)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_a_table_keeps_the_shape(shape):
    table = _beta_table(2.0, 4.0)
    assert isinstance(table, Table)
    assert table(np.full(shape, 0.3)).shape == shape
