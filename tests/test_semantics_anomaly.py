"""More is not always earlier: one more slot can finish a programme later."""

from __future__ import annotations

import re
from pathlib import Path

from futures import play

import simulator as sg
from simulator.days import date_of

SCENARIO = """
    resources: {slot: {capacity: CAPACITY}}
    route:
      - {stage: tender, go_to_market: true, holds: {slot: 1}, duration: 2d}
      - {stage: build, duration: 0d}
    clusters:
      A: {}
      B: {}
      Large: {priority: 2, stages: {tender: {duration: 20d}}}
      Larger: {priority: 2, stages: {tender: {duration: 20d}}}
      Urgent: {stages: {tender: {duration: 10d}, build: {duration: 60d}}}
    schedules: {s: {A: @0, B: @0, Large: @1, Larger: @1, Urgent: @4}}
    """


def test_one_more_slot_delays_the_urgent_cluster_and_the_whole_programme(engine: str) -> None:
    """An anomaly of the kind of Graham (1969), SIAM Journal on Applied Mathematics 17(2), section 2."""
    one = play(engine, SCENARIO.replace("CAPACITY", "1"))
    two = play(engine, SCENARIO.replace("CAPACITY", "2"))
    # One slot: A 0–2, B 2–4. On 4 Urgent asks and, with the better priority, goes before the large ones:
    # Urgent 4–14, Large 14–34, Larger 34–54. Urgent builds to 14 + 60 = 74, the end of the programme.
    assert {c: one[f"{c}/tender"][1:5:3] for c in one.network.clusters} == {
        "A": (0, 2),
        "B": (2, 4),
        "Urgent": (4, 14),
        "Large": (14, 34),
        "Larger": (34, 54),
    }
    # Two slots: A and B 0–2, so that both large ones are let in on 2, before Urgent is there: it waits until 22,
    # tenders to 32 and builds to 92.
    assert {c: two[f"{c}/tender"][1:5:3] for c in two.network.clusters} == {
        "A": (0, 2),
        "B": (0, 2),
        "Large": (2, 22),
        "Larger": (2, 22),
        "Urgent": (22, 32),
    }
    ends = [max(future.finish(f"{c}/build") for c in future.network.clusters) for future in (one, two)]
    assert ends == [74, 92]


PAGE = (Path(__file__).parents[1] / "docs/anomalies.md").read_text(encoding="utf-8")


def test_the_page_on_anomalies_says_what_happens(engine: str) -> None:
    """Its scenario is played with one slot and with two; its table is held to the days."""
    scenario = sg.parse(PAGE.partition("```yaml\n")[2].partition("```")[0])
    rows = dict(re.findall(r"^\| (\w+) +\| (.*) \|$", PAGE, flags=re.MULTILINE))
    for place, capacity in enumerate(("1", "2")):
        network = sg.compile(sg.change(scenario, {"resources.slot.capacity": capacity}))
        timeline = sg.simulate(network, sg.draw(scenario, 1), engine=engine)
        started, finished = (
            dict(zip(network.activities, array[:, 0].tolist(), strict=True))
            for array in (timeline.started, timeline.finished)
        )
        said = {name: row.split("|")[place].strip() for name, row in rows.items()}
        for name in network.clusters:
            days = (started[f"{name}/tender"], finished[f"{name}/tender"])
            assert said[name] == " to ".join(date_of(day, scenario.start).isoformat() for day in days)
        last = max(finished[f"{name}/build"] for name in network.clusters)
        assert said["finished"] == date_of(last, scenario.start).isoformat()
