"""`latest` against an exhaustive scan by day, and against known truths."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import simulator as sg
from simulator.analysis.estimate import wilson
from simulator.cli import main
from simulator.scenario import Scenario
from simulator.wording import share

WORLD = """
scenario: small
start: 2025-01-01
horizon: 2026-12-31
deadline: 2025-06-30   # day 180
resources: {framework: {capacity: 1}}
route:
  - stage: tender
    go_to_market: true
    holds: {framework: 1}
    duration: {uniform: [30d, 90d]}
clusters: {Alder: {}, Birch: {}}
legacy:
  ledger: {used_by: [Alder], end_of_support: 2025-04-10}   # day 99
schedules:
  apart: {Alder: 2025-01-01, Birch: 2025-04-11}   # days 0 and 100: never in each other's way
"""


def world(old: str = "", new: str = "") -> Scenario:
    assert old in WORLD
    return sg.parse(WORLD.replace(old, new) if old else WORLD)


def in_time(scenario: Scenario, alder: int, birch: int, limits: tuple[int, int], replications: int) -> np.ndarray:
    """The share of futures in which each is live by its limit."""
    network = sg.compile(scenario.model_copy(update={"schedules": {"apart": {"Alder": alder, "Birch": birch}}}))
    finished = sg.simulate(network, sg.draw(scenario, replications)).finished
    return np.mean(finished <= np.array(limits)[:, None], axis=1)


def last(chances: list[float], enough: Callable[[float], bool]) -> int:
    return max(day for day, chance in enumerate(chances) if enough(chance))


@pytest.mark.parametrize("engine", ["batch", "events"])
def test_the_same_dates_as_a_scan_of_all_days(engine: str) -> None:
    """The last day of all on which the chance is enough, and those on which either end of its interval is."""
    scenario, size = world(), 60 if engine == "events" else 300
    found = {each.cluster: each for each in sg.latest(scenario, 0.8, replications=size, engine=engine).clusters}
    scans = {
        "Alder": [in_time(scenario, day, 100, (99, 180), size)[0] for day in range(181)],
        "Birch": [in_time(scenario, 0, day, (99, 180), size)[1] for day in range(181)],
    }
    for name, chances in scans.items():
        assert found[name].day == last(chances, lambda chance: chance >= 0.8)
        assert found[name].interval == tuple(
            last(chances, lambda chance, end=end: wilson(round(chance * size), size)[end] >= 0.8) for end in (0, 1)
        )
    assert found["Birch"].chance == scans["Birch"][found["Birch"].day]
    assert found["Birch"].chance_as_scheduled == scans["Birch"][100]
    assert found["Birch"].chance_interval == wilson(round(found["Birch"].chance * size), size)


def test_the_date_and_its_interval_against_the_truth() -> None:
    """Work is round(uniform(30, 90)): at most w days with chance (w + 0.5 − 30) / 60, and 78 is the least with 80 %."""
    truth = 180 - 78
    found = {each.cluster: each for each in sg.latest(world(), "80%", by="deadline", replications=4000).clusters}
    low, high = found["Birch"].interval
    assert low <= truth <= high
    # Four standard errors of a chance are worth this many days, at a density of 1 in 60 a day.
    assert abs(found["Birch"].day - truth) <= 1 + 4 * (0.8 * 0.2 / 4000) ** 0.5 * 60
    assert high - low < 6


def test_not_even_on_day_0() -> None:
    found = sg.latest(world("2025-04-10", "2025-01-20"), replications=100)
    assert found.clusters[0].day is None
    assert found.summary()["clusters"]["Alder"]["latest"] == "not even on day 0"
    who = "1 of the 2 clusters whose date can be moved does not reach 80% on any date"
    assert str(found).startswith(f"{who}, not even on the first day: “Alder” (0% then).")


LEARNING = """
scenario: a second cluster that is quick
start: 2024-01-01
horizon: 2030-12-31
deadline: 2025-11-15   # day 684
resources: {desk: {capacity: 2}}
route:
  - stage: tender
    go_to_market: true
    duration: {pert: [4mo, 5mo, 6mo]}
    holds: {desk: 1}
  - stage: build
    duration: {lognormal: {median: 20mo, p90: 26mo}}
    learning: {per_completion: 45%, floor: 30%}
clusters:
  Big: {}
  Small: {stages: {build: {stretch: 0.1}}}
schedules: {now: {Big: 2024-01-01, Small: 2024-02-01}}
"""


def chances_by_day(scenario: Scenario, days: range, size: int) -> list[float]:
    """The share of futures in which Big is live by day 684, by the day on which it goes."""
    draws, network = sg.draw(scenario, size), sg.compile(scenario)
    row = network.activities.index("Big/build")
    return [
        float(np.mean(sg.simulate(network.rescheduled((day, network.scheduled[1])), draws).finished[row] <= 684))
        for day in days
    ]


@pytest.mark.parametrize(("confidence", "scheduled"), [(0.7, "2024-01-01"), (0.7, "2025-06-01"), (0.6, "2024-02-10")])
def test_a_date_is_found_where_going_later_helps(confidence: float, scheduled: str) -> None:
    """From day 0 a quarter is in time, after Small is done three quarters are, and from then on fewer: a hump."""
    scenario, size = sg.parse(LEARNING.replace("{Big: 2024-01-01", f"{{Big: {scheduled}")), 600
    found = sg.latest(scenario, confidence, replications=size)
    big, chances = found.clusters[0], chances_by_day(scenario, range(300), size)
    assert chances[0] < confidence - 0.2
    assert big.day == last(chances, lambda chance: chance >= confidence)
    assert big.interval == tuple(
        last(chances, lambda chance, end=end: wilson(round(chance * size), size)[end] >= confidence) for end in (0, 1)
    )
    assert big.not_on is not None
    assert big.not_on < big.day
    assert big.chance_not_on == chances[big.not_on] < confidence
    document = found.summary()["clusters"]["Big"]
    assert document["chance_not_on"] == big.chance_not_on
    said = f"“Big” may not go on every earlier date, for later is not always riskier: on {document['not_on']} it is"
    assert said in str(found)
    assert found.clusters[1].not_on is None


def test_where_no_date_is_enough_the_best_is_named() -> None:
    scenario, size = sg.parse(LEARNING), 600
    found = sg.latest(scenario, 0.95, replications=size)
    big, chances = found.clusters[0], chances_by_day(scenario, range(300), size)
    assert (big.day, max(chances) < 0.95) == (None, True)
    assert big.best > 0
    assert big.chance == chances[big.best] > chances[0] + 0.2
    document = found.summary()["clusters"]["Big"]
    assert document["latest"] == "not on any date"
    assert "day 0" not in str(found)
    assert f"the best is {document['best']}, with {share(big.chance)}." in str(found)


def test_no_date_is_called_the_best_that_is_worse_than_the_scheduled_one() -> None:
    """In the first block, which is asked where to look, 16 May is better than the scheduled 5 May; in all it is not."""
    scenario = sg.parse(LEARNING.replace("{Big: 2024-01-01", "{Big: 2024-05-05"))
    found = sg.latest(scenario, 0.99, replications=4100, seed=2, workers=1)
    big = found.summary()["clusters"]["Big"]
    assert (big["latest"], big["best"]) == ("not on any date", "2024-05-05")
    assert big["chance"] == big["chance_as_scheduled"]


def test_more_futures_find_the_same_hump() -> None:
    """What a first look found is where the next one starts: it holds against the answer from as many at once."""
    found = sg.latest(sg.parse(LEARNING), 0.7, precision="Big/latest=2d")
    assert found.replications > 1024
    again = sg.latest(sg.parse(LEARNING), 0.7, replications=found.replications)
    assert [each.day for each in again.clusters] == [each.day for each in found.clusters]


def test_any_date_where_nothing_ends() -> None:
    found = sg.latest(world(), by="support", replications=100)
    assert found.summary()["clusters"]["Birch"]["latest"] == "any date"
    assert "Birch may go on any date." in str(found)


def test_dates_that_do_not_hold_together_are_shifted() -> None:
    """Both may go late while the other is out of the way; at once they queue, and one shift mends it."""
    scenario, size = world("end_of_support: 2025-04-10", "end_of_support: 2025-06-30"), 300
    found = sg.latest(scenario, replications=size)
    together = found.together
    assert together is not None
    days, shift = tuple(together.days.values()), together.shift
    assert shift is not None
    chances = [
        in_time(scenario, *(max(day - s, 0) for day in days), (180, 180), size).min() for s in range(max(days) + 1)
    ]
    assert shift == min(s for s, chance in enumerate(chances) if chance >= 0.8)
    assert shift > 0
    assert (
        "With the 2 clusters with a date (“Alder” and “Birch”) on these dates at once, at least one of them no longer "
        f"keeps 80%: for each to do so, all would have to go {shift} days earlier; both are in time together in "
    ) in str(found)
    assert str(found).endswith(f"in {share(together.all)} of futures.")


def test_all_at_once_are_those_that_were_given_a_date() -> None:
    """Alder is too late whatever it does, so that it has no date: with a date there is Birch alone, and in 80 %."""
    found = sg.latest(world("2025-04-10", "2025-01-20"), replications=200)
    together = found.together
    assert together is not None
    assert set(together.days) == {"Birch"}
    assert together.all == together.chance["Birch"] >= 0.8
    for wrong in ("at once", "together", "keeps"):  # one cluster alone is no "all of them"
        assert wrong not in str(found)


def test_each_may_keep_the_confidence_while_all_of_them_together_do_not() -> None:
    """With two places nobody is in the other's way: both are in time in the same future by 0.8 x 0.8 = 0.64."""
    scenario = world("capacity: 1", "capacity: 2")
    found = sg.latest(scenario, replications=2000)
    together = found.together
    assert together is not None
    assert together.shift == 0
    product = together.chance["Alder"] * together.chance["Birch"]
    assert together.all == pytest.approx(product, abs=4 * (0.64 * 0.36 / 2000) ** 0.5)
    document = found.summary()["together"]
    assert document["holds"] is True
    assert document["all"]["p"] == together.all
    network = sg.compile(scenario.model_copy(update={"schedules": {"apart": dict(together.days)}}))
    finished = sg.simulate(network, sg.draw(scenario, 2000)).finished
    assert together.all == np.mean((finished <= np.array([[99], [180]])).all(axis=0))


def test_workers_do_not_change_the_answer() -> None:
    one, two = (sg.latest(world(), replications=2100, workers=workers).summary() for workers in (1, 2))
    assert one == two


def test_bad_options_say_what_would_be_right() -> None:
    with pytest.raises(sg.StaggerError, match=r"above 0 and below 1 \(found 80\)\. Write for instance 80%"):
        sg.latest(world(), "80")
    with pytest.raises(sg.StaggerError, match="both, support or deadline"):
        sg.latest(world(), by="luck")


def test_the_command(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(WORLD)
    run = CliRunner().invoke(main, ["latest", str(file), "-n", "200", "--json", "--out", str(tmp_path / "out")])
    assert run.exit_code == 0, run.output
    document = json.loads(run.stdout)
    assert document == json.loads((tmp_path / "out/summary.json").read_text())
    assert set(document["clusters"]) == {"Alder", "Birch"}
    assert document["looked_at"] == ["2025-01-01", "2025-06-30"]  # from day 0 to the deadline
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"latest-dates.png", "latest-dates.svg"}
    words = CliRunner().invoke(main, ["latest", str(file), "-n", "200", "--out", str(tmp_path / "two")])
    assert f"Written to {tmp_path / 'two'}." in words.stdout.replace("\n", "")
    words = CliRunner().invoke(main, ["latest", str(file), "-n", "200", "--confidence", "80%"])
    assert "Written to" not in words.stdout
    assert f"Birch may go as late as {document['clusters']['Birch']['latest']}." in words.stdout.replace("\n", " ")


def test_futures_are_added_until_every_date_is_as_precise_as_asked() -> None:
    found = sg.latest(world(), precision="latest=1d")
    assert found.precise
    widths = [(high - low) / 2 for low, high in (each.interval for each in found.clusters)]
    assert max(widths) <= 1
    assert found.summary() == sg.latest(world(), replications=found.replications).summary()
    wide = sg.latest(world(), replications=1024)
    assert max((high - low) / 2 for low, high in (each.interval for each in wide.clusters)) > 1


@pytest.mark.parametrize("precision", ["in_time=1.5%", "as_scheduled=1%", "together=2%", "Birch/latest=4d"])
def test_other_figures_have_a_precision_too(precision: str) -> None:
    found = sg.latest(world(), precision=precision)
    figure, _, width = precision.partition("=")
    whose, _, name = figure.rpartition("/")
    widths = found.half_widths()[name]
    wanted = float(width[:-1]) / (100 if width.endswith("%") else 1)
    assert found.precise
    assert max([widths[whose]] if whose else widths.values()) <= wanted


def test_a_precision_of_what_is_not_printed() -> None:
    with pytest.raises(sg.StaggerError, match="Did you mean latest"):
        sg.latest(world(), precision="lates=3d")
    with pytest.raises(sg.StaggerError, match="Did you mean Alder"):
        sg.latest(world(), precision="Aldr/latest=3d")


def test_how_far_it_has_come_is_told() -> None:
    """Never backwards, never beyond what is expected, and all that was played in the end."""
    told: list[tuple[int, int]] = []
    found = sg.latest(sg.parse(WORLD), "50%", replications=3000, workers=1, progress=lambda *far: told.append(far))
    done, expected = zip(*told, strict=True)
    assert list(done) == sorted(set(done))
    assert all(one <= whole for one, whole in told)
    assert done[-1] == found.simulated
    assert expected[0] > done[0]
    silent = sg.latest(sg.parse(WORLD), "50%", replications=3000, workers=1)
    assert (silent.clusters, silent.together, silent.simulated) == (found.clusters, found.together, found.simulated)
