"""A table as the XML that Word keeps it in: a head that repeats on every page, and cells that edit.

Written as text, since a table of some thousand cells made cell by cell takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from simulator.report.content import Grid
from simulator.report.html import NUMBERS
from simulator.report.spelling import spelled

NAMESPACE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MANY: Final = 9
"""Columns beyond which letters are small."""
SHORTEST: Final = 5
LONGEST: Final = 34
"""Characters between which the width of a column follows its longest cell."""
PADDING: Final = 2
"""Characters for the space on both sides."""


def width_of(millimetres: float) -> int:
    """A width in twentieths of a point."""
    return round(millimetres / 25.4 * 1440)


def table_xml(grid: Grid, width: int) -> str:
    """A ``w:tbl`` as wide as ``width`` twentieths of a point; its caption is its alternative text."""
    texts = [[spelled(*pair) for pair in zip(row, grid.table.kinds, strict=True)] for row in grid.table.rows]
    widths = _widths(grid.table.heads, texts, width)
    right = [kind in NUMBERS for kind in grid.table.kinds]
    style = "Narrowcell" if len(widths) > MANY else "Cell"
    columns = "".join(f'<w:gridCol w:w="{each}"/>' for each in widths)
    rows = "".join(_row(cells, widths, right, style) for cells in texts)
    head = _row(grid.table.heads, widths, right, style, head=True)
    body = f"<w:tblGrid>{columns}</w:tblGrid>{head}{rows}"
    return f'<w:tbl xmlns:w="{NAMESPACE}">{_properties(grid, width)}{body}</w:tbl>'


def _properties(grid: Grid, width: int) -> str:
    line = 'w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"'
    strong = 'w:val="single" w:sz="8" w:space="0" w:color="0B0C0C"'
    return (
        f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/>'
        f"<w:tblBorders><w:top {strong}/><w:bottom {strong}/><w:insideH {line}/></w:tblBorders>"
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        '<w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" '
        f'w:noVBand="1"/><w:tblCaption w:val={quoteattr(grid.caption)}/></w:tblPr>'
    )


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], style: str, head: bool = False) -> str:
    repeats = "<w:tblHeader/>" if head else ""
    inside = "".join(_cells(cells, widths, right, style, head))
    return f"<w:tr><w:trPr><w:cantSplit/>{repeats}</w:trPr>{inside}</w:tr>"


def _cells(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], style: str, head: bool) -> Iterator[str]:
    bold = "<w:rPr><w:b/></w:rPr>" if head else ""
    for text, width, to_right in zip(cells, widths, right, strict=True):
        side = '<w:jc w:val="right"/>' if to_right else ""
        yield (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>{side}'
            f'</w:pPr><w:r>{bold}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        )


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Widths of columns in proportion to their longest cells, within bounds; heads are broken between words."""
    words = [max(map(len, head.split()), default=0) for head in heads]
    cells = [max(map(len, column), default=0) for column in zip(*rows, strict=True)] or [0] * len(heads)
    longest = [min(max(*pair, SHORTEST), LONGEST) + PADDING for pair in zip(words, cells, strict=True)]
    shares = [int(width * each / sum(longest)) for each in longest]
    return [*shares[:-1], width - sum(shares[:-1])]
