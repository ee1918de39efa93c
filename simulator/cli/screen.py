"""What is shown on a screen or in a file: paragraphs, tables that can be pasted, and how far a run has come."""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from simulator.wording import printable

if TYPE_CHECKING:
    from rich.progress import Progress

WIDTH: Final = 100
"""Columns where the output is no terminal, so that a file looks the same wherever it is made."""
NARROWEST: Final = 60
WIDEST: Final = 120
GAP: Final = 2
"""Columns between those of a table."""
PATIENCE: Final = 1.0
"""Seconds before it is shown how far a run has come."""


def width() -> int:
    """Columns to write into."""
    if not sys.stdout.isatty():
        return WIDTH
    return min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)


def say(text: str) -> None:
    """A paragraph, wrapped."""
    click.echo(_wrapped(text))


def _wrapped(text: str) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(printable(text), width(), break_on_hyphens=False))


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], text_columns: int = 1) -> None:
    """A table without boxes under a title; the first ``text_columns`` are text, the others numbers to the right.

    Where numbers would leave no room for the text, their heads are folded, and if that is not enough, the table goes
    on below with the text repeated, and only those heads are folded that have to be.
    """
    cells = [[printable(cell) for cell in row] for row in rows]
    if not cells:
        return
    if text_columns == len(heads) and not _has_room(_longest(heads, cells)):
        cells = [[_breakable(cell) for cell in row] for row in cells]
    click.echo()
    click.secho(_wrapped(title), bold=True)
    whole = [printable(head) for head in heads]
    folded = _fitting(whole, cells, text_columns)
    for index, columns in enumerate(_parts(folded, cells, text_columns)):
        if index:
            click.echo()
        part = [[row[c] for c in columns] for row in cells]
        _print(_fitting([whole[c] for c in columns], part, text_columns), part, text_columns)


def _breakable(text: str) -> str:
    """A text whose paths may be broken between their keys, never inside one that fits on a line."""
    return " ".join(_in_lines(word) if len(word) > width() // 4 else word for word in text.split(" "))


def _in_lines(path: str) -> str:
    """As many keys on a line as a quarter of the screen holds."""
    lines, most = [""], width() // 4
    for key in re.findall(r"[^./]*[./]|[^./]+$", path):
        for part in [key] if len(key) <= most else re.findall(r"[^_]*_|[^_]+$", key):
            if lines[-1] and len(lines[-1]) + len(part) > most:
                lines.append("")
            lines[-1] += part
    return "\n".join(lines)


def _fitting(heads: Sequence[str], cells: Sequence[Sequence[str]], text_columns: int) -> list[str]:
    """The heads, a word a line where the table is too wide otherwise."""
    widths = _widths(heads, cells, text_columns)
    if sum(widths) <= width() + GAP:
        return list(heads)
    return [head if index < text_columns else head.replace(" ", "\n") for index, head in enumerate(heads)]


def _longest(heads: Sequence[str], cells: Sequence[Sequence[str]]) -> list[int]:
    """The longest line of each column."""
    from rich.cells import cell_len

    columns = zip(heads, *cells, strict=True)
    return [max(cell_len(line) for cell in column for line in cell.split("\n")) for column in columns]


def _has_room(widths: Sequence[int]) -> bool:
    """Whether columns of these widths fit beside each other."""
    return sum(GAP + each for each in widths) <= width() + GAP


def _widths(heads: Sequence[str], cells: Sequence[Sequence[str]], text_columns: int) -> list[int]:
    """What each column needs, with the gap to the next: numbers all of it, text no more than its part of a third."""
    from rich.cells import cell_len

    most = _longest(heads, cells)
    share = width() // 3 // max(text_columns, 1)
    if _has_room(most):
        return [GAP + each for each in most]
    if text_columns == len(heads):
        columns = zip(heads, *cells, strict=True)
        words = [max((cell_len(word) for cell in column for word in cell.split()), default=0) for column in columns]
        return [GAP + min(each, max(share, min(word, width() // 4))) for each, word in zip(most, words, strict=True)]
    return [GAP + (min(each, share) if index < text_columns else each) for index, each in enumerate(most)]


def _parts(heads: Sequence[str], cells: Sequence[Sequence[str]], text_columns: int) -> list[list[int]]:
    """The columns of each table into which one is split, the text first; each has a number at least."""
    widths = _widths(heads, cells, text_columns)
    text = list(range(text_columns))
    parts, room = [list(text)], width() + GAP - sum(widths[:text_columns])
    left = room
    for column in range(text_columns, len(heads)):
        if widths[column] > left and len(parts[-1]) > text_columns:
            parts.append(list(text))
            left = room
        parts[-1].append(column)
        left -= widths[column]
    return parts


def _print(heads: Sequence[str], cells: Sequence[Sequence[str]], text_columns: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    least = _widths(heads, cells, text_columns)
    most = width() + GAP - sum(least[:text_columns])
    grid = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), show_header=True, header_style="bold")
    for index, head in enumerate(heads):
        is_text = index < text_columns
        grid.add_column(
            Text(head),
            justify="left" if is_text else "right",
            no_wrap=not is_text and least[index] <= most,
            min_width=least[index] - GAP if is_text else None,
            max_width=None if is_text else most - GAP,
            overflow="fold",
            vertical="top",
        )
    for row in cells:
        grid.add_row(*map(Text, row))
    console = Console(file=sys.stdout, width=width(), highlight=False)
    with console.capture() as captured:
        console.print(grid)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A function to call with how many are done, of how many; draws a bar on a terminal after a second."""
    if not quiet:
        say_that_it_compiles()
    if quiet or not sys.stderr.isatty():
        yield None
        return
    bar = _Bar()
    try:
        yield bar
    finally:
        bar.close()


def say_that_it_compiles() -> None:
    """Why the first answer after installation takes longer, on standard error."""
    from simulator.compiled import is_kept
    from simulator.engines import is_yet_to_compile

    if is_yet_to_compile():
        when = (
            "once after installation" if is_kept() else "for this call only: NUMBA_CACHE_DIR names no place to keep it"
        )
        click.echo(f"Compiling the engine, {when} …", err=True)


class _Bar:
    """A progress bar that appears only when it is worth it, and leaves nothing behind.

    It draws itself when it is called, and has no thread of its own that a forked worker would inherit.
    """

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.shown: Progress | None = None

    def __call__(self, done: int, most: int) -> None:
        if self.shown is None:
            if time.monotonic() - self.began < PATIENCE or done == most:
                return
            self.shown = _started()
            self.shown.add_task("")
        self.shown.update(self.shown.task_ids[0], completed=done, total=most, refresh=True)

    def close(self) -> None:
        if self.shown is not None:
            self.shown.stop()


def _started() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("futures", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
    shown.start()
    return shown
