"""Nothing is cut and nothing overlaps, in every figure of scenarios that are hard to draw."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hard_scenarios import CASES, HOSTILE, LONG, hard
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import simulator as sg
from simulator.plots import Driving, s_curve
from simulator.plots.dates import Mark
from simulator.plots.figure import Illustration
from simulator.plots.heat_map import heat_map
from simulator.report.figures import HIGHEST

SLACK = 1.5
"""Dots by which boxes may reach over: rounding, and the empty room around letters."""


def texts_of(ax: Axes) -> list[Text]:
    """Every text that can be seen, tick labels within the axes only."""
    figure = ax.figure.get_figure(root=True)
    legend = ax.get_legend()
    ticks = []
    for axis, (low, high) in ((ax.xaxis, sorted(ax.get_xlim())), (ax.yaxis, sorted(ax.get_ylim()))):
        for tick in axis.get_major_ticks():
            if low <= tick.get_loc() <= high:
                ticks += [each for each in (tick.label1, tick.label2) if each.get_visible()]
    labels = [ax.xaxis.label, ax.yaxis.label, *(legend.get_texts() if legend else ()), *figure.texts]
    return [each for each in (*ax.texts, *ticks, *labels) if each.get_text().strip() and each.get_visible()]


def boxes_of(ax: Axes, dpi: int) -> list[tuple[str, Bbox]]:
    figure = ax.figure.get_figure(root=True)
    figure.set_dpi(dpi)
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw_without_rendering()
    return [(text.get_text(), Text.get_window_extent(text, renderer)) for text in texts_of(ax)]


def faults(ax: Axes) -> list[str]:
    """What is cut by the edge of the figure, and what overlaps, with the dots of a PNG and with those of an SVG."""
    return [fault for dpi in (200, 72) for fault in faults_at(ax, dpi)]


def faults_at(ax: Axes, dpi: int) -> list[str]:
    boxes = boxes_of(ax, dpi)
    whole = ax.figure.get_figure(root=True).bbox
    cut = [
        f"cut: {text!r} {box.extents.round(1)} in {whole.extents}"
        for text, box in boxes
        if box.x0 < -SLACK or box.y0 < -SLACK or box.x1 > whole.x1 + SLACK or box.y1 > whole.y1 + SLACK
    ]
    over = [
        f"overlap: {one!r} and {other!r}"
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > SLACK and min(a.y1, b.y1) - max(a.y0, b.y0) > SLACK
    ]
    return cut + over


def all_figures(how: dict[str, Any], replications: int = 30) -> list[Illustration]:
    scenario = hard(**how)
    result = sg.run(scenario, replications=replications, seed=3)
    comparison = sg.compare(scenario, replications=replications, seed=3)
    return [*result.plot.illustrations(), *comparison.plot.illustrations()]


QUICK = ("hostile names", "fifty long hostile names", "nothing ever live", "half never live")
"""Cases that every run of the tests draws; the others are slow."""


@pytest.mark.parametrize("case", [c if c in QUICK else pytest.param(c, marks=pytest.mark.slow) for c in CASES])
def test_nothing_is_cut_and_nothing_overlaps(case: str) -> None:
    found = {each.name: faults(each.axes) for each in all_figures(CASES[case])}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_one_future_can_be_drawn() -> None:
    found = {each.name: faults(each.axes) for each in all_figures({"clusters": 2}, replications=1)}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_what_is_cut_and_what_overlaps_is_found() -> None:
    ax = Figure(figsize=(2, 2)).add_subplot()
    ax.text(0.5, 0.5, "one")
    ax.text(0.52, 0.5, "other")
    ax.text(0.9, 0.9, "reaches over the edge")
    assert {fault.split(":")[0] for fault in faults(ax)} == {"cut", "overlap"}


SWEEPS = (
    ["resources.{}.capacity=1..3"],
    ["resources.{}.capacity=0..3", "route.build.duration=3mo,6mo,12mo,24mo"],
    ["resources.{}.capacity=1..30"],
)


@pytest.mark.parametrize("vary", SWEEPS, ids=["three", "two paths", "thirty"])
def test_sweeps(vary: list[str]) -> None:
    found = sg.sweep(hard(3), [path.format("Cluster 50") for path in vary], replications=5, seed=1)
    assert faults(found.plot.illustrate("on-time").axes) == []


@pytest.mark.parametrize("vary", SWEEPS[:2], ids=["three", "two paths"])
def test_sweeps_are_not_cut_in_the_body_of_a_briefing(vary: list[str]) -> None:
    found = sg.sweep(hard(3), [path.format("Cluster 50") for path in vary], replications=5, seed=1)
    low = found.plot.illustrate("on-time").lowered(HIGHEST)
    assert faults(low.draw(None)) == []


def test_a_cell_to_which_a_question_does_not_apply_says_so() -> None:
    axes = heat_map([[0.5, None]], ["A"], ["one", "two"], nothing="not applicable")
    assert [text.get_text() for text in axes.texts] == ["not applicable", "50%"]
    narrow = heat_map([[None] * 20], ["A"], [str(k) for k in range(20)], nothing="not applicable")
    assert [text.get_text() for text in narrow.texts] == []
    assert faults(axes) == []


def test_tornados() -> None:
    none = {"from": None, "to": None}
    rows = [{"input": f"{LONG * 4} {k}", "rank_correlation": (-1) ** k / (k + 1), **none} for k in range(40)]
    rows[0] |= {"from": 0.9, "to": 1.0}
    rows[1] |= {"from": -0.6, "to": -0.4}
    about = {"outcome": f"the last go-live of {LONG * 4}", "finding": LONG * 3, "scenario": LONG, "schedule": LONG}
    document = {"tornado": rows, "words": {}, **about, "replications": 5, "seed": 1, "sampling": "random"}
    figure = Driving(document).illustrate("tornado")
    assert Driving(document).names() == ("tornado",)
    assert faults(figure.axes) == []
    assert len(figure.table.rows) == 40
    assert len(figure.axes.get_yticklabels()) == 15


def test_hostile_names_are_text_in_every_file() -> None:
    scenario = hard(len(HOSTILE), hostile=True)
    for figure in sg.run(scenario, replications=3, seed=1).plot.illustrations():
        svg = ElementTree.fromstring(figure.file("svg"))
        tags = {element.tag.rpartition("}")[2] for element in svg.iter()}
        assert not tags & {"script", "b", "a"}
        assert svg[0].text == figure.finding
        assert "\u202e" not in figure.finding + figure.alt + figure.source


@pytest.mark.parametrize("apart", [400, 850, 900, 950, 1000, 1050])
def test_labels_above_s_curves_keep_apart_however_much_room_names_take(apart: int) -> None:
    curve = (np.array([100, 1900]), np.array([0.5, 1.0]))
    marks = [Mark(1700, f"support ends: {LONG}", ends_support=True), Mark(1700 - apart, "deadline")]
    assert faults(s_curve({f"{k} {LONG}": curve for k in range(2)}, date(2025, 1, 1), 2000, marks)) == []
