"""Runs: the same answer however they are cut up, answers that keep what they promise, and clean ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import simulator as sg
from simulator.analysis import stopping
from simulator.errors import StaggerError
from simulator.scenario import Scenario
from simulator.store import OUTCOMES, SUMMARY, read_manifest
from simulator.workers import MOST_LOSSES, Workers
from simulator.workers.local import Local

running = import_module("simulator.run")
"""The module; `sg.run` is the function."""

TEXT = """
scenario: three in a queue
start: 2025-01-01
horizon: 2030-12-31
deadline: 2026-12-31
seed: 3
resources: {desk: {capacity: 1}}
route:
  - stage: tender
    go_to_market: true
    duration: {lognormal: {median: 6mo, p90: 12mo}}
    holds: {desk: 1}
  - stage: build
    duration: {triangular: [3mo, 6mo, 12mo]}
    cost: {fixed: 1, per_month: 0.1}
clusters:
  Ash: {}
  Beech: {savings: {full_rate: 2/y}}
  Cedar: {}
legacy:
  Ledger: {used_by: [Cedar], end_of_support: 2026-06-30, failures: {unsupported: 1/y}}
schedules:
  together: {all: 2025-02-01}
  apart: {first: 2025-02-01, every: 6mo, order: [Ash, Beech, Cedar]}
"""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return sg.parse(TEXT)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(running.BLOCK, "events", 16)


# -- the same answer ---------------------------------------------------------------------------------


@pytest.mark.parametrize("sampling", ["random", "latin-hypercube", "sobol"])
def test_workers_and_blocks_change_nothing(scenario: Scenario, sampling: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One worker, three, blocks of another size: the same summary and the same bytes."""
    how = {"replications": 100, "sampling": sampling, "engine": "events"}
    alone = sg.run(scenario, workers=1, **how)
    crowd = sg.run(scenario, workers=3, **how)
    monkeypatch.setitem(running.BLOCK, "events", 7)
    monkeypatch.setattr(running, "natural_block", lambda _: 1)
    pieces = sg.run(scenario, workers=2, **how)
    assert alone.summary() == crowd.summary() == pieces.summary()
    assert alone.tally == crowd.tally == pieces.tally
    assert alone.kept == crowd.kept == pieces.kept
    assert (alone.finish == crowd.finish).all()


def test_engines_give_one_answer(scenario: Scenario) -> None:
    events = sg.run(scenario, replications=50, engine="events").summary()
    batch = sg.run(scenario, replications=50, engine="batch").summary()
    assert events | {"engine": "batch"} == batch


def test_a_longer_run_begins_with_the_shorter(scenario: Scenario) -> None:
    short = sg.run(scenario, replications=33, engine="events").to_pandas()
    long = sg.run(scenario, replications=70, engine="events").to_pandas()
    assert long.iloc[: len(short)].equals(short)


def test_defaults_are_the_scenario_s(scenario: Scenario) -> None:
    result = sg.run(scenario, replications=5, engine="events")
    assert (result.schedule, result.seed, result.sampling) == ("together", 3, "random")
    assert sg.run(scenario, "apart", 5, seed=9, engine="events").seed == 9


# -- what a result offers ----------------------------------------------------------------------------


def test_outcomes_of_each_replication(scenario: Scenario) -> None:
    result = sg.run(scenario, replications=20, engine="events")
    frame = result.to_pandas()
    assert frame["replication"].tolist() == [number for number in range(1, 21) for _ in range(3)]
    assert frame["cluster"].tolist() == ["Ash", "Beech", "Cedar"] * 20
    assert frame.groupby("replication")["go_live"].max().tolist() == result.finish.tolist()
    grid = result.to_xarray()
    assert dict(grid.sizes) == {"replication": 20, "cluster": 3}
    assert grid["cluster"].to_numpy().tolist() == ["Ash", "Beech", "Cedar"]
    assert float(grid["cost"].sel(replication=7, cluster="Beech")) == frame["cost"][6 * 3 + 1]


def test_any_future_can_be_shown(scenario: Scenario) -> None:
    result = sg.run(scenario, replications=40, engine="events")
    assert int(result.future(17).outcomes.programme.finish[0]) == result.finish[16]
    assert result.sample.timeline.replications == 40
    assert (result.sample.outcomes.programme.finish == result.finish).all()
    with pytest.raises(StaggerError, match="the replication must be 1 or more"):
        result.future(0)


def test_the_future_at_a_percentile_is_the_first_on_the_day(scenario: Scenario) -> None:
    """Of 40 futures the 32nd by finish is the earliest day by which 80 % are done."""
    result = sg.run(scenario, replications=40, engine="events")
    day = np.sort(result.finish)[31]
    number = result.at_percentile(80)
    assert result.finish[number - 1] == day
    assert (result.finish[: number - 1] != day).all()
    assert result.finish[result.at_percentile(100) - 1] == result.finish.max()
    for wrong in (0, -1, 101):
        with pytest.raises(StaggerError, match="a percentile must be above 0"):
            result.at_percentile(wrong)


def test_outcomes_are_let_go_where_there_are_too_many(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "KEPT", 30)
    assert sg.run(scenario, replications=30, engine="events").kept is not None
    result = sg.run(scenario, replications=31, engine="events")
    with pytest.raises(StaggerError, match=r"must have been kept\. Run with out=FOLDER"):
        result.to_pandas()


def test_saving_later_is_writing_at_once(scenario: Scenario, tmp_path: Path) -> None:
    result = sg.run(scenario, replications=20, engine="events", out=tmp_path / "now")
    sg.run(scenario, replications=20, engine="events").save(tmp_path / "later")
    manifests = [read_manifest(tmp_path / name) for name in ("now", "later")]
    assert manifests[0] is not None
    assert manifests[1] is not None
    assert manifests[0]["files"] == manifests[1]["files"]
    assert (tmp_path / "now" / OUTCOMES).read_bytes() == (tmp_path / "later" / OUTCOMES).read_bytes()
    assert {SUMMARY, OUTCOMES, "gantt.png", "s-curve.svg"} <= set(manifests[0]["files"])
    assert len(result.to_pandas()) == 60


def test_it_says_the_answer(scenario: Scenario) -> None:
    """With 60 futures of the summary's own numbers."""
    result = sg.run(scenario, replications=60, engine="events")
    share = float((result.finish <= 729).mean())  # the deadline is day 729
    assert str(result).startswith("Under the schedule “together” every cluster is live by the deadline, 2026-12-31, in")
    assert f"in {share:.1%}".replace(".0%", "%") in str(result)


def test_notes(scenario: Scenario) -> None:
    assert sg.run(scenario, replications=20, engine="events").notes() == ()
    notes = sg.run(scenario, replications=20, engine="events", sampling="sobol").notes()
    assert notes == ("sobol sampling is at its best with a multiple of 1,024 replications (these are 20).",)


# -- what is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"schedule": "togther"}, "Did you mean together?"),
        ({"replications": 0}, r"must be 1 or more \(found 0\)"),
        ({"replications": 10**12}, r"no more than 100,000,000 replications \(found 1,000,000,000,000\)"),
        ({"engine": "steam"}, "the engine must be one of batch and events"),
        ({"sampling": "dice"}, "sampling must be random, latin-hypercube or sobol"),
        ({"workers": 0}, "the number of workers must be 1 or more"),
        ({"precision": "late"}, "a precision must be WHAT=HALFWIDTH"),
    ],
)
def test_what_is_refused(scenario: Scenario, how: dict[str, object], message: str) -> None:
    with pytest.raises(StaggerError, match=message):
        sg.run(scenario, **({"engine": "events", "replications": 40} | how))  # type: ignore[arg-type]


# -- precision ---------------------------------------------------------------------------------------


def test_a_run_goes_on_until_it_is_precise(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "FIRST_LOOK", 64)
    result = sg.run(scenario, engine="batch", precision="late=4%", seed=1)
    low, high = result.summary()["programme"]["on_time"]["interval"]
    assert result.precise
    assert (high - low) / 2 <= 0.04
    assert 64 < result.replications < 5000
    assert not [note for note in result.notes() if "precision" in note]


def test_it_says_when_it_stops_before(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "FIRST_LOOK", 64)
    result = sg.run(scenario, engine="events", precision="p80=1d", replications=100)
    assert not result.precise
    assert result.replications == 100
    assert "was not reached within 100 replications" in result.notes()[0]


def test_precision_makes_the_same_futures(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "FIRST_LOOK", 30)
    looks = sg.run(scenario, engine="events", precision="p80=1d", replications=100)
    once = sg.run(scenario, engine="events", replications=100)
    assert looks.tally == once.tally
    assert looks.kept == once.kept


# -- progress, memory, workers -----------------------------------------------------------------------


def test_progress_counts_up_to_the_end(scenario: Scenario) -> None:
    told: list[tuple[int, int]] = []
    sg.run(scenario, replications=40, engine="events", workers=1, progress=lambda *done: told.append(done))
    assert told == [(16, 40), (32, 40), (40, 40)]


def _wait(seconds: float, answer: int) -> int:
    time.sleep(seconds)
    return answer


@pytest.mark.parametrize("engine", ["events", "batch"])
def test_answers_come_in_order_and_few_are_under_way(engine: str) -> None:
    """The first job is the slowest; jobs are taken only as answers are read."""
    taken = 0

    def jobs():
        nonlocal taken
        for number in range(50):
            taken += 1
            yield partial(_wait, 0.1 if number == 0 else 0.0, number)

    with Workers(2, engine) as crew:
        for number, answer in enumerate(crew.in_order(jobs())):
            assert answer == number
            assert taken <= number + 6


def _die_once(marker: Path, number: int) -> int:
    if number == 3 and not marker.exists():
        marker.write_text("")
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_worker_that_is_killed_costs_its_block_only(tmp_path: Path) -> None:
    with Workers(2) as crew:
        jobs = (partial(_die_once, tmp_path / "died", number) for number in range(12))
        assert list(crew.in_order(jobs)) == list(range(12))


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_workers_that_keep_dying_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """One pool is lost with several jobs under way, the others with the first of them alone."""
    renewed: list[Local] = []
    renew = Local.renew
    monkeypatch.setattr(Local, "renew", lambda self: (renewed.append(self), renew(self)))
    with Workers(2) as crew, pytest.raises(StaggerError, match="worker processes must stay alive"):
        list(crew.in_order([_die] * 3))
    assert renewed == [crew.staff] * (MOST_LOSSES + 1)


def test_what_a_job_raises_arrives(scenario: Scenario) -> None:
    with Workers(2) as crew, pytest.raises(ZeroDivisionError):
        list(crew.in_order([partial(divmod, 1, 0)]))


SCRIPT = """
import sys, simulator as sg
from simulator.run import BLOCK
BLOCK["events"] = 64
scenario = sg.load(sys.argv[1])
def told(done, most): print(done, flush=True)
sg.run(scenario, replications=10**6, engine="events", workers=2, out=sys.argv[2], progress=told)
"""


def test_an_interrupt_leaves_no_worker_and_no_file(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(TEXT)
    out = tmp_path / "made" / "out"
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "s.yaml"), str(out)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "64\n"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, errors = process.communicate(timeout=30)
    assert errors.strip().endswith("KeyboardInterrupt")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert list(out.parent.iterdir()) == []
