"""What would change the answer: inputs that nobody vouches for, what drives the risk, and how wide the answer is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from simulator.plots.figure import Cell, Kind
from simulator.report.content import Block, Bullets, Grid, Paragraph, Section, table
from simulator.report.drivers import drivers
from simulator.report.entries import LATER, cell
from simulator.report.subject import Case, Subject
from simulator.scenario import Assumption, register
from simulator.wording import between, count, share
from simulator.words.said import length, quoted

UNSAID: Final = "not said"
QUALITIES: Final = ("known", "inferred", "assumed", UNSAID)


def doubts(subject: Subject) -> Section:
    """Where the answer is weakest, and what to find out first."""
    blocks: list[Block] = [Bullets(tuple(_breadth(subject)))]
    inputs = [each for world in subject.worlds().values() for each in register(world)]
    if inputs:
        blocks += _quality(inputs)
    else:
        blocks.append(Paragraph("The scenario was made in Python, so that nothing says where its inputs come from."))
    blocks += drivers(subject)
    return Section("What would change the answer", tuple(blocks))


def _breadth(subject: Subject) -> Iterator[str]:
    case = subject.first
    on_time = case.summary["programme"]["on_time"]
    low, high = on_time["interval"]
    yield (
        f"More simulated futures would not: the chance of being on time under {quoted(case.name)}, "
        f"{share(on_time['p'])}, is known to within {between([low, high])} as far as the inputs are right."
    )
    yield _spread(case)
    if subject.comparison is not None:
        open_ = [pair for pair in subject.comparison.pairs if pair.verdict == "cannot tell"]
        yield (
            f"Of {count(len(subject.comparison.pairs), 'comparison')} between schedules, {len(open_):,} end in “cannot "
            "tell”: there, other reasons may decide."
        )
    for note in dict.fromkeys(note for each in subject.cases for note in each.result.notes()):
        yield note[0].upper() + note[1:]


def _spread(case: Case) -> str:
    early, late = (cell(case.summary["programme"]["finish"][name]) for name in ("p10", "p90"))
    if isinstance(early, date) and isinstance(late, date):
        apart = length((late - early).days)
        return (
            f"The futures themselves differ: between the earliest tenth and the latest lie {apart} in the day on which "
            "the last cluster is live. Only better inputs or other plans narrow that."
        )
    return (
        f"The futures themselves differ: the latest tenth is {LATER}, so that how late the last cluster is live has no "
        "known end. Only better inputs or other plans narrow that."
    )


def _quality(inputs: Sequence[Assumption]) -> Iterator[Block]:
    counts = Counter(each.quality or UNSAID for each in inputs)
    unsourced = sum(each.source is None for each in inputs)
    weak = counts["assumed"] + counts[UNSAID]
    yield Paragraph(
        f"The inputs would. Of {count(len(inputs), 'input')}, {weak:,} ({share(weak / len(inputs))}) are assumed, or "
        f"nobody says how good they are; {unsourced:,} have no source. The register in the annex lists them all."
    )
    sections = list(dict.fromkeys(_part(each) for each in inputs))
    columns: list[tuple[str, Kind]] = [("Part of the scenario", "text"), *((each, "number") for each in QUALITIES)]
    by_part = Counter((_part(each), each.quality or UNSAID) for each in inputs)
    rows: list[list[Cell]] = [[part, *(by_part[part, quality] for quality in QUALITIES)] for part in sections]
    rows.append(["all", *(counts[quality] for quality in QUALITIES)])
    yield Grid("input quality", "How good the inputs are, by part of the scenario", table(columns, rows))


def _part(assumption: Assumption) -> str:
    return assumption.path.split(".", 1)[0].split("[", 1)[0]
