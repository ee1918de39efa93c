"""`stagger sweep`: what if capacity, spacing, contract length were different?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from simulator.cli import options, screen
from simulator.cli.options import Detail
from simulator.wording import SELDOM_MARK, column_share, count, cut_off, of_futures, seldom_mark, share, unreached

if TYPE_CHECKING:
    from simulator.studies.points import Figure, Point
    from simulator.studies.sweep import Sweep

SHADES: Final = " ░▒▓█"
UNSURE: Final = "?"
"""Stands behind a difference of which these futures cannot tell whether it is one."""


@click.command(short_help="What if a value of the scenario were different?")
@options.file
@options.outside
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="PATH=VALUES",
    help="A value of the scenario, e.g. resources.framework.capacity=1..4 or deadline=2030-03-31..2031-03-31:1mo; give "
    "it twice to vary two.",
)
@options.schedule
@options.futures
@options.figures_precision("late=1%, p80=14d, cost=0.5; difference.p80=14d of the difference to the base")
@options.out
@options.as_json
@options.detail
def sweep(file: Path, outside: bool, out: Path | None, as_json: bool, detail: Detail, **how: Any) -> None:
    """Vary one or two values of the scenario, in the same futures at every point.

    More capacity or shorter work can make somebody later in some futures: docs/anomalies.md says why.
    """
    from simulator.scenario import load
    from simulator.studies.sweep import sweep as vary_values

    with screen.progress(detail is Detail.QUIET) as progress:
        answer = vary_values(load(file, outside), progress=progress, **how)
    if out is not None:
        answer.save(out, options.command_line())
    if as_json:
        options.print_json(answer.summary())
        return
    screen.say(str(answer))
    if detail is not Detail.QUIET:
        _show(answer, detail)
        if out is not None:
            screen.say(f"Written to {out}.")


def _show(answer: Sweep, detail: Detail) -> None:
    paths = _heads([each.path for each in answer.varied])
    in_time = "on time" if answer.has_deadline else "live by the horizon"
    unit = answer.scenario.money.unit
    heads = {"on_time": in_time, "finish.p50": "P50", "finish.p80": "P80"}
    costs = {
        "unsupported_days": "days unsupported",
        "failures": "failures",
        "cost": f"cost, {unit}",
        "npv": f"NPV, {unit}",
    }
    for title, columns in ((f"Under “{answer.schedule}”", heads), ("On average", costs)):
        rows = [_row(answer, point, list(columns)) for point in answer.points]
        screen.table(f"{title} (±: half of the 95% interval)", [*paths, *columns.values()], rows, len(paths))
    if answer.base is not None and any(point.changes for point in answer.points):
        title = f"Less the base, which is {answer.where(answer.base)} ({UNSURE}: these futures cannot tell)"
        rows = [[*point.values, *_changes(point, detail)] for point in answer.points if point.changes]
        names = [f"{in_time}, points", "P50, days", "P80, days", *costs.values()]
        screen.table(title, [*paths, *names], rows, len(paths))
    if len(paths) == 2:
        across = answer.varied[1].values
        screen.table(f"{in_time.capitalize()}, {paths[0]} down, {paths[1]} across", ["", *across], _grid(answer))
    for point in answer.points:
        if point.infeasible:
            click.echo()
            screen.say(f"Infeasible at {', '.join(point.values)}: {point.infeasible}")
    click.echo()
    if not answer.precise:
        screen.say(unreached(answer.replications))
    late = [point.not_live for point in answer.points if point.not_live is not None]
    if any(late):
        screen.say(cut_off(of_futures(late), str(answer.date(answer.scenario.horizon))))
    if any(seldom_mark(figure.rests_on) for point in answer.points for figure in point.figures.values()):
        screen.say(f"{SELDOM_MARK} rests on few futures: almost all others have the same value.")
    screen.say(f"{count(answer.replications, 'future')}, seed {answer.seed}, {answer.futures.sampling} sampling.")


def _heads(paths: Sequence[str]) -> list[str]:
    """The last keys of paths, as few as tell them apart."""
    parts = [path.split(".") for path in paths]
    for length in range(1, max(map(len, parts))):
        heads = [".".join(each[-length:]) for each in parts]
        if len({*heads}) == len(heads):
            return heads
    return list(paths)


def _row(answer: Sweep, point: Point, names: Sequence[str]) -> list[str]:
    if not point.figures:
        return [*point.values, "infeasible", *[""] * (len(names) - 1)]
    return [*point.values, *(_figure(answer, name, point.figures[name]) for name in names)]


def _figure(answer: Sweep, name: str, figure: Figure) -> str:
    """A figure and half of its interval, in the same unit; what is after the horizon is not known to the day."""
    from simulator.days import NEVER

    half = figure.half_width
    if name == "on_time":
        return f"{column_share(figure.value)} ±{100 * half:.1f}%"
    if name.startswith("finish"):
        known = math.isfinite(half) and figure.value != NEVER
        return f"{answer.date(figure.value)} ±{half:.0f} d" if known else str(answer.date(figure.value))
    mark = seldom_mark(figure.rests_on)
    return f"{figure.value:,.1f}{mark} ±{half:,.1f}" if math.isfinite(half) else f"{figure.value:,.1f}{mark}"


def _changes(point: Point, detail: Detail) -> Iterator[str]:
    """What each figure has more than the base's, marked where it cannot be told which is better."""
    for name, change in point.changes.items():
        scale = 100 if name == "on_time" else 1
        if change.value is None:
            yield "–"
            continue
        half = change.half_width or 0.0
        margin = f" ±{scale * half:,.1f}" if detail is Detail.FULL and math.isfinite(half) else ""
        mark = UNSURE if change.verdict == "cannot tell" and change.value else ""
        yield f"{scale * change.value:+,.1f}{mark}{margin}"


def _grid(answer: Sweep) -> Iterator[list[str]]:
    """A heat map in text: one row per value of the first path."""
    grid = answer.grid("on_time")
    for value, row in zip(grid.rows, grid.values.tolist(), strict=True):
        yield [value, *(_cell(chance) for chance in row)]


def _cell(chance: float) -> str:
    if math.isnan(chance):
        return "infeasible"
    return f"{SHADES[min(int(chance * len(SHADES)), len(SHADES) - 1)]} {share(chance)}"
