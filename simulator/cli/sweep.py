"""`stagger sweep`: what if capacity, spacing, contract length were different?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from simulator.cli import options, screen
from simulator.cli.options import Detail
from simulator.wording import between, count, share

if TYPE_CHECKING:
    from simulator.studies.sweep import Point, Sweep

SHADES: Final = " ░▒▓█"


@click.command()
@options.file
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="PATH=VALUES",
    help="A value of the scenario, e.g. resources.framework.capacity=1..4; give it twice to vary two.",
)
@options.schedule
@options.futures
@options.out
@options.as_json
@options.detail
def sweep(file: Path, out: Path | None, as_json: bool, detail: Detail, **how: Any) -> None:
    """Vary one or two values of the scenario, in the same futures at every point."""
    from simulator.scenario import load
    from simulator.studies.sweep import sweep as vary_values

    with screen.progress(detail is Detail.QUIET) as progress:
        answer = vary_values(load(file), progress=progress, **how)
    if out is not None:
        answer.save(out, options.command_line())
    if as_json:
        options.print_json(answer.summary())
        return
    screen.say(str(answer))
    if detail is not Detail.QUIET:
        _show(answer)


def _show(answer: Sweep) -> None:
    paths = [each.path.rpartition(".")[2] for each in answer.varied]
    heads = [*paths, "on time", "95% interval", "P50", "P80", "days unsupported", "cost", "NPV"]
    screen.table(f"Under “{answer.schedule}”", heads, [_row(point) for point in answer.points], text_columns=len(paths))
    if len(paths) == 2:
        columns = answer.varied[1].values
        screen.table(f"On time, {paths[0]} down, {paths[1]} across", ["", *columns], _grid(answer, len(columns)))
    for point in answer.points:
        if point.infeasible:
            click.echo()
            screen.say(f"Infeasible at {', '.join(point.values)}: {point.infeasible}")
    click.echo()
    screen.say(
        f"{count(answer.futures.replications, 'future')}, seed {answer.seed}, {answer.futures.sampling} sampling."
    )


def _row(point: Point) -> list[str]:
    if point.on_time is None or point.on_time_interval is None:
        return [*point.values, "infeasible", *[""] * 6]
    figures = [f"{value:,.1f}" for value in (point.unsupported_days, point.cost, point.npv) if value is not None]
    chance = [share(point.on_time), between(list(point.on_time_interval))]
    return [*point.values, *chance, point.p50 or "", point.p80 or "", *figures]


def _grid(answer: Sweep, width: int) -> Iterator[list[str]]:
    """A heat map in text: one row per value of the first path."""
    for place, value in enumerate(answer.varied[0].values):
        yield [value, *(_cell(point) for point in answer.points[place * width : (place + 1) * width])]


def _cell(point: Point) -> str:
    if point.on_time is None:
        return "infeasible"
    return f"{SHADES[min(int(point.on_time * len(SHADES)), len(SHADES) - 1)]} {share(point.on_time)}"
