"""A figure with its words: what the report, the command line and `result.plot` all take figures from.

An `Illustration` is a figure that has not been drawn yet. Its words and the table behind it can be had for nothing;
it is drawn when its axes or a file are asked for, and only once:

    for each in result.plot.illustrations():
        each.name       # "s-curve": a stem of file names, unique among the figures of one answer
        each.finding    # one sentence with its numbers: the title
        each.alt        # what the figure shows, in sentences with numbers: for `alt=""`, Word's description
        each.table      # the numbers behind it: heads, kinds of columns, rows of plain values
        each.source     # the small print: scenario, schedule, futures, seed, version
        each.axes       # drawn, the finding above, the small print below
        each.file("svg")         # bytes, the same every time; also png (200 dpi) and pdf
        each.file("svg", framed=False)  # the picture alone, for a page that prints finding and source itself

All texts are plain text without control characters, and may hold anything else that a stranger wrote: escape them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias
from xml.sax.saxutils import escape

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulator.plots.style import QUIET, SMALLEST, house_style, legible, no_higher, wrapped
from simulator.wording import printable

FORMATS: Final = ("png", "svg", "pdf")
TITLE: Final = 11
"""Points; a line of text takes 1.3 times its size."""
PAD: Final = 0.08
"""Inches around title and small print."""

Cell: TypeAlias = str | int | float | date | None
"""None where there is no such number; "after the horizon" where a date is not known."""
Kind: TypeAlias = Literal["text", "number", "share", "points", "days", "date", "money"]
"""What a column holds: a share is between 0 and 1, points are a difference of shares in percentage points, days are a
length of time, money is in the scenario's unit."""


@dataclass(frozen=True)
class Table:
    """The numbers behind a figure, a row per mark on it."""

    heads: tuple[str, ...]
    kinds: tuple[Kind, ...]
    """One for each column."""
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.heads) for row in (self.kinds, *self.rows)):
            raise ValueError("every row of a table must be as long as its heads.")


@dataclass(frozen=True, eq=False)
class Illustration:
    """A figure with its finding, its alternative text and the table behind it."""

    name: str
    finding: str
    alt: str
    table: Table
    source: str
    draw: Callable[[Axes | None], Axes] = field(repr=False)
    """Draws the picture alone, on new axes or on some that are given, and returns them."""

    @cached_property
    def axes(self) -> Axes:
        """The axes of a figure of its own, with the finding above and the source below."""
        return settled(framed(self.draw(None), self.finding, self.source))

    def lowered(self, highest: float) -> Illustration:
        """The same, drawn no higher than so many inches where it is drawn on axes of its own."""

        def draw(ax: Axes | None) -> Axes:
            with no_higher(highest):
                return self.draw(ax)

        return replace(self, draw=draw)

    def on(self, ax: Axes | None) -> Axes:
        """The picture on some axes, whose owner places the words; on a figure of its own where none are given."""
        return self.axes if ax is None else self.draw(ax)

    def file(self, kind: str, framed: bool = True) -> bytes:
        """The figure as png, svg or pdf, the same bytes every time, with or without finding and source."""
        return file_of(self.axes if framed else self._picture, kind, self.finding, self.alt)

    def files(self, kinds: Sequence[str] = FORMATS) -> dict[str, bytes]:
        """The figure in several formats, by file name."""
        return {f"{self.name}.{kind}": self.file(kind) for kind in kinds}

    @cached_property
    def _picture(self) -> Axes:
        return settled(self.draw(None))


def framed(ax: Axes, finding: str, source: str) -> Axes:
    """A figure made taller by its title above and its small print below, both as wide as it is."""
    figure = _figure_of(ax)
    width, height = (float(size) for size in figure.get_size_inches())
    room = width - 2 * PAD
    title, small = wrapped(legible(finding), room, TITLE, "bold"), wrapped(legible(source), room, SMALLEST)
    above, below = _height(title, TITLE), _height(small, SMALLEST)
    total = height + above + below
    with house_style():
        figure.set_size_inches(width, total)
        figure.get_layout_engine().set(rect=(0, below / total, 1, height / total))  # type: ignore[union-attr,call-arg]
        where: dict[str, Any] = {"ha": "left", "linespacing": 1.25, "in_layout": False}
        figure.text(PAD / width, 1 - PAD / total, "\n".join(title), va="top", fontsize=TITLE, weight="bold", **where)
        figure.text(PAD / width, PAD / total, "\n".join(small), va="bottom", fontsize=SMALLEST, color=QUIET, **where)
    return ax


def settled(ax: Axes) -> Axes:
    """Laid out for good, so that all formats are alike in whatever order they are asked for."""
    figure = _figure_of(ax)
    engine = figure.get_layout_engine()
    if engine is not None:
        with house_style():
            engine.execute(figure)
            figure.set_layout_engine(None)  # any engine, even one that does nothing, would have it drawn twice
    return ax


def _height(lines: Sequence[str], size: float) -> float:
    return len(lines) * size * 1.3 / 72 + 2 * PAD


def _figure_of(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


def file_of(ax: Axes, kind: str, title: str = "", alt: str = "") -> bytes:
    """The figure that axes are part of as a file, the same bytes every time; ``kind`` is png, svg or pdf.

    Title and alternative text go into the file too, where screen readers and catalogues find them.
    """
    sink = io.BytesIO()
    title, alt = xml_text(title), xml_text(alt)
    about: Mapping[str, Mapping[str, str | None]] = {
        "png": {"Software": None, "Title": title, "Description": alt},
        "svg": {"Date": None, "Creator": "stagger"},
        "pdf": {"CreationDate": None, "Creator": "stagger", "Producer": None, "Title": title, "Subject": alt},
    }
    figure = _figure_of(settled(ax))
    with house_style():
        figure.savefig(sink, format=kind, metadata={key: text for key, text in about[kind].items() if text != ""})
    content = sink.getvalue()
    return _described(content, title, alt) if kind == "svg" else content


def _described(svg: bytes, title: str, alt: str) -> bytes:
    """An SVG that says what it is to a screen reader."""
    words = f"<title>{escape(title)}</title><desc>{escape(alt)}</desc>"
    return re.sub(rb"<svg ([^>]*)>", lambda tag: b'<svg role="img" %b>\n %b' % (tag[1], words.encode()), svg, count=1)


def xml_text(text: str) -> str:
    """A text without what XML forbids and what steers a reader's eye: control characters and marks of direction."""
    return printable(" ".join(text.split()))


def save_figure(ax: Axes, stem: Path | str, kinds: Sequence[str] = FORMATS) -> list[Path]:
    """Write a figure beside each other as ``stem.png``, ``stem.svg`` and ``stem.pdf``; returns the paths."""
    paths = [Path(f"{stem}.{kind}") for kind in kinds]
    for path, kind in zip(paths, kinds, strict=True):
        path.write_bytes(file_of(ax, kind))
    return paths
