"""The package's front door: names that are there when used, and heavy packages that are not."""

from __future__ import annotations

import subprocess
import sys

import pytest

import simulator as sg


def test_importing_the_module_does_not_hide_the_function() -> None:
    import simulator.run  # noqa: F401 - the import is what is tested

    assert callable(sg.run)


@pytest.mark.parametrize("name", sg.__all__)
def test_every_name_leads_somewhere(name: str) -> None:
    assert getattr(sg, name) is not None


def test_a_name_that_is_not_there_says_so() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'optimise_later'"):
        sg.optimise_later  # noqa: B018 - looking it up is what is tested


@pytest.mark.parametrize("package", ["numpy", "scipy", "simpy", "matplotlib", "pydantic", "numba", "pyarrow", "rich"])
def test_help_imports_nothing_heavy(package: str) -> None:
    code = f"import sys, simulator, simulator.cli; sys.exit({package!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
