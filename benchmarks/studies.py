"""Studies as planners ask for them: twelve schedules compared, five last dates, a sweep of 13 × 4, a briefing."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from typing import Final

from benchmarks.clock import timed
from benchmarks.generated import scenario_text
from simulator.scenario import Scenario, change, parse
from simulator.studies.compare import compare
from simulator.studies.latest import latest
from simulator.studies.sweep import sweep

REPLICATIONS: Final = 10_000
FIRSTS: Final = ("2023-01-01", "2023-07-01", "2024-01-01")
SPACINGS: Final = ("0mo", "3mo", "6mo", "12mo")
SWEPT: Final = ("schedules.six-month stagger.every=0mo..12mo:1mo", "resources.framework.capacity=1..4")
POINTS: Final = 13 * 4


@dataclass(frozen=True)
class Study:
    """A study: what it is, how soon it should be there, and one round of it, which says how many futures it played."""

    name: str
    target: float
    """Seconds, warm, on two idle cores."""
    work: Callable[[], int]


@dataclass(frozen=True)
class StudyTime:
    """What a study took."""

    name: str
    target: float
    seconds: float
    played: int

    @property
    def per_second(self) -> float:
        """Futures that were played in a second, a future of each schedule, date or point counting once."""
        return self.played / self.seconds


def studies(real: Scenario, replications: int = REPLICATIONS) -> tuple[Study, ...]:
    """All of them; last dates are those of five generated clusters, for two of the real five need none.

    The briefing is the whole command, from the folder of a comparison of six schedules to page and document.
    """
    twelve = change(real, {"schedules": twelve_schedules()})
    six = compare(twelve, list(twelve.schedules)[:6], replications=replications, summaries=True)
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    six.save(folder / "six")
    five = parse(scenario_text(5))

    def compared() -> int:
        return len(compare(twelve, replications=replications).contenders) * replications

    def dated() -> int:
        return latest(five, "30%", by="deadline", replications=replications).simulated

    def swept() -> int:
        return len(sweep(real, SWEPT, replications=replications).points) * replications

    def briefed() -> int:
        command = [sys.executable, "-m", "simulator", "report", "six", "--out", "briefing"]
        subprocess.run(command, check=True, capture_output=True, cwd=folder, env=importing())
        return len(six.contenders) * replications

    return (
        Study("comparison of 12 schedules, real scenario", 3.0, compared),
        Study("last dates of 5 generated clusters", 5.0, dated),
        Study("sweep of 13 × 4 points, real scenario", 8.0, swept),
        Study("briefing on 6 schedules, real scenario", 10.0, briefed),
    )


def importing() -> dict[str, str]:
    """The environment of a command that runs elsewhere and imports from here."""
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}


def twelve_schedules() -> Mapping[str, Mapping[str, str]]:
    """Three first dates by four spacings, in the order of the systems' ends of support."""
    return {
        f"from {first} every {every}": {"first": first, "every": every, "order": "end_of_support"}
        for first, every in product(FIRSTS, SPACINGS)
    }


def times(found: tuple[Study, ...], rounds: int, said: Callable[[str], None]) -> list[StudyTime]:
    """The median of each over interleaved rounds, after one that is not counted. ``said`` hears what is measured."""
    played = {}
    for study in found:
        said(f"warming up: {study.name}")
        played[study.name] = study.work()
    seconds: dict[str, list[float]] = {study.name: [] for study in found}
    for number in range(1, rounds + 1):
        for study in found:
            said(f"round {number} of {rounds}: {study.name}")
            seconds[study.name].append(timed(study.work))
    return [StudyTime(each.name, each.target, median(seconds[each.name]), played[each.name]) for each in found]
