"""The workers of a Dask cluster, by the address of its scheduler (the extra `cluster`)."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final

from simulator.errors import WorkersError
from simulator.workers.shared import Strange, own_versions, work
from simulator.workers.staff import Killed

PATIENCE: Final = 5.0
"""Seconds that a scheduler has to answer in, and its first worker to be there."""

NOBODY: Final = 60.0
"""Seconds that a cluster may be without a worker before one gives up: a worker that died may be on its way back."""

COUNTED: Final = 2.0
"""Seconds after which workers are counted again, for they come and go."""

CLIENT: Final = "distributed.client"
"""Where Dask logs that an answer was lost with its worker and is worked out again, or that the scheduler is gone for
good: the one is nobody's business, the other is told by `Cluster`."""


class Cluster:
    """A scheduler and its workers.

    Raises:
        WorkersError: `distributed` is not installed, the scheduler does not answer, or has no workers.
    """

    far = True
    same_files = False

    def __init__(self, address: str) -> None:
        self.address = address
        self.client = _client(address)
        logging.getLogger(CLIENT).addFilter(self._untold)
        self.executor = self.client.get_executor(pure=False)
        self.versions = own_versions()
        self.threads = 0
        self.counted = self.seen = monotonic()
        try:
            self.client.wait_for_workers(1, timeout=PATIENCE)
            self._count()
        except (OSError, TimeoutError) as error:
            self.close(at_once=True)
            raise WorkersError(
                f"the Dask scheduler at {address} must have a worker (found none within {PATIENCE:g} s). "
                f"Start one with: dask worker {address}"
            ) from error

    @property
    def number(self) -> int:
        """Threads of the workers there are now, at least 1."""
        if monotonic() - self.counted > COUNTED:
            self._count()
        return max(self.threads, 1)

    def _count(self) -> None:
        self.counted = monotonic()
        if self.client.status == "running":
            self.threads = sum(self.client.nthreads().values())
        if self.threads:
            self.seen = self.counted

    def send(self, job: Callable[[], Any], sent: Mapping[str, bytes]) -> Future[Any]:
        from distributed.client import ClosedClientError

        try:
            return self.executor.submit(work, job, dict(sent), self.versions)
        except ClosedClientError as error:
            raise self._gone() from error

    def heard(self, future: Future[Any]) -> Any:
        from distributed.client import ClosedClientError
        from distributed.scheduler import KilledWorker

        try:
            answer = future.result()
        except KilledWorker as error:
            raise Killed(
                f"the workers of {self.address} must stay alive (one job killed {error.allowed_failures + 1} of them, "
                "perhaps for want of memory)."
            ) from error
        except (CancelledError, ClosedClientError) as error:
            raise self._gone() from error
        except ImportError as error:
            raise WorkersError(f"{self._same()} ({error}).") from error
        except RuntimeError as error:
            if "deserialization" not in str(error):
                raise
            raise WorkersError(f"{self._same()} ({error.__cause__ or error}).") from error
        if isinstance(answer, Strange):
            raise WorkersError(f"{self._same()} ({_differences(self.versions, answer.versions)}).")
        return answer

    def look(self) -> None:
        """Whether the scheduler is there, and has had a worker of late."""
        if self.client.status not in ("running", "connecting"):
            raise self._gone()
        self._count()
        if monotonic() - self.seen > NOBODY:
            raise WorkersError(
                f"the Dask scheduler at {self.address} must have workers (found none for {NOBODY:g} s). "
                f"Start some with: dask worker {self.address}"
            )

    def _gone(self) -> WorkersError:
        return WorkersError(f"the Dask scheduler at {self.address} must stay reachable (the connection was lost).")

    def _same(self) -> str:
        return f"the scheduler at {self.address} and its workers must have the packages that this machine has"

    def renew(self) -> None:
        """The scheduler itself gives the jobs of a worker that died to others."""

    def close(self, at_once: bool) -> None:
        if self.client.status != "closed":  # as it is by itself when the scheduler has been gone for a while
            with _silence():
                self.executor.shutdown(wait=False)
                self.client.close(timeout=PATIENCE)
        logging.getLogger(CLIENT).removeFilter(self._untold)

    def _untold(self, record: logging.LogRecord) -> bool:
        """Whether what Dask's client logs is told: nothing is, while this cluster is in use."""
        return False


@contextmanager
def _silence() -> Iterator[None]:
    """What breaks while a connection is closed is nobody's business, but Dask logs it."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _client(address: str) -> Any:
    try:
        import distributed
    except ImportError as error:
        raise WorkersError(
            f"a Dask cluster such as {address} needs the package distributed (found none). "
            "Install it with: pip install distributed"
        ) from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of versions that differ: `Cluster.heard` says so of those that matter
        try:
            client: Callable[..., Any] = distributed.Client
            return client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise WorkersError(
                f"the Dask scheduler at {address} must answer within {PATIENCE:g} s (it did not). "
                "Start it with: dask scheduler"
            ) from error


def _differences(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    return ", ".join(
        f"{name} {found} there, {here.get(name)} here" for name, found in there.items() if found != here.get(name)
    )
