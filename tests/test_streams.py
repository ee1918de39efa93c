"""Streams: a function of seed, name and block, whoever asks; and the shape that each kind of sampling promises."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import get_args

import numpy as np
import pytest
from scipy import stats

from simulator.errors import StaggerError
from simulator.streams import (
    DESIGN_BLOCK,
    NET_BLOCK,
    NET_DIMENSIONS,
    STREAM_BLOCK,
    Sampling,
    Streams,
    _points,
    natural_block,
    sampling_named,
    spread,
)

KINDS = get_args(Sampling)
NAMES = [f"cluster {i}/tender/duration" for i in range(20)]


def streams(kind: Sampling, seed: int = 7) -> Streams:
    return Streams(seed, kind, spread(NAMES))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("first", [0, 1, 999, 1000, 1024, STREAM_BLOCK - 3, 2 * STREAM_BLOCK])
@pytest.mark.parametrize("count", [0, 1, 5, 1024, 2500, STREAM_BLOCK + 7])
def test_a_range_is_a_slice_of_the_whole(kind, first, count):
    whole = streams(kind).uniform(NAMES[0], 0, 4 * STREAM_BLOCK)
    part = streams(kind).uniform(NAMES[0], first, count)
    np.testing.assert_array_equal(part, whole[first : first + count])


@pytest.mark.parametrize("kind", KINDS)
def test_neither_order_nor_threads_matter(kind):
    jobs = [(name, first) for name in NAMES for first in range(0, 8000, 800)]
    alone = {job: streams(kind).uniform(*job, 800) for job in jobs}
    shared = streams(kind)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda job: shared.uniform(*job, 800), reversed(jobs)))
    for job, numbers in zip(reversed(jobs), together, strict=True):
        np.testing.assert_array_equal(numbers, alone[job])


@pytest.mark.parametrize("kind", KINDS)
def test_uniforms_are_uniform_and_strictly_inside(kind):
    u = streams(kind).uniform(NAMES[0], 0, 50_000)
    assert 0 < u.min() < u.max() < 1
    # 1.95/√n is the Kolmogorov-Smirnov distance exceeded once in a thousand; stratified numbers are closer still.
    assert stats.kstest(u, "uniform").statistic < 1.95 / np.sqrt(u.size)


@pytest.mark.parametrize("kind", KINDS)
def test_names_seeds_and_neighbouring_replications_are_independent(kind):
    n = 50_000
    one, other = streams(kind).uniform(NAMES[0], 0, n), streams(kind).uniform(NAMES[1], 0, n)
    seed = streams(kind, seed=8).uniform(NAMES[0], 0, n)
    # Within a net the order of points is no order of chance, and seeds share it: only different names are independent.
    for pair in [(one, other)] if kind == "sobol" else [(one, other), (one, seed), (one[:-1], one[1:])]:
        # The standard error of a correlation of independent numbers is 1/√n.
        assert abs(np.corrcoef(*pair)[0, 1]) < 4 / np.sqrt(n)


def test_a_latin_hypercube_has_one_value_in_every_stratum_of_every_design():
    u = streams("latin-hypercube").uniform(NAMES[0], 0, 3 * DESIGN_BLOCK).reshape(3, DESIGN_BLOCK)
    strata = np.sort((u * DESIGN_BLOCK).astype(int), axis=1)
    np.testing.assert_array_equal(strata, np.broadcast_to(np.arange(DESIGN_BLOCK), (3, DESIGN_BLOCK)))
    assert not np.array_equal(u[0], u[1])


def test_a_net_has_one_value_in_every_interval_of_every_block():
    u = streams("sobol").uniform(NAMES[0], 0, 3 * NET_BLOCK).reshape(3, NET_BLOCK)
    intervals = np.sort((u * NET_BLOCK).astype(int), axis=1)
    np.testing.assert_array_equal(intervals, np.broadcast_to(np.arange(NET_BLOCK), (3, NET_BLOCK)))


def test_scrambling_keeps_the_net():
    # Sobol' dimensions 1 and 2 are a (0, 10, 2)-net: every elementary box of area 1/1024 holds one point. Nested
    # uniform scrambling keeps that (Owen 1995), so it must hold for every split of the ten digits.
    net = Streams(3, "sobol", {"a": 0, "b": 1})
    a, b = net.uniform("a", NET_BLOCK, NET_BLOCK), net.uniform("b", NET_BLOCK, NET_BLOCK)
    for digits in range(11):
        boxes = (a * 2**digits).astype(int) * 2 ** (10 - digits) + (b * 2 ** (10 - digits)).astype(int)
        assert np.unique(boxes).size == NET_BLOCK


def test_every_digit_is_flipped_by_a_chance_of_its_own():
    # The net's first point is 0, so where it goes in 2,000 blocks shows the flips of all digits behind the prefix 0…0:
    # its first four digits are 16 equally likely cases. χ² with 15 degrees of freedom exceeds 37.7 once in a thousand.
    u = Streams(3, "sobol", {"a": 0}).uniform("a", 0, 2000 * NET_BLOCK)[::NET_BLOCK]
    seen = np.bincount((u * 16).astype(int), minlength=16)
    assert stats.chisquare(seen).statistic < 37.7


def test_the_mean_of_a_sum_has_less_error_by_each_kind():
    # A sum of 10 uniforms by 1,024 replications: variance 10/(12 × 1024) by random numbers; strata leave next to none.
    def error(kind: Sampling) -> float:
        means = [sum(streams(kind, s).uniform(n, 0, 1024).mean() for n in NAMES[:10]) for s in range(30)]
        return float(np.std(means, ddof=1))

    random = np.sqrt(10 / (12 * 1024))
    assert error("random") == pytest.approx(random, rel=4 / np.sqrt(2 * 29))  # s.e. of an s.d. is σ/√(2(n − 1))
    assert error("latin-hypercube") < random / 5
    assert error("sobol") < random / 20


def test_no_two_dimensions_share_a_leading_bit():
    leading = _points() >= NET_BLOCK // 2
    assert len({row.tobytes() for row in leading}) == NET_DIMENSIONS


def test_dimensions_depend_on_the_set_of_names_alone():
    assert spread(NAMES) == spread(reversed(NAMES)) == spread(NAMES + NAMES)
    assert len(set(spread(NAMES).values())) == len(NAMES)


def test_a_name_moves_few_others():
    # 150 names in 383 slots: a newcomer displaces another only where they meet, which sends that one on, and so on:
    # at most 1/(1 − 0.39) − 1 = 0.65 a newcomer; mean of 100 newcomers within reach of that.
    names = [f"v{i}" for i in range(150)]
    before = spread(names)
    after = [spread([*names, f"new {k}"]) for k in range(100)]
    moved = [sum(slots[name] != slot for name, slot in before.items()) for slots in after]
    assert np.mean(moved) < 0.65
    assert moved.count(0) > 50


def test_more_names_than_dimensions_fall_back_on_plain_streams():
    names = [f"v{i}" for i in range(NET_DIMENSIONS + 50)]
    slots = spread(names)
    assert len(slots) == NET_DIMENSIONS
    left = next(name for name in names if name not in slots)
    plain = Streams(7, "random").uniform(left, 0, 500)
    np.testing.assert_array_equal(Streams(7, "sobol", slots).uniform(left, 0, 500), plain)


@pytest.mark.parametrize("kind", KINDS)
def test_deep_variables_are_plain(kind):
    plain = streams("random").uniform(NAMES[0], 0, 500)
    np.testing.assert_array_equal(streams(kind).uniform(NAMES[0], 0, 500, deep=True), plain)


def test_numbers_are_the_same_in_another_process():
    code = (
        "from simulator.streams import Streams; import sys;"
        "sys.stdout.write(Streams(7, 'random').uniform('Ministère/été', 20000, 50).tobytes().hex())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert other == Streams(7, "random").uniform("Ministère/été", 20000, 50).tobytes().hex()


@pytest.mark.parametrize("text", ["latin hypercube", "Latin-Hypercube", "latin_hypercube"])
def test_sampling_is_named_in_several_spellings(text):
    assert sampling_named(text) == "latin-hypercube"


def test_sampling_unknown_is_refused():
    with pytest.raises(StaggerError, match=r"sampling must be random, latin-hypercube or sobol \(found halton\)\."):
        sampling_named("halton")


def test_each_kind_says_what_number_suits_it():
    assert [natural_block(kind) for kind in KINDS] == [1, 1000, 1024]
