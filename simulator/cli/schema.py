"""`stagger schema`: the JSON Schema that editors complete scenarios from."""

from __future__ import annotations

import click

from simulator.cli import options


@click.command(short_help="The JSON Schema, for editors.")
@options.as_json
def schema(as_json: bool) -> None:
    """Print the JSON Schema of scenario files, for editors that check and complete.

    It is one JSON document with --json and without.
    """
    from simulator.scenario import schema as scenario_schema

    options.print_json(scenario_schema())
