"""What figures say: pure functions of numbers, held to sentences."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest

from simulator.analysis.bands import Band, Stretch
from simulator.days import NEVER
from simulator.wording import printable, shortened
from simulator.words.bands import Outlived, bands_alt, bands_finding
from simulator.words.foremost import Foremost, foremost
from simulator.words.likelihood import YARDSTICK, in_futures, judged, likelihood, phrase
from simulator.words.live import (
    Arrival,
    Calendar,
    Kept,
    future_alt,
    future_finding,
    live_alt,
    live_finding,
    versus_finding,
)
from simulator.words.risk import (
    exposure_finding,
    risk_alt,
    risk_finding,
    risks_finding,
    sweep_alt,
    sweep_finding,
)
from simulator.words.said import amount_of, length, listed, money, on_date, quoted
from simulator.words.time import time_alt, time_finding, waterfall_alt

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
    assert likelihood(0.62) == "in 62% of futures (likely or probable)"
    assert likelihood(0.0) == "in no future"
    assert likelihood(1.0) == "in every future"
    assert likelihood(0.9999) == "in >99.9% of futures (almost certain)"


def test_a_judgement_has_its_verb_and_article() -> None:
    said = [judged(p) for p in (0.03, 0.15, 0.3, 0.45, 0.6, 0.85, 0.97)]
    assert said == [
        *(", which is a remote chance", ", which is highly unlikely", ", which is unlikely"),
        *(", which is a realistic possibility", ", which is likely or probable", ", which is highly likely"),
        ", which is almost certain",
    ]


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
    assert (money(12.41, "£m"), money(-1234.5, "£m"), money(0.0001, "€bn")) == ("£12.4m", "−£1,234m", "€0bn")
    assert money(3.5, "units") == "3.5 units"
    assert (money(-0.001, "£m"), money(-3.5, "units")) == ("£0m", "−3.5 units")
    assert money(3.5, "£<script>") == "3.5 £<script>"
    assert (amount_of(0.04), amount_of(99.96), amount_of(1e6)) == ("0.04", "100", "1,000,000")
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(list("abcdefg")) == "a, b, c, d, e and 2 others"
    assert listed([]) == ""


def test_joiners_stay_where_they_join_and_nowhere_else() -> None:
    for name in ("👩\u200d💻", "❤\ufe0f\u200d🔥", "می\u200cخواهم", "क\u094d\u200dष"):
        assert printable(name) == name
    lost = "\N{REPLACEMENT CHARACTER}"
    for name in ("pay\u200dpal", "\u200cAsh", "Ash\u200d", "é\u200d\u200dé", "می\u200c", "می\u200c.", "\u200d"):
        assert printable(name) == re.sub("[\u200c\u200d]", lost, name)
        assert printable(printable(name)) == printable(name)
    hidden = "\u200b\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\U000e0061\x1b\n"
    assert printable(f"می{hidden}خواهم") == f"می{lost * len(hidden)}خواهم"
    assert shortened("👩\u200d💻👩\u200d💻", 3) == "👩…"  # no joiner before the ellipsis
    assert shortened("👩\u200d💻", 3) == "👩\u200d💻"


def test_names_are_printable_and_short() -> None:
    assert quoted("A\u202eB\n") == "“A\N{REPLACEMENT CHARACTER}B\N{REPLACEMENT CHARACTER}”"
    assert len(quoted("x" * 300)) == 62


def _arrivals() -> list[Arrival]:
    return [Arrival("Ash", 0.9, 500, 700, 1000, 0.0), Arrival("Birch", 0.36, 800, 1200, NEVER, 0.23)]


def test_the_finding_of_s_curves() -> None:
    assert live_finding(0.36, _arrivals(), WHEN, 1000) == (
        "In about 1 in 3 futures (36%) every cluster is live by the deadline, 28 September 2027; “Birch” is the least "
        "likely to be, in about 1 in 3 futures (36%)."
    )
    assert live_finding(0.0, _arrivals()[:1], WHEN, 1000).startswith("In no future is “Ash” live by the deadline")
    assert live_finding(0.5, [], WHEN, 1000) == "Nobody goes to market."
    no_deadline = Calendar(WHEN.start, WHEN.horizon)
    assert "by the horizon, 20 March 2033" in live_finding(0.5, _arrivals(), no_deadline, 1000)


def test_the_alternative_text_of_s_curves_has_the_numbers_and_says_what_is_not_known() -> None:
    text = live_alt(0.36, _arrivals(), WHEN)
    assert text.index("“Birch”") < text.index("“Ash”")
    assert "half by 15 April 2028; not live by the horizon in 23% of futures. “Ash”" in text
    assert "one future in ten by 12 March 2027" in text
    assert "live by the deadline, 28 September 2027, in 90% of futures (highly likely);" in text
    many = [Arrival(f"C{k}", 0.5, 1, 2, 3, 0.0) for k in range(50)]
    assert "44 likelier clusters besides" in live_alt(0.5, many, WHEN)


def test_what_is_known_of_an_arrival_is_all_that_is_said() -> None:
    def told(*of: float, deadline: int | None = 1000) -> str:
        text = live_alt(0.5, [Arrival("X", *of)], Calendar(WHEN.start, WHEN.horizon, deadline))  # type: ignore[arg-type]
        return text[text.index("“X”: ") + 5 :]

    assert told(0.0, NEVER, NEVER, NEVER, 1.0) == "never live by the horizon."
    assert told(0.0, NEVER, NEVER, NEVER, 1.0, deadline=None) == "never live by the horizon."
    early = "live by the deadline, 28 September 2027, in no future; "
    assert told(0.0, NEVER, NEVER, NEVER, 0.95) == f"{early}not live by the horizon in 95% of futures."
    assert told(0.0, 1200, 1400, 1500, 0.0) == (
        f"{early}one future in ten by 15 April 2028, half by 1 November 2028, nine in ten by 9 February 2029."
    )
    # without a deadline the first words say it already
    assert told(0.6, 1200, 1400, NEVER, 0.4, deadline=None) == (
        "live by the horizon, 20 March 2033, in 60% of futures (likely or probable); one future in ten by 15 April "
        "2028, half by 1 November 2028."
    )


def test_clusters_with_the_same_chance_are_named_together() -> None:
    late = [Arrival(name, 0.1, 1, 2, 3, 0.0) for name in "ABCDE"]
    said = live_finding(0.1, [Arrival("Z", 0.5, 1, 2, 3, 0.0), *late], WHEN, 1000)
    assert said.endswith(
        "these futures cannot tell who is the least likely to be: “A” (10%), “B” (10%) or one of 3 more."
    )
    said = live_finding(0.1, [Arrival("Z", 0.5, 1, 2, 3, 0.0), *late[:3]], WHEN, 1000)
    assert said.endswith("“A” (10%), “B” (10%) or “C” (10%).")
    never = [Arrival(name, 0.0, 1, 2, 3, 0.0) for name in "AB"]
    said = live_finding(0.0, [Arrival("Z", 0.5, 1, 2, 3, 0.0), *never], WHEN, 1000)
    assert said.endswith("live by the deadline, 28 September 2027; “A” and “B” are live by then in none.")
    same = [Stretch(name, "", Band(1, 1, 1), Band(900, 1000, 1100), 1.0) for name in "AB"]
    assert bands_finding(same, WHEN).startswith("“A” and “B”, the last, are each live by 28 September 2027 in half of")
    assert risks_finding([("A", 0.5), ("B", 0.5)], [("A", 0.0), ("B", 0.0)], "by then", 1000) == (
        "These futures cannot tell whose risk of not being live by then, is the highest: “A” (50%) or “B” (50%); no "
        "cluster uses a system without support in any."
    )
    assert risks_finding([("A", 1.0), ("B", 1.0)], [], "by then", 1000) == (
        "The highest risk of not being live by then, is that of “A” and “B”: in every future."
    )


def test_who_comes_first_is_said_only_where_the_futures_can_tell() -> None:
    # In 100 futures 10% is 5.5% to 17.4% (Wilson) and 14% is 8.5% to 22.1%; in 10,000 it is 9.4% to 10.6% and more
    # than 13.3%.
    chances = [("“A”", 0.14), ("“B”", 0.10), ("“C”", 0.9)]
    assert foremost(chances, 100, lowest=True).rivals == (("“B”", 0.10), ("“A”", 0.14))
    assert foremost(chances, 100, lowest=True).either == "“B” (10%) or “A” (14%)"
    assert foremost(chances, 10_000, lowest=True).rivals == ()
    assert foremost(chances, 10_000, lowest=True).who == "“B”"
    assert foremost(chances, 100).names == ("“C”",)
    # what was in all of the futures, or in none, was just that
    assert foremost([("“A”", 1.0), ("“B”", 0.99), ("“C”", 1.0)], 100) == Foremost(1.0, ("“A”", "“C”"), ())
    arrivals = [Arrival("A", 0.14, 1, 2, 3, 0.0), Arrival("B", 0.10, 1, 2, 3, 0.0), Arrival("C", 0.9, 1, 2, 3, 0.0)]
    said = live_finding(0.1, arrivals, WHEN, 100)
    assert said.endswith("; these futures cannot tell who is the least likely to be: “B” (10%) or “A” (14%).")
    said = live_finding(0.1, arrivals, WHEN, 10_000)
    assert said.endswith("; “B” is the least likely to be, in 1 in 10 futures (10%).")
    cells = [[0.14, 0.10]]
    assert risk_finding(cells, ["A"], ["one", "two"], "being late", 100) == (
        "These futures cannot tell whose risk of being late is the highest: “A” under “one” (14%) or “A” under “two” "
        "(10%)."
    )
    assert risk_finding(cells, ["A"], ["one", "two"], "being late", 10_000).startswith("The highest risk of being late")


def test_deadlines_that_differ_are_not_said_to_be_one() -> None:
    differs = Calendar(WHEN.start, WHEN.horizon, 1000, differs=True)
    assert versus_finding(_arrivals(), differs).startswith("“Ash” has every cluster live by its own deadline, in 9 in")


def test_the_days_that_matter_are_in_the_alternative_text_of_s_curves() -> None:
    marks = [("deadline", 1000.0), *((f"support ends: {k}", float(NEVER)) for k in range(9))]
    text = live_alt(0.36, _arrivals(), WHEN, marked=marks)
    assert " Days that matter: deadline (28 September 2027); support ends: 0 (after the horizon);" in text
    assert text.endswith("support ends: 6 (after the horizon); and 2 others.")


def test_a_system_that_an_extension_holds_is_not_said_to_be_without_support() -> None:
    systems = [Kept("held", 300, 0), Kept("left", 300, 40), Kept("never extended", 0, 100), Kept("retired", 0, 0)]
    text = future_alt([("Ash", 700)], systems, WHEN)
    assert text.endswith(
        "Held in support by a paid extension: “held” (9.9 months) and “left” (9.9 months). In use without support: "
        "“left” (40 days) and “never extended” (3.3 months)."
    )
    ash = Stretch("Ash", "", Band(10, 20, 30), Band(500, 700, 900), 1.0)
    text = bands_alt([ash], [Outlived("held", 1.0, 0.1), Outlived("left", 1.0, 0.5)], WHEN)
    assert text.endswith(
        "In use without support in half of futures or more: “left” (50%). In use after the end of support in half or "
        "more, but held by a paid extension: “held” (without support in 1 in 10 futures (10%))."
    )


def test_schedules_against_each_other() -> None:
    assert versus_finding(_arrivals(), WHEN) == (
        "“Ash” has every cluster live by the deadline, 28 September 2027, in 9 in 10 futures (90%); “Birch” in about 1 "
        "in 3 futures (36%)."
    )
    same = [Arrival("A", 0.5, 1, 2, 3, 0.0), Arrival("B", 0.5, 1, 2, 3, 0.0)]
    assert versus_finding(same, WHEN).endswith("in 1 in 2 futures (50%).")
    none = [Arrival(name, 0.0, NEVER, NEVER, NEVER, 1.0) for name in "AB"]
    assert versus_finding(none, WHEN) == (
        "Under none of the schedules is every cluster live by the deadline, 28 September 2027, in any future."
    )


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
    assert "in more than one in ten not by the horizon" in bands_finding([ash, birch], WHEN)
    assert bands_finding([ash, lost], WHEN) == (
        "Not live by the horizon, 20 March 2033, in half of futures or more: “Cedar”."
    )
    assert bands_finding([], WHEN) == "Nobody goes to market."
    text = bands_alt([ash, birch], [Outlived("old", 0.9, 0.62), Outlived("new", 0.4, 0.4)], WHEN)
    assert "“Birch” begins on 11 January 2025 and is live from 20 June 2027 (P10) to after the horizon (P90)" in text
    assert text.endswith("In use without support in half of futures or more: “old” (62%).")


def test_where_the_time_went() -> None:
    parts = {"planned work": [100.0, 200.0], "waiting: framework": [100.0, 0.0], "waiting: other clusters": [0.0, 50.0]}
    # 450 days over 2 clusters; 150 of 450 are waiting, 50 a cluster for the framework.
    assert time_finding(parts, ["A", "B"]) == (
        "From its scheduled date to its go-live a cluster takes 7.4 months on average; 33.3% of that is waiting, "
        "most of all for framework (50 days)."
    )
    assert time_finding({"planned work": [3.0]}, ["A"]).endswith("none of it waiting.")
    assert time_finding({"planned work": [0.0]}, ["A"]).startswith("No cluster spends any time")
    none = waterfall_alt({"rework": -40.2, "going to market": 40.0}, "A", "B")
    assert none.endswith("Altogether “A” is neither later nor earlier.")
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


def test_the_time_of_clusters_that_are_not_live_is_said_to_be_counted_to_the_horizon() -> None:
    parts = {"planned work": [100.0, 200.0]}
    assert "mean time. “B”" in time_alt(parts, ["A", "B"])
    said = time_alt(parts, ["A", "B"], 0.25)
    assert said.startswith(
        "A bar for each cluster, stacked from the parts of its mean time, counted to the horizon where it is not live "
        "by then (25%). “B”: 6.6 months"
    )


def test_risks() -> None:
    values = [[0.9, 0.2], [0.1, None]]
    assert risk_finding(values, ["Ash", "Birch"], ["one", "two"], "being late", 1000) == (
        "The highest risk of being late is that of “Ash” under “one”: in 9 in 10 futures (90%)."
    )
    assert risk_finding([[1.0], [1.0]], ["A", "B"], ["one"], "being late", 1000) == (
        "The highest risk of being late is that of “A” under “one” and of 1 other cell of this table: in every future."
    )
    assert risk_finding([[0.0]], ["A"], ["one"], "being late", 1000).startswith("In no future")
    text = risk_alt(values, ["Ash", "Birch"], ["one", "two"], "being late")
    assert (
        "“one”: for “Ash” in 90% of futures (highly likely), for “Birch” in 10% of futures (highly unlikely); “two”: "
        "in 20% of futures (highly unlikely) throughout."
    ) in text
    assert risk_alt([[None], [None]], ["Ash", "Birch"], ["one"], "being late").endswith("“one”: not applicable.")
    assert risks_finding([("A", 0.4), ("B", 0.9)], [("A", 0.25), ("B", 0.0)], "by then", 1000) == (
        "The highest risk of not being live by then, is that of “B”: in 9 in 10 futures (90%); the highest risk of "
        "using a system without support is that of “A”: in 1 in 4 futures (25%)."
    )
    assert risks_finding([("A", 0.0)], [], "by then", 1000) == "In every future every cluster is live by then."


def test_systems_without_support() -> None:
    assert exposure_finding([("old", 0.8, 40.0, 400.0), ("new", 0.0, 0.0, 0.0)]) == (
        "“old” is used without support in 4 in 5 futures (80%): for 40 days in the median, for 13.1 months or more in "
        "one in ten."
    )
    assert exposure_finding([("new", 0.0, 0.0, 0.0)]).startswith("No legacy system")
    assert exposure_finding([("rare", 0.02, 0.0, 0.0)]).endswith("in half of futures for no day at all.")
    assert exposure_finding([("old", 1.0, 400.0, 400.0)]).endswith("in every future: for 13.1 months in the median.")
    cut = exposure_finding([("old", 0.8, 40.0, 400.0)], cut=True)
    assert cut.endswith("for 13.1 months or more in one in ten, counted up to the horizon.")


def test_sweeps() -> None:
    chances = [(0.1, "capacity = 1"), (0.8, "capacity = 3")]
    assert sweep_finding(chances, "now", "by the deadline") == (
        "Under “now” every cluster is live by the deadline in 4 in 5 futures (80%) with capacity = 3, in 1 in 10 "
        "futures (10%) with capacity = 1."
    )
    assert sweep_finding([], "now", "by then") == "Under “now” no value can be simulated."
    assert sweep_alt([(0.1, "1"), (0.8, "3")], 1, ["the capacity of “framework”"], "by the deadline") == (
        "The chance that every cluster is live by the deadline, by the capacity of “framework”: 10% at 1; 80% at 3. At "
        "1 point there is no answer."
    )


def test_values_of_a_sweep_with_the_same_chance_are_counted() -> None:
    chances = [(0.1, "capacity = 1"), *((0.8, f"capacity = {k}") for k in range(3, 9))]
    said = sweep_finding(chances, "now", "by the horizon")
    assert said == (
        "Under “now” every cluster is live by the horizon in 4 in 5 futures (80%) with capacity = 3 (and at 5 other "
        "points), in 1 in 10 futures (10%) with capacity = 1."
    )
    assert sweep_finding(chances[1:], "now", "by then").endswith("in 4 in 5 futures (80%), whatever the value.")
