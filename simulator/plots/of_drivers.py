"""The figures of `drivers`, from its document: what moves an outcome, and what it is worth to be rid of something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from matplotlib.axes import Axes

from simulator.plots.figure import Cell, Illustration, Table
from simulator.plots.gallery import Gallery, Makers
from simulator.plots.tables import small_print
from simulator.plots.tornado import Bar, tornado
from simulator.wording import count, shortened
from simulator.words.driving import Drive, correlation_finding, exclusion_finding, index_finding
from simulator.words.inputs import called
from simulator.words.said import listed, minus

MOST_BARS: Final = 15
LONGEST_OUTCOME: Final = 80
SIDES: Final = {
    "tornado": ("input", "rank_correlation", ("from", "to"), "rank correlation with {of}"),
    "exclusion": ("name", "days", ("days_from", "days_to"), "change of the mean go-live, days"),
    "indices": ("source", "total", ("total_from", "total_to"), "share of the variance of {of} (Sobol’, total)"),
}
"""For each table of the document: what its rows are called, what is drawn, its interval, and what it means."""


class Driving(Gallery):
    """The figures of drivers: a tornado of inputs, of exclusions, of shares of the variance, where there are any."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document

    def tornado(self, ax: Axes | None = None) -> Axes:
        """The inputs whose reading goes with the outcome most; returns the axes."""
        return self.illustrate("tornado").on(ax)

    def exclusion(self, ax: Axes | None = None) -> Axes:
        """What becomes of the go-live without each risk and source, or with each mitigation; returns the axes."""
        return self.illustrate("exclusion").on(ax)

    def indices(self, ax: Axes | None = None) -> Axes:
        """Which sources the variance comes from; returns the axes.

        Raises:
            StaggerError: indices were not asked for.
        """
        return self.illustrate("indices").on(ax)

    def makers(self) -> Makers:
        return {side: partial(self._side, side) for side in SIDES if self._rows(side)}

    def _rows(self, side: str) -> list[Mapping[str, Any]]:
        """Rows of a table with a value, the largest first."""
        _, value, _, _ = SIDES[side]
        rows = [row for row in self.document.get(side, ()) if row.get(value) is not None]
        return sorted(rows, key=lambda row: -abs(row[value]))

    def _side(self, side: str) -> Illustration:
        of, value, (low, high), meaning = SIDES[side]
        rows, words = self._rows(side), self.document["words"]
        bars = [
            Bar(called(str(row[of]), words), row[value], row.get("how", ""), _interval(row, low, high)) for row in rows
        ]
        means = meaning.format(of=self._of)
        cells: tuple[tuple[Cell, ...], ...] = tuple(
            (_told(bar), row[value], row[low], row[high]) for bar, row in zip(bars, rows, strict=True)
        )
        return Illustration(
            name=side,
            finding=self._finding(side, bars),
            alt=_alt(bars, means),
            table=Table((of, means, "from", "to"), ("text", "number", "number", "number"), cells),
            source=self.source,
            draw=lambda ax: tornado(bars[:MOST_BARS], means, ax),
        )

    @property
    def _of(self) -> str:
        return shortened(str(self.document["outcome"]), LONGEST_OUTCOME)

    def _finding(self, side: str, bars: Sequence[Bar]) -> str:
        """The study's own sentence for the tornado, unless that is about indices; what leads each of the others."""
        drives = [Drive(_told(bar), bar.value, bar.interval) for bar in bars]
        if side == "exclusion":
            return exclusion_finding(drives, self._censored)
        if side == "indices":
            return index_finding(drives, self._of)
        return correlation_finding(drives, self._of) if self._rows("indices") else str(self.document["finding"])

    @property
    def _censored(self) -> float:
        """The share of futures that are not live by the horizon."""
        return float(self.document.get("as_it_is", {}).get("not_by_the_horizon", 0.0))

    @property
    def source(self) -> str:
        """The small print."""
        document = self.document
        what = [document["scenario"], f"schedule “{document['schedule']}”"]
        return small_print(what, count(document["replications"], "future"), document["seed"], document["sampling"])


def _told(bar: Bar) -> str:
    """What it is called, and what was done to it where that is said: ``“strike” (switched off)``."""
    return f"{bar.label} ({bar.how})" if bar.how else bar.label


def _interval(row: Mapping[str, Any], low: str, high: str) -> tuple[float, float] | None:
    return None if row[low] is None or row[high] is None else (row[low], row[high])


def _alt(bars: Sequence[Bar], meaning: str) -> str:
    said = [f"{_told(bar)} {minus(f'{bar.value:.3g}')}" for bar in bars]
    return f"Bars, the longest first, of {meaning}: {listed(said, MOST_BARS)}."
