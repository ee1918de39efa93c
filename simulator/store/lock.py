"""One batch at a time in a folder: a lock that ends with the process that holds it, however it ends."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final

from simulator.errors import StaggerError

_HELD: Final[set[Path]] = set()
"""Locks of this process: those of the system are between processes."""


class Lock:
    """A lock on a file, to be used in a `with` statement; the file stays.

    It is the system's own record lock, so a process that is killed lets go of it, and workers that it forked never
    had it.

    Raises:
        StaggerError: somebody else holds it.
        OSError: the file cannot be made.
    """

    def __init__(self, path: Path, what: str) -> None:
        self.path = Path(os.path.realpath(path))  # record locks of a process end with any close of the file
        self.what = what
        self.file = -1
        self.sure = True
        """Whether the file system has locks at all; where it has none, nobody else is known of."""

    def __enter__(self) -> Lock:
        if self.path in _HELD:
            raise self._taken("this process")
        self.file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            self.sure = _lock(self.file)
        except BlockingIOError:
            holder = os.pread(self.file, 200, 0).decode("utf-8", "replace").strip() if hasattr(os, "pread") else ""
            os.close(self.file)
            raise self._taken(holder or "another process") from None
        _HELD.add(self.path)
        os.ftruncate(self.file, 0)
        os.write(self.file, f"process {os.getpid()}{_host()}\n".encode())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _HELD.discard(self.path)
        with suppress(OSError):
            os.ftruncate(self.file, 0)
        os.close(self.file)

    def _taken(self, holder: str) -> StaggerError:
        return StaggerError(
            f"{self.what} must be used by one batch at a time ({holder} is at work there). Wait for it."
        )


def _host() -> str:
    name = os.uname().nodename if hasattr(os, "uname") else ""
    return f" on {name}" if name else ""


if sys.platform == "win32":

    def _lock(file: int) -> bool:
        import msvcrt

        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            raise BlockingIOError from None
        return True

else:

    def _lock(file: int) -> bool:
        import errno
        import fcntl

        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EAGAIN):
                raise BlockingIOError from None
            if error.errno in (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL):
                return False
            raise
        return True
