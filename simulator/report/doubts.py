"""What would change the answer: inputs that nobody vouches for, what drives the risk, and how wide the answer is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from simulator.plots.figure import Cell, Kind
from simulator.report.comparing import unknown
from simulator.report.content import Block, Bullets, Grid, Section, table
from simulator.report.entries import cell
from simulator.report.figures import Album
from simulator.report.in_time import in_time
from simulator.report.studies import studies
from simulator.report.subject import Case, Subject
from simulator.scenario import Assumption, register
from simulator.studies.compare import Comparison
from simulator.studies.measures import MEASURES
from simulator.wording import SELDOM_MARK, count, seldom_mark, share
from simulator.words.said import LATER, length, listed, on_date, quoted

UNSAID: Final = "not said"
MOST_PARTS: Final = 3
"""Parts of the scenario that are named."""
MEANS: Final = {"unsupported_days": "days unsupported", "cost": "cost", "npv": "net present value"}
"""Means of the programme that the body has."""
QUALITIES: Final = ("known", "inferred", "assumed", UNSAID)


def doubts(subject: Subject, album: Album) -> Section:
    """Where the answer is weakest, and what to find out first."""
    blocks: list[Block] = [Bullets((*_breadth(subject), _weak(_inputs(subject))))]
    blocks += studies(subject)
    if len(subject.cases) == 1 and not subject.studies:
        blocks += album.take_short("time-spent")
    return Section("What would change the answer", tuple(blocks))


def _inputs(subject: Subject) -> list[Assumption]:
    return [each for world in subject.worlds().values() for each in register(world)]


def _breadth(subject: Subject) -> Iterator[str]:
    case = subject.first
    on_time = case.summary["programme"]["on_time"]
    low, high = on_time["interval"]
    chance = f"the chance of being {in_time(case.scenario)} under {quoted(case.name)}"
    alike = len(subject.unbeaten([each for each in subject.cases if each.world == case.world])) > 1
    more = (
        "might tell the best schedules apart, but no more" if subject.comparison is not None and alike else "would not"
    )
    yield (
        f"More simulated futures {more}: {chance}, "
        f"{share(on_time['p'])}, lies between {share(low)} and {share(high)} as far as the inputs are right."
    )
    yield _spread(case)
    if subject.comparison is not None:
        yield _open(subject.comparison)
    yield from _notes(subject)


def _open(comparison: Comparison) -> str:
    """How many comparisons these futures leave open, of how many, and what was compared."""
    pairs, couples = comparison.pairs, len(comparison.time)
    left = [pair for pair in pairs if pair.verdict == "cannot tell"]
    later = sum(map(unknown, left))
    cut = f" ({later:,} of them because a go-live is {LATER})" if later else ""
    end = f"{len(left):,} {'ends' if len(left) == 1 else 'end'} in “cannot tell”{cut}: there, other reasons may decide"
    return (
        f"Of {count(len(pairs), 'comparison')} ({count(couples, 'pair')} of schedules by {len(MEASURES)} measures, all "
        f"in the annex), {end if left else 'all tell which is better'}."
    )


def _notes(subject: Subject) -> Iterator[str]:
    """What to mind; of means that rest on few futures those that the body has, since the annex has a column for all."""
    seldom = [
        f"{words} under {quoted(case.name)}"
        for key, words in MEANS.items()
        for case in subject.cases
        if seldom_mark(case.summary["programme"][key].get("rests_on"))
    ]
    if seldom:
        yield f"Means that rest on few futures are uncertain: {listed(seldom)}; the annex says on how many."
    for note in dict.fromkeys(note for each in subject.cases for note in each.result.notes()):
        if f"({SELDOM_MARK})" not in note:
            yield note[0].upper() + note[1:]


def _spread(case: Case) -> str:
    early, late = (cell(case.summary["programme"]["finish"][name]) for name in ("p10", "p90"))
    if isinstance(early, date) and isinstance(late, date):
        if early == late:
            return f"The futures do not differ by much: in 8 of 10 the last cluster is live on {on_date(late)}."
        apart = length((late - early).days)
        return (
            f"The futures themselves differ: between the earliest tenth and the latest lie {apart} in the day on which "
            "the last cluster is live. Only better inputs or other plans narrow that."
        )
    return (
        f"The futures themselves differ: the latest tenth is {LATER}, so that how late the last cluster is live has no "
        "known end. Only better inputs or other plans narrow that."
    )


def _weak(inputs: Sequence[Assumption]) -> str:
    """How many inputs nobody vouches for, and where most of them are."""
    if not inputs:
        return "The scenario was made in Python, so that nothing says where its inputs come from."
    weak = Counter(_part(each) for each in inputs if each.quality in ("assumed", None))
    number, of = weak.total(), count(len(inputs), "input")
    which = f"all {of}" if number == len(inputs) else f"of {of}, {number:,} ({share(number / len(inputs))})"
    where = ", ".join(f"{several:,} in {part}" for part, several in weak.most_common(MOST_PARTS))
    most = f" ({where})" if len(weak) > 1 else ""
    return (
        f"Better inputs would: {which} are assumed, or nobody says how good they are{most}; {_sources(inputs)}. The "
        "register in the annex lists them all."
    )


def _sources(inputs: Sequence[Assumption]) -> str:
    unsourced = sum(each.source is None for each in inputs)
    if unsourced in (0, len(inputs)):
        return "none has a source" if unsourced else "each has its source"
    return f"{unsourced:,} {'has' if unsourced == 1 else 'have'} no source"


def quality(subject: Subject) -> Iterator[Grid]:
    """How good the inputs are, by part of the scenario; nothing where it has no register."""
    inputs = _inputs(subject)
    counts = Counter((_part(each), each.quality or UNSAID) for each in inputs)
    columns: list[tuple[str, Kind]] = [("Part of the scenario", "text"), *((each, "number") for each in QUALITIES)]
    rows: list[list[Cell]] = [
        [part, *(counts[part, each] for each in QUALITIES)] for part in dict.fromkeys(map(_part, inputs))
    ]
    if rows:
        totals = Counter(each.quality or UNSAID for each in inputs)
        yield Grid(
            "input quality",
            "How good the inputs are",
            table(columns, [*rows, ["all", *(totals[each] for each in QUALITIES)]]),
        )


def _part(assumption: Assumption) -> str:
    return assumption.path.split(".", 1)[0].split("[", 1)[0]
