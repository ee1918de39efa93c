"""How late clusters may go to market: sentences count and name those that they are about."""

from __future__ import annotations

from simulator.words.late_dates import at_once, out_of_reach


def test_clusters_that_no_date_is_early_enough_for_are_counted_and_named() -> None:
    assert out_of_reach([], 5, 0.8) == ""
    assert out_of_reach([("Ash", 0.138)], 3, 0.8) == (
        "1 of the 3 clusters whose date can be moved does not reach 80% on any date, not even on the first day: “Ash” "
        "(13.8% then)."
    )
    names = [(f"Ash {number}", 0.1) for number in range(7)]
    said = out_of_reach(names, 9, 0.8, most=7)
    assert said.startswith("7 of the 9 clusters whose date can be moved do not reach 80% on any date, not even on the")
    assert said.endswith(" and “Ash 6” (10% then).")  # whoever is told of nowhere else is named, however many they are
    assert "others" not in said
    assert out_of_reach(names, 9, 0.8).endswith("“Ash 4” (10% then) and 2 others.")  # where a table names them all
    assert out_of_reach([("Ash", 0.1)], 1, 0.8).startswith(
        "The only cluster whose date can be moved does not reach 80%"
    )
    assert out_of_reach(names, 7, 0.8).startswith(
        "None of the 7 clusters whose date can be moved reaches 80% on any date"
    )


def test_what_happens_at_once_is_said_of_those_with_a_date_and_of_no_fewer_than_two() -> None:
    assert at_once([], 0.8, 0.9, 0) == ""
    assert at_once(["Ash"], 0.8, 0.957, 0) == ""
    assert at_once(["Ash", "Beech", "Cedar"], 0.8, 0.957, 0) == (
        "With the 3 clusters with a date (“Ash”, “Beech” and “Cedar”) on these dates at once, each of them still keeps "
        "80%; all 3 are in time together in 95.7% of futures."
    )
    assert at_once(["Ash", "Beech"], 0.9, 0.5, 1) == (
        "With the 2 clusters with a date (“Ash” and “Beech”) on these dates at once, at least one of them no longer "
        "keeps 90%: for each to do so, all would have to go 1 day earlier; both are in time together in 50% of futures."
    )
    assert at_once(["Ash", "Beech"], 0.9, 0.5, None).endswith(
        "no longer keeps 90%, however much earlier all of them go; both are in time together in 50% of futures."
    )
