"""Files that a scenario names: inside its folder unless more is allowed, regular, and no larger than expected.

Scenario files come from strangers, so that a name is not trusted: `..`, an absolute path or a link may lead out, and a
device or a pipe may never end.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from simulator.scenario.sources import heard

ALLOW = "Move it there, or allow files from elsewhere with --allow-outside (in Python: outside=True)"


class Unreachable(Exception):
    """A file that may not or cannot be read: the rule that it breaks, and a remedy."""

    def __init__(self, rule: str, remedy: str = "") -> None:
        super().__init__(rule)
        self.rule = rule
        self.remedy = remedy


def reached(name: str, start: Path | None, folder: Path | None, outside: bool) -> Path:
    """Where a file lies that is named from the folder ``start``, links followed.

    Raises:
        Unreachable: it lies outside ``folder``, and may not.
    """
    if start is None or folder is None:
        raise Unreachable("a file needs a scenario that lies in a folder")
    try:
        path = (start / name).resolve()
    except (OSError, ValueError, RuntimeError):
        raise Unreachable("must be the name of a file") from None
    if not outside and not path.is_relative_to(folder.resolve()):
        raise Unreachable("a file must lie in the scenario's folder or below it", ALLOW)
    return path


def content(path: Path, most: int) -> bytes:
    """The bytes of a file.

    Raises:
        Unreachable: it is not there, is no regular file, cannot be read, or has more than ``most`` bytes.
    """
    try:
        # Neither does a pipe keep us waiting, nor a link that was put there since lead elsewhere.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(path, flags), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise Unreachable("must be a regular file")
            data = stream.read(most + 1)
    except IsADirectoryError:
        raise Unreachable("must be a regular file") from None
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise Unreachable("must be a file that is there") from None
    except OSError:
        raise Unreachable("must be a readable file") from None
    if len(data) > most:
        raise Unreachable(f"must not be larger than {most:,} bytes")
    heard(path, data)
    return data
