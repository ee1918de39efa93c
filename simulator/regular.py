"""Regular files, read no further than asked for: a pipe or a device of the same name keeps nobody waiting."""

from __future__ import annotations

import os
import stat
from pathlib import Path


class NotRegular(OSError):
    """A pipe, a device or whatever else is not a file that ends."""


def beginning(path: Path | str, size: int, links: bool = True) -> bytes:
    """The first ``size`` bytes of a file, all of them where it has fewer; one more than a limit shows what is larger.

    Without ``links``, the name itself must not be a link.

    Raises:
        NotRegular: it is there, and neither a regular file nor a folder.
        OSError: it cannot be read, as a folder cannot.
        ValueError: no file can have that name.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if not links:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags), "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise NotRegular
        return stream.read(size)
