"""What the shell sees: a command's time, and the memory of a long run."""

from __future__ import annotations

import os
import subprocess
import sys
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.clock import timed


def answer_seconds(file: str, rounds: int) -> float:
    """Seconds from the shell for `stagger run` of 10,000 replications, warm.

    Warm means that modules and engine were compiled before, wherever Python is told to keep no byte code too:
    installed programs have theirs.
    """
    command = [sys.executable, "-m", "simulator", "run", file, "-n", "10000"]
    with TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        kept["PYTHONPYCACHEPREFIX"] = folder

        def answered() -> None:
            subprocess.run(command, check=True, capture_output=True, env=kept)

        answered()
        return median(timed(answered) for _ in range(rounds))


def peak_megabytes(file: str, replications: int, workers: str = "1") -> float:
    """The most memory that a run of so many replications takes in a process of its own, its workers left out."""
    command = [sys.executable, "-m", "benchmarks.million", file, str(replications), workers]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
