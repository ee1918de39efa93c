"""Figures of answers: what is in their tables and on their axes is what the summaries say."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hard_scenarios import hard
from matplotlib.figure import Figure

import simulator as sg
from simulator.plots import Sweeps, save_figure
from simulator.plots.end_labels import apart
from simulator.plots.figure import Table, xml_text
from simulator.plots.of_result import largest
from simulator.plots.reopened import gallery_of
from simulator.result import Result
from simulator.studies.compare import Comparison

SHARED = Path(__file__).parents[1] / "scenarios" / "shared-services-2022.yaml"


@pytest.fixture(scope="module")
def result() -> Result:
    return sg.run(sg.load(SHARED), replications=200, seed=5)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return sg.compare(sg.load(SHARED), replications=200, seed=5)


def rows(table: Table) -> dict[object, dict[str, object]]:
    return {row[0]: dict(zip(table.heads, row, strict=True)) for row in table.rows}


def test_the_figures_of_a_result_have_the_numbers_of_its_summary(result: Result) -> None:
    summary, plots = result.summary(), result.plot
    curves = rows(plots.illustrate("s-curve").table)
    risks = rows(plots.illustrate("risk").table)
    for name, cluster in summary["clusters"].items():
        assert curves[name]["live by the deadline"] == cluster["on_time"]["p"]
        p50 = curves[name]["P50"]
        assert (p50.isoformat() if isinstance(p50, date) else p50) == cluster["go_live"]["p50"]
        assert risks[name]["not live by the deadline"] == pytest.approx(1 - cluster["on_time"]["p"])
    assert risks["any of them"]["not live by the deadline"] == pytest.approx(1 - summary["programme"]["on_time"]["p"])
    systems = rows(plots.illustrate("unsupported").table)
    for name, system in summary["legacy"].items():
        ends = result.scenario.legacy[name].end_of_support is not None
        assert systems[name]["P90"] == (system["unsupported_days"]["p90"] if ends else "not applicable")


def test_the_time_of_every_cluster_is_there_whole(result: Result) -> None:
    table = rows(result.plot.illustrate("time-spent").table)
    for name, cluster in result.summary()["clusters"].items():
        days = [value for head, value in table[name].items() if head != "cluster"]
        assert sum(days) == pytest.approx(sum(cluster["time"].values()))  # type: ignore[arg-type]


def test_bands_hold_the_quantiles_of_all_futures(result: Result) -> None:
    table = rows(result.plot.illustrate("gantt-bands").table)
    summary = result.summary()["clusters"]["Synergy"]
    assert table["Synergy/rollout"]["ends P50"].isoformat() == summary["go_live"]["p50"]  # type: ignore[attr-defined]
    assert table["HMRC SAP"]["end of support P50"] == date(2027, 12, 31)


def test_a_trade_off_says_how_likely_two_limits_are_together(result: Result) -> None:
    programme = result.sample.outcomes.programme
    figure = result.plot.both(by=3000, at_most=800.0)
    (row,) = figure.table.rows
    assert row[1] == pytest.approx(np.mean(programme.finish <= 3000))
    assert row[2] == pytest.approx(np.mean(programme.cost <= 800))
    assert row[3] == pytest.approx(np.mean((programme.finish <= 3000) & (programme.cost <= 800)))


def test_years_add_up_to_the_mean_cost_within_what_medians_allow(result: Result) -> None:
    table = result.plot.illustrate("by-year").table
    assert [row[0] for row in table.rows] == ["2022 (from 1 December)", *map(str, range(2023, 2035))]
    medians = [row[table.heads.index("cost, P50")] for row in table.rows]
    assert 0 < sum(medians) < 2 * result.summary()["programme"]["cost"]["mean"]  # type: ignore[arg-type]


def test_capacity_is_drawn_for_one_resource_at_a_time(result: Result) -> None:
    names = [name for name in result.plot.names() if name.startswith("capacity")]
    assert names == [f"capacity-{resource}" for resource in result.scenario.resources]
    ours = Figure().add_subplot()
    assert result.plot.capacity("integrators", ax=ours) is ours
    assert ours.get_ylabel() == "units of integrators"
    with pytest.raises(sg.StaggerError, match=r"must be one of framework, .* \(found crane\)"):
        result.plot.capacity("crane")


def test_every_figure_can_be_drawn_on_axes_that_are_given(result: Result, comparison: Comparison) -> None:
    for figure in (*result.plot.illustrations(), *comparison.plot.illustrations()):
        ours = Figure(figsize=(9, 9), layout="constrained").add_subplot()
        assert figure.on(ours) is ours
        assert not ours.figure.texts  # their owner places the words


def test_words_tables_and_source_are_there_for_every_figure(result: Result, comparison: Comparison) -> None:
    for figure in (*result.plot.illustrations(), *comparison.plot.illustrations()):
        assert figure.finding.endswith(".")
        assert len(figure.finding) < 330
        assert figure.alt.endswith(".")
        assert any(sign.isdigit() for sign in figure.alt)
        assert figure.table.rows
        assert "seed 5" in figure.source
        assert f"stagger {sg.__version__}" in figure.source
        assert xml_text(figure.alt) == figure.alt


def test_a_comparison_has_its_schedules_side_by_side(comparison: Comparison) -> None:
    late = rows(comparison.plot.illustrate("risk-late").table)
    for name, schedule in comparison.summary()["schedules"].items():
        assert late["Matrix"][name] == pytest.approx(1 - schedule["clusters"]["Matrix"]["on_time"]["p"])
        assert late["any cluster"][name] == pytest.approx(1 - schedule["programme"]["on_time"]["p"])


def test_a_waterfall_adds_up_and_turns_round(comparison: Comparison) -> None:
    difference = comparison.time[0]
    pairs = ((difference.a, difference.b), (difference.b, difference.a))
    one, other = (comparison.plot.between(*pair) for pair in pairs)
    total = sum(row[1] for row in one.table.rows)  # type: ignore[misc]
    assert total == pytest.approx(difference.total.value)
    assert sum(row[1] for row in other.table.rows) == pytest.approx(-total)  # type: ignore[misc]
    ends = [bar.get_x() + bar.get_width() for bar in one.axes.patches]
    assert ends[-2] == pytest.approx(ends[-1])  # the last step ends where the whole does
    with pytest.raises(sg.StaggerError, match="must be between two of those compared"):
        comparison.plot.between(difference.a, "never")


def test_a_sweep_from_its_folder_is_the_sweep(tmp_path: Path) -> None:
    found = sg.sweep(sg.load(SHARED), "resources.framework.capacity=0..2", replications=20, seed=1)
    found.save(tmp_path / "sweep")
    again = gallery_of(tmp_path / "sweep")
    assert isinstance(again, Sweeps)
    assert again.illustrate("on-time").file("svg") == found.plot.illustrate("on-time").file("svg")
    assert json.loads(json.dumps(found.summary()))["points"][0]["on_time"] is None
    assert found.plot.illustrate("on-time").alt.endswith("At 1 point there is no answer.")


def test_drivers_are_drawn_from_the_answer_and_from_its_folder_alike(tmp_path: Path) -> None:
    found = sg.drivers(sg.load(SHARED), replications=64, indices=0, seed=1)
    found.save(tmp_path / "drivers")
    again, plots = gallery_of(tmp_path / "drivers"), found.plot
    assert plots.names() == again.names() == ("tornado", "exclusion")
    for name in plots.names():
        assert again.illustrate(name).file("svg") == plots.illustrate(name).file("svg")
    largest_first = [abs(row[1]) for row in plots.illustrate("exclusion").table.rows]  # type: ignore[arg-type]
    assert largest_first == sorted(largest_first, reverse=True)
    assert plots.illustrate("tornado").finding == found.summary()["finding"]


def test_the_same_seed_gives_the_same_bytes_in_every_format() -> None:
    one, other = (sg.run(hard(3), replications=20, seed=2).plot for _ in range(2))
    for name in ("s-curve", "gantt-bands", "time-spent", "trade-off"):
        for kind in ("png", "svg", "pdf"):
            assert one.illustrate(name).file(kind) == other.illustrate(name).file(kind), (name, kind)


def test_a_figure_is_saved_in_every_format_by_one_call(result: Result, tmp_path: Path) -> None:
    paths = save_figure(result.plot.risk(), tmp_path / "risk")
    assert [path.name for path in paths] == ["risk.png", "risk.svg", "risk.pdf"]
    assert [path.read_bytes()[:4] for path in paths] == [b"\x89PNG", b"<?xm", b"%PDF"]


def test_the_smallest_parts_are_drawn_together() -> None:
    parts = {f"part {k}": [float(k), 1.0] for k in range(1, 21)}
    shown = largest(parts, 10)
    assert len(shown) == 11
    assert shown["10 smaller parts"] == [55.0, 10.0]
    assert largest(dict(list(parts.items())[:11]), 10) == dict(list(parts.items())[:11])


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ([90, 50, 10], [90, 50, 10]),
        ([50, 50, 50], [60, 50, 40]),
        ([100, 100], [100, 90]),
        ([3, 2, 1], [20, 10, 0]),
        ([55, 50, 20], [57.5, 47.5, 20]),
    ],
)
def test_labels_are_kept_apart_and_inside(wanted: list[float], found: list[float]) -> None:
    assert apart(wanted, 10, 100) == pytest.approx(found)


def test_a_table_whose_rows_do_not_fit_its_heads_is_refused() -> None:
    with pytest.raises(ValueError, match="as long as its heads"):
        Table(("a", "b"), ("text", "share"), (("x",),))
