"""From paths as they are given to scenario files: each once, in an order that does not depend on the disk."""

from __future__ import annotations

import errno
import glob
import os
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from simulator.errors import StaggerError
from simulator.given import PATH, require, several
from simulator.store.folder import MANIFEST, read_manifest

ENDINGS: Final = (".yaml", ".yml")
MOST_FILES: Final = 100_000
MOST_LOOKED_INTO: Final = 1000
"""Folders behind a link that one looks into; it may lead to all that a machine has."""

_WILD: Final = "*?["
_NO_FOLDER: Final = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
"""Why a name cannot be listed that is no folder, or none any more."""


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
    passed: tuple[str, ...] = ()
    """Scenario files in folders of results that do not list them, and links to folders where others may lie."""


def find_files(paths: Any, out: Any) -> Files:
    """The scenario files that files, folders and patterns lead to; folders are searched throughout.

    Hidden files, ``out`` and folders of results are left out unless they are named themselves; what stagger did not
    write into a folder of results is noted, and so are links to folders, which are not followed, where files lie that
    are not reached otherwise. A folder that cannot be listed is a problem. A file that is reached twice, by whatever
    names, is taken once.

    Raises:
        StaggerError: there are none, or too many, or something else than paths was given.
    """
    named = several(paths, PATH)
    for path in named:
        require(path, PATH, "a batch needs files, folders or patterns", "Give their paths.")
    require(out, PATH, "a batch needs a folder for its results", "Give its path as out.")
    names: dict[str, str] = {}
    twice: list[str] = []
    search = _Search(os.path.realpath(out))
    for path in [str(each) for each in named]:
        before = len(search.problems)
        found = list(search.led_to(path))
        if not found and len(search.problems) == before:
            search.problems[path] = Problem(path, _nothing(path))
        for name in found:
            own = os.path.realpath(name)  # which leaves alone a link that leads to itself
            if own in names:
                twice.append(name)
            elif len(names) == MOST_FILES:
                raise StaggerError(f"a batch must not be of more than {MOST_FILES:,} files. Run it in parts.")
            names.setdefault(own, name)
    problems = tuple(search.problems.values())
    passed = tuple(name for own, name in search.passed.items() if own not in names)
    links = tuple(link for link in search.links.values() if search.leads_to_more(link, names))
    left = [*_noted_passed(passed), *_noted_links(links)]
    if not names:
        wrong = [*(f"{each.file}: {each.text}" for each in problems), *left]
        raise StaggerError("\n".join(wrong) or "a batch needs a file.")
    return Files(tuple(names.values()), problems, (*_noted(twice), *left), (*passed, *links))


@dataclass
class _Search:
    """Where files are looked for, and what was met on the way."""

    out: str
    problems: dict[str, Problem] = field(default_factory=dict)
    """By path."""
    passed: dict[str, str] = field(default_factory=dict)
    """Files that were passed over, by what they really are."""
    links: dict[str, str] = field(default_factory=dict)
    """Links to folders, by where they lead."""
    known: dict[str, Container[str] | None] = field(default_factory=dict)
    """What the manifests of folders list."""

    def led_to(self, path: str) -> Iterator[str]:
        """The files that a path leads to."""
        if os.path.isdir(path):
            yield from self._below(path)
        elif os.path.lexists(path):
            yield path
        elif _is_wild(path):
            yield from self._matching(path)

    def _below(self, folder: str) -> Iterator[str]:
        for here, folders, files in os.walk(folder, onerror=self._refuse):
            inside = sorted(name for name in folders if self._in_sight(os.path.join(here, name)))
            folders[:] = [name for name in inside if self._listed(os.path.join(here, name)) is None]
            for path in (os.path.join(here, name) for name in folders):
                if os.path.islink(path):
                    self.links.setdefault(os.path.realpath(path), path)
            for name in inside:
                if name not in folders and not os.path.islink(os.path.join(here, name)):
                    self._pass_over(os.path.join(here, name))
            yield from _scenarios(here, files)

    def leads_to_more(self, link: str, names: Container[str]) -> bool:
        """Whether scenario files lie where a link leads that are none of ``names``, as far as one looks for them."""
        for looked, (here, folders, files) in enumerate(os.walk(link)):
            if looked == MOST_LOOKED_INTO or any(
                os.path.realpath(each) not in names for each in _scenarios(here, files)
            ):
                return True
            paths = {name: os.path.join(here, name) for name in folders}
            folders[:] = [name for name, path in paths.items() if self._in_sight(path) and self._listed(path) is None]
        return False

    def _pass_over(self, results: str) -> None:
        """Remember the scenario files in a folder of results that nobody wrote as results."""
        for here, folders, files in os.walk(results, onerror=self._refuse):
            folders[:] = sorted(name for name in folders if self._in_sight(os.path.join(here, name)))
            for name in _scenarios(here, files):
                self._pass(name)

    def _pass(self, file: str) -> None:
        folder, name = os.path.split(file)
        if name != MANIFEST and name not in (self._listed(folder) or ()):
            self.passed.setdefault(os.path.realpath(file), file)

    def _matching(self, pattern: str) -> Iterator[str]:
        self._look_along(pattern)
        for each in sorted(glob.glob(pattern, recursive=True)):
            folders = _wild_folders(pattern, each)
            if os.path.isdir(each) or not all(map(self._in_sight, folders)):
                continue
            if any(self._listed(folder) is not None for folder in folders):
                self._pass(each)
            else:
                yield each

    def _look_along(self, pattern: str) -> None:
        """Refuse folders that a pattern leads to and that cannot be listed, of which `glob` says nothing."""
        parts = Path(pattern).parts
        for depth in range(len(parts) + 1):
            before, after = parts[:depth], "".join(parts[depth : depth + 1])
            if before[-1:] == ("**",) or _is_wild(after):
                self._try(pattern, before, "")
            elif after and any(map(_is_wild, before)):
                self._try(pattern, before, after)

    def _try(self, pattern: str, before: Sequence[str], name: str) -> None:
        """Look whether the folders that a pattern's first parts match can be listed, or asked for a ``name``."""
        for folder in glob.glob(os.path.join(*before), recursive=True) if before else ["."]:
            on_the_way = _wild_folders(pattern, os.path.join(folder, "file"))
            if all(self._in_sight(each) and self._listed(each) is None for each in on_the_way):
                try:
                    if name:
                        os.lstat(os.path.join(folder, name))
                    else:
                        os.scandir(folder).close()
                except OSError as error:
                    self._refuse(error, folder)

    def _refuse(self, error: OSError, folder: str = "") -> None:
        if error.errno not in _NO_FOLDER:
            path = folder or str(error.filename)
            why = error.strerror or type(error).__name__
            text = f"a folder must be one that can be listed (found: {why}). Have it allowed, or leave it out."
            self.problems.setdefault(path, Problem(path, text))

    def _in_sight(self, folder: str) -> bool:
        return not os.path.basename(folder).startswith(".") and os.path.realpath(folder) != self.out

    def _listed(self, folder: str) -> Container[str] | None:
        """The files that a folder's manifest lists, None where it has no manifest of ours."""
        if folder not in self.known:
            there = os.path.isfile(os.path.join(folder, MANIFEST))  # no pipe, for which one would wait
            manifest = read_manifest(Path(folder)) if there else None
            self.known[folder] = None if manifest is None else frozenset(manifest["files"])
        return self.known[folder]


def _is_wild(path: str) -> bool:
    return any(sign in path for sign in _WILD)


def _scenarios(folder: str, files: Iterable[str]) -> Iterator[str]:
    for name in sorted(files):
        if name.lower().endswith(ENDINGS) and not name.startswith("."):
            yield os.path.join(folder, name)


def _wild_folders(pattern: str, found: str) -> list[str]:
    """The folders on the way to what a pattern found that the pattern did not name."""
    named = 0
    for part in Path(pattern).parts:
        if _is_wild(part):
            break
        named += 1
    parts = Path(found).parts
    return [str(Path(*parts[:depth])) for depth in range(named + 1, len(parts))]


def _nothing(path: str) -> str:
    if os.path.isdir(path):
        return f"a folder must hold scenario files (found none that ends in {' or '.join(ENDINGS)})."
    if _is_wild(path):
        return "a pattern must match a file (found none). Put it in quotes if the shell should not read it."
    return "must be a file, a folder or a pattern (there is nothing of this name)."


def _noted(twice: Iterable[str]) -> Iterator[str]:
    names = list(dict.fromkeys(twice))
    if names:
        yield f"the same files were named more than once and are run once: {_some(names)}."


def _noted_passed(passed: Sequence[str]) -> Iterator[str]:
    if passed:
        yield f"passed over, in folders of results: {_some(passed)}. To run them, name them, or move them elsewhere."


def _noted_links(links: Iterable[str]) -> Iterator[str]:
    names = list(links)
    if names:
        yield f"not searched, since they are links: {_some(names)}. To run what lies there, name them."


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"
