"""Every notebook runs as a script from top to bottom, warnings being errors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.py"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(notebook: Path) -> None:
    done = subprocess.run([sys.executable, "-W", "error", notebook], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore")  # the kernel's own libraries warn; what we run is tested above
def test_notebook_runs_in_a_kernel(notebook: Path) -> None:
    import jupytext
    import nbclient

    nbclient.NotebookClient(jupytext.read(notebook), resources={"metadata": {"path": notebook.parent}}).execute()
