"""A folder with a summary, the outcomes behind it, and what made them.

Files are written beside the folder and moved into it when all of them are whole, the manifest last: a
folder without a manifest is not whole, and nothing reads it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from itertools import chain, count
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from pydantic_core import from_json, to_json

from simulator.errors import StaggerError, StorageError
from simulator.store.seal import is_sealed

MANIFEST: Final = "manifest.json"
SUMMARY: Final = "summary.json"
OUTCOMES: Final = "outcomes.parquet"

SEALED: Final = "manifest_sha256"
UNSEALED: Final = b"\n}\n"
"""How a manifest ends, as it is laid out."""
SEAL: Final = b',\n  "manifest_sha256": "%s"\n}\n'
"""How that of a store's run ends, which says by itself whether it is as it was written."""

_PACKAGES: Final = ("numpy", "scipy", "simpy", "pyarrow")
_SPACE: Final = (errno.ENOSPC, errno.EDQUOT)
_KIND: Final = (errno.EISDIR, errno.ENOTDIR, errno.EEXIST)
"""A folder is where a file should be, or the other way round."""


class Folder:
    """Files on their way into a folder, to be used in a `with` statement; gone unless `commit` is called.

    Raises:
        StaggerError: the folder cannot be written, or holds files of these names that stagger did not write.
    """

    def __init__(self, target: Path | str) -> None:
        self.target = Path(target).absolute()
        self._refuse_what_is_not_ours([MANIFEST, SUMMARY, OUTCOMES])
        with self.writing():
            self.target.parent.mkdir(parents=True, exist_ok=True)
            if self.target.exists() and not os.access(self.target, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            prefix = f".{self.target.name[:100]}."
            self.draft = Path(tempfile.mkdtemp(prefix=prefix, suffix=".partial", dir=self.target.parent))

    def __enter__(self) -> Folder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.draft, ignore_errors=True)

    def write(self, name: str, content: bytes | str) -> None:
        """Put a file into the draft."""
        with self.writing():
            (self.draft / name).write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, manifest: Mapping[str, Any]) -> None:
        """Move all files to their place; the manifest gets their sizes and checksums.

        A folder that does not exist yet appears in one step. In one that does, the manifest goes first and
        comes last, files of the last time are replaced or removed, and any others stay.
        """
        with self.writing():
            names = sorted(path.name for path in self.draft.iterdir())
            self._refuse_what_is_not_ours(names)
            files = {name: checked(self.draft / name) for name in names}
            self.write(MANIFEST, as_json({**manifest, "files": files}))
            if not self.target.exists():
                self.draft.chmod(0o777 & ~umask())
                self.draft.rename(self.target)
                return
            before = self._ours()
            (self.target / MANIFEST).unlink(missing_ok=True)
            for name in before - {*names, MANIFEST}:
                (self.target / name).unlink(missing_ok=True)
            for name in [*names, MANIFEST]:
                (self.draft / name).replace(self.target / name)

    def _ours(self) -> set[str]:
        """Names of files in the folder that stagger wrote, going by its manifest."""
        manifest = read_manifest(self.target)
        return {MANIFEST, *manifest["files"]} if manifest else set()

    def _refuse_what_is_not_ours(self, names: list[str]) -> None:
        if self.target.exists() and not self.target.is_dir():
            raise StaggerError(f"{self.target} must be a folder (it is a file). Choose another --out.")
        foreign = sorted(name for name in {*names} - self._ours() if (self.target / name).exists())
        if foreign:
            raise StaggerError(
                f"{self.target} must not hold files of these names that stagger did not write "
                f"(found {', '.join(foreign)}). Choose another --out, or move them away."
            )

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Says in plain words what keeps files from being written."""
        try:
            yield
        except OSError as error:
            raise told(self.target, error) from error


def told(target: Path, error: OSError) -> StorageError:
    """What keeps a folder from being written, in plain words."""
    reason = error.strerror or str(error)
    if error.errno in _KIND and (name := error.filename2 or error.filename):
        there = (path for path in (Path(name), *Path(name).parents) if os.path.lexists(path))
        remedy = f"Move {next(there)} away"
    else:
        remedy = "Free some space" if error.errno in _SPACE else "Check who may write there"
    return StorageError(f"{target} must be writable ({reason}). {remedy}, or choose another --out.")


def folder_names(names: Sequence[str]) -> list[str]:
    """A folder's name for each of some names: readable, safe on any system, no two alike."""
    found: list[str] = []
    for name in names:
        safe = "".join(sign if sign.isalnum() or sign in " -_" else "-" for sign in name).strip(" -")[:80] or "schedule"
        taken = {folder.casefold() for folder in found}
        found.append(next(f for f in chain([safe], (f"{safe} {k}" for k in count(2))) if f.casefold() not in taken))
    return found


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder, None where there is none of ours."""
    try:
        manifest = from_json((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and isinstance(manifest.get("files"), dict) else None


def whole_manifest(folder: Path | str) -> dict[str, Any]:
    """The manifest of a folder, once every file that it lists was found as it was written.

    Raises:
        StaggerError: stagger wrote no such folder, or a file of it is missing or was changed, or is not listed.
    """
    where = Path(folder)
    manifest = read_manifest(where)
    if manifest is None:
        raise StaggerError(f"{where} must be a folder of results (it has no {MANIFEST}). Make one with --out.")
    if SEALED in manifest and not is_sealed((where / MANIFEST).read_bytes(), SEAL):
        raise _changed(where, f"{MANIFEST} was changed")
    for name in (SUMMARY, OUTCOMES):
        if name not in manifest["files"] and os.path.lexists(where / name):
            raise _changed(where, f"{MANIFEST} does not list {name}")
    for name, written in manifest["files"].items():
        path = where / name
        if Path(name).name != name or not path.is_file() or checked(path) != written:
            raise _changed(where, f"{name} is missing or was changed")
    return manifest


def _changed(folder: Path, what: str) -> StaggerError:
    return StaggerError(f"{folder} must be as it was written (found that {what}). Make it again.")


def read_summary(folder: Path | str) -> dict[str, Any]:
    """The document in a folder's summary.json.

    Raises:
        StaggerError: there is none that can be read.
    """
    path = Path(folder) / SUMMARY
    try:
        document = from_json(path.read_bytes())
    except (OSError, ValueError):
        raise StaggerError(f"{path} must be a summary that can be read (it is not). Make it again.") from None
    return dict(document)


def as_json(document: Any) -> str:
    """JSON as this project writes it.

    Raises:
        ValueError: a number in it is not finite.
    """
    said = to_json(document, indent=2, inf_nan_mode="constants")
    if b"NaN" in said or b"Infinity" in said:  # as names may have it, too
        json.dumps(document, allow_nan=False)  # refuses what JSON has no word for, and the quick writer would write
    return said.decode() + "\n"


def versions() -> dict[str, str]:
    """What computed the numbers: stagger, Python and the packages that numbers depend on."""
    from simulator import __version__

    return {"stagger": __version__, "python": platform.python_version()} | {name: _version(name) for name in _PACKAGES}


@cache
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def checked(path: Path) -> dict[str, Any]:
    """A file's size in bytes and its SHA-256, as manifests have them."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def umask() -> int:
    """Which rights new files are not given."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
