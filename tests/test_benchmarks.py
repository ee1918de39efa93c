"""The benchmarks run and answer; how fast they are is no test's business."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from benchmarks import overnight, report, shell, workers
from benchmarks.clock import medians
from benchmarks.generated import scenario_text
from benchmarks.layers import Subject, streams_read, yardstick
from benchmarks.peers import MEAN_LAST
from benchmarks.peers.table import PEERS, Peer
from benchmarks.report import REAL, Measured, Row
from benchmarks.studies import StudyTime, studies, times, twelve_schedules
from simulator.network import compile_network
from simulator.scenario import digest, load, parse

QUICK = [peer for peer in PEERS if peer.package not in ("cimba", "salabim")]
"""Cimba compiles and salabim imports for seconds; the table shows their mean beside the theory."""


@pytest.mark.parametrize("peer", QUICK, ids=lambda peer: peer.module)
def test_every_library_says_the_same_model(peer: Peer) -> None:
    """Five exponentials on two servers take 4 × mean/2 + mean on average; within four standard errors."""
    if not peer.there:
        pytest.skip(f"{peer.package} is not installed")
    last = np.asarray(peer.futures()(50), dtype=np.float64)
    assert last.shape == (50,)
    assert abs(last.mean() - MEAN_LAST) < 4 * last.std(ddof=1) / np.sqrt(50)


def test_generated_scenarios_grow_in_proportion() -> None:
    five, ten = (compile_network(parse(scenario_text(size)), None) for size in (5, 10))
    # One milestone, and nine activities a cluster: six stages and three waves.
    assert (len(five.activities), len(ten.activities)) == (46, 91)
    assert (five.capacity, ten.capacity) == ((2, 2, 4, 4), (4, 4, 8, 8))


def test_variables_that_only_outcomes_read_are_counted() -> None:
    text = """
    scenario: costs
    start: 2025-01-01
    horizon: 2026-01-01
    route: [{stage: work, duration: {uniform: [5d, 9d]}, cost: {fixed: {uniform: [1, 2]}}}]
    clusters: {A: {}}
    """
    assert streams_read(parse(text)) == (2, 0)  # the duration, which the engine reads, and the cost


def test_layers_are_measured_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    scenario = parse(scenario_text(1))
    variables, deep = streams_read(scenario)
    assert 0 <= deep < variables
    row = Row(REAL, "events", 1, 10, variables, deep)
    row.layers.update(Subject(scenario, "events", 1, 4, 2).seconds())
    assert set(row.layers) == {"draws", "engine", "outcomes", "whole"}
    assert min(row.layers.values()) > 0
    fast = Row(REAL, "batch", 1, 10, variables, deep)
    fast.layers.update({layer: seconds / 8 for layer, seconds in row.layers.items()})
    beside = Row(REAL, "yardstick", 1, 10, variables, deep, yardstick(variables, 8))
    peers = {"stagger, batch engine": {"whole": 1e-6, "mean last": 900.0}, "Ciw": {"whole": 5e-4, "mean last": 901.0}}
    report.show(Console(width=130), "here", 1, Measured([row, fast, beside], peers, 1.25, None))
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "batch engine against SimPy engine, real scenario ≥ 150 × 8 ×" in lines
    assert "Ciw 2,000 500 × 901" in lines
    assert "Cimba not installed" in lines
    assert "warm `stagger run`, 10,000 replications < 1.5 s 1.25 s" in lines


@pytest.mark.slow
def test_a_night_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    overnight.main(["--files", "2", "--replications", "16", "--workers", "1"])
    said = capsys.readouterr().out
    assert "6 runs, 1 worker: " in said
    assert "draws, engine and outcomes: " in said
    assert "a second call with nothing to do: " in said


def test_files_of_a_night_say_different_things(tmp_path: Path) -> None:
    overnight.write_files(tmp_path, 3)
    assert len({digest(load(path)) for path in tmp_path.iterdir()}) == 3


def test_medians_of_interleaved_rounds() -> None:
    seconds = iter([3.0, 30.0, 1.0, 10.0, 2.0, 20.0])
    work = dict.fromkeys(("a", "b"), lambda: {"whole": next(seconds)})
    assert medians(work, 3, lambda said: None) == {"a": {"whole": 2.0}, "b": {"whole": 20.0}}


def test_studies_are_timed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Three of twelve schedules, dates and points, with few futures; a future of each schedule or point counts once."""
    real = load(Path(__file__).parents[1] / "scenarios/shared-services-2022.yaml")
    assert len(twelve_schedules()) == 12
    heard: list[str] = []
    found = times(studies(real, replications=20)[:3], 1, heard.append)
    assert [each.played for each in found[::2]] == [12 * 20, 52 * 20]
    assert found[1].played >= 5 * 20
    assert len(heard) == 6
    timed = [StudyTime("comparison", 3.0, 1.5, 120_000)]
    layers = dict.fromkeys(("draws", "engine", "outcomes", "whole"), 1e-6)
    row = Row(REAL, "batch", 1, 1, 2, 1, layers)
    report.show(Console(width=130), "here", 1, Measured([row], OURS_ALONE, 1.0, None, timed))
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "comparison < 3 s 1.50 s 120,000 80,000" in lines


@pytest.mark.slow  # it draws all figures of a briefing
def test_a_briefing_is_timed() -> None:
    real = load(Path(__file__).parents[1] / "scenarios/shared-services-2022.yaml")
    assert studies(real, replications=20)[3].work() == 6 * 20


OURS_ALONE = {"stagger, batch engine": {"whole": 1e-6, "mean last": 900.0}}


def test_the_estimate_for_many_workers_is_worked_out_of_costs() -> None:
    """20 µs a replication are 2·10⁶ s of a core and 33.3 min of 1,000; 0.1 s to read a scenario are 27.8 h of one."""
    costs = workers.Costs(
        replication=20e-6,
        reading=0.1,
        storing=1e-4,
        packed=1000,
        summary=2000,
        outcomes=10.0,
        tasks=1000.0,
        starting=3.0,
    )
    said = "\n".join(workers.estimate(costs))
    assert (
        "a run of 100,000 takes 2.0 s and 1,000 workers ask for 500 runs a second. It is 556 hours of one core" in said
    )
    assert "| simulating, by the workers | 33.3 min |" in said
    assert "| handing out a run a task, by one scheduler | 16.7 min |" in said
    assert "| starting the workers, all at once | 3.0 s |" in said
    assert "| outcomes back and on disk | 1 TB | 500 MB |" in said
    assert "What binds first is reading and packing scenarios, by one core of the client: 27.8 h, 50.0 times" in said


def test_gains_and_losses_of_workers() -> None:
    """On the wall 1.6 times; by processor time 2 · 0.40 / 0.42; and a cluster that takes a tenth longer."""
    found = {
        "1 process": {"wall": 0.40, "cores": 0.40},
        "2 processes": {"wall": 0.25, "cores": 0.42},
        "4 processes": {"wall": 0.18, "cores": 0.45},
        "4 Dask workers": {"wall": 0.20, "cores": 0.50},
    }
    said = "\n".join(workers.ratios(found))
    assert "1.60 times what one does on the wall, and would do 1.90 times" in said
    assert "lose 10% against four processes on the wall, and 10% by processor time" in said


def test_memory_of_the_client_is_measured_in_a_process_of_its_own() -> None:
    file = str(workers.FILE)
    assert 50 < shell.peak_megabytes(file, 5000, "2") < 1000
