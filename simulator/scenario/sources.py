"""Which files a scenario was read from, for whoever needs to know whether they have changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_LISTENING: ContextVar[dict[str, str] | None] = ContextVar("listening", default=None)


@contextmanager
def listening() -> Iterator[dict[str, str]]:
    """A mapping that fills with every file that is read inside: its absolute path to the SHA-256 of its bytes."""
    found: dict[str, str] = {}
    token = _LISTENING.set(found)
    try:
        yield found
    finally:
        _LISTENING.reset(token)


def heard(path: Path, content: bytes) -> None:
    """Tell whoever listens that a file was read."""
    found = _LISTENING.get()
    if found is not None:
        found[str(path.absolute())] = hashlib.sha256(content).hexdigest()
