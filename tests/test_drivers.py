"""`drivers` on worlds whose answers are known."""

from __future__ import annotations

import csv
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

import simulator as sg
from simulator.analysis.paired import Difference
from simulator.analysis.sensitivity import RankCorrelation, interval_of_correlation
from simulator.cli import main, screen
from simulator.cli.drivers import _per_day
from simulator.scenario import Scenario
from simulator.scenario.model import StageBoard
from simulator.studies.drivers.aim import OF_PROGRAMME, Aim
from simulator.studies.drivers.exclusion import Exclusion, Variation, variations
from simulator.studies.drivers.sources import sources
from simulator.studies.drivers.world import Played, World
from simulator.uncertainty import inputs_of
from simulator.uncertainty.inputs import _median_gaps, _median_returns

WORLD = """
scenario: small
start: 2025-01-01
horizon: 2030-12-31
deadline: 2025-12-31
resources: {framework: {capacity: 2}}
route:
  - {stage: case, duration: 40d}
  - stage: tender
    go_to_market: true
    duration: {uniform: [30d, 90d]}
    cost: {per_month: 1}
  - {stage: award, duration: 30d}
clusters: {Alder: {}, Birch: {}}
risks:
  challenge:
    probability: 40%
    clusters: [Alder]
    delays: {award: {uniform: [50d, 150d]}}
    mitigation: {probability: 10%, cost: 2}
  flood: {probability: 0%, delays: {award: 500d}}
  slip: {probability: 100%, stretches: {tender: {uniform: [1, 2]}}}
  strike: {probability: 50%, drawn: once, delays: {award: 10d}}
schedules: {early: {all: 2025-01-01}, late: {all: 2025-06-01}}
"""
SHIPPED = ("two-clusters", "nhs-patient-records", "shared-services-2022")


def shipped(name: str) -> Scenario:
    return sg.load(Path(__file__).parent.parent / f"scenarios/{name}.yaml")


def world_of(scenario: Scenario, of: str = "finish", cluster: str | None = None) -> World:
    return World(scenario, sg.compile(scenario), "batch", Aim.of(scenario, of, cluster))


def same(one: Played, other: Played) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("aim", "days", "cost"))


def varied(world: World) -> dict[tuple[str, str], Variation]:
    found = variations(world, sources(inputs_of(world.scenario), "stage"))
    return {(each.name, each.how): each for each in found}


# ------------------------------------------------------------------------------------------------ what is uncertain


def test_inputs_and_sources_by_hand() -> None:
    """`flood` cannot happen and Birch has no challenge; `case` and `award` are certain."""
    found = inputs_of(sg.parse(WORLD))
    assert [each.name for each in found] == [
        "Alder/tender/duration",
        "Birch/tender/duration",
        "challenge/Alder",
        "slip/Alder",
        "slip/Birch",
        "strike",
    ]
    names = {by: [each.name for each in sources(found, by)] for by in ("stage", "cluster", "input")}
    assert names["stage"] == ["*/tender/duration", "challenge", "slip", "strike"]
    assert names["cluster"] == ["Alder", "Birch", "strike"]
    assert names["input"] == [each.name for each in found]
    medians = {name: value for each in found for name, value in each.medians.items()}
    assert medians == {
        "Alder/tender/duration": pytest.approx(60),
        "Birch/tender/duration": pytest.approx(60),
        "challenge/Alder": 0.5,
        "challenge/Alder/delay/award": pytest.approx(100),
        "slip/Alder/stretch/tender": pytest.approx(1.5),
        "slip/Birch/stretch/tender": pytest.approx(1.5),
        "strike": 0.5,
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_that_changes_anything_is_left_out(name: str) -> None:
    """New numbers for the streams of all sources do what new numbers for every stream there is do, in every future."""
    scenario = shipped(name)
    draws = sg.draw(scenario, 200)
    factors = {source for blend in draws.blends.values() for source in blend.sources}
    everything = draws.renewing({name for name, v in draws.variables.items() if not v.constant} | factors)
    members = {variable for source in sources(inputs_of(scenario), "stage") for variable in source.variables}
    known = draws.renewing(members | factors)
    for of in OF_PROGRAMME:
        world = world_of(scenario, of)
        assert same(world.play(known), world.play(everything))
        # Nothing is uncertain in the scenario that is there to be checked by hand.
        assert of != "finish" or same(world.play(known), world.play(draws)) == (name == "two-clusters")


@pytest.mark.parametrize("passes", [0.0, 0.1, 0.25, 0.4, 0.5, 0.75, 0.99])
def test_the_median_of_returns_by_a_board(passes: float) -> None:
    """The least m with P(no more than m returns) = 1 - (1 - pass)^(m + 1) of at least a half, 20 at most."""
    chance = [1 - (1 - passes) ** (m + 1) for m in range(20)]
    expected = next((m for m, p in enumerate(chance) if p >= 0.5), 20)
    assert _median_returns(StageBoard.model_validate({"name": "x", "pass": passes})) == expected


def test_held_at_its_median_a_failure_comes_at_its_median() -> None:
    """The first at ln 2; the K-th about K - 1/3 (Choi 1994), of a gamma distribution of shape K."""
    days = np.cumsum(_median_gaps())
    assert days[0] == pytest.approx(math.log(2))
    assert days[9] == pytest.approx(10 - 1 / 3, abs=0.01)
    assert min(_median_gaps()) > 0


def test_readings_by_hand() -> None:
    """Slip by 1.8 on a tender planned at 60 days: 48; a challenge of 70 days; a strike of 10 days for each of two."""
    scenario = sg.parse(WORLD)
    forced = {"slip/Alder/stretch/tender": 1.8, "challenge/Alder": 0.3, "challenge/Alder/delay/award": 70.0}
    draws = sg.draw(scenario, 1).replacing({**forced, "strike": 0.49, "Birch/tender/duration": 33.0})
    found = inputs_of(scenario)
    looked = world_of(scenario).look_into(draws, found)
    readings = {each.name: float(reading[0]) for each, reading in zip(found, looked.readings, strict=True)}
    assert readings["slip/Alder"] == pytest.approx(48)
    assert readings["challenge/Alder"] == pytest.approx(70)
    assert readings["strike"] == pytest.approx(20)
    assert readings["Birch/tender/duration"] == 33.0
    spared = world_of(scenario).look_into(draws.replacing({"challenge/Alder": 0.4, "strike": 0.5}), found)
    assert [float(reading[0]) for reading in (spared.readings[2], spared.readings[5])] == [0.0, 0.0]


BOARD_AND_LEGACY = """
scenario: small
start: 2025-01-01
horizon: 2026-12-31
deadline: 2025-04-10   # day 99
boards: {committee: {meets: {every: 10d, from: 2025-01-01}}}
route:
  - stage: case
    duration: 20d
    for_each: department
    board: {name: committee, pass: 50%, rework: {uniform: [5d, 9d]}, returns: 2}
clusters: {Alder: {departments: {Roads: {}, Rail: {joins: 70%}, Ports: {joins: 60%}}}}
legacy:
  Old:
    used_by: [Alder]
    failures: {supported: 1/y}
    failure: {cost: {uniform: [1, 3]}, disrupts: {uniform: [2d, 8d]}}
"""


def test_readings_of_boards_failures_and_joining_by_hand() -> None:
    """Roads is returned twice, for 6 and 7 days; Rail once, for 9: 6 + 7 + 9 days and three returns.

    One failure a year: exposures 0.1, 0.1, 0.1 put failures on days 36, 73 and 109, two of them by day 99.
    """
    scenario = sg.parse(BOARD_AND_LEGACY)
    forced = {f"Alder/case/{wave}/board/{k}": 0.2 for wave in ("Roads", "Rail", "Ports") for k in (1, 2)}
    forced |= {"Alder/case/Roads/board/1": 0.9, "Alder/case/Roads/board/2": 0.9, "Alder/case/Rail/board/1": 0.5}
    forced |= {"Alder/case/Roads/rework/1": 6.0, "Alder/case/Roads/rework/2": 7.0, "Alder/case/Rail/rework/1": 9.0}
    forced |= {f"Old/failure/{k}": 0.1 for k in (1, 2, 3)} | {"Old/failure/4": 9.0}
    forced |= {f"Old/failure/{k}/disrupts": float(k) for k in (1, 2, 3)}
    forced |= {f"Old/failure/{k}/cost": 10.0**k for k in (1, 2, 3)} | {
        "Alder/Rail/joins": 0.1,
        "Alder/Ports/joins": 0.6,
    }
    found = inputs_of(scenario)
    looked = world_of(scenario).look_into(sg.draw(scenario, 1).replacing(forced), found)
    readings = {each.name: float(reading[0]) for each, reading in zip(found, looked.readings, strict=True)}
    assert readings == {
        "Alder/joins": 1.0,
        "Alder/case/board": 25.0,
        "Old/failure": 5.0,  # 1 and 2 days, and one for each
        "Old/failure/cost": 110.0,
    }


def test_held_at_its_median_a_board_returns_a_case_its_median_number_of_times() -> None:
    """With pass 40 %, one return at most has a chance of 64 %, none only 40 %: one return in every future, of 7 days.

    The case is done on day 20, heard on day 20, reworked to day 27, and passes on day 30.
    """
    scenario = sg.change(sg.parse(BOARD_AND_LEGACY), {"boards.committee.seats": "3", "legacy": "{}"})
    scenario = sg.change(
        scenario, {"route.case.board.pass": "40%", "clusters": {"Alder": {"departments": {"Roads": {}}}}}
    )
    world, draws = world_of(scenario), sg.draw(scenario, 100)
    assert set(varied(world)["*/case/board", "at its median"].play(draws).days) == {30.0}


# ------------------------------------------------------------------------------------------------------- exclusion


def test_what_cannot_happen_changes_nothing_when_switched_off() -> None:
    world = world_of(sg.parse(WORLD))
    draws = sg.draw(world.scenario, 500)
    assert same(varied(world)["flood", "switched off"].play(draws), world.play(draws))


def test_a_constant_held_at_its_median_changes_nothing() -> None:
    scenario = sg.parse(WORLD)
    world, draws = world_of(scenario), sg.draw(scenario, 500)
    held = Variation("case", "at its median", world, {"Alder/case/duration": 40.0, "Birch/award/duration": 30.0})
    assert same(held.play(draws), world.play(draws))


def test_a_risk_switched_off_is_one_that_cannot_happen_in_every_future() -> None:
    """Other risks, and all else, are drawn as they were: the changed scenario meets the same futures."""
    scenario = sg.parse(WORLD)
    world, draws = world_of(scenario), sg.draw(scenario, 500)
    for risk in scenario.risks:
        changed = sg.change(scenario, {f"risks.{risk}.probability": "0%"})
        expected = world_of(changed).play(sg.draw(changed, 500))
        assert same(varied(world)[risk, "switched off"].play(draws), expected)


def test_a_mitigation_is_that_of_the_scenario_and_its_cost_is_counted() -> None:
    scenario = sg.parse(WORLD)
    draws = sg.draw(scenario, 500)
    changed = sg.change(scenario, {"risks.challenge.mitigated": "true"})
    found = varied(world_of(scenario))["challenge", "mitigated"]
    assert same(found.play(draws), world_of(changed).play(draws))
    withdrawn = varied(world_of(changed))["challenge", "not mitigated"]
    assert same(withdrawn.play(draws), world_of(scenario).play(draws))
    assert (found.price, withdrawn.price) == (2.0, 2.0)


def test_every_effect_by_theory() -> None:
    """Alder alone decides where it is challenged; days and money by hand, four standard errors.

    Without Birch: go-live = 40 + tender x slip + 30 + strike + challenge. Challenged in 40 % by 100 days on average,
    mitigated in 10 %: 30 days less; each day of a tender costs 1/30.4375, which a challenge to the award does not move.
    """
    text = WORLD.replace("clusters: {Alder: {}, Birch: {}}", "clusters: {Alder: {}}")
    answer = sg.drivers(sg.parse(text), replications=4000, indices=0)
    found = {(each.name, each.how): each for each in answer.exclusions}
    # Standard deviations: 100 days in 40 %, spread by 100/√12 within.
    spread = math.sqrt(0.4 * (100**2 + 100**2 / 12) - 40**2)
    off = found["challenge", "switched off"]
    assert off.effect.value == pytest.approx(-40, abs=4 * spread / 4000**0.5)
    assert (off.cost.value, off.per_day) == (0.0, 0.0)
    mitigated = found["challenge", "mitigated"]
    assert mitigated.effect.value == pytest.approx(-30, abs=4 * spread / 4000**0.5)
    assert mitigated.cost.value == pytest.approx(2)
    assert mitigated.per_day == pytest.approx(2 / -mitigated.days.value)
    assert mitigated.per_day_interval[0] < 2 / 30 < mitigated.per_day_interval[1]
    # A strike of 50 % does not occur at its median, so it is listed once; `slip` is certain and has a median, 1.5.
    assert ("strike", "at its median") not in found
    assert found["strike", "switched off"].effect.value == pytest.approx(-5, abs=4 * 5 / 4000**0.5)
    # Tender x slip: mean 60 x 1.5 = 90 either way, so holding slip changes nothing on average; off it saves 30 days.
    assert found["slip", "at its median"].effect.interval[0] < 0 < found["slip", "at its median"].effect.interval[1]
    assert found["slip", "switched off"].effect.value == pytest.approx(-30, abs=4 * 20 / 4000**0.5)
    # 30 days of tender less: 30/30.4375 of money less.
    assert found["slip", "switched off"].cost.value == pytest.approx(-30 / 30.4375, abs=4 * 20 / 30.4375 / 4000**0.5)


# --------------------------------------------------------------------------------------- correlations and variance


def test_one_stage_is_all_of_the_variance() -> None:
    """Birch begins at `award`, which is certain: Alder's tender decides every future, and cost of Birch is nothing."""
    text = WORLD.replace("Birch: {}", "Birch: {begins_at: award}")
    scenario = sg.change(sg.parse(text), {"risks": "{}"})
    answer = sg.drivers(scenario, by="input", replications=1000, indices=1000)
    assert [bar.input for bar in answer.tornado] == ["Alder/tender/duration"]
    # The day of go-live is the tender rounded, so ranks agree but for ties.
    assert answer.tornado[0].correlation.value == pytest.approx(1, abs=1e-3)
    # Lowest tenth of uniform [30, 90]: 33 on average, on from day 40, 30 more days; the highest: 87.
    error = 4 * (6 / 12**0.5) / 100**0.5 + 0.5
    assert (answer.tornado[0].low.mean, answer.tornado[0].high.mean) == (
        pytest.approx(103, abs=error),
        pytest.approx(157, abs=error),
    )
    (share,) = answer.shares.of
    for index in (share.first, share.total):
        assert index.value == pytest.approx(1, abs=4 * index.error)
    text = str(answer)
    assert text.startswith("What matters most for the last go-live is how long “tender” takes in “Alder” (")


def test_a_source_that_changes_nothing_has_no_part() -> None:
    """Birch's tender is over by day 60 at the latest, and Alder's does not begin to end before day 101."""
    text = WORLD.replace(
        "Birch: {}", "Birch: {stages: {case: {duration: 0d}, tender: {duration: {uniform: [1d, 30d]}}}}"
    )
    scenario = sg.change(sg.parse(text), {"risks": "{}"})
    answer = sg.drivers(scenario, by="cluster", replications=500)
    found = {each.source: each for each in answer.shares.of}
    assert (found["Birch"].first.value, found["Birch"].total.value) == (0.0, 0.0)
    assert {e.name: e.effect.value for e in answer.exclusions}["Birch"] == 0.0
    assert answer.shares.size == 500


def test_nothing_uncertain_is_said_so() -> None:
    scenario = sg.change(sg.parse(WORLD), {"risks": "{}", "route.tender.duration": "60d"})
    answer = sg.drivers(scenario, replications=64)
    assert str(answer) == "Nothing that is uncertain changes the last go-live."
    assert (answer.tornado, answer.exclusions, answer.shares.of) == ((), (), ())
    json.dumps(answer.summary(), allow_nan=False)


@pytest.mark.parametrize(
    ("of", "cluster", "said"),
    [
        ("finish", None, "The last cluster is not live by the horizon (2025-03-25) in any future: the horizon would "),
        ("on_time", None, "The last cluster is not live by the horizon (2025-03-25) in any future: the horizon would "),
        ("go_live", "Alder", "Alder is not live by the horizon (2025-03-25) in any future: the horizon would "),
    ],
)
def test_where_nothing_is_live_by_the_horizon_that_is_the_answer(of: str, cluster: str | None, said: str) -> None:
    """40 days of a case, 30 or more of a tender, 30 of an award: not before day 100. The horizon is day 83."""
    text = WORLD.replace("2030-12-31", "2025-03-25").replace("deadline: 2025-12-31", "deadline: 2025-03-25")
    scenario = sg.parse(text.replace(", late: {all: 2025-06-01}", ""))
    answer = sg.drivers(scenario, of, cluster, replications=100)
    assert str(answer).startswith(said)
    assert "Nothing that is uncertain" not in str(answer)
    # What a tender costs depends on whether it ends before.
    assert "by the horizon" not in str(sg.drivers(scenario, "cost", replications=100))


def test_what_never_happens_counts_as_the_day_after_the_horizon() -> None:
    """A horizon on day 120: 40 + tender + 30 is later for tenders above 50 days, two in three."""
    scenario = sg.change(
        sg.parse(WORLD.replace("Birch: {}", "Birch: {begins_at: award}").replace("2025-06-01", "2025-02-01")),
        {"risks": "{}", "horizon": "2025-05-01", "deadline": "2025-04-30"},
    )
    answer = sg.drivers(scenario, replications=2000, indices=0)
    error = 4 * math.sqrt(2 / 9 / 2000)
    assert answer.level.censored == pytest.approx(2 / 3, abs=error)
    assert answer.level.p80 is None
    # A third is 110.5 on average, the rest 121.
    assert answer.level.mean == pytest.approx((110.5 + 2 * 121) / 3, abs=11 * error)
    # At its median, 60 days, it is never live: P80 is after the horizon and has no difference.
    (held,) = answer.exclusions
    assert held.p80.value is None
    assert held.effect.value == pytest.approx(121 - answer.level.mean)
    assert any("It counts as the day after it" in note for note in answer.summary()["notes"])


@pytest.mark.parametrize("rows", [1, 63])
def test_indices_from_a_handful_of_rows_are_refused(rows: int) -> None:
    with pytest.raises(sg.StaggerError, match=rf"need 64 futures or more, for fewer say nothing \(found {rows}\)"):
        sg.drivers(sg.parse(WORLD), indices=rows, replications=200)


def test_with_few_futures_indices_are_left_out_with_a_note() -> None:
    note = "they need 64 futures or more (these are 63)"
    few = sg.drivers(sg.parse(WORLD), replications=63)
    assert few.shares is None
    assert any(note in each for each in few.summary()["notes"])
    assert not any(note in each for each in sg.drivers(sg.parse(WORLD), replications=63, indices=0).summary()["notes"])
    enough = sg.drivers(sg.parse(WORLD), replications=64)
    assert enough.shares.size == 64
    assert not any("left out" in each for each in enough.summary()["notes"])


@pytest.mark.parametrize("indices", [0, 128])
def test_what_matters_most_is_said_only_where_the_futures_can_tell(indices: int) -> None:
    """Cost is that of two tenders: neither matters more where they are alike, Alder's does where Birch's is known."""
    alike = sg.change(sg.parse(WORLD), {"risks": "{}"})
    said = str(sg.drivers(alike, "cost", by="input", replications=128, indices=indices))
    assert said.startswith("These futures cannot tell what matters most for the cost: how long “tender” takes in “")
    assert {"“Alder”", "“Birch”"} <= set(re.findall("“[^”]*”", said))
    uneven = sg.change(alike, {"clusters.Birch": "{stages: {tender: {duration: {uniform: [30d, 32d]}}}}"})
    said = str(sg.drivers(uneven, "cost", by="input", replications=128, indices=indices))
    assert said.startswith("What matters most for the cost is how long “tender” takes in “Alder” (")


def _a_day(interval: tuple[float, float] | None, per_day: float | None) -> tuple[str, str]:
    none = Difference()
    return _per_day(Exclusion("x", "mitigated", none, none, none, none, 1.0, per_day, interval))


def test_a_mitigation_pays_only_where_that_is_sure() -> None:
    assert _a_day((-2.0, -1.0), -1.5) == ("pays", "-2 to -1")
    assert _a_day((-2.0, 1.0), -0.5) == ("cannot tell", "-2 to 1")
    assert _a_day((-1.0, 2.0), 0.5) == ("cannot tell", "-1 to 2")
    assert _a_day((1.0, 2.0), 1.5) == ("1.5", "1 to 2")
    assert _a_day((0.0, 0.0), 0.0) == ("0", "0 to 0")
    assert _a_day(None, None) == ("–", "–")


def test_correlations_are_said_and_how_far_they_reach() -> None:
    scenario = sg.change(sg.parse(WORLD), {"correlations": '[{of: ["*/tender/duration"], rank: 0.5}]'})
    inside = sg.drivers(scenario, replications=100).summary()
    assert "they stay within sources" in inside["notes"][-1]
    across = sg.drivers(scenario, by="cluster", replications=100).summary()
    assert "they reach from one source into another" in across["notes"][-1]
    assert {row["source"] for row in across["indices"]} == {"Alder", "Birch", "strike", "common to */tender/duration"}


# -------------------------------------------------------------------------------------------------- what it is of


@pytest.mark.parametrize(
    ("of", "cluster", "message"),
    [
        ("finsh", None, r"an outcome must be one of the programme's \(found finsh\). Did you mean finish\?"),
        ("go_live", None, "It is a cluster's: name one with --cluster"),
        ("finish", "Alder", "Leave --cluster out for it"),
        ("go_lve", "Alder", r"one of a cluster's \(found go_lve\). Did you mean go_live\?"),
        ("go_lve", None, "Did you mean go_live, which needs a --cluster"),
        ("zzz", None, "There are: finish, on_time"),
        ("go_live", "Adler", r"a cluster must be one of the scenario's \(found Adler\). Did you mean Alder\?"),
        ("go_live", "zzz", r"The clusters are: Alder, Birch"),
    ],
)
def test_a_misspelt_outcome_or_cluster_is_refused_with_the_nearest(of: str, cluster: str | None, message: str) -> None:
    with pytest.raises(sg.StaggerError, match=message):
        sg.drivers(sg.parse(WORLD), of, cluster, replications=10)


def test_other_bad_options_are_refused() -> None:
    with pytest.raises(sg.StaggerError, match=r"sources go by stage, cluster or input \(found team\)"):
        sg.drivers(sg.parse(WORLD), by="team", replications=10)
    with pytest.raises(sg.StaggerError, match=r"must be 0 or more \(found -1\)"):
        sg.drivers(sg.parse(WORLD), indices=-1, replications=10)
    with pytest.raises(sg.StaggerError, match="Did you mean early"):
        sg.drivers(sg.parse(WORLD), schedule="erly", replications=10)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"of": None}, r"one of the programme's \(found None\)\. There are: finish"),
        ({"of": 3}, r"one of the programme's \(found 3\)"),
        ({"cluster": 3}, r"one of the scenario's \(found 3\)\. The clusters are: Alder"),
        ({"by": ["stage"]}, "sources go by stage"),
        ({"indices": "many"}, r"whole number, such as 2048 \(found many\)"),
        ({"indices": 2.5}, r"whole number, such as 2048 \(found 2\.5\)"),
        ({"schedule": 3}, r"one of the scenario's \(found 3\)\. The schedules are: early"),
        ({"sampling": None}, "sampling must be random"),
        ({"precision": 5}, "a precision must be WHAT=HALFWIDTH"),
    ],
)
def test_what_is_no_text_or_number_is_refused_with_a_remedy(option: dict, message: str) -> None:
    with pytest.raises(sg.StaggerError, match=message):
        sg.drivers(sg.parse(WORLD), **{"replications": 10, **option})


@pytest.mark.parametrize("replications", range(1, 10))
def test_few_futures_say_nothing_of_what_matters(replications: int) -> None:
    """Four futures of ten inputs are often in the very order of one of them, and three have no correlation at all."""
    for seed in range(6):
        answer = sg.drivers(sg.parse(WORLD), replications=replications, seed=seed)
        one = "future is" if replications == 1 else "futures are"
        said = f"{replications} {one} too few to say what matters for the last go-live: it takes 10 or more."
        assert str(answer) == said


def test_what_came_out_first_of_many_must_be_apart_from_all_of_them_at_once() -> None:
    """Of 100 futures ρ = 0.8 and 0.5 have 95 % intervals that are apart; at 1 − 0.05/20 each they are not."""
    answer = sg.drivers(sg.parse(WORLD), replications=100, indices=0)
    first, second, third = (
        replace(answer.tornado[0], correlation=RankCorrelation(value, interval_of_correlation(value, 100)))
        for value in (0.8, 0.5, 0.1)
    )
    assert first.correlation.interval[0] > second.correlation.interval[1]
    assert str(replace(answer, tornado=(first, second))).startswith("What matters most")
    many = replace(answer, tornado=(first, second, *[third] * 18))
    assert str(many).startswith("These futures cannot tell what matters most")


def test_a_world_that_never_differed_may_still_differ() -> None:
    """A risk of one in a hundred thousand is seen by no future here: it may change the go-live all the same."""
    text = WORLD.replace("{uniform: [30d, 90d]}", "60d").partition("risks:")[0]
    text += "risks: {meteor: {probability: 0.001%, delays: {award: 90d}}}\nschedules: {early: {all: 2025-01-01}}\n"
    answer = sg.drivers(sg.parse(text), replications=100)
    assert str(answer) == "Nothing that is uncertain changes the last go-live in any of these 100 futures."


@pytest.mark.parametrize("cluster", [None, "Alder"])
def test_every_outcome_is_that_of_a_run(cluster: str | None) -> None:
    """The mean of each is what `run` says of the same futures."""
    scenario = sg.parse(WORLD)
    summary = sg.run(scenario, replications=300).summary()
    said = summary["programme"] if cluster is None else summary["clusters"][cluster]
    for of in ("on_time", "unsupported_days", "failures", "cost", "npv"):
        level = sg.drivers(scenario, of, cluster, replications=300, indices=0).level
        expected = said[of]["p"] if of == "on_time" else said[of]["mean"]
        assert level.mean == pytest.approx(expected)
    late = sg.drivers(scenario, "days late", cluster, replications=300, indices=0)
    dates = sg.run(scenario, replications=300).to_pandas()
    days = dates[dates.cluster == cluster] if cluster else dates.groupby("replication").max()
    assert late.level.mean == pytest.approx(days["days_late"].mean())


def test_workers_engines_and_groups_of_jobs_do_not_change_the_answer() -> None:
    scenario = sg.parse(WORLD)
    one = sg.drivers(scenario, replications=2100, workers=1).summary()
    assert sg.drivers(scenario, replications=2100, workers=2).summary() == one
    batch, events = (
        sg.drivers(scenario, "cost", replications=60, engine=engine, workers=2).tables()
        for engine in ("batch", "events")
    )
    assert batch == events


def test_progress_reaches_its_end() -> None:
    said: list[tuple[int, int]] = []
    sg.drivers(sg.parse(WORLD), replications=100, indices=64, progress=lambda done, most: said.append((done, most)))
    assert said[-1][0] == said[-1][1]
    # As it is, 4 risks off, 1 mitigated, 2 sources held (challenge and strike, 50 % or less, are not), 100 futures
    # each; 4 sources and two samples more in the design.
    assert said[-1][1] == 100 * (1 + 4 + 1 + 2) + 64 * 6
    assert [done for done, _ in said] == sorted(done for done, _ in said)


def test_whole_designs_are_used_where_there_are_enough_futures() -> None:
    scenario = sg.parse(WORLD)
    sizes = {
        sampling: sg.drivers(scenario, sampling=sampling, replications=1500).shares.size
        for sampling in ("random", "latin-hypercube", "sobol")
    }
    assert sizes == {"random": 1500, "latin-hypercube": 1000, "sobol": 1024}


# ------------------------------------------------------------------------------------------------------ the command


def test_the_command_keeps_the_contract(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(WORLD)
    how = ["drivers", str(file), "-n", "200", "--indices", "64", "--of", "cost", "--by", "input"]
    run = CliRunner().invoke(main, [*how, "--json", "--out", str(tmp_path / "out")])
    assert run.exit_code == 0, run.output
    document = json.loads(run.stdout)
    assert (document["of"], document["by"], document["indices_replications"]) == ("cost", "input", 64)
    assert json.loads((tmp_path / "out/summary.json").read_text()) == document
    for name in ("tornado", "exclusion", "indices", "criticality", "binding"):
        path = tmp_path / f"out/{name}.csv"
        rows = list(csv.DictReader(path.read_text().splitlines())) if document[name] else []
        assert [list(row) for row in rows] == [list(row) for row in document[name]]
    assert json.loads((tmp_path / "out/manifest.json").read_text())["of"] == "cost"
    assert (document["finding"] + " " + document["advice"]).strip() == str(
        sg.drivers(sg.load(file), "cost", by="input", replications=200, indices=64)
    )
    assert {path.stem for path in (tmp_path / "out").glob("*.svg")} == {"tornado", "exclusion", "indices"}


def test_the_command_says_it_in_words(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(WORLD)
    run = CliRunner().invoke(main, ["drivers", str(file), "-n", "300", "--schedule", "late"])
    assert run.exit_code == 0, run.output
    assert run.stdout.startswith("What matters most for the last go-live is ")
    words = " ".join(run.stdout.split())
    for part in (
        "Each risk switched off",
        "Each mitigation applied",
        "Each source of uncertainty held at its median",
        "rank corr.",
        "Sobol’ indices",
        "Critical for the last go-live",
        "scheduled date schedule 100.0% 100.0%",
        "Under “late”, 300 futures, Sobol’ indices from 300 rows of Saltelli’s design, seed 1",
    ):
        assert part in words
    quiet = CliRunner().invoke(main, ["drivers", str(file), "-n", "300", "-q", "--indices", "0"])
    assert quiet.stdout.count("\n") <= 5
    assert "rank correlation" in quiet.stdout
    wrong = CliRunner().invoke(main, ["drivers", str(file), "--of", "finsh"])
    assert wrong.exit_code == 2
    assert "Did you mean finish?" in wrong.output


def test_long_tables_are_cut_and_say_so(tmp_path: Path) -> None:
    file = Path(__file__).parent.parent / "scenarios/nhs-patient-records.yaml"
    run = CliRunner().invoke(main, ["drivers", str(file), "-n", "50", "--indices", "64"])
    assert "more with -v" in run.stdout
    full = CliRunner().invoke(main, ["drivers", str(file), "-n", "50", "--indices", "64", "-v"])
    assert "more with -v" not in full.stdout
    rows = len(sg.drivers(shipped("nhs-patient-records"), replications=50, indices=0).tornado)
    assert full.stdout.count("│") == rows


HOSTILE = ["<script>alert(1)<script>", "=cmd|'calc'!A0", "x" * 300, "\u202eevil", "🦆*[a]"]


def test_hostile_names_are_names(tmp_path: Path) -> None:
    """Patterns, formulas, marks that turn text around and very long names change no figure and break no table."""
    names = {name: {} for name in HOSTILE}
    scenario = sg.change(sg.parse(WORLD), {"clusters": names, "risks.challenge.clusters": "all"})
    answer = sg.drivers(scenario, replications=60, indices=64)
    assert len(answer.tornado) == 3 * len(names) + 1
    answer.save(tmp_path / "out")
    file = tmp_path / "hostile.yaml"
    plain = sg.drivers(
        sg.change(scenario, {"clusters": {f"C{i}": {} for i in range(len(names))}}), replications=60, indices=0
    )
    assert len(plain.tornado) == len(answer.tornado)
    written = WORLD.replace("{Alder: {}, Birch: {}}", json.dumps(names)).replace("[Alder]", "all")
    file.write_text(written)
    run = CliRunner().invoke(main, ["drivers", str(file), "-n", "60", "--indices", "64", "-v"])
    assert run.exit_code == 0, run.output
    assert "\u202e" not in run.output


def test_an_answer_can_be_changed_into_rows_for_a_plot() -> None:
    answer = sg.drivers(sg.parse(WORLD), replications=200, indices=0)
    rows = answer.tornado_rows()
    strengths = [abs(row["rank_correlation"]) for row in rows]
    assert strengths == sorted(strengths, reverse=True)
    tails = {"low", "low_from", "low_to", "high", "high_from", "high_to"}
    assert set(rows[0]) == {"input", "meaning", "source", "rank_correlation", "from", "to"} | tails
    assert all(row["low_from"] < row["low"] < row["low_to"] for row in rows)
    assert replace(answer, tornado=()).tornado_rows() == []


@pytest.mark.parametrize("columns", [80, 120])
def test_all_tables_fit_with_everything_shown(columns: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The real scenario: no line is wider, the tornado is one table, and its tails have margins where there is room."""
    monkeypatch.setattr(screen, "width", lambda: columns)
    file = Path(__file__).parent.parent / "scenarios/shared-services-2022.yaml"
    run = CliRunner().invoke(main, ["drivers", str(file), "-n", "60", "--indices", "0", "-v"])
    assert run.exit_code == 0, run.output
    assert max(map(cell_len, run.stdout.splitlines())) <= columns
    tornado = run.stdout.partition("What it moves with")[2].partition("Critical for")[0]
    rows = [line for line in tornado.splitlines() if re.search(r"│", line)]
    assert all(len(re.findall(r"\d{4}-\d\d-\d\d", line)) == 2 for line in rows)
    assert len(rows) > 60
    assert bool(re.search(r"\d{4}-\d\d-\d\d ±\d+ d", tornado)) == (columns == 120)


def test_heads_are_folded_in_the_part_of_a_table_that_needs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(screen, "width", lambda: 60)
    heads = ["", *["one very long head of a column"] * 4, "a day saved"]
    screen.table("T", heads, [["a name", *["1234567890123"] * 4, "5"]])
    parts = capsys.readouterr().out.split("\n\n")
    assert "a day saved" in parts[-1]
    assert "very\n" in re.sub(" +", "", parts[0].replace("very  ", "very\n"))


def test_indices_of_a_rare_outcome_have_no_intervals_and_say_how_many_rows_would_give_them() -> None:
    """Late in a few of a hundred futures: some 60 of 1,024 outcomes decide, of which it takes 100."""
    rare = WORLD.partition("risks:")[0].replace("deadline: 2025-12-31", "deadline: 2025-06-08")  # day 158
    scenario = sg.parse(rare + "schedules: {early: {all: 2025-01-01}}\n")
    answer = sg.drivers(scenario, "on_time", by="cluster", replications=200, indices=512, seed=5)
    shares = answer.shares
    assert shares.rests_on is not None
    assert 2 < shares.rests_on < 100
    for each in shares.of:
        assert each.first.interval[0] <= 0 < 1 <= each.first.interval[1]
        assert each.total.interval[0] <= 0 < 1 <= each.total.interval[1]
    assert str(answer).startswith("These futures cannot tell what matters most")
    note = next(note for note in answer.summary()["notes"] if note.startswith("Sobol’ indices rest on about"))
    rows = int(re.search(r"About ([\d,]+) rows", note)[1].replace(",", ""))
    assert rows == pytest.approx(512 * 100 / shares.rests_on, rel=0.1)
    assert rows >= 512 * 100 / shares.rests_on
    assert answer.summary()["indices_rest_on"] == shares.rests_on
    enough = sg.drivers(scenario, "on_time", by="cluster", replications=200, indices=2 * rows, seed=5)
    assert enough.shares.rests_on is None
    assert not [note for note in enough.summary()["notes"] if "rest on about" in note]


def test_what_sources_do_alone_comes_with_its_interval() -> None:
    answer = sg.drivers(sg.parse(WORLD), replications=300, indices=512)
    low, high = (round(100 * min(max(end, 0), 1), 1) for end in answer.shares.alone.interval)
    note = next(note for note in answer.summary()["notes"] if note.startswith("One at a time"))
    assert f"of the variance (95% interval {low}% to {high}%)" in note
    assert ("cannot tell whether they interact" in note) == (high == 100)
