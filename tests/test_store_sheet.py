"""Tables for spreadsheets: text stays text, numbers stay numbers."""

from __future__ import annotations

import csv
import io

import pytest

from simulator.store.sheet import as_csv


@pytest.mark.parametrize("name", ["=cmd()", "+1", "-x", "@SUM(A1)", "\tx", "\rx"])
def test_a_name_is_no_formula(name: str) -> None:
    heads, row = csv.reader(io.StringIO(as_csv([name], [{name: name}]), newline=""))
    assert heads == row == [f"'{name}"]


def test_a_negative_number_is_a_number() -> None:
    assert as_csv(["npv", "none", "left out"], [{"npv": -1.5, "none": None}]) == "npv,none,left out\r\n-1.5,,\r\n"


def test_no_rows_make_a_head() -> None:
    assert as_csv(["a"], []) == "a\r\n"
