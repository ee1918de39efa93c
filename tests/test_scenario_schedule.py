"""Schedules: rules to days, by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from simulator.errors import ScenarioError
from simulator.scenario import parse
from simulator.scenario.model import Scenario

TEXT = """\
scenario: s
start: 2025-01-01
horizon: 2035-01-01
route:
  - {stage: prepare, duration: 1d}
  - {stage: tender, duration: 1d, go_to_market: true}
  - {stage: build, duration: 1d}
clusters:
  A: {}
  B: {departments: {X: {}, Y: {}}}
  C: {}
  under way: {begins_at: build}
legacy:
  late: {used_by: [A], end_of_support: 2029-01-01}
  early: {used_by: [B/Y], end_of_support: {triangular: [2026-01-01, 2027-01-01, 2030-01-01]}}
  earlier but shared: {used_by: [C, under way], end_of_support: 2026-06-01}
schedules:
  only: SCHEDULE
"""


def scheduled(rule: str) -> dict[str, date]:
    scenario = parse(TEXT.replace("SCHEDULE", rule))
    return dates(scenario, "only")


def dates(scenario: Scenario, name: str) -> dict[str, date]:
    return {cluster: scenario.start + timedelta(days=day) for cluster, day in scenario.schedules[name].items()}


def test_all_on_one_date() -> None:
    assert scheduled("{all: 2025-05-01}") == dict.fromkeys("ABC", date(2025, 5, 1))


def test_clusters_under_way_need_no_date() -> None:
    assert "under way" not in scheduled("{all: 2025-05-01}")


def test_calendar_months_end_on_the_last_day_of_a_shorter_month() -> None:
    days = scheduled("{first: 2025-08-31, every: 6mo, order: [A, B, C]}")
    assert days == {"A": date(2025, 8, 31), "B": date(2026, 2, 28), "C": date(2026, 8, 31)}


def test_weeks_step_by_days_and_years_by_calendar_years() -> None:
    assert scheduled("{first: 2025-05-01, every: 2w, order: [C, B, A]}") == {
        "A": date(2025, 5, 29), "B": date(2025, 5, 15), "C": date(2025, 5, 1),
    }  # fmt: skip
    leap = scheduled("{first: 2028-02-29, every: 1y, order: [A, B, C]}")
    assert leap == {"A": date(2028, 2, 29), "B": date(2029, 2, 28), "C": date(2030, 2, 28)}


def test_no_spacing_is_everyone_at_once() -> None:
    assert set(scheduled("{first: 2025-05-01, every: 0mo, order: [A, B, C]}").values()) == {date(2025, 5, 1)}


def test_ordered_by_the_earliest_end_of_support() -> None:
    # C: 2026-06-01. B: the median of triangular(0, 365, 1461) days after 2026-01-01, 1461 - sqrt(1461 * 1096 / 2), is
    # 566 days, in July 2027. A: 2029-01-01.
    days = scheduled("{first: 2025-05-01, every: 1mo, order: end_of_support}")
    assert sorted(days, key=lambda name: days[name]) == ["C", "B", "A"]


def test_whoever_uses_nothing_old_comes_last_and_ties_keep_the_files_order() -> None:
    text = TEXT.replace("SCHEDULE", "{first: 2025-05-01, every: 1mo, order: end_of_support}")
    text = text.replace("used_by: [A]", "used_by: [under way]").replace("[C, under way]", "[under way]")
    days = dates(parse(text), "only")
    assert sorted(days, key=lambda name: days[name]) == ["B", "A", "C"]


def test_dates_before_the_start_are_day_0() -> None:
    assert parse(TEXT.replace("SCHEDULE", "{all: 2020-05-01}")).schedules["only"] == dict.fromkeys("ABC", 0)
    scenario = parse(TEXT.replace("SCHEDULE", "{first: 2024-12-01, every: 1mo, order: [A, B, C]}"))
    assert scenario.schedules["only"] == {"A": 0, "B": 0, "C": 31}


def test_the_last_day_may_be_the_horizon() -> None:
    assert set(scheduled("{all: 2035-01-01}").values()) == {date(2035, 1, 1)}
    with pytest.raises(ScenarioError, match="must not lie after the horizon"):
        scheduled("{all: 2035-01-02}")


def test_days_come_in_the_order_of_the_clusters() -> None:
    assert list(scheduled("{C: 2025-01-01, A: 2025-01-02, B: 2025-01-03}")) == ["A", "B", "C"]


def test_where_nobody_goes_to_market_there_is_one_schedule() -> None:
    text = TEXT.replace(", go_to_market: true", "").replace("schedules:\n  only: SCHEDULE\n", "")
    assert parse(text).schedules == {"as is": {}}
    assert parse(text + "schedules: {nothing to date: {}}\n").schedules == {"nothing to date": {}}
