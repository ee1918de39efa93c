"""Processes of this machine."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from typing import Any, Final

from simulator.interrupts import Interrupts
from simulator.workers.shared import work

GLANCE: Final = 0.5
"""Seconds between a worker's looks at whether its parent lives."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Local:
    """A pool of processes, made when the first job is sent."""

    far = False
    same_files = True

    def __init__(self, number: int) -> None:
        self.number = number
        self.pool: Processes | None = None

    def send(self, job: Callable[[], Any], sent: Mapping[str, bytes]) -> Future[Any]:
        with Interrupts(held=True):  # in the middle of starting a process, one would leave it known to nobody
            try:
                if self.pool is None:
                    self.pool = Processes(self.number, mp_context=context(), initializer=_begin_worker)
                return self.pool.submit(work, job, sent, None)
            except BrokenExecutor as error:
                lost: Future[Any] = Future()
                lost.set_exception(error)
                return lost

    def heard(self, future: Future[Any]) -> Any:
        return future.result()

    def look(self) -> None:
        """A pool notices by itself that a process died, unless it died in the middle of an answer."""
        if self.pool is not None and self.pool.has_dead():
            self.pool.break_off()

    def renew(self) -> None:
        """A process that dies takes its pool with it."""
        self.close(at_once=True)

    def close(self, at_once: bool) -> None:
        if self.pool is not None:
            self.pool.end(at_once)
            self.pool = None


class Processes(ProcessPoolExecutor):
    """A pool of processes that starts without Python's warning about forking beside threads.

    The threads that it warns about are those of NumPy's linear algebra, which prepare for a fork.
    """

    def submit(self, job: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future of the job's answer."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*multi-threaded.*fork", category=DeprecationWarning)
            return super().submit(job, *args, **kwargs)

    def end(self, at_once: bool) -> None:
        """No process is left afterwards; ``at_once`` without waiting for the jobs under way."""
        if at_once:
            self._end_at_once()
            return
        try:
            self._wait_for_jobs()
        except BaseException:  # an interrupt while jobs are waited for that nobody asks for any more
            self._end_at_once()
            raise
        self._end_idle()

    def _wait_for_jobs(self) -> None:
        """Let jobs that were begun be done, and no others be begun."""
        items = list((getattr(self, "_pending_work_items", None) or {}).values())
        wait_for([item.future for item in items if not item.future.cancel()])

    def _end_idle(self) -> None:
        """Not to be interrupted: Python (3.11) takes a thread for ended whose `join` was, and closes what it reads."""
        with Interrupts(held=True):
            self.shutdown(wait=True, cancel_futures=True)

    def _end_at_once(self) -> None:
        with Interrupts(held=True):  # one in the middle would leave this process waiting for others that are dead
            self.break_off()
            self.shutdown(wait=True, cancel_futures=True)

    def has_dead(self) -> bool:
        """Whether a process died."""
        return not all(process.is_alive() for process in self._all())

    def break_off(self) -> None:
        """Kill all processes, and let what reads their answers see that no more will come.

        One may have died in the middle of an answer. The others would wait for ever for their turn to give theirs, and
        the pool for the rest of it, since it holds the writing end of the pipe, too.
        """
        for process in self._all():
            process.kill()
        writer = getattr(getattr(self, "_result_queue", None), "_writer", None)
        if writer is not None:
            writer.close()

    def _all(self) -> list[Any]:
        return list((getattr(self, "_processes", None) or {}).values())


def context() -> BaseContext:
    """Forked workers start at once and need no importable main module; elsewhere the platform's own kind."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else None)


def _begin_worker() -> None:
    """An interrupt ends a worker in silence (the parent reports it); warnings were given by the parent.

    What was there before is not looked through for garbage again and again: that took a third of reading a scenario.
    """
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    warnings.simplefilter("ignore")
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that was killed tells nobody, and its workers would wait for it for ever.

    The sentinel says so at once; but a process forked since may hold the other end of it.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        while not wait([parent.sentinel], GLANCE) and os.getppid() == parent.pid:
            pass
        os._exit(1)
