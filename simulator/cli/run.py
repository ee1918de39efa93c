"""`stagger run`: what happens under this schedule?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli import options, screen
from simulator.cli.options import Detail

if TYPE_CHECKING:
    from simulator.result import Result


@click.command(short_help="What happens under this schedule?")
@options.file
@options.outside
@options.schedules
@options.futures
@options.precision
@options.out
@options.as_json
@options.detail
def run(
    file: Path,
    outside: bool,
    schedules: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    detail: Detail,
    **how: Any,
) -> None:
    """Simulate the futures of a schedule: who is live when, at what risk and cost, and where the time goes.

    With several schedules the answers follow one another, and --json and --out keep them apart by name.
    """
    from simulator.run import run as simulate
    from simulator.scenario import load

    scenario = load(file, outside)
    names = list(dict.fromkeys(schedules or [next(iter(scenario.schedules))]))
    folders = _folders(out, names)
    answers: dict[str, Result] = {}
    for name in names:
        with screen.progress(detail is Detail.QUIET) as progress:
            command = options.command_line()
            result = simulate(
                scenario, name, progress=progress, out=folders.get(name), keep=False, command=command, **how
            )
        answers[name] = result
        if not as_json:
            _show(result, detail, first=len(answers) == 1)
    if as_json:
        summaries = {name: result.summary() for name, result in answers.items()}
        options.print_json(next(iter(summaries.values())) if len(names) == 1 else {"schedules": summaries})


def _folders(out: Path | None, names: list[str]) -> dict[str, Path]:
    """Where each schedule's files go: the folder itself for one, a folder in it for each of several."""
    if out is None:
        return {}
    if len(names) == 1:
        return {names[0]: out}
    from simulator.store import folder_names

    return {name: out / folder for name, folder in zip(names, folder_names(names), strict=True)}


def _show(result: Result, detail: Detail, first: bool) -> None:
    from simulator.cli import answer

    if not first:
        click.echo("\n")
    answer.show(result, detail)
    if result.folder is not None and detail is not Detail.QUIET:
        screen.say(f"Written to {result.folder}.")
