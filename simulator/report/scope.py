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
from simulator.words.said import listed

LIMITS: Final = (
    "Nobody changes the plan as the future unfolds: a schedule is kept to, whatever is learnt on the way.",
    "Nothing is cancelled, cut short or bought otherwise because it is late, and nobody leaves the line.",
    "Suppliers, prices and bids are not modelled; what they do is in the lengths, costs and risks of the scenario.",
    "Savings, costs and days count up to the horizon. What comes after it is left out, good or bad.",
    "What the scenario does not name cannot happen. Its risks are those of its own register.",
    "Intervals say how well the simulated futures know a number, not how well anybody knows the inputs.",
)
"""What is true of every scenario (model, sections 3 and 5)."""


def scope(subject: Subject) -> Section:
    """What this briefing's numbers rest on, and what they leave aside."""
    worlds = list(subject.worlds().values())
    blocks: list[Paragraph | Bullets] = []
    for world in worlds:
        words = f"In “{world.scenario}” are:" if len(worlds) > 1 else "In the model are:"
        blocks += [Paragraph(words), Bullets(tuple(_present(world)))]
        missing = list(_absent(world))
        if missing:
            blocks.append(
                Paragraph(f"The scenario has none of these, so that they make no difference: {listed(missing, 20)}.")
            )
    blocks += [Paragraph("Not in the model are:"), Bullets(LIMITS)]
    return Section("What is in and what is out", tuple(blocks))


def _present(scenario: Scenario) -> Iterator[str]:
    stages = {stage.stage for cluster in scenario.clusters.values() for stage, _ in ahead(cluster)}
    departments = sum(len(cluster.departments) for cluster in scenario.clusters.values())
    members = f" with {count(departments, 'department')}" if departments else ""
    yield f"{count(len(scenario.clusters), 'cluster')}{members}, on a route of {count(len(stages), 'different stage')}."
    named: dict[str, Mapping[str, object]] = {
        "Shared resources": scenario.resources,
        "Budgets": scenario.budgets,
        "Boards": scenario.boards,
        "Windows for going live": scenario.windows,
        "Events outside the programme": scenario.milestones,
        "Risks": scenario.risks,
        "Legacy systems": scenario.legacy,
    }
    for what, these in named.items():
        if these:
            yield f"{what}: {listed(called(list(these)), 8)}."


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
