"""Columns of CSV files that one scenario names: every file is read once and every column understood once.

A scenario of a few kilobytes can name the same column a thousand times. What is kept lives as long as one scenario is
being put together, so that the next one sees what the files hold by then.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from simulator.distributions import Distribution
from simulator.scenario.quantities import Refused, refuse
from simulator.scenario.reach import Reached, Unreachable, content, reached
from simulator.scenario.sources import LARGEST, heard_again

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
MOST_OBSERVATIONS: Final = 100_000
"""Values in one column."""
MOST_IN_ALL: Final = 500_000
"""Values in all columns that a scenario names, each column counted once."""
MOST_CELLS: Final = 3_000_000
"""Cells in all files that a scenario names, each file counted once; one of the largest size has fewer."""
MOST_COLUMNS: Final = 2000
"""Columns of one file."""


@dataclass
class Observations:
    """What was read of the CSV files in or below ``folder``; ``outside`` lets them lie elsewhere."""

    folder: Path | None = None
    outside: bool = False
    _files: dict[str, Reached] = field(default_factory=dict)
    _tables: dict[Path, dict[str, list[str]] | Refused] = field(default_factory=dict)
    _first: dict[Path, Reached] = field(default_factory=dict)
    """How each file was named first."""
    _columns: dict[tuple[Path, str], list[str] | Refused] = field(default_factory=dict)
    _understood: dict[Hashable, Distribution | Refused] = field(default_factory=dict)
    _cells: int = 0
    _values: int = 0

    def distribution(
        self, file: str, column: str, reading: Hashable, understand: Callable[[list[str]], Distribution]
    ) -> Distribution:
        """The distribution that ``understand`` makes of a column; ``reading`` says all that it hangs on besides.

        Raises:
            Refused: as `column` does and ``understand`` did.
        """
        key = (self._file(file).path, column, reading)
        return _kept(self._understood, key, lambda: understand(self.column(file, column)))

    def column(self, file: str, column: str) -> list[str]:
        """The cells of a column, empty ones left out.

        Raises:
            Refused: the file is not one that may be read, or has no such column, or there are too many.
        """
        there = self._file(file)
        return _kept(self._columns, (there.path, column), lambda: self._column(there, file, column))

    def _column(self, there: Reached, file: str, column: str) -> list[str]:
        columns = _kept(self._tables, there.path, lambda: self._table(there, file))
        if column not in columns:
            near = difflib.get_close_matches(column, columns, n=1)
            remedy = f"Did you mean {near[0]}?" if near else f"The columns are {', '.join([*columns][:20])}"
            raise refuse("must be a column of the file", column, remedy, "empirical", "column")
        values = [cell for text in columns[column] if (cell := text.strip())]
        if len(values) > MOST_OBSERVATIONS:
            raise refuse(f"must not hold more than {MOST_OBSERVATIONS:,} values", len(values), "", "empirical", "file")
        self._values += len(values)
        if self._values > MOST_IN_ALL:
            rule = f"a scenario must not name more than {MOST_IN_ALL:,} observations"
            remedy = "Use one column several times, or fewer rows: a sample says the same"
            raise refuse(rule, f"{self._values:,} with this column", remedy, "empirical", "file")
        return values

    def _file(self, name: str) -> Reached:
        """The file of a name, which is told to whoever listens even where it was read by another name."""
        if name not in self._files:
            try:
                file = self._files[name] = reached(name, self.folder, self.folder, self.outside)
            except Unreachable as error:
                raise refuse(error.rule, name, error.remedy, "empirical", "file") from None
            if file.path in self._first:
                heard_again(file.name, self._first[file.path].name)
        return self._files[name]

    def _table(self, there: Reached, name: str) -> dict[str, list[str]]:
        """The columns of a file, with all their cells."""
        try:
            text = content(there, LARGEST).decode("utf-8-sig")
        except Unreachable as error:
            raise refuse(error.rule, name, error.remedy, "empirical", "file") from None
        except ValueError:
            raise refuse("must be a readable UTF-8 file", name, "", "empirical", "file") from None
        self._first[there.path] = there
        try:
            return self._read(text)
        except csv.Error:
            raise refuse("must be a CSV file", name, "", "empirical", "file") from None

    def _read(self, text: str) -> dict[str, list[str]]:
        rows = csv.reader(io.StringIO(text))
        heads = next(rows, [])
        if len(heads) > MOST_COLUMNS:
            rule = f"a file must not have more than {MOST_COLUMNS:,} columns"
            raise refuse(rule, len(heads), "Leave out those that are not named", "empirical", "file")
        places = {head: place for place, head in enumerate(heads)}
        columns: dict[str, list[str]] = {head: [] for head in places}
        for row in rows:
            self._cells += max(len(heads), len(row)) if row else 0
            if self._cells > MOST_CELLS:
                rule = f"the files that a scenario names must not hold more than {MOST_CELLS:,} cells together"
                raise refuse(rule, "more", "Leave out columns that are not named", "empirical", "file")
            for head, place in places.items():
                columns[head].append(row[place] if place < len(row) else "")
        return columns


def _kept(kept: dict[K, V | Refused], key: K, make: Callable[[], V]) -> V:
    """What is kept under a key, made where nothing is; a refusal is kept too."""
    if key not in kept:
        try:
            kept[key] = make()
        except Refused as refused:
            kept[key] = refused
    found = kept[key]
    if isinstance(found, Refused):
        raise Refused(*found.blemishes)
    return found
