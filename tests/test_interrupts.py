"""Ctrl-C, once or often: what was done is in the table, nobody waits for the dead, and whoever insists gets out."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from overnight import folder_of_worlds

from simulator import interrupts
from simulator.batch import Standing, batch
from simulator.interrupts import PATIENCE, Interrupts, end_at_the_next
from simulator.workers import Workers
from simulator.workers.local import Local, Processes

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")

press = partial(signal.raise_signal, signal.SIGINT)


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """Interrupts are heard, here and by programs that are started, also where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, to be set."""
    now = [100.0]
    monkeypatch.setattr(interrupts, "monotonic", lambda: now[0])
    return now


def test_the_first_stops_and_the_others_are_held_back_for_a_moment(clock: list[float]) -> None:
    done = []

    def work() -> None:
        with Interrupts():
            try:
                press()
            except KeyboardInterrupt:
                for seconds in (0.0, 1.0, PATIENCE - 1.1, 0.2):
                    clock[0] += seconds
                    press()
                    done.append(seconds)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == [0.0, 1.0, PATIENCE - 1.1]
    with pytest.raises(KeyboardInterrupt):
        press()  # and all is as it was


def test_where_the_first_is_held_back_it_is_heard_in_the_end() -> None:
    done = []

    def work(error: Exception | None) -> None:
        with Interrupts() as each:
            each.hold()
            press()
            done.append("the whole")
            if error:
                raise error

    with pytest.raises(KeyboardInterrupt):
        work(None)
    with pytest.raises(OSError, match="full"):  # which somebody has to be told
        work(OSError("full"))
    assert len(done) == 2


def test_statements_in_each_other_hold_back_as_one(clock: list[float]) -> None:
    """The first is the first for all of them, and nobody has to be patient twice."""
    ended = []

    def inner() -> None:
        with Interrupts():
            try:
                press()
            finally:
                press()
                ended.append("inner")
                clock[0] += PATIENCE + 0.1
                press()

    def outer() -> None:
        with Interrupts():
            try:
                inner()
            finally:
                ended.append("outer")
                press()
                ended.append("never")

    with pytest.raises(KeyboardInterrupt):
        outer()
    assert ended == ["inner", "outer"]


@pytest.mark.parametrize("handler", [signal.SIG_IGN, lambda number, frame: None])
def test_whoever_does_not_want_to_hear_hears_nothing(handler: Any) -> None:
    before = signal.signal(signal.SIGINT, handler)
    try:
        with Interrupts():
            press()
        end_at_the_next()
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_program_that_hears_interrupts_itself_hears_each_and_decides() -> None:
    """It may only take note, and want the work to go on."""
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: heard.append(number))
    try:
        with Interrupts() as interrupts:
            press()
            press()
            interrupts.look()
        with Interrupts(held=True):
            press()
            assert len(heard) == 2, "what must not be interrupted is not"
        assert len(heard) == 3
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_threads_leave_signals_alone() -> None:
    here: list[object] = []

    def look() -> None:
        with Interrupts():
            here.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert here == [signal.default_int_handler]


# -- pools -----------------------------------------------------------------------------------------------


def _with_a_pool(then: Callable[[], None], threads: list[threading.Thread]) -> None:
    """Do something in the `with` statement of a pool that is at a long job; the thread that reads answers is noted."""
    jobs: list[Callable[[], None]] = [partial(time.sleep, 0), partial(time.sleep, 60)]
    with Workers(2, apart=True) as crew:
        next(iter(crew.in_order(jobs)))
        assert isinstance(crew.staff, Local)
        threads.append(vars(crew.staff.pool)["_executor_manager_thread"])
        then()


def test_an_interrupt_while_a_pool_is_ended_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the processes killed and no end of their answers in sight, the program would wait for them as it ends."""
    everybody = Processes._all
    threads: list[threading.Thread] = []

    def interrupted(pool: Processes) -> list[Any]:
        press()
        return everybody(pool)

    def ended() -> None:
        monkeypatch.setattr(Processes, "_all", interrupted)
        raise RuntimeError("an end at once")

    with pytest.raises(KeyboardInterrupt):
        _with_a_pool(ended, threads)
    assert not threads[0].is_alive()


def test_an_interrupt_while_one_waits_for_jobs_that_nobody_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that reads answers ends by itself: Python takes one for ended whose `join` was interrupted.

    What it was reading would then be closed under its hands, of which it tells in a trace.
    """
    threads: list[threading.Thread] = []
    ended: list[bool] = []
    reader: Any = import_module("concurrent.futures.process")._ExecutorManagerThread
    end = reader.terminate_broken

    def slowly(*args: Any) -> None:
        time.sleep(0.5)
        end(*args)
        ended.append(True)

    monkeypatch.setattr(reader, "terminate_broken", slowly)
    interrupt = partial(signal.pthread_kill, threading.main_thread().ident or 0, signal.SIGINT)

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        _with_a_pool(threading.Timer(0.3, interrupt).start, threads)
    assert not threads[0].is_alive()
    assert time.monotonic() - begun < 30  # and the job would take a minute
    assert ended


# -- the command -----------------------------------------------------------------------------------------


class _Dropped:
    """Something in whose destructor somebody presses Ctrl-C, of which Python tells nobody who could stop."""

    def __del__(self) -> None:
        press()


def test_an_interrupt_that_python_drops_stops_a_batch_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda what: dropped.append(what.exc_type))

    def told(standing: Standing) -> None:
        if standing.phase == "simulating" and standing.done == 1:
            _Dropped()

    with pytest.raises(KeyboardInterrupt):
        batch(folder_of_worlds(tmp_path / "files"), tmp_path / "out", replications=20, workers=1, progress=told)
    assert dropped == [KeyboardInterrupt]
    assert (tmp_path / "out" / "results.csv").read_text(encoding="utf-8-sig").count(",not run,") == 2


SCRIPT = """
import sys, time
from simulator.batch import night
from simulator.cli import main
publish = night._publish
def slowly(*args):
    print("ending", flush=True)
    time.sleep({seconds})
    publish(*args)
night._publish = slowly
main(prog_name="stagger")
"""


def _ending(tmp_path: Path, seconds: float) -> subprocess.Popen[str]:
    """A batch that somebody stops when a run is done, and whose table takes some seconds."""
    worlds, out = folder_of_worlds(tmp_path / "files", 20), tmp_path / "out"
    how = ["-n", "1000", "--engine", "events", "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(seconds=seconds), "batch", str(worlds), "--out", str(out), *how],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while process.poll() is None and not list((out / "runs").glob("*")):
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    assert process.stdout is not None
    assert process.stdout.readline() == "ending\n"
    return process


def test_six_interrupts_in_a_row_leave_a_table(tmp_path: Path) -> None:
    process = _ending(tmp_path, 0.6)
    for _ in range(5):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.05)
    said, beside = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "")
    assert beside == "Stopped. Runs that were done are kept; the same command goes on from there.\n"
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        status = [row["status"] for row in csv.DictReader(file) if row["level"] != "cluster"]
    assert set(status) == {"done", "not run"}
    assert len(status) == 40
    assert (tmp_path / "out" / "results.parquet").exists()


def test_an_interrupt_while_the_last_table_is_written_comes_afterwards(tmp_path: Path) -> None:
    worlds, out = folder_of_worlds(tmp_path / "files", 1), tmp_path / "out"
    command = [sys.executable, "-c", SCRIPT.format(seconds=0.5), "batch", str(worlds), "--out", str(out), "-n", "20"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ending\n"
    process.send_signal(signal.SIGINT)
    assert "Stopped." in process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert (out / "results.csv").read_text(encoding="utf-8-sig").count(",done,") == 2 * 3


def test_whoever_goes_on_pressing_gets_out(tmp_path: Path) -> None:
    process = _ending(tmp_path, 60)
    begun = time.monotonic()
    while process.poll() is None and time.monotonic() - begun < 30:
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.1)
    assert PATIENCE < time.monotonic() - begun < 30  # a second or two, but the machine may be busy
    assert process.communicate()[1].count("Traceback") == 0
    assert not (tmp_path / "out" / "results.csv").exists()
