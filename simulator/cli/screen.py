"""What is shown on a screen or in a file: paragraphs, tables that can be pasted, and how far a run has come."""

from __future__ import annotations

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
    """A table without boxes under a title; the first ``text_columns`` are text, the others numbers to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [[printable(cell) for cell in row] for row in rows]
    if not cells:
        return
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=True, header_style="bold")
    for index, head in enumerate(heads):
        is_text = index < text_columns
        grid.add_column(
            Text(head),
            justify="left" if is_text else "right",
            no_wrap=not is_text,
            overflow="fold",
            vertical="top",
        )
    for row in cells:
        grid.add_row(*map(Text, row))
    click.echo()
    click.secho(_wrapped(title), bold=True)
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
    from simulator.engines import is_yet_to_compile

    if is_yet_to_compile():
        click.echo("Compiling the engine, once after installation …", err=True)


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
