"""How a cell of a table is spelled for a reader."""

from __future__ import annotations

from datetime import date
from typing import Final

from simulator.plots.figure import Cell, Kind
from simulator.wording import column_share
from simulator.words.said import on_date

UNKNOWN: Final = "–"
"""Stands where there is no such number."""


def spelled(cell: Cell, kind: Kind) -> str:
    """A cell as text: ``31 December 2028``, ``61.0%``, ``1,234``."""
    if cell is None:
        return UNKNOWN
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return on_date(cell)
    if kind == "share":
        return column_share(cell) if cell >= 0 else _below_nothing(column_share(-cell))
    text = _number(cell, kind)
    return text.lstrip("-") if not any(sign in text for sign in "123456789") else text.replace("-", "\N{MINUS SIGN}")


def _below_nothing(share: str) -> str:
    """A share below nothing, from the same above it: what is less than a tenth in size is more than minus a tenth."""
    sign = {"<": ">", ">": "<"}.get(share[0], "")
    return f"{sign}\N{MINUS SIGN}{share.removeprefix('<').removeprefix('>')}"


def _number(value: float, kind: Kind) -> str:
    if kind == "days":
        return f"{value:,.0f}"
    if kind == "money":
        return f"{value:,.1f}"
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:,.3g}"
