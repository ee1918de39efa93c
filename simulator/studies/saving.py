"""A study on disk: its document, its tables as CSV, and what made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simulator.scenario import Scenario, digest
from simulator.scenario.write import as_files
from simulator.store import SUMMARY, Folder, as_json, versions
from simulator.store.sheet import as_csv


def save_study(
    folder: Path | str,
    document: Mapping[str, Any],
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    about: Mapping[str, Any],
    figures: Mapping[str, bytes] | None = None,
) -> None:
    """Write a study to a folder, all or nothing, its scenarios and figures as files.

    ``about`` goes into the manifest, scenarios as their digests and files.

    Raises:
        StaggerError: the folder cannot be written.
    """
    scenarios: Mapping[str, Scenario] = about["scenarios"]
    stems = _stems(len(scenarios))
    manifest = {
        **about,
        "scenarios": {name: _origin(of, stem) for stem, (name, of) in zip(stems, scenarios.items(), strict=True)},
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
    }
    with Folder(folder) as draft:
        draft.write(SUMMARY, as_json(document))
        for stem, scenario in zip(stems, scenarios.values(), strict=True):
            for name, text in as_files(scenario, stem).items() if scenario.written else ():
                draft.write(name, text)
        for name, rows in tables.items():
            draft.write(name, as_csv(list(rows[0]) if rows else [], rows))
        for name, content in (figures or {}).items():
            draft.write(name, content)
        draft.commit(manifest)


def _stems(count: int) -> list[str]:
    """Names for the files of scenarios."""
    return ["scenario"] if count == 1 else [f"scenario-{number}" for number in range(1, count + 1)]


def _origin(scenario: Scenario, stem: str) -> dict[str, Any]:
    here = f"{stem}.yaml" if scenario.written else None
    return {"scenario": scenario.scenario, "sha256": digest(scenario), "file": scenario.file, "kept_as": here}
