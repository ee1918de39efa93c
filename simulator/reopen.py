"""An answer from its folder: the scenario that lies there, played again in the same futures.

A folder holds what determines its numbers, so nothing else needs to be kept to draw a figure or write a report, and
whoever reads them has seen the numbers come out a second time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simulator.errors import StaggerError
from simulator.given import PATH, require
from simulator.result import Result
from simulator.run import run
from simulator.scenario import Scenario, digest, parse
from simulator.scenario.read import read_file
from simulator.store import read_summary, versions, whole_manifest
from simulator.studies.compare import Comparison, compare
from simulator.wording import shortened
from simulator.workers import Asked

Progress = Callable[[int, int], None]

CLOSE: Final = 1e-9
"""The relative difference that numbers may have on another machine, whose mathematical functions round otherwise."""

LONGEST_COMMAND: Final = 300
"""Characters of a command that a message repeats."""


def reopen(folder: Path | str, workers: Asked = None, progress: Progress | None = None) -> Result | Comparison:
    """The `Result` or `Comparison` that was written to a folder, worked out again from what lies there.

    Raises:
        StaggerError: the folder is not whole, holds no scenario or the answer of another verb, or this version of
            stagger finds other numbers.
    """
    require(folder, PATH, "results are reopened from a folder", "Give its path.")
    where = Path(folder)
    manifest = whole_manifest(where)
    answer: Result | Comparison
    match manifest.get("verb"):
        case "run":
            answer = _run_again(where, manifest, workers=workers, progress=progress)
        case "compare":
            answer = _compare_again(where, manifest, workers=workers, progress=progress)
        case verb:
            raise StaggerError(f"{where} must be what `run` or `compare` wrote (found {verb}).")
    found = difference(read_summary(where), answer.summary())
    if found is not None:
        raise StaggerError(
            f"{where} must hold the numbers that its scenario gives (found others at {found.place}: {found.words}). "
            f"{made_with(manifest)} Make it again: {shortened(str(manifest.get('command')), LONGEST_COMMAND)}"
        )
    return answer


def made_with(manifest: Mapping[str, Any]) -> str:
    """Which versions made a folder, and how they differ from those that work it out again."""
    made, here = manifest.get("versions"), versions()
    known = {str(name): str(number) for name, number in made.items()} if isinstance(made, Mapping) else {}
    if known == here:
        return (
            f"It was made with stagger {here['stagger']} as well, by an earlier state of it that counted this "
            "otherwise, or was changed since."
        )
    others = [f"{name} {number} (here {here.get(name)})" for name, number in known.items() if here.get(name) != number]
    return f"It was made with {', '.join(others) or 'versions that it does not say'}."


@contextmanager
def written_now(folder: Path, manifest: Mapping[str, Any]) -> Iterator[None]:
    """While something is read out of the document in a folder, which holds all that is said of it now.

    Raises:
        StaggerError: it does not, because another version wrote it.
    """
    try:
        yield
    except (KeyError, TypeError, AttributeError) as error:
        raise StaggerError(
            f"{folder} must hold what `{manifest.get('verb')}` writes now (not found: {error}). {made_with(manifest)} "
            f"Make it again: {shortened(str(manifest.get('command')), LONGEST_COMMAND)}"
        ) from error


@dataclass(frozen=True)
class Difference:
    """Where two documents first differ, and what stands there in each."""

    place: str
    was: Any
    now: Any

    @property
    def words(self) -> str:
        """``0.61, now 0.62``, or which entries only one of them has."""
        if isinstance(self.was, Mapping) and isinstance(self.now, Mapping):
            return _entries(self.was, self.now)
        return f"it says {_short(self.was)}, and now it is {_short(self.now)}"


def _entries(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Which entries only one of two has."""
    gone, new = ([name for name in one if name not in other] for one, other in ((was, now), (now, was)))
    told = [f"{what} {_quoted(names)}" for what, names in (("it has", gone), ("now there is", new)) if names]
    return ", and ".join(told)


def _quoted(names: list[str]) -> str:
    return ", ".join(f"“{_short(name)}”" for name in names[:3]) + (" and others" if len(names) > 3 else "")


def _short(value: Any) -> str:
    return shortened(str(value), 60)


def difference(one: Any, other: Any, place: str = "summary") -> Difference | None:
    """Where two documents first differ by more than rounding; None where nowhere."""
    if isinstance(one, Mapping) and isinstance(other, Mapping) and one.keys() == other.keys():
        found = (difference(one[key], other[key], f"{place}.{key}") for key in one)
        return next((each for each in found if each), None)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)) and len(one) == len(other):
        found = (difference(*pair, f"{place}.{number}") for number, pair in enumerate(zip(one, other, strict=True), 1))
        return next((each for each in found if each), None)
    numbers = all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in (one, other))
    same = (
        math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE) if numbers else (type(one), one) == (type(other), other)
    )
    return None if same else Difference(place, one, other)


def _run_again(where: Path, manifest: Mapping[str, Any], **how: Any) -> Result:
    scenario = _scenario(where, "scenario.yaml", manifest["file"], manifest["scenario_sha256"])
    return run(scenario, manifest["schedule"], command=manifest["command"], **_same(manifest), **how)


def _compare_again(where: Path, manifest: Mapping[str, Any], **how: Any) -> Comparison:
    worlds = [
        _scenario(where, each["kept_as"], each["file"], each["sha256"]) for each in manifest["scenarios"].values()
    ]
    return compare(worlds, manifest["schedules"], **_same(manifest), **how, summaries=True)


def _same(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {name: manifest[name] for name in ("replications", "seed", "sampling", "engine")}


def _scenario(where: Path, name: str | None, file: str, sha256: str) -> Scenario:
    """The scenario that lies in a folder, called by the name of the file that it was read from."""
    if name is None or not (where / name).is_file():
        raise StaggerError(f"{where} must hold its scenario (it was made in Python, not read from YAML).")
    scenario = parse(read_file(where / name), file, where.resolve())
    if digest(scenario) != sha256:
        raise StaggerError(f"{where} must hold the scenario that it was made from (found another). Make it again.")
    return scenario
