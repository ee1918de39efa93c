"""What a briefing says, as frozen values that know nothing of web pages, Word or Excel.

Every text is plain text without characters that XML forbids or that steer a reader's eye; renderers escape it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import ClassVar, Final, TypeAlias

from simulator.plots.figure import Cell, Illustration, Kind, Table, xml_text
from simulator.report.dots import slim
from simulator.wording import printable

MOST_ROWS: Final = 12
MOST_COLUMNS: Final = 6
"""Rows of a table of the body, and schedules that have a column each in it."""
MOST_ROWS_BESIDE: Final = 16
"""Rows of a table up to which it stands beside its figure; a longer one is in the annex."""


@dataclass(frozen=True)
class Paragraph:
    """Some sentences."""

    kind: ClassVar = "paragraph"
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", xml_text(self.text))


@dataclass(frozen=True)
class Lead(Paragraph):
    """Sentences that nobody may miss: the answer, or what is wrong."""

    kind: ClassVar = "lead"


@dataclass(frozen=True)
class Bullets:
    """Sentences that are read one by one."""

    kind: ClassVar = "bullets"
    items: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(map(xml_text, self.items)))


@dataclass(frozen=True)
class Code:
    """Lines to be typed as they stand."""

    kind: ClassVar = "code"
    lines: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(map(printable, self.lines)))


@dataclass(frozen=True)
class Grid:
    """A table with its caption; the first column names the rows. Its sheet in a workbook is called ``sheet``."""

    kind: ClassVar = "grid"
    sheet: str
    caption: str
    table: Table
    number: int = 0
    whole: Table | None = None
    """What its sheet shows in place of it, where a page has no room for all columns: every number with its interval."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "caption", xml_text(self.caption))
        object.__setattr__(self, "table", _plain(self.table))
        object.__setattr__(self, "whole", None if self.whole is None else _plain(self.whole))

    @property
    def on_sheet(self) -> Table:
        """The table as a workbook has it."""
        return self.table if self.whole is None else self.whole

    @property
    def is_long(self) -> bool:
        """Whether it has more rows than the body has room for."""
        return len(self.table.rows) > MOST_ROWS

    def begun(self, most: int = MOST_ROWS) -> Grid:
        """As the body has it: its first rows where it is long."""
        if len(self.table.rows) <= most:
            return self
        caption = f"{self.caption}: {most} of {len(self.table.rows):,} rows, the others in the annex"
        return replace(
            self, caption=caption, table=replace(self.table, rows=self.table.rows[:most]), whole=self.on_sheet
        )


@dataclass(frozen=True)
class Picture:
    """A figure under its finding, the table behind it beside it where that is short."""

    kind: ClassVar = "picture"
    illustration: Illustration
    number: int = 0
    in_body: bool = False
    """Whether it is one of the few that everybody reads: shown as lines, which stay sharp at any size, and its numbers
    in the annex too, where paper has room for them."""
    whole: Table | None = None
    """What its sheet in a workbook shows in place of its table: every number with its interval."""

    @property
    def name(self) -> str:
        return self.illustration.name

    @property
    def finding(self) -> str:
        return xml_text(self.illustration.finding)

    @property
    def alt(self) -> str:
        return xml_text(self.illustration.alt)

    @property
    def source(self) -> str:
        return xml_text(self.illustration.source)

    @cached_property
    def lines(self) -> bytes:
        """The picture as SVG, without the words, which stand around it."""
        return self.illustration.file("svg", framed=False)

    @cached_property
    def dots(self) -> bytes:
        """The picture as PNG, likewise."""
        return slim(self.illustration.file("png", framed=False))

    @property
    def beside(self) -> bool:
        """Whether its table stands beside it."""
        return len(self.illustration.table.rows) <= MOST_ROWS_BESIDE

    @property
    def grid(self) -> Grid:
        """The table behind it."""
        caption = f"The numbers behind figure {self.number}"
        return Grid(self.name, caption, self.illustration.table, whole=self.whole)


Block: TypeAlias = Paragraph | Bullets | Code | Grid | Picture


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it; ``parts`` are headings one level down."""

    title: str
    blocks: tuple[Block, ...] = ()
    parts: tuple[Section, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", xml_text(self.title))

    def every(self) -> Iterator[Block]:
        """Its blocks and those of its parts, in order."""
        yield from self.blocks
        for part in self.parts:
            yield from part.every()


@dataclass(frozen=True)
class Briefing:
    """A whole briefing: its title, the body that is read, and the annexes that are looked things up in."""

    title: str
    subtitle: str
    body: tuple[Section, ...]
    annexes: tuple[Section, ...]
    unit: str
    """What one unit of money is called."""
    made: date | None = None
    """The day on which the results were made, where that is known."""

    def __post_init__(self) -> None:
        for name in ("title", "subtitle", "unit"):
            object.__setattr__(self, name, xml_text(getattr(self, name)))

    @property
    def sections(self) -> tuple[Section, ...]:
        """Body and annexes."""
        return (*self.body, *self.annexes)

    def every(self) -> Iterator[Block]:
        """All blocks in order."""
        for section in self.sections:
            yield from section.every()

    def numbered(self) -> Briefing:
        """The same with figures and tables numbered as they come, and long tables of figures in an annex.

        Those of the body's figures are there, too: on paper they would take the room that the body's words need.
        """
        numbers = _Numbers()
        body = tuple(map(numbers.section, self.body))
        annexes = tuple(map(numbers.section, self.annexes))
        behind = tuple(numbers.grid(each.grid) for each in numbers.pictures if each.in_body or not each.beside)
        if behind:
            annexes = (*annexes, Section(f"Annex {letter(len(annexes))}. The numbers behind the figures", behind))
        return replace(self, body=body, annexes=annexes)


def letter(place: int) -> str:
    """The letter of an annex, counted from 0."""
    return chr(ord("A") + place)


class _Numbers:
    """Counts figures and tables; the table beside a figure has the figure's number."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self.grids = 0

    def section(self, section: Section) -> Section:
        blocks = tuple(map(self._block, section.blocks))
        return replace(section, blocks=blocks, parts=tuple(map(self.section, section.parts)))

    def _block(self, block: Block) -> Block:
        if isinstance(block, Grid):
            return self.grid(block)
        if isinstance(block, Picture):
            self.pictures.append(replace(block, number=len(self.pictures) + 1))
            return self.pictures[-1]
        return block

    def grid(self, grid: Grid) -> Grid:
        self.grids += 1
        return replace(grid, number=self.grids)


def table(columns: Sequence[tuple[str, Kind]], rows: Sequence[Sequence[Cell]]) -> Table:
    """A table from its heads with their kinds, and its rows."""
    return Table(
        tuple(head for head, _ in columns), tuple(kind for _, kind in columns), tuple(tuple(row) for row in rows)
    )


def _plain(of: Table) -> Table:
    rows = tuple(tuple(xml_text(cell) if isinstance(cell, str) else cell for cell in row) for row in of.rows)
    return Table(tuple(map(xml_text, of.heads)), of.kinds, rows)
