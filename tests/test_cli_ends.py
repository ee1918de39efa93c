"""What the command line leaves undone so that it answers sooner."""

from __future__ import annotations

import subprocess
import sys

from simulator.cli import GARBAGE

SCRIPT = """
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count() > 0, gc.get_threshold()[0]))
from simulator.cli import main
main(["schema"])
"""
"""What is registered first is called last: after anything that the program wants done as it ends."""


def test_garbage_is_looked_for_seldom_and_not_as_the_program_ends() -> None:
    ended = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == f"True {GARBAGE}"
