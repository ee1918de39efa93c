"""Runs of a world that go to a worker together: which do, and that nobody can tell from the results."""

from __future__ import annotations

import errno
import os
import signal
from collections import Counter
from collections.abc import Callable, Mapping
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from overnight import contents, folder_of_worlds

from simulator.batch import Standing, batch, work
from simulator.batch.plan import Settings
from simulator.batch.simulating import Planned, Source, simulate
from simulator.batch.work import LAST, MOST_TOGETHER, TOGETHER, jobs_of
from simulator.batch.worlds import Variations, World, look
from simulator.errors import StorageError
from simulator.result import Model, Result
from simulator.scenario import Scenario
from simulator.store.drafts import Draft, Drafts
from simulator.store.key import Key

N = 20
SCHEDULES = ("a", "b", "c", "d", "e", "f")


@pytest.fixture
def worlds(tmp_path: Path) -> Path:
    return folder_of_worlds(tmp_path / "files")


@pytest.fixture
def _to_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """All runs go together, however few are left."""
    monkeypatch.setattr(work, "LAST", 0)


def _planned(worlds: int, activities: int = 10) -> list[Planned]:
    found = [World(f"{n}.yaml", (), str(n), "", "", 1, SCHEDULES, activities, "", ()) for n in range(worlds)]
    keys = [Key("", "", "", name, N, 1, "random", "batch") for name in SCHEDULES]
    return [Planned(world, key.schedule, key) for world in found for key in keys]


def _lengths(missing: list[Planned], workers: int = 1, engine: str = "batch", **how: Any) -> list[int]:
    """How many runs each job is of; by default of 1,000 replications of 10 activities."""
    settings = Settings.of(how.pop("replications", 1000), None, "random", engine, None, (), how.pop("figures", False))
    jobs = jobs_of(missing, settings, workers)
    assert [planned for job in jobs for planned in job] == missing
    assert all(len({planned.world.file for planned in job}) == 1 for job in jobs)
    return [len(job) for job in jobs]


def test_up_to_four_runs_of_a_world_are_one_job_but_for_the_last() -> None:
    """Of 240 runs of 40 worlds the last 16 are single: of world 38, four, and all of 39 and 40."""
    assert MOST_TOGETHER == 4
    assert _lengths(_planned(40), workers=2) == [4, 2] * 37 + [2] + [1] * (2 * LAST)


def test_a_job_is_of_no_more_work_than_is_worth_it() -> None:
    """Four runs of 1,000 x 500 activities are just two million; of one activity more, three go together.

    For the SimPy engine, four of 1,000 x 1.25 would be five thousand: of two activities, two go together.
    """
    assert TOGETHER == {"batch": 4 * 1000 * 500, "events": 5000}
    assert _lengths(_planned(40, 500))[:2] == [4, 2]
    assert _lengths(_planned(40, 501))[:2] == [3, 3]
    assert set(_lengths(_planned(40, 500), replications=100_000)) == {1}
    assert _lengths(_planned(40, 1), engine="events")[:2] == [4, 2]
    assert _lengths(_planned(40, 2), engine="events")[:3] == [2, 2, 2]


def test_runs_with_figures_are_single() -> None:
    assert set(_lengths(_planned(40), figures=True)) == {1}


def test_runs_that_are_there_already_are_no_reason_to_mix_worlds() -> None:
    missing = [planned for planned in _planned(40) if planned.schedule != "c"]
    assert _lengths(missing)[:4] == [4, 1, 4, 1]


def test_results_are_the_same_together_and_apart(worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: dict[int, Counter[int]] = {}
    for last in (LAST, 0):
        monkeypatch.setattr(work, "LAST", last)
        seen = _jobs(monkeypatch)
        batch(worlds, tmp_path / f"out-{last}", replications=N, workers=2)
        lengths[last] = Counter(seen)
    assert lengths == {LAST: {1: 4}, 0: {2: 2}}
    assert contents(tmp_path / f"out-{LAST}") == contents(tmp_path / "out-0")


def _jobs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many runs each job is of, as they are sent."""
    seen: list[int] = []

    def heard(*args: Any) -> Any:
        found = jobs_of(*args)
        seen.extend(len(job) for job in found)
        return found

    monkeypatch.setattr(work, "jobs_of", heard)
    return seen


@pytest.mark.usefixtures("_to_the_last")
def test_runs_before_the_disk_was_full_are_kept(worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two jobs of two runs the second job's second finds no room."""
    write = Drafts.write
    _with_room_for(monkeypatch, lambda name: "world-2-stagger" not in name)
    with pytest.raises(StorageError, match="No space left on device"):
        batch(worlds, tmp_path / "out", replications=N, workers=1)
    assert sorted(path.name[:7] for path in (tmp_path / "out" / "runs").iterdir()) == ["world-1", "world-1", "world-2"]
    assert not [*(tmp_path / "out" / ".stagger" / "drafts").iterdir()]
    monkeypatch.setattr(Drafts, "write", write)
    assert batch(worlds, tmp_path / "out", replications=N, workers=1).simulated == 1


def _with_room_for(monkeypatch: pytest.MonkeyPatch, fits: Callable[[str], bool]) -> None:
    """The disk has room for drafts of some names only."""
    write = Drafts.write

    def short(drafts: Drafts, name: str, files: Mapping[str, bytes]) -> Draft:
        if fits(name):
            return write(drafts, name, files)
        with drafts.writing():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Drafts, "write", short)


def _with(monkeypatch: pytest.MonkeyPatch, fault: Callable[[], None]) -> None:
    """A run of the first world's second schedule has a fault."""
    module = import_module("simulator.run")
    run = module.run_model

    def faulty(model: Model, *args: Any, **kwargs: Any) -> Result:
        if (model.scenario.scenario, model.network.schedule) == ("world 1", "stagger"):
            fault()
        found: Result = run(model, *args, **kwargs)
        return found

    monkeypatch.setattr(module, "run_model", faulty)


@pytest.mark.usefixtures("_to_the_last")
def test_a_run_that_fails_costs_those_beside_it_nothing(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault() -> None:
        raise ZeroDivisionError("by hand")

    _with(monkeypatch, fault)
    found = batch(worlds, tmp_path / "out", replications=N, workers=1)
    assert (found.simulated, len(found.failed)) == (3, 1)
    assert "stagger failed (ZeroDivisionError: by hand)" in found.failed[0].text


def _with_faulty_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models of the first world's first schedule cannot be made, nor, so, can others be made of them."""
    module = import_module("simulator.run")
    model_of = module.model_of

    def faulty(scenario: Scenario, schedule: str, *args: Any) -> Model:
        if (scenario.scenario, schedule) == ("world 1", "at once"):
            raise ZeroDivisionError("by hand")
        found: Model = model_of(scenario, schedule, *args)
        return found

    monkeypatch.setattr(module, "model_of", faulty)


@pytest.mark.usefixtures("_to_the_last")
def test_a_fault_in_what_runs_have_in_common_is_that_of_its_run(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _with_faulty_models(monkeypatch)
    found = batch(worlds, tmp_path / "out", replications=N, workers=1)
    assert (found.simulated, [each.schedule for each in found.failed]) == (3, ["at once"])


@pytest.mark.parametrize("faulty", [True, False])
def test_nothing_is_begun_when_the_disk_is_full(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faulty: bool
) -> None:
    """The third run is not played, whether or not the three had a model in common."""
    look_at = look(str(worlds / "world-1.yaml"), Variations((), ()))
    source = Source(look_at.worlds[0], (), look_at.carried[0])
    schedules = ("at once", "stagger", "at once") if faulty else ("stagger", "at once", "stagger")
    keys = [Key("", "", "", name, N + place, 1, "random", "batch") for place, name in enumerate(schedules)]
    drafts = Drafts(tmp_path)
    drafts.folder.mkdir(parents=True)
    _with_room_for(monkeypatch, lambda name: name == keys[0].name)
    if faulty:
        _with_faulty_models(monkeypatch)
    first, second = simulate(source, keys, figures=False, drafts=drafts)
    assert "ZeroDivisionError" in first.problem if faulty else first.draft is not None
    assert "No space left on device" in str(second.stopped)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers that are not forked do not have the deadly run")
@pytest.mark.usefixtures("_to_the_last")
@pytest.mark.parametrize("workers", [1, 2])
def test_of_runs_that_went_together_the_one_that_kills_its_worker_is_reported(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    """The job is lost three times, then each of its runs is tried alone; the other is as without it."""
    batch(worlds, tmp_path / "whole", replications=N, workers=1)
    _with(monkeypatch, lambda: os.kill(os.getpid(), signal.SIGKILL))
    told: list[int] = []

    def heard(standing: Standing) -> None:
        if standing.phase == "simulating":
            told.append(standing.done)

    found = batch(worlds, tmp_path / "out", replications=N, workers=workers, progress=heard)
    assert (found.simulated, [each.text for each in found.failed]) == (3, [work.KILLED])
    assert [done for done, _ in groupby(told)] == [0, 1, 2, 3, 4]
    whole = contents(tmp_path / "whole")
    there = {name: each for name, each in contents(tmp_path / "out").items() if name.startswith("runs/")}
    assert there.items() <= whole.items()
    assert len({name.split("/")[1] for name in there}) == 3
