"""``python -m benchmarks [--rounds N] [--quick]``: one table, then the targets beside what was measured."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rich.console import Console

from benchmarks import report, shell
from benchmarks.clock import Layers, medians
from benchmarks.generated import scenario_text
from benchmarks.layers import Subject, streams_read, yardstick
from benchmarks.machine import machine
from benchmarks.peers.table import rounds_of_peers
from benchmarks.report import REAL, Measured, Row
from benchmarks.studies import studies, times
from benchmarks.workers import RUNS, figures
from simulator.run import BLOCK
from simulator.scenario import Scenario, load, parse

FILE = Path(__file__).resolve().parent.parent / "scenarios" / "shared-services-2022.yaml"
SIZES = (5, 20, 50)
ACTIVITIES = 40
"""About as many as the real scenario has; the SimPy engine gets fewer replications where there are more."""


def main(arguments: list[str]) -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="How fast, layer by layer, and against whom."
    )
    parser.add_argument("--rounds", type=int, default=3, help="rounds of which the median is taken (3)")
    parser.add_argument(
        "--quick", action="store_true", help="one round, 5 clusters at the most, no million of replications"
    )
    chosen = parser.parse_args(arguments)
    rounds = 1 if chosen.quick else max(1, chosen.rounds)
    about = machine()
    scenarios = {REAL: load(FILE)} | {
        f"{size} clusters": parse(scenario_text(size)) for size in (SIZES[:1] if chosen.quick else SIZES)
    }
    measured = Measured(
        rows=_rows(scenarios, rounds),
        peers=_peers(rounds),
        shell=shell.answer_seconds(str(FILE), rounds),
        studies=times(studies(scenarios[REAL]), rounds, _said),
        megabytes=None if chosen.quick else shell.peak_megabytes(str(FILE), 1_000_000),
    )
    console = Console(width=None if sys.stdout.isatty() else 140)
    report.show(console, about, rounds, measured)
    if not chosen.quick:
        console.print("\nWorkers", style="italic")
        console.print("\n".join(figures(rounds, RUNS)), highlight=False, markup=False)


def _rows(scenarios: dict[str, Scenario], rounds: int) -> list[Row]:
    rows: list[Row] = []
    work: dict[str, Callable[[], Layers]] = {}
    for name, scenario in scenarios.items():
        variables, deep = streams_read(scenario)  # which also compiles the engine and fills the tables of the draws
        for engine, workers in (("events", 1), ("batch", 1), ("batch", 2)):
            subject = _subject(scenario, engine, workers)
            rows.append(Row(name, engine, workers, len(subject.network.activities), variables, deep))
            work[rows[-1].key] = subject.seconds
        rows.append(Row(name, "yardstick", 1, rows[-1].activities, variables, deep))
        work[rows[-1].key] = partial(yardstick, variables, BLOCK["batch"])
    found = medians(work, rounds, _said)
    for row in rows:
        row.layers.update(found[row.key])
    return rows


def _peers(rounds: int) -> dict[str, Layers]:
    with rounds_of_peers() as work:
        for once in work.values():
            once()  # what is compiled is compiled now
        return medians(work, rounds, _said)


def _subject(scenario: Scenario, engine: str, workers: int) -> Subject:
    if engine == "batch":
        return Subject(scenario, engine, workers, BLOCK[engine], workers)
    activities = Subject(scenario, engine, 1, 1, 1).network.activities
    return Subject(scenario, engine, workers, max(32, BLOCK[engine] * ACTIVITIES // len(activities) // 2), 1)


def _said(now: str) -> None:
    print(f"{now} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
