"""Files on their way into a store, beside what is whole; nobody reads them before one rename puts them in place."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simulator.store.folder import checked, told

OWN: Final = ".stagger"
"""The folder of a store that is nobody's but its own."""


@dataclass(frozen=True)
class Draft:
    """A folder whose files are written, with their sizes and checksums as manifests have them."""

    folder: Path
    files: Mapping[str, Mapping[str, Any]]

    @classmethod
    def found(cls, folder: Path) -> Draft:
        """That of a folder whose files were written as they came, which are read again for it."""
        return cls(folder, {path.name: checked(path) for path in folder.iterdir()})


@dataclass(frozen=True)
class Drafts:
    """Where a store's drafts are; every process of its machine may write there, as long as the store is locked."""

    root: Path
    """The store's folder."""

    @property
    def folder(self) -> Path:
        """What holds them all."""
        return self.root / OWN / "drafts"

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Says in plain words what keeps files from being written."""
        try:
            yield
        except OSError as error:
            raise told(self.root, error) from error

    @contextmanager
    def new(self, name: str) -> Iterator[Path]:
        """A folder for files on their way; gone in the end unless it was put in its place."""
        draft = self._made(name)
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def write(self, name: str, files: Mapping[str, bytes]) -> Draft:
        """A draft of these files, for somebody else to put in its place.

        The checksums are those of what was to be written: should the disk keep something else, whoever reads the files
        sees it.

        Raises:
            StorageError: the disk is full, or nobody may write there.
        """
        folder = self._made(name)
        try:
            with self.writing():
                for name, content in files.items():
                    (folder / name).write_bytes(content)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return Draft(folder, {name: _said_of(content) for name, content in files.items()})

    def clear(self, age: float) -> None:
        """Remove those that nobody will put in their place any more, of ``age`` seconds or more.

        Each is renamed first: whoever were still at work on it could then not put it in its place half removed.
        """
        before = time.time() - age
        for path in list(self.folder.iterdir()):
            with suppress(FileNotFoundError):
                if path.lstat().st_mtime <= before:
                    aside = path.with_name(f"gone.{os.getpid()}.{path.name[:60]}")
                    path.rename(aside)
                    remove(aside)

    def _made(self, name: str) -> Path:
        with self.writing():
            return Path(tempfile.mkdtemp(prefix=f"{name[:60]}.", dir=self.folder))


def _said_of(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def remove(path: Path) -> None:
    """Remove a file, a link or a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
