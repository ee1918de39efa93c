"""A briefing's content: what it says is what the results say, and what it checks can fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from briefings import HOSTILE, SHOWN_SOURCE, SMALL, SOURCE, scenario

import simulator as sg
from simulator.plots.figure import Table
from simulator.report import verification
from simulator.report.briefing import briefing
from simulator.report.content import Briefing, Grid, Lead, Paragraph, Picture, Section, table
from simulator.report.spelling import spelled
from simulator.report.subject import Subject, subject
from simulator.report.verification import differences, sample_size, verify
from simulator.result import Result
from simulator.scenario import register
from simulator.words.said import on_date


def _write(about: Subject) -> Briefing:
    return briefing(about, verify(about))


@pytest.fixture(scope="module")
def pair() -> Subject:
    """Two schedules of clusters with hostile names."""
    return subject([sg.compare(scenario(list(HOSTILE), source=SOURCE), replications=200)])


@pytest.fixture(scope="module")
def told(pair: Subject) -> Briefing:
    return _write(pair)


def _cells(of: Briefing) -> set[str]:
    """Every cell of every table as a reader sees it."""
    grids = [block for block in of.every() if isinstance(block, Grid)]
    grids += [block.grid for block in of.every() if isinstance(block, Picture)]
    return {
        spelled(*pair) for grid in grids for row in grid.table.rows for pair in zip(row, grid.table.kinds, strict=True)
    }


def _leaves(document: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(document, dict):
        for name, value in document.items():
            if name not in ("interval", "time_interval"):
                yield from _leaves(value, name)
    elif not isinstance(document, list):
        yield key, document


def test_every_probability_and_every_date_of_the_summaries_is_in_a_table(pair: Subject, told: Briefing) -> None:
    cells = _cells(told)
    for case in pair.cases:
        for key, value in _leaves(dict(case.summary)):
            if key in ("p", "utilisation"):
                assert spelled(value, "share") in cells
            elif key in ("p10", "p50", "p80", "p90", "mean") and isinstance(value, str):
                words = "after the horizon" if value == "after horizon" else on_date(date.fromisoformat(value))
                assert words in cells


def test_every_input_is_in_the_register_with_its_source_and_quality(pair: Subject, told: Briefing) -> None:
    grid = next(block for block in told.every() if isinstance(block, Grid) and block.sheet == "assumptions")
    inputs = register(pair.scenario)
    assert len(grid.table.rows) == len(inputs) > 30
    assert {row[2] for row in grid.table.rows} == {"assumed"}
    assert {row[3] for row in grid.table.rows} == {SHOWN_SOURCE}


def test_the_answer_comes_first_with_its_interval_in_words_and_numbers() -> None:
    result = sg.run(sg.load(SMALL), replications=100)
    told = _write(subject([result]))
    lead = told.body[0].blocks[0]
    assert isinstance(lead, Lead)
    # Birch waits for the second quarter start and is live on 11 January 2025; Wilson: z²/(100 + z²) = 3.7 %
    assert lead.text == (
        "Under “at once”, every cluster is live by the deadline, 31 December 2024, in no future "
        "(95% interval 0% to 3.7%)."
    )
    assert [section.title for section in told.body] == [
        "The answer",
        "The question",
        "The risks",
        "What would change the answer",
        "What is in and what is out",
    ]


def test_what_the_futures_cannot_tell_is_said(told: Briefing) -> None:
    lead = next(block for block in told.body[0].blocks if isinstance(block, Lead))
    assert lead.text.startswith("Which schedule is most likely to be on time, 200 futures cannot tell.")
    pairs = next(block for block in told.every() if isinstance(block, Grid) and block.sheet == "pairs on_time")
    assert [row[-1] for row in pairs.table.rows] == ["cannot tell"]


def test_a_pair_is_turned_so_that_the_schedule_ranked_first_is_a() -> None:
    # "slow" is listed first and is worse: its cluster goes to market a year later, work takes 10 days
    slow = """
scenario: turned
start: 2025-01-01
horizon: 2030-01-01
deadline: 2025-06-30
route: [{stage: work, duration: {uniform: [10d, 20d]}, go_to_market: true}]
clusters: {Ash: {}}
schedules: {slow: {Ash: 2026-01-01}, quick: {Ash: 2025-01-01}}
"""
    told = _write(subject([sg.compare(sg.parse(slow), replications=200)]))
    against = next(block for block in told.every() if isinstance(block, Grid) and block.sheet == "against")
    assert against.caption == "“quick” (A) against each other schedule (B)"
    (row,) = against.on_sheet.rows
    on_time, last = row[1:11], row[11:]
    assert (row[0], on_time[0], *on_time[3:5], on_time[7]) == ("slow", 100.0, "A", 1.0, 0.0)
    assert 95 < on_time[1] <= on_time[2] == 100.0  # type: ignore[operator]  # not turned, it would be below -95
    assert against.table.heads[1] == "A less B, on time, percentage points"
    assert spelled(row[1], against.table.kinds[1]) == "+100.0"
    assert (last[0], *last[3:5], last[7]) == (-365, "A", 1.0, 0.0)
    # Wilson: z²/(200 + z²) = 1.9 %
    assert last[8:] == (0.0, pytest.approx(0.0188, abs=1e-4))
    assert against.table.rows == ((row[0], *on_time[:4], *last[:4]),)


def test_results_of_the_same_futures_are_compared_and_others_are_not() -> None:
    world = sg.load(SMALL)
    first, second = (sg.run(world, name, replications=50) for name in world.schedules)
    together = subject([first, second])
    assert together.comparison is not None
    assert [case.name for case in together.cases] == ["at once", "one after the other"]
    assert together.cases[1].summary == second.summary()

    apart = subject([first, sg.run(world, "one after the other", replications=60)])
    assert apart.comparison is None
    text = " ".join(block.text for block in _write(apart).body[2].blocks if isinstance(block, Paragraph))
    assert "not compared future by future, because they were simulated in different futures" in text
    assert len(subject([first, first]).cases) == 1


def test_several_worlds_are_compared_with_their_regret() -> None:
    world = sg.load(SMALL)
    other = sg.change(world, {"scenario": "another world", "clusters.Alder.priority": 2})
    told = _write(subject([sg.compare([world, other], replications=50)]))
    sheets = [block.sheet for block in told.every() if isinstance(block, Grid)]
    assert {"regret", "assumptions 1", "assumptions 2"} <= {*sheets}
    assert len(sheets) == len(set(sheets))


def test_many_clusters_leave_the_body_to_the_worst() -> None:
    names = [f"Buyer {number}" for number in range(50)]
    about = subject([sg.compare(scenario(names, schedules=4), replications=20)])
    told = _write(about)

    def rows(sections: tuple[Section, ...], sheet: str) -> list[int]:
        grids = [block for section in sections for block in section.every() if isinstance(block, Grid)]
        return [len(grid.table.rows) for grid in grids if grid.sheet == sheet]

    missed = next(block for block in told.body[3].blocks if isinstance(block, Grid))
    caption = "Chance of missing the deadline, the worst under any schedule first"
    assert missed.caption == f"{caption}: 12 of 52 rows, the others in the annex"
    # 50 clusters and two rows for any of them
    for sheet, whole in (("missed", 52), ("schedules", 50)):
        assert (rows(told.body, sheet), rows(told.annexes, sheet)) == ([12], [whole])
    assert max(len(block.table.rows) for each in told.body for block in each.every() if isinstance(block, Grid)) == 12
    assert [block.name for block in told.body[3].blocks if isinstance(block, Picture)] == ["unsupported"]  # 10 systems
    assert "risk-unsupported" in {block.name for block in told.annexes[0].blocks if isinstance(block, Picture)}


def test_everything_censored_is_said_in_words() -> None:
    about = subject([sg.run(scenario(["Ash", "Beech"], horizon="2025-04-01", deadline="2025-03-31"), replications=20)])
    told = _write(about)
    text = " ".join(str(block) for block in told.body[0].blocks)
    assert "in no future (95% interval 0% to 16.1%)" in text
    assert "Under “every 0 days”, somebody is still not live at the horizon in every future." in text
    assert "counted only to the horizon, by which no future is done." in text
    assert "The cost is £4m on average, counted likewise." in text


def test_names_are_shown_without_what_steers_the_eye(told: Briefing) -> None:
    cells = _cells(told)
    assert {*HOSTILE.values()} <= cells


def test_figures_and_tables_are_numbered_in_order(told: Briefing) -> None:
    grids = [block.number for block in told.every() if isinstance(block, Grid)]
    pictures = [block.number for block in told.every() if isinstance(block, Picture)]
    assert grids == list(range(1, len(grids) + 1))
    assert pictures == list(range(1, len(pictures) + 1))


def test_long_tables_of_figures_and_those_of_the_body_are_in_the_last_annex(told: Briefing) -> None:
    pictures = [block for block in told.every() if isinstance(block, Picture)]
    behind = [block.name for block in pictures if block.in_body or not block.beside]
    assert behind == [block.sheet for block in told.annexes[-1].blocks if isinstance(block, Grid)]
    assert [block.name for block in pictures if block.in_body] == ["s-curve", "waterfall-1", "risk-unsupported"]


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        (0.6149, "share", "61.5%"),
        (0.0001, "share", "<0.1%"),
        (1.0, "share", "100.0%"),
        (1.7649, "points", "+1.8"),
        (-12.34, "points", "−12.3"),
        (-0.041, "points", "−0.04"),
        (0.0, "points", "0.0"),
        (-1e-14, "points", "0.0"),
        (1234.4, "days", "1,234"),
        (-5.0, "money", "−5.0"),
        (-0.3, "days", "0"),
        (-0.04, "money", "0.0"),
        (1234.56, "money", "1,234.6"),
        (0.4567, "number", "0.457"),
        (3, "number", "3"),
        (date(2028, 12, 31), "date", "31 December 2028"),
        ("after the horizon", "date", "after the horizon"),
        (None, "money", "–"),
        ("=1+1", "text", "=1+1"),
    ],
)
def test_cells_are_spelled_as_the_style_guide_says(cell: Any, kind: Any, text: str) -> None:
    assert spelled(cell, kind) == text


def test_a_table_has_as_many_cells_as_heads() -> None:
    with pytest.raises(ValueError, match="as long as its heads"):
        table([("a", "text")], [["x", "y"]])
    assert table([("a", "text")], []) == Table(("a",), ("text",), ())


# -- the verification record -----------------------------------------------------------------------------------


def _broken(result: Result) -> list[str]:
    return [check.name for check in verify(subject([result])) if not check.holds]


@pytest.fixture(scope="module")
def small() -> Result:
    return sg.run(scenario(["Ash", "Beech", "Cedar"]), replications=60)


def test_all_checks_hold_for_a_result(small: Result) -> None:
    checks = verify(subject([small]))
    assert len(checks) == 8
    assert all(check.holds for check in checks)
    agree = checks[0]
    futures = small.model.futures(0, 60)
    values = sum(getattr(futures.timeline, name).size for name in futures.timeline.arrays())
    assert agree.found == f"{values:,} values in 60 replications, 0 different"


def test_engines_that_differ_are_found(small: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    def other(network: Any, inputs: Any, engine: str) -> Any:
        timeline = small.model.futures(0, 60).timeline
        finished = timeline.finished.copy()
        finished[2, 7] += 1
        return replace(timeline, finished=finished)

    monkeypatch.setattr(verification, "run_engine", other)
    assert _broken(small) == ["Both engines agree: every 0 days"]


def test_sums_that_do_not_come_out_are_found(small: Result) -> None:
    futures = small.model.futures(0, 10)
    clusters, programme, legacy = (getattr(futures.outcomes, name) for name in ("clusters", "programme", "legacy"))
    time, finish = clusters.time.copy(), programme.finish.copy()
    time[1, 0, 3] += 1
    finish[[4, 5]] -= 1
    outcomes = SimpleNamespace(
        clusters=SimpleNamespace(go_live=clusters.go_live, time=time, savings=clusters.savings + 1e-6),
        programme=SimpleNamespace(
            finish=finish,
            unsupported_days=programme.unsupported_days,
            costs=programme.costs,
            cost=programme.cost + 1e-6,
            savings=programme.savings,
        ),
        legacy=SimpleNamespace(unsupported_days=legacy.unsupported_days + 1),
    )
    wrong: Any = SimpleNamespace(timeline=futures.timeline, outcomes=outcomes)
    found = {check.name.partition(":")[0]: check for check in verification._sums("a", wrong)}
    assert not any(check.holds for check in found.values())
    assert found["Parts of the time add up to the whole"].found == "10 replications, 1 where it does not add up"
    assert found["The programme ends with its last cluster"].found.startswith("10 replications, 2 where")
    assert all(check.holds for check in verification._sums("a", futures))


def test_a_summary_that_its_futures_do_not_bear_out_is_found(small: Result) -> None:
    early = np.zeros_like(small.finish)
    assert _broken(replace(small, finish=early)) == ["Futures counted one by one: every 0 days"]


def test_percentiles_and_intervals_out_of_order_are_found() -> None:
    wrong = {
        "a": {"p10": "2028-01-02", "p50": "2028-01-01", "p80": "after horizon", "p90": None},
        "b": {"p": 0.5, "interval": [0.6, 0.7]},
        "c": {"p10": 1, "p50": "after horizon", "p80": 3, "p90": 4},
        "d": {"p": 0.5, "interval": [0.4, 0.6], "any": {"p10": 1, "p50": 1, "p80": 2, "p90": "after horizon"}},
    }
    assert list(verification._disordered("s", wrong)) == ["s.a", "s.b", "s.c"]


def test_what_does_not_hold_is_said_before_the_answer(small: Result) -> None:
    about = subject([replace(small, finish=np.zeros_like(small.finish))])
    first = briefing(about, verify(about)).body[0].blocks[0]
    assert isinstance(first, Lead)
    assert first.text.startswith("Do not use this briefing: 1 check of its numbers did not hold (Futures counted")


def test_values_that_differ_are_counted(small: Result) -> None:
    timeline = small.model.futures(0, 5).timeline
    other = replace(timeline, asked=timeline.asked + 1)
    assert differences(timeline, other)[1] == timeline.asked.size
    assert differences(timeline, timeline)[1] == 0


@pytest.mark.parametrize(
    ("activities", "replications", "size"), [(50, 10_000, 40), (5, 200, 100), (500, 99, 10), (5, 7, 7)]
)
def test_less_is_played_twice_where_there_is_more_to_play(activities: int, replications: int, size: int) -> None:
    assert sample_size(2000, activities, replications) == size


def test_too_little_and_too_much_to_report_on_are_refused() -> None:
    with pytest.raises(sg.StaggerError, match=r"needs the results of `run` or `compare` \(found none\)"):
        subject([])
    many = sg.compare(scenario(["Ash"], schedules=21), replications=5)
    with pytest.raises(sg.StaggerError, match=r"20 schedules side by side \(found 21\)"):
        subject([many])


def test_the_folder_of_results_need_not_be_there(tmp_path: Path) -> None:
    written = sg.run(sg.load(SMALL), replications=20).report(tmp_path / "b.html")
    assert written.files == (tmp_path / "b.html",)
    assert written.holds
