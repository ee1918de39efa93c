"""Runs from beginning to end in a worker: a world and its schedules to the files of a folder each."""

from __future__ import annotations

import pickle
import traceback
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from simulator.batch.table import rows_of
from simulator.batch.worlds import World, changed_by, texts_digest, texts_of
from simulator.errors import StaggerError, StorageError
from simulator.store import OUTCOMES, SUMMARY, as_json
from simulator.store.drafts import Draft, Drafts
from simulator.store.key import Key
from simulator.store.runs import Row

if TYPE_CHECKING:
    from simulator.result import Model


@dataclass(frozen=True)
class Planned:
    """A run: a world, one of its schedules, and what determines it."""

    world: World
    schedule: str
    key: Key

    def as_row(self, paths: Sequence[str]) -> dict[str, Any]:
        """What the table says of it before its figures; ``paths`` are what was varied."""
        varied = {f"vary: {path}": value for path, value in zip(paths, self.world.values, strict=True)}
        world = self.world
        names = {"file": world.file, "scenario": world.scenario, "schedule": self.schedule}
        return {**names, **varied, "money": world.money, "run": f"runs/{self.key.name}"}


@dataclass(frozen=True)
class Source:
    """Where a worker finds the scenario: handed to it, or to be read again."""

    world: World
    paths: tuple[str, ...]
    packed: bytes | None = None
    outside: bool = False

    def open(self) -> tuple[Any, Mapping[str, str]]:
        """The scenario and the files that say it.

        Raises:
            StaggerError: the file no longer says what it said.
        """
        from simulator.scenario import load

        if self.packed is None:
            scenario = changed_by(load(self.world.file, self.outside), self.paths, self.world.values)
            texts = texts_of(scenario)
            if texts_digest(texts) != self.world.texts_sha256:
                raise StaggerError(
                    f"{self.world.file} must stay as it is while it is run (it was changed). Run it again."
                )
            return scenario.model_copy().made_of(None), texts
        return pickle.loads(self.packed)

    def carried(self) -> Source:
        """The same for a worker who does not see the file; he says what is wrong with one that cannot be read."""
        if self.packed is not None:
            return self
        try:
            return replace(self, packed=pickle.dumps(self.open()))
        except StaggerError:
            return self


@dataclass(frozen=True)
class Done:
    """A run's files, but for its manifest, or why there are none."""

    rows: tuple[Row, ...] = ()
    """What the table says of it."""
    draft: Draft | None = None
    """Where they were written."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The files by name, where they were not written yet."""
    problem: str = ""
    trace: str = ""
    """Where in stagger it happened, if it should not have."""
    stopped: StorageError | None = None
    """Why no files can be written any more."""


def simulate(source: Source, keys: Sequence[Key], figures: bool, drafts: Drafts | None = None) -> tuple[Done, ...]:
    """The files of runs of one world that differ in their schedules alone.

    What they have in common is made once. A worker who sees the store's folder writes those of each run to a draft;
    where one cannot be written, it is the last in the answer.
    """
    try:
        model, texts = _model(source, keys[0])
    except Exception as error:  # one that is our own fault must not cost the others their night
        if len(keys) == 1:
            return (failure(error),)
        return _to_the_first_stopped(simulate(source, [key], figures, drafts)[0] for key in keys)
    return _to_the_first_stopped(_simulate(model, texts, key, figures, drafts) for key in keys)


def _to_the_first_stopped(all_done: Iterable[Done]) -> tuple[Done, ...]:
    """Nothing is begun once nothing can be written any more."""
    found: list[Done] = []
    for done in all_done:
        found.append(done)
        if done.stopped is not None:
            break
    return tuple(found)


def _simulate(model: Model, texts: Mapping[str, str], key: Key, figures: bool, drafts: Drafts | None) -> Done:
    try:
        summary, files = _files(model.under(key.schedule), texts, key.replications, figures)
        rows = tuple(rows_of(summary))
    except Exception as error:  # as above
        return failure(error)
    try:
        return Done(rows, files=files) if drafts is None else Done(rows, drafts.write(key.name, files))
    except StorageError as error:
        return Done(stopped=error)


@cache
def get_ready(engine: str, compiled: bool) -> None:
    """Have this process import all that a run takes, and load what is ``compiled``, by a small run of the starter.

    Workers forked from it have all of that, and share its memory.
    """
    from simulator.compiled import PAYS_FROM
    from simulator.run import run
    from simulator.scenario import parse

    starter = resources.files("simulator").joinpath("starter.yaml").read_text(encoding="utf-8")
    result = run(parse(starter), replications=PAYS_FROM if compiled else 1, seed=1, engine=engine, workers=1)
    as_json(result.summary())


def failure(error: Exception) -> Done:
    """Why a run has no files; a trace, too, where it is our own fault."""
    if isinstance(error, StaggerError):
        return Done(problem=str(error))
    said = f"stagger failed ({type(error).__name__}: {error}). Please report it with the scenario and the log."
    return Done(problem=said, trace="".join(traceback.format_exception(error)))


def _model(source: Source, key: Key) -> tuple[Model, Mapping[str, str]]:
    """What the runs of a world have in common, and the files that say it."""
    from simulator.run import model_of

    scenario, texts = source.open()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they were given when the file was read
        return model_of(scenario, key.schedule, key.seed, key.sampling, key.engine), texts


def _files(
    model: Model, texts: Mapping[str, str], replications: int, figures: bool
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The summary of a run, and the files of which it is one."""
    from simulator.run import run_model

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = run_model(model, replications, workers=1)
        drawn = result.plot.files() if figures else {}
    summary = result.summary()
    written = {SUMMARY: as_json(summary), **texts}
    files = {OUTCOMES: result.parquet(), **drawn, **{name: text.encode() for name, text in written.items()}}
    return summary, files
