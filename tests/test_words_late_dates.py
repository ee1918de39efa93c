"""How late clusters may go to market: sentences count and name those that they are about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from simulator.words.late_dates import (
    AtOnce,
    LastDate,
    at_once,
    last_dates_alt,
    last_dates_finding,
    limits,
    out_of_reach,
)


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


# -- the figure of latest dates ----------------------------------------------------------------------------

LOOKED_AT = date(2025, 1, 1), date(2028, 12, 31)


def going_by(cluster: str, latest: date) -> LastDate:
    return LastDate(
        cluster=cluster,
        scheduled=date(2025, 3, 1),
        latest=latest,
        is_free=False,
        interval=(date(2025, 12, 24), latest),
        chance=0.81,
        chance_as_scheduled=0.9,
        best=None,
        not_on=None,
        chance_not_on=None,
        at_once=None,
    )


ASH, BEECH, CEDAR = (going_by(name, date(2026, k, 2)) for k, name in enumerate(("Ash", "Beech", "Cedar"), 1))
FREE = replace(going_by("Fir", LOOKED_AT[1]), is_free=True)
NEVER = replace(ASH, cluster="Oak", latest=None, interval=(None, None), chance=0.14, best=LOOKED_AT[0])


def finding(*found: LastDate, together: AtOnce | None = None) -> str:
    return last_dates_finding(found, 0.8, together)


def test_few_last_dates_are_named_and_many_are_counted() -> None:
    assert finding(ASH) == "To be in time in 80% of futures, “Ash” must go to market by 2 January 2026."
    assert finding(BEECH, ASH).endswith(
        ", “Ash” must go to market by 2 January 2026 and “Beech” by 2 February 2026."
    )  # by date
    assert finding(CEDAR, ASH, BEECH) == (
        "To be in time in 80% of futures, each of the 3 clusters whose date can be moved must go to market by dates "
        "from 2 January 2026 (“Ash”) to 2 March 2026 (“Cedar”)."
    )
    both = replace(BEECH, latest=ASH.latest)
    assert finding(ASH, both).endswith(", “Ash” and “Beech” must go to market by 2 January 2026.")
    same = [replace(ASH, cluster=f"Ash {number}") for number in range(3)]
    assert finding(*same, NEVER) == (
        "To be in time in 80% of futures, 3 of the 4 clusters whose date can be moved must go to market by 2 January "
        "2026, and for “Oak” no date that was looked at is enough."
    )


def test_clusters_with_any_date_or_none_are_counted_too() -> None:
    assert finding(FREE) == "To be in time in 80% of futures, “Fir” may go to market on any date."
    assert finding(FREE, replace(FREE, cluster="Elm")).endswith(
        ", each of the 2 clusters whose date can be moved may go to market on any date."
    )
    assert finding(ASH, FREE, NEVER, replace(NEVER, cluster="Yew")) == (
        "To be in time in 80% of futures, “Ash” must go to market by 2 January 2026, and “Fir” may go to market on any "
        "date, and for 2 of the 4 clusters whose date can be moved no date that was looked at is enough."
    )
    free = [FREE, replace(FREE, cluster="Elm")]
    assert finding(ASH, BEECH, CEDAR, *free, NEVER, replace(NEVER, cluster="Yew")).endswith(
        "(“Cedar”), and 2 of them may go to market on any date, and for 2 of them no date that was looked at is enough."
    )


def test_where_nobody_has_a_date_the_best_chances_are_said() -> None:
    assert finding(NEVER) == ("No date that was looked at has “Oak” in time in 80% of futures: at best it is in 14%.")
    others = [replace(NEVER, cluster=name, chance=p) for name, p in (("Yew", 0.1), ("Elm", 0.52))]
    assert finding(NEVER, *others) == (
        "For none of the 3 clusters whose date can be moved is any date that was looked at enough to be in time in 80% "
        "of futures: at best they are in 10% to 52%."
    )
    assert finding(NEVER, replace(NEVER, cluster="Yew")).endswith("at best they are in 14%.")


@pytest.mark.parametrize(
    ("names", "shift", "said"),
    [
        (("Ash", "Beech"), 0, "; with both on these dates at once, each still is."),
        (("Ash", "Beech", "Cedar"), 135, "; with all 3 at once, they would have to go 135 days earlier."),
        (("Ash", "Beech"), 1, "; with both at once, they would have to go 1 day earlier."),
        (
            ("Ash", "Beech", "Cedar"),
            None,
            "; with all 3 on these dates at once, at least one is not, however much earlier they go.",
        ),
    ],
)
def test_a_title_says_what_becomes_of_last_dates_at_once(names: tuple[str, ...], shift: int | None, said: str) -> None:
    dates = [each for each in (ASH, BEECH, CEDAR) if each.cluster in names]
    assert finding(*dates, together=AtOnce(names, 0.42, shift)).endswith(said)


def test_nobody_is_said_to_go_before_the_first_day() -> None:
    floor = "they would have to go 417 days earlier (but none before the first day)."
    assert finding(ASH, BEECH, together=AtOnce(("Ash", "Beech"), 0.42, 417, floored=True)).endswith(floor)
    assert "all would have to go 417 days earlier (but none before the first day); both are" in at_once(
        ["Ash", "Beech"], 0.8, 0.42, 417, floored=True
    )


def test_an_interval_without_a_last_date_is_told_and_is_not_of_the_scheduled_date() -> None:
    perhaps = replace(NEVER, interval=(None, date(2025, 2, 3)))
    said = last_dates_alt([perhaps], 0.8, "live", LOOKED_AT, None)
    assert "a square on its scheduled date, a band for the 95% interval of its last date and hatching" in said
    assert said.endswith("no date (14% in time at best, on 1 January 2025; 95% interval no date to 3 February 2025).")


def test_an_alternative_text_goes_through_the_clusters() -> None:
    gap = replace(BEECH, not_on=date(2025, 5, 1), chance_not_on=0.6, at_once=date(2025, 12, 30))
    joint = AtOnce(("Ash", "Beech"), 0.42, 3)
    in_time = limits("both", "2028-12-31", "2030-12-31")
    said = last_dates_alt(
        [replace(ASH, interval=(None, date(2026, 1, 9))), gap, FREE, NEVER], 0.8, in_time, LOOKED_AT, joint
    )
    assert said == (
        "A row for each cluster whose date can be moved, the others as scheduled: a square on its scheduled date, a "
        "dot on the last date on which it is in time in 80% of futures, a band for the 95% interval of its last date, "
        "a triangle on its date when all go earlier to go at once, a cross on an earlier date that is not enough and "
        "hatching and a circle on the best date where no date is enough. In time is live by the deadline, 31 December "
        "2028, and by the first end of support of its systems; dates from 1 January 2025 to 31 December 2028 were "
        "looked at. “Ash”: scheduled 1 March 2025 (90% in time), last 2 January 2026 (95% interval no date to 9 "
        "January 2026; 81% in time); “Beech”: scheduled 1 March 2025 (90% in time), last 2 February 2026 (95% interval "
        "24 December 2025 to 2 February 2026; 81% in time), but not on 1 May 2025 (60%), at once 30 December 2025; "
        "“Fir”: scheduled 1 March 2025 (90% in time), any date (81% in time on the last); “Oak”: scheduled 1 March "
        "2025 (90% in time), no date (14% in time at best, on 1 January 2025). "
        + at_once(["Ash", "Beech"], 0.8, 0.42, 3)
    )
    one_more = last_dates_alt([replace(ASH, cluster=f"Ash {k}") for k in range(13)], 0.8, in_time, LOOKED_AT, None)
    assert one_more.endswith("; 1 more is in the table.")
    many = last_dates_alt([replace(ASH, cluster=f"Ash {k}") for k in range(15)], 0.8, in_time, LOOKED_AT, None)
    assert many.endswith("; 3 more are in the table.")
    assert "“Ash 11”" in many
    assert "“Ash 12”" not in many


def test_what_being_in_time_is_follows_what_was_asked() -> None:
    assert limits("deadline", "2028-12-31", "2030-12-31") == "live by the deadline, 31 December 2028"
    assert limits("deadline", None, "2030-12-31") == "live by the horizon, 31 December 2030"
    assert limits("support", "2028-12-31", "2030-12-31") == "live by the first end of support of its systems"
