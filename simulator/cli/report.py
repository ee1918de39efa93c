"""`stagger report`: a briefing about results, for a minister's office."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli import options, screen
from simulator.cli.options import Detail
from simulator.wording import count

if TYPE_CHECKING:
    from simulator.report.write import Report
    from simulator.workers import Asked

CHECK_FAILED = 1
"""The exit status where a check of the numbers did not hold."""


@click.command(short_help="A briefing about results, for the paper.")
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE|DIR",
    default="briefing",
    show_default=True,
    help="A file ending in .html, .docx or .xlsx, which is replaced; or a folder for a web page and a Word document.",
)
@click.option("--xlsx", is_flag=True, help="A workbook too, with the table behind every figure.")
@options.workers
@options.as_json
@options.detail
@click.pass_context
def report(
    ctx: click.Context,
    folders: tuple[Path, ...],
    out: Path,
    xlsx: bool,
    workers: Asked,
    as_json: bool,
    detail: Detail,
) -> None:
    """Write a briefing about folders of results, those of `run --out` and `compare --out`.

    Every result is worked out again from the scenario in its folder and checked, and schedules that met the same
    futures are compared. Folders of `drivers`, `sweep` and `latest` that are given too say what would change the
    answer. Exit status 1 if a check did not hold.
    """
    from simulator.report.files import suffixes
    from simulator.report.folders import open_folders
    from simulator.report.write import write

    suffixes(out, xlsx)
    with screen.progress(detail is Detail.QUIET) as progress:
        about = open_folders(folders, workers, progress)
    written = write(about, out, xlsx)
    if as_json:
        options.print_json(written.as_dict())
    elif detail is not Detail.QUIET:
        _show(written, detail)
    for check in written.checks:
        if not check.holds:
            click.echo(f"Does not hold: {check.name}: {check.found}.", err=True)
    if not written.holds:
        ctx.exit(CHECK_FAILED)


def _show(written: Report, detail: Detail) -> None:
    screen.say(f"Written to {', '.join(map(str, written.files))}.")
    held = sum(check.holds for check in written.checks)
    screen.say(f"{held:,} of {count(len(written.checks), 'check')} of the numbers hold.")
    if detail is Detail.FULL:
        rows = [[check.name, check.found, "yes" if check.holds else "no"] for check in written.checks]
        screen.table("Verification record", ("check", "found", "holds"), rows, text_columns=3)
