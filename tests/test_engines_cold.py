"""After installation the engine is compiled, which takes a while, and the program says so: once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from simulator import engines

ROOT = Path(__file__).parent.parent
INDEX = "kernel.simulate_block-700.py311.nbi"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place where the engine's source lies as if it had just been installed."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    (tmp_path / "kernel.py").write_text("")
    monkeypatch.setattr(engines, "__file__", str(tmp_path / "__init__.py"))
    return tmp_path


def test_nothing_was_compiled_yet(installed: Path) -> None:
    assert engines.is_yet_to_compile()


def test_it_was_compiled(installed: Path) -> None:
    (installed / "__pycache__").mkdir()
    (installed / "__pycache__" / INDEX).write_text("")
    assert not engines.is_yet_to_compile()


def test_what_was_compiled_from_an_older_source_is_compiled_again(installed: Path) -> None:
    (installed / "__pycache__").mkdir()
    (installed / "__pycache__" / INDEX).write_text("")
    later = time.time() + 60
    os.utime(installed / "kernel.py", (later, later))
    assert engines.is_yet_to_compile()


def test_what_was_compiled_from_the_same_source_is_not_compiled_again(installed: Path) -> None:
    """Numba keeps a digest of the source in its index; another checkout gives the same source a later date."""
    (installed / "__pycache__").mkdir()
    (installed / "__pycache__" / INDEX).write_bytes(b"before" + sha256(b"").digest() + b"after")
    later = time.time() + 60
    os.utime(installed / "kernel.py", (later, later))
    assert not engines.is_yet_to_compile()


def test_where_nothing_can_be_kept_it_is_always_yet_to_compile(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (installed / "__pycache__").mkdir()
    (installed / "__pycache__" / INDEX).write_text("")
    monkeypatch.setattr(engines.os, "access", lambda *_: False)
    monkeypatch.setattr(engines, "is_kept", lambda: False)
    assert engines.is_yet_to_compile()


def test_where_numba_finds_no_place_nothing_is_kept() -> None:
    """As for a user without a home, where stagger's folder may not be written."""
    code = (
        "from numba.core import caching; caching.CacheImpl._locator_classes = []\n"
        "from simulator.compiled import is_kept, _options; assert not is_kept() and not _options()['cache']"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


@pytest.mark.slow  # it compiles everything
def test_the_first_answer_says_that_it_compiles_and_the_second_does_not(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "simulator", "run", "scenarios/two-clusters.yaml", "-n", "300"]
    where = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    first, second = (
        subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=where) for _ in range(2)
    )
    assert (first.stderr, second.stderr) == ("Compiling the engine, once after installation …\n", "")
    assert first.stdout == second.stdout
