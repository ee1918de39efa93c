"""`stagger check`: is my file right, what does it assume, and what would run?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli import options, screen
from simulator.cli.options import Detail
from simulator.errors import Fault, ScenarioError
from simulator.wording import count

if TYPE_CHECKING:
    from simulator.scenario import Assumption, Scenario


@click.command(short_help="Is my file right?")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@options.outside
@click.option("--merged", is_flag=True, help="Print the scenario as YAML instead, its bases and changes written out.")
@options.as_json
@options.detail
@click.pass_context
def check(
    ctx: click.Context, files: tuple[Path, ...], outside: bool, merged: bool, as_json: bool, detail: Detail
) -> None:
    """Say everything that is wrong with scenario files, or what they assume and what would run.

    Exit status 2 if anything is wrong with any file.
    """
    if merged and (as_json or len(files) > 1):
        raise click.UsageError("--merged prints one file, and no JSON.")
    reports = [_report(file, outside, merged) for file in files]
    if merged and not reports[0].faults:
        click.echo(reports[0].merged, nl=False)
    elif as_json:
        options.print_json({"files": [report.as_dict() for report in reports]})
    else:
        for report in reports:
            _show(report, detail)
    if any(report.faults for report in reports):
        ctx.exit(options.BAD_INPUT)


@dataclass(frozen=True)
class Report:
    """What is to be said about one file."""

    file: Path
    faults: Sequence[Fault] = ()
    more: int = 0
    """Faults that were found besides."""
    register: Sequence[Assumption] = ()
    stranded: Sequence[Fault] = ()
    title: str = ""
    would_run: dict[str, Any] | None = None
    bases: Sequence[str] = ()
    """The files that it is based on, the nearest first."""
    merged: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "file": str(self.file),
            "ok": not self.faults,
            "bases": list(self.bases),
            "faults": [_fault(fault) for fault in self.faults],
            "more_faults": self.more,
            "register": [asdict(assumption) for assumption in self.register],
            "stranded": [_fault(fault) for fault in self.stranded],
            "would_run": self.would_run,
        }


def _fault(fault: Fault) -> dict[str, Any]:
    return asdict(fault) | {"text": str(fault)}


def _report(file: Path, outside: bool, merged: bool) -> Report:
    from simulator.scenario import load, register, stranded_demands
    from simulator.scenario.write import as_yaml

    try:
        scenario = load(file, outside)
    except ScenarioError as error:
        return Report(file, error.faults, error.more)
    assert scenario.written is not None
    return Report(
        file=file,
        register=register(scenario),
        stranded=stranded_demands(scenario),
        title=scenario.scenario,
        would_run=_would_run(scenario),
        bases=scenario.written.bases,
        merged=as_yaml(scenario.written.raw) if merged else "",
    )


def _would_run(scenario: Scenario) -> dict[str, Any]:
    from simulator.network import compile_network
    from simulator.scenario.variables import variables

    found = variables(scenario)
    return {
        "clusters": list(scenario.clusters),
        "activities": len(compile_network(scenario).activities),
        "variables": sum(not (variable.constant or variable.deep) for variable in found.values()),
        "schedules": list(scenario.schedules),
    }


def _show(report: Report, detail: Detail) -> None:
    if report.faults:
        for fault in report.faults:
            click.echo(str(fault), err=True)
        if report.more:
            click.echo(f"And {report.more:,} more.", err=True)
        click.echo(f"{report.file}: {count(len(report.faults) + report.more, 'problem')}.", err=True)
        return
    assert report.would_run is not None
    run = report.would_run
    based = f" It is based on {', and that on '.join(report.bases)}." if report.bases else ""
    screen.say(f"{report.file}: nothing wrong.{based}")
    if detail is Detail.QUIET:
        return
    _show_register(report.register, detail)
    for fault in report.stranded:
        click.echo(f"\nMay be stranded: {fault}")
    click.echo()
    screen.say(
        f"“{report.title}” would run {count(len(run['clusters']), 'cluster')} as "
        f"{count(run['activities'], 'activity', 'activities')} with {count(run['variables'], 'random variable')}, "
        f"under {count(len(run['schedules']), 'schedule')}: {', '.join(run['schedules'])}."
    )


def _show_register(register: Sequence[Assumption], detail: Detail) -> None:
    by_quality = Counter(assumption.quality or "not said" for assumption in register)
    unsourced = sum(assumption.source is None for assumption in register)
    said = ", ".join(f"{number} {quality}" for quality, number in by_quality.most_common())
    heads = ["input", "value", "quality", "source"]
    rows = [[a.path, a.value, a.quality or "", a.source or ""] for a in register]
    if detail is Detail.FULL:
        heads.append("note")
        rows = [[*row, a.note or ""] for row, a in zip(rows, register, strict=True)]
    screen.table("Assumption register", heads, rows, text_columns=len(heads))
    if register:
        click.echo(f"\n{count(len(register), 'input')}: {said}; {unsourced} without a source.")
