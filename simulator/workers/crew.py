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
from simulator.workers.staff import Asked, Killed, Lent, Staff, asked

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

MOST_LOSSES: Final = 3
"""Workers that a job may cost when no other is under way that could have."""

LOOK: Final = 10.0
"""Seconds of silence after which one looks whether anybody is left."""


@dataclass
class _Sent(Generic[Answer]):
    """A job on its way."""

    job: Callable[[], Answer]
    future: Future[Any]
    needs: dict[str, bytes] = field(default_factory=dict)
    suspect: bool = False
    """Whether it was under way when a worker was lost, and must be tried alone."""
    held: bool = False
    """Whether it waits for that."""
    losses: int = 0
    """Workers that were lost while nothing else was under way."""

    def hold(self) -> None:
        """Have it wait until it can be tried alone; nobody works on its future meanwhile."""
        self.suspect = self.held = True
        self.future = Future()


KILLED: Final = (
    "worker processes must stay alive (they were killed again and again, perhaps for want of memory). Try --workers 1."
)

_Jobs = Iterator[tuple[int, Callable[[], Answer]]]
"""Jobs with their numbers."""


class Workers:
    """Workers for jobs of one engine, to be used in a `with` statement.

    ``workers`` is how many processes of this machine (as many as it has cores where None), the address of a Dask
    scheduler, or an executor. With one, jobs run here, unless they are to be done ``apart``, where one that kills its
    process costs nobody else; so do those of the batch engine until they prove long enough for a pool of processes to
    be worth starting.

    Raises:
        StaggerError: fewer than one worker is asked for, or the scheduler does not answer.
    """

    def __init__(self, workers: Asked = None, engine: str = "events", apart: bool = False) -> None:
        self.staff = _staff(asked(workers))
        self.apart = apart
        self.alone = isinstance(self.staff, Local) and self.staff.number == 1 and not apart
        self.trying = not apart and ((engine == "batch" and isinstance(self.staff, Local)) or self.staff.far)
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
        for answer in self.in_turn(jobs):
            if isinstance(answer, Killed):
                raise answer
            yield answer

    def in_turn(
        self,
        jobs: Iterable[Callable[[], Answer]],
        per_worker: int = PER_WORKER,
        meanwhile: Callable[[], None] | None = None,
    ) -> Iterator[Answer | Killed]:
        """The same, but a job that kills its workers has `Killed` for its answer, and the others go on.

        ``per_worker`` is how many jobs may be sent and not yet read, and ``meanwhile`` is done here once the first are
        on their way to workers.

        Raises:
            WorkersError: workers cannot be reached any more.
        """
        return (answer for _, answer in self._answers(jobs, True, per_worker, meanwhile))

    def as_done(self, jobs: Iterable[Callable[[], Answer]]) -> Iterator[tuple[int, Answer | Killed]]:
        """Each job's number, from 0, and its answer, as soon as it is there; few are under way at any time.

        A job that kills its workers has `Killed` for its answer, and the others go on.

        Raises:
            WorkersError: workers cannot be reached any more.
        """
        return self._answers(jobs, False)

    def blocks_per_job(self, left: int) -> int:
        """How many of ``left`` blocks, each as long as the last job done here, make a good job."""
        if not self.took:
            return 1
        return max(1, min(round(LONG / self.took + 0.5), MOST_TOGETHER, left // (2 * self.number)))

    def _answers(
        self,
        jobs: Iterable[Callable[[], Answer]],
        in_order: bool,
        per_worker: int = PER_WORKER,
        meanwhile: Callable[[], None] | None = None,
    ) -> Iterator[tuple[int, Answer | Killed]]:
        left: _Jobs[Answer] = enumerate(jobs)
        first = list(islice(left, 2))
        left = chain(first, left)
        if self.alone or self.trying or (len(first) < 2 and not self.apart):
            left = yield from self._done_here(left)
        under_way: dict[int, _Sent[Answer]] = {}
        while True:
            for number, job in islice(left, self._room(under_way, per_worker)):
                under_way[number] = _Sent(job, self.staff.send(job, {}))
            if not under_way:
                return
            if meanwhile is not None:
                meanwhile()
                meanwhile = None
            found = self._next(under_way, in_order)
            del under_way[found[0]]
            yield found

    def _room(self, under_way: dict[int, _Sent[Answer]], per_worker: int) -> int:
        """How many jobs may be sent now: none beside those that are tried alone."""
        if any(sent.suspect for sent in under_way.values()):
            return 0
        return max(per_worker * self.number - len(under_way), 0)

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

    def _next(self, under_way: dict[int, _Sent[Answer]], in_order: bool) -> tuple[int, Answer | Killed]:
        """The first job's answer, or any that is there."""
        while True:
            self._try_alone(under_way)
            waited = list(islice(under_way.values(), 1)) if in_order else list(under_way.values())
            self._wait([each.future for each in waited])
            number, sent = next((n, each) for n, each in under_way.items() if each.future.done())
            try:
                answer = self.staff.heard(sent.future)
            except BrokenExecutor:
                self._hold_lost(under_way)
                if sent.losses >= MOST_LOSSES:
                    return number, Killed(KILLED)
                continue
            except Killed as killed:
                if in_order or sent.suspect:
                    return number, killed
                sent.hold()
                continue
            if not isinstance(answer, Lacking):
                return number, cast(Answer, answer)
            self._send_lacking(under_way)

    def _wait(self, futures: list[Future[Any]]) -> None:
        while not wait(futures, timeout=LOOK, return_when=FIRST_COMPLETED).done:
            self.staff.look()

    def _hold_lost(self, under_way: dict[int, _Sent[Answer]]) -> None:
        """Jobs that were lost with their worker will be sent again; answers that were there already are kept.

        Where it was but one, that one has cost the worker its life.
        """
        self.staff.renew()
        under = [sent for sent in under_way.values() if not sent.held]
        lost = [sent for sent in under if not sent.future.done() or _lost(sent.future)]
        for sent in lost:
            sent.losses += len(lost) == 1
            sent.hold()

    def _try_alone(self, under_way: dict[int, _Sent[Answer]]) -> None:
        """Send the first job that is held, unless another is under way: the next loss is its own, then."""
        held = next((sent for sent in under_way.values() if sent.held), None)
        if held is not None and all(sent.held or sent.future.done() for sent in under_way.values()):
            held.held = False
            held.future = self.staff.send(held.job, held.needs)

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
