"""What a file says, once for each combination of the values that are varied."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from simulator.batch.files import Problem
from simulator.errors import StaggerError

if TYPE_CHECKING:
    from simulator.scenario import Scenario
    from simulator.scenario.sources import Read

CARRIED: Final = 32
"""Worlds of one file that are handed on as they were read; of any more, the file is read again."""


@dataclass(frozen=True)
class World:
    """A file with some values changed: what is known of it without reading it again."""

    file: str
    values: tuple[str, ...]
    """As varied, in the order of the paths; none where nothing is."""
    scenario: str
    sha256: str
    """Of what it says."""
    texts_sha256: str
    """Of the files that say it, as a run's folder has them."""
    seed: int
    """The scenario's own, or that of a scenario without one."""
    schedules: tuple[str, ...]
    activities: int
    money: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """What was found in one file."""

    worlds: tuple[World, ...]
    problems: tuple[Problem, ...]
    reads: Mapping[str, Read]
    """Every file that was read, by its name."""
    carried: tuple[bytes, ...] = ()
    """The first worlds' scenarios and their texts, ready to be handed on."""


@dataclass(frozen=True)
class Variations:
    """How files are read: the paths that are varied and the values of each, crossed."""

    paths: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    outside: bool = False
    """Whether files may name others outside their folder."""

    def points(self) -> Iterator[tuple[str, ...]]:
        """Every combination, the last path's values the fastest; one without values where nothing is varied."""
        return product(*self.values)

    def __len__(self) -> int:
        count = 1
        for values in self.values:
            count *= len(values)
        return count


def look(file: str, variations: Variations) -> Look:
    """Read a file, change it in every way asked for, and say what is there or what is wrong."""
    try:
        return _look(file, variations)
    except Exception as error:  # one that is our own fault must not cost the others their night
        said = f"stagger failed ({type(error).__name__}: {error}). Please report it with the scenario."
        return Look((), (Problem(file, said),), {})


def _look(file: str, variations: Variations) -> Look:
    from simulator.scenario import load
    from simulator.scenario.sources import listening

    worlds: list[World] = []
    problems: list[Problem] = []
    carried: list[bytes] = []
    with listening() as reads:
        try:
            scenario = load(file, variations.outside)
        except StaggerError as error:
            return Look((), (Problem(file, str(error)),), reads)
        for values in variations.points():
            try:
                changed = changed_by(scenario, variations.paths, values)
                texts = texts_of(changed)
                worlds.append(_world(file, values, changed, texts))
            except StaggerError as error:
                problems.append(Problem(file, str(error), values))
            else:
                if len(carried) < CARRIED:
                    carried.append(_packed(changed, texts))
    return Look(tuple(worlds), tuple(problems), reads, tuple(carried))


def changed_by(scenario: Scenario, paths: Sequence[str], values: Sequence[str]) -> Scenario:
    """The scenario with each path set to its value."""
    from simulator.scenario import change

    return change(scenario, dict(zip(paths, values, strict=True))) if paths else scenario


def texts_of(scenario: Scenario) -> dict[str, str]:
    """The files that say a scenario in a run's folder, by name: with its notes and without comments."""
    from simulator.scenario.write import as_files

    return as_files(scenario, comments=False)  # a run's bytes hang on what its name stands for, and on no comment


def pack(scenario: Scenario) -> bytes:
    """A scenario, without what it was read from, and the files that say it, to be handed to a worker."""
    return _packed(scenario, texts_of(scenario))


def _packed(scenario: Scenario, texts: Mapping[str, str]) -> bytes:
    return pickle.dumps((scenario.model_copy().made_of(None), texts), pickle.HIGHEST_PROTOCOL)


def texts_digest(texts: Mapping[str, str]) -> str:
    """The SHA-256, in hexadecimal, of files by name."""
    return hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()


def _world(file: str, values: tuple[str, ...], scenario: Scenario, texts: Mapping[str, str]) -> World:
    from simulator.draws import draw
    from simulator.network.plan import plan_clusters
    from simulator.scenario import digest

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        draws = draw(scenario, 0)
    return World(
        file=file,
        values=values,
        scenario=scenario.scenario,
        sha256=digest(scenario),
        texts_sha256=texts_digest(texts),
        seed=draws.seed,
        schedules=tuple(scenario.schedules),
        activities=len(plan_clusters(scenario).activities),
        money=scenario.money.unit,
        notes=tuple(dict.fromkeys(str(warning.message) for warning in caught)),
    )


# -- what need not be read again -----------------------------------------------------------------------


def source(file: str, variations: Variations) -> str:
    """Under what name it is remembered what a file says."""
    text = json.dumps([os.path.realpath(file), variations.paths, variations.values, variations.outside])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def remembered(file: str, known: Mapping[str, Any] | None, variations: Variations) -> Look | None:
    """What a file was found to say, if all that was read for it is as it was; None if not, or if it makes no sense."""
    from simulator.scenario.sources import is_as_read

    try:
        reads = _reads_of((known or {})["reads"])
        worlds = tuple(_world_of(file, world) for world in (known or {})["worlds"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    if not reads or [world.values for world in worlds] != list(variations.points()):
        return None
    return Look(worlds, (), reads) if all(is_as_read(name, read) for name, read in reads.items()) else None


def to_remember(found: Look) -> dict[str, Any]:
    """The same for `remembered`."""
    worlds = [{name: value for name, value in asdict(world).items() if name != "file"} for world in found.worlds]
    return {"reads": dict(found.reads), "worlds": worlds}


def _reads_of(known: Mapping[str, Any]) -> dict[str, Read]:
    from simulator.scenario.sources import Read

    return {name: Read(*_texts(read)) for name, read in known.items()}


def _world_of(file: str, known: Mapping[str, Any]) -> World:
    lists = {name: _texts(known[name]) for name in ("values", "schedules", "notes")}
    world = World(file=file, **{**known, **lists})
    _texts([world.scenario, world.sha256, world.texts_sha256, world.money])
    if type(world.seed) is not int or type(world.activities) is not int:
        raise TypeError
    return world


def _texts(known: Any) -> tuple[str, ...]:
    """A list of texts, and of nothing else."""
    if not isinstance(known, list) or not all(isinstance(each, str) for each in known):
        raise TypeError
    return tuple(known)
