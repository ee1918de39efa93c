"""`diff`: which inputs of two runs differ, and what that did."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from click.testing import CliRunner

import simulator as sg
from simulator.cli import main
from simulator.diff import Change, Diff, again, changes
from simulator.diff.changes import _independent
from simulator.store import MANIFEST, SUMMARY

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
    cost: {fixed: 2}
clusters: {Alder: {}, Birch: {}}
legacy:
  ledger: {used_by: [Birch], end_of_support: 2025-04-30, contract_end: 2025-04-30, running_cost: 7.305/y}
schedules:
  at once: {all: 2025-01-01}
  stagger: {first: 2025-01-01, every: 6mo, order: [Alder, Birch]}
"""
UNCERTAIN = WORLD.replace("duration: 100d", "duration: {uniform: [50d, 150d]}")


def _run(text: str, out: Path, schedule: str = "at once", replications: int = 50, **how: object) -> Path:
    sg.run(sg.parse(text), schedule, replications, out=out, figures=False, **how)  # type: ignore[arg-type]
    return out


def _of(found: Diff, level: str = "programme") -> dict[str, Change]:
    return {each.measure: each for each in found.changes if each.level == level}


def test_a_second_place_by_hand(tmp_path: Path) -> None:
    """With one place Birch is live on day 200, with two on day 100: 100 days earlier in every future, and certain.

    The ledger is unsupported from day 119 (30 April) to 200: 81 days fewer. It runs 100 days fewer at 0.02 a day.
    """
    one = _run(WORLD, tmp_path / "one")
    two = _run(WORLD.replace("capacity: 1", "capacity: 2"), tmp_path / "two")
    found = sg.diff(one, two)
    assert [(each.path, each.a, each.b) for each in found.inputs] == [("resources.framework.capacity", "1", "2")]
    whole = _of(found)
    assert (whole["live.p50"].change, whole["live.p50"].interval) == (-100, (-100, -100))
    assert (whole["live.p50"].a, whole["live.p50"].b) == ("2025-07-20", "2025-04-11")
    assert (whole["on_time"].a, whole["on_time"].b, whole["on_time"].verdict) == (0.0, 1.0, "more")
    supported = _of(found)["unsupported_days"]
    assert supported.a - supported.b == -supported.change == 81  # type: ignore[operator]
    assert whole["cost"].change == pytest.approx(-2.0)
    assert whole["cost"].paired
    assert [each.verdict for each in found.changes if each.level == "Alder"][:4] == ["cannot tell", *["the same"] * 3]
    assert _of(found, "Birch")["live.p80"].change == -100


def test_it_is_what_compare_says_with_the_sign_turned(tmp_path: Path) -> None:
    """The same futures, the same resamples: the same differences and intervals, which are A less B there."""
    scenario = sg.parse(UNCERTAIN)
    said = sg.compare(scenario, ["at once", "stagger"], replications=400, seed=3)
    pairs = {pair.measure: pair for pair in said.pairs}
    one, two = (_run(UNCERTAIN, tmp_path / name, name, 400, seed=3) for name in ("at once", "stagger"))
    whole = _of(sg.diff(one, two))
    for measure in ("on_time", "finish.p50", "finish.p80", "unsupported_days", "failures", "cost", "npv"):
        mine, pair = whole[measure.replace("finish", "live")], pairs[measure]
        assert pair.difference is not None
        assert pair.interval is not None
        assert mine.change == pytest.approx(-pair.difference)
        assert mine.interval == pytest.approx([-each for each in pair.interval[::-1]])  # type: ignore[operator]


def test_inputs_of_every_kind(tmp_path: Path) -> None:
    other = UNCERTAIN.replace("deadline: 2025-06-30", "deadline: 2025-07-31").replace("every: 6mo", "every: 3mo")
    other = other.replace("    cost: {fixed: 2}\n", "").replace("Birch: {}", "Birch: {priority: 2}")
    one = _run(WORLD, tmp_path / "one", "stagger")
    two = _run(other, tmp_path / "two", "stagger", 60, seed=9, sampling="sobol", engine="events")
    found = {each.path: (each.a, each.b) for each in sg.diff(one, two).inputs}
    assert found == {
        "replications": ("50", "60"),
        "seed": ("1", "9"),
        "sampling": ("random", "sobol"),
        "engine": ("batch", "events"),
        "deadline": ("2025-06-30", "2025-07-31"),
        "route.tender.duration": ("100d", None),
        "route.tender.duration.uniform.1": (None, "50d"),
        "route.tender.duration.uniform.2": (None, "150d"),
        "route.tender.cost.fixed": ("2", None),
        "clusters.Birch.priority": (None, "2"),
        "clusters.Birch": ("{}", None),
        "go to market: Birch": ("2025-07-01", "2025-04-01"),
    }


def test_observations_that_differ_are_inputs(tmp_path: Path) -> None:
    for name, days in (("one", "50d\n60d"), ("two", "50d\n70d")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "past.csv").write_text(f"tender\n{days}\n")
        text = WORLD.replace("duration: 100d", "duration: {empirical: {file: past.csv, column: tender}}")
        (tmp_path / name / "world.yaml").write_text(text)
        sg.run(sg.load(tmp_path / name / "world.yaml"), replications=5, out=tmp_path / name / "out", figures=False)
    found = sg.diff(tmp_path / "one" / "out", tmp_path / "two" / "out")
    assert [each.path for each in found.inputs] == ["scenario-observations-1.csv"]


def test_a_run_beside_itself(tmp_path: Path) -> None:
    one = _run(UNCERTAIN, tmp_path / "one")
    found = sg.diff(one, one)
    assert (found.inputs, found.sure) == ((), ())
    assert str(found) == "Nothing differs: neither inputs nor answers."
    assert {(each.verdict, each.change, each.interval) for each in found.changes} == {("the same", 0.0, (0.0, 0.0))}
    said = CliRunner().invoke(main, ["diff", str(one), str(one), "-v"]).stdout
    assert "cannot tell" not in said
    assert "-0.0" not in said


def test_a_run_beside_itself_that_is_never_live(tmp_path: Path) -> None:
    """Of a date after the horizon nobody knows how late it is, but the same futures have the same one."""
    one = _run(WORLD.replace("100d", "400d"), tmp_path / "one")
    late = _of(sg.diff(one, one))["live.p80"]
    assert (late.a, late.change, late.interval, late.verdict) == ("after horizon", None, None, "the same")


def test_equal_shares_of_runs_that_differ_are_not_called_the_same(tmp_path: Path) -> None:
    """All of 50 futures are in time in both, but with another tender there may be some that are not."""
    one, two = (_run(WORLD.replace("100d", length), tmp_path / length, "stagger") for length in ("90d", "80d"))
    found = _of(sg.diff(one, two))["on_time"]
    assert (found.a == found.b, found.change, found.verdict) == (True, 0.0, "cannot tell")


def test_other_futures_are_compared_by_their_intervals(tmp_path: Path) -> None:
    one, two = (_run(UNCERTAIN, tmp_path / str(seed), seed=seed) for seed in (1, 2))
    found = sg.diff(one, two)
    assert found.apart == "their seeds differ: 1 and 2"
    assert not any(each.paired for each in found.changes)
    a, b = (json.loads((run / SUMMARY).read_text())["programme"]["cost"] for run in (one, two))
    low = (b["mean"] - a["mean"]) - math.hypot(
        b["mean"] - b["interval"]["mean"][0], a["interval"]["mean"][1] - a["mean"]
    )
    assert _of(found)["cost"].interval[0] == pytest.approx(low)  # type: ignore[index]
    assert "50 and 60 futures" in sg.diff(one, _run(UNCERTAIN, tmp_path / "more", replications=60)).apart


def test_independent_intervals_by_hand() -> None:
    """10 in 8 to 13, then 15 in 14 to 17: 5 less the root of 1² + 3², and 5 more that of 2² + 2²."""
    change, interval = _independent((10.0, 15.0), ([8.0, 13.0], [14.0, 17.0]))
    assert change == 5
    assert interval == pytest.approx((5 - math.sqrt(10), 5 + math.sqrt(8)))
    assert _independent(("2025-01-01", "2025-01-11"), (["2025-01-01"] * 2, ["2025-01-11"] * 2)) == (10, (10, 10))
    assert _independent(("2025-01-01", "after horizon"), (None, None)) == (None, None)
    assert _independent((1.0, 2.0), (None, [1.0, 3.0])) == (1, None)


def test_after_the_horizon_is_later_but_not_by_how_much(tmp_path: Path) -> None:
    one = _run(WORLD, tmp_path / "one")
    two = _run(WORLD.replace("100d", "400d"), tmp_path / "two")  # Birch on day 800; the horizon is day 729
    late = _of(sg.diff(one, two))["live.p80"]
    assert (late.b, late.change, late.interval, late.verdict) == ("after horizon", None, None, "more")


def test_totals_are_taken_from_summaries_where_numbers_do_not_come_out_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = (_run(UNCERTAIN, tmp_path / name, name) for name in ("at once", "stagger"))
    monkeypatch.setattr(again, "difference", lambda one, other: "summary.programme")
    whole = _of(sg.diff(one, two))
    assert not whole["cost"].paired
    assert whole["live.p50"].paired, "the outcomes themselves are there"
    monkeypatch.setattr(changes, "MOST_RESAMPLED", 49)
    whole = _of(sg.diff(one, two))
    assert not whole["live.p50"].paired
    assert whole["on_time"].paired


def test_clusters_that_only_one_has(tmp_path: Path) -> None:
    one = _run(WORLD, tmp_path / "one")
    more = WORLD.replace("Birch: {}}", "Birch: {}, Cedar: {}}").replace("[Alder, Birch]}", "[Alder, Birch, Cedar]}")
    found = sg.diff(one, _run(more, tmp_path / "two"))
    assert found.only == ((), ("Cedar",))
    assert {each.level for each in found.changes} == {"programme", "Alder", "Birch"}


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    one = _run(WORLD, tmp_path / "one")
    with pytest.raises(sg.StaggerError, match="must be a folder of results"):
        sg.diff(one, tmp_path / "nowhere")
    money = _run(WORLD.replace("deadline:", "money: {unit: €m}\ndeadline:"), tmp_path / "euros")
    with pytest.raises(sg.StaggerError, match=r"must have the same money unit \(found units and €m\)"):
        sg.diff(one, money)
    sg.compare(sg.parse(WORLD), replications=5).save(tmp_path / "comparison")
    with pytest.raises(sg.StaggerError, match=r"must be a run with its scenario \(found compare\)"):
        sg.diff(one, tmp_path / "comparison")
    (one / SUMMARY).write_text("{}")
    with pytest.raises(sg.StaggerError, match=r"found that summary.json is missing or was changed"):
        sg.diff(one, one)


def test_a_manifest_that_was_changed_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "world.yaml").write_text(WORLD)
    sg.batch(tmp_path / "world.yaml", tmp_path / "store", schedules=["at once"], replications=5)
    (run,) = (tmp_path / "store" / "runs").iterdir()
    said = (run / MANIFEST).read_text()
    (run / MANIFEST).write_text(said.replace('"seed": 1', '"seed": 2'))
    with pytest.raises(sg.StaggerError, match=r"found that manifest.json was changed"):
        sg.diff(run, run)
    one = _run(WORLD, tmp_path / "one")
    manifest = json.loads((one / MANIFEST).read_text())
    del manifest["files"][SUMMARY]
    (one / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(sg.StaggerError, match=r"found that manifest.json does not list summary.json"):
        sg.diff(one, one)


def test_the_command(tmp_path: Path) -> None:
    one = _run(WORLD, tmp_path / "one")
    two = _run(WORLD.replace("capacity: 1", "capacity: 2"), tmp_path / "two")
    call = CliRunner().invoke(main, ["diff", str(one), str(two)])
    assert call.exit_code == 0, call.output
    lines = [" ".join(line.split()) for line in call.stdout.splitlines()]
    assert "resources.framework.capacity 1 2" in lines
    assert "live, P50 2025-07-20 2025-04-11 -100 d -100 d -100 d less" in lines
    assert "Alder" not in lines
    assert "Clusters of which nothing changed for sure are left out; -v shows them." in lines
    document = json.loads(CliRunner().invoke(main, ["diff", str(one), str(two), "--json"]).stdout)
    assert document["paired"] is True
    assert document["inputs"] == [{"path": "resources.framework.capacity", "a": "1", "b": "2"}]
    whole = {each["measure"]: each for each in document["answers"] if each["level"] == "programme"}
    assert whole["live.p80"]["change"] == -100
    assert CliRunner().invoke(main, ["diff", str(one), str(tmp_path / "nowhere")]).exit_code == 2
