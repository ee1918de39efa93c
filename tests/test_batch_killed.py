"""A batch that is killed at any moment, once or often, ends in the same bytes as one that was left alone."""

from __future__ import annotations

import multiprocessing
import multiprocessing.sharedctypes
import os
import random
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from overnight import contents, folder_of_worlds, require_whole

from simulator.batch import batch
from simulator.errors import StaggerError
from simulator.store import lock, runs

FORKS = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that begin where this one is")
REPLICATIONS = 40


def _batch(worlds: Path, out: Path, workers: int = 1) -> None:
    batch(worlds, out, replications=REPLICATIONS, workers=workers)


def _begun(work: Callable[[], object]) -> multiprocessing.process.BaseProcess:
    """A process at some work; it knows all that this one does, so it starts at once."""
    process = multiprocessing.get_context("fork").Process(target=work)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside threads, of which there are none
        process.start()
    return process


def _kill(process: multiprocessing.process.BaseProcess, after: float) -> bool:
    """Kill a process after some seconds; whether it was still at work."""
    process.join(after)
    alive = process.is_alive()
    if alive and process.pid is not None:
        os.kill(process.pid, signal.SIGKILL)
    process.join()
    return alive


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of_worlds(tmp_path_factory.mktemp("worlds") / "files")


@pytest.fixture(scope="module")
def finished(worlds: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What there is in the end where nobody disturbs."""
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    _batch(worlds, out)
    found = contents(out)
    assert len(found) == 4 * 4 + 2
    return found


def _timed(work: Callable[[], object]) -> float:
    """Seconds that a process takes for some work."""
    begin = time.perf_counter()
    _begun(work).join()
    return time.perf_counter() - begin


def _kill_often(worlds: Path, out: Path, finished: dict[str, bytes], times: int, seed: int) -> tuple[int, set[int]]:
    """Kill batches one after the other in new folders; how many were killed, and how many runs they had done."""
    chance = random.Random(seed)
    whole = min(_timed(lambda number=number: _batch(worlds, out / f"timed {number}")) for number in range(3))  # type: ignore[misc]
    killed, seen = 0, set()
    for number in range(times):
        here = out / str(number)
        for _ in range(chance.randint(1, 3)):
            killed += _kill(_begun(lambda here=here: _batch(worlds, here)), chance.uniform(0, whole))  # type: ignore[misc]
            seen.add(require_whole(here, finished))
        _batch(worlds, here)
        assert contents(here) == finished
        assert list((here / ".stagger" / "drafts").iterdir()) == []
    return killed, seen


@FORKS
def test_killed_at_any_moment_it_ends_in_the_same_bytes(
    worlds: Path, finished: dict[str, bytes], tmp_path: Path
) -> None:
    killed, seen = 0, set[int]()
    for seed in range(6):  # until the moments fell between runs too, which they seldom do on a busy machine
        more, found = _kill_often(worlds, tmp_path / str(seed), finished, 15, seed)
        killed, seen = killed + more, seen | found
        if killed > 8 and len(seen) > 2:
            break
    assert killed > 8
    assert len(seen) > 2


CHANGES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "os.truncate", "shutil.copyfile"}


def _die_at_change(number: int, out: Path, count: multiprocessing.sharedctypes.Synchronized[int]) -> None:
    """Have this process and its workers killed at their ``number``-th change of the disk; count the changes.

    They die before the change, but of a file that is written: then when it was opened, and is empty.
    """
    inside, batch = str(out), os.getpid()

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        flags = arguments[2] if event == "open" and isinstance(arguments[2], int) else 0
        opens = flags & (os.O_WRONLY | os.O_RDWR)
        if (opens or event in CHANGES) and str(arguments[0]).startswith(inside):
            count.value += 1
            if count.value == number:
                if opens:
                    os.open(str(arguments[0]), flags)
                os.kill(batch, signal.SIGKILL)
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


@FORKS
def test_killed_at_each_change_of_the_disk(tmp_path: Path) -> None:
    """Chance seldom falls between two renames; so here is one kill at every change that a batch makes."""
    worlds = folder_of_worlds(tmp_path / "files", 1)
    _batch(worlds, tmp_path / "undisturbed")
    finished = contents(tmp_path / "undisturbed")
    assert len(finished) == 2 * 4 + 2
    number, killed = 0, True
    while killed:
        number += 1
        out, count = tmp_path / f"out {number}", multiprocessing.Value("i", 0)

        def work(out: Path = out, count: object = count, number: int = number) -> None:
            _die_at_change(number, out, count)  # type: ignore[arg-type]
            _batch(worlds, out)

        process = _begun(work)
        process.join()
        killed = process.exitcode == -signal.SIGKILL
        require_whole(out, finished)
        _batch(worlds, out)
        assert contents(out) == finished
        assert list((out / ".stagger" / "drafts").iterdir()) == []
    assert process.exitcode == 0
    assert number > 2 * (4 + 3), "each run writes four files, and makes, opens to all and moves a folder"


@FORKS
@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_killed_hundreds_of_times(worlds: Path, finished: dict[str, bytes], tmp_path: Path) -> None:
    found = [_kill_often(worlds, tmp_path / str(seed), finished, 50, seed) for seed in range(10)]
    assert sum(killed for killed, _ in found) > 200, "few are at work any more where the machine is busy at first"
    assert set().union(*(seen for _, seen in found)) >= {0, 1, 2, 3}


def _command(worlds: Path, out: Path) -> list[str]:
    how = ["-n", str(REPLICATIONS), "--workers", "2", "-q"]
    return [sys.executable, "-m", "simulator", "batch", str(worlds), "--out", str(out), *how]


def _workers_of(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(each) for each in found.stdout.split()]


def _gone(pids: list[int], patience: float) -> bool:
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


def _kill_command(worlds: Path, out: Path, finished: dict[str, bytes], runs_done: int) -> None:
    """Kill the command once so many runs are there; its workers must not outlive it for long."""
    process = subprocess.Popen(_command(worlds, out), stdout=subprocess.DEVNULL)
    ends = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < ends:
        if len(list((out / "runs").glob("*"))) >= runs_done:
            break
        time.sleep(0.002)
    workers = _workers_of(process.pid)
    process.kill()
    process.wait()
    require_whole(out, finished)
    assert _gone(workers, 10)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for workers as Linux shows them")
def test_the_command_is_killed_with_its_workers(worlds: Path, finished: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"
    _kill_command(worlds, out, finished, 1)
    run = subprocess.run(_command(worlds, out), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert contents(out) == finished


@FORKS
def test_of_two_batches_in_one_folder_one_is_told_to_wait(
    worlds: Path, finished: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    context = multiprocessing.get_context("fork")
    said = context.Queue()

    def tell() -> None:
        try:
            _batch(worlds, out)
            said.put("")
        except StaggerError as error:
            said.put(str(error))

    processes = [_begun(tell) for _ in range(4)]
    heard = [said.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    assert "" in heard
    assert all("must be used by one batch at a time (process " in each for each in heard if each)
    assert contents(out) == finished


@FORKS
def test_where_there_are_no_locks_all_of_them_write_the_same(
    worlds: Path, finished: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Network file systems may have no locks: then renaming alone must keep the store right."""
    monkeypatch.setattr(lock, "_lock", lambda file: False)
    for number in range(3):
        out = tmp_path / str(number)
        processes = [_begun(lambda out=out: _batch(worlds, out)) for _ in range(4)]  # type: ignore[misc]
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0, 0, 0, 0]
        assert contents(out) == finished
    assert runs.LEFT_ALONE >= 3600, "drafts of others at work must be left alone"
