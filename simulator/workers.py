"""Who does the work: the one place that makes executors.

Jobs go through one code path whether they run here, in processes or in threads: an executor of
`concurrent.futures` does them, and their results come back in the order in which they were sent.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import islice
from multiprocessing.context import BaseContext
from types import TracebackType
from typing import Any, Final, TypeVar

from simulator.errors import StaggerError

Answer = TypeVar("Answer")

THREADED: Final = frozenset({"batch"})
"""Engines that let go of the interpreter's lock, so that threads are enough."""

PER_WORKER: Final = 3
"""Jobs sent and not yet read, per worker: enough to keep all busy, few enough to keep memory flat."""

GLANCE: Final = 0.5
"""Seconds between a worker's looks at whether its parent lives."""

MOST_LOSSES: Final = 3
"""Times in a row that a pool of processes is made anew before giving up."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers:
    """Workers for jobs of one engine, to be used in a `with` statement.

    ``number`` is how many (the machine's cores where None); with one, jobs run here.

    Raises:
        StaggerError: fewer than one worker is asked for.
    """

    def __init__(self, number: int | None = None, engine: str = "events") -> None:
        self.number = cores() if number is None else number
        if self.number < 1:
            raise StaggerError(f"the number of workers must be 1 or more (found {number}).")
        self.engine = engine
        self.losses = 0
        self.executor = self._made()

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.executor.shutdown(wait=True, cancel_futures=True)

    def in_order(self, jobs: Iterable[Callable[[], Answer]]) -> Iterator[Answer]:
        """The answers of jobs, in the order of the jobs; few are under way at any time.

        Raises:
            StaggerError: worker processes keep dying.
        """
        left = iter(jobs)
        under_way: deque[tuple[Callable[[], Answer], Future[Answer]]] = deque()
        ahead = 1 if self.number == 1 else PER_WORKER * self.number
        while True:
            under_way.extend((job, self._send(job)) for job in islice(left, ahead - len(under_way)))
            if not under_way:
                return
            yield self._next(under_way)

    def _send(self, job: Callable[[], Answer]) -> Future[Answer]:
        try:
            return self.executor.submit(job)
        except BrokenExecutor as error:
            lost: Future[Answer] = Future()
            lost.set_exception(error)
            return lost

    def _next(self, under_way: deque[tuple[Callable[[], Answer], Future[Answer]]]) -> Answer:
        while True:
            try:
                answer = under_way[0][1].result()
            except BrokenExecutor:
                self._remake()
                again = [(job, self._send(job)) for job, _ in under_way]
                under_way.clear()
                under_way.extend(again)
            else:
                self.losses = 0
                under_way.popleft()
                return answer

    def _remake(self) -> None:
        """A worker that dies takes its pool with it; the blocks that were lost are sent again."""
        self.losses += 1
        if self.losses > MOST_LOSSES:
            raise StaggerError(
                "worker processes must stay alive (they were killed again and again, perhaps for want of memory). "
                "Try --workers 1."
            )
        self.executor.shutdown(wait=True, cancel_futures=True)
        self.executor = self._made()

    def _made(self) -> Executor:
        if self.number == 1:
            return Here()
        if self.engine in THREADED:
            return ThreadPoolExecutor(self.number)
        return Processes(self.number, mp_context=_context(), initializer=_begin_worker)


class Here(Executor):
    """Runs a job where and when it is submitted."""

    def submit(self, job: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future that is already done; what the job raises is raised here."""
        future: Future[Any] = Future()
        future.set_result(job(*args, **kwargs))
        return future


class Processes(ProcessPoolExecutor):
    """A pool of processes that starts without Python's warning about forking beside threads.

    The threads that it warns about are those of NumPy's linear algebra, which prepare for a fork.
    """

    def submit(self, job: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future of the job's answer."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*multi-threaded.*fork", category=DeprecationWarning)
            return super().submit(job, *args, **kwargs)


def _context() -> BaseContext:
    """Forked workers start at once and need no importable main module; elsewhere the platform's own kind."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else None)


def _begin_worker() -> None:
    """An interrupt ends a worker in silence (the parent reports it); warnings were given by the parent."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    warnings.simplefilter("ignore")
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that was killed tells nobody, and its workers would wait for it for ever."""
    parent = multiprocessing.parent_process()
    while parent is not None and os.getppid() == parent.pid:
        time.sleep(GLANCE)
    if parent is not None:
        os._exit(1)
