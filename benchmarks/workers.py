"""``python -m benchmarks.workers [--rounds N] [--runs N] [--write]``: what workers gain, and what they cost.

Whole runs of the real scenario, as a night has them, by one process, by two and by four, and by four workers of a Dask
cluster on this machine; then what each step of a run costs here, and from that how long 1,000 workers would take for a
million scenarios, and what would hold them up first. ``--write`` puts the figures into docs/many-machines.md.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from benchmarks.clock import Layers, medians
from benchmarks.machine import machine
from benchmarks.shell import peak_megabytes
from simulator.batch.worlds import pack
from simulator.result import Result
from simulator.run import run
from simulator.scenario import load
from simulator.store import OUTCOMES, SUMMARY, as_json
from simulator.store.folder import Folder
from simulator.workers import Workers

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "scenarios" / "shared-services-2022.yaml"
DOCUMENT = ROOT / "docs" / "many-machines.md"
MARKS = ("<!-- figures of benchmarks.workers -->\n", "<!-- end of figures -->\n")
REPLICATIONS = 10_000
RUNS = 24
"""Whole runs in each measurement."""
NULL_TASKS = 3_000
SCENARIOS = 1_000_000
EACH = 100_000
"""Replications of each scenario in the estimate."""
MANY = 1_000
"""Workers in the estimate."""
AS_DOCUMENTED: dict[str, Any] = {
    "distributed.worker.profile.enabled": False,
    "distributed.nanny.pre-spawn-environ": {
        "MALLOC_TRIM_THRESHOLD_": 268_435_456,
        "MALLOC_MMAP_THRESHOLD_": 33_554_432,
        **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), 1),
    },
}
"""What docs/many-machines.md says to put into the environment of a cluster's workers; the rest is Dask's own."""


def whole_run(file: str, seed: int) -> float:
    """A whole run, which hands back one figure."""
    result = run(load(file), replications=REPLICATIONS, seed=seed, keep=False, workers=1)
    return float(result.summary()["programme"]["on_time"]["p"])


def nothing(number: int) -> int:
    """The shortest job there is."""
    return number


@contextmanager
def kinds() -> Iterator[dict[str, Any]]:
    """Whom to ask, by what they are called; a cluster where distributed is installed."""
    with ExitStack() as stack:
        found: dict[str, Any] = {"1 process": 1, "2 processes": 2, "4 processes": 4}
        try:
            import dask
            import distributed
        except ImportError:
            yield found
            return
        stack.enter_context(dask.config.set(AS_DOCUMENTED))
        local = stack.enter_context(
            distributed.LocalCluster(
                n_workers=4, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
            )
        )
        yield {**found, "4 Dask workers": local.scheduler_address}


def runs_by(workers: Any, runs: int) -> Layers:
    """Seconds per run, on the wall and of all cores together, once the workers are there and warm."""
    with Workers(workers, "events") as crew:
        _warm(crew)
        before, begin = _core_seconds(crew), perf_counter()
        list(crew.in_order(partial(whole_run, str(FILE), seed) for seed in range(runs)))
        return {"wall": (perf_counter() - begin) / runs, "cores": (_core_seconds(crew) - before) / runs}


def _warm(crew: Workers) -> None:
    """Have every worker load what it needs; processes fork from this one, which has done so."""
    whole_run(str(FILE), 1)
    list(crew.in_order(partial(whole_run, str(FILE), 1) for _ in range(2 * crew.number)))
    client = getattr(crew.staff, "client", None)
    if client is not None:
        client.run(whole_run, str(FILE), 1)


def _core_seconds(crew: Workers) -> float:
    """Processor time of this process and of those that work for it; a cluster's scheduler is part of this one."""
    client = getattr(crew.staff, "client", None)
    if client is not None:
        return process_time() + sum(client.run(process_time).values())
    return process_time() + sum(_spent(child.pid or 0) for child in multiprocessing.active_children())


def _spent(pid: int) -> float:
    """Processor time of another process, as Linux has it."""
    told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(int(ticks) for ticks in told[11:13]) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Costs:
    """What the steps of a run cost here; seconds of one core and bytes."""

    replication: float
    reading: float
    """Reading and packing a scenario."""
    storing: float
    """Writing a run's folder, once it is there."""
    packed: int
    summary: int
    outcomes: float
    """Bytes of the outcomes of one replication."""
    tasks: float | None
    """Empty jobs per second that go through client, scheduler and workers."""
    starting: float
    """A worker's first answer from a new process."""


def measured_costs(address: Any | None) -> Costs:
    """Measure them, the quick ones as medians of five."""
    whole_run(str(FILE), 1)  # what is compiled is compiled now
    scenario = load(FILE)
    result = run(scenario, replications=EACH, workers=1)
    with TemporaryDirectory() as place:
        numbers = iter(range(1000))
        storing = _seconds(lambda: _stored(result, Path(place, str(next(numbers)))))
    return Costs(
        replication=_seconds(lambda: run(scenario, replications=EACH, workers=1, keep=False)) / EACH,
        reading=_seconds(lambda: pack(load(FILE))),
        storing=storing,
        packed=len(pack(scenario)),
        summary=len(as_json(result.summary())),
        outcomes=len(result.parquet()) / EACH,
        tasks=None if address is None else _tasks(address),
        starting=_seconds(lambda: subprocess.run(_command(), check=True), perf_counter),
    )


def _command() -> list[str]:
    text = "from benchmarks.workers import whole_run, FILE, run, load; run(load(FILE), replications=1, workers=1)"
    return [sys.executable, "-c", text]


def _seconds(work: Callable[[], object], clock: Callable[[], float] = process_time) -> float:
    found = []
    for _ in range(5):
        begin = clock()
        work()
        found.append(clock() - begin)
    return median(found)


def _stored(result: Result, place: Path) -> None:
    with Folder(place) as draft:
        draft.write(OUTCOMES, result.parquet())
        draft.write(SUMMARY, as_json(result.summary()))
        draft.commit(result.manifest())


def _tasks(address: Any) -> float:
    """Empty jobs per second, all sent before the first is read, as 1,000 workers would have them under way."""
    with Workers(address, "events") as crew:
        for count in (100, NULL_TASKS):  # the first to warm up
            begin = perf_counter()
            for sent in [crew.staff.send(partial(nothing, number), {}) for number in range(count)]:
                crew.staff.heard(sent)
        return NULL_TASKS / (perf_counter() - begin)


def ratios(found: dict[str, Layers]) -> list[str]:
    """What more workers gain, and what a cluster loses."""
    wall, cores = ({name: layers[kind] for name, layers in found.items()} for kind in ("wall", "cores"))
    lines = [f"| {name} | {1 / wall[name]:.2f} | {1000 * cores[name]:,.0f} ms |" for name in found]
    heads = ["| workers | runs per second, on the wall | processor time per run, all processes |", "|---|---:|---:|"]
    one, two, four = (cores[name] for name in ("1 process", "2 processes", "4 processes"))
    said = [
        *heads,
        *lines,
        "",
        f"Two processes do {wall['1 process'] / wall['2 processes']:.2f} times what one does on the wall, and would do "
        f"{2 * one / two:.2f} times with two cores to themselves (target: 1.8).",
    ]
    if "4 Dask workers" in found:
        lost, more = 1 - wall["4 processes"] / wall["4 Dask workers"], 1 - four / cores["4 Dask workers"]
        said.append(
            f"Four Dask workers lose {max(lost, 0):.0%} against four processes on the wall, and {max(more, 0):.0%} "
            "by processor time (target: 10 % or less)."
        )
    return said


def memory() -> list[str]:
    """The client's memory, which must not grow with the number of futures."""
    few, many = (peak_megabytes(str(FILE), size, "2") for size in (100_000, 1_000_000))
    said = f"{few:,.0f} MB for 100,000 futures of one run, {many:,.0f} MB for 1,000,000."
    return [f"The client's peak memory with two processes: {said}"]


def estimate(costs: Costs) -> list[str]:
    """10^6 scenarios with 10^5 replications each on 1,000 workers, and what binds first."""
    work = SCENARIOS * EACH * costs.replication
    steps = {
        "simulating, by the workers": work / MANY,
        "reading and packing scenarios, by one core of the client": SCENARIOS * costs.reading,
        "writing folders with outcomes, by one core of the client": SCENARIOS * costs.storing,
        "starting the workers, all at once": costs.starting,
    }
    if costs.tasks is not None:
        steps["handing out a run a task, by one scheduler"] = SCENARIOS / costs.tasks
    lines = [f"| {name} | {_span(seconds)} |" for name, seconds in sorted(steps.items(), key=lambda each: -each[1])]
    sizes = {
        "scenarios sent": SCENARIOS * costs.packed,
        "summaries back": SCENARIOS * costs.summary,
        "outcomes back and on disk": SCENARIOS * EACH * costs.outcomes,
    }
    seconds = max(steps.values())
    first = max(steps, key=steps.__getitem__)
    per = work / SCENARIOS
    return [
        f"A replication costs {1e6 * costs.replication:.1f} µs of a core, so a run of {EACH:,} takes {per:.1f} s and "
        f"{MANY:,} workers ask for {MANY / per:,.0f} runs a second. It is {work / 3600:,.0f} hours of one core in all.",
        "",
        "| step | time if it were alone |",
        "|---|---:|",
        *lines,
        "",
        "| what travels | all in all | a second, in the time that simulating takes |",
        "|---|---:|---:|",
        *(f"| {name} | {_bytes(size)} | {_bytes(size / (work / MANY))} |" for name, size in sizes.items()),
        "",
        f"What binds first is {first}: {_span(seconds)}, {seconds / (work / MANY):,.1f} times what simulating takes.",
    ]


def _span(seconds: float) -> str:
    for unit, size in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.1f} {unit}"
    return f"{seconds:.1f} s"


def _bytes(size: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} TB"


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workers", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"whole runs in each measurement ({RUNS})")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/many-machines.md")
    chosen = parser.parse_args(arguments)
    lines = figures(chosen.rounds, chosen.runs)
    print("\n".join(lines))
    if chosen.write:
        before, rest = DOCUMENT.read_text(encoding="utf-8").split(MARKS[0])
        after = rest.split(MARKS[1])[1]
        DOCUMENT.write_text(before + MARKS[0] + "\n" + "\n".join(lines) + "\n\n" + MARKS[1] + after, encoding="utf-8")


def figures(rounds: int, runs: int) -> list[str]:
    """All of it, as Markdown."""
    with kinds() as asked:
        work = {name: partial(runs_by, workers, runs) for name, workers in asked.items()}
        found = medians(work, rounds, lambda now: print(f"{now} …", file=sys.stderr, flush=True))
        costs = measured_costs(asked.get("4 Dask workers"))
    about = f"{machine()}. Medians of {rounds} interleaved rounds of {runs} runs."
    tasks = "unknown" if costs.tasks is None else f"{costs.tasks:,.0f} a second"
    return [
        about,
        "",
        *ratios(found),
        f"Empty jobs through one client, one scheduler and four workers, all on this machine: {tasks}.",
        *memory(),
        "",
        f"**{SCENARIOS:,} scenarios × {EACH:,} futures on {MANY:,} workers**",
        "",
        *estimate(costs),
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
