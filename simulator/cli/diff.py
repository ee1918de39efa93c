"""`stagger diff`: what differs between two runs, and what did that do?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from simulator.cli import options, screen
from simulator.cli.options import Detail
from simulator.wording import column_share, shortened

if TYPE_CHECKING:
    from simulator.diff import Change, Diff

SHOWN: Final = 20
"""Inputs that are shown, unless more is asked for."""
LONGEST_VALUE: Final = 24
LONGEST_PATH: Final = 46
PROGRAMME: Final = "programme"
LATER: Final = {"after horizon": "later"}


@click.command(short_help="What differs between two runs, and what did that do?")
@click.argument("a", metavar="RUN", type=click.Path(path_type=Path))
@click.argument("b", metavar="RUN", type=click.Path(path_type=Path))
@options.as_json
@options.detail
def diff(a: Path, b: Path, as_json: bool, detail: Detail) -> None:
    """Say which inputs of two runs differ, and what became of the answers: the second's less the first's.

    A RUN is a folder that `run --out` or `batch` wrote.
    """
    from simulator.diff import diff as between

    answer = between(a, b)
    if as_json:
        options.print_json(answer.summary())
        return
    screen.say(str(answer))
    if detail is not Detail.QUIET:
        _show(answer, detail)


def _show(answer: Diff, detail: Detail) -> None:
    rows = [
        [shortened(each.path, LONGEST_PATH), *(_value(value) for value in (each.a, each.b))] for each in answer.inputs
    ]
    screen.table("Inputs that differ", ["input", "A", "B"], rows, text_columns=3)
    levels = dict.fromkeys(each.level for each in answer.changes)
    for level in levels:
        of_level = [each for each in answer.changes if each.level == level]
        if detail is Detail.FULL or level == PROGRAMME or any(each in answer.sure for each in of_level):
            title = "The whole programme" if level == PROGRAMME else level
            screen.table(title, ["", "A", "B", "B less A", "from", "to", ""], map(_row, of_level))
    click.echo()
    for line in _notes(answer, detail):
        screen.say(line)


def _notes(answer: Diff, detail: Detail) -> Iterator[str]:
    for run, names in zip("AB", answer.only, strict=True):
        if names:
            yield f"Only {run} has {', '.join(names)}."
    shown = {each.level for each in answer.sure} | {PROGRAMME}
    if detail is not Detail.FULL and any(each.level not in shown for each in answer.changes):
        yield "Clusters of which nothing changed for sure are left out; -v shows them."
    yield _how(answer)
    yield f"Money in {answer.money}; intervals are 95%, each by itself."


def _how(answer: Diff) -> str:
    """What was set against what."""
    if answer.apart:
        return f"The two did not meet the same futures ({answer.apart}), so their intervals are set against each other."
    alone = [_words(each.measure) for each in answer.changes if each.level == PROGRAMME and not each.paired]
    if not alone:
        return "Both met the same futures, which are set against each other one by one."
    return (
        "Both met the same futures, which are set against each other one by one; but of the programme's "
        f"{', '.join(alone)} only the intervals, for they are too many or this version of stagger finds other numbers."
    )


def _row(change: Change) -> list[str]:
    low, high = change.interval or (None, None)
    figures = [_figure(change.measure, figure) for figure in (change.a, change.b)]
    apart = [_apart(change.measure, figure) for figure in (change.change, low, high)]
    return [_words(change.measure), *figures, *apart, change.verdict]


def _words(measure: str) -> str:
    heads = {"on_time": "on time", "live.p50": "live, P50", "live.p80": "live, P80", "npv": "NPV"}
    return heads.get(measure, measure.replace("_", " "))


def _figure(measure: str, figure: float | str | None) -> str:
    if isinstance(figure, str):
        return LATER.get(figure, figure)
    if figure is None:
        return "–"
    return column_share(figure) if measure == "on_time" else f"{figure:,.2f}"


def _apart(measure: str, figure: float | None) -> str:
    if figure is None:
        return "–"
    if measure == "on_time":
        return f"{100 * figure:+.1f} points"
    return f"{figure:+,.0f} d" if measure.startswith("live") else f"{figure:+,.2f}"


def _value(value: str | None) -> str:
    return "–" if value is None else shortened(value, LONGEST_VALUE)
