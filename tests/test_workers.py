"""Workers of every kind: the same bytes whoever does the work, and clean ends whatever happens to them."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import simulator as sg
from simulator.cli import main
from simulator.errors import StaggerError
from simulator.result import Model
from simulator.scenario import Scenario
from simulator.store import OUTCOMES, as_json
from simulator.workers import MOST_LOSSES, PER_WORKER, Killed, Shared, Workers, asked
from simulator.workers import cluster as cluster_module
from simulator.workers import crew as crew_module
from simulator.workers import local as local_module
from simulator.workers.cluster import Cluster
from simulator.workers.local import Local
from simulator.workers.shared import MOST_KEPT, RARELY, work

running = import_module("simulator.run")
FILE = Path(__file__).parent.parent / "scenarios" / "two-clusters.yaml"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return sg.load(FILE)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so small that there are many, and pools however little there is to do."""
    monkeypatch.setitem(running.BLOCK, "events", 16)
    monkeypatch.setitem(running.BLOCK, "batch", 64)
    monkeypatch.setattr(crew_module, "WORTH", 0.0)
    monkeypatch.setattr(import_module("simulator.studies.futures"), "BLOCK", 128)


@pytest.fixture(scope="module")
def dask() -> Iterator[Any]:
    """A scheduler with two workers, processes of their own on this machine."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    ) as cluster:
        yield cluster


def written(scenario: Scenario, **how: Any) -> tuple[str, bytes | None]:
    """The bytes of a run's summary.json and outcomes.parquet."""
    result = sg.run(scenario, **how)
    return as_json(result.summary()), result.kept


# -- the same bytes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["batch", "events"])
def test_neither_number_nor_kind_of_workers_changes_a_byte(scenario: Scenario, engine: str, dask: Any) -> None:
    how = {"replications": 700 if engine == "batch" else 100, "engine": engine}
    alone = written(scenario, workers=1, **how)
    for workers in (2, 3, dask.scheduler_address):
        assert written(scenario, workers=workers, **how) == alone
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2, mp_context=local_module.context()) as processes:
        assert written(scenario, workers=threads, **how) == alone
        assert written(scenario, workers=processes, **how) == alone


def test_studies_give_the_same_answers(scenario: Scenario, dask: Any) -> None:
    """Sent to processes and to a cluster, values shared one after the other included."""
    vary = f"clusters.{next(iter(scenario.clusters))}.priority=1..3"
    for study in (
        partial(sg.compare, scenario, replications=600),
        partial(sg.latest, scenario, replications=600),
        partial(sg.sweep, scenario, vary, replications=600),
    ):
        alone = study(workers=1).summary()
        assert study(workers=2).summary() == alone
        assert study(workers=dask.scheduler_address).summary() == alone


def test_workers_do_the_work(scenario: Scenario, monkeypatch: pytest.MonkeyPatch, dask: Any) -> None:
    """Or the tests above would compare one process with itself."""
    sent: list[type] = []
    for kind in (Local, Cluster):
        send = kind.send

        def counted(self: Any, *args: Any, send: Any = send) -> Any:
            sent.append(type(self))
            return send(self, *args)

        monkeypatch.setattr(kind, "send", counted)
    sg.run(scenario, replications=640, workers=2)
    assert sent.count(Local) >= 4  # ten blocks, the first of them here, others put together
    sg.run(scenario, replications=640, workers=dask.scheduler_address)
    assert sent.count(Cluster) >= 2


def test_a_small_run_starts_no_processes(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew_module, "WORTH", 1000.0)
    monkeypatch.setattr(Local, "send", None)
    sg.run(scenario, replications=640, workers=2)


@pytest.mark.parametrize("engine", ["batch", "events"])
def test_one_block_is_done_here(scenario: Scenario, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Local, "send", None)
    sg.run(scenario, replications=16, engine=engine, workers=2)


def test_jobs_grow_where_there_is_much_to_do() -> None:
    """Up to half a second each, no more than four blocks, and half of a worker's share of what is left."""
    with Workers(2) as crew:
        assert crew.blocks_per_job(1000) == 1  # nothing is known yet
        crew.took = 0.2
        assert [crew.blocks_per_job(left) for left in (1000, 12, 8, 3)] == [3, 3, 2, 1]
        crew.took = 0.001
        assert crew.blocks_per_job(1000) == 4
        crew.took = 2.0
        assert crew.blocks_per_job(1000) == 1


# -- jobs --------------------------------------------------------------------------------------------


def _sleep(seconds: float, answer: int) -> int:
    time.sleep(seconds)
    return answer


@pytest.mark.parametrize("workers", [1, 2])
def test_answers_as_they_are_done(workers: int) -> None:
    with Workers(workers) as crew:
        jobs = [partial(_sleep, 1.0 if number == 0 else 0.0, number * 10) for number in range(5)]
        found = list(crew.as_done(jobs))
    assert sorted(found) == [(number, number * 10) for number in range(5)]
    assert (found[-1] == (0, 0)) == (workers == 2)


def test_few_jobs_are_under_way_on_a_cluster(dask: Any) -> None:
    taken = 0

    def jobs() -> Iterator[partial[int]]:
        nonlocal taken
        for number in range(60):
            taken += 1
            yield partial(_sleep, 0.0, number)

    with Workers(dask.scheduler_address) as crew:
        for number, answer in enumerate(crew.in_order(jobs())):
            assert answer == number
            assert taken <= number + 2 * PER_WORKER


@pytest.fixture
def _own_threshold() -> Iterator[None]:
    """Whatever tests before this one set; the command line looks for garbage more rarely than Python does."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("_own_threshold")
@pytest.mark.parametrize(
    ("own", "within"), [(700, RARELY), (RARELY + 1, RARELY + 1), (0, 0)], ids=["often", "more rarely", "never"]
)
def test_a_job_is_looked_through_for_garbage_rarely_and_others_as_before(own: int, within: int) -> None:
    gc.set_threshold(own, 10, 10)
    assert work(gc.get_threshold, {}, None) == (within, 10, 10)
    with pytest.raises(ZeroDivisionError):
        work(partial(divmod, 1, 0), {}, None)
    assert gc.get_threshold() == (own, 10, 10)


@pytest.mark.usefixtures("_own_threshold")
def test_jobs_of_two_threads_leave_the_look_for_garbage_as_it_was() -> None:
    """The second begins within the first, and ends after it."""
    gc.set_threshold(700, 10, 10)
    inside, over = threading.Event(), threading.Event()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(work, partial(inside.wait, 10), {}, None)
        deadline = time.monotonic() + 10
        while gc.get_threshold()[0] != RARELY and time.monotonic() < deadline:
            time.sleep(0.001)
        second = threads.submit(work, partial(_say_and_wait, inside, over), {}, None)
        first.result(10)
        over.set()
        second.result(10)
    assert gc.get_threshold() == (700, 10, 10)


def _say_and_wait(inside: threading.Event, over: threading.Event) -> None:
    inside.set()
    over.wait(10)


def test_something_can_be_done_here_once_the_first_jobs_are_on_their_way() -> None:
    told: list[int] = []
    sent: list[int] = []

    def jobs() -> Iterator[partial[int]]:
        for number in range(20):
            sent.append(number)
            yield partial(_sleep, 0.0, number)

    with Workers(2, apart=True) as crew:
        found = crew.in_turn(jobs(), per_worker=7, meanwhile=lambda: told.append(len(sent)))
        assert list(found) == list(range(20))
        assert told == [14], "once, with two workers' jobs sent and none read"
        assert list(crew.in_turn(iter(()), meanwhile=lambda: told.append(0))) == []
        assert told == [14], "there was no while"


def _doubled(value: Shared[int], times: int) -> int:
    return value.value * times


def test_shared_values_come_to_workers_that_lack_them() -> None:
    """The pool is older than the values, of which there are more than a process keeps; later jobs want early ones."""
    with ProcessPoolExecutor(2, mp_context=local_module.context()) as pool, Workers(pool) as crew:
        assert pool.submit(abs, -1).result() == 1
        held = [crew.sharing(number) for number in range(MOST_KEPT + 5)]
        values = [each.__enter__() for each in held]
        jobs = [partial(_doubled, value, 2) for value in values] * 3
        assert list(crew.in_order(jobs)) == [2 * number for number in range(MOST_KEPT + 5)] * 3
        assert sorted(crew.as_done(jobs)) == [(k, 2 * (k % (MOST_KEPT + 5))) for k in range(len(jobs))]
        for each in held:
            each.__exit__(None, None, None)


def test_a_shared_value_is_sent_as_a_key() -> None:
    """A model of 300 kB is not part of each job; each worker is sent it once."""
    import pickle

    with Workers(2) as crew, crew.sharing(b"x" * 10**6) as value:
        assert len(pickle.dumps(partial(_doubled, value, 2))) < 300
        assert value.value == b"x" * 10**6


def test_what_a_job_raises_arrives_from_a_cluster(dask: Any) -> None:
    with Workers(dask.scheduler_address) as crew, pytest.raises(ZeroDivisionError):
        list(crew.in_order([partial(divmod, 1, 0)] * 3))


def test_processes_fork_from_a_process_that_has_done_everything(scenario: Scenario, tmp_path: Path) -> None:
    """Numba, Parquet, threads at work: children of such a process do the same again and end."""
    sg.run(scenario, replications=300, out=tmp_path / "here", workers=1)
    stop = threading.Event()
    busy = threading.Thread(target=stop.wait)
    busy.start()
    try:
        with Workers(2) as crew:
            folders = [tmp_path / f"{number}" for number in range(4)]
            list(crew.in_order([partial(_whole_run, str(folder)) for folder in folders]))
    finally:
        stop.set()
        busy.join()
    whole = {(folder / OUTCOMES).read_bytes() for folder in (*folders, tmp_path / "here")}
    assert len(whole) == 1


def _whole_run(folder: str) -> None:
    sg.run(sg.load(FILE), replications=300, out=folder, workers=1)


@pytest.mark.slow
def test_processes_that_are_spawned_give_the_same_bytes(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = written(scenario, replications=700, workers=1)
    monkeypatch.setattr(local_module, "context", lambda: multiprocessing.get_context("spawn"))
    assert written(scenario, replications=700, workers=2) == alone


# -- workers that die --------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["batch", "events"])
def test_a_process_killed_in_a_run_changes_nothing(
    scenario: Scenario, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed: list[int] = []
    before = set(multiprocessing.active_children())

    def told(done: int, most: int) -> None:
        children = [*{*multiprocessing.active_children()} - before]
        if children and not killed:
            killed.append(children[0].pid or 0)
            os.kill(killed[-1], signal.SIGKILL)

    renew, renewed = Local.renew, []
    monkeypatch.setattr(Local, "renew", lambda self: (renewed.append(self), renew(self)))
    monkeypatch.setattr(crew_module, "MOST_TOGETHER", 1)
    how = {"replications": 1280 if engine == "batch" else 160, "engine": engine}
    alone = written(scenario, workers=1, **how)
    assert written(scenario, workers=2, progress=told, **how) == alone
    assert killed
    assert len(renewed) == 1
    assert not {*multiprocessing.active_children()} - before


def test_answers_that_were_there_survive_a_broken_pool(tmp_path: Path) -> None:
    """The fifth of six jobs kills its worker once; the four before it are not done a second time."""
    with Workers(2) as crew:
        jobs = [partial(_leave_a_mark, tmp_path, number) for number in range(6)]
        assert list(crew.in_order([partial(time.sleep, 0.5), *jobs]))[1:] == list(range(6))
    marks = sorted(path.name.split("-")[0] for path in tmp_path.iterdir())
    assert [mark for mark in marks if mark < "5"] == ["0", "1", "2", "3", "4", "4"]


def _die_in_the_middle(mark: Path) -> str:
    """The answer's first bytes are all that the first try gives."""
    if mark.exists():
        return "whole"
    mark.touch()

    def begin(connection: Any, answer: Any, **_: Any) -> None:
        os.write(connection.fileno(), bytes(answer[:6]))
        os.kill(os.getpid(), signal.SIGKILL)

    multiprocessing.connection.Connection._send = begin  # type: ignore[attr-defined]
    return "never"


def test_a_process_that_dies_in_the_middle_of_its_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pool reads on for ever, and its other process waits for its turn: both are noticed when one looks."""
    monkeypatch.setattr(crew_module, "LOOK", 0.3)
    jobs = [partial(_die_in_the_middle, tmp_path / "mark"), partial(_sleep, 0.1, 1)]
    with Workers(2) as crew:
        assert list(crew.in_order(jobs)) == ["whole", 1]


def test_an_interrupt_ends_a_pool_that_waits_for_the_rest_of_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Local) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(crew_module, "LOOK", 0.3)
    monkeypatch.setattr(Local, "look", interrupted)
    jobs = [partial(_die_in_the_middle, tmp_path / "mark"), partial(_sleep, 9.0, 1)]
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), Workers(2) as crew:
        list(crew.in_order(jobs))
    assert time.monotonic() - begun < 8  # and not when the other job is done


def _leave_a_mark(folder: Path, number: int) -> int:
    (folder / f"{number}-{os.getpid()}-{time.monotonic_ns()}").write_text("")
    if number == 4 and len(list(folder.glob("4-*"))) == 1:
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def _die_if(deadly: bool, seconds: float, folder: Path, number: int) -> int:
    (folder / f"{number}-{time.monotonic_ns()}").write_text("")
    time.sleep(seconds)
    if deadly:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def _tries(folder: Path, number: int) -> int:
    return len(list(folder.glob(f"{number}-*")))


@pytest.mark.parametrize("deadly", [{0}, {4}, {3, 9}, {9}])
def test_a_job_that_kills_its_workers_costs_the_others_nothing(tmp_path: Path, deadly: set[int]) -> None:
    """It is tried in company at most once for each that kills, and alone three times; the others have their answers."""
    jobs = [partial(_die_if, number in deadly, 0.02, tmp_path, number) for number in range(10)]
    with Workers(2) as crew:
        answers = dict(crew.as_done(jobs))
    assert {number for number, answer in answers.items() if isinstance(answer, Killed)} == deadly
    assert [answers[number] for number in range(10) if number not in deadly] == [*{*range(10)} - deadly]
    assert all(MOST_LOSSES <= _tries(tmp_path, number) <= MOST_LOSSES + len(deadly) for number in deadly)


def test_a_job_is_blamed_for_a_loss_only_where_it_was_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where one loss is enough: job 3, long under way beside job 4 that kills, is asked again."""
    monkeypatch.setattr(crew_module, "MOST_LOSSES", 1)
    jobs = [partial(_die_if, number == 4, 0.5 if number == 3 else 0.02, tmp_path, number) for number in range(10)]
    with Workers(2) as crew:
        answers = dict(crew.as_done(jobs))
    assert [number for number, answer in answers.items() if isinstance(answer, Killed)] == [4]


def test_a_block_that_kills_its_workers_ends_its_run(tmp_path: Path) -> None:
    jobs = [partial(_die_if, number == 2, 0.02, tmp_path, number) for number in range(10)]
    with Workers(2) as crew:
        answers = crew.in_order(jobs)
        assert [next(answers), next(answers)] == [0, 1]
        with pytest.raises(StaggerError, match=r"must stay alive .* Try --workers 1"):
            next(answers)


@pytest.mark.slow
def test_a_job_that_kills_a_cluster_s_workers_costs_the_others_nothing(tmp_path: Path, dask: Any) -> None:
    """Dask blames all jobs of the worker that died, so that each is tried alone before it is given up."""
    jobs = [partial(_die_if, number == 1, 0.02, tmp_path, number) for number in range(8)]
    allowed, dask.scheduler.allowed_failures = dask.scheduler.allowed_failures, 0
    try:
        with Workers(dask.scheduler_address) as crew:
            crew.trying = False  # or the first jobs would be done here
            answers = dict(crew.as_done(jobs))
    finally:
        dask.scheduler.allowed_failures = allowed
    assert isinstance(answers.pop(1), Killed)
    assert answers == {number: number for number in range(8) if number != 1}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_scenario_that_kills_its_workers_does_not_end_the_night(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    """The runs of the second file kill whoever does them; those of the others are as in a night without it.

    So it is where they are the only ones left.
    """
    files = tmp_path / "files"
    files.mkdir()
    for number in range(3):
        (files / f"{number}.yaml").write_text(FILE.read_text().replace("scenario:", f"scenario: '{number}' #", 1))
    module, parent = import_module("simulator.run"), os.getpid()
    run = module.run_model

    def deadly(model: Model, *args: Any, **how: Any) -> Any:
        if model.scenario.scenario == "1" and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return run(model, *args, **how)

    whole = sg.batch(files, tmp_path / "whole", replications=20, workers=2)
    monkeypatch.setattr(module, "run_model", deadly)
    found = sg.batch(files, tmp_path / "out", replications=20, workers=workers)
    assert (found.simulated, len(found.failed)) == (4, 2)
    for problem in found.failed:
        assert Path(problem.file).name == "1.yaml"
        assert "its worker was killed again and again, perhaps for want of memory" in problem.text
    assert [row for row in found.table if row["status"] == "done"] == [
        row for row in whole.table if Path(row["file"]).name != "1.yaml"
    ]
    again = sg.batch(files / "1.yaml", tmp_path / "out", [found.failed[0].schedule], replications=20, workers=workers)
    assert (again.simulated, len(again.failed)) == (0, 1)


def test_a_cluster_s_worker_killed_in_a_run_changes_nothing(scenario: Scenario, dask: Any) -> None:
    how = {"replications": 160, "engine": "events"}
    alone = written(scenario, workers=1, **how)
    killed: list[int] = []

    def told(done: int, most: int) -> None:
        if not killed:
            killed.append(next(iter(dask.workers.values())).process.process.pid)
            os.kill(killed[0], signal.SIGKILL)

    assert written(scenario, workers=dask.scheduler_address, progress=told, **how) == alone
    assert killed


class _Deadly:
    """An answer that, the first time, costs its worker's life as it is fetched."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        if not self.mark.exists():
            self.mark.touch()
            os._exit(1)
        return str, ("whole",)


def test_an_answer_that_is_lost_with_its_worker_is_worked_out_again_in_silence(tmp_path: Path, dask: Any) -> None:
    """Dask's client would log a warning, under `-q` too; once the cluster is let go of, others hear of it again."""
    said: list[logging.LogRecord] = []
    ear, logger = logging.Handler(), logging.getLogger("distributed.client")
    ear.emit = said.append  # type: ignore[method-assign]
    logger.addHandler(ear)
    try:
        with Workers(dask.scheduler_address) as crew:
            assert list(crew.in_order([partial(abs, -1), partial(_Deadly, tmp_path / "mark")])) == [1, "whole"]
        assert (tmp_path / "mark").exists()
        assert said == []
        logger.warning("heard")
        assert len(said) == 1
    finally:
        logger.removeHandler(ear)


# -- ends --------------------------------------------------------------------------------------------

SCRIPT = """
import sys, time
from functools import partial
from simulator.workers import Workers
with Workers(2) as crew:
    print("ready", flush=True)
    list(crew.in_order([partial(time.sleep, 60)] * 4))
"""


def _alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}/status").exists() and "zombie" not in _state(pid)]


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return "zombie"


@pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_long_jobs_do_not_outlive_their_parent(how: signal.Signals) -> None:
    """The signal goes to the parent alone, as from a scheduler of jobs, or from a kernel out of memory."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    children: list[int] = []
    until = time.monotonic() + 20
    while len(children) < 2 and time.monotonic() < until:
        found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        children = [int(pid) for pid in found]
        time.sleep(0.01)
    assert len(children) == 2
    start = time.monotonic()
    os.kill(process.pid, how)
    process.communicate(timeout=20)
    while _alive(children) and time.monotonic() < start + 20:
        time.sleep(0.01)
    assert not _alive(children)
    assert time.monotonic() - start < 20  # the jobs would take a minute


# -- who is asked for --------------------------------------------------------------------------------


def test_workers_are_asked_for_by_number_address_or_executor() -> None:
    with ThreadPoolExecutor(1) as executor:
        assert [asked(each) for each in (None, 3, "3", "tcp://h:1", executor)] == [None, 3, 3, "tcp://h:1", executor]


@pytest.mark.parametrize("workers", [0, -1, "0", "many", "localhost:8786", "tcp://", ""])
def test_workers_that_make_no_sense(scenario: Scenario, workers: int | str) -> None:
    with pytest.raises(StaggerError, match=r"number of workers must be 1 or more \(found .*tcp://localhost:8786"):
        sg.run(scenario, replications=1, workers=workers)


def test_the_command_line_takes_an_address(dask: Any) -> None:
    how = ["run", str(FILE), "-n", "300", "--json", "--workers"]
    alone, cluster = (CliRunner().invoke(main, [*how, workers]) for workers in ("1", dask.scheduler_address))
    assert alone.exit_code == cluster.exit_code == 0
    assert alone.stdout == cluster.stdout
    wrong = CliRunner().invoke(main, [*how, "few"])
    assert wrong.exit_code == 2
    assert "the number of workers must be 1 or more (found few)" in " ".join(wrong.stderr.split())


def test_a_scheduler_that_does_not_answer(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "PATIENCE", 0.2)
    with pytest.raises(StaggerError, match=r"scheduler at tcp://127.0.0.1:9 must answer within 0.2 s.*dask scheduler"):
        sg.run(scenario, replications=1, workers="tcp://127.0.0.1:9")


def test_a_scheduler_without_workers(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(cluster_module, "PATIENCE", 1.0)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", host="127.0.0.1") as empty,
        pytest.raises(
            StaggerError, match=r"must have a worker \(found none within 1 s\). Start one with: dask worker t"
        ),
    ):
        sg.run(scenario, replications=1, workers=empty.scheduler_address)


def test_the_extra_is_missing(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(StaggerError, match=r"needs the package distributed.*pip install distributed"):
        sg.run(scenario, replications=1, workers="tcp://127.0.0.1:9")


def test_workers_with_other_packages_are_refused(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch, dask: Any
) -> None:
    """Another scipy may round otherwise, and then results would depend on who did the work."""
    here = cluster_module.own_versions()
    monkeypatch.setattr(cluster_module, "own_versions", lambda: {**here, "scipy": "0.1"})
    message = rf"must have the packages that this machine has \(scipy {here['scipy']} there, 0.1 here\)"
    with pytest.raises(StaggerError, match=message):
        sg.run(scenario, replications=700, workers=dask.scheduler_address)


@pytest.mark.parametrize("late", [False, True])
def test_a_cluster_that_is_taken_away(monkeypatch: pytest.MonkeyPatch, late: bool) -> None:
    """The scheduler ends in the middle: an error that says so, also after its client has given it up."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=1,
            threads_per_worker=1,
            processes=False,
            dashboard_address="127.0.0.1:0",
            host="127.0.0.1",
            protocol="tcp://",
        ) as cluster,
        Workers(cluster.scheduler_address) as crew,
    ):
        answers = crew.in_order(partial(_sleep, 0.2, number) for number in range(1000))
        assert next(answers) == 0
        cluster.close()
        if late:
            crew.staff.client.close()  # type: ignore[attr-defined]
        with pytest.raises(StaggerError, match="must stay reachable"):
            list(answers)


def test_an_executor_that_broke_is_its_owner_s_to_make_anew() -> None:
    with (
        ProcessPoolExecutor(2, mp_context=local_module.context()) as pool,
        Workers(pool) as crew,
        pytest.raises(StaggerError, match="the executor must stay whole"),
    ):
        list(crew.in_order([partial(os.kill, 0, 0), _die, _die]))


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_an_executor_of_any_kind_will_do() -> None:
    class Plain(Executor):
        def __init__(self) -> None:
            self.inner = ThreadPoolExecutor(1)

        def submit(self, *args: Any, **kwargs: Any) -> Any:
            return self.inner.submit(*args, **kwargs)

    plain = Plain()
    with Workers(plain) as crew:
        assert list(crew.in_order(partial(abs, -number) for number in range(5))) == [0, 1, 2, 3, 4]
    assert plain.submit(abs, -1).result() == 1  # not shut down
    plain.inner.shutdown()


def test_a_batch_on_a_cluster_writes_the_same_store(tmp_path: Path, dask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read here, where they are, however many they are; runs are done there."""
    monkeypatch.setattr(import_module("simulator.batch.worlds"), "CARRIED", 0)
    for name, workers in (("one", 1), ("cluster", dask.scheduler_address)):
        found = sg.batch(FILE, tmp_path / name, replications=200, workers=workers)
        assert (found.simulated, found.failed) == (2, ())
    one, cluster = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name / "runs").rglob("*.*")}
        for name in ("one", "cluster")
    )
    assert one == cluster
