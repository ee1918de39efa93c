"""`stagger batch`: run all these overnight."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from simulator.cli import options, screen
from simulator.cli.options import Detail
from simulator.cli.waiting import waiting
from simulator.wording import column_share, count, printable, shortened, size

if TYPE_CHECKING:
    from simulator.batch import Batch, Forecast
    from simulator.store.leftover import Leftover

SHOWN: Final = 40
"""Runs in a table on the screen, unless more is asked for."""
LONGEST_NAME: Final = 24
LATER: Final = {"after horizon": "later"}
CSV: Final = "results.csv"
PROGRAMME: Final = "programme"
FAILED: Final = 1


@click.command(short_help="Run all these overnight.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where all of it goes: a folder for each run, and results.csv and results.parquet.",
)
@click.option("--schedule", "schedules", multiple=True, metavar="NAME", help="One to run; repeat it.  [default: all]")
@click.option(
    "--vary",
    multiple=True,
    metavar="PATH=VALUES",
    help="A value of the scenario, e.g. resources.framework.capacity=1..4; repeat it to cross several.",
)
@options.outside
@options.futures
@click.option("--figures", is_flag=True, help="Draw the figures of every run, which takes longer than simulating it.")
@click.option("--verify", is_flag=True, help="Read every byte of what is there, not only of what was touched.")
@click.option(
    "--prune",
    is_flag=True,
    help="Remove the runs in --out that are none of this call's (of other files, schedules, values or options), if all "
    "ran; with --dry-run, only list them.",
)
@click.option("--dry-run", is_flag=True, help="Say what would run and for how long; write nothing.")
@options.as_json
@options.detail
@click.pass_context
def batch(
    ctx: click.Context, /, paths: tuple[str, ...], dry_run: bool, as_json: bool, detail: Detail, **how: Any
) -> None:
    """Run every schedule of every file, folder or pattern, and write one table of all of them.

    What is in --out already and whole is not done again, so the same command goes on where it was stopped. A file
    that is wrong is reported, the others run, and the exit status is 1.
    """
    from simulator.batch import batch as run_all
    from simulator.batch import forecast

    answer: Batch | Forecast
    try:
        if detail is not Detail.QUIET:
            screen.say_that_it_compiles()
        with waiting(detail is Detail.QUIET) as progress:
            if dry_run:
                answer = forecast(paths, progress=progress, **how)
            else:
                answer = run_all(paths, progress=progress, command=options.command_line(), **how)
    except KeyboardInterrupt:
        if detail is not Detail.QUIET and not dry_run:
            click.echo("Stopped. Runs that were done are kept; the same command goes on from there.", err=True)
        raise
    _report(answer, detail)
    if as_json:
        options.print_json(answer.summary())
    else:
        _show(answer, detail)
    if answer.failed:
        ctx.exit(FAILED)


def _report(answer: Batch | Forecast, detail: Detail) -> None:
    """What is wrong and what to mind, beside the answer."""
    for problem in answer.failed:
        click.echo("\n".join(printable(line) for line in problem.told(answer.paths).split("\n")), err=True)
    if detail is not Detail.QUIET:
        for note in answer.notes:
            click.echo(f"Note: {printable(note)}", err=True)


def _show(answer: Batch | Forecast, detail: Detail) -> None:
    from simulator.batch import Batch

    screen.say(str(answer))
    if detail is Detail.QUIET:
        return
    title, heads, rows = _done(answer) if isinstance(answer, Batch) else _planned(answer)
    names = 2 + len(answer.paths)
    shown = rows if detail is Detail.FULL else rows[:SHOWN]
    cells = [[*(shortened(cell, LONGEST_NAME) for cell in row[:names]), *row[names:]] for row in shown]
    screen.table(title, heads, cells, text_columns=names)
    if answer.pruned:
        _show_pruned("Pruned" if isinstance(answer, Batch) else "What would be pruned", answer.pruned, detail)
    click.echo()
    if len(shown) < len(rows):
        screen.say(f"Shown are {len(shown)} of {count(len(rows), 'run')}; -v shows all.")
    if isinstance(answer, Batch):
        screen.say(f"Every cluster is in {answer.folder / CSV}, and in results.parquet beside it.")


def _show_pruned(title: str, runs: Sequence[Leftover], detail: Detail) -> None:
    """Which runs were removed, or would be."""
    shown = runs if detail is Detail.FULL else runs[:SHOWN]
    rows = [(each.key.name, f"{each.key.replications:,}", size(each.bytes)) for each in shown]
    screen.table(title, ["run", "futures", "size"], rows)
    if len(shown) < len(runs):
        click.echo()
        screen.say(f"Shown are {len(shown)} of {count(len(runs), 'run')}; -v shows all.")


def _done(answer: Batch) -> tuple[str, list[str], list[list[str]]]:
    heads = ["file", *_varied(answer), "schedule", "on time", "P50", "P80", "days unsupported", "NPV"]
    rows = [row for row in answer.table if row.get("level") == PROGRAMME]
    cells = [[*names, *_figures(row)] for names, row in zip(_names(answer, rows), rows, strict=True)]
    return "The whole programme", heads, cells


def _figures(row: Mapping[str, Any]) -> list[str]:
    dates = [LATER.get(row[name], row[name]) for name in ("live_p50", "live_p80")]
    return [column_share(row["on_time"]), *dates, *(f"{row[name]:,.1f}" for name in ("unsupported_days", "npv"))]


def _planned(answer: Forecast) -> tuple[str, list[str], list[list[str]]]:
    heads = ["file", *_varied(answer), "schedule", "futures", ""]
    rows = answer.rows()
    cells = [
        [*names, f"{row['replications']:,}", "is there" if row["there"] else "would run"]
        for names, row in zip(_names(answer, rows), rows, strict=True)
    ]
    return "What would run", heads, cells


def _varied(answer: Batch | Forecast) -> list[str]:
    return [path.rpartition(".")[2] for path in answer.paths]


def _names(answer: Batch | Forecast, rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """File, values and schedule of each row; of files no more than what tells them apart."""
    folders = {os.path.dirname(row["file"]) for row in rows}
    before = len(f"{os.path.commonpath(folders)}/") if len(folders) > 1 and all(folders) else 0
    names = [f"vary: {path}" for path in answer.paths]
    return [
        [_stem(row["file"], len(folders) > 1, before), *(row[name] for name in names), row["schedule"]] for row in rows
    ]


def _stem(file: str, with_folder: bool, before: int) -> str:
    stem = os.path.splitext(file)[0]
    return stem[before:] if with_folder else os.path.basename(stem)
