"""The body of a briefing: every sentence of it is borne out by the futures that it is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from briefings import scenario

import simulator as sg
from simulator.plots.figure import Table
from simulator.report.briefing import briefing
from simulator.report.content import Block, Briefing, Bullets, Grid, Paragraph, Picture
from simulator.report.subject import Subject, subject
from simulator.report.verification import verify
from simulator.result import Result
from simulator.scenario import register
from simulator.studies.compare import Comparison
from simulator.wording import share
from simulator.words.likelihood import in_futures


def _told(*answers: Result | Comparison) -> Briefing:
    about = subject(answers)
    return briefing(about, verify(about))


def _said(block: Block) -> list[str]:
    """What a block says to a reader, but for the cells of tables."""
    if isinstance(block, Bullets):
        return list(block.items)
    if isinstance(block, Grid):
        return [block.caption, *block.table.heads]
    return [block.text] if isinstance(block, Paragraph) else []


def _words(told: Briefing, section: str = "") -> str:
    """All sentences, captions and heads of the body, or of one section of it."""
    blocks = [block for each in told.body if section in each.title for block in each.every()]
    return "\n".join(text for block in blocks for text in _said(block))


def _grid(told: Briefing, sheet: str) -> Grid:
    return next(block for block in told.every() if isinstance(block, Grid) and block.sheet == sheet)


# 3 clusters with two places in the framework: in about a quarter of futures somebody is not live by the horizon
HALF = {"horizon": "2027-09-01", "deadline": "2027-01-01"}


@pytest.fixture(scope="module")
def half() -> Result:
    return sg.run(scenario(["Ash", "Beech", "Cedar"], **HALF), replications=400)  # type: ignore[arg-type]


# -- the answer ------------------------------------------------------------------------------------------


def test_how_many_futures_are_not_done_is_their_own_share(half: Result) -> None:
    late = float(np.mean(half.finish > half.scenario.horizon))
    assert 0.22 < late < 0.4  # no "1 in 5", and the P80 is after the horizon
    words = _words(_told(half), "The answer")
    assert f"; in {in_futures(late)} somebody is still not live at the horizon." in words
    assert f", counted only to the horizon in the {share(late)} of futures that are not done by then." in words


def test_a_cost_that_is_the_same_in_every_future_has_no_range(half: Result) -> None:
    words = _words(_told(half), "The answer")
    assert half.summary()["programme"]["cost"]["p10"] == half.summary()["programme"]["cost"]["p90"] == 6  # 2 for each
    assert "The cost is £6m on average, counted likewise." in words


def test_amounts_of_futures_that_are_all_done_are_not_cut_off() -> None:
    result = sg.run(scenario(["Ash"], horizon="2060-01-01", others={"legacy": None}), replications=100)
    assert "The cost is £2m on average." in _words(_told(result), "The answer")
    assert "counted" not in _words(_told(result), "The answer")


def test_the_answer_is_the_first_thing_in_the_body_below_the_question() -> None:
    told = _told(sg.run(scenario(["Ash", "Beech"]), replications=20))
    assert told.subtitle == (
        "When should each of 2 clusters of buyers go to market, so that everybody is live by 30 June 2028? A briefing "
        "from simulated futures."
    )
    assert told.body[0].blocks[0].kind == "lead"


def test_without_a_deadline_nobody_is_late_and_nothing_is_on_time() -> None:
    free = scenario(["Ash", "Beech", "Cedar"], horizon="2028-01-01", deadline=None)
    told = _told(sg.compare(free, replications=300))
    words = f"{told.subtitle}\n{_words(told)}"
    assert words.count("deadline") == 1  # "It has none of these: …, correlations between inputs and a deadline"
    for wrong in ("on time", "to be late", "miss"):
        assert wrong not in words
    assert "most likely to have everybody live by the horizon" in words
    assert "these clusters are the likeliest not to be live by the horizon, 1 January 2028" in words
    assert _grid(told, "answer").table.heads[1] == "Live by the horizon"
    caption = "Chance of not being live by the horizon, the worst under any schedule first"
    assert _grid(told, "missed").caption == caption
    assert [row[0] for row in _grid(told, "missed").table.rows].count(
        "any of them, not live by the horizon either"
    ) == 0
    assert _grid(told, "pairs on_time").caption.endswith("chance that everybody is live by the horizon")
    assert {row[1] for row in _grid(told, "1 chances").table.rows} >= {"live by the horizon"}
    counted = next(row for row in _grid(told, "verification").table.rows if str(row[0]).startswith("Futures counted"))
    assert "are live by the horizon, as in the summary" in str(counted[2])


# -- the question ----------------------------------------------------------------------------------------

ON_THE_WAY = """
scenario: on the way
start: 2025-01-01
horizon: 2030-01-01
deadline: 2028-06-30
route:
  - {stage: tender, go_to_market: true, duration: 100d}
  - {stage: build, duration: {uniform: [100d, 400d]}}
clusters: {Ash: {}, Beech: {begins_at: build}}
schedules: {soon: {Ash: 2025-03-01}}
"""


def test_a_cluster_without_a_date_is_there_and_says_so() -> None:
    told = _told(sg.run(sg.parse(ON_THE_WAY), replications=20))
    assert _grid(told, "schedules").table.rows == (("Ash", date(2025, 3, 1)), ("Beech", "needs no date"))
    assert "In the model are 2 clusters, on a route of 2 stages." in _words(told, "What is in")


# -- the comparison --------------------------------------------------------------------------------------


def _dearer(horizon: str) -> sg.Scenario:
    """Two schedules, one two years after the other, of work that costs by the month."""
    return sg.parse(
        f"""
scenario: upkeep
start: 2025-01-01
horizon: {horizon}
deadline: 2027-06-30
money: {{unit: £m}}
route:
  - {{stage: work, go_to_market: true, duration: {{uniform: [300d, 900d]}}, cost: {{per_month: 1}}}}
clusters: {{Ash: {{}}}}
schedules: {{soon: {{Ash: 2025-01-01}}, later: {{Ash: 2027-01-01}}}}
"""
    )


def test_what_was_cut_off_at_the_horizon_is_not_cheaper() -> None:
    # work of 300 to 900 days from 2027-01-01 is cut off at 2028-01-01, its day 365: it costs no more in any future
    comparison = sg.compare(_dearer("2028-01-01"), replications=200)
    assert {each.measure for each in comparison.dominance} == {"finish"}
    told = _told(comparison)
    assert "in cost" not in _words(told, "compared")
    assert "“soon” is better than “later” in the last go-live, whatever one thinks of risk." in _words(told, "compared")
    (row,) = _grid(told, "dominance").table.rows
    late = float(np.mean(subject([comparison]).cases[1].result.finish > comparison.contenders[1].scenario.horizon))
    assert late > 0.8
    assert row == ("soon", "later", "the last go-live", "first", 0.0, late)


def _late(first: int, second: int) -> sg.Scenario:
    """Two schedules, the second half a year after the first, of work of so many days at least and at most."""
    return sg.parse(
        f"""
scenario: late
start: 2025-01-01
horizon: 2027-01-01
deadline: 2026-12-01
route: [{{stage: work, go_to_market: true, duration: {{uniform: [{first}d, {second}d]}}}}]
clusters: {{Ash: {{}}}}
schedules: {{soon: {{Ash: 2025-01-01}}, later: {{Ash: 2025-07-01}}}}
"""
    )


def test_where_every_p80_is_after_the_horizon_that_is_said_and_the_p50_is_shown() -> None:
    # 100 to 950 days are 525 in the median and 780 in the P80: from days 0 and 181 they end by day 730, or do not
    told = _told(sg.compare(_late(100, 950), replications=400))
    grid = _grid(told, "against")
    assert grid.table.heads[5:9] == ("A less B, last go-live, P50, days", "from", "to", "Better: last go-live, P50")
    assert "P80" not in " ".join(grid.table.heads)
    assert None not in grid.table.rows[0]
    assert (
        "The P80 of the last go-live is after the horizon under each of them, so that it cannot tell them apart. The "
        "P50 is given instead."
    ) in _words(told, "compared")
    rows = _grid(told, "pairs finish.p80")
    assert rows.table.heads == ("Schedule A", "Schedule B", "A better in", "B better in", "Better")
    assert rows.table.rows[0][-1] == "cannot tell: after the horizon"


def test_without_any_known_quantile_there_is_no_column_of_dashes() -> None:
    told = _told(sg.compare(_late(700, 800), replications=400))
    grid = _grid(told, "against")
    assert grid.table.heads == ("B", "A less B, on time, percentage points", "from", "to", "Better: on time")
    said = "The P80 and the P50 of the last go-live are after the horizon under each of them, so that they cannot tell"
    assert said in _words(told, "compared")


def test_a_p80_that_is_after_the_horizon_under_one_of_two_has_no_difference() -> None:
    # 400 to 700 days are 550 in the median and 640 in the P80, 731 and 821 from day 181
    told = _told(sg.compare(_late(400, 700), replications=400))
    words = _words(told, "compared")
    assert (
        "The P80 and the P50 of the last go-live are after the horizon under “later”, so that they have no difference."
    ) in words
    (row,) = _grid(told, "pairs finish.p80").table.rows
    assert row[-1] == "A"  # which is better is known all the same


def test_comparisons_that_are_counted_are_named_and_all_in_the_annex() -> None:
    comparison = sg.compare(_late(400, 850), replications=400)
    told = _told(comparison)
    grids = [block for block in told.every() if isinstance(block, Grid) and block.sheet.startswith("pairs ")]
    left = [pair for pair in comparison.pairs if pair.verdict == "cannot tell"]
    later = [pair for pair in left if pair.measure in ("finish.mean", "finish.p80")]
    assert later
    assert (
        f"Of 8 comparisons (1 pair of schedules by 8 measures, all in the annex), {len(left)} end in “cannot tell” "
        f"({len(later)} of them because a go-live is after the horizon): there, other reasons may decide."
    ) in _words(told)
    rows = [row for grid in grids for row in grid.table.rows]
    assert len(rows) == 8
    assert sum(str(row[-1]).startswith("cannot tell") for row in rows) == len(left)


def test_what_a_scenario_has_not_is_not_said_to_make_no_difference() -> None:
    words = _words(_told(sg.run(_late(300, 400), replications=20)), "What is in")
    assert "; their effect is not counted." in words
    assert "no difference" not in words


def test_dominance_that_no_verdict_bears_out_is_left_to_the_annex() -> None:
    # later by a day in every future, which 50 of them cannot tell from nothing by the share in time; P80s are not known
    near = sg.parse(
        """
scenario: near
start: 2025-01-01
horizon: 2027-01-01
deadline: 2026-12-31
route: [{stage: work, go_to_market: true, duration: {uniform: [600d, 1200d]}}]
clusters: {Ash: {}}
schedules: {soon: {Ash: 2025-01-01}, next: {Ash: 2025-01-02}}
"""
    )
    comparison = sg.compare(near, replications=50)
    assert [each.measure for each in comparison.dominance] == ["finish"]
    assert {pair.verdict for pair in comparison.pairs if pair.measure in ("on_time", "finish.p80")} == {"cannot tell"}
    told = _told(comparison)
    assert "is better than" not in _words(told)
    assert len(_grid(told, "dominance").table.rows) == 1


def test_the_schedule_of_least_regret_is_named_with_what_it_gives_away() -> None:
    def world(name: str, soon: int, late: int) -> sg.Scenario:
        dates = {"soon": date(2025, 1, 1) + timedelta(soon), "late": date(2025, 1, 1) + timedelta(late)}
        listed = ", ".join(f"{key}: {{Ash: {day}}}" for key, day in dates.items())
        return sg.parse(
            f"""
scenario: {name}
start: 2025-01-01
horizon: 2030-01-01
deadline: 2026-01-01
route: [{{stage: work, go_to_market: true, duration: {{uniform: [100d, 300d]}}}}]
clusters: {{Ash: {{}}}}
schedules: {{{listed}}}
"""
        )

    # in the first world "late" is 40 days the later, in the second "soon" is 90 the later: at worst 90 against 40
    told = _told(sg.compare([world("one", 0, 40), world("two", 90, 0)], replications=200))
    words = _words(told, "compared")
    assert "By the last go-live, P80, “late” has the least regret: it gives away 40 days at worst in any" in words
    assert "By the chance of being on time, “" in words
    # schedules are chosen from, worlds are not
    (row,) = _grid(told, "against").table.rows
    assert row[0] in ("one: late", "two: soon")
    first, second = _words(told, "The answer").split(" In “two”, ")
    assert first.startswith("In “one”, ")
    assert "“late”" in second.splitlines()[0]


# -- the risks -------------------------------------------------------------------------------------------


def test_a_paid_extension_is_not_a_day_without_support() -> None:
    """In use past 2026, always; without support only past the end of the extension, which is often not reached."""
    systems: dict[str, Any] = {
        "old": {
            "used_by": ["Ash"],
            "end_of_support": "2025-06-30",
            "extension": {"until": "2026-12-31", "cost": "1/y"},
        }
    }
    result = sg.run(scenario(["Ash"], others={"legacy": systems}), replications=400)
    days = result.tally["legacy", "old", "unsupported_days"]
    without = (days.size - days.at_most(0)) / days.size
    past = result.summary()["legacy"]["old"]["in_use_past_end_of_support"]["p"]
    assert 0.02 < without < 0.4 < 0.95 < past
    told = _told(result)
    words = _words(told, "The risks")
    assert f"only “old” is ever used without support for a day or more: in {share(without)} of futures (" in words
    assert "only “Ash” ever misses the deadline, 30 June 2028: in " in words
    grid = _grid(told, "systems")
    (row,) = grid.table.rows
    assert grid.table.heads[1] == "Any day without support"
    assert grid.table.heads[4] == "Used past the end of support, on a paid extension or not"
    assert (row[0], row[1], row[4]) == ("old", without, past)
    low, high = row[2:4]
    assert low < without < high


def test_systems_whose_support_does_not_end_have_no_chance_of_outliving_it() -> None:
    systems: dict[str, Any] = {
        "old": {"used_by": ["Ash"], "end_of_support": "2025-06-30"},
        "new": {
            "used_by": ["Beech"],
            "contract_end": "2025-06-30",
            "extension": {"until": "2026-12-31", "cost": "1/y"},
        },
    }
    result = sg.run(scenario(["Ash", "Beech"], others={"legacy": systems}), replications=50)
    told = _told(result)
    rows = {row[0]: row for row in _grid(told, "systems").on_sheet.rows}
    nothing = ("not applicable",) * 3
    assert rows["old"][1] == 1.0
    assert rows["old"][7:] == nothing  # no extension is on offer
    assert rows["new"][1:7] == (*nothing, *nothing)
    assert rows["new"][7] == 1.0  # its contract ends, and the extension is bought
    chances = {row[:2]: row[2:] for row in _grid(told, "1 chances").table.rows}
    assert chances["new", "any day without support"] == nothing
    assert chances["old", "extension bought"] == nothing
    (days,) = [row for row in result.plot.illustrate("unsupported").table.rows if row[0] == "new"]
    assert days[1:] == ("not applicable",) * 4
    assert "Support does not end for “new”." in result.plot.illustrate("unsupported").alt
    risk = {row[0]: row for row in result.plot.illustrate("risk").table.rows}
    assert risk["Ash"][3] == risk["Beech"][2] == "not applicable"  # no contract ends, no support ends
    assert risk["any of them"][2] == risk["Ash"][2] == 1.0


def test_without_any_end_of_support_nothing_is_asked_about_it() -> None:
    systems = {"new": {"used_by": ["Ash"]}}
    answer = sg.compare(scenario(["Ash", "Beech"], others={"legacy": systems}), replications=20)
    assert "risk-unsupported" not in answer.plot.names()
    told = _told(answer)
    words = _words(told, "The risks")
    assert "Support does not end for any of the legacy systems, so that none is used without it." in words
    assert "any day without support" not in words.replace("Any day without support", "")
    assert {row[1] for row in _grid(told, "days without support").table.rows} == {"not applicable"}


def test_futures_that_do_not_differ_are_not_said_to() -> None:
    certain = """
scenario: certain
start: 2025-01-01
horizon: 2026-01-01
deadline: 2025-03-31
route: [{stage: work, go_to_market: true, duration: 100d}]
clusters: {Ash: {}}
schedules: {soon: {Ash: 2025-01-01}}
"""
    told = _told(sg.run(sg.parse(certain), replications=20))
    # day 100 is 11 April
    assert "4 in 5 of the futures are done by 11 April 2025, fewer than half before that day." in _words(told)
    assert "in 8 of 10 the last cluster is live on 11 April 2025." in _words(told)
    assert f"all {len(register(sg.parse(certain)))} inputs are assumed, or nobody says how good they are" in _words(
        told
    )
    assert "none has a source." in _words(told)


def test_what_is_stranded_alike_is_said_once() -> None:
    names = [f"Buyer {number}" for number in range(9)]
    route = [
        {"stage": "tender", "go_to_market": True, "holds": {"framework": 1}, "duration": "100d"},
        {"stage": "build", "duration": {"uniform": ["100d", "300d"]}},
    ]
    closed = {"framework": {"capacity": 2, "closes": "2025-02-01"}}
    told = _told(sg.run(scenario(names, others={"route": route, "resources": closed}), replications=20))
    (said,) = [line for line in _words(told, "The risks").splitlines() if "in vain" in line]
    assert said == (
        "Under “every 0 days”, 9 pieces of work wait in vain for a free place in “framework” in every future: “tender” "
        "in “Buyer 0”, “tender” in “Buyer 1”, “tender” in “Buyer 2” and 6 others."
    )


# -- two pages or three ----------------------------------------------------------------------------------


def _several(count: int) -> Callable[[], Subject]:
    return lambda: subject([sg.compare(scenario(["Ash", "Beech"], schedules=count), replications=20)])


@pytest.mark.parametrize("count", [2, 6, 20])
def test_no_table_of_the_body_is_longer_or_wider_than_there_is_room_for(count: int) -> None:
    about = _several(count)()
    told = briefing(about, verify(about))
    grids = [block for section in told.body for block in section.every() if isinstance(block, Grid)]
    assert max(len(grid.table.rows) for grid in grids) <= 12
    assert max(len(grid.table.heads) for grid in grids) <= 9
    pictures = [block for section in told.body for block in section.every() if isinstance(block, Picture)]
    assert len(pictures) == 3
    assert all(each.illustration.draw(None).figure.get_size_inches()[1] <= 2.7 for each in pictures)  # type: ignore[union-attr]
    for sheet in ("answer", "schedules", "missed", "against"):
        whole = [block for block in told.every() if isinstance(block, Grid) and block.sheet == sheet]
        assert max(len(grid.table.rows) for grid in whole) == len(whole[0].on_sheet.rows)


# -- means that rest on few futures ------------------------------------------------------------------------


def test_a_mean_that_rests_on_few_futures_is_said_to_and_the_annex_says_on_how_many() -> None:
    # support that ends late: days without it in some ten of 400 futures, and none in the others
    systems = {"old": {"used_by": ["Ash"], "end_of_support": "2029-12-31"}}
    result = sg.run(scenario(["Ash"], others={"legacy": systems}), replications=400)
    few = result.summary()["programme"]["unsupported_days"]["rests_on"]
    assert few < 30
    told = _told(result)
    words = _words(told, "What would change")
    assert "Means that rest on few futures are uncertain: days unsupported under “every 0 days”; the annex" in words
    assert "(*)" not in words
    assert "--json" not in words
    counts = _grid(told, "1 counts")
    assert counts.table.heads[-1] == "Mean rests on, futures"
    row = next(row for row in counts.table.rows if row[:2] == ("the programme", "days unsupported"))
    assert row[-1] == few


# -- every interval is in the workbook -------------------------------------------------------------------


def _intervals(entry: Any) -> list[tuple[Any, Any, Any]]:
    """Every value of a summary that has an interval, with its ends."""
    if not isinstance(entry, dict):
        return []
    found: list[tuple[Any, Any, Any]] = []
    interval = entry.get("interval")
    if isinstance(interval, list):
        found.append((entry["p"], *interval))
    elif isinstance(interval, dict):
        found += [(entry[key], *ends) for key, ends in interval.items() if ends is not None and entry[key] is not None]
    found += [(entry["time"][key], *ends) for key, ends in entry.get("time_interval", {}).items() if entry["time"][key]]
    return found + [each for key, value in entry.items() if "interval" not in key for each in _intervals(value)]


def _printed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return "after the horizon" if value == "after horizon" else date.fromisoformat(value)


def _threes(of: Table) -> set[tuple[Any, ...]]:
    """Any three cells beside each other."""
    return {row[k : k + 3] for row in of.rows for k in range(len(row) - 2)}


def test_every_number_of_a_summary_stands_before_its_interval_on_a_sheet(half: Result) -> None:
    """But for the chance that an extension is bought where none is on offer, which does not apply."""
    told = _told(half)
    found = {three for block in told.every() if isinstance(block, Grid) for three in _threes(block.on_sheet)}
    summary = half.summary()
    for system in summary["legacy"].values():
        assert system.pop("extended")["p"] == 0
    wanted = {tuple(map(_printed, each)) for each in _intervals(summary)}
    assert len(wanted) > 100
    assert wanted - found == set()
    sheet = _grid(told, "1 dates").on_sheet
    assert sheet.heads[2:8] == ("Mean", "Mean from", "Mean to", "P10", "P10 from", "P10 to")


def test_figures_of_chances_and_quantiles_have_their_intervals_on_their_sheets() -> None:
    about = subject([sg.compare(scenario(["Ash", "Beech", "Cedar"], **HALF), replications=400)])  # type: ignore[arg-type]
    told = briefing(about, verify(about))
    sheets: dict[str, Table] = {}
    for block in told.every():
        if isinstance(block, Picture):
            sheets.setdefault(block.name, block.grid.on_sheet)
    for name in ("s-curve", "risk-late", "risk-unsupported", "waterfall-1", "time-spent", "unsupported"):
        of = sheets[name]
        numbers = [k for k, head in enumerate(of.heads) if k and not str(head).endswith((" from", " to"))]
        assert of.heads == tuple(
            each
            for k, head in enumerate(of.heads)
            if k == 0 or k in numbers
            for each in ((head,) if k == 0 else (head, f"{head} from", f"{head} to"))
        )
        for row in of.rows:
            for k in numbers:
                value, low, high = row[k : k + 3]
                if not isinstance(value, str) and low is not None and not isinstance(high, str):
                    assert low <= value <= high, (name, row[0])  # type: ignore[operator]
    first = about.cases[0].summary["programme"]
    shown = sheets["s-curve"].rows[0]
    assert shown[1:4] == (first["on_time"]["p"], *first["on_time"]["interval"])
    assert shown[4:7] == tuple(map(_printed, (first["finish"]["p10"], *first["finish"]["interval"]["p10"])))


def test_the_figures_of_one_schedule_have_theirs(half: Result) -> None:
    sheets = {block.name: block.grid.on_sheet for block in _told(half).every() if isinstance(block, Picture)}
    assert sheets["risk"].heads[:4] == (
        "cluster",
        "not live by the deadline",
        "not live by the deadline from",
        "not live by the deadline to",
    )
    whole = half.summary()["programme"]["on_time"]
    low, high = whole["interval"]
    assert sheets["risk"].rows[-1][:4] == ("any of them", 1 - whole["p"], 1 - high, 1 - low)
    ash = half.summary()["clusters"]["Ash"]
    assert sheets["time-spent"].rows[0][2:4] == tuple(ash["time_interval"]["planned work"])
    assert sheets["s-curve"].rows[0][4:7] == tuple(
        map(_printed, (ash["go_live"]["p10"], *ash["go_live"]["interval"]["p10"]))
    )


def test_names_that_look_alike_in_a_figure_are_given_no_interval_that_may_be_the_others() -> None:
    alike = ["x" * 70 + end for end in "ab"]
    sheets = {
        block.name: block.grid.on_sheet
        for block in _told(sg.run(scenario(alike), replications=20)).every()
        if isinstance(block, Picture)
    }
    assert "P10 from" not in sheets["s-curve"].heads
