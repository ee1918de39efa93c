"""Which libraries, how many replications a round each, and what they answer."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, Final

import numpy as np

from benchmarks.clock import Layers, timed
from benchmarks.machine import installed

OURS: Final = "stagger, batch engine"


@dataclass(frozen=True)
class Peer:
    """A library that can say the model."""

    name: str
    package: str | None
    """What must be installed for it, besides our own dependencies."""
    module: str
    replications: int

    @property
    def there(self) -> bool:
        return self.package is None or installed(self.package) is not None

    def futures(self) -> Callable[[int], Any]:
        """Its function of a count of replications."""
        return _futures(self.module)


PEERS: Final = (
    Peer(OURS, None, "stagger", 65536),
    Peer("Cimba", "cimba", "in_cimba", 16384),
    Peer("Cimba, seeds ready", "cimba", "in_cimba_ready", 16384),
    Peer("plain SimPy", None, "plain_simpy", 1000),
    Peer("Ciw", "ciw", "in_ciw", 200),
    Peer("salabim", "salabim", "in_salabim", 50),
)


@contextmanager
def rounds_of_peers() -> Iterator[Mapping[str, Callable[[], Layers]]]:
    """One round of each library that is there, as `benchmarks.clock.medians` wants it.

    Each lives in a process of its own: Cimba cannot compile where numba was used before it was imported.
    """
    with ExitStack() as stack:
        yield {peer.name: partial(_sent, stack.enter_context(_home()), peer) for peer in PEERS if peer.there}


def _home() -> Executor:
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))


def _sent(home: Executor, peer: Peer) -> Layers:
    return home.submit(_seconds, peer.module, peer.replications).result()


def _seconds(module: str, count: int) -> Layers:
    futures = _futures(module)
    found: list[Any] = []
    seconds = timed(lambda: found.append(futures(count)))
    return {"whole": seconds / count, "mean last": float(np.mean(found[0]))}


def _futures(module: str) -> Callable[[int], Any]:
    found: Callable[[int], Any] = import_module(f"benchmarks.peers.{module}").futures
    return found
