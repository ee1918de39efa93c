"""Means of what happens seldom: intervals that cover, given that it was seen, and words where it was not.

Of N futures a Poisson number, λ on average, have something of some size; all others have nothing. A coverage seen in R
repetitions has a standard error of √(c(1 − c)/R); four of them are allowed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.stats import chi2

import simulator as sg
from simulator.analysis.amounts import Amounts, Total
from simulator.analysis.estimate import mean_interval
from simulator.analysis.paired import mean_difference
from simulator.analysis.reductions import Days, Sums
from simulator.analysis.seldom import FEW, Spread, difference_that_is_seldom, interval_of_mean, is_few, rests_on
from simulator.cli import main

Sizes = Callable[[np.random.Generator, int], np.ndarray]

SIZES: dict[str, tuple[Sizes, float]] = {
    "same": (lambda g, k: np.full(k, 100.0), 100.0),
    "uniform": (lambda g, k: g.uniform(0, 200, k), 100.0),
    "exponential": (lambda g, k: g.exponential(100, k), 100.0),
    "lognormal": (lambda g, k: 100 * np.exp(g.normal(size=k) - 0.5), 100.0),
}
SIZE = 1000


def sampled(generator: np.random.Generator, sizes: Sizes, expected: float) -> np.ndarray:
    """Values of 1,000 futures of which so many are expected to have something, and one has at least."""
    while not (happens := generator.binomial(SIZE, expected / SIZE)):
        pass
    return np.concatenate([sizes(generator, happens), np.zeros(SIZE - happens)])


def coverage(kind: str, expected: float, repetitions: int, turned: bool = False) -> float:
    sizes, mean = SIZES[kind]
    generator, hits = np.random.default_rng(int(10 * expected)), 0
    truth = mean * expected / SIZE
    for _ in range(repetitions):
        values = sampled(generator, sizes, expected)
        low, high = interval_of_mean(Spread.of(1000.0 - values if turned else values)) or (0.0, 0.0)
        hits += low <= (1000.0 - truth if turned else truth) <= high
    return hits / repetitions


@pytest.mark.parametrize("kind", SIZES)
@pytest.mark.parametrize("expected", [0.5, 2.0, 8.0, 40.0])
def test_what_is_seldom_is_covered_where_it_was_seen(kind: str, expected: float) -> None:
    """Given that it was seen at least once the truth is a little larger: that is in what is allowed for."""
    repetitions = 600
    assert coverage(kind, expected, repetitions) > 0.95 - 4 * math.sqrt(0.95 * 0.05 / repetitions)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SIZES)
@pytest.mark.parametrize("expected", [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 40.0, 80.0, 150.0, 300.0])
def test_what_is_seldom_is_covered_many_times(kind: str, expected: float) -> None:
    """From 100 futures on it is Student's interval, whose coverage of lognormal sizes is 93 %."""
    repetitions = 10_000
    least = 0.93 if expected >= FEW and kind == "lognormal" else 0.945
    assert coverage(kind, expected, repetitions) > least - 4 * math.sqrt(0.95 * 0.05 / repetitions)


def test_students_interval_does_not_cover_it() -> None:
    """What this is for: with four expected, of exponential sizes, and in a case that is seen."""
    generator, hits, repetitions = np.random.default_rng(1), 0, 600
    for _ in range(repetitions):
        values = sampled(generator, SIZES["exponential"][0], 4.0)
        low, high = mean_interval(float(values.mean()), float(values.var(ddof=1)), SIZE) or (0.0, 0.0)
        hits += low <= 0.4 <= high
    assert hits / repetitions < 0.85


def test_what_is_seldom_missing_is_covered_as_well() -> None:
    """1,000 in almost all futures, and less in a few: the same from the other end."""
    assert coverage("same", 3.0, 600, turned=True) > 0.95 - 4 * math.sqrt(0.95 * 0.05 / 600)


def test_the_lower_end_is_garwoods_where_sizes_are_the_same() -> None:
    """Three of size 100: half of the chi-square quantile with six degrees of freedom, 0.6187, for a count of three."""
    values = np.array([100.0] * 3 + [0.0] * 997)
    low, high = interval_of_mean(Spread.of(values)) or (0.0, 0.0)
    assert low == pytest.approx(chi2.ppf(0.025, 6) / 2 * 100 / 1000)
    # At least Garwood's upper end: eight degrees of freedom, 8.767.
    assert high >= chi2.ppf(0.975, 8) / 2 * 100 / 1000
    assert rests_on(Spread.of(values)) == pytest.approx(3)


def test_a_mean_rests_on_as_many_futures_as_would_tell_as_much() -> None:
    """Distances 1 and 3: (1 + 3)² / (1 + 9) = 1.6 futures, from either end; all others are at 5."""
    for sign in (1, -1):
        values = 5.0 + sign * np.array([1.0, 3.0] + [0.0] * 98)
        assert rests_on(Spread.of(values)) == pytest.approx(1.6)
        low, high = interval_of_mean(Spread.of(values)) or (0.0, 0.0)
        assert low < values.mean() < high


@pytest.mark.parametrize("values", [np.arange(1000.0), np.random.default_rng(2).normal(size=50), np.array([1.0, 2.0])])
def test_many_have_students_interval(values: np.ndarray) -> None:
    spread = Spread.of(values)
    assert rests_on(spread) is None
    assert interval_of_mean(spread) == mean_interval(spread.mean, spread.variance, spread.size)


def test_what_never_differs_is_as_it_is() -> None:
    assert interval_of_mean(Spread.of(np.full(10, 7.0))) == (7.0, 7.0)
    assert rests_on(Spread.of(np.full(10, 7.0))) is None
    assert interval_of_mean(Spread.of(np.array([7.0]))) is None
    assert not is_few(0, 1000)


def test_every_reduction_knows_what_its_mean_rests_on() -> None:
    """Money, days and sums of days of the same futures have the same interval, however they were cut into blocks."""
    values = np.zeros(2000, dtype=np.int32)
    values[[3, 700, 1999]] = [40, 50, 90]
    expected = interval_of_mean(Spread.of(values.astype(float)))
    floats = values.astype(float)
    for whole, parts in (
        (Days.of(values), [Days.of(part) for part in np.split(values, 4)]),
        (Sums.of(values), [Sums.of(part) for part in np.split(values, 4)]),
        (Sums.each(values[None])[0], [Sums.each(part[None])[0] for part in np.split(values, 4)]),
        (Total.of(floats), [Total.of(part) for part in np.split(floats, 4)]),
        (Amounts.of(floats), [Amounts.of(part) for part in np.split(floats, 4)]),
    ):
        merged = parts[3].merge(parts[1]).merge(parts[0]).merge(parts[2])
        assert merged == whole
        spread = Spread.like(merged)
        assert spread is not None
        assert interval_of_mean(spread) == pytest.approx(expected)
        assert rests_on(spread) == pytest.approx(180**2 / (1600 + 2500 + 8100))


# -- differences -------------------------------------------------------------------------------------


def difference_coverage(kind: str, gained: float, lost: float, repetitions: int) -> float:
    """Of the mean of differences with gains and losses of the same law, one of them seen at least."""
    sizes, mean = SIZES[kind]
    generator, hits = np.random.default_rng(7), 0
    for _ in range(repetitions):
        differences = np.zeros(SIZE)
        while not differences.any():
            up, down = generator.poisson(gained), generator.poisson(lost)
            differences[:up] = sizes(generator, up)
            differences[up : up + down] = -sizes(generator, down)
        low, high = mean_difference(differences, np.zeros(SIZE)).interval or (0.0, 0.0)
        hits += low <= mean * (gained - lost) / SIZE <= high
    return hits / repetitions


@pytest.mark.parametrize("kind", ["same", "exponential"])
@pytest.mark.parametrize(("gained", "lost"), [(5.0, 0.0), (3.0, 3.0), (12.0, 4.0), (0.5, 8.0)])
def test_differences_that_are_seldom_are_covered(kind: str, gained: float, lost: float) -> None:
    covered = difference_coverage(kind, gained, lost, 500)
    assert covered > 0.95 - 4 * math.sqrt(0.95 * 0.05 / 500)


@pytest.mark.parametrize(("futures", "told"), [(4, False), (5, False), (8, True)])
def test_few_futures_that_differ_tell_no_more_than_their_signs(futures: int, told: bool) -> None:
    """Five of five of one sign have a chance of 2 · 0.5⁵ = 6 %, eight of eight of 0.8 %."""
    differences = np.zeros(1000)
    differences[:futures] = 10.0
    found = mean_difference(differences, np.zeros(1000))
    assert found.p_value == pytest.approx(2 * 0.5**futures, rel=0.7)
    assert found.p_value >= 2 * 0.5**futures
    assert found.interval is not None
    assert (found.interval[0] > 0) == told
    assert found.value == 0.01 * futures


def test_a_difference_in_many_futures_is_students() -> None:
    differences = np.random.default_rng(3).normal(1, 1, 400)
    assert difference_that_is_seldom(differences) is None
    assert mean_difference(differences, np.zeros(400)).interval == mean_interval(
        float(differences.mean()), float(differences.var(ddof=1)), 400
    )
    assert difference_that_is_seldom(np.zeros(400)) is None


# -- what is said ------------------------------------------------------------------------------------

WORLD = """
scenario: seldom
start: 2025-01-01
horizon: 2030-12-31
deadline: 2026-12-31
route:
  - {{stage: tender, go_to_market: true, duration: {{uniform: [100d, 200d]}}}}
clusters: {{Alder: {{}}}}
legacy:
  Old: {{used_by: [Alder], end_of_support: 2025-12-31, failures: {{supported: {rate}/y}}, failure: {{cost: 5}}}}
schedules: {{now: {{all: 2025-01-01}}, later: {{all: 2025-02-01}}}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Callable[[float | str], Path]:
    def written(rate: float | str) -> Path:
        (tmp_path / "seldom.yaml").write_text(WORLD.format(rate=rate))
        return tmp_path / "seldom.yaml"

    return written


def test_a_run_says_which_means_rest_on_few_futures(file) -> None:
    """Some 150 days in use at 0.02 failures a year: 0.8 % of futures, 16 of 2,000."""
    run = CliRunner().invoke(main, ["run", str(file(0.02)), "-n", "2000"])
    said = " ".join(run.output.split())
    summary = json.loads(CliRunner().invoke(main, ["run", str(file(0.02)), "-n", "2000", "--json"]).stdout)
    entry = summary["programme"]["failures"]
    seen = round(entry["any"]["p"] * 2000)
    assert 4 < seen < 40
    assert entry["rests_on"] == pytest.approx(seen, rel=0.15)
    low, high = entry["interval"]["mean"]
    assert low < 0.5 * seen / 2000 + 0.004
    assert high > 1.5 * seen / 2000
    assert f"failures of the programme (about {round(entry['rests_on'])})" in said
    assert "rest on few of the 2,000 futures and are uncertain" in said
    assert f"{entry['mean']:.2f}*" in said
    assert (
        "No future has days unsupported. What happens in fewer than 3 of 2,000 futures may not have been seen." in said
    )


def test_what_was_never_seen_is_said_to_be_possible(file) -> None:
    said = " ".join(CliRunner().invoke(main, ["run", str(file("0.000001")), "-n", "300"]).output.split())
    assert (
        "No future has days unsupported or failures. What happens in fewer than 3 of 300 futures may not have been "
        "seen."
    ) in said
    none = " ".join(CliRunner().invoke(main, ["run", str(file(0.0)), "-n", "300"]).output.split())
    assert "No future has days unsupported. What" in none
    often = " ".join(CliRunner().invoke(main, ["run", str(file(9.0)), "-n", "300"]).output.split())
    assert "rest on few" not in often


def test_comparisons_and_sweeps_mark_such_means(file) -> None:
    for verb in (["compare"], ["sweep", "--vary", "deadline=2025-12-31,2026-12-31"]):
        run = CliRunner().invoke(main, [*verb, str(file(0.02)), "-n", "1500"])
        assert run.exit_code == 0, run.output
        assert "* rests on few futures: almost all others have the same value." in run.output
    compared = sg.compare(sg.load(file(0.02)), replications=1500)
    standings = {each.name: each for each in compared.ranking["failures"]}
    alone = sg.run(sg.load(file(0.02)), "now", replications=1500).summary()["programme"]["failures"]
    assert standings["now"].rests_on == pytest.approx(alone["rests_on"], abs=0.05)
    assert compared.summary()["ranking"]["failures"][0]["rests_on"] is not None
    point = sg.sweep(sg.load(file(0.02)), "deadline=2026-12-31", replications=1500).rows()[0]
    assert [point["failures_low"], point["failures_high"]] == alone["interval"]["mean"]


def test_a_certain_scenario_has_nothing_that_was_not_seen() -> None:
    text = WORLD.format(rate=0).replace("{uniform: [100d, 200d]}", "150d")
    assert not [note for note in sg.run(sg.parse(text), replications=300).notes() if "may not have been seen" in note]
