"""`stagger plot`: the figures of answers that lie in folders."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from simulator.cli import options, screen
from simulator.cli.options import Detail
from simulator.wording import count

if TYPE_CHECKING:
    from simulator.plots.figure import Illustration
    from simulator.plots.gallery import Gallery

FORMATS: Final = ("png", "svg", "pdf")


@click.command(short_help="Draw the figures of answers in folders.")
@click.argument("folders", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--figure",
    "figures",
    multiple=True,
    metavar="NAME",
    help="One of the figures; repeat it.  [default: all]",
)
@click.option(
    "--format",
    "formats",
    type=options.Kind(FORMATS),
    multiple=True,
    default=FORMATS,
    metavar="KIND",
    help="png (200 dpi), svg or pdf; repeat it for several.  [default: all three]",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the figures there, those of several folders each in a folder of its own.  [default: DIR/figures]",
)
@options.as_json
@options.detail
def plot(
    folders: tuple[Path, ...],
    figures: tuple[str, ...],
    formats: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    detail: Detail,
) -> None:
    """Draw figures from folders that run, compare, sweep, latest or drivers wrote with --out.

    Runs and comparisons are played again from the scenario in the folder, and must give the numbers that lie there.
    With each figure comes a text: its finding, what it shows in words, and its source.
    """
    from simulator.plots.reopened import gallery_of

    folders = tuple(dict.fromkeys(folders))
    told: list[dict[str, Any]] = []
    for folder, target in zip(folders, _targets(folders, out), strict=True):
        with screen.progress(detail is Detail.QUIET) as progress:
            gallery = gallery_of(folder, progress)
        names = _chosen(gallery, figures, folder)
        _write(gallery, names, tuple(dict.fromkeys(formats)), folder, target)
        told += [_document(gallery.illustrate(name), folder, target, formats) for name in names]
        if not as_json and detail is not Detail.QUIET:
            _say(gallery, names, target)
    if as_json:
        options.print_json({"figures": told})


def _targets(folders: tuple[Path, ...], out: Path | None) -> list[Path]:
    """Where the figures of each folder go."""
    if out is None:
        return [folder / "figures" for folder in folders]
    if len(folders) == 1:
        return [out]
    from simulator.store import folder_names

    return [out / name for name in folder_names([folder.resolve().name for folder in folders])]


def _chosen(gallery: Gallery, figures: tuple[str, ...], folder: Path) -> list[str]:
    """The figures asked for, each once.

    Raises:
        StaggerError: the answer in the folder has no such figure.
    """
    from simulator.errors import StaggerError

    unknown = [name for name in figures if name not in gallery.names()]
    if unknown:
        raise StaggerError(
            f"--figure must name figures of {folder}: {', '.join(gallery.names())} (found {', '.join(unknown)})."
        )
    return list(dict.fromkeys(figures)) or list(gallery.names())


def _write(gallery: Gallery, names: list[str], formats: tuple[str, ...], source: Path, target: Path) -> None:
    """All figures or none; a text beside each says what it shows."""
    from simulator.store import Folder, read_manifest, versions

    made_of = read_manifest(source) or {}
    with Folder(target) as draft:
        for name in names:
            figure = gallery.illustrate(name)
            for file, content in figure.files(formats).items():
                draft.write(file, content)
            draft.write(f"{name}.txt", f"{figure.finding}\n\n{figure.alt}\n\n{figure.source}\n")
        about = {key: made_of.get(key) for key in ("scenario", "scenarios", "schedule", "seed", "replications")}
        draft.commit(
            {"verb": "plot", "command": options.command_line(), "of": about, "figures": names, "versions": versions()}
        )


def _document(figure: Illustration, folder: Path, target: Path, formats: tuple[str, ...]) -> dict[str, Any]:
    """A figure's words, the table behind it, and its files."""
    table = figure.table
    rows = [[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in table.rows]
    return {
        "of": str(folder),
        "name": figure.name,
        "finding": figure.finding,
        "alt": figure.alt,
        "source": figure.source,
        "table": {"heads": table.heads, "kinds": table.kinds, "rows": rows},
        "files": [str(target / f"{figure.name}.{kind}") for kind in dict.fromkeys(formats)],
    }


def _say(gallery: Gallery, names: list[str], target: Path) -> None:
    for name in names:
        screen.say(f"{name}: {gallery.illustrate(name).finding}")
    screen.say(f"{count(len(names), 'figure')} in {target}.")
