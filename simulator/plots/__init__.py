"""Figures: each is a function in its own file that takes values and perhaps axes, and returns the axes.

`figure` holds what goes with every one of them: a finding, an alternative text, the table behind it.
"""

from __future__ import annotations

from simulator.plots.figure import FORMATS, Illustration, Table, file_of, save_figure
from simulator.plots.gantt import gantt
from simulator.plots.of_comparison import Comparisons
from simulator.plots.of_drivers import Driving
from simulator.plots.of_latest import Latest
from simulator.plots.of_result import Plots, of_future
from simulator.plots.of_sweep import Sweeps
from simulator.plots.s_curve import s_curve

__all__ = [
    "FORMATS",
    "Comparisons",
    "Driving",
    "Illustration",
    "Latest",
    "Plots",
    "Sweeps",
    "Table",
    "file_of",
    "gantt",
    "of_future",
    "s_curve",
    "save_figure",
]
