"""`sweep` on a world whose answers are known."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from test_run_stopping import RARE

import simulator as sg
from simulator.analysis.amounts import Total
from simulator.analysis.reductions import Days, Share
from simulator.cli import main
from simulator.studies.between_points import Between
from simulator.studies.contenders import Contender
from simulator.studies.points import Kept
from simulator.studies.varied import Varied

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
    duration: 100d
clusters: {Alder: {}, Birch: {}}
schedules:
  at once: {all: 2025-01-01}
  stagger: {first: 2025-01-01, every: 6mo, order: [Alder, Birch]}
"""
CAPACITY = "resources.framework.capacity"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a.b=1..4", ("1", "2", "3", "4")),
        ("a=0mo..12mo:6mo", ("0mo", "6mo", "12mo")),
        ("a=5y,7y, 10y", ("5y", "7y", "10y")),
        ("a=0.1..0.3:0.1", ("0.1", "0.2", "0.3")),
        ("a=1..4:2", ("1", "3")),
        ("a=10%..20%:5%", ("10%", "15%", "20%")),
        ("a=2030-03-31..2030-06-30:1mo", ("2030-03-31", "2030-04-30", "2030-05-31", "2030-06-30")),
        ("a=2030-01-31 .. 2030-05-30 : 2mo", ("2030-01-31", "2030-03-31")),
        ("a=2028-02-29..2030-03-01:1y", ("2028-02-29", "2029-02-28", "2030-02-28")),
        ("a=2030-12-20..2031-01-03:1w", ("2030-12-20", "2030-12-27", "2031-01-03")),
        ("a=2030-12-30..2031-01-04:2d", ("2030-12-30", "2031-01-01", "2031-01-03")),
        ("a=9999-11-30..9999-12-31:1mo", ("9999-11-30", "9999-12-30")),
        ("a=2030-01-01..2030-01-01:999999y", ("2030-01-01",)),
        ("a=[Alder, Birch],[Birch, Alder]", ("[Alder, Birch]", "[Birch, Alder]")),
        ("a={pert: [1d, 2d, 3d]}, 5d", ("{pert: [1d, 2d, 3d]}", "5d")),
        ("""a=["O'Neil, children's", B],['a]b, c', B]""", ("""["O'Neil, children's", B]""", "['a]b, c', B]")),
        ("a=O'Neil,B's", ("O'Neil", "B's")),
        ("a=1,2,1", ("1", "2")),
    ],
)
def test_values_are_read_as_they_would_be_written(text: str, values: tuple[str, ...]) -> None:
    assert Varied.parse(text).values == values


@pytest.mark.parametrize("text", ["capacity", "a=", "=1", "a=1..x", "a=1..4:0", "a=1mo..4y", "a=1,,2"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(sg.StaggerError, match="what is varied must be PATH=VALUES"):
        Varied.parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2030-03-31..2031-03-31", r"must have a step in whole d, w, mo or y, such as :1mo \(found none\)"),
        ("2030-03-31..2031-03-31:1", r"\(found 1\)"),
        ("2030-03-31..2031-03-31:0mo", r"\(found 0mo\)"),
        ("2030-03-31..2031-03-31:1.5mo", r"\(found 1.5mo\)"),
        ("2030-02-30..2031-03-31:1mo", r"dates that there are \(found 2030-02-30..2031-03-31"),
        ("2031-03-31..2030-03-31:1mo", "must go forwards"),
        ("2031-03-31..5:1mo", "what is varied must be PATH=VALUES"),
        ("4..1", r"a range must go forwards \(found 4..1\)\. Write 1..4, or list the values\."),
        ("12mo..3mo:1mo", r"a range must go forwards \(found 12mo..3mo\)\. Write 3mo..12mo"),
    ],
)
def test_wrong_ranges_of_dates_say_what_would_be_right(text: str, message: str) -> None:
    with pytest.raises(sg.StaggerError, match=message):
        Varied.parse(f"deadline={text}")


def test_a_deadline_is_varied_by_calendar_months() -> None:
    """Alder is live on 11 April and Birch on 20 July: in time from the deadline of 31 July on."""
    found = sg.sweep(sg.parse(WORLD), "deadline=2025-05-31..2025-08-31:1mo", replications=2)
    assert [(row["deadline"], row["on_time"]) for row in found.rows()] == [
        ("2025-05-31", 0.0),
        ("2025-06-30", 0.0),
        ("2025-07-31", 1.0),
        ("2025-08-31", 1.0),
    ]
    with pytest.raises(sg.StaggerError, match="no more than 1000 points"):
        sg.sweep(sg.parse(WORLD), "deadline=2025-01-01..2125-01-01:1d")


def test_two_values_at_once_by_hand() -> None:
    """One place: the second waits 100 days and is live on day 200, too late. Two places or 90 days of work: in time."""
    vary = ["resources.framework.capacity=1..2", "route.tender.duration=90d,100d"]
    found = sg.sweep(sg.parse(WORLD), vary, replications=5)
    assert {
        (row["resources.framework.capacity"], row["route.tender.duration"]): (row["on_time"], row["p80"])
        for row in found.rows()
    } == {
        ("1", "90d"): (1.0, "2025-06-30"),
        ("1", "100d"): (0.0, "2025-07-20"),
        ("2", "90d"): (1.0, "2025-04-01"),
        ("2", "100d"): (1.0, "2025-04-11"),
    }


def test_the_schedule_whose_rule_is_varied_is_the_one_that_is_run() -> None:
    found = sg.sweep(sg.parse(WORLD), "schedules.stagger.every=2mo,6mo", replications=2)
    assert found.schedule == "stagger"
    # Two months: Birch asks on day 59 and is served on day 100. Six: it goes on 1 July, day 181.
    assert [row["p50"] for row in found.rows()] == ["2025-07-20", "2025-10-09"]


def test_every_point_is_what_a_run_of_the_changed_scenario_says() -> None:
    scenario = sg.parse(WORLD.replace("duration: 100d", "duration: {uniform: [50d, 150d]}"))
    found = sg.sweep(scenario, "resources.framework.capacity=1,2", replications=400, seed=5)
    for row in found.rows():
        changed = sg.change(scenario, {"resources.framework.capacity": row["resources.framework.capacity"]})
        programme = sg.run(changed, replications=400, seed=5).summary()["programme"]
        assert (row["on_time"], row["p80"]) == (programme["on_time"]["p"], programme["finish"]["p80"])
        assert [row["on_time_low"], row["on_time_high"]] == programme["on_time"]["interval"]
        assert [row["p80_low"], row["p80_high"]] == programme["finish"]["interval"]["p80"]
        for name in ("cost", "npv", "unsupported_days", "failures"):
            assert row[name] == programme[name]["mean"]
            assert [row[f"{name}_low"], row[f"{name}_high"]] == programme[name]["interval"]["mean"]


def test_infeasible_points_are_shown_and_the_rest_still_run() -> None:
    found = sg.sweep(sg.parse(WORLD), "resources.framework.capacity=0,1", replications=2)
    assert found.points[0].on_time is None
    assert "framework" in found.points[0].infeasible
    assert found.points[1].on_time == 0.0


def test_a_path_that_leads_nowhere_is_an_error() -> None:
    with pytest.raises(sg.StaggerError, match="must be the path of a value"):
        sg.sweep(sg.parse(WORLD), "resources.framwork.capacity=1,2", replications=2)


def test_the_command(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(WORLD)
    how = [
        "sweep",
        str(file),
        "--vary",
        "resources.framework.capacity=0..2",
        "--vary",
        "route.tender.duration=90d,100d",
    ]
    run = CliRunner().invoke(main, [*how, "-n", "3", "--json", "--out", str(tmp_path / "out")])
    assert run.exit_code == 0, run.output
    document = json.loads(run.stdout)
    assert len(document["points"]) == 6
    assert {"on-time.png", "on-time.svg"} <= {each.name for each in (tmp_path / "out").iterdir()}
    rows = list(csv.DictReader((tmp_path / "out/sweep.csv").read_text().splitlines()))
    assert [row["resources.framework.capacity"] for row in rows] == ["0", "0", "1", "1", "2", "2"]
    words = CliRunner().invoke(main, [*how, "-n", "3"])
    assert "goes from 0% to 100%" in words.stdout.replace("\n", " ")
    assert "Infeasible at 0, 90d" in words.stdout


def test_futures_are_added_until_every_point_is_as_precise_as_asked() -> None:
    scenario = sg.parse(WORLD.replace("duration: 100d", "duration: {uniform: [50d, 150d]}"))
    vary = "resources.framework.capacity=1,2"
    for precision, name, wanted in (("late=1.5%", "on_time", 0.015), ("p80=2d", "finish.p80", 2)):
        found = sg.sweep(scenario, vary, precision=precision)
        assert found.precise
        assert max(found.half_widths()[name].values()) <= wanted
        assert found.rows() == sg.sweep(scenario, vary, replications=found.replications).rows()
        assert max(sg.sweep(scenario, vary, replications=1024).half_widths()[name].values()) > wanted
    one = sg.sweep(scenario, vary, precision="2/p80=2d")
    assert one.half_widths()["finish.p80"]["2"] <= 2
    with pytest.raises(sg.StaggerError, match="Did you mean cost"):
        sg.sweep(scenario, vary, precision="costs=1")


def test_workers_and_engines_do_not_change_the_answer() -> None:
    scenario = sg.parse(WORLD.replace("duration: 100d", "duration: {uniform: [50d, 150d]}"))
    vary = ["resources.framework.capacity=1,2", "route.tender.duration=90d,100d"]
    one, two = (sg.sweep(scenario, vary, replications=2100, workers=workers).rows() for workers in (1, 2))
    assert one == two
    few = [sg.sweep(scenario, vary, replications=40, engine=engine).rows() for engine in ("batch", "events")]
    assert few[0] == few[1]


def test_a_grid_has_the_first_path_down_and_the_second_across() -> None:
    vary = ["resources.framework.capacity=0..2", "route.tender.duration=90d,100d"]
    grid = sg.sweep(sg.parse(WORLD), vary, replications=3).grid("finish.p80")
    assert (grid.rows, grid.columns) == (("0", "1", "2"), ("90d", "100d"))
    assert np.isnan(grid.values[0]).all()
    assert grid.values[1:].tolist() == [[180, 200], [90, 100]]
    with pytest.raises(sg.StaggerError, match="a figure must be one of on_time"):
        sg.sweep(sg.parse(WORLD), vary, replications=3).grid("luck")


def test_a_path_is_varied_once() -> None:
    with pytest.raises(sg.StaggerError, match="one or two different paths can be varied"):
        sg.sweep(sg.parse(WORLD), ["deadline=2025-06-30", "deadline=2025-07-30"])


def test_an_order_is_a_value() -> None:
    """Both have one tender after the other; only whose is the first differs, so that the sweep is of two points."""
    found = sg.sweep(sg.parse(WORLD), "schedules.stagger.order=[Alder, Birch],[Birch, Alder]", replications=2)
    assert [point.values for point in found.points] == [("[Alder, Birch]",), ("[Birch, Alder]",)]
    assert not any(point.infeasible for point in found.points)


@pytest.mark.parametrize(
    ("vary", "message"),
    [
        (
            "start=2025-01-01,2024-12-01",
            r"the same start \(found 2024-12-01, 2025-01-01\)\. To go to market later, vary",
        ),
        ("start=2024-12-01", r"the same start \(found 2024-12-01, 2025-01-01\)"),
        ("horizon=2026-12-31,2027-12-31", r"the same horizon \(found 2026-12-31, 2027-12-31\)\. Give the scenario the"),
        ("seed=1,2", r"the same seed \(found 1, 2, None\)\. Points are held against each other in the same futures"),
        ("money.unit=a,b", r"the same money unit \(found a, b, units\)"),
    ],
)
def test_points_that_cannot_be_held_against_each_other_are_refused(vary: str, message: str) -> None:
    """With another start the same day number is another date, so that their difference would be of nothing."""
    with pytest.raises(sg.StaggerError, match=message):
        sg.sweep(sg.parse(WORLD), vary, replications=2)


def test_a_start_that_is_no_other_is_no_reason_to_refuse() -> None:
    vary = ["start=2025-01-01", f"{CAPACITY}=1,2"]
    found = sg.sweep(sg.parse(WORLD), vary, replications=2)
    plain = sg.sweep(sg.parse(WORLD), vary[1], replications=2)
    assert [row["p80"] for row in found.rows()] == [row["p80"] for row in plain.rows()]


@pytest.mark.parametrize(
    ("vary", "schedule", "message"),
    [
        (
            "schedules.stagger.first=2025-01-01,2025-02-01",
            "at once",
            r"the schedule that is run, “at once” \(found schedules.stagger.first\)\. Vary one of its values, or name",
        ),
        ("schedules.stagger.first=2025-02-01", "at once", "must be of the schedule that is run"),
        ([f"{CAPACITY}=1,2", "schedules.stagger.every=1mo,2mo"], "at once", "must be of the schedule that is run"),
        ("scenario=one,two", None, r"must change something that is run \(found scenario: the same with one, two\)"),
    ],
)
def test_what_makes_no_difference_to_what_is_run_is_refused(vary: str, schedule: str | None, message: str) -> None:
    with pytest.raises(sg.StaggerError, match=message):
        sg.sweep(sg.parse(WORLD), vary, schedule, replications=2)
    assert sg.sweep(sg.parse(WORLD), f"{CAPACITY}=1", replications=2).points


def _said(tmp_path: Path, text: str, *vary: str, more: tuple[str, ...] = ()) -> str:
    """What the command says, on one line."""
    file = tmp_path / "small.yaml"
    file.write_text(text)
    run = CliRunner().invoke(main, ["sweep", str(file), *(f"--vary={each}" for each in vary), "-n", "40", *more])
    assert run.exit_code == 0, run.output
    return " ".join(run.stdout.split())


def test_without_a_deadline_nobody_is_on_time(tmp_path: Path) -> None:
    without = WORLD.replace("deadline: 2025-06-30   # day 180\n", "")
    said = _said(tmp_path, without, f"{CAPACITY}=1,2", "route.tender.duration=90d,100d")
    assert said.startswith("The chance of being live by the horizon is 100% at every point.")
    assert "Live by the horizon, capacity down, duration across" in said
    assert "on time" not in said.lower()
    assert "on time" in _said(tmp_path, WORLD, f"{CAPACITY}=1,2")
    deadlines = _said(tmp_path, without, "deadline=2025-05-31,2025-08-31")
    assert deadlines.startswith("The chance of being on time goes from 0% to 100%")


def test_what_is_after_the_horizon_has_no_margin_and_money_is_said_to_be_cut_off(tmp_path: Path) -> None:
    """Live on days 100 and 200 with one place, on day 100 with two; the horizon is day 180, the deadline day 150."""
    text = WORLD.replace("horizon: 2026-12-31", "horizon: 2025-06-30").replace("2025-06-30   #", "2025-05-31   #")
    text = text.replace("every: 6mo", "every: 1mo")
    said = _said(tmp_path, text, f"{CAPACITY}=1,2", more=("--out", str(tmp_path / "out")))
    assert "after horizon ±" not in said
    assert "1 0.0% ±4.4% after horizon after horizon" in said
    assert "2025-04-11 ±0 d" in said
    assert "counted up to the horizon, 2025-06-30: somebody is not live by then in 0% to 100% of futures" in said
    assert said.endswith(f"Written to {tmp_path / 'out'}.")
    points = json.loads((tmp_path / "out/summary.json").read_text())["points"]
    assert [point["not_live"] for point in points] == [1.0, 0.0]
    assert "up to the horizon" not in _said(tmp_path, WORLD, f"{CAPACITY}=1,2")


def test_paths_that_end_alike_are_headed_apart(tmp_path: Path) -> None:
    text = WORLD.replace("capacity: 1}}", "capacity: 1}, crew: {capacity: 1}}").replace(
        "framework: 1}", "framework: 1, crew: 1}"
    )
    said = _said(tmp_path, text, f"{CAPACITY}=1,2", "resources.crew.capacity=1,2")
    assert "framework.capacity crew.capacity on time" in said
    assert "On time, framework.capacity down, crew.capacity across" in said


REAL = Path(__file__).parents[1] / "scenarios/shared-services-2022.yaml"


def test_the_examples_of_the_help_on_the_real_scenario(tmp_path: Path) -> None:
    """The spacing of a rule and the terms of all contracts, from the command line."""
    spacing = ["sweep", str(REAL), "--vary", "schedules.six-month stagger.every=0mo..12mo:1mo"]
    run = CliRunner().invoke(main, [*spacing, "-n", "200", "--json"])
    assert run.exit_code == 0, run.output
    document = json.loads(run.stdout)
    assert document["schedule"] == "six-month stagger"
    assert [point["schedules.six-month stagger.every"] for point in document["points"]] == [f"{k}mo" for k in range(13)]
    assert len({point["p50"] for point in document["points"]}) > 1
    terms = ["sweep", str(REAL), "--vary", "clusters.*.contract.term=5y,7y,10y"]
    run = CliRunner().invoke(main, [*terms, "-n", "200", "--json", "--out", str(tmp_path / "out")])
    assert run.exit_code == 0, run.output
    points = json.loads(run.stdout)["points"]
    # Longer contracts are procured anew less often, and nothing else changes.
    costs = [point["cost"] for point in points]
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > costs[2]
    assert len({(point["p50"], point["p80"], point["on_time"]) for point in points}) == 1
    rows = list(csv.DictReader((tmp_path / "out/sweep.csv").read_text().splitlines()))
    assert [row["clusters.*.contract.term"] for row in rows] == ["5y", "7y", "10y"]


# -- differences between points ----------------------------------------------------------------------

UNCERTAIN = WORLD.replace("duration: 100d", "duration: {uniform: [50d, 150d]}")


def test_the_base_is_the_scenario_as_it_is_written_or_the_first_feasible_point() -> None:
    scenario = sg.parse(UNCERTAIN)
    assert sg.sweep(scenario, f"{CAPACITY}=0..2", replications=2).base == ("1",)
    assert sg.sweep(scenario, f"{CAPACITY}=0,2,3", replications=2).base == ("2",)
    assert sg.sweep(scenario, "schedules.stagger.every=3mo,6mo", replications=2).base == ("6mo",)
    assert sg.sweep(scenario, "schedules.stagger.every=3mo,26w", replications=2).base == ("3mo",)
    none = sg.sweep(scenario, f"{CAPACITY}=0", replications=2)
    assert (none.base, none.may_be_best, str(none)) == (None, (), "No point is feasible.")
    assert none.summary()["base"] is None


def test_differences_are_those_of_a_comparison_of_worlds() -> None:
    """The same numbers, intervals and all, as `compare` gives for the changed scenario and the one as written."""
    scenario = sg.parse(UNCERTAIN)
    found = sg.sweep(scenario, f"{CAPACITY}=1,2", replications=500)
    other = sg.change(scenario, {CAPACITY: "2", "scenario": "two"})
    pairs = sg.compare([other, scenario], ["at once"], replications=500).pairs
    assert found.points[0].changes == {}
    for pair in pairs:
        if pair.measure == "finish.mean":
            continue
        change = found.points[1].changes[pair.measure]
        assert (change.value, change.interval) == (pair.difference, pair.interval)
        assert {"better": "a", "worse": "b"}.get(change.verdict, change.verdict) == pair.verdict
    row = found.rows()[1]
    change = found.points[1].changes["finish.p80"]
    assert [row["p80_less_base"], row["p80_less_base_low"], row["p80_less_base_high"], row["p80_verdict"]] == [
        change.value, *change.interval, "better",
    ]  # fmt: skip
    assert {found.rows()[0][f"{name}_verdict"] for name in ("on_time", "p50", "cost")} == {"base"}
    assert found.rows()[0]["p80_less_base"] is None


def test_points_that_do_not_differ_cannot_be_told_apart_and_none_is_the_best() -> None:
    """Two clusters need no third or fourth place: the same futures, day by day."""
    found = sg.sweep(sg.parse(UNCERTAIN), f"{CAPACITY}=1..4", replications=300)
    assert found.may_be_best == (("2",), ("3",), ("4",))
    assert "with resources.framework.capacity = 2, which these futures cannot tell from 2 other points." in str(found)
    assert found.summary()["may_be_best"] == [{CAPACITY: value} for value in "234"]
    same = sg.sweep(sg.parse(UNCERTAIN), f"{CAPACITY}=2,3", replications=300)
    assert {change.verdict for change in same.points[1].changes.values()} == {"cannot tell"}
    assert "at every point." in str(same)


def test_what_is_plainly_the_best_is_said_to_be() -> None:
    found = sg.sweep(sg.parse(UNCERTAIN), f"{CAPACITY}=1..2", replications=400)
    assert found.may_be_best == (("2",),)
    assert str(found).endswith("the latter with resources.framework.capacity = 2.")
    assert sg.sweep(sg.parse(UNCERTAIN), f"{CAPACITY}=1..2", replications=2).may_be_best == (("1",), ("2",))


def test_the_figure_claims_no_best_point_that_cannot_be_told() -> None:
    """Deadlines a day apart: the later one is never worse, and hardly ever better."""
    near = sg.sweep(sg.parse(UNCERTAIN), "deadline=2025-06-29,2025-06-30,2025-05-01", replications=300)
    assert near.may_be_best == (("2025-06-29",), ("2025-06-30",))
    finding = near.plot.illustrate("on-time").finding
    assert finding.endswith("These futures cannot tell the highest chance from that of 1 other point.")
    plain = sg.sweep(sg.parse(UNCERTAIN), f"{CAPACITY}=1..2", replications=400).plot.illustrate("on-time").finding
    assert "cannot tell" not in plain


def test_the_best_point_is_seldom_ruled_out() -> None:
    """Ten points of the same chance, each of its own futures: any of them is the best, and stays in 95 % of cases."""
    repetitions, kept = 200, np.zeros(10)
    generator = np.random.default_rng(11)
    scenario = sg.parse(WORLD)
    group = [Contender(str(k), str(k), scenario, sg.compile(scenario)) for k in range(10)]
    for _ in range(repetitions):
        records = {each.name: kept_of(generator.random(100) < 0.3) for each in group}
        found = Between(group, records, 1).may_be_best("on_time")
        assert len(found) > 1
        kept += [each.name in found for each in group]
    assert min(kept) / repetitions > 0.95 - 4 * (0.95 * 0.05 / repetitions) ** 0.5


def kept_of(on_time: np.ndarray) -> Kept:
    days, money = np.zeros(len(on_time), dtype=np.int32), np.zeros(len(on_time))
    columns = dict.fromkeys(("finish", "unsupported_days", "failures"), days) | {"cost": money, "npv": money}
    reduced = {"finish": Days.of(days), "unsupported_days": Days.of(days), "failures": Days.of(days)}
    total = Total.of(money)
    return Kept(Share.of(on_time), **reduced, cost=total, npv=total, columns={**columns, "on_time": on_time})


def test_what_is_after_the_horizon_has_no_difference_but_a_verdict() -> None:
    scenario = sg.parse(UNCERTAIN.replace("horizon: 2026-12-31", "horizon: 2025-07-15"))
    found = sg.sweep(scenario, f"{CAPACITY}=1,2", replications=300).points[1].changes["finish.p80"]
    assert (found.value, found.interval, found.verdict) == (None, None, "better")
    with pytest.raises(sg.StaggerError, match="in some futures something is unfinished"):
        sg.sweep(scenario, f"{CAPACITY}=1,2", precision="difference.p80=1d")


def test_a_difference_between_points_may_have_a_precision() -> None:
    scenario = sg.parse(UNCERTAIN)
    found = sg.sweep(scenario, f"{CAPACITY}=1,2", precision="difference.p80=1.5d")
    low, high = found.points[1].changes["finish.p80"].interval
    assert found.precise
    assert high - low <= 3
    before = sg.sweep(scenario, f"{CAPACITY}=1,2", replications=1024).half_widths()["difference.finish.p80"]["2"]
    assert before > 1.5


def test_differences_are_in_the_files_and_on_the_screen(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(UNCERTAIN)
    how = ["sweep", str(file), "--vary", f"{CAPACITY}=1..3", "-n", "300"]
    run = CliRunner().invoke(main, [*how, "-v", "--out", str(tmp_path / "out")])
    assert run.exit_code == 0, run.output
    said = " ".join(run.stdout.split())
    assert "Less the base, which is resources.framework.capacity = 1 (?: these futures cannot tell)" in said
    rows = list(csv.DictReader((tmp_path / "out/sweep.csv").read_text().splitlines()))
    difference = float(rows[1]["on_time_less_base"])
    assert difference == pytest.approx(float(rows[1]["on_time"]) - float(rows[0]["on_time"]))
    assert f"{100 * difference:+.1f} ±" in said
    assert f"{100 * difference:+.1f}  " in CliRunner().invoke(main, how).stdout
    assert rows[1]["on_time_verdict"] == "better"
    near = ["sweep", str(file), "--vary", "deadline=2025-06-29,2025-06-30", "-n", "300"]
    assert "? " in CliRunner().invoke(main, near).stdout.partition("Less the base")[2].partition("tell)")[2]


def test_a_failure_that_was_not_seen_is_no_precise_figure() -> None:
    """A deadline changes no failure in any future: known to 3/N of the 50 that are drawn, and certain without any."""
    scenario, vary = sg.parse(RARE), "deadline=2027-12-31,2028-12-31"
    never = sg.parse(RARE.replace("0.0005/y", "0/y"))
    for figure in ("failures", "difference.failures"):
        assert sg.sweep(never, vary, precision=f"{figure}=0.02").replications == 1024
    assert sg.sweep(scenario, vary, precision="difference.failures=0.02").replications >= 3 * 50 / 0.02
