"""Nothing is cut and nothing overlaps, in every figure of scenarios that are hard to draw."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hard_scenarios import CASES, hard
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import simulator as sg
from simulator.plots.figure import Illustration

SLACK = 1.5
"""Pixels at 100 dpi by which boxes may reach over: rounding, and the empty room around letters."""


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


def boxes_of(ax: Axes) -> list[tuple[str, Bbox]]:
    figure = ax.figure.get_figure(root=True)
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw_without_rendering()
    return [(text.get_text(), Text.get_window_extent(text, renderer)) for text in texts_of(ax)]


def faults(ax: Axes) -> list[str]:
    """What is cut by the edge of the figure, and what overlaps."""
    boxes = boxes_of(ax)
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


def all_figures(how: dict[str, Any], replications: int = 60) -> list[Illustration]:
    scenario = hard(**how)
    result = sg.run(scenario, replications=replications, seed=3)
    comparison = sg.compare(scenario, replications=replications, seed=3)
    return [*result.plot.illustrations(), *comparison.plot.illustrations()]


QUICK = ("five", "fifty long hostile names", "nothing ever live")
"""Cases that every run of the tests draws; the others are slow."""


@pytest.mark.parametrize("case", [c if c in QUICK else pytest.param(c, marks=pytest.mark.slow) for c in CASES])
def test_nothing_is_cut_and_nothing_overlaps(case: str) -> None:
    found = {each.name: faults(each.axes) for each in all_figures(CASES[case])}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_one_future_can_be_drawn() -> None:
    found = {each.name: faults(each.axes) for each in all_figures({"clusters": 4}, replications=1)}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
