"""The figures of an answer that lies in a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from simulator.errors import StaggerError
from simulator.plots.gallery import Gallery
from simulator.plots.of_comparison import Comparisons
from simulator.plots.of_drivers import Driving
from simulator.plots.of_result import Plots
from simulator.plots.of_sweep import Sweeps
from simulator.reopen import reopen
from simulator.result import Result
from simulator.store import read_summary, whole_manifest

Progress = Callable[[int, int], None]


def gallery_of(folder: Path | str, progress: Progress | None = None) -> Gallery:
    """The figures of what `run`, `compare`, `sweep` or `drivers` wrote to a folder.

    Runs and comparisons are played again; the documents of the others hold all that their figures need.

    Raises:
        StaggerError: the folder is not whole, or holds the answer of another verb.
    """
    where = Path(folder)
    match whole_manifest(where).get("verb"):
        case "run" | "compare":
            answer = reopen(where, progress=progress)
            return Plots(answer) if isinstance(answer, Result) else Comparisons(answer)
        case "sweep":
            return Sweeps(read_summary(where))
        case "drivers":
            return Driving(read_summary(where))
        case verb:
            raise StaggerError(f"{where} must be what run, compare, sweep or drivers wrote (found {verb}).")
