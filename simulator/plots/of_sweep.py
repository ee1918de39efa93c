"""The figure of a sweep, from its document: from the answer itself or from the folder that it was written to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from simulator.plots.figure import Cell, Illustration, Table
from simulator.plots.gallery import Gallery, Makers
from simulator.plots.heat_map import heat_map
from simulator.plots.sweep_line import sweep_line
from simulator.plots.tables import small_print
from simulator.wording import count
from simulator.words.risk import sweep_alt, sweep_finding
from simulator.words.said import name as named


class Sweeps(Gallery):
    """The figure of a sweep: a line for one path that is varied, a heat map for two."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.paths: Sequence[str] = list(document["vary"])
        self.points: Sequence[Mapping[str, Any]] = document["points"]

    def on_time(self, ax: Axes | None = None) -> Axes:
        """The chance that every cluster is live in time, by the values that were varied; returns the axes."""
        return self.illustrate("on-time").on(ax)

    def makers(self) -> Makers:
        return {"on-time": self._on_time}

    def _on_time(self) -> Illustration:
        chances = [(p["on_time"], _where(self.paths, p)) for p in self.points if p["on_time"] is not None]
        return Illustration(
            name="on-time",
            finding=sweep_finding(chances, self.document["schedule"], self._by) + self._doubt(chances),
            alt=sweep_alt(chances, len(self.points) - len(chances), self.paths, self._by),
            table=_table(self.paths, self.points),
            source=self.source,
            draw=self._draw,
        )

    def _doubt(self, chances: Sequence[tuple[float, str]]) -> str:
        """Where the highest chance may be another point's as well."""
        others = len(self.document["may_be_best"]) - sum(p == max(p for p, _ in chances) for p, _ in chances)
        if others < 1:
            return ""
        return f" These futures cannot tell the highest chance from {count(others, 'other')}."

    @property
    def _by(self) -> str:
        """What being on time is at these points."""
        timed = "deadline" in self.paths or self.document["deadline"] is not None
        return f"by the {'deadline' if timed else 'horizon'}"

    def _draw(self, ax: Axes | None) -> Axes:
        first = self.document["vary"][self.paths[0]]
        if len(self.paths) == 1:
            intervals = [None if p["on_time"] is None else (p["on_time_low"], p["on_time_high"]) for p in self.points]
            return sweep_line(first, [p["on_time"] for p in self.points], intervals, self.paths[0], self._by, ax)
        second = self.document["vary"][self.paths[1]]
        width = len(second)
        rows = [[p["on_time"] for p in self.points[k * width : (k + 1) * width]] for k in range(len(first))]
        return heat_map(rows, first, second, ax, across=self.paths[1], down=self.paths[0])

    @property
    def source(self) -> str:
        """The small print."""
        document = self.document
        futures = f"the same {count(document['replications'], 'future')} at every point"
        what = [document["scenario"], f"schedule “{document['schedule']}”"]
        return small_print(what, futures, document["seed"], document["sampling"])


def _where(paths: Sequence[str], point: Mapping[str, Any]) -> str:
    return " and ".join(f"{_short(path)} = {named(str(point[path]))}" for path in paths)


def _short(path: str) -> str:
    """A path without the section that it begins with."""
    return named(path.partition(".")[2] or path)


def _table(paths: Sequence[str], points: Sequence[Mapping[str, Any]]) -> Table:
    """A row per point with all that a sweep says of it."""
    heads = (*paths, "on time", "from", "to", "P50", "P80", "unsupported days", "cost", "NPV", "infeasible")
    figures = ("on_time", "on_time_low", "on_time_high", "p50", "p80", "unsupported_days", "cost", "npv", "infeasible")
    rows: list[tuple[Cell, ...]] = [
        (*(named(str(p[path])) for path in paths), *(p[figure] for figure in figures[:-1]), named(p["infeasible"]))
        for p in points
    ]
    kinds = (*["text"] * len(paths), *["share"] * 3, "text", "text", "days", "money", "money", "text")
    return Table(tuple(map(named, heads)), kinds, tuple(rows))  # type: ignore[arg-type]
