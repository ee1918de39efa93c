"""The README shows what the program prints, and pictures that its own command makes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def _check(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", ROOT / "docs" / "make.py", "--check", folder]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_readme_shows_what_the_program_prints(tmp_path: Path) -> None:
    done = _check(tmp_path)
    assert done.returncode == 0, done.stderr
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {path.name for path in (ROOT / "docs").glob("*.png")}
