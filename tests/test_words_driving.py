"""What drivers and stranded work are said to be: no more than the futures can tell."""

from __future__ import annotations

import pytest
from hard_scenarios import hard

from simulator.scenario import Scenario
from simulator.words.driving import Drive, correlation_finding, exclusion_finding, index_finding, leading
from simulator.words.stranded import never_served

STRIKE = Drive("“strike” (switched off)", -40.0, (-45.0, -35.0))


def test_what_may_be_as_large_leads_too() -> None:
    near, far = Drive("near", 30.0, (20.0, 36.0)), Drive("far", 3.0, (-5.0, 11.0))
    assert leading([STRIKE, near, far]) == [STRIKE, near]  # 36 is more than 35
    assert leading([STRIKE, far]) == [STRIKE]
    assert leading([Drive("unsure", -40.0, (-90.0, 10.0)), far])[1:] == [far]  # the first may be nothing at all
    assert leading([STRIKE, Drive("unknown", 0.1, None)])[1:]
    assert leading([Drive("unknown", 40.0, None), far])[1:]


def test_a_change_is_said_to_bring_most_only_where_the_futures_tell() -> None:
    far, near = Drive("“far”", 3.0, (-5.0, 11.0)), Drive("“near”", 30.0, (20.0, 36.0))
    assert exclusion_finding([STRIKE, far], 0.0) == (
        "With “strike” (switched off), go-live is 40 days earlier on average: more than with any other change."
    )
    assert exclusion_finding([STRIKE, near], 0.0) == (
        "These futures cannot tell what moves the mean go-live most: “strike” (switched off), −40.0 days, or “near”, "
        "+30.0 days."
    )


def test_an_average_that_is_cut_at_the_horizon_says_so() -> None:
    late = "those not live by the horizon (12% of futures) counted as live on the day after it"
    assert exclusion_finding([STRIKE], 0.12) == (
        f"With “strike” (switched off), go-live is 40 days earlier on average, {late}: more than with any other change."
    )
    assert f"most, {late}: " in exclusion_finding([STRIKE, STRIKE], 0.12)


def test_changes_that_move_nothing_are_not_the_largest() -> None:
    said = exclusion_finding([Drive("“rain” (at its median)", 0.0, (0.0, 0.0))], 1.0)
    assert said.startswith("Nothing that was changed moves the mean go-live, those not live by the horizon (100% of")


def test_a_share_of_the_variance_leads_only_where_the_futures_tell() -> None:
    one, other = Drive("“A”", 0.6, (0.5, 0.7)), Drive("“B”", 0.3, (0.2, 0.4))
    assert index_finding([one, other], "cost") == (
        "“A” accounts for 60% of the variance of cost, alone and with others."
    )
    many = [one, *(Drive(f"“{k}”", 0.5, (0.3, 0.55)) for k in range(4))]
    assert index_finding(many, "cost") == (
        "These futures cannot tell what most of the variance of cost comes from: “A”, 60%, or “0”, 50%, or “1”, 50%, "
        "or one of 2 more."
    )
    assert index_finding([Drive("“A”", 1.04, (0.8, 1.3)), Drive("“B”", 0.9, (0.7, 1.1))], "cost").endswith(
        "comes from: “A”, 100%, or “B”, 90%."
    )
    assert index_finding([Drive("“A”", 1.3, (1.1, 2.0))], "cost").startswith("“A” accounts for 100% of the variance")


def test_a_correlation_leads_only_where_the_futures_tell() -> None:
    one, other = Drive("“A”", -0.6, (-0.7, -0.5)), Drive("“B”", 0.3, (0.2, 0.4))
    assert (
        correlation_finding([one, other], "cost") == "Of all inputs, cost moves most with “A”: rank correlation −0.60."
    )
    assert correlation_finding([one, one], "cost").startswith(
        "These futures cannot tell what cost moves with most: “A”,"
    )


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return hard(2)  # resource "Cluster 50", budget "Cluster 60"


def test_what_is_never_served_is_said_in_words(scenario: Scenario) -> None:
    assert never_served([("“build” in “A”", 0.002)], "stranded: Cluster 60", scenario) == (
        "“build” in “A” never gets its money from “Cluster 60” in 0.2% of futures"
    )
    assert never_served([("“tender” in “A”", 1.0)], "stranded: Cluster 50", scenario) == (
        "“tender” in “A” waits in vain for a free place in “Cluster 50” in every future"
    )
    assert never_served([("“A”", 0.5)], "stranded: unknown", scenario) == (
        "“A” waits in vain for “unknown” in 1 in 2 futures (50%)"
    )


def test_what_is_stranded_for_one_reason_is_one_sentence(scenario: Scenario) -> None:
    """Not one for each that is stranded in another share of futures."""
    activities = [(f"“build” in “{name}”", p) for name, p in (("A", 0.02), ("B", 0.03), ("C", 0.01), ("D", 0.005))]
    assert never_served(activities, "stranded: Cluster 60", scenario) == (
        "4 pieces of work never get their money from “Cluster 60”, the likeliest first: “build” in “B” in 3% of "
        "futures, “build” in “A” in 2% of futures, “build” in “C” in 1% of futures and 1 other"
    )
    alike = [(activity, 1.0) for activity, _ in activities[:2]]
    assert never_served(alike, "stranded: Cluster 50", scenario) == (
        "2 pieces of work wait in vain for a free place in “Cluster 50” in every future: “build” in “A” and “build” in "
        "“B”"
    )
