"""Draws: which variables there are, and the four guarantees for every kind of sampling."""

from __future__ import annotations

import pickle
from typing import get_args

import numpy as np
import pytest
from scipy import stats

import simulator as sg
from simulator.draws import Draws, draw
from simulator.errors import StaggerError
from simulator.scenario.variables import MOST_FAILURES, variables
from simulator.streams import Sampling

KINDS = get_args(Sampling)
HEAD = """
scenario: draws
start: 2023-01-01
horizon: 2030-12-31
"""
WORLD = """
resources:
  framework: {capacity: 2}
  integrators: {capacity: {discrete: {values: [2, 3], weights: [1, 1]}}}
budgets:
  fund:
    - {arrives: 2023-01-01, amount: 300}
    - {arrives: {triangular: [2024-01-01, 2024-06-01, 2025-01-01]}, amount: {uniform: [80, 100]}}
boards:
  committee: {meets: {every: 1mo, from: 2023-01-10}}
milestones:
  standards: {uniform: [2023-03-01, 2023-09-01]}
  law: 2023-05-01
route:
  - stage: case
    duration: {lognormal: {median: 4mo, p90: 8mo}}
    board: {name: committee, pass: 75%, rework: 2w, returns: 3}
  - stage: tender
    duration: {pert: [3mo, 5mo, 9mo]}
    go_to_market: true
    cost: {fixed: {uniform: [1, 2]}, per_month: 1}
  - {stage: award, duration: 30d}
  - {stage: rollout, duration: {triangular: [2mo, 3mo, 6mo]}, for_each: department}
legacy:
  Old: {used_by: [North], end_of_support: {uniform: [2024-01-01, 2025-01-01]}, failures: {unsupported: 0.5/y}}
  Firm: {used_by: [South], end_of_support: 2024-01-01}
risks:
  challenge: {probability: 10%, delays: {award: {triangular: [2mo, 4mo, 8mo]}}, stretches: {tender: 1.5}}
  reform: {probability: 20%, drawn: once, clusters: [South], delays: {rollout: 3mo, award: 1mo}}
schedules:
  together: {all: 2023-06-01}
"""
NORTH = "  North: {departments: {Roads: {joins: 80%}, Rail: {}}}\n"
SOUTH = "  South: {begins_at: award}\n"


def scenario(clusters: str = NORTH + SOUTH, world: str = WORLD) -> sg.Scenario:
    return sg.parse(HEAD + world + "clusters:\n" + clusters)


def test_the_variables_are_those_of_the_model():
    # By hand from the table of section 4, for the scenario above.
    case = ["North/case/duration"] + [f"North/case/{what}/{k}" for k in (1, 2, 3) for what in ("board", "rework")]
    failures = [f"Old/failure/{k}{part}" for k in range(1, MOST_FAILURES + 1) for part in ("", "/cost", "/disrupts")]
    expected = {
        *case,
        "North/Roads/joins",
        "North/Rail/joins",
        "North/tender/duration",
        "North/tender/cost/fixed",
        "North/award/duration",
        "North/rollout/Roads/duration",
        "North/rollout/Rail/duration",
        "South/award/duration",
        "South/rollout/duration",
        "challenge/North",
        "challenge/North/delay/award",
        "challenge/North/stretch/tender",
        "challenge/South",
        "challenge/South/delay/award",
        "reform",
        "reform/delay/rollout",
        "reform/delay/award",
        "fund/1/arrives",
        "fund/1/amount",
        "fund/2/arrives",
        "fund/2/amount",
        "integrators/capacity",
        "standards",
        "Old/end_of_support",
        *failures,
    }
    assert set(variables(scenario())) == expected


def test_values_follow_their_distributions():
    draws = draw(scenario(), 20_000)
    # The Kolmogorov-Smirnov distance 1.95/√n is exceeded once in a thousand; here n is 20,000.
    limit = 1.95 / np.sqrt(20_000)
    day = (np.datetime64("2023-03-01") - np.datetime64("2023-01-01")).astype(int)
    width = (np.datetime64("2023-09-01") - np.datetime64("2023-03-01")).astype(int)
    assert stats.kstest(draws["standards"], stats.uniform(day, width).cdf).statistic < limit
    assert stats.kstest(draws["Old/failure/1"], stats.expon().cdf).statistic < limit
    assert stats.kstest(draws["North/case/board/1"], stats.uniform().cdf).statistic < limit
    tender = stats.beta(1 + 4 / 3, 5 - 4 / 3, 3 * 30.4375, 6 * 30.4375)
    assert stats.kstest(draws["North/tender/duration"], tender.cdf).statistic < limit
    assert set(draws["integrators/capacity"]) == {2.0, 3.0}
    np.testing.assert_array_equal(draws["South/award/duration"], np.full(20_000, 30.0))


@pytest.mark.parametrize("kind", KINDS)
def test_common_random_numbers_do_not_know_the_schedule(kind):
    other = scenario(world=WORLD.replace("2023-06-01", "2024-06-01"))
    assert_equal(draw(scenario(), 700, sampling=kind), draw(other, 700, sampling=kind))


@pytest.mark.parametrize("kind", ["random", "latin-hypercube"])
def test_neighbours_do_not_change_anyones_draws(kind):
    here = draw(scenario(), 700, sampling=kind)
    there = draw(scenario("  East: {departments: {A: {}}}\n" + SOUTH + NORTH), 700, sampling=kind)
    without = draw(scenario(NORTH, WORLD.replace("[South]", "all").replace("  Firm", "  # Firm")), 700, sampling=kind)
    assert_equal(here, there)
    assert_equal(here, without)


def test_neighbours_under_sobol_change_only_draws_that_share_a_slot():
    here = draw(scenario(), 700, sampling="sobol")
    there = draw(scenario(NORTH + SOUTH + "  East: {}\n"), 700, sampling="sobol")
    slots, others = here.streams.dimensions, there.streams.dimensions
    same = [name for name in here if slots.get(name) == others.get(name)]
    assert len(same) > 0.9 * len(here)
    assert_equal(here, there, same)


@pytest.mark.parametrize("kind", KINDS)
def test_more_replications_begin_with_the_fewer(kind):
    few, many = draw(scenario(), 700, sampling=kind), draw(scenario(), 5000, sampling=kind)
    for name in few:
        np.testing.assert_array_equal(few[name], many[name][:700])


@pytest.mark.parametrize("kind", KINDS)
def test_blocks_are_slices_of_the_whole(kind):
    whole = draw(scenario(), 5000, sampling=kind)
    for first, count in [(0, 1), (1, 999), (990, 1100), (4321, 679)]:
        for part in (draw(scenario(), count, sampling=kind, first=first), whole.block(first, count)):
            assert (part.first, part.replications) == (first, count)
            for name in whole:
                np.testing.assert_array_equal(part[name], whole[name][first : first + count])


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_distribution_moves_every_replication_through_the_same_quantile(kind):
    wider = scenario(world=WORLD.replace("[2023-03-01, 2023-09-01]", "[2023-03-01, 2024-03-01]"))
    here, there = draw(scenario(), 700, sampling=kind), draw(wider, 700, sampling=kind)
    # 2023-03-01 is day 59; the widths are 184 and 366 days.
    np.testing.assert_allclose((here["standards"] - 59) / 184, (there["standards"] - 59) / 366, rtol=1e-12)
    assert_equal(here, there, [name for name in here if name != "standards"])
    np.testing.assert_array_equal(here.uniform("standards"), there.uniform("standards"))


@pytest.mark.parametrize("kind", KINDS)
def test_values_at_some_replications_are_those_of_the_whole(kind):
    mask = np.arange(3000) % 7 == 3
    world = scenario()
    for name in variables(world):
        fresh = draw(world, 3000, sampling=kind)
        np.testing.assert_array_equal(fresh.at(name, mask), fresh[name][mask])
        np.testing.assert_array_equal(fresh.at(name, np.array([5, 2, 5])), fresh[name][[5, 2, 5]])


def test_seeds_differ_and_the_scenario_may_name_one():
    assert draw(scenario(), 10).seed == 1
    assert draw(scenario(), 10, seed=3).seed == 3
    assert draw(sg.parse(HEAD + "seed: 12\n" + WORLD + "clusters:\n" + NORTH + SOUTH), 10).seed == 12
    a, b = draw(scenario(), 10, seed=1)["standards"], draw(scenario(), 10, seed=2)["standards"]
    assert not np.any(a == b)


def test_draws_are_a_mapping_that_cannot_be_changed():
    draws = draw(scenario(), 10)
    assert len(draws) == len(list(draws)) == len(variables(scenario()))
    assert "standards" in draws
    assert "standard" not in draws
    assert draws["standards"] is draws["standards"]
    for name in draws:
        with pytest.raises(ValueError, match="read-only"):
            draws[name][0] = 1.0
    with pytest.raises(KeyError):
        draws["standard"]


def test_draws_travel_to_another_process():
    draws = draw(scenario(), 1000, sampling="sobol").replacing({"standards": 60.0})
    assert_equal(pickle.loads(pickle.dumps(draws)), draws)


def test_variables_can_be_fixed():
    draws = draw(scenario(), 100)
    tender = np.linspace(90, 200, 100)
    fixed = draws.replacing({"standards": 60, "North/tender/duration": tender})
    np.testing.assert_array_equal(fixed["standards"], np.full(100, 60.0))
    np.testing.assert_array_equal(fixed["North/tender/duration"], tender)
    np.testing.assert_array_equal(fixed.at("standards", np.arange(3)), [60, 60, 60])
    np.testing.assert_array_equal(fixed.block(20, 30)["North/tender/duration"], tender[20:50])
    assert_equal(draws, fixed, [name for name in draws if name not in ("standards", "North/tender/duration")])
    tender[0] = -1
    assert fixed["North/tender/duration"][0] == 90
    assert draws["standards"][0] != 60


def test_fixing_what_cannot_be_is_refused():
    draws = draw(scenario(), 100)
    with pytest.raises(StaggerError, match=r"\(found standard\)\. Did you mean standards\?"):
        draws.replacing({"standard": 60})
    with pytest.raises(StaggerError, match=r"must have one value or 100 \(found \(3,\) for standards\)"):
        draws.replacing({"standards": np.zeros(3)})
    with pytest.raises(StaggerError, match="within the replications for which standards was fixed"):
        draws.replacing({"standards": np.zeros(100)}).block(50, 100)


@pytest.mark.parametrize(("first", "count"), [(-1, 5), (0, -5)])
def test_negative_counts_are_refused(first, count):
    with pytest.raises(StaggerError, match=r"counts of replications must not be negative \(found -"):
        draw(scenario(), count, first=first)


def assert_equal(one: Draws, other: Draws, names: list[str] | None = None) -> None:
    """Equal arrays of the variables that both have, or of ``names``."""
    for name in names or [name for name in one if name in other]:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@pytest.mark.parametrize("sampling", KINDS)
def test_renewing_a_stream_changes_that_variable_alone(sampling: str) -> None:
    """The others keep every number, blocks are cut as ever, and the new numbers have nothing to do with the old."""
    whole = sg.draw(scenario(), 3000, seed=4, sampling=sampling)
    name = next(name for name, variable in whole.variables.items() if not variable.constant)
    renewed = whole.renewing([name])
    for other in whole:
        same = np.array_equal(renewed.uniform(other), whole.uniform(other))
        assert same == (other != name)
    assert np.array_equal(renewed.block(1000, 500).uniform(name), renewed.uniform(name)[1000:1500])
    # Two independent uniforms: the correlation of 3,000 has a standard error of 1/√3000.
    assert abs(np.corrcoef(renewed.uniform(name), whole.uniform(name))[0, 1]) < 4 / 3000**0.5
    assert abs(renewed.uniform(name).mean() - 0.5) < 4 * (1 / 12 / 3000) ** 0.5


def test_renewing_a_common_factor_moves_all_that_share_it() -> None:
    world = WORLD + 'correlations: [{of: ["*/tender/duration"], rank: 0.6}]\n'
    draws = sg.draw(scenario(NORTH + "  South: {}\n", world), 2000, seed=4)
    members = [name for name in draws if name.endswith("/tender/duration")]
    factor = next(source for source in draws.blends[members[0]].sources if source not in draws)
    renewed = draws.renewing([factor])
    assert all(not np.array_equal(renewed.uniform(name), draws.uniform(name)) for name in members)
    # Still correlated with each other as asked for; the standard error of a rank correlation is below 1/√N.
    assert np.corrcoef([renewed.uniform(name) for name in members])[0, 1] == pytest.approx(0.6, abs=4 / 2000**0.5)
