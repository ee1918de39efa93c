"""Figures: each is a function in its own file that takes values and perhaps axes, and returns the axes."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from simulator.plots.gantt import gantt
from simulator.plots.s_curve import Curve, s_curve
from simulator.plots.style import file_of
from simulator.result import Result

__all__ = ["Plots", "file_of", "gantt", "s_curve"]

FORMATS: Final = ("png", "svg")
MEDIAN: Final = 50


class Plots:
    """The figures of a result."""

    def __init__(self, result: Result) -> None:
        self.result = result

    def gantt(self, percentile: float = MEDIAN, ax: Axes | None = None) -> Axes:
        """The future at a percentile of the day on which the last cluster is live; returns the axes."""
        replication = self.result.at_percentile(percentile)
        return gantt(self.result.future(replication), self.result.scenario, ax=ax)

    def s_curve(self, ax: Axes | None = None) -> Axes:
        """The chance that each cluster is live by a day; returns the axes."""
        scenario = self.result.scenario
        curves = {name: self._curve(name) for name in scenario.clusters}
        return s_curve(curves, scenario.start, scenario.horizon, scenario.deadline, ax)

    def _curve(self, cluster: str) -> Curve:
        days = self.result.tally["clusters", cluster, "go_live"]
        seen = np.flatnonzero(days.counts)
        return days.low + seen, np.cumsum(days.counts)[seen] / days.size

    def files(self) -> dict[str, bytes]:
        """Every figure in every format, by file name."""
        figures = {"gantt": self.gantt(), "s-curve": self.s_curve()}
        return {f"{name}.{kind}": file_of(ax, kind) for name, ax in figures.items() for kind in FORMATS}
