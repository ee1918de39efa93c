"""A store of many runs that cannot lie: each in a folder named by what determines it, whole or not there.

    OUT/runs/NAME/            summary.json, outcomes.parquet, scenario.yaml, manifest.json
    OUT/results.csv, .parquet one table of them
    OUT/.stagger/             the lock, drafts of what is being written, what saves time, and the log

A run is written to a draft and made safe on the disk; then one rename puts it in its place. Its bytes depend on what
its name stands for, and on the versions of packages that its manifest names, so it does not matter who writes it, how
often, or after which accident. Times and commands go to the log.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TypeAlias

from pydantic_core import from_json

from simulator.errors import StaggerError, StorageError
from simulator.store.drafts import OWN, Draft, Drafts, remove
from simulator.store.folder import (
    MANIFEST,
    OUTCOMES,
    SEAL,
    SUMMARY,
    UNSEALED,
    as_json,
    checked,
    read_manifest,
    umask,
)
from simulator.store.key import Key
from simulator.store.lock import Lock
from simulator.store.memory import Memory
from simulator.store.seal import is_sealed, sealed

Row: TypeAlias = dict[str, Any]
"""One row of a table, by its columns."""

SCENARIO: Final = "scenario.yaml"
NEEDED: Final = frozenset({SUMMARY, OUTCOMES, SCENARIO})

ALWAYS_READ: Final = 262_144
"""Bytes up to which a file's checksum is looked at every time; that of a larger one when anything touched it."""
LEFT_ALONE: Final = 86_400
"""Seconds for which drafts are left alone where the file system has no locks."""
TRIES: Final = 5

_OCCUPIED: Final = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EACCES, errno.EPERM)


class Runs:
    """The store in a folder. Looking needs nothing; to write, use it in a `with` statement.

    ``verify`` has every checksum looked at, and begins anew what is remembered to save time.

    Raises:
        StaggerError: the folder cannot be written, or another batch is at work there.
    """

    def __init__(self, root: Path | str, verify: bool = False) -> None:
        self.root = Path(root).absolute()
        self.verify = verify
        self.own = self.root / OWN
        self.drafts = Drafts(self.root)
        self.memory = Memory(self.own / "memory.json", anew=verify)
        self.stack = ExitStack()
        self.sure = False
        """Whether nobody else can be at work in the store."""

    def __enter__(self) -> Runs:
        try:
            with self.writing():
                self._begin()
        except BaseException:
            self.stack.close()
            raise
        return self

    def _begin(self) -> None:
        for folder in (self.root / "runs", self.drafts.folder):
            folder.mkdir(parents=True, exist_ok=True)
        if self.drafts.folder.is_symlink():
            rule = f"{self.drafts.folder} must be a folder of the store's own, for it is cleared (it is a link)"
            raise StorageError(f"{rule}. Remove the link.")
        lock = self.stack.enter_context(Lock(self.own / "lock", str(self.root)))
        self.sure = lock.sure
        age = 0 if lock.sure else LEFT_ALONE
        self.drafts.clear(age)
        self.stack.callback(self._tidy, age)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remember()
        self.stack.close()

    def remember(self) -> None:
        """Keep what saves time next time; that is not worth an error."""
        with suppress(OSError):
            self.memory.save(self.drafts.folder)

    def _tidy(self, age: float) -> None:
        """Remove drafts of workers who were killed, before the lock is let go."""
        with suppress(OSError):
            self.drafts.clear(age)

    def writing(self) -> AbstractContextManager[None]:
        """Says in plain words what keeps files from being written."""
        return self.drafts.writing()

    def folder(self, key: Key) -> Path:
        """Where a run is, or would be."""
        return self.root / "runs" / key.name

    # -- looking ---------------------------------------------------------------------------------------

    def whole(self, key: Key, figures: bool = False) -> bool:
        """Whether a run is there, is what its name says, with figures if asked for, and each file is as written."""
        folder = self.folder(key)
        manifest = read_manifest(folder)
        if manifest is None or not is_sealed(_content(folder / MANIFEST) or b"", SEAL):
            return False
        same = all(manifest.get(name) == value for name, value in key.about().items())
        files: Mapping[str, Any] = manifest["files"]
        if not same or not files.keys() >= NEEDED or (figures and not manifest.get("figures")):
            return False
        return all(self._as_written(folder, name, written) for name, written in files.items())

    def _as_written(self, folder: Path, name: str, written: Mapping[str, Any]) -> bool:
        path, place = folder / name, f"{folder.name}/{name}"
        try:
            if path.stat().st_size != written["bytes"]:
                return False
            large = written["bytes"] > ALWAYS_READ
            if large and not self.verify and self.memory.knows(place, path, written["sha256"]):
                return True
            right = checked(path) == written
            if large and right:
                self.memory.note(place, path, written["sha256"])
        except (OSError, KeyError, TypeError):
            return False
        return right

    def rows(self, key: Key, rows_of: Callable[[Mapping[str, Any]], Iterable[Row]]) -> list[Row]:
        """What a table says of a run that is whole: remembered, or read off its summary by ``rows_of``.

        Raises:
            StaggerError: somebody removed or changed it since it was looked at.
        """
        folder = self.folder(key)
        manifest = read_manifest(folder)
        try:
            if manifest is None:
                raise FileNotFoundError
            sha256 = manifest["files"][SUMMARY]["sha256"]
            known = self.memory.row(sha256)
            if known is not None:
                return known
            content = (folder / SUMMARY).read_bytes()
            if hashlib.sha256(content).hexdigest() != sha256:
                raise ValueError
            found = list(rows_of(from_json(content)))
        except (OSError, ValueError, KeyError, TypeError):
            said = f"{folder} must stay as it is while a batch is at work (it was removed or changed)"
            raise StaggerError(f"{said}. Run it again.") from None
        self.memory.keep(sha256, found)
        return found

    # -- writing ---------------------------------------------------------------------------------------

    def commit(self, key: Key, draft: Draft, about: Mapping[str, Any], rows: Sequence[Row] = ()) -> None:
        """Put a draft in its place, with a manifest of sizes, checksums and what is said ``about`` it.

        The draft is gone if that fails.
        ``rows`` are what a table says of it, where that was read off its summary already.
        """
        folder, files = draft.folder, dict(sorted(draft.files.items()))
        manifest = {**about, **key.about(), "files": files}
        try:
            with self.writing():
                (folder / MANIFEST).write_bytes(sealed(as_json(manifest).encode(), UNSEALED, SEAL))
                folder.chmod(0o777 & ~umask())
                for path in (*(folder / name for name in (*files, MANIFEST)), folder):
                    _settle(path)
                if self._place(folder, key, bool(about.get("figures"))):
                    _settle(self.root / "runs")
                for name, written in files.items():
                    if written["bytes"] > ALWAYS_READ:
                        self.memory.note(f"{key.name}/{name}", self.folder(key) / name, written["sha256"])
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if rows:
            self.memory.keep(files[SUMMARY]["sha256"], rows)

    def _place(self, draft: Path, key: Key, figures: bool) -> bool:
        """Rename a draft to its place; False where somebody else put the same run there first."""
        target = self.folder(key)
        for _ in range(TRIES):
            try:
                draft.rename(target)
                return True
            except OSError as error:
                if error.errno not in _OCCUPIED or not os.path.lexists(target):
                    raise
            if self.whole(key, figures):
                return False
            self._take_aside(target, draft)
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(target))

    def _take_aside(self, target: Path, draft: Path) -> None:
        """Move what is damaged out of the way; files in it that are not ours go with what takes its place."""
        aside = Path(tempfile.mkdtemp(prefix="damaged.", dir=self.drafts.folder)) / "run"
        ours = (read_manifest(target) or {"files": {}})["files"].keys() | {*NEEDED, MANIFEST}
        with suppress(FileNotFoundError):
            target.rename(aside)
        if aside.is_dir() and not aside.is_symlink():
            for path in aside.iterdir():
                if path.name not in ours and not (draft / path.name).exists():
                    path.rename(draft / path.name)
        remove(aside.parent)

    def publish(self, files: Mapping[str, bytes]) -> None:
        """Replace files of the store's own folder, each in one step; those that say the same already stay."""
        with self.drafts.new("results") as draft, self.writing():
            for name, content in files.items():
                if _content(self.root / name) != content:
                    (draft / name).write_bytes(content)
                    _settle(draft / name)
                    (draft / name).replace(self.root / name)
            _settle(self.root)

    def prune(self, name: str) -> None:
        """Remove a run: out of its place in one step, and then its files."""
        with self.drafts.new("pruned") as draft, self.writing():
            (self.root / "runs" / name).rename(draft / "run")

    def log(self, entry: Mapping[str, Any]) -> None:
        """Add a line to the log: what was asked when, and what came of it."""
        line = json.dumps(entry, ensure_ascii=False) + "\n"
        with self.writing(), (self.own / "log.jsonl").open("a", encoding="utf-8", errors="replace") as file:
            file.write(line)


def _settle(path: Path) -> None:
    """Wait until the disk has a file, or the names in a folder."""
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folders
    handle = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
