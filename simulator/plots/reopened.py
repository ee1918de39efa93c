"""The figures of an answer that lies in a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from simulator.errors import StaggerError
from simulator.plots.gallery import Gallery
from simulator.plots.of_comparison import Comparisons
from simulator.plots.of_drivers import Driving
from simulator.plots.of_latest import Latest
from simulator.plots.of_result import Plots
from simulator.plots.of_sweep import Sweeps
from simulator.reopen import reopen, written_now
from simulator.result import Result
from simulator.store import read_summary, whole_manifest

Progress = Callable[[int, int], None]


def gallery_of(folder: Path | str, progress: Progress | None = None) -> Gallery:
    """The figures of what `run`, `compare`, `sweep`, `latest` or `drivers` wrote to a folder.

    Runs and comparisons are played again; the documents of the others hold all that their figures need.

    Raises:
        StaggerError: the folder is not whole, was written by a version that wrote less, or by another verb.
    """
    where = Path(folder)
    manifest = whole_manifest(where)
    match manifest.get("verb"):
        case "run" | "compare":
            answer = reopen(where, progress=progress)
            return Plots(answer) if isinstance(answer, Result) else Comparisons(answer)
        case "sweep":
            return _of_document(Sweeps, where, manifest)
        case "latest":
            return _of_document(Latest, where, manifest)
        case "drivers":
            return _of_document(Driving, where, manifest)
        case verb:
            raise StaggerError(f"{where} must be what run, compare, sweep, latest or drivers wrote (found {verb}).")


def _of_document(kind: Callable[[Mapping[str, Any]], Gallery], folder: Path, manifest: Mapping[str, Any]) -> Gallery:
    """Once the words and tables of all its figures were found in it."""
    with written_now(folder, manifest):
        gallery = kind(read_summary(folder))
        gallery.illustrations()
    return gallery
