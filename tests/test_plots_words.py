"""What figures of whole answers say: of support and extensions, deadlines or none, budgets, futures without a dot."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hard_scenarios import hard
from matplotlib.axes import Axes

import simulator as sg
from simulator.days import NEVER
from simulator.plots import Driving
from simulator.plots.figure import Illustration
from simulator.plots.of_legacy import kept, outlived
from simulator.plots.style import legible
from simulator.result import Result
from simulator.scenario import Scenario
from simulator.studies.compare import Comparison

SHARED = (Path(__file__).parents[1] / "scenarios" / "shared-services-2022.yaml").read_text(encoding="utf-8")


def shared(**lines: str) -> Scenario:
    """The real scenario with some of its first lines replaced; an empty one is left out."""
    text = SHARED
    for key, value in lines.items():
        text = re.sub(rf"(?m)^{key}:.*\n", f"{key}: {value}\n" if value else "", text)
    return sg.parse(text)


@pytest.fixture(scope="module")
def half() -> Result:
    """Its horizon is so early that somebody is not live by it in most futures."""
    return sg.run(shared(horizon="2031-06-30"), replications=200, seed=5)


@pytest.fixture(scope="module")
def compared() -> Comparison:
    return sg.compare(shared(horizon="2031-06-30"), replications=100, seed=5)


@pytest.fixture(scope="module")
def endless() -> tuple[Illustration, ...]:
    """Every figure of a scenario with neither deadline nor legacy systems."""
    scenario = hard(3, deadline=False, legacy=False)
    of_run, of_comparison = (make(scenario, replications=30, seed=3) for make in (sg.run, sg.compare))
    return (*of_run.plot.illustrations(), *of_comparison.plot.illustrations())


def drawn(ax: Axes) -> list[str]:
    """Every text in a picture."""
    legend = ax.get_legend()
    texts = [*ax.texts, *(legend.get_texts() if legend else ()), ax.xaxis.label, ax.yaxis.label]
    texts += [*ax.get_xticklabels(), *ax.get_yticklabels()]
    return [text.get_text() for text in texts]


def test_days_without_support_begin_when_a_paid_extension_ends(half: Result) -> None:
    for replication in (1, 7, 42):
        futures = half.future(replication)
        days = {each.name: each.unsupported for each in kept(futures)}
        wanted = futures.outcomes.legacy.unsupported_days[:, 0].tolist()
        assert list(days.values()) == wanted
        extended = futures.outcomes.legacy.extended[:, 0]
        past = futures.outcomes.legacy.in_use_past_end_of_support[:, 0]
        for system, each in enumerate(kept(futures)):
            assert (each.extended > 0) <= extended[system]
            assert (each.extended > 0 or each.unsupported > 0) == past[system]


def test_what_an_extension_holds_is_told_from_what_is_without_support(half: Result) -> None:
    summary = half.summary()["legacy"]
    for each in outlived(half):
        assert each.past == summary[each.name]["in_use_past_end_of_support"]["p"]
    # HMRC SAP: support ends in 2027, an extension holds it until 2030; MoD payroll has none
    alt = half.plot.illustrate("gantt-bands").alt
    without, held = alt[alt.index("In use without") :].split("In use after the end of support")
    assert "“MoD payroll” (100%)" in without
    assert "HMRC SAP" not in without
    assert "“HMRC SAP”" in held
    assert "end of a paid extension" in drawn(half.plot.illustrate("gantt-bands").axes)


def test_an_s_curve_of_a_comparison_has_the_lines_of_one_of_a_result(half: Result, compared: Comparison) -> None:
    curve = sg.compare(hard(2), replications=20, seed=3).plot.illustrate("s-curve")
    texts = drawn(curve.axes)
    assert "deadline" in texts
    assert any(text.startswith("support ends") and "Cluster 20" in text for text in texts)
    assert "support ends (median): Cluster 200 (" in curve.alt  # uncertain
    assert "support ends: Cluster 201 (15 February 2027)" in curve.alt
    for each in (half, compared):
        days = each.plot.illustrate("s-curve").alt.split(" Days that matter: ")[1]
        assert "support ends: HMRC SAP (31 December 2027); deadline (31 December 2028);" in days


def test_worlds_with_other_deadlines_are_told_apart() -> None:
    worlds = [shared(scenario=name, deadline=day) for name, day in (("early", "2028-12-31"), ("late", "2030-12-31"))]
    plot = sg.compare(worlds, ["six-month stagger"], replications=30, seed=1).plot
    assert "the deadline of “early: six-month stagger”, and within" in plot.illustrate("trade-off").finding
    curve = plot.illustrate("s-curve")
    assert "by its own deadline" in curve.finding
    assert curve.table.heads[1] == "live by its own deadline"
    assert "deadline (early) (31 December 2028)" in curve.alt
    assert "deadline (late) (31 December 2030)" in curve.alt
    assert "support ends: HMRC SAP (31 December 2027)" in curve.alt  # in both


def test_without_a_deadline_no_figure_speaks_of_one(endless: tuple[Illustration, ...]) -> None:
    names = {each.name for each in endless}
    assert {"s-curve", "gantt", "gantt-bands", "risk", "risk-late", "trade-off"} <= names
    for figure in endless:
        said = " ".join([figure.finding, figure.alt, *figure.table.heads, *drawn(figure.axes)]).lower()
        assert "deadline" not in said, figure.name
        assert not re.search(r"\bbeing late\b|\bon time\b", said), figure.name
        assert "legacy" not in said, figure.name
        assert "support" not in said, figure.name


def test_a_sweep_says_by_when() -> None:
    path = "resources.Cluster 50.capacity=1..2"
    for deadline, by in ((True, "by the deadline"), (False, "by the horizon")):
        figure = sg.sweep(hard(3, deadline=deadline), path, replications=5, seed=1).plot.illustrate("on-time")
        assert by in figure.finding
        assert by in figure.alt
        assert f"futures in which\nall are live {by}" in drawn(figure.axes)
    varied = sg.sweep(hard(3), "deadline=2028-01-01,2029-01-01", replications=5, seed=1)
    assert "by the deadline" in varied.plot.illustrate("on-time").finding


def test_the_limits_of_a_trade_off_are_named_in_words_and_in_the_drawing(compared: Comparison) -> None:
    first = compared.contenders[0].name
    figure = compared.plot.illustrate("trade-off")
    costs = np.sort(compared.records[first].columns["cost"])
    assert figure.finding.startswith(
        f"Live by 31 December 2028, the deadline, and within £{costs[79]:,.0f}m, the P80 of"
    )
    assert f"the P80 of cost under “{first}”" in figure.finding
    assert f"the P80 of cost under “{first}”" in figure.alt
    texts = drawn(figure.axes)
    assert "deadline" in texts
    assert any(f"the P80 of cost under “{first}”" in text for text in texts)
    asked = compared.plot.both(by=3000, at_most=800.0)
    assert asked.finding.startswith("Live by 17 February 2031 and within £800m: both hold in")
    texts = drawn(asked.axes)
    assert not any("P80" in text or "deadline" in text for text in texts)
    assert {"17 February 2031", "£800m"} <= set(texts)


def test_futures_without_a_dot_are_counted(compared: Comparison) -> None:
    figure = compared.plot.illustrate("trade-off")
    texts = drawn(figure.axes)
    for row in figure.table.rows:
        name = str(row[0])
        never = float((compared.records[name].columns["finish"] == NEVER).mean())
        assert row[figure.table.heads.index("not live by the horizon")] == never > 0
        assert any(text.startswith(name[:20]) and f"({never:.0%} have no dot)" in text for text in texts)
        assert f"not live by the horizon in {never:.0%}" in figure.alt
    assert any("no dot: not live by the horizon" in text for text in texts)
    # in fewer than 80% anybody is live: there is no date that holds in so many, and no line
    assert "both hold in 80% of futures" not in texts


def test_how_many_futures_are_dots_is_said_where_they_are_not_all() -> None:
    few, many = (sg.run(hard(1), replications=n, seed=1).plot.illustrate("trade-off") for n in (400, 401))
    assert "the last cluster is live" in drawn(few.axes)
    assert "the last cluster is live (dots: the first 400 futures)" in drawn(many.axes)
    assert few.alt.startswith("Each future a dot")
    assert many.alt.startswith("Each of the first 400 futures a dot")


def test_a_trade_off_in_which_all_are_live_says_nothing_of_missing_dots() -> None:
    figure = sg.run(hard(2), replications=30, seed=1).plot.illustrate("trade-off")
    assert not any("no dot" in text for text in drawn(figure.axes))
    assert {"both hold in 50% of futures", "both hold in 80% of futures"} <= set(drawn(figure.axes))


def test_budgets_are_drawn_at_their_means(half: Result) -> None:
    figure = half.plot.illustrate("by-year")
    table = {row[0]: dict(zip(figure.table.heads, row, strict=True)) for row in figure.table.rows}
    assert table["2023"]["budgets that arrive, P50"] == 0
    mean = table["2023"]["budgets that arrive, mean"]
    assert mean > 0  # type: ignore[operator]
    dots = [line.get_ydata()[0] for line in figure.axes.lines if line.get_marker() == "D"]
    assert dots[:2] == [300, mean]
    assert [year for year in table if "(" in year] == ["2022 (from 1 December)", "2031 (to 30 June)"]  # type: ignore[operator]
    assert {"2022\nfrom 1 Dec", "2031\nto 30 Jun"} <= set(drawn(figure.axes))


def test_a_budget_that_would_dwarf_the_costs_is_a_number() -> None:
    axes = sg.run(hard(2), replications=20, seed=1).plot.illustrate("by-year").axes  # 1,000 arrive in 2025
    assert axes.get_ylim()[1] < 150
    assert {"1,000", "budgets, mean (▲: off the scale)"} <= set(drawn(axes))


def test_keys_name_what_is_drawn_and_nothing_else(half: Result) -> None:
    # of the real scenario, with a horizon before any support or extension ends but that of one system
    early = shared(horizon="2025-06-30", deadline="2025-03-31")
    soon = sg.run(early, "everyone when ready", replications=20, seed=1)
    texts = drawn(soon.plot.illustrate("gantt-bands").axes)
    assert "contract end" in texts
    assert "end of a paid extension" not in texts
    texts = drawn(half.plot.illustrate("gantt-bands").axes)
    assert {"end of a paid extension", "ends, P10 to P90", "end of support, P10 to P90"} <= set(texts)
    # where all is certain but the ends of support
    sure = sg.run(hard(1, certain=True, legacy=False), replications=20, seed=1).plot
    assert not any("P10" in text for name in sure.names() for text in drawn(sure.illustrate(name).axes))


def test_an_s_curve_of_what_never_happens_shows_all_the_time_there_was() -> None:
    figure = sg.run(hard(2, never=True), replications=20, seed=1).plot.illustrate("s-curve")
    low, high = figure.axes.get_xlim()
    assert high - low == 365  # from 1 January 2025 to the horizon, 1 January 2026


def test_averages_that_are_cut_at_the_horizon_say_so(half: Result, compared: Comparison) -> None:
    spent, waterfall = half.plot.illustrate("time-spent"), compared.plot.illustrate("waterfall-1")
    for figure in (spent, waterfall):
        assert "horizon" in figure.finding
        assert "horizon" in figure.alt
        assert any("horizon" in text for text in drawn(figure.axes))
    assert half.plot.illustrate("unsupported").finding.endswith("counted up to the horizon.")
    whole = sg.run(hard(2), replications=30, seed=1).plot
    assert "horizon" not in whole.illustrate("time-spent").alt
    assert not any("horizon" in text for text in drawn(whole.illustrate("time-spent").axes))


def test_negative_numbers_are_drawn_with_a_minus_sign(compared: Comparison) -> None:
    texts = drawn(compared.plot.illustrate("waterfall-1").axes)
    assert any(re.fullmatch(r"−\d+\.\d", text) for text in texts)
    assert not any(re.fullmatch(r"-\d.*", text) for text in texts)
    assert legible("−1") == "−1"  # the font has it


def test_joiners_are_drawn_and_nothing_else_that_is_not_seen() -> None:
    assert legible("می\u200cخواهم") == "می\u200cخواهم"  # letters that do not join because of it
    assert legible("👩\u200d💻 pay\u200dpal\u202e") == "�\u200d� pay�pal�"  # the font has no emoji


def document(**more: object) -> dict[str, object]:
    about = {"outcome": "the last go-live", "finding": "Said by the study.", "scenario": "S", "schedule": "now"}
    return {**about, "words": {}, "replications": 5, "seed": 1, "sampling": "random", **more}


def test_titles_of_drivers_name_a_top_item_only_where_the_futures_tell() -> None:
    rows = [
        {"name": "strike", "how": "switched off", "days": -40.0, "days_from": -45.0, "days_to": -35.0},
        {"name": "rain", "how": "at its median", "days": 30.0, "days_from": 20.0, "days_to": 36.0},
    ]
    tied = Driving(document(exclusion=rows)).illustrate("exclusion")
    assert tied.finding.startswith(
        "These futures cannot tell what moves the mean go-live most: “strike” (switched off)"
    )
    rows[1]["days_from"], rows[1]["days_to"] = 26.0, 34.0
    told = Driving(document(exclusion=rows, as_it_is={"not_by_the_horizon": 0.25})).illustrate("exclusion")
    assert told.finding.startswith(
        "With “strike” (switched off), go-live is 40 days earlier on average, those not live"
    )
    assert "(25% of futures)" in told.finding
    shares = [
        {"source": "rain", "total": 0.4, "total_from": 0.2, "total_to": 0.6},
        {"source": "strike", "total": 0.3, "total_from": 0.1, "total_to": 0.5},
    ]
    inputs = [
        {"input": "rain/A", "rank_correlation": -0.5, "from": -0.6, "to": -0.4},
        {"input": "strike/A", "rank_correlation": 0.1, "from": 0.0, "to": 0.2},
    ]
    both = Driving(document(indices=shares, tornado=inputs))
    assert both.illustrate("indices").finding == (
        "These futures cannot tell what most of the variance of the last go-live comes from: “rain”, 40%, or “strike”, "
        "30%."
    )
    # the study's own sentence is about the variance then, and says nothing of correlations
    assert both.illustrate("tornado").finding == (
        "Of all inputs, the last go-live moves most with “rain/A”: rank correlation −0.50."
    )


def test_drivers_without_a_deadline_speak_of_the_horizon() -> None:
    for deadline, what in ((True, "the chance of being on time"), (False, "the chance of being live by the horizon")):
        found = sg.drivers(hard(2, deadline=deadline), of="on_time", replications=64, indices=0, seed=1)
        assert found.summary()["outcome"] == what
        assert what in str(found)


def test_what_was_done_is_not_cut_off_a_long_name() -> None:
    rows = [{"name": "x" * 80, "how": "switched off", "days": -40.0, "days_from": -45.0, "days_to": -35.0}]
    axes = Driving(document(exclusion=rows)).illustrate("exclusion").axes
    (name,) = [text.get_text() for text in axes.get_yticklabels()]
    assert name.endswith("… (switched off)")
    assert len(name) == 60
