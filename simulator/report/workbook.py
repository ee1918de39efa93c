"""The tables of a briefing as a workbook: one sheet each, cells with types, dates as dates, texts as texts."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any, Final

from simulator.plots.figure import Cell, Kind
from simulator.report.content import Briefing, Grid, Picture
from simulator.report.office import library

LONGEST_NAME: Final = 31
FORBIDDEN: Final = frozenset("[]:*?/\\'")
RESERVED: Final = frozenset({"history"})
"""Names of sheets that Excel keeps for itself."""
LONGEST_TEXT: Final = 32_767
"""Characters that a cell can hold."""
WIDEST: Final = 60
"""Characters that a column is wide at most."""
FIRST_DATE: Final = date(1900, 3, 1)
"""Before this day Excel counts a leap day that there was not; such dates are written as text."""
NO_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands for the date of results that have none; the date of writing would change the bytes."""

FORMATS: Final[Mapping[Kind, Mapping[str, Any]]] = {
    "text": {"text_wrap": True},
    "number": {"num_format": "#,##0.###"},
    "share": {"num_format": "0.0%"},
    "points": {"num_format": "+#,##0.0;-#,##0.0;0.0"},
    "days": {"num_format": "#,##0"},
    "date": {"num_format": "d mmmm yyyy", "align": "left"},
    "money": {"num_format": "#,##0.0"},
}
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""No text is ever taken for anything else, whatever it begins with."""


def workbook(briefing: Briefing) -> bytes:
    """The workbook, the same bytes every time; its first sheet lists the others.

    Raises:
        StaggerError: xlsxwriter is not installed.
    """
    sink = io.BytesIO()
    book = library("xlsxwriter").Workbook(sink, OPTIONS)
    made = NO_DATE if briefing.made is None else datetime.combine(briefing.made, time(), UTC)
    about = {"title": briefing.title[:255], "author": "stagger", "created": made.replace(tzinfo=None)}
    book.set_properties({**about, "subject": briefing.subtitle})
    writer = _Writer(book)
    grids = list(tables(briefing))
    names = sheet_names(["contents", *(grid.sheet for _, grid in grids)])
    writer.contents(names, briefing, grids)
    for name, (title, grid) in zip(names[1:], grids, strict=True):
        writer.sheet(name, title, grid)
    book.close()
    return sink.getvalue()


def tables(briefing: Briefing) -> Iterator[tuple[str, Grid]]:
    """Every table with its title, those behind figures among them, each once and with all its rows and columns."""
    for block in briefing.every():
        if isinstance(block, Picture):
            yield f"Figure {block.number}. {block.finding}", replace(block.grid, table=block.grid.on_sheet)
    seen = {block.name for block in briefing.every() if isinstance(block, Picture)}
    for block in briefing.every():
        if isinstance(block, Grid) and block.sheet not in seen:
            seen.add(block.sheet)
            yield f"Table {block.number}. {block.caption}", replace(block, table=block.on_sheet)


def sheet_names(names: Sequence[str]) -> list[str]:
    """Names that Excel takes for sheets: up to 31 characters, without those that it forbids, no two alike."""
    found: list[str] = []
    for name in names:
        clean = "".join("-" if sign in FORBIDDEN else sign for sign in name).strip() or "table"
        clean = f"{clean} table" if clean.casefold() in RESERVED else clean
        taken = {each.casefold() for each in found}
        found.append(next(each for each in _candidates(clean) if each.casefold() not in taken))
    return found


def _candidates(name: str) -> Iterator[str]:
    yield name[:LONGEST_NAME].rstrip()
    number = 2
    while True:
        end = f" {number}"
        yield name[: LONGEST_NAME - len(end)].rstrip() + end
        number += 1


class _Writer:
    """Writes sheets with the formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.formats = {kind: book.add_format({"valign": "top", **how}) for kind, how in FORMATS.items()}
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 2})
        self.title = book.add_format({"bold": True, "font_size": 12})

    def contents(self, names: Sequence[str], briefing: Briefing, grids: Sequence[tuple[str, Grid]]) -> None:
        """The first sheet: what the workbook is about, and what is on each other sheet, with a link to it."""
        sheet = self.book.add_worksheet(names[0])
        sheet.write_string(0, 0, briefing.title[:LONGEST_TEXT], self.title)
        sheet.write_string(1, 0, briefing.subtitle)
        sheet.write_string(3, 0, "Sheet", self.head)
        sheet.write_string(3, 1, "What is on it", self.head)
        link = self.book.get_default_url_format()
        for row, (name, (title, _)) in enumerate(zip(names[1:], grids, strict=True), 4):
            sheet.write_url(row, 0, f"internal:'{name}'!A1", link, name)
            sheet.write_string(row, 1, title[:LONGEST_TEXT], self.formats["text"])
        sheet.set_column(0, 0, LONGEST_NAME + 2)
        sheet.set_column(1, 1, 100)
        sheet.freeze_panes(4, 0)

    def sheet(self, name: str, title: str, grid: Grid) -> None:
        """A title, the heads below it, and the rows; heads and the first column stay in sight."""
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, title[:LONGEST_TEXT], self.title)
        for column, head in enumerate(grid.table.heads):
            sheet.write_string(1, column, head[:LONGEST_TEXT], self.head)
        for number, row in enumerate(grid.table.rows, 2):
            for column, (cell, kind) in enumerate(zip(row, grid.table.kinds, strict=True)):
                self._cell(sheet, number, column, cell, kind)
        for column, (head, kind) in enumerate(zip(grid.table.heads, grid.table.kinds, strict=True)):
            texts = [str(row[column]) for row in grid.table.rows if isinstance(row[column], str)]
            sheet.set_column(column, column, _width(head, kind, texts))
        sheet.freeze_panes(2, 1)
        if grid.table.rows:
            sheet.autofilter(1, 0, len(grid.table.rows) + 1, len(grid.table.heads) - 1)
        _for_print(sheet)

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell, kind: Kind) -> None:
        style = self.formats[kind]
        if cell is None:
            sheet.write_blank(row, column, None, style)
        elif isinstance(cell, date) and cell >= FIRST_DATE:
            sheet.write_datetime(row, column, datetime.combine(cell, time()), style)
        elif isinstance(cell, int | float):
            sheet.write_number(row, column, cell, style)
        else:
            sheet.write_string(row, column, str(cell)[:LONGEST_TEXT], style if kind == "date" else self.formats["text"])


def _width(head: str, kind: Kind, texts: Sequence[str]) -> int:
    """Characters that a column is wide: room for its texts, its dates and the words of its head."""
    least = {"date": 18, "text": 12}.get(kind, 10)
    words = max(map(len, head.split()), default=0) + 3
    return min(max(least, words, *(len(text) + 1 for text in texts), 0), WIDEST)


def _for_print(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
