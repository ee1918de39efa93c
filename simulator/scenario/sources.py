"""Which files a scenario was read from, for whoever needs to know whether they have changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final, NamedTuple

from simulator.regular import beginning

LARGEST: Final = 5_000_000
"""Bytes of the largest file that a scenario can come from."""


class Read(NamedTuple):
    """What was found under the name of a file."""

    path: str
    """Where it lay, links followed."""
    sha256: str


_LISTENING: ContextVar[dict[str, Read] | None] = ContextVar("listening", default=None)


@contextmanager
def listening() -> Iterator[dict[str, Read]]:
    """A mapping that fills with every file that is read inside: its absolute name, as given, to what was found."""
    found: dict[str, Read] = {}
    token = _LISTENING.set(found)
    try:
        yield found
    finally:
        _LISTENING.reset(token)


def heard(name: Path, path: Path, content: bytes) -> None:
    """Tell whoever listens that a file was read: how it was named, where it lies, and its bytes."""
    found = _LISTENING.get()
    if found is not None:
        found[str(name.absolute())] = Read(str(path), _sha256(content))


def heard_again(name: Path, first: Path) -> None:
    """Tell whoever listens that a file which was read by the name ``first`` goes by another name too."""
    found = _LISTENING.get()
    if found is not None:
        found[str(name.absolute())] = found[str(first.absolute())]


def is_as_read(name: str, read: Read) -> bool:
    """Whether a name still leads to the same place, and the same is there."""
    try:
        there = os.path.realpath(name)
        return there == read.path and _sha256(beginning(there, LARGEST + 1, links=False)) == read.sha256
    except (OSError, ValueError):
        return False


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
