"""`stagger trace`: show me one future."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli import options, screen
from simulator.cli.options import Detail
from simulator.wording import printable

if TYPE_CHECKING:
    from simulator.result import Futures, Result
    from simulator.trace import Event


def _percentile(_: click.Context, __: click.Parameter, value: str | None) -> float | None:
    """`80` or `P80`."""
    if value is None:
        return None
    try:
        percent = float(value.strip().lstrip("pP").rstrip("%"))
    except ValueError:
        percent = 0.0
    if not 0 < percent <= 100:
        raise click.BadParameter(f"{value} is not a percentile such as 80 or P80.")
    return percent


@click.command(short_help="Show me one future.")
@options.file
@options.outside
@options.schedule
@click.option("--replication", type=click.IntRange(min=1), metavar="K", help="The K-th future, counted from 1.")
@click.option(
    "--percentile",
    callback=_percentile,
    metavar="P",
    help="The first future whose last go-live is at this percentile of -n futures, e.g. 80 or P80.",
)
@options.futures
@options.out
@options.as_json
@options.detail
def trace(
    file: Path,
    outside: bool,
    replication: int | None,
    percentile: float | None,
    out: Path | None,
    as_json: bool,
    detail: Detail,
    **how: Any,
) -> None:
    """Tell one future in plain words, from the SimPy engine, and draw it as a Gantt.

    One of --replication and --percentile is needed; --engine is for finding the percentile.
    """
    if (replication is None) == (percentile is None):
        raise click.UsageError("give one of --replication and --percentile.")
    result, number = _found(file, outside, replication, percentile, detail, **how)
    futures = result.future(number, engine="events")
    story = _told(result, futures)
    if out is not None:
        _write(out, result, number, futures, story)
    if as_json:
        options.print_json(_document(result, number, story))
    else:
        for line in _lines(result, number, futures, story, detail, screen.width()):
            click.echo(line)
        if detail is Detail.FULL:
            _show_moments(result, futures)


def _found(
    file: Path, outside: bool, replication: int | None, percentile: float | None, detail: Detail, **how: Any
) -> tuple[Result, int]:
    """A run that holds the future, and the future's number."""
    from simulator.run import run as simulate
    from simulator.scenario import load

    scenario = load(file, outside)
    if replication is not None:
        how |= {"replications": 1, "workers": 1, "engine": "events"}
    with screen.progress(detail is Detail.QUIET) as progress:
        result = simulate(scenario, progress=progress, keep=False, command=options.command_line(), **how)
    if replication is not None:
        return result, replication
    assert percentile is not None
    return result, result.at_percentile(percentile)


def _told(result: Result, futures: Futures) -> tuple[Event, ...]:
    from simulator.trace import events

    return events(result.scenario, result.model.network, futures)


def _document(result: Result, number: int, story: tuple[Event, ...]) -> dict[str, Any]:
    return {
        "scenario": result.scenario.scenario,
        "schedule": result.schedule,
        "replication": number,
        "seed": result.seed,
        "sampling": result.sampling,
        "events": [event.as_dict(result.scenario.start) for event in story],
    }


def _headline(result: Result, number: int, futures: Futures) -> str:
    from simulator.days import NEVER, date_of

    start, finish = result.scenario.start, int(futures.outcomes.programme.finish[0])
    live = (
        f"the last cluster is live on {date_of(finish, start)}"
        if finish < NEVER
        else "somebody is not live by the horizon"
    )
    return (
        f"Future {number} of the schedule “{result.schedule}” (seed {result.seed}, {result.sampling} sampling): {live}."
    )


def _lines(
    result: Result, number: int, futures: Futures, story: tuple[Event, ...], detail: Detail, width: int
) -> Iterator[str]:
    """What happened and its Gantt, in lines no wider than ``width``."""
    from simulator.cli.bars import bars
    from simulator.days import date_of

    yield from textwrap.wrap(printable(_headline(result, number, futures)), width)
    if detail is Detail.QUIET:
        return
    yield ""
    for event in story:
        said = f"{date_of(event.day, result.scenario.start)}  {printable(event.text)}"
        yield from textwrap.wrap(said, width, subsequent_indent=" " * 12, break_on_hyphens=False)
    yield ""
    yield from bars(futures.timeline, 0, width, sys.stdout.encoding or "utf-8")


def _show_moments(result: Result, futures: Futures) -> None:
    from simulator.days import NEVER, date_of

    timeline, start = futures.timeline, result.scenario.start
    moments = [timeline.asked, timeline.granted, timeline.started, timeline.worked, timeline.finished]
    rows = [
        [name, *("–" if (day := int(rows[a, 0])) == NEVER else str(date_of(day, start)) for rows in moments)]
        for a, name in enumerate(timeline.activities)
    ]
    screen.table("Moments", ("activity", "asked", "granted", "started", "worked", "finished"), rows)


def _write(out: Path, result: Result, number: int, futures: Futures, story: tuple[Event, ...]) -> None:
    from simulator.plots import of_future
    from simulator.store import Folder, as_json

    with Folder(out) as folder:
        log = "\n".join(_lines(result, number, futures, story, Detail.FULL, screen.WIDTH))
        folder.write("trace.txt", log + "\n")
        folder.write("trace.json", as_json(_document(result, number, story)))
        for name, content in of_future(result, number, futures).files(("png", "svg")).items():
            folder.write(name, content)
        folder.commit(result.manifest() | {"replication": number})
