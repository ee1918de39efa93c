"""From a fresh checkout to an answer, with nothing but Python 3.11 or later.

python3 start.py answer      set up, then answer the question of the real scenario
python3 start.py test        set up, then run the tests
python3 start.py test-slow   set up, then run the slower checks
python3 start.py lint        set up, then ruff and mypy
python3 start.py benchmark   set up, then the benchmark table
python3 start.py readme      set up, then make the answer and the figures that the README shows

Everything goes into the folder .venv beside this file; remove it to start afresh. What follows the
command is handed on, as in ``python3 start.py test -k ties``.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = ENVIRONMENT / "installed-from"

COMMANDS = {
    "answer": [["-m", "simulator", "run", "scenarios/shared-services-2022.yaml"]],
    "test": [["-m", "pytest", "-n", "2", "-m", "not slow"]],
    "test-slow": [["-m", "pytest", "-n", "2", "-m", "slow", "--timeout", "3600"]],
    "lint": [["-m", "ruff", "check", "."], ["-m", "ruff", "format", "--check", "."], ["-m", "mypy"]],
    "benchmark": [["-m", "benchmarks"]],
    "readme": [["docs/make.py"]],
}


def main(arguments: list[str]) -> int:
    """The exit status of the command, 2 for wrong usage."""
    if sys.version_info < (3, 11):  # noqa: UP036 - people run this with whatever python3 is
        print(f"Python 3.11 or later is needed (this is {sys.version.split()[0]}).", file=sys.stderr)
        return 2
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__, file=sys.stderr)
        return 2
    set_up()
    for command in COMMANDS[arguments[0]]:
        status = subprocess.run([str(PYTHON), *command, *arguments[1:]], cwd=ROOT, check=False).returncode
        if status:
            return status
    return 0


def set_up() -> None:
    """Make the environment from the lock, unless it is there already and made from this very lock."""
    made_from = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == made_from:
        return
    print("Setting up .venv (once; a minute or two) …", file=sys.stderr, flush=True)
    venv.create(ENVIRONMENT, clear=True, with_pip=True)
    pip("--require-hashes", "--requirement", str(LOCK))
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(made_from)


def pip(*arguments: str) -> None:
    """Install, quietly; a failure ends the program with pip's own message."""
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
        raise SystemExit("The packages could not be installed; pip says why above. Is there a network?")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
