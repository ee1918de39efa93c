"""Files that a scenario names: inside its folder unless more is allowed, regular, and no larger than expected.

Scenario files come from strangers, so that a name is not trusted: `..`, an absolute path or a link may lead out, and a
device or a pipe may never end.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from simulator.regular import NotRegular, beginning
from simulator.scenario.sources import heard

ALLOW = "Move it there, or allow files from elsewhere with --allow-outside (in Python: outside=True)"


class Unreachable(Exception):
    """A file that may not or cannot be read: the rule that it breaks, and a remedy."""

    def __init__(self, rule: str, remedy: str = "") -> None:
        super().__init__(rule)
        self.rule = rule
        self.remedy = remedy


@dataclass(frozen=True)
class Reached:
    """A file that a scenario names, and may."""

    name: Path
    """As it was named, from the folder where that begins."""
    path: Path
    """Where it lies, links followed."""


def reached(name: str, start: Path | None, folder: Path | None, outside: bool) -> Reached:
    """The file that is named from the folder ``start``.

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
    return Reached(start / name, path)


def content(file: Reached, most: int) -> bytes:
    """The bytes of a file.

    Raises:
        Unreachable: it is not there, is no regular file, cannot be read, or has more than ``most`` bytes.
    """
    try:
        data = beginning(file.path, most + 1, links=False)  # a link that was put there since must not lead elsewhere
    except (NotRegular, IsADirectoryError):
        raise Unreachable("must be a regular file") from None
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise Unreachable("must be a file that is there") from None
    except OSError:
        raise Unreachable("must be a readable file") from None
    if len(data) > most:
        raise Unreachable(f"must not be larger than {most:,} bytes")
    heard(file.name, file.path, data)
    return data
