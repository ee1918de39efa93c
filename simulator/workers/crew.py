"""Jobs go out, answers come back, and few are under way at any time."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from time import perf_counter
from types import TracebackType
from typing import Any, Final, Generic, TypeVar, cast
from uuid import uuid4

from simulator.workers import shared
from simulator.workers.local import Local, cores
from simulator.workers.shared import Lacking, Shared
from simulator.workers.staff import Asked, Lent, Staff, asked

Answer = TypeVar("Answer")

PER_WORKER: Final = 3
"""Jobs sent and not yet read, per worker: enough to keep all busy, few enough to keep memory flat."""

WORTH: Final = 0.3
"""Seconds of work, done and to be seen, from which a pool of processes is worth starting.

Starting and ending one costs 0.05 s of two cores, and each answer a tenth of a block on its way back, so that 10,000
futures of the shipped scenarios are there sooner from one process, and 40,000 from two."""

LONG: Final = 0.5
"""Seconds that a job should take where there is much to do: sending it and merging its answer cost some 0.02 s."""

MOST_TOGETHER: Final = 4
"""Blocks that may be put together for that, so that a worker's memory stays as flat as the client's."""

LOOK: Final = 10.0
"""Seconds of silence after which one looks whether anybody is left."""


@dataclass
class _Sent(Generic[Answer]):
    """A job on its way."""

    job: Callable[[], Answer]
    future: Future[Any]
    needs: dict[str, bytes] = field(default_factory=dict)


_Jobs = Iterator[tuple[int, Callable[[], Answer]]]
"""Jobs with their numbers."""


class Workers:
    """Workers for jobs of one engine, to be used in a `with` statement.

    ``workers`` is how many processes of this machine (as many as it has cores where None), the address of a Dask
    scheduler, or an executor. With one, jobs run here; so do those of the batch engine until they prove
    long enough for a pool of processes to be worth starting.

    Raises:
        StaggerError: fewer than one worker is asked for, or the scheduler does not answer.
    """

    def __init__(self, workers: Asked = None, engine: str = "events") -> None:
        self.staff = _staff(asked(workers))
        self.alone = isinstance(self.staff, Local) and self.staff.number == 1
        self.trying = (engine == "batch" and isinstance(self.staff, Local)) or self.staff.far
        self.spent = 0.0
        self.took: float | None = None
        """Seconds of the last job that was done here."""

    @property
    def number(self) -> int:
        """How many jobs are done at a time."""
        return self.staff.number

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.staff.close(at_once=kind is not None)

    @contextmanager
    def sharing(self, value: Answer) -> Iterator[Shared[Answer]]:
        """A value that many jobs look at, to be put into them in its place: it is sent to each worker once."""
        key = uuid4().hex
        shared.keep(key, value)
        try:
            yield Shared(key)
        finally:
            shared.forget(key)

    def in_order(self, jobs: Iterable[Callable[[], Answer]]) -> Iterator[Answer]:
        """The answers of jobs, in the order of the jobs; few are under way at any time.

        Raises:
            StaggerError: workers keep dying, or cannot be reached any more.
        """
        return (answer for _, answer in self._answers(jobs, in_order=True))

    def as_done(self, jobs: Iterable[Callable[[], Answer]]) -> Iterator[tuple[int, Answer]]:
        """Each job's number, from 0, and its answer, as soon as it is there; few are under way at any time.

        Raises:
            StaggerError: workers keep dying, or cannot be reached any more.
        """
        return self._answers(jobs, in_order=False)

    def blocks_per_job(self, left: int) -> int:
        """How many of ``left`` blocks, each as long as the last job done here, make a good job."""
        if not self.took:
            return 1
        return max(1, min(round(LONG / self.took + 0.5), MOST_TOGETHER, left // (2 * self.number)))

    def _answers(self, jobs: Iterable[Callable[[], Answer]], in_order: bool) -> Iterator[tuple[int, Answer]]:
        left: _Jobs[Answer] = enumerate(jobs)
        first = list(islice(left, 2))
        left = chain(first, left)
        if self.alone or self.trying or len(first) < 2:
            left = yield from self._done_here(left)
        under_way: dict[int, _Sent[Answer]] = {}
        while True:
            for number, job in islice(left, max(PER_WORKER * self.number - len(under_way), 0)):
                under_way[number] = _Sent(job, self.staff.send(job, {}))
            if not under_way:
                return
            number, answer = self._next(under_way, in_order)
            del under_way[number]
            yield number, answer

    def _done_here(self, jobs: _Jobs[Answer]) -> Generator[tuple[int, Answer], None, _Jobs[Answer]]:
        """Does jobs here, all of them or until workers are worth it; gives back those that are left."""
        while (numbered := next(jobs, None)) is not None:
            number, job = numbered
            start = perf_counter()
            answer = job()
            self.took = perf_counter() - start
            self.spent += self.took
            yield number, answer
            if not self.alone:
                ahead = list(islice(jobs, PER_WORKER * self.number))
                jobs = chain(ahead, jobs)
                if self.staff.far or self.spent + len(ahead) * self.took >= WORTH:
                    self.trying = False
                    break
        return jobs

    def _next(self, under_way: dict[int, _Sent[Answer]], in_order: bool) -> tuple[int, Answer]:
        """The first job's answer, or any that is there."""
        while True:
            waited = list(islice(under_way.values(), 1)) if in_order else list(under_way.values())
            self._wait([each.future for each in waited])
            number, sent = next((n, each) for n, each in under_way.items() if each.future.done())
            try:
                answer = self.staff.heard(sent.future)
            except BrokenExecutor:
                self._send_lost(under_way)
                continue
            if not isinstance(answer, Lacking):
                return number, cast(Answer, answer)
            self._send_lacking(under_way)

    def _wait(self, futures: list[Future[Any]]) -> None:
        while not wait(futures, timeout=LOOK, return_when=FIRST_COMPLETED).done:
            self.staff.look()

    def _send_lost(self, under_way: dict[int, _Sent[Answer]]) -> None:
        """Jobs that were lost with their worker are sent again; answers that were there already are kept."""
        self.staff.renew()
        for sent in under_way.values():
            if not sent.future.done() or _lost(sent.future):
                sent.future = self.staff.send(sent.job, sent.needs)

    def _send_lacking(self, under_way: dict[int, _Sent[Answer]]) -> None:
        """Jobs whose worker lacked a value are sent again with it, all that are known of at once."""
        values: dict[str, bytes] = {}
        for sent in under_way.values():
            answer = _answer(sent.future)
            if isinstance(answer, Lacking):
                if answer.key not in values:
                    values[answer.key] = shared.packed(answer.key)
                sent.needs[answer.key] = values[answer.key]
                sent.future = self.staff.send(sent.job, sent.needs)


def _staff(workers: Asked) -> Staff:
    if isinstance(workers, str):
        from simulator.workers.cluster import Cluster

        return Cluster(workers)
    if isinstance(workers, Executor):
        return Lent(workers)
    return Local(cores() if workers is None else workers)


def _lost(future: Future[Any]) -> bool:
    return not future.cancelled() and isinstance(future.exception(), BrokenExecutor)


def _answer(future: Future[Any]) -> Any:
    """The answer that is there, None where none is."""
    return future.result() if future.done() and not future.cancelled() and future.exception() is None else None
