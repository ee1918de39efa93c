"""What is in and what is out: what this scenario has, and what the model leaves aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from simulator.report.content import Bullets, Paragraph, Section
from simulator.report.entries import called
from simulator.report.subject import Subject
from simulator.scenario import Scenario
from simulator.scenario.route import ahead
from simulator.wording import count
from simulator.words.said import listed, name

LIMITS: Final = (
    "Nobody changes the plan as the future unfolds: nothing is cancelled, cut short or bought otherwise because it is "
    "late, and nobody leaves the line.",
    "Suppliers, prices and bids are not modelled; what they do is in the lengths, costs and risks of the scenario.",
    "Savings, costs and days count up to the horizon. What comes after it is left out, good or bad.",
    "What the scenario does not name cannot happen. Intervals say how well the simulated futures know a number, not "
    "how well anybody knows the inputs.",
)
"""What is true of every scenario (model, sections 3 and 5)."""
MOST_NAMED: Final = 3


def scope(subject: Subject) -> Section:
    """What this briefing's numbers rest on, and what they leave aside."""
    worlds = list(subject.worlds().values())
    blocks: list[Paragraph | Bullets] = []
    for world in worlds:
        words = f"In the model of “{name(world.scenario)}” are" if len(worlds) > 1 else "In the model are"
        missing = list(_absent(world))
        none = f" It has none of these: {listed(missing, 20)}; their effect is not counted." if missing else ""
        blocks.append(Paragraph(f"{words} {'; '.join(_present(world))}.{none}"))
    blocks += [Paragraph("Not in the model, and to be borne in mind:"), Bullets(LIMITS)]
    return Section("What is in and what is out", tuple(blocks))


def _present(scenario: Scenario) -> Iterator[str]:
    stages = {stage.stage for cluster in scenario.clusters.values() for stage, _ in ahead(cluster)}
    departments = sum(len(cluster.departments) for cluster in scenario.clusters.values())
    of = f" with {count(departments, 'department')}" if departments else ""
    yield f"{count(len(scenario.clusters), 'cluster')}{of}, on a route of {count(len(stages), 'stage')}"
    named: dict[str, Mapping[str, object]] = {
        "shared resource": scenario.resources,
        "budget": scenario.budgets,
        "board": scenario.boards,
        "window for going live": scenario.windows,
        "event outside the programme": scenario.milestones,
        "risk": scenario.risks,
        "legacy system": scenario.legacy,
    }
    for what, these in named.items():
        if these:
            plural = PLURALS.get(what, f"{what}s")
            yield f"{count(len(these), what, plural)} ({listed(called(list(these)), MOST_NAMED)})"


PLURALS: Final = {
    "window for going live": "windows for going live",
    "event outside the programme": "events outside the programme",
}


def _absent(scenario: Scenario) -> Iterator[str]:
    money = any(
        stage.cost.fixed.mean or stage.cost.per_month.mean
        for cluster in scenario.clusters.values()
        for stage, _ in ahead(cluster)
    )
    missing = {
        "limits on resources": not scenario.resources,
        "budgets": not scenario.budgets,
        "boards": not scenario.boards,
        "windows": not scenario.windows,
        "risks": not scenario.risks,
        "legacy systems": not scenario.legacy,
        "correlations between inputs": not scenario.correlations,
        "costs of stages": not money,
        "savings": not any(_saves(scenario)),
        "a deadline": scenario.deadline is None,
    }
    yield from (what for what, absent in missing.items() if absent)


def _saves(scenario: Scenario) -> Iterator[bool]:
    for cluster in scenario.clusters.values():
        yield cluster.savings is not None
        yield from (department.savings is not None for department in cluster.departments.values())
