"""`stagger latest`: how late may each cluster go?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from simulator.cli import options, screen
from simulator.cli.options import Detail
from simulator.wording import count, share, unreached


@click.command(short_help="How late may each cluster go?")
@options.file
@options.outside
@click.option("--confidence", default="80%", show_default=True, metavar="P", help="The chance to keep: 80% or 0.8.")
@click.option(
    "--by",
    type=click.Choice(("both", "support", "deadline")),
    default="both",
    show_default=True,
    help="Live by its first end of support and the deadline, or by one of them.",
)
@options.schedule
@options.futures
@options.figures_precision("latest=14d, in_time=1%, as_scheduled=1%, together=1%")
@options.out
@options.as_json
@options.detail
def latest(file: Path, outside: bool, out: Path | None, as_json: bool, detail: Detail, **how: Any) -> None:
    """Find the last go-to-market date of each cluster that keeps the confidence, the others as scheduled.

    Then say whether each keeps it when all go on those dates at once, and if not, how much earlier all must go.
    """
    from simulator.scenario import load
    from simulator.studies.latest import latest as find

    with screen.progress(detail is Detail.QUIET) as progress:
        answer = find(load(file, outside), progress=progress, **how)
    if out is not None:
        answer.save(out, options.command_line())
    summary = answer.summary()
    if as_json:
        options.print_json(summary)
        return
    screen.say(str(answer))
    if detail is Detail.QUIET:
        return
    heads = ["cluster", "scheduled", "in time", "latest", "95% interval", "in time then"]
    rows = [
        [
            name,
            each["scheduled"],
            share(each["chance_as_scheduled"]),
            each["latest"],
            " to ".join(dict.fromkeys(each["interval"])),
            share(each["chance"]),
        ]
        for name, each in summary["clusters"].items()
    ]
    screen.table(f"The last date that keeps {share(answer.confidence)}, the others as scheduled", heads, rows)
    click.echo()
    if not answer.precise:
        screen.say(unreached(answer.replications))
    screen.say(f"{count(answer.replications, 'future')}, seed {answer.seed}, {answer.futures.sampling} sampling.")
    if out is not None:
        screen.say(f"Written to {out}.")
