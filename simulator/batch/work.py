"""The runs that are missing, simulated and put into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Final, TypeAlias

from simulator.batch.plan import Plan, Settings, called
from simulator.batch.simulating import Done, Planned, failure, simulate
from simulator.batch.standing import Progress, Standing
from simulator.errors import StorageError, WorkersError
from simulator.store import MANIFEST, versions
from simulator.store.drafts import Draft
from simulator.store.runs import SCENARIO, Runs
from simulator.workers import Asked, Killed, Workers, cores

WHOLE: Final = 100_000
"""Replications up to which a worker does a whole run; larger ones are shared out in blocks."""

TOGETHER: Final = {"events": 5_000, "batch": 2_000_000}
"""Activities, replication by replication, that a job of several runs may be of: two seconds' work at the most, and what
is lost with a worker who is killed."""
MOST_TOGETHER: Final = 4
"""Runs of such a job: with more of them there is little left to be had in common, and whatever a run costs besides its
replications adds up."""

LAST: Final = 8
"""Runs per worker that are jobs of their own, in the end, so that all workers have done at about the same time."""

Job: TypeAlias = tuple[Planned, ...]
"""Runs of one world, all with the same replications, seed, sampling and engine."""

KILLED: Final = (
    "the machine must have room for the run (its worker was killed again and again, perhaps for want of memory). "
    "Run it by itself, with fewer replications or where there is more memory."
)


@dataclass
class Work:
    """What is to be done, and what became of it."""

    store: Runs
    plan: Plan
    settings: Settings
    workers: Asked
    progress: Progress
    total: int = 0
    over: int = 0
    """Runs that are done, and those that could not be."""
    simulated: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    """Names of runs that could not be done, and why."""

    def do(self, missing: Sequence[Planned]) -> None:
        """Simulate what is missing; each run is in the store soon after it is done.

        Raises:
            StorageError: the store cannot be written.
            WorkersError: there is nobody left to do it.
        """
        if not missing:
            return
        self.total = len(missing)
        if self.settings.replications > WHOLE:
            self._one_by_one(missing)
        else:
            self._side_by_side(missing)
        self._tell((), 0)

    def _side_by_side(self, missing: Sequence[Planned]) -> None:
        """Runs to workers, some of a world together; where these killed their worker, each by itself."""
        asked = min(cores(), len(missing)) if self.workers is None else self.workers
        with Workers(asked, "events", apart=True) as crew:
            if not crew.staff.far:
                self.settings.get_ready()  # before workers are forked, who then are, too
            killed = self._all_of(jobs_of(missing, self.settings, crew.number), crew)
            if killed:
                self._all_of([(planned,) for planned in killed], crew)

    def _all_of(self, jobs: Sequence[Job], crew: Workers) -> list[Planned]:
        """Have jobs done; the runs of those that killed their worker, where it is not known which of them did."""
        waiting, unknown = dict(enumerate(jobs)), list[Planned]()
        self._tell(waiting.values(), crew.number)
        for number, answer in crew.as_done(self._sent(job, crew) for job in jobs):
            job = waiting.pop(number)
            if isinstance(answer, Killed) and len(job) > 1:
                unknown += job
                continue
            done = (Done(problem=KILLED, trace=str(answer)),) if isinstance(answer, Killed) else answer
            for planned, each in zip(job, done, strict=False):
                self._keep(planned, each)
                self._tell(waiting.values(), crew.number)
            assert len(done) == len(job)  # they are fewer only where writing stopped, and then so did this
        return unknown

    def _sent(self, job: Job, crew: Workers) -> Callable[[], tuple[Done, ...]]:
        """A job as a worker gets it."""
        source = self.plan.source(job[0], self.settings.variations.paths)
        drafts = self.store.drafts if crew.staff.same_files else None
        keys = tuple(planned.key for planned in job)
        return partial(simulate, source.carried() if crew.staff.far else source, keys, self.settings.figures, drafts)

    def _keep(self, planned: Planned, answer: Done) -> None:
        """Put what a worker made into the store."""
        if answer.stopped is not None:
            raise answer.stopped
        self.over += 1
        if answer.problem:
            self._fail(planned, answer)
        else:
            draft = answer.draft or self.store.drafts.write(planned.key.name, answer.files)
            self.store.commit(planned.key, draft, about(self.settings.figures), answer.rows)
            self.simulated += 1

    def _one_by_one(self, missing: Sequence[Planned]) -> None:
        """The blocks of a run to all workers, its outcomes to the disk as they come: memory stays flat."""
        for planned in missing:
            now = [(planned,)]
            self._tell(now, 1)
            try:
                self._in_blocks(planned, partial(self._tell_part, now))
                self.simulated += 1
            except (StorageError, WorkersError):
                raise
            except Exception as error:  # as in `simulate`
                self._fail(planned, failure(error))
            self.over += 1

    def _in_blocks(self, planned: Planned, progress: Callable[[int, int], None]) -> None:
        from simulator.run import run

        key, figures = planned.key, self.settings.figures
        scenario, texts = self.plan.source(planned, self.settings.variations.paths).open()
        how: dict[str, Any] = {"workers": self.workers, "keep": False, "figures": figures, "progress": progress}
        with self.store.drafts.new(key.name) as draft:
            folder = draft / "run"
            run(scenario, key.schedule, key.replications, key.seed, key.sampling, key.engine, out=folder, **how)
            with self.store.writing():
                (folder / MANIFEST).unlink()
                for name, text in texts.items():
                    (folder / name).write_bytes(text.encode())
                written = Draft.found(folder)
            self.store.commit(key, written, about(figures))

    def _fail(self, planned: Planned, done: Done) -> None:
        self.failed[planned.key.name] = done.problem
        self.store.log({"failed": planned.key.about(), "problem": done.problem, "trace": done.trace})

    def _tell_part(self, now: Sequence[Job], done: int, most: int) -> None:
        self._tell(now, 1, done / most)

    def _tell(self, waiting: Iterable[Job], at_once: int, part: float = 0.0) -> None:
        """Jobs are taken in order, so the first that wait for an answer are under way."""
        now = tuple(self._named(job) for job in islice(waiting, at_once))
        self.progress(Standing("simulating", self.over, self.total, now, part))

    def _named(self, job: Job) -> str:
        return f"{called(job[0].world, self.settings)}: {', '.join(planned.schedule for planned in job)}"


def jobs_of(missing: Sequence[Planned], settings: Settings, workers: int) -> list[Job]:
    """The runs in jobs: those of a world together, as long as that is no long job, and the last ones each by itself."""
    jobs: list[Job] = []
    for place, planned in enumerate(missing):
        last = len(missing) - place <= LAST * workers
        if not last and jobs and _goes_with(jobs[-1], planned, settings):
            jobs[-1] += (planned,)
        else:
            jobs.append((planned,))
    return jobs


def _goes_with(job: Job, planned: Planned, settings: Settings) -> bool:
    """Whether a run is one more of a job: figures take longer than what runs of a world have in common."""
    if job[0].world is not planned.world or len(job) == MOST_TOGETHER or settings.figures:
        return False
    return (len(job) + 1) * settings.replications * planned.world.activities <= TOGETHER[settings.engine]


def about(figures: bool) -> dict[str, Any]:
    """What manifests of a batch say besides what determines the numbers: nothing that differs from call to call."""
    return {"verb": "run", "file": SCENARIO, "figures": figures, "command": "stagger batch", "versions": versions()}
