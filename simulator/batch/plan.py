"""Which runs are asked for: every schedule of every file in every variation, and what is wrong with the others."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from simulator.batch.files import Problem
from simulator.batch.simulating import Planned, Source, get_ready
from simulator.batch.standing import Progress, Standing
from simulator.batch.worlds import Look, Variations, World, look, remembered, source, to_remember
from simulator.compiled import pays
from simulator.errors import StaggerError
from simulator.given import require, several
from simulator.store.key import Key
from simulator.store.memory import Memory
from simulator.workers import Killed, Workers

if TYPE_CHECKING:
    from simulator.studies.varied import Varied

MOST_RUNS: Final = 1_000_000
MOST_VARIATIONS: Final = 100_000
"""Combinations of values with which each file is run."""
KILLED: Final = (
    "the machine must have room to read the file (who read it was killed again and again, perhaps for want of memory). "
    "Look at what it names and how much of it there is."
)
AHEAD: Final = 60
"""Files that each worker is given at a time: two seconds' work, about, in which what comes next can be got ready."""
HELD: Final = 256_000_000
"""Bytes of scenarios that are held for the workers; they read any more again."""


@dataclass(frozen=True)
class Settings:
    """What all runs of a batch have in common."""

    replications: int
    seed: int | None
    sampling: str
    engine: str
    schedules: tuple[str, ...]
    """Those to run where a file has them; all where none is named."""
    variations: Variations
    figures: bool = False

    @classmethod
    def of(
        cls,
        replications: int | None,
        seed: int | None,
        sampling: str,
        engine: str,
        schedules: str | Sequence[str] | None,
        vary: str | Sequence[str],
        figures: bool,
        outside: bool = False,
    ) -> Settings:
        """From the options of `batch`.

        Raises:
            StaggerError: one of them is wrong.
        """
        from simulator.studies.futures import Futures
        from simulator.studies.varied import Varied

        futures = Futures.of(replications, seed, sampling, engine, None)
        varied = [Varied.parse(text) for text in several(vary, str)]
        variations = _crossed(varied, outside)
        named = tuple(dict.fromkeys([] if schedules is None else several(schedules, str)))
        for name in named:
            require(name, str, "a batch takes the names of schedules", "Give them as text.")
        return cls(futures.replications, futures.seed, futures.sampling, futures.engine, named, variations, figures)

    def get_ready(self) -> None:
        """Have this process import and load all that a run takes."""
        get_ready(self.engine, pays(self.replications))


def _crossed(varied: Sequence[Varied], outside: bool) -> Variations:
    """The paths' values, crossed.

    Raises:
        StaggerError: a path is given twice, or there are too many values.
    """
    from simulator.studies.varied import MOST_POINTS

    paths = tuple(each.path for each in varied)
    if len(set(paths)) < len(paths):
        raise StaggerError(f"a path must be varied once (found {', '.join(paths)}). Give all its values at once.")
    for each in varied:
        if len(each.values) > MOST_POINTS:
            raise StaggerError(f"a path must be given no more than {MOST_POINTS:,} values (found more: {each.path}).")
    values = tuple(tuple(dict.fromkeys(each.values)) for each in varied)
    count = math.prod(map(len, values))
    if count > MOST_VARIATIONS:
        raise StaggerError(f"a file must not be varied in more than {MOST_VARIATIONS:,} ways (found {count:,}).")
    return Variations(paths, values, outside)


@dataclass
class Plan:
    """The runs asked for, in the order of the table, and what is wrong with the rest; filled by `read`."""

    runs: list[Planned] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    order: list[Planned | Problem] = field(default_factory=list)
    """Both, as the table has them."""
    held: dict[tuple[str, tuple[str, ...]], bytes] = field(default_factory=dict)
    room: int = HELD
    outside: bool = False
    """Whether scenarios may name files outside their folder."""

    def refuse(self, problem: Problem) -> None:
        """Add something that cannot run."""
        self.problems.append(problem)
        self.order.append(problem)

    def source(self, planned: Planned, paths: tuple[str, ...]) -> Source:
        """Where a worker finds the scenario of a run."""
        world = planned.world
        return Source(world, paths, self.held.get((world.file, world.values)), self.outside)


def read(
    names: Sequence[str],
    settings: Settings,
    memory: Memory,
    crew: Workers,
    progress: Progress,
    meanwhile: Callable[[], None] | None = None,
) -> Plan:
    """Every file, by all workers, in order; each is told of as it is read. One that kills its readers is a problem.

    ``meanwhile`` is done here while they read, if there is anything to read.
    """
    plan = Plan(outside=settings.variations.outside)
    ways = settings.variations
    known = {name: remembered(name, memory.said(source(name, ways)), ways) for name in names}
    unknown = [name for name in names if known[name] is None]
    found = crew.in_turn((partial(look, name, ways) for name in unknown), AHEAD, meanwhile)
    for number, name in enumerate(names):
        progress(Standing("reading", number, len(names), (name,)))
        seen = known[name]
        if seen is None:
            answer = next(found)
            seen = Look((), (Problem(name, KILLED),), {}) if isinstance(answer, Killed) else answer
            if not seen.problems:
                memory.heard(source(name, ways), to_remember(seen))
        _add(plan, name, seen, settings)
    progress(Standing("reading", len(names), len(names)))
    return plan


def _add(plan: Plan, name: str, seen: Look, settings: Settings) -> None:
    for world, packed in zip(seen.worlds, seen.carried, strict=False):
        if len(packed) <= plan.room:
            plan.held[(world.file, world.values)] = packed
            plan.room -= len(packed)
    for problem in seen.problems:
        plan.refuse(problem)
    for world in seen.worlds:
        plan.notes += [f"{called(world, settings)}: {note}" for note in world.notes]
        wanted = [each for each in world.schedules if not settings.schedules or each in settings.schedules]
        if not wanted:
            plan.refuse(Problem(name, _no_schedule(world, settings), world.values))
        for planned in _planned(world, wanted, settings):
            plan.runs.append(planned)
            plan.order.append(planned)
    if len(plan.runs) > MOST_RUNS:
        raise StaggerError(f"a batch must not be of more than {MOST_RUNS:,} runs. Run it in parts.")


def _planned(world: World, schedules: Sequence[str], settings: Settings) -> Iterator[Planned]:
    seed = world.seed if settings.seed is None else settings.seed
    for schedule in schedules:
        key = Key(
            scenario=world.scenario,
            scenario_sha256=world.sha256,
            texts_sha256=world.texts_sha256,
            schedule=schedule,
            replications=settings.replications,
            seed=seed,
            sampling=settings.sampling,
            engine=settings.engine,
        )
        yield Planned(world, schedule, key)


def asked_for(plan: Plan) -> frozenset[str]:
    """Names of the runs that its files ask for."""
    return frozenset(planned.key.name for planned in plan.runs)


def called(world: World, settings: Settings) -> str:
    """Its file, with the values that are varied."""
    values = zip(settings.variations.paths, world.values, strict=True)
    return ", ".join([world.file, *(f"{path}={value}" for path, value in values)])


def _no_schedule(world: World, settings: Settings) -> str:
    asked, known = ", ".join(settings.schedules), ", ".join(world.schedules)
    return f"a schedule must be one of the scenario's (found {asked}). The schedules are: {known}."
