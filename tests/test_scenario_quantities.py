"""Units: what a planner may write, and what it is in days, per year and money."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from simulator.distributions import Constant, Distribution, Empirical, Gamma, Normal, Truncated, Uniform
from simulator.scenario.observations import Observations
from simulator.scenario.quantities import (
    Frame,
    Refused,
    Span,
    Step,
    read_day,
    read_length,
    read_probability,
    read_rate,
    read_share,
    read_span,
    read_step,
)
from simulator.scenario.uncertain import DATE, DURATION, MONEY, UNITS, read_distribution

FRAME = Frame(date(2025, 1, 1))


@pytest.mark.parametrize(
    ("text", "days"),
    [("90d", 90), ("6w", 42), ("3mo", 91.3125), ("1.5y", 547.875), ("0d", 0), ("0.5d", 0.5)],
)
def test_lengths(text: str, days: float) -> None:
    assert read_length(text, FRAME) == days


@pytest.mark.parametrize("wrong", [90, 0, 1.5, "90", "90 d", "d", "-3d", "3M", "1e3d", "٣d", "", None, True, "90d\n"])
def test_lengths_refused(wrong: Any) -> None:
    with pytest.raises(Refused):
        read_length(wrong, FRAME)


def test_bare_number_says_how_to_write_a_length() -> None:
    with pytest.raises(Refused) as caught:
        read_length(90, FRAME)
    assert caught.value.blemishes[0].remedy == "Write 90d, 6w, 3mo or 1.5y"


def test_numbers_are_days_only_where_there_is_no_file() -> None:
    assert read_length(90) == 90


@pytest.mark.parametrize(("text", "value"), [("20%", 0.2), (0.2, 0.2), ("0%", 0), ("100%", 1), (1, 1), ("2.5%", 0.025)])
def test_probabilities(text: Any, value: float) -> None:
    assert read_probability(text, FRAME) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("wrong", ["101%", 1.01, -0.1, "-5%", "twenty", "20 %", None, True, float("nan"), float("inf")])
def test_probabilities_refused(wrong: Any) -> None:
    with pytest.raises(Refused):
        read_probability(wrong, FRAME)


def test_growth_may_exceed_one() -> None:
    assert read_share("140%", FRAME) == pytest.approx(1.4)
    assert read_share(3, FRAME) == 3


def test_rates() -> None:
    assert read_rate("4.5/y", FRAME) == 4.5
    for wrong in (4.5, "4.5", "4.5/mo", "4.5 /y", "-1/y"):
        with pytest.raises(Refused):
            read_rate(wrong, FRAME)


def test_days_keep_their_sign() -> None:
    assert read_day("2025-01-31", FRAME) == 30
    assert read_day("2024-12-25", FRAME) == -7


@pytest.mark.parametrize("wrong", ["2025-02-29", "2025-1-1", "20250101", "2025-01-01T00:00", 2025, "2400-01-01", None])
def test_dates_refused(wrong: Any) -> None:
    with pytest.raises(Refused):
        read_day(wrong, FRAME)


def test_spans_include_both_ends() -> None:
    assert read_span("2025-01-01 to 2025-01-31", FRAME) == Span(0, 30)
    assert read_span("2025-01-01 to 2025-01-01", FRAME) == Span(0, 0)


def test_steps() -> None:
    assert read_step("2w", FRAME) == Step(14, "days", "2w")
    assert read_step("1y", FRAME) == Step(12, "months", "1y")
    assert read_step("0mo", FRAME, least=0) == Step(0, "months", "0mo")
    for wrong in ("1.5mo", "0d", 1, "monthly"):
        with pytest.raises(Refused):
            read_step(wrong, FRAME)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("6w", Constant(42)),
        ({"constant": "6w"}, Constant(42)),
        ({"uniform": ("1w", "2w")}, Uniform(7, 14)),
        ({"uniform": {"min": "1w", "max": "2w"}}, Uniform(7, 14)),
        ({"gamma": {"mean": "60d", "sd": "2w"}}, Gamma(60, 14)),
        ({"normal": {"mean": "60d", "sd": "2w"}, "truncate": ("0d", None)}, Truncated(Normal(60, 14), 0, float("inf"))),
    ],
)
def test_durations(data: Any, value: Distribution) -> None:
    assert read_distribution(data, DURATION, FRAME) == value


def test_spread_of_a_date_is_a_length() -> None:
    data = {"normal": {"mean": "2025-03-01", "sd": "2w"}}
    assert read_distribution(data, DATE, FRAME) == Normal(59, 14)  # 31 + 28 days


def test_money_and_units_are_plain_numbers() -> None:
    assert read_distribution({"uniform": (82, 103)}, MONEY, FRAME) == Uniform(82, 103)
    assert read_distribution(2, UNITS, FRAME) == Constant(2)
    for wrong in ({"uniform": (1, 3)}, 1.5, {"discrete": {"values": (1, 1.5), "weights": (1, 1)}}, "2"):
        with pytest.raises(Refused):
            read_distribution(wrong, UNITS, FRAME)


def test_every_mistake_in_a_distribution_is_told_in_its_place() -> None:
    with pytest.raises(Refused) as caught:
        read_distribution({"triangular": ("1w", 2, "3 w")}, DURATION, FRAME)
    assert [blemish.at for blemish in caught.value.blemishes] == [("triangular", 1), ("triangular", 2)]


def test_what_can_fall_below_zero_is_refused_unless_cut() -> None:
    below = {"normal": {"mean": "60d", "sd": "1d"}}
    with pytest.raises(Refused, match="must not be able to fall below 0d"):
        read_distribution(below, DURATION, FRAME)
    assert read_distribution({**below, "truncate": ("0d", "90d")}, DURATION, FRAME).support == (0, 90)
    assert read_distribution({"normal": {"mean": "2024-01-01", "sd": "1d"}}, DATE, FRAME).mean == -366


def test_observations_come_from_the_scenarios_folder(tmp_path: Path) -> None:
    (tmp_path / "past.csv").write_text("case,tender,cost\na,3w,1.5\nb,,2\nc,10d,4\n", encoding="utf-8")
    frame = Frame(date(2025, 1, 1), Observations(tmp_path))
    days = read_distribution({"empirical": {"file": "past.csv", "column": "tender"}}, DURATION, frame)
    assert days == Empirical([10, 21])
    assert read_distribution({"empirical": {"file": "past.csv", "column": "cost"}}, MONEY, frame).mean == 2.5


def test_observations_from_elsewhere_are_refused(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.csv").write_text("x\n1\n", encoding="utf-8")
    (inside / "link.csv").symlink_to(tmp_path / "secret.csv")
    for name in ("../secret.csv", str(tmp_path / "secret.csv"), "link.csv", "inside/../../secret.csv", "nul\0.csv"):
        with pytest.raises(Refused):
            read_distribution(
                {"empirical": {"file": name, "column": "x"}}, MONEY, Frame(FRAME.start, Observations(inside))
            )
    with pytest.raises(Refused, match="needs a scenario that lies in a folder"):
        read_distribution({"empirical": {"file": "a.csv", "column": "x"}}, MONEY, FRAME)
