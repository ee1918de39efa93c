"""One future in words and as a text Gantt, against the hand computation of scenarios/two-clusters.yaml."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from futures import scenario_of

from simulator.cli.bars import BLOCKS, PLAIN, bars
from simulator.draws import draw
from simulator.network import compile_network
from simulator.result import Futures, Model
from simulator.scenario import Scenario, load
from simulator.trace import ORDER, Event, events

TWO = Path(__file__).parents[1] / "scenarios" / "two-clusters.yaml"


def _told(scenario: Scenario, schedule: str | None = None) -> tuple[tuple[Event, ...], Futures]:
    network = compile_network(scenario, schedule)
    model = Model(scenario, network, draw(scenario, 0), "events")
    futures = model.futures(0, 1)
    return events(scenario, network, futures), futures


def _lines(scenario: Scenario) -> list[tuple[int, str]]:
    return [(event.day, event.text) for event in _told(scenario)[0]]


def test_the_whole_story_of_two_clusters() -> None:
    """The dates are those at the end of the scenario's file."""
    assert _lines(load(TWO)) == [
        (0, "framework: capacity 1."),
        (31, "Birch/tender asks for framework and stands in line."),
        (31, "Alder/tender begins: 60 days planned."),
        (91, "Alder/tender ends after 60 days."),
        (91, "Alder/award begins: 20 days planned."),
        (111, "Alder/award ends after 20 days and waits to be heard by investment board."),
        (135, "Alder/award passes investment board (24 days waiting)."),
        (135, "Birch/tender gets what it asked for after 104 days in line for framework."),
        (135, "Alder/build begins: 100 days planned."),
        (135, "Birch/tender begins: 60 days planned."),
        (
            181,
            "Alder ledger, still in use: end of support and end of contract; it is extended to 2024-09-30.",
        ),
        (195, "Birch/tender ends after 60 days."),
        (195, "Birch/award begins: 20 days planned."),
        (215, "Birch/award ends after 20 days and waits to be heard by investment board."),
        (227, "Birch/award passes investment board (12 days waiting)."),
        (227, "Birch/build begins: 100 days planned."),
        (235, "Alder/build ends after 100 days."),
        (235, "Alder/go live waits for the window quarter start until 2024-10-01."),
        (273, "Alder ledger, still in use: end of the extension."),
        (274, "Alder/go live begins: 10 days planned."),
        (284, "Alder/go live ends after 10 days."),
        (284, "Alder is live, 81 days before the deadline."),
        (284, "Alder ledger is retired."),
        (327, "Birch/build ends after 100 days."),
        (327, "Birch/go live waits for the window quarter start until 2025-01-01."),
        (334, "Birch ledger, still in use: end of support and end of contract."),
        (365, "The deadline."),
        (366, "Birch/go live begins: 10 days planned."),
        (376, "Birch/go live ends after 10 days."),
        (376, "Birch is live, 11 days after the deadline."),
        (376, "Birch ledger is retired."),
    ]


def test_returns_rework_and_what_made_work_longer() -> None:
    """The board never passes, twice is the most; a risk that is certain adds 10 days; work takes half as long again.

    30 days × 1.5 + 10 = 55, 25 more than planned. Heard on 55, 62 and 69, reworked for 7 days after the first two.
    """
    scenario = scenario_of(
        """
        boards: {panel: {meets: {every: 1d, from: @0}}}
        route:
          - {stage: case, duration: 30d, stretch: 1.5, board: {name: panel, pass: 0%, rework: 7d, returns: 2}}
        clusters: {Ash: {}}
        risks: {late paper: {probability: 100%, delays: {case: 10d}}}
        """
    )
    assert _lines(scenario) == [
        (0, "Ash/case begins: 30 days planned."),
        (
            55,
            "Ash/case ends after 55 days, 25 days more than planned, 10 through risks and waits to be heard by panel.",
        ),
        (69, "Ash is live."),
        (69, "Ash/case passes panel (returned 2 times, 14 days of rework)."),
    ]


def test_what_is_left_at_the_horizon() -> None:
    """One desk that the first keeps for good; nobody joins the third's only department."""
    scenario = scenario_of(
        """
        resources: {desk: {capacity: 1}}
        route:
          - {stage: work, for_each: department, duration: 2000d, holds: {desk: 1}}
        clusters:
          Ash: {departments: {one: {}}}
          Beech: {departments: {two: {}}}
          Cedar: {departments: {three: {joins: 0%}}}
        """
    )
    assert _lines(scenario) == [
        (0, "desk: capacity 1."),
        (0, "Cedar/work/three is skipped: it does not join."),
        (0, "Beech/work/two asks for desk and stands in line."),
        (0, "Ash/work/one begins: 2,000 days planned."),
        (1000, "Ash is not live by the horizon."),
        (1000, "Beech is not live by the horizon."),
        (1000, "Cedar is never live: none of its departments joins."),
        (1000, "Beech/work/two is still in line for desk."),
    ]


def test_a_failure_is_told_with_what_it_cost_and_only_while_in_use() -> None:
    """A system that fails all the time, each failure after its first day adding a day to the 10 of work."""
    scenario = scenario_of(
        """
        route: [{stage: work, duration: 10d}]
        clusters: {Ash: {}}
        legacy: {Ledger: {used_by: [Ash], failures: {supported: 200/y}, failure: {disrupts: 1d}}}
        """
    )
    story, futures = _told(scenario)
    finish = int(futures.timeline.finished[0, 0])
    failures = [event for event in story if event.kind == "failure"]
    lengthened = [event for event in failures if event.text == "Ledger fails; work under way takes 1 day longer."]
    assert len(lengthened) == finish - 10 > 0
    assert len(failures) > len(lengthened)  # those before work began or on its last day
    assert all(event.day <= finish for event in failures)


def test_events_of_a_day_are_told_in_the_order_of_kinds() -> None:
    story, _ = _told(load(TWO))
    keys = [(event.day, ORDER.index(event.kind)) for event in story]
    assert keys == sorted(keys)
    assert story[0].as_dict(date(2024, 1, 1)) == {
        "day": 0,
        "date": "2024-01-01",
        "event": "supply",
        "who": "framework",
        "text": "framework: capacity 1.",
    }


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_text_gantt(width: int, encoding: str) -> None:
    _, futures = _told(load(TWO))
    lines = list(bars(futures.timeline, 0, width, encoding))
    signs = BLOCKS if encoding == "utf-8" else PLAIN
    assert len(lines) == 10  # an axis, eight activities, a key
    assert max(map(len, lines[:-1])) <= width
    "\n".join(lines).encode(encoding, "strict" if encoding == "utf-8" else "replace")
    queue = lines[5]
    assert queue.startswith("Birch/tender")
    waits, works = queue.count(signs["waits"]), queue.count(signs["works"])
    assert waits / works == pytest.approx(104 / 60, abs=0.5)  # in line from 31 to 135, at work to 195
    assert signs["board"] in lines[2]
    assert lines[8].rstrip()[-1] == signs["works"]


def test_bars_stand_where_their_days_are() -> None:
    """Days 31 to 376 over 345 columns less the label: Alder begins at the left, Birch ends at the right."""
    _, futures = _told(load(TWO))
    width = 345 + len("Alder/go live") + 2
    lines = list(bars(futures.timeline, 0, width, "utf-8"))
    bar = {line.split("  ")[0]: line[len("Alder/go live") + 2 :] for line in lines[1:9]}
    assert bar["Alder/tender"] == "█" * 60
    assert bar["Birch/tender"] == "·" * 104 + "█" * 60
    assert bar["Alder/award"] == " " * 60 + "█" * 20 + "▒" * 24
    assert bar["Birch/go live"] == " " * 296 + "·" * 39 + "█" * 10
    axis = lines[0][len("Alder/go live") + 2 :]
    assert axis.index("2024-04") == 91 - 31
