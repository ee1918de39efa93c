"""`stagger new`: a commented starter scenario."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path
from typing import Final

import click

from simulator.cli import options
from simulator.errors import StaggerError

STARTER: Final = "scenario.yaml"


@click.command(short_help="How do I start?")
@click.argument("file", type=click.Path(path_type=Path), default=STARTER)
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
@options.as_json
def new(file: Path, force: bool, as_json: bool) -> None:
    """Write a commented starter scenario to FILE (scenario.yaml), which runs as it is."""
    content = files("simulator").joinpath("starter.yaml").read_bytes()
    _write(file, content, force)
    if as_json:
        options.print_json({"file": str(file)})
    else:
        click.echo(f"Wrote {file}. Next: stagger check {file}, then stagger run {file}")


def _write(file: Path, content: bytes, force: bool) -> None:
    """A new file appears whole, and an existing one is never lost by accident, not even in a race."""
    try:
        if not force:
            with file.open("xb") as sink:
                sink.write(content)
            return
        draft = file.with_name(f".{file.name}.{os.getpid()}.partial")
        draft.write_bytes(content)
        draft.replace(file)
    except FileExistsError:
        raise StaggerError(
            f"{file} must not exist yet (it does). Choose another name, or overwrite it with --force."
        ) from None
    except OSError as error:
        raise StaggerError(f"{file} must be writable ({error.strerror}). Choose another place.") from error
