"""The command line: `stagger`, one file per verb, each imported when it is called."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import warnings
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, Final

import click

from simulator import __version__
from simulator.cli.options import BAD_INPUT
from simulator.errors import StaggerError
from simulator.interrupts import Interrupts, end_at_the_next

VERBS: Final = (
    "check",
    "run",
    "compare",
    "latest",
    "sweep",
    "drivers",
    "batch",
    "diff",
    "trace",
    "plot",
    "report",
    "new",
    "schema",
)
GARBAGE: Final = 100_000
"""New objects after which Python looks for garbage that refers to itself, in place of 700: importing makes a hundred
thousand, all of them wanted."""
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141
"""128 and the number of the signal, as shells report it."""


class Verbs(click.Group):
    """Finds a verb's command in the module of its name, and turns what can go wrong into an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = getattr(import_module(f"simulator.cli.{cmd_name}"), cmd_name)
        return command

    def main(self, args: Sequence[str] | None = None, *others: Any, **how: Any) -> Any:
        try:
            with Interrupts():
                return super().main(args, *others, **how)
        finally:
            if args is None:  # this is the program, and not somebody's function
                end_at_the_next()

    def invoke(self, ctx: click.Context) -> Any:
        warnings.showwarning = _in_plain_words
        _collect_little()
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()
            return answer
        except StaggerError as error:
            click.echo(str(error), err=True)
            ctx.exit(BAD_INPUT)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            _let_go_of_stdout()
            ctx.exit(BROKEN_PIPE)


@cache
def _collect_little() -> None:
    """Have Python look for garbage seldom, and not at all as it ends: there it would go through all that was imported.

    The two together take a fifth of the time of an answer.
    """
    gc.set_threshold(GARBAGE)
    atexit.register(gc.freeze)


def _in_plain_words(message: Warning | str, *_: Any, **__: Any) -> None:
    click.echo(f"Note: {message}", err=True)


def _let_go_of_stdout() -> None:
    """Nobody reads any more; nor should Python complain about it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="stagger")
def main() -> None:
    """When should each buyer go to market, and what does each schedule risk?

    Exit status: 0 done, 1 a check did not hold, 2 bad input or usage.
    """
