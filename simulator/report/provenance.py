"""The annexes that an assurer reads: the assumption register, what was verified, and how to have the same numbers."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import Any, Final

from simulator.plots.figure import Kind
from simulator.report.content import Block, Code, Grid, Paragraph, Section, table
from simulator.report.doubts import UNSAID, quality
from simulator.report.subject import Case, Origin, Study, Subject
from simulator.report.verification import Check
from simulator.scenario import Scenario, digest, register
from simulator.store import MANIFEST, versions
from simulator.wording import count

KEPT: Final = "scenario.yaml"
"""What a scenario is called in the folder of a run."""


def assumptions(subject: Subject, title: str) -> Section:
    """Every input with its value, its source and quality, and who said so."""
    worlds = list(subject.worlds().values())
    blocks: list[Block] = [
        Paragraph(
            "Every input as it was written. Its quality is known, inferred from what is known by a step that the note "
            "gives, or assumed, so that the model can run."
        ),
        *quality(subject),
    ]
    for number, world in enumerate(worlds, 1):
        blocks += _register(world, f" {number}" if len(worlds) > 1 else "")
    return Section(title, tuple(blocks))


def _register(world: Scenario, number: str) -> Iterator[Block]:
    inputs = register(world)
    if not inputs:
        yield Paragraph(f"“{world.scenario}” was made in Python, and has no register.")
        return
    columns: list[tuple[str, Kind]] = [
        (head, "text") for head in ("Input", "Value", "Quality", "Source: who said so", "Note")
    ]
    rows = [[each.path, each.value, each.quality or UNSAID, each.source, each.note] for each in inputs]
    yield Grid(f"assumptions{number}", f"Assumption register: {world.scenario}", table(columns, rows))


def verification(checks: Sequence[Check], title: str) -> Section:
    """What was checked as this briefing was written, and what came of it."""
    broken = sum(not check.holds for check in checks)
    said = "All of them hold." if not broken else f"{count(broken, 'check')} did not hold."
    words = f"{count(len(checks), 'check was', 'checks were')} made while this briefing was written. {said}"
    columns: list[tuple[str, Kind]] = [(head, "text") for head in ("Check", "How", "Found", "Holds")]
    rows = [[check.name, check.how, check.found, "yes" if check.holds else "no"] for check in checks]
    return Section(title, (Paragraph(words), Grid("verification", "Verification record", table(columns, rows))))


def reproduction(subject: Subject, title: str) -> Section:
    """What made the numbers, and the commands that make them again."""
    blocks: list[Block] = [
        Paragraph("With the same version, scenario and seed, these commands give the same numbers, on any machine:"),
        Code(tuple(_commands(subject))),
        Grid("made by", "What made these numbers", table(_PAIRS, list(_made(subject)))),
        Grid("fingerprints", "Fingerprints (SHA-256)", table(_FINGERPRINTS, list(_fingerprints(subject)))),
    ]
    return Section(title, tuple(blocks))


_PAIRS: Final[list[tuple[str, Kind]]] = [("What", "text"), ("Value", "text")]
_FINGERPRINTS: Final[list[tuple[str, Kind]]] = [("Of", "text"), ("File or scenario", "text"), ("SHA-256", "text")]


def _commands(subject: Subject) -> Iterator[str]:
    worlds = subject.worlds()
    if subject.comparison is not None:
        files = [_file(world, number) for number, world in enumerate(worlds.values(), 1)]
        schedules = dict.fromkeys(case.result.schedule for case in subject.cases)
        yield shlex.join(["stagger", "compare", *files, *_chosen(schedules), *_how(subject.cases[0])])
        return
    for case in subject.cases:
        file = _file(case.scenario, list(worlds).index(digest(case.scenario)) + 1)
        yield shlex.join(["stagger", "run", file, *_chosen([case.result.schedule]), *_how(case)])


def _file(scenario: Scenario, number: int) -> str:
    return scenario.file or (KEPT if number == 1 else f"scenario-{number}.yaml")


def _chosen(schedules: Any) -> list[str]:
    return [word for name in schedules for word in ("--schedule", name)]


def _how(case: Case) -> list[str]:
    result = case.result
    how = {"-n": result.replications, "--seed": result.seed, "--sampling": result.sampling, "--engine": result.engine}
    return [str(word) for pair in how.items() for word in pair]


def _made(subject: Subject) -> Iterator[list[str]]:
    for case in subject.cases:
        result = case.result
        words = f"{count(result.replications, 'future')}, seed {result.seed}, {result.sampling} sampling"
        yield [f"Futures: {case.name}", f"{words}, {result.engine} engine"]
    for origin in subject.sources():
        yield [f"Command: {origin.folder}", str(origin.manifest.get("command", ""))]
        yield [f"Made on: {origin.folder}", str(origin.manifest.get("time", ""))]
        yield [f"Made with: {origin.folder}", _listed(origin.manifest.get("versions", {}))]
    yield ["This briefing was made with", _listed(versions())]


def _listed(numbers: Any) -> str:
    return ", ".join(f"{name} {number}" for name, number in numbers.items()) if isinstance(numbers, dict) else ""


def _fingerprints(subject: Subject) -> Iterator[list[str]]:
    yield from (["scenario", world.scenario, key] for key, world in subject.worlds().items())
    for origin in subject.sources():
        yield from ([origin.folder, name, written["sha256"]] for name, written in _files(origin))


def _files(origin: Origin | Study) -> list[tuple[str, Any]]:
    return [(name, written) for name, written in origin.manifest.get("files", {}).items() if name != MANIFEST]
