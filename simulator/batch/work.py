"""The runs that are missing, simulated and put into the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Final

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
    simulated: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    """Names of runs that could not be done, and why."""

    def do(self, missing: Sequence[Planned]) -> None:
        """Simulate what is missing; each run is in the store as soon as it is done.

        Raises:
            StorageError: the store cannot be written.
            WorkersError: there is nobody left to do it.
        """
        if not missing:
            return
        if self.settings.replications > WHOLE:
            self._one_by_one(missing)
        else:
            self._side_by_side(missing)
        self._tell({}, len(missing), 0)

    def _side_by_side(self, missing: Sequence[Planned]) -> None:
        """A run to a worker, the smallest job that shares nothing with the others."""
        paths, figures = self.settings.variations.paths, self.settings.figures
        asked = min(cores(), len(missing)) if self.workers is None else self.workers
        with Workers(asked, "events", apart=True) as crew:
            if not crew.staff.far:
                self.settings.get_ready()  # before workers are forked, who then are, too
            sources = (self.plan.source(each, paths) for each in missing)
            carried = (source.carried() if crew.staff.far else source for source in sources)
            drafts = self.store.drafts if crew.staff.same_files else None
            both = zip(missing, carried, strict=True)
            jobs = (partial(simulate, source, each.key, figures, drafts) for each, source in both)
            waiting = dict(enumerate(missing))
            self._tell(waiting, len(missing), crew.number)
            for number, answer in crew.as_done(jobs):
                self._keep(waiting.pop(number), answer)
                self._tell(waiting, len(missing), crew.number)

    def _keep(self, planned: Planned, answer: Done | Killed) -> None:
        """Put what a worker made into the store."""
        if isinstance(answer, Killed):
            self._fail(planned, Done(problem=KILLED, trace=str(answer)))
        elif answer.problem:
            self._fail(planned, answer)
        else:
            draft = answer.draft or self.store.drafts.write(planned.key.name, answer.files)
            self.store.commit(planned.key, draft, about(self.settings.figures), answer.rows)
            self.simulated += 1

    def _one_by_one(self, missing: Sequence[Planned]) -> None:
        """The blocks of a run to all workers, its outcomes to the disk as they come: memory stays flat."""
        waiting = dict(enumerate(missing))
        for number, planned in enumerate(missing):
            self._tell(waiting, len(missing), 1)
            try:
                self._in_blocks(planned, lambda done, most: self._tell(waiting, len(missing), 1, done / most))
                self.simulated += 1
            except (StorageError, WorkersError):
                raise
            except Exception as error:  # as in `simulate`
                self._fail(planned, failure(error))
            del waiting[number]

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

    def _tell(self, waiting: Mapping[int, Planned], total: int, at_once: int, part: float = 0.0) -> None:
        """Jobs are taken in order, so the first that wait for an answer are under way."""
        under_way = islice(waiting.values(), at_once)
        now = tuple(f"{called(each.world, self.settings)}: {each.schedule}" for each in under_way)
        self.progress(Standing("simulating", total - len(waiting), total, now, part))


def about(figures: bool) -> dict[str, Any]:
    """What manifests of a batch say besides what determines the numbers: nothing that differs from call to call."""
    return {"verb": "run", "file": SCENARIO, "figures": figures, "command": "stagger batch", "versions": versions()}
