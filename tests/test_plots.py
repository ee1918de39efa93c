"""Figures: what is drawn is what happened, and a file repeats byte for byte."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.dates import num2date
from matplotlib.figure import Figure

import simulator as sg
from simulator.draws import draw
from simulator.network import compile_network
from simulator.plots import Plots, file_of, gantt, s_curve
from simulator.plots.dates import Mark
from simulator.plots.style import COLOURS, line_look
from simulator.result import Futures, Model
from simulator.scenario import Scenario, load

TWO = Path(__file__).parents[1] / "scenarios" / "two-clusters.yaml"
START = date(2025, 1, 1)


@pytest.fixture(scope="module")
def two() -> Scenario:
    return load(TWO)


@pytest.fixture(scope="module")
def future(two: Scenario) -> Futures:
    return Model(two, compile_network(two), draw(two, 0), "events").futures(0, 1)


def _labels(ax: Axes) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def _bars(ax: Axes, row: str) -> list[tuple[str, str]]:
    """From and to of the bars in a row, as dates."""
    place = _labels(ax).index(row)
    found = []
    for bar in ax.patches:
        if abs(bar.get_y() + bar.get_height() / 2 - place) < 0.01:
            ends = (bar.get_x(), bar.get_x() + bar.get_width())
            found.append(tuple(num2date(end).date().isoformat() for end in ends))
    return sorted(found)


def test_a_gantt_has_the_days_of_the_hand_computation(two: Scenario, future: Futures) -> None:
    ax = gantt(future, two)
    assert _labels(ax) == [
        *("Alder", "tender", "award", "build", "go live"),
        *("Birch", "tender", "award", "build", "go live"),
        *("Legacy systems", "Alder ledger", "Birch ledger"),
    ]
    assert _bars(ax, "award") == [("2024-04-01", "2024-04-21"), ("2024-04-21", "2024-05-15")]
    assert _bars(ax, "go live") == [("2024-08-23", "2024-10-01"), ("2024-10-01", "2024-10-11")]
    assert _bars(ax, "Alder ledger") == [
        ("2024-01-01", "2024-06-30"),  # supported
        ("2024-06-30", "2024-09-30"),  # extended
        ("2024-09-30", "2024-10-11"),  # unsupported until it is retired
    ]
    assert "deadline" in [text.get_text() for text in ax.texts]


def test_a_gantt_of_very_many_activities_has_a_row_per_cluster(monkeypatch: pytest.MonkeyPatch, two, future) -> None:
    monkeypatch.setattr(import_module("simulator.plots.gantt"), "MOST_ROWS", 7)
    ax = gantt(future, two)
    assert _labels(ax)[:2] == ["Alder", "Birch"]
    assert ("2024-02-01", "2024-05-15") in _bars(ax, "Birch")  # in line


def test_s_curves_have_the_values_they_are_given() -> None:
    curves = {"Ash": (np.array([100, 200]), np.array([0.25, 1.0])), "Beech": (np.array([150]), np.array([0.5]))}
    ax = s_curve(curves, START, horizon=1000, marks=[Mark(150, "deadline")])
    ash, beech = ax.lines[0], ax.lines[1]
    first = num2date(ax.get_xlim()[0]).date().toordinal() - START.toordinal()
    assert first == 40  # 60 days before the first
    assert ash.get_ydata().tolist() == [0.0, 0.25, 1.0, 1.0]
    assert [x - ash.get_xdata()[1] for x in ash.get_xdata()[1:3]] == [0, 100]
    assert beech.get_ydata()[-1] == 0.5  # half of the futures never go live
    assert [text.get_text() for text in ax.texts] == ["deadline", "Ash", "Beech"]


def test_an_s_curve_where_nobody_ever_is_live() -> None:
    none = (np.zeros(0, dtype=int), np.zeros(0))
    ax = s_curve({"Ash": none}, START, horizon=1000)
    assert set(ax.lines[0].get_ydata()) == {0.0}


def test_figures_of_a_result_agree_with_its_summary(two: Scenario) -> None:
    result = sg.run(two, replications=10, engine="events")
    ax = Plots(result).s_curve()
    alder = ax.lines[0]
    day = num2date(alder.get_xdata()[1]).date().isoformat()
    assert day == result.summary()["clusters"]["Alder"]["go_live"]["p50"] == "2024-10-11"
    assert result.plot.gantt() is not None


def test_axes_can_be_given_and_nothing_global_is_touched(two: Scenario, future: Futures) -> None:
    before = dict(mpl.rcParams)
    ours = Figure().add_subplot()
    assert gantt(future, two, ax=ours) is ours
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_files_repeat_byte_for_byte(two: Scenario, future: Futures, kind: str) -> None:
    content = file_of(gantt(future, two), kind)
    assert content == file_of(gantt(future, two), kind)
    assert content[:4] == {"png": b"\x89PNG", "svg": b"<?xm", "pdf": b"%PDF"}[kind]


def test_a_figure_is_the_same_in_whatever_order_formats_are_asked_for(two: Scenario) -> None:
    one, other = (sg.run(two, replications=2, engine="events").plot.illustrate("s-curve") for _ in range(2))
    first = {kind: one.file(kind) for kind in ("png", "svg", "pdf")}
    assert {kind: other.file(kind) for kind in ("pdf", "svg", "png")} == first


def test_an_svg_says_what_it_shows_to_a_screen_reader(two: Scenario) -> None:
    figure = sg.run(two, replications=2, engine="events").plot.illustrate("gantt")
    svg = ElementTree.fromstring(figure.file("svg"))
    assert svg.attrib["role"] == "img"
    texts = {element.tag.rpartition("}")[2]: element.text for element in list(svg)[:2]}
    assert texts == {"title": figure.finding, "desc": figure.alt}
    assert figure.finding == (
        "In future 1 (P50 of the last go-live) the last cluster is live on 11 January 2025, 11 days after the deadline."
    )


def test_what_figures_a_result_has_is_said_where_another_is_asked_for(two: Scenario) -> None:
    with pytest.raises(sg.StaggerError, match=r"must be one of s-curve, .*gantt.* \(found pie\)"):
        sg.run(two, replications=2, engine="events").plot.illustrate("pie")


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=cmd()", "$x_{1}$ \\frac", "a" * 99, "naïve 中 عرب🚀"])
def test_names_are_text_and_nothing_else(name: str) -> None:
    curves = {name: (np.array([100]), np.array([1.0])), "_hidden": (np.array([120]), np.array([1.0]))}
    content = file_of(s_curve(curves, START, horizon=1000), "svg", name, name)
    tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(content).iter()}
    assert "script" not in tags
    assert [text.get_text() for text in s_curve(curves, START, 1000).texts][1] == "_hidden"


def test_lines_can_be_told_apart() -> None:
    looks = [(look["color"], str(look["linestyle"])) for look in map(line_look, range(42))]
    assert len(set(looks)) == 42
    assert len(set(COLOURS)) == 6
