"""Where a briefing goes: files of its own or a folder, whole or not at all."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from simulator.errors import StaggerError
from simulator.store import Folder, checked, read_manifest

STEM: Final = "briefing"
"""What the files in a folder are called."""
PAGE: Final = ".html"
DOCUMENT: Final = ".docx"
WORKBOOK: Final = ".xlsx"
SUFFIXES: Final = (PAGE, DOCUMENT, WORKBOOK)
ELSEWHERE: Final = (".htm", ".doc", ".odt", ".pdf", ".xls", ".ods", ".csv", ".md", ".txt", ".rtf", ".json")
"""Suffixes of files that somebody might expect, and that are not written."""


def is_file(out: Path) -> bool:
    """Whether a briefing goes to a file of this name, and not into a folder.

    Raises:
        StaggerError: the name is that of a file of another kind.
    """
    suffix = out.suffix.lower()
    if suffix in ELSEWHERE and not out.is_dir():
        raise StaggerError(
            f"{out} must end in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}, or be a folder (found {suffix}). "
            "Choose another --out."
        )
    return suffix in SUFFIXES and not out.is_dir()


def suffixes(out: Path, xlsx: bool) -> list[str]:
    """What is to be written: what the file's name says, or a web page and a Word document; and a workbook if asked."""
    wanted = [out.suffix.lower()] if is_file(out) else [PAGE, DOCUMENT]
    return list(dict.fromkeys([*wanted, *([WORKBOOK] if xlsx else [])]))


def put(out: Path, contents: Mapping[str, bytes], about: Mapping[str, Any]) -> tuple[Path, ...]:
    """Write contents by suffix to files beside each other, or into a folder with a manifest; returns their paths.

    A file that is named is replaced. In a folder, what somebody changed since it was written is not.

    Raises:
        StaggerError: the files cannot be written, or would replace what somebody else wrote.
    """
    if is_file(out):
        return _beside(out, contents)
    names = {f"{STEM}{suffix}": content for suffix, content in contents.items()}
    _refuse_what_was_changed(out, list(names))
    with Folder(out) as draft:
        for name, content in names.items():
            draft.write(name, content)
        draft.commit(about)
    return tuple(out / name for name in names)


def _beside(out: Path, contents: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Files of one stem, each of which appears whole, once all of them are."""
    paths = {suffix: out if suffix == out.suffix.lower() else out.with_suffix(suffix) for suffix in contents}
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name[:100]}.", suffix=".partial", dir=out.parent) as draft:
            for suffix, content in contents.items():
                (Path(draft) / f"{STEM}{suffix}").write_bytes(content)
            for suffix, path in paths.items():
                (Path(draft) / f"{STEM}{suffix}").replace(path)
    except OSError as error:
        remedy = "Free some space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "Check who may write there"
        raise StaggerError(
            f"{out} must be writable ({error.strerror or error}). {remedy}, or choose another --out."
        ) from error
    return tuple(paths.values())


def _refuse_what_was_changed(folder: Path, names: list[str]) -> None:
    """People edit the Word document; writing it anew would lose what they wrote."""
    manifest = read_manifest(folder)
    written = {} if manifest is None else manifest["files"]
    changed = [
        name
        for name in names
        if (folder / name).is_file() and name in written and checked(folder / name) != written[name]
    ]
    if changed:
        raise StaggerError(
            f"{folder} must hold the briefing as it was written (found that somebody changed {', '.join(changed)}). "
            "Move it away, or choose another --out."
        )
