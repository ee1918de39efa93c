"""`compare` on worlds whose answers are known."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from rich.cells import cell_len
from test_run_stopping import RARE

import simulator as sg
from simulator.analysis.paired import Difference
from simulator.analysis.time_difference import TimeDifference
from simulator.cli import main, screen
from simulator.cli.compare import show
from simulator.cli.options import Detail
from simulator.days import NEVER
from simulator.scenario import Scenario
from simulator.studies.contenders import contenders
from simulator.studies.measures import COLUMNS, MEASURES, Record
from simulator.studies.pairs import Judge
from simulator.studies.regret import regret
from simulator.wording import share as spelled

WORLD = """
scenario: {title}
start: 2025-01-01
horizon: 2027-12-31
deadline: 2025-06-30
resources: {{framework: {{capacity: 1}}}}
route:
  - stage: tender
    go_to_market: true
    holds: {{framework: 1}}
    duration: {{uniform: [{low}d, 90d]}}
clusters: {{Alder: {{}}, Birch: {{}}}}
schedules:
  early: {{all: 2025-01-01}}
  late: {{all: 2025-03-01}}
  later still: {{Alder: 2025-03-01, Birch: 2025-08-01}}
"""


def world(title: str = "small", low: int = 30) -> Scenario:
    return sg.parse(WORLD.format(title=title, low=low))


def pair(answer: sg.compare, a: str, b: str, measure: str):
    return next(each for each in answer.pairs if (each.a, each.b, each.measure) == (a, b, measure))


def test_a_shift_of_the_start_shifts_every_future() -> None:
    """Both clusters wait for each other only: 59 days later on the market is 59 days later live, in every future."""
    answer = sg.compare(world(), replications=500)
    for measure in ("finish.mean", "finish.p50", "finish.p80"):
        found = pair(answer, "early", "late", measure)
        assert (found.difference, found.interval) == (-59.0, (-59.0, -59.0))
        assert (found.p_a_better, found.p_b_better, found.verdict) == (1.0, 0.0, "a")
    assert pair(answer, "early", "late", "finish.mean").variance_removed == pytest.approx(1.0)


def test_where_the_time_went_adds_up() -> None:
    answer = sg.compare(world(), replications=300)
    for each in answer.time:
        assert sum(each.parts.values()) == pytest.approx(each.total.value, abs=1e-9)
    first = answer.time[0]
    assert {part: days for part, days in first.parts.items() if abs(days) > 1e-9} == {
        "going to market": pytest.approx(-59)
    }
    assert first.words == (
        "On average, clusters are live 1.9 months earlier under “early” than under “late”: "
        "1.9 by going to market earlier."
    )


MONTH = 30.4375


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        # Positive: “A” is later. A part that makes “B”, the earlier, later is said to work against it.
        (
            {"going to market": -3 * MONTH, "waiting: framework": 3.5 * MONTH},
            "live 0.5 months earlier under “B” than under “A”: 3.5 less waiting for framework, but 3.0 lost by going "
            "to market later.",
        ),
        (
            {"going to market": 2 * MONTH, "rework": -0.5 * MONTH, "plan": -0.3 * MONTH},
            "live 1.2 months earlier under “B” than under “A”: 2.0 by going to market earlier, but 0.5 more rework, "
            "0.3 more plan.",
        ),
        ({"rework": -MONTH}, "live 1.0 months earlier under “A” than under “B”: 1.0 less rework."),
        (
            {"going to market": 2 * MONTH, "rework": -2 * MONTH},
            "live under “B” at the same time as under “A”: 2.0 by going to market earlier, but 2.0 more rework.",
        ),
    ],
)
def test_a_part_that_works_against_the_whole_is_said_to(parts: dict[str, float], said: str) -> None:
    assert TimeDifference("A", "B", Difference(), parts).words == f"On average, clusters are {said}"


def test_where_only_losses_are_told_they_are_told_as_such() -> None:
    parts = {"rework": -2 * MONTH, "plan": 1.5 * MONTH, "joins": 1.5 * MONTH}
    assert TimeDifference("A", "B", Difference(), parts).told(1) == (
        "On average, clusters are live 1.0 months earlier under “B” than under “A”, despite 2.0 more rework."
    )


def test_where_it_cannot_be_told_who_is_earlier_it_is_not() -> None:
    """Parts that may be a gain as well as a loss are not told either; what is the same in every future is known."""
    intervals = {"rework": (-9.0, 3.0), "plan": (20.0, 40.0), "going to market": (-30.0, -30.0)}
    parts = {"rework": -3.0, "plan": 30.0, "going to market": -30.0}
    unsure = TimeDifference("A", "B", Difference(-3.0, (-15.0, 9.0)), parts, intervals=intervals)
    assert unsure.words == (
        "On average, these futures cannot tell under which clusters are live earlier, “A” or “B”: 1.0 by going to "
        "market earlier, but 1.0 more plan."
    )
    sure = TimeDifference("A", "B", Difference(-3.0, (-4.0, -2.0)), parts, intervals=intervals).words
    assert "rework" not in sure
    assert "same time" not in sure or abs(sum(parts.values())) < 1.6


def test_every_part_of_the_time_has_the_interval_of_its_paired_difference() -> None:
    answer = sg.compare(world(), ["late", "later still"], replications=400)
    found = answer.time[0]
    # Alder waits for nobody. Birch, one of two clusters, waits for Alder's tender under `late` only.
    birch = sg.run(world(), "late", replications=400).summary()["clusters"]["Birch"]
    assert found.parts["waiting: framework"] == pytest.approx(birch["time"]["waiting: framework"] / 2)
    ends = [end / 2 for end in birch["time_interval"]["waiting: framework"]]
    assert found.intervals["waiting: framework"] == pytest.approx(ends)
    # Five months more for one of two clusters, in every future.
    assert found.intervals["going to market"] == pytest.approx((-153 / 2, -153 / 2))
    assert found.parts["rework"] == 0.0
    assert sum(found.parts.values()) == pytest.approx(found.total.value)
    document = answer.summary()["time"][0]
    assert document["part_intervals"]["waiting: framework"] == found.intervals["waiting: framework"]


def test_an_average_that_stops_at_the_horizon_says_so() -> None:
    said = TimeDifference("A", "B", Difference(), {"rework": -MONTH}, (0.25, 0.0)).words
    assert said == (
        "On average, up to the horizon for those not live by then (25.0% under “A”, 0.0% under “B”), clusters are live "
        "1.0 months earlier under “A” than under “B”: 1.0 less rework."
    )
    nobody = TimeDifference("A", "B", Difference(), {"plan": MONTH}, (1.0, 1.0)).words
    assert nobody == "No cluster is ever live by the horizon, neither under “A” nor under “B”."


def test_who_is_not_live_by_the_horizon_is_counted_over_clusters_and_futures() -> None:
    """Two tenders of 30 to 90 days, one after the other: the first is done by the horizon, the second not always."""
    text = WORLD.format(title="short", low=30).replace("2027-12-31", "2025-06-01").replace("2025-06-30", "2025-05-31")
    text = text.replace("  later still: {Alder: 2025-03-01, Birch: 2025-08-01}", "")
    short = sg.parse(text)
    found = sg.compare(short, replications=400).time[0].not_live
    for share, schedule in zip(found, ("early", "late"), strict=True):
        table = sg.run(short, schedule, replications=400).to_pandas()
        assert share == pytest.approx(table["go_live"].isna().mean(), abs=1e-12)
    # The sum of two uniforms on [30, 90] exceeds 92 in 1 - (32 ** 2 / 2) / 60 ** 2 = 86 % of futures, half of that
    # over two clusters; days are whole, which moves it by less than two points. Early on, 151 days, in 1 - (1 -
    # 29 ** 2 / 2 / 60 ** 2) = 12 %.
    assert found[1] == pytest.approx(0.43, abs=4 * (0.86 * 0.14 / 400) ** 0.5 / 2 + 0.02)
    assert found[0] == pytest.approx(0.06, abs=4 * (0.12 * 0.88 / 400) ** 0.5 / 2 + 0.02)


def test_apart_is_no_wait_for_the_framework() -> None:
    """Under `later still` Birch finds the framework free: all of its wait (60 days on average) is gone."""
    answer = sg.compare(world(), ["late", "later still"], replications=4000)
    parts = answer.time[0].parts
    # Alder's tender is uniform on 30 to 90 days and half of the clusters wait for it: 60 / 2, four standard errors.
    assert parts["waiting: framework"] == pytest.approx(30, abs=4 * (60 / 12**0.5 / 2) / 4000**0.5)


def test_equal_schedules_cannot_be_told_apart() -> None:
    twin = WORLD.format(title="small", low=30).replace(
        "later still: {Alder: 2025-03-01, Birch: 2025-08-01}", "same: {all: 2025-01-01}"
    )
    answer = sg.compare(sg.parse(twin), ["early", "same"], replications=200)
    assert {each.verdict for each in answer.pairs} == {"cannot tell"}
    assert {each.place for standings in answer.ranking.values() for each in standings} == {1}
    assert not answer.dominance
    assert "cannot tell" in str(answer)


def test_ranking_and_dominance_of_what_is_better_in_every_future() -> None:
    answer = sg.compare(world(), replications=400)
    assert [(each.name, each.place) for each in answer.ranking["finish.p80"]] == [
        ("early", 1),
        ("late", 2),
        ("later still", 3),
    ]
    orders = {(each.better, each.worse): each.order for each in answer.dominance if each.measure == "finish"}
    assert orders[("early", "late")] == "first"
    assert ("late", "early") not in orders


def test_what_is_after_the_horizon_has_no_difference_but_a_verdict() -> None:
    text = WORLD.format(title="short", low=30).replace("horizon: 2027-12-31", "horizon: 2025-07-15")
    text = text.replace("2025-08-01", "2025-07-10")
    answer = sg.compare(sg.parse(text), ["early", "later still"], replications=200)
    found = pair(answer, "early", "later still", "finish.p80")
    assert (found.difference, found.interval, found.verdict) == (None, None, "a")
    assert pair(answer, "early", "later still", "finish.mean").difference is None


def censored(other: str) -> Scenario:
    """Birch comes after Alder, and in some futures after a horizon of 150 days."""
    head = WORLD.format(title="cut", low=30).partition("schedules:")[0]
    head = head.replace("horizon: 2027-12-31", "horizon: 2025-05-31").replace("2025-06-30", "2025-05-31")
    return sg.parse(head + "schedules: {early: {all: 2025-01-01}, other: {" + other + "}}")


def test_dominance_that_no_verdict_bears_out_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A day later in every future is later in all of 4, which are too few to tell it from luck."""
    text = WORLD.format(title="near", low=30).replace("late: {all: 2025-03-01}", "late: {all: 2025-01-02}")
    for futures, told in ((4, False), (400, True)):
        answer = sg.compare(sg.parse(text), ["early", "late"], replications=futures)
        assert [each.order for each in answer.dominance if each.measure == "finish"] == ["first"]
        show(answer, Detail.NORMAL)
        assert ("“early” is better than “late” in the last go-live" in capsys.readouterr().out) == told


def test_dominance_is_said_of_no_more_than_was_seen(capsys: pytest.CaptureFixture[str]) -> None:
    answer = sg.compare(censored("all: 2025-01-31"), replications=400)
    (found,) = (each for each in answer.dominance if each.measure == "finish")
    assert (found.better, found.order, found.up_to_horizon) == ("early", "first", True)
    assert {**vars(found)} in answer.summary()["dominance"]
    show(answer, Detail.NORMAL)
    said = capsys.readouterr().out.replace("\n", " ")
    assert "In these futures, up to the horizon, “early” is better than “other” in the last go-live" in said
    (seen,) = (e for e in sg.compare(world(), ["early", "late"], replications=50).dominance if e.measure == "finish")
    assert not seen.up_to_horizon
    assert seen.where == "In these futures,"


def costly(horizon: str) -> Scenario:
    """Alder, and then Birch, cost a unit a month as they go: whoever goes late has spent less by an early horizon."""
    text = WORLD.format(title="costly", low=30).replace("horizon: 2027-12-31", f"horizon: {horizon}")
    text = text.replace("deadline: 2025-06-30\n", "").replace("holds:", "cost: {per_month: 1}\n    holds:")
    return sg.parse(text.replace("  later still: {Alder: 2025-03-01, Birch: 2025-08-01}", ""))


def test_money_that_was_cut_off_is_not_said_to_be_better(capsys: pytest.CaptureFixture[str]) -> None:
    """On day 100 `late`, from day 59 on, has spent less in every future than `early`; in the end it does in none."""
    cut = sg.compare(costly("2025-04-11"), ["early", "late"], replications=200)
    assert pair(cut, "early", "late", "cost").difference > 0.5
    assert {each.measure for each in cut.dominance} <= {"finish"}
    marked = {each.measure for each in cut.pairs if each.up_to_horizon}
    assert marked == {"unsupported_days", "failures", "cost", "npv"}
    assert {each["measure"] for each in cut.summary()["pairs"] if each["up_to_horizon"]} == marked
    show(cut, Detail.NORMAL)
    said = " ".join(capsys.readouterr().out.split())
    late = [np.mean(record.columns["finish"] == NEVER) for record in cut.records.values()]
    assert late[0] < late[1]
    assert (
        "Money, days unsupported and failures are counted up to the horizon, 2025-04-11: somebody is not live by then "
        f"in {spelled(late[0])} of futures under “early”, {spelled(late[1])} under “late”."
    ) in said
    whole = sg.compare(costly("2027-12-31"), ["early", "late"], replications=200)
    assert pair(whole, "early", "late", "cost").difference == pytest.approx(0)
    assert not any(each.up_to_horizon for each in whole.pairs)
    show(whole, Detail.NORMAL)
    assert "up to the horizon" not in capsys.readouterr().out


def test_without_a_deadline_nobody_is_on_time(capsys: pytest.CaptureFixture[str]) -> None:
    answer = sg.compare(costly("2025-04-30"), ["early", "late"], replications=50)
    show(answer, Detail.FULL)
    said = " ".join(capsys.readouterr().out.split())
    assert "By chance of being live by the horizon, “early” is the best." in said
    assert "on time" not in said


def test_a_deadline_is_not_set_beside_none() -> None:
    without = sg.parse(WORLD.format(title="without", low=30).replace("deadline: 2025-06-30\n", ""))
    with pytest.raises(
        sg.StaggerError, match=r"the same deadline, or none \(found 2025-06-30, none\)\. Give all of them one, or none"
    ):
        sg.compare([world(), without])
    later = sg.parse(WORLD.format(title="later", low=30).replace("deadline: 2025-06-30", "deadline: 2025-07-30"))
    assert sg.compare([world(), later], ["early", "late"], replications=5).regret


@pytest.mark.parametrize(("last", "order"), [(300, ["second"]), (NEVER, [])])
def test_no_second_order_where_the_tail_was_not_seen(last: int, order: list[str]) -> None:
    """200 days always against 100, 200 and later: better for who dislikes risk, if one knows how much later."""
    group = contenders([world()], ["early", "late"])
    days = {"early": [200, 200, 200], "late": [100, 200, last]}
    records = {name: Record(_columns(finish), np.zeros(3), {}) for name, finish in days.items()}
    found = Judge(group, records, 1).dominance(*group)
    assert [each.order for each in found] == order
    assert all((each.better, each.up_to_horizon) == ("early", False) for each in found)


def _columns(finish: list[int]) -> dict[str, np.ndarray]:
    return {**{name: np.zeros(3) for name in COLUMNS}, "finish": np.array(finish)}


def test_one_future_cannot_tell() -> None:
    answer = sg.compare(world(), replications=1)
    assert {each.verdict for each in answer.pairs} == {"cannot tell"}
    assert {each.interval for each in answer.pairs if each.measure != "on_time"} == {None}


def test_a_few_futures_cannot_tell_quantiles_apart() -> None:
    """Not even those of schedules that are 59 days apart in every future; from 17 on they can."""
    for futures, told in ((16, {"cannot tell"}), (17, {"a"})):
        pairs = sg.compare(world(), ["early", "late"], replications=futures).pairs
        (p80,) = (each for each in pairs if each.measure == "finish.p80")
        assert ({p80.verdict}, p80.difference) == (told, -59.0)
        assert (p80.interval is None) == (futures < 17)


FIXED = WORLD.replace("{{uniform: [{low}d, 90d]}}", "60d").replace("deadline: 2025-06-30\n", "")


def test_a_scenario_without_chance_stays_certain(capsys: pytest.CaptureFixture[str]) -> None:
    answer = sg.compare(sg.parse(FIXED.format(title="fixed")), replications=10_000)
    found = pair(answer, "early", "late", "finish.p80")
    assert (found.interval, found.verdict) == ((-59.0, -59.0), "a")
    assert {each.variance_removed for each in answer.pairs} == {None}
    show(answer, Detail.NORMAL)
    assert "of the variance" not in capsys.readouterr().out


def test_rounding_gives_no_verdict() -> None:
    """0.1 + 0.2 is not 0.3 in binary; nobody is cheaper for it."""
    assert MEASURES["cost"].better(np.array([0.3]), np.array([0.1 + 0.2])).tolist() == [False]
    assert MEASURES["npv"].better(np.array([0.1 + 0.2]), np.array([0.3])).tolist() == [False]
    found = regret(MEASURES["cost"], {"one": {"w": 0.1 + 0.2, "v": 1.0}, "other": {"w": 0.3, "v": 1.0}})
    assert found.worst == {"one": 0.0, "other": 0.0}
    assert found.least == ("one", "other")


def test_files_are_worlds() -> None:
    """Longer tenders in the second world: the same quantile of a later distribution, so later in every future."""
    answer = sg.compare([world("as hoped"), world("as feared", 60)], ["early", "late"], replications=300)
    assert {(each.a, each.b) for each in answer.pairs} == {
        ("as hoped: early", "as hoped: late"),
        ("as feared: early", "as feared: late"),
        ("as hoped: early", "as feared: early"),
        ("as hoped: late", "as feared: late"),
    }
    found = pair(answer, "as hoped: early", "as feared: early", "finish.mean")
    assert found.verdict == "a"
    # Two tenders, each longer by half of what u leaves below 90 days: 15 days each on average.
    assert found.difference == pytest.approx(-30, abs=4 * (2 * 75) ** 0.5 / 300**0.5)
    least = {each.measure: each.least for each in answer.regret}
    assert least["finish.p80"] == ("early",)
    worst = {each.measure: each.worst for each in answer.regret}["finish.p80"]
    assert worst == {"early": 0.0, "late": 59.0}


def test_schedules_are_ranked_within_each_world(capsys: pytest.CaptureFixture[str]) -> None:
    """All is worse in the second world, where `early` is nevertheless the best there is."""
    answer = sg.compare([world("as hoped"), world("as feared", 60)], ["late", "early"], replications=300)
    for measure in ("finish.mean", "finish.p80"):
        assert [(each.world, each.schedule, each.place) for each in answer.ranking[measure]] == [
            ("as hoped", "early", 1),
            ("as hoped", "late", 2),
            ("as feared", "early", 1),
            ("as feared", "late", 2),
        ]
    assert answer.summary()["ranking"]["finish.p80"][2] == {
        "name": "as feared: early",
        "value": answer.ranking["finish.p80"][2].value,
        "place": 1,
        "rests_on": None,
        "schedule": "early",
        "world": "as feared",
    }
    assert "By last go-live, P80, in every world “early” is the best." in str(answer)
    show(answer, Detail.NORMAL)
    said = capsys.readouterr().out
    tables = re.findall(r"^Ranking in “(.*?)”.*\n.*\n(late .*)\n(early .*)\n\n", said, re.MULTILINE)
    assert [(where, *(re.findall(r"(\d)\. 20", row)[0] for row in rows)) for where, *rows in tables] == [
        ("as hoped", "2", "1"),
        ("as feared", "2", "1"),
    ]
    assert {(each.better, each.worse) for each in answer.dominance if each.measure == "finish"} == {
        ("as hoped: early", "as hoped: late"),
        ("as feared: early", "as feared: late"),
    }


def test_worlds_in_which_other_schedules_are_the_best_are_told_apart() -> None:
    turned = WORLD.format(title="turned", low=30).replace("early: {all: 2025-01-01}", "early: {all: 2025-05-01}")
    answer = sg.compare([world("as hoped"), sg.parse(turned)], ["early", "late"], replications=300)
    assert "By last go-live, P80, in “as hoped” “early” is the best; in “turned” “late” is the best." in str(answer)


def test_no_world_is_ranked_before_another(capsys: pytest.CaptureFixture[str]) -> None:
    """A world cannot be chosen: with one schedule nothing is the best, though it is surely better in one of them."""
    answer = sg.compare([world("as hoped"), world("as feared", 60)], ["late"], replications=300)
    assert pair(answer, "as hoped: late", "as feared: late", "on_time").verdict == "a"
    assert {each.place for standings in answer.ranking.values() for each in standings} == {1}
    show(answer, Detail.NORMAL)
    said = " ".join(capsys.readouterr().out.split())
    worst, best = (answer.ranking["on_time"][place].value for place in (1, 0))
    assert said.startswith(
        f"The chance of being on time goes from {spelled(worst)} (“as feared: late”) to {spelled(best)} "
        "(“as hoped: late”); a world cannot be chosen, so nothing is ranked."
    )
    assert "the best" not in said
    assert "Ranking" not in said
    assert not answer.dominance


def test_a_world_without_the_schedule_is_named(tmp_path: Path) -> None:
    files = [tmp_path / "both.yaml", tmp_path / "one.yaml"]
    for file in files:
        file.write_text(WORLD.format(title=file.stem, low=30))
    files[1].write_text(files[1].read_text().replace("  late:", "  later:"))
    run = CliRunner().invoke(main, ["compare", *map(str, files), "--schedule", "late", "-n", "5"])
    assert run.exit_code == 2
    assert f"{files[1]}: a schedule must be one of the scenario's (found late). Did you mean later?" in run.output


@pytest.mark.parametrize(
    ("scenarios", "how", "message"),
    [
        ([], {}, r"a comparison needs a scenario \(found none\)"),
        ("a.yaml", {}, r"a comparison needs a scenario \(found 'a\.yaml'\)\. Give what load returns"),
        (None, {"schedules": ["early", 3]}, r"schedules must be a list of names \(found \['early', 3\]\)"),
        (
            None,
            {"schedules": "early"},
            r"schedules must be a list of names \(found the text early\)\. Write \['early'\]",
        ),
        (None, {"replications": 2.5}, r"must be a whole number, such as 10000 \(found 2\.5\)"),
    ],
)
def test_wrong_arguments_say_what_would_be_right(scenarios: list[Scenario] | None, how: dict, message: str) -> None:
    with pytest.raises(sg.StaggerError, match=message):
        sg.compare(world() if scenarios is None else scenarios, **how)


def test_regret_by_hand() -> None:
    costs = {
        "safe": {"calm": 6.0, "storm": 6.0},
        "bold": {"calm": 1.0, "storm": 9.0},
        "odd": {"calm": 2.0, "storm": None},
    }
    found = regret(MEASURES["cost"], costs)
    assert found.worst == {"safe": 5.0, "bold": 3.0, "odd": None}
    assert found.least == ("bold",)


def test_workers_and_engines_do_not_change_the_answer() -> None:
    one = sg.compare(world(), replications=2100, workers=1).summary()
    two = sg.compare(world(), replications=2100, workers=2).summary()
    assert one == two
    batch = sg.compare(world(), replications=60).summary()["pairs"]
    assert sg.compare(world(), replications=60, engine="events").summary()["pairs"] == batch


def test_one_schedule_is_no_comparison() -> None:
    with pytest.raises(sg.StaggerError, match=r"a comparison needs two or more schedules or scenarios \(found 1\)"):
        sg.compare(world(), ["early"])
    with pytest.raises(sg.StaggerError, match="Did you mean early"):
        sg.compare(world(), ["eraly", "late"])


def test_worlds_that_start_on_different_days_are_refused() -> None:
    other = sg.parse(WORLD.format(title="other", low=30).replace("start: 2025-01-01", "start: 2024-12-31"))
    with pytest.raises(sg.StaggerError, match="must have the same start"):
        sg.compare([world(), other])


def test_worlds_that_end_on_different_days_are_refused() -> None:
    other = sg.parse(WORLD.format(title="other", low=30).replace("horizon: 2027-12-31", "horizon: 2028-12-31"))
    with pytest.raises(
        sg.StaggerError,
        match=r"the same horizon \(found 2027-12-31, 2028-12-31\)\. Give all of them the latest one\.",
    ):
        sg.compare([world(), other])


def test_worlds_in_the_prices_of_different_months_are_refused() -> None:
    def priced(month: str) -> Scenario:
        return sg.parse(WORLD.format(title=f"at {month}", low=30) + f"money: {{price_base: '{month}'}}\n")

    with pytest.raises(
        sg.StaggerError,
        match=r"the same price_base of money \(found 2024-01, 2025-01\)\. State all money in the prices of one",
    ):
        sg.compare([priced("2024-01"), priced("2025-01")])
    assert sg.compare([world(), priced("2025-01")], ["early", "late"], replications=5).regret


def test_the_command_keeps_the_contract(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(WORLD.format(title="small", low=30))
    run = CliRunner().invoke(main, ["compare", str(file), "-n", "200", "--json", "--out", str(tmp_path / "out")])
    assert run.exit_code == 0, run.output
    document = json.loads(run.stdout)
    assert set(document["schedules"]) == {"early", "late", "later still"}
    assert document["schedules"]["late"]["schedule"] == "late"
    contract = {"a", "b", "measure", "difference", "interval", "p_a_better", "verdict"}
    besides = {"p_a_better_interval", "p_b_better", "p_b_better_interval", "up_to_horizon"}
    assert set(document["pairs"][0]) == contract | besides
    assert set(document["ranking"]["cost"][0]) == {"name", "value", "place", "rests_on"}
    assert len(document["pairs"]) == 3 * len(MEASURES)
    assert json.loads((tmp_path / "out/summary.json").read_text()) == document
    rows = list(csv.DictReader((tmp_path / "out/pairs.csv").read_text().splitlines()))
    assert [row["verdict"] for row in rows] == [each["verdict"] for each in document["pairs"]]
    assert json.loads((tmp_path / "out/manifest.json").read_text())["replications"] == 200


def test_the_command_says_it_in_words(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(WORLD.format(title="small", low=30))
    run = CliRunner().invoke(main, ["compare", str(file), "-n", "200", "-v"])
    assert run.exit_code == 0, run.output
    assert "By last go-live, P80, “early” is the best." in run.stdout
    assert "earlier under “early” than under “late”" in run.stdout.replace("\n", " ")
    assert re.search(r"last live, P80, d +-59 +-59 +-59 +100% ±0.9 +0% ±0.9 +A$", run.stdout, re.MULTILINE)
    assert max(map(len, run.stdout.splitlines())) <= 100
    assert "-q and -v contradict" in CliRunner().invoke(main, ["compare", str(file), "-q", "-v"]).output


def test_futures_are_added_until_every_pair_is_as_precise_as_asked() -> None:
    answer = sg.compare(world(), precision="p80=2d")
    widths = [(p.interval[1] - p.interval[0]) / 2 for p in answer.pairs if p.measure == "finish.p80"]
    assert answer.precise
    assert (
        max(widths)
        <= 2
        < max(
            (p.interval[1] - p.interval[0]) / 2
            for p in sg.compare(world(), replications=1024).pairs
            if "p80" in p.measure
        )
    )
    # The same futures as with the number that it took, so the same answer.
    assert answer.summary() == sg.compare(world(), replications=answer.replications).summary()


def test_a_precision_may_be_of_one_schedule() -> None:
    """`early` and `late` are 59 days apart in every future; `later still` is not."""
    assert sg.compare(world(), ["early", "late"], precision="p80=1d").replications == 1024
    assert sg.compare(world(), precision="later still/p80=2d").replications > 1024


def _width(interval: tuple[float, float]) -> float:
    return (interval[1] - interval[0]) / 2


@pytest.mark.parametrize(
    ("precision", "width"),
    [
        ("better=1.5%", lambda e: max(max(_width(p.a_better_interval), _width(p.b_better_interval)) for p in e.pairs)),
        ("better.p80=0.05%", lambda e: max(_width(p.a_better_interval) for p in e.pairs if p.measure == "finish.p80")),
        ("better.cost=0.02%", lambda e: max(_width(p.a_better_interval) for p in e.pairs if p.measure == "cost")),
        ("time=0.2d", lambda e: max(_width(each.total.interval) for each in e.time)),
        ("time.waiting: framework=0.2d", lambda e: max(_width(t.intervals["waiting: framework"]) for t in e.time)),
        ("time.parts=0.2d", lambda e: max(_width(ends) for each in e.time for ends in each.intervals.values())),
    ],
)
def test_every_figure_of_a_pair_may_have_a_precision(precision: str, width) -> None:
    """Costs are the same in all futures, so that the chance of a better one is nothing, known to 3.84 / 2n."""
    wanted = sg.compare(world(), precision=precision)
    asked = wanted.futures.precision.half_width
    assert wanted.precise
    assert width(wanted) <= asked < width(sg.compare(world(), replications=1024))


def test_regret_may_have_a_precision_where_files_are_worlds() -> None:
    worlds = [world("as hoped"), world("as feared", 60)]
    names = ["late", "later still"]
    found = sg.compare(worlds, names, precision="regret.p80=1d")
    (regret,) = (each for each in found.regret if each.measure == "finish.p80")
    (before,) = (r for r in sg.compare(worlds, names, replications=1024).regret if r.measure == "finish.p80")
    assert max(map(_width, regret.worst_interval.values())) <= 1 < max(map(_width, before.worst_interval.values()))
    with pytest.raises(sg.StaggerError, match="regret is what is given away in one of several worlds"):
        sg.compare(world(), precision="regret.p80=1d")
    with pytest.raises(sg.StaggerError, match="must be a length with its unit"):
        sg.compare(worlds, precision="regret.p80=1%")


@pytest.mark.parametrize(
    ("precision", "message"),
    [
        (
            "finsh.p80=1d",
            r"must name a figure that is printed \(found finsh.p80\). Did you mean finish.p80",
        ),
        ("erly/p80=1d", "Did you mean early"),
        ("p80=1%", "must be a length with its unit"),
        ("finish.p10=1d", "a precision must name a figure that is printed"),
    ],
)
def test_figures_that_are_not_printed_have_no_precision(precision: str, message: str) -> None:
    with pytest.raises(sg.StaggerError, match=message):
        sg.compare(world(), precision=precision)


def test_a_mean_that_is_not_known_has_no_precision() -> None:
    text = WORLD.format(title="short", low=30).replace("horizon: 2027-12-31", "horizon: 2025-07-15")
    with pytest.raises(sg.StaggerError, match="in some futures something is unfinished"):
        sg.compare(sg.parse(text.replace("2025-08-01", "2025-07-10")), precision="finish=1d")


def test_a_precision_out_of_reach_is_said(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(WORLD.format(title="small", low=30))
    run = CliRunner().invoke(main, ["compare", str(file), "-n", "1200", "--precision", "p80=0.1d"])
    assert "precision asked for was not reached within 1,200" in run.output.replace("\n", " ")


def test_summaries_made_on_the_way_are_those_made_afterwards() -> None:
    one, two = (sg.compare(world(), replications=700, summaries=on_the_way) for on_the_way in (True, False))
    assert one.kept is not None
    assert two.kept is None
    assert one.summary() == two.summary()
    mine = sg.run(world(), "late", replications=700).summary()
    assert one.summary()["schedules"]["late"] == mine


def test_many_that_cannot_be_told_apart_are_counted_and_long_names_keep_their_ends(tmp_path: Path) -> None:
    head = WORLD.format(title="many", low=30).partition("schedules:")[0]
    names = [f"a schedule whose name is long and goes on, number {number}" for number in range(5)]
    file = tmp_path / "many.yaml"
    file.write_text(head + "schedules:\n" + "".join(f"  {name}: {{all: 2025-01-01}}\n" for name in names))
    run = CliRunner().invoke(main, ["compare", str(file), "-n", "60"])
    assert "cannot tell which is the best: any of 5 may be." in run.stdout.replace("\n", " ")
    assert all(re.search(rf"^a schedule w.*on, number {number} ", run.stdout, re.MULTILINE) for number in range(5))
    assert max(map(len, run.stdout.splitlines())) <= 100


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_tables_keep_their_names_and_every_figure(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(screen, "width", lambda: columns)
    answer = sg.compare(world(), replications=100)
    show(answer, Detail.FULL)
    ranking = capsys.readouterr().out.partition("Ranking")[2].partition("(A) and")[0]
    assert max(map(cell_len, ranking.splitlines())) <= columns
    # Each of the figures is on a line that begins with its schedule's whole name.
    lines = [line for line in ranking.splitlines() if re.match(r"(early|late|later still)  ", line)]
    assert sum(len(re.findall(r"\d\. ", line)) for line in lines) == 3 * len(MEASURES)


def test_least_regret_is_said(tmp_path: Path) -> None:
    files = [tmp_path / "hoped.yaml", tmp_path / "feared.yaml"]
    for file, low in zip(files, (30, 60), strict=True):
        file.write_text(WORLD.format(title=file.stem, low=low))
    how = ["-n", "200", "--schedule", "early", "--schedule", "late"]
    run = CliRunner().invoke(main, ["compare", *map(str, files), *how])
    assert run.exit_code == 0, run.output
    assert "Least regret (last live, P80): “early”." in run.stdout
    assert "Least regret (cost, units): all tie." in run.stdout


def test_a_head_that_is_wider_than_the_screen_leaves_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    screen.table("T", ["schedule", "cost, " + "x" * 300], [["a schedule", "1"]])
    said = capsys.readouterr().out
    assert max(map(cell_len, said.splitlines())) <= screen.WIDTH
    assert said.count("x") == 300
    assert re.search(r"^a schedule +1$", said, re.MULTILINE)


SCHEDULES = """
schedules:
  now: {Alder: 2024-06-01, Birch: 2024-06-01}
  later: {Alder: 2024-06-01, Birch: 2024-06-02}
  again: {Alder: 2024-06-01, Birch: 2024-06-01}
"""


def test_two_schedules_that_never_differed_are_not_known_to_be_equal() -> None:
    """Birch waits for Alder in any case, so that its own date makes no difference; the same dates are certain."""
    text = RARE.replace("schedules: {now: {Alder: 2024-06-01, Birch: 2024-06-01}}", SCHEDULES)
    different = sg.compare(sg.parse(text), ["now", "later"], precision="finish=3d")
    assert next(p for p in different.pairs if p.measure == "finish.mean").interval == (0, 0)
    assert different.replications >= 2922  # three in so many may be 2,922 days later, which are 3 days on average
    same = sg.compare(sg.parse(text), ["now", "again"], precision="finish=0.1d")
    assert same.replications == 1024
