"""What figures of capacity, of money by year, and of cost against time say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from simulator.analysis.bands import Fan
from simulator.words.live import Calendar
from simulator.words.supply import Allotted, Strain, capacity_finding, money_alt, money_finding, years_told
from simulator.words.trade_off import Both, Limits, both_alt, both_finding

WHEN = Calendar(date(2025, 1, 1), 3000, 1000)  # day 1000 is 28 September 2027


def test_capacity_and_money() -> None:
    assert capacity_finding(Strain("slot", 10, 0.8, 100.0, 2.0, 2.0), WHEN) == (
        "“slot” is full for 3.3 months on average up to the horizon, most likely on 11 January 2025, in 4 in 5 futures "
        "(80%)."
    )
    idle = capacity_finding(Strain("slot", 0, 0.0, 0.0, 1.0, 4.0), WHEN)
    assert idle.endswith("no more than 1 of 4 units are in use.")
    cost = Fan(np.array([1.0, 8.0, 2.0]), np.array([2.0, 9.0, 2.0]), np.array([3.0, 12.0, 2.0]))
    for medians, end in (
        ([0.0, 0.0, 3.0], "the median of savings exceeds that of costs from 2027 on."),
        ([0.0, 0.0, 0.0], "the median of savings exceeds that of costs in no year."),
        ([3.0, 0.0, 0.0], "the median of savings exceeds that of costs in 2025 only."),
    ):
        savings = Fan(*[np.array(medians)] * 3)
        said = money_finding(["2025", "2026", "2027"], cost, savings, "£m")
        assert said == f"Costs are highest in 2026, £9m in the median (£8m to £12m, P10 to P90); {end}"


def test_costs_that_are_nothing_are_not_the_highest() -> None:
    none, rare = Fan(*[np.zeros(2)] * 3), Fan(np.zeros(2), np.zeros(2), np.array([0.0, 5.0]))
    assert money_finding(["2025", "2026"], none, none, "£m") == (
        "In nine in ten futures or more nothing is paid or saved in any year."
    )
    assert money_finding(["2025", "2026"], rare, none, "£m").startswith(
        "Costs are highest in 2026, £0m in the median (£0m"
    )


def test_budgets_that_come_in_one_year_or_another_are_not_said_to_be_nothing() -> None:
    # £90m that comes in 2026 or, in every third future, in 2027: the medians are 90 and 0, the means 60 and 30; and
    # what comes in 2028 in one future in twenty is 0 at P90, too.
    none = Fan(*[np.zeros(4)] * 3)
    arrives = Allotted(
        Fan(np.array([50.0, 0.0, 0.0, 0.0]), np.array([50.0, 90.0, 0.0, 0.0]), np.array([50.0, 90.0, 90.0, 0.0])),
        np.array([50.0, 60.0, 30.0, 4.5]),
    )
    text = money_alt(["2025 (from 1 December)", "2026", "2027", "2028"], none, none, arrives, "£m")
    assert "2025 (from 1 December): cost £0m (£0m to £0m), savings £0m, budgets £50m; 2026" in text
    assert "budgets £0m to £90m (£60m on average); 2027" in text
    assert "budgets £0m to £90m (£30m on average); 2028" in text
    assert text.endswith("budgets £0m to £0m (£4.5m on average).")
    assert "budgets" not in money_alt(["2025"], none, none, None, "£m")


def test_years_of_which_only_a_part_is_simulated_are_marked() -> None:
    whole = Calendar(date(2025, 1, 1), 364 + 365)  # to 31 December 2026
    assert years_told([2025, 2026], whole) == ["2025", "2026"]
    part = Calendar(date(2025, 12, 1), 31 + 365 + 180)  # to 30 June 2027
    assert years_told([2025, 2026, 2027], part) == ["2025 (from 1 December)", "2026", "2027 (to 30 June)"]
    assert years_told([2025, 2026, 2027], part, short=True) == ["2025\nfrom 1 Dec", "2026", "2027\nto 30 Jun"]
    assert years_told([2025], Calendar(date(2025, 3, 3), 100)) == ["2025 (from 3 March to 11 June)"]


@pytest.fixture
def limits() -> Limits:
    return Limits(1000, 12.0, "£m", "the deadline", "the P80 of cost", "one")


def test_two_limits_at_once(limits: Limits) -> None:
    one = Both("one", 0.75, 0.8, 0.9, (), 0.0)
    other = Both("other", 0.5, 0.6, 0.9, (), 0.2)
    assert both_finding([one], Limits(1000, 12.0, "£m"), WHEN) == (
        "Live by 28 September 2027 and within £12m: both hold in 3 in 4 futures (75%)."
    )
    assert both_finding([other, one], limits, WHEN) == (
        "Live by 28 September 2027, the deadline, and within £12m, the P80 of cost under “one”: both hold in 3 in 4 "
        "futures (75%) under “one”, in 1 in 2 futures (50%) under “other”."
    )
    assert both_finding([one, one], limits, WHEN).endswith(
        "both hold in 3 in 4 futures (75%) under each of the schedules."
    )
    none = Both("none", 0.0, 0.6, 0.9, (), 0.2)
    assert both_finding([none, none], limits, WHEN).endswith("both hold in no future, under none of the schedules.")


def test_what_has_no_dot_is_said_and_how_it_counts(limits: Limits) -> None:
    other = Both("other", 0.5, 0.6, 0.9, ((0.5, 900, 10.0),), 0.2)
    text = both_alt([other], limits, WHEN, "Each of the first 400 futures")
    assert text.startswith(
        "Each of the first 400 futures a dot by the day on which the last cluster is live and the cost"
    )
    assert "one that is not live by the horizon has no dot, and counts as not live by any day" in text
    assert "28 September 2027 (the deadline) and £12m, the P80 of cost under “one”" in text
    assert (
        "not live by the horizon in 20% of futures; together hold, for instance, 20 June 2027 and £10m in 50%" in text
    )
    assert "not live by the horizon in" not in both_alt([Both("one", 1, 1, 1, (), 0.0)], limits, WHEN, "Each future")
