"""What figures say: pure functions of numbers, held to sentences."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest

from simulator.analysis.bands import Band, Fan, Stretch
from simulator.days import NEVER
from simulator.words.bands import bands_alt, bands_finding
from simulator.words.likelihood import YARDSTICK, in_futures, likelihood, phrase
from simulator.words.live import Arrival, Calendar, future_finding, live_alt, live_finding, versus_finding
from simulator.words.risk import (
    exposure_finding,
    risk_alt,
    risk_finding,
    risks_finding,
    sweep_alt,
    sweep_finding,
)
from simulator.words.said import amount_of, length, listed, money, on_date, quoted
from simulator.words.supply import Both, Strain, both_finding, capacity_finding, money_finding
from simulator.words.time import time_finding, waterfall_alt

WHEN = Calendar(date(2025, 1, 1), 3000, 1000)  # day 1000 is 28 September 2027


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.001, "remote chance"),
        (0.05, "remote chance"),
        (0.10, "highly unlikely"),
        (0.20, "highly unlikely"),
        (0.25, "unlikely"),
        (0.35, "unlikely"),
        (0.40, "realistic possibility"),
        (0.499, "realistic possibility"),
        (0.55, "likely or probable"),
        (0.75, "likely or probable"),
        (0.80, "highly likely"),
        (0.90, "highly likely"),
        (0.95, "almost certain"),
        (0.999, "almost certain"),
    ],
)
def test_the_yardsticks_own_ranges_have_its_own_words(p: float, words: str) -> None:
    assert phrase(p) == words


def test_gaps_are_shared_and_nothing_falls_through() -> None:
    assert [phrase(p) for p in (0.075, 0.0751, 0.775, 0.7751)] == [
        *("remote chance", "highly unlikely", "likely or probable", "highly likely")
    ]
    assert {phrase(p) for p in np.linspace(0, 1, 10_001).tolist()} == {words for _, words in YARDSTICK}


def test_a_likelihood_stands_beside_its_number() -> None:
    assert likelihood(0.62) == "likely or probable (62%)"
    assert likelihood(0.0) == "in none of the futures (0%)"
    assert likelihood(1.0) == "in all of the futures (100%)"
    assert likelihood(0.9999) == "almost certain (>99.9%)"


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.81, "about 4 in 5 futures (81%)"),
        (0.8, "4 in 5 futures (80%)"),
        (1 / 3, "1 in 3 futures (33.3%)"),
        (0.36, "about 1 in 3 futures (36%)"),
        (0.03, "3% of futures"),
        (0.97, "97% of futures"),
        (0.0, "no future"),
        (1.0, "every future"),
    ],
)
def test_shares_are_said_as_people_picture_them(p: float, words: str) -> None:
    assert in_futures(p) == words


def test_no_simple_share_is_further_off_than_is_said() -> None:
    said = [(p, in_futures(p)) for p in np.linspace(0.001, 0.999, 999).tolist()]
    simple = [(p, re.match(r"(?:about )?(\d+) in (\d+) futures", words)) for p, words in said]
    off = [abs(int(found[1]) / int(found[2]) - p) for p, found in simple if found]
    assert max(off) <= 0.034
    assert len(off) > 700
    assert in_futures(0.45) == "45% of futures"


def test_dates_lengths_and_money_are_spelled_one_way() -> None:
    assert on_date(date(2028, 12, 3)) == "3 December 2028"
    assert (length(1), length(17), length(100), length(1100)) == ("1 day", "17 days", "3.3 months", "3.0 years")
    assert (money(12.41, "£m"), money(-1234.5, "£m"), money(0.0001, "€bn")) == ("£12.4m", "-£1,234m", "€0bn")
    assert money(3.5, "units") == "3.5 units"
    assert money(3.5, "£<script>") == "3.5 £<script>"
    assert (amount_of(0.04), amount_of(99.96), amount_of(1e6)) == ("0.04", "100", "1,000,000")
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(list("abcdefg")) == "a, b, c, d, e and 2 others"
    assert listed([]) == ""


def test_names_are_printable_and_short() -> None:
    assert quoted("A\u202eB\n") == "“A\N{REPLACEMENT CHARACTER}B\N{REPLACEMENT CHARACTER}”"
    assert len(quoted("x" * 300)) == 62


def _arrivals() -> list[Arrival]:
    return [Arrival("Ash", 0.9, 500, 700, 1000), Arrival("Birch", 0.36, 800, 1200, NEVER)]


def test_the_finding_of_s_curves() -> None:
    assert live_finding(0.36, _arrivals(), WHEN) == (
        "In about 1 in 3 futures (36%) every cluster is live by the deadline, 28 September 2027; “Birch” is the least "
        "likely to be, in about 1 in 3 futures (36%)."
    )
    assert live_finding(0.0, _arrivals()[:1], WHEN).startswith("In no future is “Ash” live by the deadline")
    assert live_finding(0.5, [], WHEN) == "Nobody goes to market."
    no_deadline = Calendar(WHEN.start, WHEN.horizon)
    assert "by the horizon, 20 March 2033" in live_finding(0.5, _arrivals(), no_deadline)


def test_the_alternative_text_of_s_curves_has_the_numbers_and_says_what_is_not_known() -> None:
    text = live_alt(0.36, _arrivals(), WHEN)
    assert text.index("“Birch”") < text.index("“Ash”")
    assert "one future in ten by 12 March 2027, half by 15 April 2028; nine in ten not by the horizon" in text
    assert "highly likely (90%)" in text
    many = [Arrival(f"C{k}", 0.5, 1, 2, 3) for k in range(50)]
    assert "44 likelier clusters besides" in live_alt(0.5, many, WHEN)


def test_schedules_against_each_other() -> None:
    assert versus_finding(_arrivals(), WHEN) == (
        "“Ash” has every cluster live by the deadline, 28 September 2027, in 9 in 10 futures (90%); “Birch” in about 1 "
        "in 3 futures (36%)."
    )
    same = [Arrival("A", 0.5, 1, 2, 3), Arrival("B", 0.5, 1, 2, 3)]
    assert versus_finding(same, WHEN).endswith("in 1 in 2 futures (50%).")


@pytest.mark.parametrize(
    ("finish", "end"),
    [
        (1000, "28 September 2027, the day of the deadline."),
        (1011, "9 October 2027, 11 days after the deadline."),
        (900, "20 June 2027, 3.3 months before the deadline."),
        (NEVER, "somebody is still not live by the horizon, 20 March 2033."),
    ],
)
def test_one_future(finish: int, end: str) -> None:
    assert future_finding(7, finish, WHEN).endswith(end)


def test_bands() -> None:
    ash = Stretch("Ash", "", Band(10, 20, 30), Band(500, 700, 900), 1.0)
    birch = Stretch("Birch", "", Band(10, 10, 10), Band(900, 1000, NEVER), 1.0)
    lost = Stretch("Cedar", "", Band(10, 10, 10), Band(900, NEVER, NEVER), 1.0)
    assert bands_finding([ash], WHEN) == (
        "“Ash”, the last, is live by 2 December 2026 in half of futures, by 20 June 2027 in nine in ten."
    )
    assert "in more than one in ten it is not by the horizon" in bands_finding([ash, birch], WHEN)
    assert bands_finding([ash, lost], WHEN).startswith("In half of futures or more “Cedar” is not live")
    assert bands_finding([], WHEN) == "Nobody goes to market."
    text = bands_alt([ash, birch], [("old", 600, 700), ("new", 800, 700)], WHEN)
    assert "“Birch” begins on 11 January 2025 and is live from 20 June 2027 (P10) to after the horizon (P90)" in text
    assert text.endswith("In use past support in half of futures or more: “old”.")


def test_where_the_time_went() -> None:
    parts = {"planned work": [100.0, 200.0], "waiting: framework": [100.0, 0.0], "waiting: other clusters": [0.0, 50.0]}
    # 450 days over 2 clusters; 150 of 450 are waiting, 50 a cluster for the framework.
    assert time_finding(parts, ["A", "B"]) == (
        "From its scheduled date to its go-live a cluster takes 7.4 months on average; 33.3% of that is waiting, "
        "most of all for framework (50 days)."
    )
    assert time_finding({"planned work": [3.0]}, ["A"]).endswith("none of it waiting.")
    assert time_finding({"planned work": [0.0]}, ["A"]).startswith("No cluster spends any time")
    text = waterfall_alt({"rework": -10.0, "going to market": 40.0}, "A", "B")
    assert text.endswith("Altogether “A” is 30 days later.")
    assert "horizon" not in text


def test_time_that_is_counted_to_the_horizon_is_not_said_to_end_with_go_live() -> None:
    parts = {"planned work": [100.0, 200.0]}
    assert time_finding(parts, ["A", "B"], 0.25) == (
        "From its scheduled date to its go-live, or to the horizon if it is not live by then (25%), a cluster takes "
        "4.9 months on average, none of it waiting."
    )
    assert time_finding(parts, ["A", "B"], 1.0) == (
        "No cluster is ever live; from its scheduled date to the horizon a cluster takes 4.9 months on average, none "
        "of it waiting."
    )
    text = waterfall_alt({"rework": -10.0}, "A", "B", censored=True)
    assert text.startswith(
        "Steps from the mean go-live under “B” to that under “A”, those not live by the horizon counted to it: rework "
    )


def test_risks() -> None:
    values = [[0.9, 0.2], [0.1, None]]
    assert risk_finding(values, ["Ash", "Birch"], ["one", "two"], "being late") == (
        "“Ash” under “one” has the highest risk of being late: 9 in 10 futures (90%)."
    )
    assert risk_finding([[1.0], [1.0]], ["A", "B"], ["one"], "being late").endswith("every future, as has one other.")
    assert risk_finding([[0.0]], ["A"], ["one"], "being late").startswith("In no future")
    text = risk_alt(values, ["Ash", "Birch"], ["one", "two"], "being late")
    assert "“one”: from highly unlikely (10%) for “Birch” to highly likely (90%) for “Ash”" in text
    assert "“two”: highly unlikely (20%) throughout" in text
    assert risks_finding([("A", 0.4), ("B", 0.9)], [("A", 0.25), ("B", 0.0)], "by then") == (
        "“B” has the highest risk of not being live by then: 9 in 10 futures (90%); of using a system without support, "
        "“A”: 1 in 4 futures (25%)."
    )
    assert risks_finding([("A", 0.0)], [], "by then") == "Every cluster is live by then in every future."


def test_systems_without_support() -> None:
    assert exposure_finding([("old", 0.8, 40.0, 400.0), ("new", 0.0, 0.0, 0.0)]) == (
        "“old” is used without support in 4 in 5 futures (80%): for 40 days in the median, for 13.1 months or more in "
        "one in ten."
    )
    assert exposure_finding([("new", 0.0, 0.0, 0.0)]).startswith("No legacy system")
    assert exposure_finding([("rare", 0.02, 0.0, 0.0)]).endswith("in half of futures for no day at all.")


def test_sweeps() -> None:
    chances = [(0.1, "capacity = 1"), (0.8, "capacity = 3")]
    assert sweep_finding(chances, "now") == (
        "Under “now” every cluster is live in time in 4 in 5 futures (80%) with capacity = 3, in 1 in 10 futures (10%) "
        "with capacity = 1."
    )
    assert sweep_finding([], "now") == "Under “now” no value can be simulated."
    assert sweep_alt(chances, 1, ["capacity"]).endswith("At 1 point there is no answer.")


def test_capacity_and_money() -> None:
    assert capacity_finding(Strain("slot", 10, 0.8, 100.0, 2.0, 2.0), WHEN) == (
        "“slot” is full for 3.3 months on average, most likely on 11 January 2025, in 4 in 5 futures (80%)."
    )
    idle = capacity_finding(Strain("slot", 0, 0.0, 0.0, 1.0, 4.0), WHEN)
    assert idle.endswith("no more than 1 of 4 units are in use.")
    cost = Fan(np.array([1.0, 8.0, 2.0]), np.array([2.0, 9.0, 2.0]), np.array([3.0, 12.0, 2.0]))
    for medians, end in (
        ([0.0, 0.0, 3.0], "savings exceed them from 2027 on, in the median."),
        ([0.0, 0.0, 0.0], "the median of savings exceeds them in no year."),
        ([3.0, 0.0, 0.0], "the median of savings exceeds them in 2025 only."),
    ):
        savings = Fan(*[np.array(medians)] * 3)
        said = money_finding([2025, 2026, 2027], cost, savings, "£m")
        assert said == f"Costs are highest in 2026, £9m in the median (£8m to £12m); {end}"


def test_two_limits_at_once() -> None:
    one = Both("one", 0.75, 0.8, 0.9, ())
    other = Both("other", 0.5, 0.6, 0.9, ())
    assert both_finding([one], 1000, 12.0, "£m", WHEN) == (
        "Live by 28 September 2027 and within £12m: both hold in 3 in 4 futures (75%)."
    )
    assert both_finding([other, one], 1000, 12.0, "£m", WHEN).endswith(
        "both hold in 3 in 4 futures (75%) under “one”, in 1 in 2 futures (50%) under “other”."
    )
