"""Which workers were asked for, and what each kind of them can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from numbers import Integral
from typing import Any, Final, Protocol, TypeAlias

from simulator.errors import StaggerError, WorkersError

Asked: TypeAlias = int | str | Executor | None
"""How many processes of this machine (its cores where None), the address of a Dask scheduler, or an executor."""

MOST_WORKERS: Final = 1000
"""Processes of one machine."""
ADDRESSES = ("tcp://", "tls://")


def asked(workers: Asked) -> Asked:
    """The same, once it is known to make sense; a number may be written as text.

    Raises:
        StaggerError: it is no number from 1 to 1,000, address or executor.
    """
    if isinstance(workers, str) and workers.strip().isdecimal():
        workers = int(workers)
    if isinstance(workers, str) and workers.startswith(ADDRESSES) and workers not in ADDRESSES:
        return workers
    if workers is None or isinstance(workers, Executor):
        return workers
    if isinstance(workers, Integral) and not isinstance(workers, bool) and workers >= 1:
        if workers > MOST_WORKERS:
            raise StaggerError(f"there must be no more than {MOST_WORKERS:,} workers (found {workers:,}).")
        return int(workers)
    raise StaggerError(
        f"the number of workers must be 1 or more (found {workers}). "
        "The workers of a Dask cluster are named by its scheduler, such as tcp://localhost:8786."
    )


def near(workers: Asked) -> Asked:
    """The same, or this machine's processes in place of workers that may not see its files."""
    return workers if isinstance(workers, int) else None


class Killed(StaggerError):
    """A job costs its workers their lives whenever it is tried."""


class Staff(Protocol):
    """One kind of workers."""

    @property
    def number(self) -> int:
        """How many jobs are done at a time."""

    @property
    def far(self) -> bool:
        """Whether jobs travel, so that they should be long."""

    @property
    def same_files(self) -> bool:
        """Whether they are known to write to the same disk as this process."""

    def send(self, job: Callable[[], Any], sent: Mapping[str, bytes]) -> Future[Any]:
        """A job on its way, with values that it needs."""

    def heard(self, future: Future[Any]) -> Any:
        """The answer of a job that is done.

        Raises:
            BrokenExecutor: the job was lost with its worker, and may be sent again.
            Killed: it was lost with several workers.
            WorkersError: the workers cannot go on.
        """

    def look(self) -> None:
        """Called now and then while waiting.

        Raises:
            WorkersError: nobody is left who could answer.
        """

    def renew(self) -> None:
        """Make good the loss of workers.

        Raises:
            WorkersError: they are somebody else's to replace.
        """

    def close(self, at_once: bool) -> None:
        """Send everybody home, ``at_once`` without waiting for jobs that are under way."""


class Lent:
    """An executor that somebody else made, and will shut down."""

    far = False
    same_files = False

    def __init__(self, executor: Executor) -> None:
        self.executor = executor

    @property
    def number(self) -> int:
        """As many as the executor has; those of the standard library say so."""
        from simulator.workers.local import cores

        return int(getattr(self.executor, "_max_workers", cores()))

    def send(self, job: Callable[[], Any], sent: Mapping[str, bytes]) -> Future[Any]:
        from simulator.workers.shared import work

        return self.executor.submit(work, job, sent, None)

    def heard(self, future: Future[Any]) -> Any:
        return future.result()

    def look(self) -> None:
        """Its owner looks after it."""

    def renew(self) -> None:
        raise WorkersError("the executor must stay whole (it lost its workers). Make a new one.")

    def close(self, at_once: bool) -> None:
        """It is somebody else's."""
