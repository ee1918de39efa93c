"""The comparison of schedules: who beats whom in the same futures, and where these futures cannot tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from simulator.plots.figure import Cell, Kind
from simulator.report.content import Block, Bullets, Grid, Paragraph, Section, table
from simulator.report.figures import Album
from simulator.report.subject import Subject
from simulator.studies.compare import Comparison
from simulator.studies.measures import MEASURES, Measure
from simulator.studies.pairs import Pair
from simulator.words.said import quoted

IN_BODY: Final = ("on_time", "finish.p80")
"""Measures by which the schedule ranked first is held against the others in the body; the annex has them all."""
MOST_SENTENCES: Final = 3


def comparing(subject: Subject, album: Album) -> Iterator[Section]:
    """The section, where there is more than one schedule."""
    if len(subject.cases) < 2:
        return
    if subject.comparison is None:
        reason = f"These schedules are not compared future by future, because {subject.apart}."
        yield Section("The schedules compared", (Paragraph(reason), Paragraph(_APART)))
        return
    yield Section("The schedules compared", tuple(_blocks(subject, subject.comparison, album)))


_APART: Final = (
    "Their numbers stand side by side in this briefing, each with its own interval. Simulate them in the same futures "
    "to learn which differences are real."
)


def _blocks(subject: Subject, comparison: Comparison, album: Album) -> Iterator[Block]:
    first = subject.first.name
    yield Paragraph(
        f"All schedules met the same {comparison.replications:,} futures, so that a difference is due to the schedules "
        "and not to luck. A verdict is given only where it would be wrong in fewer than 1 in 20 comparisons, all pairs "
        "and measures taken together (Holm); elsewhere it says “cannot tell”."
    )
    for name in IN_BODY:
        pairs = [
            _turned(pair, first) for pair in comparison.pairs if first in (pair.a, pair.b) and pair.measure == name
        ]
        caption = f"{quoted(first)} (A) held against each other schedule (B): {MEASURES[name].words}"
        yield _grid(f"against {name}", caption, MEASURES[name], pairs, subject.scenario.money.unit)
    sentences = tuple(_sentences(comparison, first))
    if sentences:
        yield Bullets(sentences[:MOST_SENTENCES])
    yield from album.take("waterfall-1")
    yield from _regret(subject, comparison)


def _turned(pair: Pair, first: str) -> Pair:
    """A pair seen from one of its two."""
    if pair.a == first:
        return pair
    low, high = pair.interval or (None, None)
    verdict: dict[str, str] = {"a": "b", "b": "a"}
    return Pair(
        a=pair.b,
        b=pair.a,
        measure=pair.measure,
        difference=_minus(pair.difference),
        interval=None if pair.interval is None else (_minus(high), _minus(low)),
        p_a_better=pair.p_b_better,
        p_b_better=pair.p_a_better,
        verdict=verdict.get(pair.verdict, pair.verdict),  # type: ignore[arg-type]
        variance_removed=pair.variance_removed,
        replications=pair.replications,
    )


def _minus(value: float | None) -> float | None:
    return None if value is None else 0.0 - value


def _grid(sheet: str, caption: str, measure: Measure, pairs: Sequence[Pair], unit: str) -> Grid:
    kind, what = _unit_of(measure, unit)
    columns: list[tuple[str, Kind]] = [
        ("Schedule A", "text"),
        ("Schedule B", "text"),
        (f"A less B, {what}", kind),
        ("from", kind),
        ("to", kind),
        ("A better in", "share"),
        ("B better in", "share"),
        ("Better", "text"),
    ]
    return Grid(sheet, caption, table(columns, [_row(pair) for pair in pairs]))


def _unit_of(measure: Measure, unit: str) -> tuple[Kind, str]:
    if measure.statistic == "probability":
        return "share", "share of futures"
    if measure.column in ("cost", "npv"):
        return "money", unit
    return ("number", "number") if measure.column == "failures" else ("days", "days")


def _row(pair: Pair) -> list[Cell]:
    low, high = pair.interval or (None, None)
    verdict = {"a": "A", "b": "B"}.get(pair.verdict, pair.verdict)
    return [pair.a, pair.b, pair.difference, low, high, pair.p_a_better, pair.p_b_better, verdict]


def _sentences(comparison: Comparison, first: str) -> Iterator[str]:
    yield from (each.words for each in comparison.time if first in (each.a, each.b))
    words = {"finish": "the last go-live", "cost": "cost", "npv": "net present value"}
    for each in comparison.dominance:
        if first in (each.better, each.worse):
            risk = "whatever one thinks of risk" if each.order == "first" else "for everybody who dislikes risk"
            better, worse = quoted(each.better), quoted(each.worse)
            yield f"{each.where} {better} is better than {worse} in {words[each.measure]}, {risk}."


def _regret(subject: Subject, comparison: Comparison) -> Iterator[Grid]:
    """What each schedule gives away at worst in any of several worlds."""
    unit = subject.scenario.money.unit
    found = [each for each in comparison.regret if each.measure in (*IN_BODY, "cost")]
    if found:
        heads = [(f"{MEASURES[r.measure].words}, {_unit_of(MEASURES[r.measure], unit)[1]}", r.measure) for r in found]
        columns: list[tuple[str, Kind]] = [("Schedule", "text")]
        columns += [(head, _unit_of(MEASURES[name], unit)[0]) for head, name in heads]
        rows = [[name, *(each.worst[name] for each in found)] for name in found[0].worst]
        yield Grid("regret", "Regret: what each schedule gives away at worst in any world", table(columns, rows))


def all_pairs(subject: Subject) -> Iterator[Grid]:
    """Every pair of schedules under every measure, a table for each measure."""
    if subject.comparison is not None:
        for name, measure in MEASURES.items():
            pairs = [pair for pair in subject.comparison.pairs if pair.measure == name]
            caption = f"Every pair of schedules: {measure.words}"
            yield _grid(f"pairs {name}", caption, measure, pairs, subject.scenario.money.unit)
