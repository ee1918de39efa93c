"""The options that verbs have in common, spelled the same everywhere."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from enum import IntEnum
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

BAD_INPUT: Final = 2
"""The exit status for what a planner can put right."""
ENGINES: Final = ("batch", "events")
SAMPLINGS: Final = ("random", "latin-hypercube", "sobol")


class Detail(IntEnum):
    """How much is said."""

    QUIET = 0
    NORMAL = 1
    FULL = 2


class Kind(click.Choice[str]):
    """A choice that also takes spaces where it is written with hyphens."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return super().convert(str(value).strip().lower().replace(" ", "-"), param, ctx)


class Staff(click.ParamType[Any]):
    """A number of workers, or an address."""

    name = "workers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from simulator.errors import StaggerError
        from simulator.workers import asked

        try:
            return asked(value)
        except StaggerError as error:
            self.fail(str(error), param, ctx)


file = click.argument("file", type=click.Path(path_type=Path))

outside = click.option(
    "--allow-outside",
    "outside",
    is_flag=True,
    help="Let scenario files name files (base, observations) that lie outside their folder.",
)

schedules = click.option(
    "--schedule",
    "schedules",
    multiple=True,
    metavar="NAME",
    help="One of the scenario's schedules; repeat it for several.  [default: the first]",
)
schedule = click.option("--schedule", metavar="NAME", help="One of the scenario's schedules.  [default: the first]")
precision = click.option(
    "--precision",
    metavar="WHAT=HALFWIDTH",
    help="Run until the 95 % half-width of a printed figure is reached, e.g. late=1%, p80=7d, cost=0.5, "
    "Matrix/late=1%; with it, -n is the most replications it may take.  [default: off]",
)


def figures_precision(examples: str) -> Callable[[Command], Command]:
    """`--precision` of a verb that has figures of its own."""
    return click.option(
        "--precision",
        metavar="WHAT=HALFWIDTH",
        help=f"Run until the 95 % half-width is reached, e.g. {examples}; NAME/WHAT for one of several. "
        "With it, -n is the most futures it may take.  [default: off]",
    )


out = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write everything there, whole or not at all. In a folder that exists, files of an earlier run are replaced "
    "and any others stay.  [default: none written]",
)
as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output, nothing else.")

_FUTURES: Final = (
    click.option(
        "-n", "--replications", type=click.IntRange(min=1), metavar="N", help="How many futures.  [default: 10000]"
    ),
    click.option("--seed", type=int, metavar="S", help="An integer.  [default: the scenario's, else 1]"),
    click.option(
        "--sampling",
        type=Kind(SAMPLINGS),
        default="random",
        show_default=True,
        metavar="KIND",
        help=f"{', '.join(SAMPLINGS[:-1])} or {SAMPLINGS[-1]}.",
    ),
)
workers = click.option(
    "--workers",
    type=Staff(),
    metavar="W",
    help="How many processes of this machine, or the address of a running Dask scheduler, tcp://HOST:PORT.  "
    "[default: the machine's cores]",
)
_ENGINE: Final = click.option(
    "--engine",
    type=Kind(ENGINES),
    default="batch",
    show_default=True,
    metavar="KIND",
    help="batch, or events (SimPy).",
)


def futures(command: Command) -> Command:
    """`-n`, `--seed`, `--sampling`, `--engine` and `--workers`."""
    for option in reversed((*_FUTURES, _ENGINE, workers)):
        command = option(command)
    return command


def detail(command: Command) -> Command:
    """`-q` and `-v`, given to the verb as one `Detail`."""

    @wraps(command)
    def verb(*args: Any, quiet: bool, verbose: bool, **kwargs: Any) -> Any:
        if quiet and verbose:
            raise click.UsageError("-q and -v contradict each other.")
        kwargs["detail"] = Detail.QUIET if quiet else Detail.FULL if verbose else Detail.NORMAL
        return command(*args, **kwargs)

    with_verbose = click.option("-v", "--verbose", is_flag=True, help="More: every interval and every table.")(verb)
    quiet = click.option("-q", "--quiet", is_flag=True, help="Less: the answer in a sentence, no progress, no notes.")
    return quiet(with_verbose)  # type: ignore[return-value]


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


def command_line() -> str:
    """The command as it was given."""
    return shlex.join(["stagger", *sys.argv[1:]])
