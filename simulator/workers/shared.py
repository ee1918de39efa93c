"""What many jobs have in common: pickled as a key, and sent to a process only when it lacks it."""

from __future__ import annotations

import gc
import pickle
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

Value = TypeVar("Value")

RARELY: Final = 50_000
"""Objects that a job makes, and does not let go, between looks for garbage."""

MOST_KEPT: Final = 16
"""Values that a process keeps of those it was sent; the oldest go first."""

_values: Final[dict[str, Any]] = {}
_received: Final[deque[str]] = deque()
_lock: Final = threading.Lock()


@dataclass(frozen=True)
class Shared(Generic[Value]):
    """A value that this process, and every worker that was sent it, knows by its key."""

    key: str

    @property
    def value(self) -> Value:
        """The value itself.

        Raises:
            Lacking: this process was never sent it, or has let it go.
        """
        try:
            return _values[self.key]
        except KeyError:
            raise Lacking(self.key) from None


class Lacking(Exception):
    """A worker was not sent a value that a job looks at; the job is sent again, with the value."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Strange:
    """A worker's answer where its packages are not those of the process that sent the job."""

    versions: Mapping[str, str]


def keep(key: str, value: Any) -> None:
    """Have this process, and those forked from it, know a value."""
    _values[key] = value


def forget(key: str) -> None:
    """Let a value go."""
    _values.pop(key, None)


def packed(key: str) -> bytes:
    """A value as it is sent."""
    return zlib.compress(pickle.dumps(_values[key], pickle.HIGHEST_PROTOCOL), 1)


def work(job: Callable[[], Any], sent: Mapping[str, bytes], versions: Mapping[str, str] | None) -> Any:
    """A job's answer, worked out by a worker; `Lacking` or `Strange` where it cannot be."""
    if versions is not None and versions != own_versions():
        return Strange(own_versions())
    _receive(sent)
    try:
        with _tidied_rarely():
            return job()
    except Lacking as lacking:
        return lacking


@contextmanager
def _tidied_rarely() -> Iterator[None]:
    """A job is looked through for garbage now and then only: most of what it makes goes by itself.

    The process may be somebody else's, as workers of a cluster are, so this ends with the job; where it looks more
    rarely by itself, or never, that stands.
    """
    before = gc.get_threshold()
    if not 0 < before[0] < RARELY:  # or another thread is at a job, and will end this with its own
        yield
        return
    gc.set_threshold(RARELY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _receive(sent: Mapping[str, bytes]) -> None:
    with _lock:
        for key, content in sent.items():
            if key not in _values:
                _values[key] = pickle.loads(zlib.decompress(content))
                _received.append(key)
        while len(_received) > MOST_KEPT:
            _values.pop(_received.popleft(), None)


def own_versions() -> dict[str, str]:
    """What the last digit of an answer depends on: stagger, Python's release, and packages."""
    from simulator.store import versions

    found = versions()
    return {**found, "python": ".".join(found["python"].split(".")[:2])}
