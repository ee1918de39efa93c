"""The annex that says how to read a number: probabilities in words, percentiles, intervals."""

from __future__ import annotations

from typing import Final

from simulator.plots.figure import Cell, Kind
from simulator.report.content import Grid, Paragraph, Section, table
from simulator.words.likelihood import YARDSTICK

WORDS: Final = (
    "Probabilities are shares of the simulated futures. In words they follow the probability yardstick of the UK’s "
    "Professional Head of Intelligence Assessment, its gaps shared out between neighbours:"
)
NUMBERS: Final = (
    "P80 is the date, or the number, that 80% of futures do not exceed; P10, P50 and P90 likewise. “After the horizon” "
    "means that it had not happened when the simulation stopped.",
    "A 95% interval holds the true value of the model in 95 cases of 100; how wide it is depends on how many futures "
    "were simulated. It says nothing of how good the inputs are.",
    "Differences between schedules are taken future by future. Verdicts allow for how many comparisons there are; "
    "intervals do not.",
    "A mean rests on few futures where almost all others have the same value. It is uncertain then, however many "
    "futures there are; a column says on about how many it rests.",
    "A dash stands where there is no such number: a mean is not known where some futures are not done by the horizon.",
    "Money is undiscounted, but for net present value. Days, failures and money count up to the horizon.",
)


def reading(title: str) -> Section:
    """How probabilities are put into words, and what percentiles and intervals are."""
    rows: list[list[Cell]] = []
    low = 0.0
    for high, words in YARDSTICK:
        rows.append([words, low, high])
        low = high
    columns: list[tuple[str, Kind]] = [("In words", "text"), ("above", "share"), ("up to", "share")]
    grid = Grid("words", "Probabilities in words", table(columns, rows))
    return Section(title, (Paragraph(WORDS), grid, *map(Paragraph, NUMBERS)))
