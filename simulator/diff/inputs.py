"""Which inputs of two runs differ: values of the scenario by path, dates, futures, versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from simulator.days import date_of
from simulator.diff.opened import Opened
from simulator.scenario.quantities import shown
from simulator.scenario.tree import Node

SETTINGS: Final = ("schedule", "replications", "seed", "sampling", "engine")
OBSERVATIONS: Final = "-observations-"


@dataclass(frozen=True)
class Input:
    """An input that differs; None where a run has none."""

    path: str
    a: str | None
    b: str | None


def inputs(a: Opened, b: Opened) -> tuple[Input, ...]:
    """Everything that determines a run and is not the same for both; other schedules than those run do not."""
    found = (_settings, _scenario, _dates, _observations, _versions)
    return tuple(Input(path, one, other) for part in found for path, one, other in _differing(part(a), part(b)))


def _differing(a: Mapping[str, str], b: Mapping[str, str]) -> Iterator[tuple[str, str | None, str | None]]:
    for path in dict.fromkeys((*a, *b)):
        if a.get(path) != b.get(path):
            yield path, a.get(path), b.get(path)


def _settings(run: Opened) -> dict[str, str]:
    return {name: str(run.summary[name]) for name in SETTINGS}


def _scenario(run: Opened) -> dict[str, str]:
    assert run.scenario.written is not None
    said = leaves(run.scenario.written.tree)
    return {path: text for path, text in said if path != "seed" and not path.startswith("schedules.")}


def leaves(node: Node) -> Iterator[tuple[str, str]]:
    """Every value of a scenario's tree, with its path; an empty list or mapping is one too."""
    children = [*node, *(child for _, child in node.items())]
    if not children and node.path:
        yield node.path, node.text or shown(node.plain())
    for child in children:
        yield from leaves(child)


def _dates(run: Opened) -> dict[str, str]:
    """When the schedule has each cluster go to market."""
    days = run.scenario.schedules.get(str(run.summary["schedule"]), {})
    return {f"go to market: {name}": date_of(day, run.scenario.start).isoformat() for name, day in days.items()}


def _observations(run: Opened) -> dict[str, str]:
    files: Mapping[str, Any] = run.manifest["files"]
    return {name: f"SHA-256 {of['sha256'][:12]}…" for name, of in files.items() if OBSERVATIONS in name}


def _versions(run: Opened) -> dict[str, str]:
    versions: Mapping[str, Any] = run.manifest.get("versions", {})
    model = {"version: model": str(run.manifest["model"])} if "model" in run.manifest else {}
    return {**model, **{f"version: {name}": str(number) for name, number in versions.items()}}
