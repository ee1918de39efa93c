"""Sobol' indices through the path that `drivers` takes: streams renewed source by source, any function of draws."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from simulator.analysis.stopping import looks
from simulator.copula import blends
from simulator.distributions import Uniform
from simulator.draws import Draws
from simulator.scenario.model import Correlation
from simulator.scenario.variables import Variable
from simulator.streams import Sampling, Streams
from simulator.studies.drivers.variance import Design, Shares, streams_of
from simulator.studies.drivers.world import Crew
from simulator.studies.futures import Futures

Function = Callable[[Draws], np.ndarray]


def draws_of(count: int, low: float, high: float, seed: int = 3, sampling: Sampling = "random") -> Draws:
    names = [f"x{i + 1}" for i in range(count)]
    found = {name: Variable(name, Uniform(low, high)) for name in names}
    dimensions = {name: i for i, name in enumerate(names)} if sampling == "sobol" else {}
    return Draws(found, {}, Streams(seed, sampling, dimensions), 0)


def indices(function: Function, draws: Draws, size: int, sources: dict[str, list[str]] | None = None) -> Shares:
    futures = Futures.of(size, draws.seed, draws.sampling, "batch", 1)
    with futures.crew() as workers:
        members = sources or {name: [name] for name in draws}
        return Design(function, draws, members, Crew(futures, workers, None)).until(size)


def ishigami(draws: Draws) -> np.ndarray:
    """Return sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1 (Ishigami and Homma 1990)."""
    one, two, three = (draws[name] for name in ("x1", "x2", "x3"))
    return np.asarray(np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one))


def ishigami_truth() -> dict[str, tuple[float, float]]:
    """V1 = (1 + bπ⁴/5)²/2, V2 = a²/8, V13 = 8b²π⁸/225, V their sum."""
    a, b = 7.0, 0.1
    v1, v2, v13 = (1 + b * math.pi**4 / 5) ** 2 / 2, a * a / 8, 8 * b * b * math.pi**8 / 225
    v = v1 + v2 + v13
    return {"x1": (v1 / v, (v1 + v13) / v), "x2": (v2 / v, v2 / v), "x3": (0.0, v13 / v)}


G = (0.0, 1.0, 4.5, 9.0, 99.0, 99.0)


def g_function(draws: Draws) -> np.ndarray:
    """The product of (|4x - 2| + a)/(1 + a) (Saltelli and Sobol' 1995)."""
    out = np.ones(draws.replications)
    for number, a in enumerate(G, start=1):
        out *= (np.abs(4 * draws[f"x{number}"] - 2) + a) / (1 + a)
    return out


def g_truth() -> dict[str, tuple[float, float]]:
    """Vi = 1/(3 (1 + ai)²); V = Π(1 + Vi) - 1; Ti = Vi Π over the others of (1 + Vj)."""
    parts = [1 / (3 * (1 + a) ** 2) for a in G]
    whole = math.prod(1 + part for part in parts)
    return {f"x{i + 1}": (part / (whole - 1), part * whole / (1 + part) / (whole - 1)) for i, part in enumerate(parts)}


@pytest.mark.parametrize("sampling", ["random", "latin-hypercube", "sobol"])
@pytest.mark.parametrize(
    ("function", "draws", "truth"),
    [(ishigami, (3, -math.pi, math.pi), ishigami_truth()), (g_function, (6, 0.0, 1.0), g_truth())],
    ids=["Ishigami", "G"],
)
def test_analytic_indices_are_reproduced(function, draws, truth, sampling: Sampling) -> None:
    """Within four of the standard errors that the design computes for itself, which are small."""
    found = indices(function, draws_of(*draws, sampling=sampling), 8192)
    assert {each.source for each in found.of} == set(truth)
    for each in found.of:
        first, total = truth[each.source]
        assert each.first.value == pytest.approx(first, abs=4 * each.first.error + 1e-12)
        assert each.total.value == pytest.approx(total, abs=4 * each.total.error + 1e-12)
        assert each.first.error < 0.03
        assert each.total.error < 0.03
    assert [each.total.value for each in found.of] == sorted((e.total.value for e in found.of), reverse=True)


def test_intervals_cover_the_truth() -> None:
    """60 seeds, six indices each: about 95 % of bootstrap intervals hold the truth (they are a little short)."""
    held = []
    for seed in range(60):
        for each in indices(ishigami, draws_of(3, -math.pi, math.pi, seed), 512).of:
            for index, truth in zip((each.first, each.total), ishigami_truth()[each.source], strict=True):
                held.append(index.interval[0] <= truth <= index.interval[1])
    # The six of one seed hang together: at worst the error is that of 60 independent ones.
    assert np.mean(held) == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 60))


@pytest.mark.parametrize("sampling", ["random", "latin-hypercube", "sobol"])
def test_a_design_that_grows_is_the_design_of_its_size(sampling: Sampling) -> None:
    """By whole designs of the sampling, as the stopping rule looks: 4,000 rows, or 4,096, in three goes."""
    draws = draws_of(3, -math.pi, math.pi, sampling=sampling)
    step = {"random": 1, "latin-hypercube": 1000, "sobol": 1024}[sampling]
    whole = 4000 // step * step
    futures = Futures.of(whole, draws.seed, draws.sampling, "batch", 1)
    with futures.crew() as workers:
        grown = Design(ishigami, draws, {name: [name] for name in draws}, Crew(futures, workers, None))
        for size in (-(-1024 // step) * step, -(-2000 // step) * step, whole):
            assert grown.evaluations(size) == 5 * (size - grown.size)
            found = grown.until(size)
        assert grown.until(whole) is found
    assert found == indices(ishigami, draws, whole)


def _held_at_the_stop(repetitions: int, wanted: float) -> tuple[float, int]:
    """How often Ishigami's six indices are covered once all half-widths are as wanted, and the largest design."""
    truth, held, largest = ishigami_truth(), [], 0
    for seed in range(repetitions):
        draws = draws_of(3, -math.pi, math.pi, seed)
        futures = Futures.of(65_536, seed, "random", "batch", 1)
        with futures.crew() as workers:
            design = Design(ishigami, draws, {name: [name] for name in draws}, Crew(futures, workers, None))
            found, precise = looks(design.until, _widest, wanted, 65_536)
        assert precise
        largest = max(largest, found.size)
        for each in found.of:
            for index, true in zip((each.first, each.total), truth[each.source], strict=True):
                held.append(index.interval[0] <= true <= index.interval[1])
    return float(np.mean(held)), largest


def _widest(found: Shares) -> float:
    return max(np.ptp(index.interval) / 2 for each in found.of for index in (each.first, each.total))


def test_indices_keep_their_coverage_where_the_design_grows_to_a_precision() -> None:
    """The six of one seed hang together: at worst the error is that of 50 independent ones."""
    held, largest = _held_at_the_stop(50, 0.06)
    assert held == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 50))
    assert largest > 1024


@pytest.mark.slow
def test_indices_keep_their_coverage_where_the_design_grows_many_times() -> None:
    """Bootstrap intervals of some thousand rows are short by about one part in a hundred."""
    held, _ = _held_at_the_stop(1000, 0.06)
    error = 4 * math.sqrt(0.95 * 0.05 / 1000)
    assert 0.94 - error < held < 0.95 + error


def test_a_group_has_what_its_members_have_and_their_interaction() -> None:
    """x1 and x3 together: V1 + V13 and nothing outside, so first and total are the same."""
    truth = ishigami_truth()
    found = indices(ishigami, draws_of(3, -math.pi, math.pi), 8192, {"x1 and x3": ["x1", "x3"], "x2": ["x2"]})
    both = next(each for each in found.of if each.source == "x1 and x3")
    for index in (both.first, both.total):
        assert index.value == pytest.approx(truth["x1"][1], abs=4 * index.error)


def test_blocks_do_not_change_the_indices() -> None:
    """5,000 rows are three blocks for the crew; the same figures come from one call over all of them."""
    draws = draws_of(3, -math.pi, math.pi)
    found = {each.source: each.first.value for each in indices(ishigami, draws, 5000).of}
    whole = draws.block(0, 5000)
    a, b = ishigami(whole), ishigami(whole.renewing(["x1", "x2", "x3"]))
    centre, variance = (a.mean() + b.mean()) / 2, np.concatenate([a, b]).var()
    for name, value in found.items():
        mixed = ishigami(whole.renewing([name]))
        assert value == pytest.approx(np.mean((b - centre) * (mixed - a)) / variance, rel=1e-9)


def correlated(rank: float) -> Draws:
    found = {name: Variable(name, Uniform(0.0, 1.0)) for name in ("x1", "x2", "x3")}
    mixed = blends([Correlation(of=("x1", "x2"), rank=rank)], list(found))
    return Draws(found, mixed, Streams(3, "random"), 0)


def test_a_common_factor_goes_with_its_source_or_is_one() -> None:
    draws = correlated(0.5)
    factor = "correlation\0x1\0x2"
    together, straddling = streams_of(draws, {"pair": ["x1", "x2"], "x3": ["x3"]})
    assert together == {"pair": {"x1", "x2", factor}, "x3": {"x3"}}
    assert not straddling
    apart, straddling = streams_of(draws, {name: [name] for name in draws})
    assert apart == {"x1": {"x1"}, "x2": {"x2"}, "x3": {"x3"}, "common to x1, x2": {factor}}
    assert straddling


def test_streams_that_are_mixed_otherwise_go_with_their_variable() -> None:
    """A negative correlation is a Cholesky root: x2 mixes the streams of x1 and its own."""
    apart, straddling = streams_of(correlated(-0.5), {name: [name] for name in ("x1", "x2", "x3")})
    assert apart == {"x1": {"x1"}, "x2": {"x2"}, "x3": {"x3"}}
    assert straddling


def test_correlated_members_of_one_source_keep_its_index_right() -> None:
    """x1 + x2 with rank correlation ½, and x3: the pair has Var(x1 + x2) = (1 + ρ)/6, x3 has 1/12.

    Uniforms' rank correlation is their Pearson's, so the pair's share is (1.5/6)/(1.5/6 + 1/12) = 3/4.
    """
    draws = correlated(0.5)
    found = indices(lambda d: d["x1"] + d["x2"] + d["x3"], draws, 8192, {"pair": ["x1", "x2"], "x3": ["x3"]})
    truth = {"pair": 0.75, "x3": 0.25}
    for each in found.of:
        for index in (each.first, each.total):
            assert index.value == pytest.approx(truth[each.source], abs=4 * index.error)
    assert not found.straddling
