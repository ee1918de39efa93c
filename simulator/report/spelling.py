"""How a cell of a table is spelled for a reader."""

from __future__ import annotations

from datetime import date
from typing import Final

from simulator.plots.figure import Cell, Kind
from simulator.wording import column_share
from simulator.words.said import minus, on_date

UNKNOWN: Final = "–"
"""Stands where there is no such number."""


def spelled(cell: Cell, kind: Kind) -> str:
    """A cell as text: ``31 December 2028``, ``61.0%``, ``+1.8``, ``1,234``."""
    if cell is None:
        return UNKNOWN
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return on_date(cell)
    if kind == "share":
        return column_share(cell)
    if kind == "points":
        return _points(cell)
    text = _number(cell, kind)
    return text.lstrip("-") if not any(sign in text for sign in "123456789") else minus(text)


def _points(value: float) -> str:
    """A difference with its sign, which one that is small keeps: ``+1.8``, ``−0.04``."""
    size = abs(value)
    return minus(f"{value:+.1f}" if size >= 0.05 else f"{value:+.2f}" if size >= 0.005 else "0.0")


def _number(value: float, kind: Kind) -> str:
    if kind == "days":
        return f"{value:,.0f}"
    if kind == "money":
        return f"{value:,.1f}"
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:,.3g}"
