"""``python -m benchmarks.overnight [--files 200] [--replications 10000] [--workers 2]``: what a night's time goes into.

Real files on a real disk, in a process of its own: the shares of all processor time, and of all the time that the
cores were there, that went into draws, engine and outcomes; then the time of a second call with nothing to do. The
network and the summary are told apart: they are none of these three, nor start-up, scheduling or writing.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from benchmarks.machine import machine
from simulator.wording import count
from simulator.workers import cores

FILE = Path(__file__).resolve().parent.parent / "scenarios" / "shared-services-2022.yaml"
PARTS = ("draws", "engine", "outcomes", "network", "summary", "table of outcomes")
INSIDE = "--inside"
WORK = PARTS[:3]
"""What a night is for."""
COMPUTED = PARTS[:5]
"""All that is computed; what is left is starting, reading, handing out and writing."""


def write_files(folder: Path, count: int) -> None:
    """The real scenario, each time with another discount rate, so that no two say the same."""
    text = FILE.read_text(encoding="utf-8")
    for number in range(1, count + 1):
        said = text.replace("discount_rate: 3.5%", f"discount_rate: {3 + number / 1000:.3f}%")
        assert said != text
        (folder / f"view-{number:03}.yaml").write_text(said, encoding="utf-8")


def measured(arguments: list[str]) -> None:
    """Be the command itself, and tell the seconds of processor time that each part of its work took in all workers.

    Workers are forked, so they inherit the clocks. These are set once a batch has imported what a run takes, which it
    does while files are read, and before it forks those who run: sooner, and the batch would begin later than it does.
    """
    clocks = {part: multiprocessing.Value("d", 0.0) for part in PARTS}
    from simulator.batch.plan import Settings

    ready = Settings.get_ready
    wrap = cache(partial(_wrap, clocks))

    def get_ready(settings: Settings) -> None:
        ready(settings)
        wrap()

    Settings.get_ready = get_ready  # type: ignore[method-assign]
    from simulator.cli import main as stagger

    sys.argv = ["stagger", *arguments]
    try:
        stagger()
    finally:
        print(json.dumps({part: clock.value for part, clock in clocks.items()}), file=sys.stderr)


def _wrap(clocks: Mapping[str, Any]) -> None:
    from simulator import result
    from simulator.draws import Draws
    from simulator.outcomes import Outcomes
    from simulator.summary import Tally

    def timed(part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def clocked(*args: Any, **kwargs: Any) -> Any:
            begin = process_time()
            try:
                return work(*args, **kwargs)
            finally:
                with clocks[part].get_lock():
                    clocks[part].value += process_time() - begin

        return clocked

    result.prepare = timed("draws", result.prepare)  # type: ignore[attr-defined]
    result.run_engine = timed("engine", result.run_engine)  # type: ignore[attr-defined]
    result.measure = timed("outcomes", result.measure)  # type: ignore[attr-defined]
    result.Model.summary = timed("summary", result.Model.summary)  # type: ignore[method-assign]
    result.under = timed("network", result.under)  # type: ignore[attr-defined]
    single = import_module("simulator.run")
    single.compile_network = timed("network", single.compile_network)  # type: ignore[attr-defined]
    single.draw = timed("draws", single.draw)  # type: ignore[attr-defined]
    Draws.block = timed("draws", Draws.block)  # type: ignore[method-assign]
    Tally.of = timed("outcomes", Tally.of)  # type: ignore[method-assign]
    Tally.merge = timed("outcomes", Tally.merge)  # type: ignore[method-assign]
    Outcomes.table = timed("table of outcomes", Outcomes.table)  # type: ignore[method-assign]


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overnight", description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--replications", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=cores())
    parser.add_argument(INSIDE, nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.inside:
        measured(chosen.inside)
        return
    print(machine())
    with TemporaryDirectory() as place:
        folder, out = Path(place, "files"), Path(place, "out")
        folder.mkdir()
        write_files(folder, chosen.files)
        how = ["--replications", str(chosen.replications), "--workers", str(chosen.workers), "-q"]
        batch = ["batch", str(folder), "--out", str(out), *how]
        before = stolen()
        wall, spent, said = _timed([sys.executable, "-m", "benchmarks.overnight", INSIDE, *batch])
        runs = len(list((out / "runs").iterdir()))
        _show(json.loads(said.splitlines()[-1]), runs, wall, spent, chosen.workers, stolen() - before)
        rounds = [_timed([sys.executable, "-m", "simulator", *batch])[:2] for _ in range(3)]
        print(f"a second call with nothing to do: {median(wall for wall, _ in rounds):.2f} s (median of 3)")


def _timed(command: list[str]) -> tuple[float, float, str]:
    """Seconds on the wall, of processor time with all children, and what was said beside the answer."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter() - begin
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, said


def stolen() -> float:
    """Seconds for which cores of a virtual machine were ready and its host had none for them, since it began.

    0 where the system does not say so.
    """
    try:
        total = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()
        return int(total[8]) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError, AttributeError):
        return 0.0


def _show(found: dict[str, float], runs: int, wall: float, spent: float, workers: int, away: float) -> None:
    there = wall * min(workers, cores()) - away
    print(
        f"{count(runs, 'run')}, {count(workers, 'worker')}: {wall:.1f} s on the wall, {spent:.1f} s of processor time, "
        f"{away:.1f} s of the cores taken away by the machine's host"
    )
    for part in PARTS:
        print(f"  {part:20} {1000 * found[part] / runs:7.1f} ms a run  {found[part] / spent:6.1%} of processor time")
    rest = spent - sum(found[part] for part in PARTS)
    print(f"  {'all the rest':20} {1000 * rest / runs:7.1f} ms a run  {rest / spent:6.1%} of processor time")
    for parts, called in ((WORK, "draws, engine and outcomes"), (COMPUTED, "with networks and summaries")):
        used = sum(found[part] for part in parts)
        print(f"{called}: {used / spent:.1%} of processor time, ", end="")
        print(f"{used / there:.1%} of the time that the cores were there")


if __name__ == "__main__":
    main(sys.argv[1:])
