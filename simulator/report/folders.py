"""The folders that a briefing is written from: each result worked out again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from simulator.errors import StaggerError
from simulator.reopen import reopen
from simulator.report.studies import readable
from simulator.report.subject import Answer, Origin, Study, Subject, subject
from simulator.store import MANIFEST, SUMMARY, as_json, read_manifest, read_summary, whole_manifest
from simulator.words.said import listed
from simulator.workers import Asked

Progress = Callable[[int, int], None]

ANSWERS: Final = ("run", "compare")
STUDIES: Final = ("drivers", "sweep", "latest")
"""Verbs whose documents hold all that is said of them: they are read as they were written."""


def open_folders(folders: Sequence[Path | str], workers: Asked = None, progress: Progress | None = None) -> Subject:
    """What several folders of results are about, every answer of `run` and `compare` among them worked out again.

    A folder without results of its own stands for the folders in it that have some, as `run --out` with several
    schedules leaves them.

    Raises:
        StaggerError: a folder is not whole or has no such results, or its numbers do not come out again.
    """
    answers: list[Answer] = []
    origins: list[Origin] = []
    studies: list[Study] = []
    for folder in _within(folders):
        manifest = whole_manifest(folder)
        verb = manifest.get("verb")
        if verb in STUDIES:
            studies.append(readable(Study(verb, read_summary(folder), folder.resolve().name, manifest), folder))
            continue
        if verb not in ANSWERS:
            raise StaggerError(f"{folder} must be what {listed([*ANSWERS, *STUDIES], 9)} wrote (found {verb}).")
        answer = reopen(folder, workers, progress)
        answers.append(answer)
        origins.append(_origin(folder, manifest, answer))
    return subject(answers, origins, studies, workers, progress)


def _within(folders: Sequence[Path | str]) -> list[Path]:
    """The folders themselves, or those in them that hold results; each of them once."""
    found: dict[Path, Path] = {}
    for folder in map(Path, folders):
        for each in [folder] if (folder / MANIFEST).exists() else _inside(folder):
            found.setdefault(each.resolve(), each)
    return list(found.values())


def _inside(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise StaggerError(f"{folder} must be a folder of results (there is no such folder). Make one with --out.")
    inside = [path.parent for path in sorted(folder.glob(f"*/{MANIFEST}"))]
    found = [each for each in inside if (read_manifest(each) or {}).get("verb") in (*ANSWERS, *STUDIES)]
    if not found:
        raise StaggerError(f"{folder} must be a folder of results (it has no {MANIFEST}). Make one with --out.")
    return found


def _origin(folder: Path, manifest: Mapping[str, Any], answer: Answer) -> Origin:
    summary = answer.summary()
    exact = as_json(summary) == (folder / SUMMARY).read_text(encoding="utf-8")
    return Origin(folder.resolve().name, manifest, _figures(summary), exact)


def _figures(document: Any) -> int:
    """Numbers and dates in a document."""
    if isinstance(document, Mapping):
        return sum(map(_figures, document.values()))
    if isinstance(document, (list, tuple)):
        return sum(map(_figures, document))
    return int(document is not None and not isinstance(document, bool))
