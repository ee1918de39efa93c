"""The figure of latest dates, from their document: from the answer itself or from the folder that it was written to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from matplotlib.axes import Axes

from simulator.plots.figure import Cell, Illustration, Kind, Table
from simulator.plots.gallery import Gallery, Makers
from simulator.plots.last_dates import last_dates
from simulator.plots.tables import small_print
from simulator.studies.latest import ANY, WITHOUT_DATE, floored
from simulator.wording import count
from simulator.words.late_dates import NO_DATE, AtOnce, LastDate, last_dates_alt, last_dates_finding, limits
from simulator.words.said import name as named


class Latest(Gallery):
    """The figure of latest dates: a row for each cluster whose date can be moved, along the dates."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document

    def latest_dates(self, ax: Axes | None = None) -> Axes:
        """The last date on which each cluster may go to market; returns the axes."""
        return self.illustrate("latest-dates").on(ax)

    def makers(self) -> Makers:
        return {"latest-dates": self._latest_dates}

    def _latest_dates(self) -> Illustration:
        found, confidence, at_once = self._found, self.document["confidence"], self._at_once
        decides = self.document["deadline"] if self.document["by"] != "support" else None
        deadline = None if decides is None else date.fromisoformat(decides)
        return Illustration(
            name="latest-dates",
            finding=last_dates_finding(found, confidence, at_once),
            alt=last_dates_alt(found, confidence, self._limits, self._looked_at, at_once),
            table=self._table(),
            source=self.source,
            draw=lambda ax: last_dates(found, self._looked_at, confidence, at_once, deadline, ax),
        )

    @cached_property
    def _looked_at(self) -> tuple[date, date]:
        """The first and the last date that were tried."""
        first, last = map(date.fromisoformat, self.document["looked_at"])
        return first, last

    @cached_property
    def _found(self) -> list[LastDate]:
        return [self._of(cluster, found) for cluster, found in soonest_first(self.document["clusters"])]

    def _of(self, cluster: str, found: Mapping[str, Any]) -> LastDate:
        low, high = map(self._date, found["interval"])
        return LastDate(
            cluster=cluster,
            scheduled=date.fromisoformat(found["scheduled"]),
            latest=self._date(found["latest"]),
            is_free=found["latest"] == ANY,
            interval=(low, high),
            chance=found["chance"],
            chance_as_scheduled=found["chance_as_scheduled"],
            best=self._date(found["best"]),
            not_on=self._date(found["not_on"]),
            chance_not_on=found["chance_not_on"],
            at_once=self._date_at_once(cluster),
        )

    def _date(self, said: str | None) -> date | None:
        """A date of the document; none where it says that there is none, the last that was tried for any."""
        if said is None or said in WITHOUT_DATE:
            return None
        return self._looked_at[1] if said == ANY else date.fromisoformat(said)

    def _date_at_once(self, cluster: str) -> date | None:
        """Where all have to go earlier to go at once, when; those that would have to before the first day go on it."""
        at_once = self._at_once
        if at_once is None or not at_once.shift or cluster not in at_once.clusters:
            return None
        alone = date.fromisoformat(self.document["together"]["dates"][cluster])
        return max(alone - timedelta(days=at_once.shift), self._looked_at[0])

    @cached_property
    def _at_once(self) -> AtOnce | None:
        """All that have a date on it, where there are two or more."""
        found = self.document["together"]
        if found is None or len(found["dates"]) < 2:
            return None
        return AtOnce(tuple(found["dates"]), found["all"]["p"], found["shift_days"], floored(self.document))

    @property
    def _limits(self) -> str:
        return limits(self.document["by"], self.document["deadline"], self.document["horizon"])

    def _table(self) -> Table:
        """A row per cluster in the order of the figure; columns that would be empty are left out."""
        columns: list[tuple[str, Kind, list[Cell]]] = [
            ("Cluster", "text", [named(each.cluster) for each in self._found]),
            ("As scheduled", "date", [each.scheduled for each in self._found]),
            ("In time as scheduled", "share", [each.chance_as_scheduled for each in self._found]),
            ("Latest date", "date", [self._cell(each, each.latest) for each in self._found]),
            ("from", "date", [self._cell(each, each.interval[0]) for each in self._found]),
            ("to", "date", [self._cell(each, each.interval[1]) for each in self._found]),
            ("In time then", "share", [each.chance if each.latest else None for each in self._found]),
            ("Best date", "date", [each.best for each in self._found]),
            ("In time on it", "share", [None if each.latest else each.chance for each in self._found]),
            ("Not on", "date", [each.not_on for each in self._found]),
            ("In time on that day", "share", [each.chance_not_on for each in self._found]),
            ("All at once", "date", [each.at_once for each in self._found]),
        ]
        full = [each for each in columns if any(cell is not None for cell in each[2])]
        heads, kinds, cells = zip(*full, strict=True)
        return Table(heads, kinds, tuple(zip(*cells, strict=True)))

    def _cell(self, of: LastDate, day: date | None) -> Cell:
        if day is None:
            return NO_DATE
        return ANY if day == self._looked_at[1] and of.not_on is None else day

    @property
    def source(self) -> str:
        """The small print."""
        document = self.document
        what = [document["scenario"], f"schedule “{document['schedule']}”"]
        return small_print(what, count(document["replications"], "future"), document["seed"], document["sampling"])


def soonest_first(clusters: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """Clusters of the document by their last dates; those that may go on any date behind them, those on none last."""

    def place(each: tuple[str, Mapping[str, Any]]) -> tuple[bool, bool, str]:
        said = each[1]["latest"]
        return said in WITHOUT_DATE, said == ANY, "" if said in WITHOUT_DATE else said

    return sorted(clusters.items(), key=place)
