"""The figure of a sweep, from its document: from the answer itself or from the folder that it was written to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from matplotlib.axes import Axes

from simulator.plots.figure import Cell, Illustration, Table, xml_text
from simulator.plots.gallery import Gallery, Makers
from simulator.plots.heat_map import heat_map
from simulator.plots.sweep_line import sweep_line
from simulator.plots.tables import small_print
from simulator.wording import AFTER_HORIZON, count
from simulator.words.paths import value_in_words, with_value
from simulator.words.risk import sweep_alt, sweep_finding
from simulator.words.said import LATER
from simulator.words.said import name as named


class Sweeps(Gallery):
    """The figure of a sweep: a line for one path that is varied, a heat map for two."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.paths: Sequence[str] = list(document["vary"])
        self.words: Mapping[str, str] = document["words"]
        self.points: Sequence[Mapping[str, Any]] = document["points"]

    def on_time(self, ax: Axes | None = None) -> Axes:
        """The chance that every cluster is live in time, by the values that were varied; returns the axes."""
        return self.illustrate("on-time").on(ax)

    def makers(self) -> Makers:
        return {"on-time": self._on_time}

    def _on_time(self) -> Illustration:
        chances = [(p["on_time"], point_in_words(p, self.words)) for p in self.points if p["on_time"] is not None]
        told = [(p["on_time"], self._values(p)) for p in self.points if p["on_time"] is not None]
        return Illustration(
            name="on-time",
            finding=sweep_finding(chances, self.document["schedule"], self._by) + self._doubt(chances),
            alt=sweep_alt(told, len(self.points) - len(told), list(self.words.values()), self._by),
            table=self._table(),
            source=self.source,
            draw=self._draw,
        )

    def _values(self, point: Mapping[str, Any]) -> str:
        return " and ".join(value_in_words(str(point[path])) for path in self.paths)

    def _doubt(self, chances: Sequence[tuple[float, str]]) -> str:
        """Where the highest chance may be another point's as well."""
        others = len(self.document["may_be_best"]) - sum(p == max(p for p, _ in chances) for p, _ in chances)
        if others < 1:
            return ""
        return f" These futures cannot tell the highest chance from that of {count(others, 'other point')}."

    @property
    def _by(self) -> str:
        """What being on time is at these points."""
        timed = "deadline" in self.paths or self.document["deadline"] is not None
        return f"by the {'deadline' if timed else 'horizon'}"

    def _draw(self, ax: Axes | None) -> Axes:
        first, *others = (list(map(value_in_words, values)) for values in self.document["vary"].values())
        down, *across = (head(each) for each in self.words.values())
        if len(self.paths) == 1:
            intervals = [None if p["on_time"] is None else (p["on_time_low"], p["on_time_high"]) for p in self.points]
            return sweep_line(first, [p["on_time"] for p in self.points], intervals, down, self._by, ax)
        width = len(others[0])
        rows = [[p["on_time"] for p in self.points[k * width : (k + 1) * width]] for k in range(len(first))]
        return heat_map(rows, first, others[0], ax, across=across[0], down=down)

    def _table(self) -> Table:
        """A row per point with all that its figure's readers ask for, and why there is no answer, if any has none."""
        unit, refused = self.document["money"], any(p["infeasible"] for p in self.points)
        heads = [*map(head, self.words.values()), f"Live {self._by}", "from", "to", "Against the base"]
        heads += ["Last live, P50", "Last live, P80", "Days unsupported, mean"]
        heads += [f"Cost, mean, {unit}", f"Net present value, mean, {unit}"]
        kinds = [*["text"] * len(self.paths), *["share"] * 3, "text", "date", "date", "days", "money", "money"]
        rows = [[*(value_in_words(str(p[path])) for path in self.paths), *_figures(p)] for p in self.points]
        if refused:
            heads.append("No answer, because")
            kinds.append("text")
            rows = [[*row, named(p["infeasible"]) or None] for row, p in zip(rows, self.points, strict=True)]
        return Table(tuple(map(xml_text, heads)), tuple(kinds), tuple(map(tuple, rows)))  # type: ignore[arg-type]

    @property
    def source(self) -> str:
        """The small print."""
        document = self.document
        futures = f"the same {count(document['replications'], 'future')} at every point"
        what = [document["scenario"], f"schedule “{document['schedule']}”"]
        return small_print(what, futures, document["seed"], document["sampling"])


def point_in_words(point: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """``the deadline on 31 March 2030 and the capacity of “framework” at 3``; ``words`` says what paths are called."""
    return " and ".join(with_value(said, str(point[path])) for path, said in words.items())


def head(words: str) -> str:
    """What a path is called, at the head of a column: ``Capacity of “framework”``."""
    said = words.removeprefix("the ")
    return f"{said[0].upper()}{said[1:]}"


def _figures(point: Mapping[str, Any]) -> list[Cell]:
    """What stands in a row behind the values."""
    chances = [point[name] for name in ("on_time", "on_time_low", "on_time_high", "on_time_verdict")]
    dates = [_date(point[name]) for name in ("p50", "p80")]
    return [*chances, *dates, *(point[name] for name in ("unsupported_days", "cost", "npv"))]


def _date(day: str | None) -> Cell:
    """A date of a point as a date, what is after the horizon in words."""
    return LATER if day == AFTER_HORIZON else None if day is None else date.fromisoformat(day)
