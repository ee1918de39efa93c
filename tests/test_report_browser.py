"""The briefing in a real browser: no serious finding of axe-core, nothing wider than the window, no network.

Needs chromium, node, and the packages axe-core and playwright-core where node finds them:

    npm install --prefix DIR axe-core playwright-core
    NODE_PATH=DIR/node_modules python -m pytest -m slow tests/test_report_browser.py
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from briefings import HOSTILE, REAL, SOURCE, scenario

import simulator as sg
from simulator.scenario import Scenario

SCRIPT = Path(__file__).parent / "browser" / "look.cjs"
BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
NODE = shutil.which("node")


def _missing() -> str:
    """Why this cannot be tried here; nothing where it can."""
    if BROWSER is None or NODE is None:
        return "needs chromium and node"
    found = subprocess.run(
        [NODE, "-e", "require.resolve('axe-core'); require.resolve('playwright-core')"],
        capture_output=True,
        check=False,
    )
    return "" if found.returncode == 0 else "needs axe-core and playwright-core from npm (see the head of this file)"


def _clusters(count: int) -> Scenario:
    return scenario([f"Buyer {number} of many" for number in range(count)], schedules=3)


CASES = {
    "the real case": lambda: sg.load(REAL),
    "3 clusters": lambda: _clusters(3),
    "12 clusters": lambda: _clusters(12),
    "50 clusters": lambda: _clusters(50),
    "hostile names": lambda: scenario(list(HOSTILE), source=SOURCE, schedules=6),
    "everything late": lambda: scenario(["Ash", "Beech", "Cedar"], deadline="2025-04-01"),
    "everything censored": lambda: scenario(["Ash", "Beech"], horizon="2025-04-01", deadline="2025-03-31"),
    "half censored": lambda: scenario(["Ash", "Beech", "Cedar"], horizon="2027-09-01", deadline="2027-01-01"),
    "no deadline": lambda: scenario(["Ash", "Beech", "Cedar"], horizon="2028-01-01", deadline=None),
    "no legacy": lambda: scenario(["Ash", "Beech", "Cedar"], others={"legacy": None}),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_browser_finds_nothing_serious(case: str, tmp_path: Path) -> None:
    if reason := _missing():
        pytest.skip(reason)
    sg.compare(CASES[case](), replications=200).report(tmp_path / "briefing.html")
    assert BROWSER is not None
    assert NODE is not None
    looked = subprocess.run(
        [NODE, str(SCRIPT), BROWSER, str(tmp_path / "briefing.html")], capture_output=True, text=True, check=False
    )
    assert looked.returncode == 0, looked.stderr
    found: dict[str, Any] = json.loads(looked.stdout)
    assert found["outside"] == []
    assert [look["width"] for look in found["looks"]] == [1280, 390]
    for look in found["looks"]:
        assert look["overflow"] == 0
        assert [each for each in look["violations"] if each["impact"] in ("serious", "critical")] == []


def _several(count: int) -> list[Any]:
    """The real scenario under so many schedules."""
    apart = [f"  every {k} months: {{first: 2023-04-01, every: {k}mo, order: end_of_support}}\n" for k in (2, 4, 9)]
    world = sg.parse(Path(REAL).read_text(encoding="utf-8") + "".join(apart))  # schedules are the last of the file
    if count == 1:
        return [sg.run(world, "six-month stagger", replications=1000)]
    return [sg.compare(world, list(world.schedules)[:count], replications=1000)]


@pytest.mark.slow
@pytest.mark.parametrize("schedules", [1, 3, 6])
def test_the_body_prints_on_three_pages_of_a4_and_the_annex_begins_a_new_one(schedules: int, tmp_path: Path) -> None:
    reader = shutil.which("pdftotext")
    if BROWSER is None or reader is None:
        pytest.skip("needs chromium and pdftotext")
    sg.report(_several(schedules), tmp_path / "briefing.html")
    printed = tmp_path / "briefing.pdf"
    how = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--user-data-dir={tmp_path / 'browser'}",
    )
    subprocess.run(
        [BROWSER, *how, f"--print-to-pdf={printed}", f"file://{tmp_path / 'briefing.html'}"],
        check=True,
        capture_output=True,
    )
    text = subprocess.run([reader, str(printed), "-"], check=True, capture_output=True, text=True).stdout
    pages = text.split("\f")
    first = next(number for number, page in enumerate(pages) if "Annex A. " in page)
    assert first in (2, 3)
    assert pages[first].lstrip().startswith("Annex A. ")
    assert "What is in and what is out" in "".join(pages[:first])
