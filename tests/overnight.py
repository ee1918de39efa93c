"""Small scenario files for tests of `batch`, and what a store of them must look like at any moment."""

from __future__ import annotations

import json
from pathlib import Path

from simulator.store import MANIFEST, whole_manifest

WORLD = """
scenario: {name}
start: 2025-01-01
horizon: 2026-12-31
deadline: 2025-06-30
resources: {{framework: {{capacity: 1}}}}
route:
  - stage: tender
    go_to_market: true
    holds: {{framework: 1}}
    duration: {{uniform: [50d, {most}d]}}
clusters: {{Alder: {{}}, Birch: {{}}}}
schedules:
  at once: {{all: 2025-01-01}}
  stagger: {{first: 2025-01-01, every: 6mo, order: [Alder, Birch]}}
"""


def folder_of_worlds(folder: Path, count: int = 2) -> Path:
    """A folder with some scenario files of two clusters and two schedules each."""
    folder.mkdir()
    for number in range(1, count + 1):
        (folder / f"world-{number}.yaml").write_text(WORLD.format(name=f"world {number}", most=100 + 10 * number))
    return folder


def contents(store: Path) -> dict[str, bytes]:
    """Every file that is compared: all but what is the store's own."""
    return {
        str(path.relative_to(store)): path.read_bytes()
        for path in sorted(store.rglob("*"))
        if path.is_file() and ".stagger" not in path.parts
    }


def require_whole(store: Path, finished: dict[str, bytes], tables: bool = True) -> int:
    """Whatever is in its place is whole and as it is in the end; how many runs there are.

    A batch that could say that it stops wrote a table of what it had done: then ``tables`` are not as in the end.
    """
    runs = sorted((store / "runs").iterdir()) if (store / "runs").exists() else []
    for run in runs:
        whole_manifest(run)
        json.loads((run / MANIFEST).read_text())
    there = {name: content for name, content in contents(store).items() if tables or name.startswith("runs/")}
    assert there.items() <= finished.items(), sorted(set(there) - set(finished))
    return len(runs)
