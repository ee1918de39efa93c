"""From paths as they are given to scenario files: each once, in an order that does not depend on the disk."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simulator.errors import StaggerError
from simulator.store import MANIFEST

ENDINGS: Final = (".yaml", ".yml")
MOST_FILES: Final = 100_000

_WILD: Final = "*?["


@dataclass(frozen=True)
class Problem:
    """Something that did not run, and everything that is wrong with it."""

    file: str
    """The file, or the path that led to none."""
    text: str
    values: tuple[str, ...] = ()
    """What was varied, where only that is wrong."""
    schedule: str = ""

    def as_row(self, paths: Sequence[str]) -> dict[str, Any]:
        """The same for the table; ``paths`` are what was varied."""
        varied = {f"vary: {path}": value for path, value in zip(paths, self.values, strict=False)}
        row = {"file": self.file, **varied, "schedule": self.schedule or None, "problem": self.text}
        return {name: value for name, value in row.items() if value is not None}

    def told(self, paths: Sequence[str]) -> str:
        """The same in words."""
        about = [f"{path}={value}" for path, value in zip(paths, self.values, strict=False)]
        if self.schedule:
            about.append(self.schedule)
        if not about and self.text.startswith(f"{self.file}:"):
            return self.text
        where = f"{self.file} ({', '.join(about)})" if about else self.file
        return f"{where}: {self.text}"


@dataclass(frozen=True)
class Files:
    """What paths led to."""

    names: tuple[str, ...]
    """Files as they are called in the table, in the order of the paths."""
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def find_files(paths: Sequence[Path | str], out: Path) -> Files:
    """The scenario files that files, folders and patterns lead to; folders are searched throughout.

    Hidden files, ``out`` and folders of results are left out unless they are named themselves; a file that is reached
    twice, by whatever names, is taken once.

    Raises:
        StaggerError: there are none, or too many.
    """
    names: dict[str, str] = {}
    problems: list[Problem] = []
    twice: list[str] = []
    for path in [str(each) for each in paths]:
        found = list(_led_to(path, os.path.realpath(out)))
        if not found:
            problems.append(Problem(path, _nothing(path)))
        for name in found:
            own = os.path.realpath(name)  # which leaves alone a link that leads to itself
            if own in names:
                twice.append(name)
            elif len(names) == MOST_FILES:
                raise StaggerError(f"a batch must not be of more than {MOST_FILES:,} files. Run it in parts.")
            names.setdefault(own, name)
    if not names:
        raise StaggerError("\n".join(f"{each.file}: {each.text}" for each in problems) or "a batch needs a file.")
    return Files(tuple(names.values()), tuple(problems), tuple(_noted(twice)))


def _led_to(path: str, out: str) -> Iterator[str]:
    if os.path.isdir(path):
        yield from _below(path, out)
    elif os.path.lexists(path):
        yield path
    elif any(sign in path for sign in _WILD):
        for each in sorted(glob.glob(path, recursive=True)):
            if not os.path.isdir(each) and all(_is_searched(folder, out) for folder in _wild_folders(path, each)):
                yield each


def _wild_folders(pattern: str, found: str) -> list[Path]:
    """The folders on the way to what a pattern found that the pattern did not name."""
    named = 0
    for part in Path(pattern).parts:
        if any(sign in part for sign in _WILD):
            break
        named += 1
    parts = Path(found).parts
    return [Path(*parts[:depth]) for depth in range(named + 1, len(parts))]


def _below(folder: str, out: str) -> Iterator[str]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if _is_searched(Path(here, name), out))
        for name in sorted(files):
            if name.lower().endswith(ENDINGS) and not name.startswith("."):
                yield os.path.join(here, name)


def _is_searched(folder: Path, out: str) -> bool:
    return not folder.name.startswith(".") and os.path.realpath(folder) != out and not (folder / MANIFEST).is_file()


def _nothing(path: str) -> str:
    if os.path.isdir(path):
        return f"a folder must hold scenario files (found none that ends in {' or '.join(ENDINGS)})."
    if any(sign in path for sign in _WILD):
        return "a pattern must match a file (found none). Put it in quotes if the shell should not read it."
    return "must be a file, a folder or a pattern (there is nothing of this name)."


def _noted(twice: Iterable[str]) -> Iterator[str]:
    names = list(dict.fromkeys(twice))
    if names:
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        yield f"the same files were named more than once and are run once: {', '.join(names[:3])}{more}."
