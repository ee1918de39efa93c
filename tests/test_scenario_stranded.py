"""Demands that may be left stranded: warned of, not refused."""

from __future__ import annotations

from simulator.scenario import parse, stranded_demands

TEXT = """\
scenario: s
start: 2025-01-01
horizon: 2030-01-01
resources: {r: {capacity: 1, closes: 2026-01-01}, early: {capacity: 1, closes: 2025-02-01}}
budgets: {b: [{arrives: 2025-01-01, amount: 10}, {arrives: 2031-01-01, amount: 10}]}
boards: {c: {meets: {dates: [2025-06-01, 2026-06-01]}}}
windows: {w: {dates: [2024-06-01]}, v: {months: [6]}}
route:
  - {stage: prepare, duration: 1d, holds: {early: 1}}
  - {stage: tender, duration: 1d, go_to_market: true, holds: {r: 1}, board: {name: c}}
  - {stage: build, duration: 1d, spends: {b: 4}, for_each: department, window: w}
clusters: {A: {departments: {X: {}, Y: {}}}, B: {}}
schedules:
  soon: {all: 2025-12-31}
  late: {A: 2026-01-01, B: 2026-06-02}
"""


def test_each_is_named_in_its_place() -> None:
    told = [str(warning) for warning in stranded_demands(parse(TEXT, "s.yaml"))]
    assert told == [
        "s.yaml:4:38: resources.r.closes: closes before every cluster that holds it may go to market "
        "(A, B under late). Open it for longer or bring the dates forward.",
        # A's two waves and B's one activity want 4 each; the second tranche comes after the horizon
        "s.yaml:5:14: budgets.b: is not expected to cover everyone (12 is wanted, 10 is expected).",
        "s.yaml:6:13: boards.c: has no date left once a cluster goes to market (B under late).",
        "s.yaml:7:14: windows.w: has no date before the horizon (A needs one).",
    ]


def test_what_can_all_be_met_is_not_mentioned() -> None:
    text = TEXT.replace("closes: 2026-01-01", "closes: 2028-01-01").replace("amount: 10}, {", "amount: 12}, {")
    text = text.replace("2026-06-01]", "2027-06-01]").replace("window: w", "window: v")
    assert stranded_demands(parse(text)) == ()
