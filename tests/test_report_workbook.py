"""The workbook of a briefing, read back by openpyxl: types, names of sheets, and texts that stay texts."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from briefings import HOSTILE, SHOWN_SOURCE, SOURCE, scenario

import simulator as sg
from simulator.plots.figure import Table
from simulator.report.briefing import briefing
from simulator.report.content import Briefing, Grid, Section
from simulator.report.subject import subject
from simulator.report.verification import verify
from simulator.report.workbook import FORMATS, sheet_names, tables, workbook


@pytest.fixture(scope="module")
def told() -> Briefing:
    about = subject([sg.compare(scenario(list(HOSTILE), source=SOURCE), replications=100)])
    return briefing(about, verify(about))


@pytest.fixture(scope="module")
def content(told: Briefing) -> bytes:
    return workbook(told)


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def _expected(cell: Any) -> Any:
    return datetime(cell.year, cell.month, cell.day) if isinstance(cell, date) else cell


def _rounded(cell: Any) -> Any:
    """Excel keeps 15 digits or 16."""
    return float(f"{cell:.13g}") if isinstance(cell, int | float) else cell


def test_there_is_a_sheet_for_every_table_and_every_figure_with_its_cells(told: Briefing, book: Any) -> None:
    grids = list(tables(told))
    assert len(book.sheetnames) == len(grids) + 1
    for name, (title, grid) in zip(book.sheetnames[1:], grids, strict=True):
        sheet = book[name]
        assert sheet["A1"].value == title
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        assert rows[0] == grid.table.heads
        wanted = [tuple(map(_expected, row)) for row in grid.table.rows]
        assert len(rows) == len(wanted) + 1
        for found, row in zip(rows[1:], wanted, strict=True):
            assert [_rounded(cell) for cell in found] == [_rounded(cell) for cell in row]
        assert sheet.freeze_panes == "B3"


def test_cells_have_the_types_and_formats_of_their_columns(told: Briefing, book: Any) -> None:
    seen = set()
    for name, (_, grid) in zip(book.sheetnames[1:], tables(told), strict=True):
        for row in book[name].iter_rows(min_row=3):
            for cell, kind in zip(row, grid.table.kinds, strict=True):
                if cell.value is None:
                    continue
                if kind in ("share", "days", "money", "number") and not isinstance(cell.value, str):
                    assert cell.data_type == "n"
                    assert cell.number_format == FORMATS[kind]["num_format"]
                if kind == "date" and not isinstance(cell.value, str):
                    assert cell.is_date
                    assert cell.number_format == "d mmmm yyyy"
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                seen.add((kind, cell.data_type))
    assert {("share", "n"), ("date", "d"), ("money", "n"), ("days", "n"), ("text", "s")} <= seen


def test_the_first_sheet_leads_to_the_others(told: Briefing, book: Any) -> None:
    first = book.worksheets[0]
    assert first["A1"].value == "Buyers: <script>alert(1)<script>"
    listed = [row[0] for row in first.iter_rows(min_row=5, values_only=True)]
    assert listed == book.sheetnames[1:]
    assert [link.hyperlink.location for (link,) in first.iter_rows(min_row=5, max_col=1)] == [
        f"'{name}'!A1" for name in book.sheetnames[1:]
    ]


def test_names_are_texts_and_never_formulas(book: Any) -> None:
    texts = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert {*HOSTILE.values(), SHOWN_SOURCE} <= texts


def test_names_of_sheets_are_what_excel_takes() -> None:
    names = ["a" * 40, "A" * 40, "a" * 31, "a/b?[c]*:\\'", "History", "", "x", "X"]
    found = sheet_names(names)
    assert found == ["a" * 31, "A" * 29 + " 2", "a" * 29 + " 3", "a-b--c-----", "History table", "table", "x", "X 2"]


def test_texts_and_dates_that_excel_has_no_room_for() -> None:
    grid = Grid("odd", "Odd", Table(("text", "date"), ("text", "date"), (("=" + "x" * 40_000, date(1850, 5, 1)),)))
    told = Briefing("t", "s", (Section("S", (grid,)),), (), "£m")
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(told)))["odd"]
    assert sheet["A3"].value == "=" + "x" * 32_766
    assert sheet["A3"].data_type == "s"
    assert sheet["B3"].value == "1850-05-01"


def test_the_same_content_gives_the_same_bytes(told: Briefing, content: bytes) -> None:
    assert workbook(told) == content
