"""The comparison of schedules: who beats whom in the same futures, and where these futures cannot tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from simulator.plots.figure import Cell, Kind
from simulator.report.content import Block, Bullets, Grid, Paragraph, Section, table
from simulator.report.entries import Column, and_ends, called, chance, only, points
from simulator.report.figures import Album
from simulator.report.in_time import in_time, measured, not_done
from simulator.report.spelling import spelled
from simulator.report.subject import Subject
from simulator.studies.compare import Comparison
from simulator.studies.measures import MEASURES, Measure
from simulator.studies.pairs import Pair, borne_out
from simulator.studies.regret import Regret
from simulator.summary import AFTER_HORIZON
from simulator.words.said import LATER, listed, quoted

IN_BODY: Final = ("on_time", "finish.p80")
"""Measures by which the schedule ranked first is held against the others in the body; the annex has them all."""
QUANTILES: Final = {"finish.p80": "P80", "finish.p50": "P50"}
"""Those of the last go-live: where the first is after the horizon and has no difference, the second stands in."""
MOST_SENTENCES: Final = 4
DOMINATED: Final = {"finish": "the last go-live", "cost": "cost", "npv": "net present value"}


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
    yield Paragraph(
        f"All schedules met the same {comparison.replications:,} futures, so that a difference is due to the schedules "
        "and not to luck. “Better” says which is, where that would be wrong in fewer than 1 in 20 comparisons, all "
        "pairs and measures taken together; elsewhere these futures cannot tell."
    )
    yield _against(subject, comparison).begun()
    yield from _after_the_horizon(subject, comparison)
    regrets = _regret(subject, comparison)
    sentences = (*_least(subject, comparison), *_dominance(subject, comparison))
    if sentences:
        yield Bullets(sentences[:MOST_SENTENCES])
    if regrets is not None:
        yield regrets.begun()
    if not subject.studies:
        yield from album.take("waterfall-1")


def _against(subject: Subject, comparison: Comparison) -> Grid:
    """The schedule ranked first against each other, a row each; its sheet says in how many futures which is better."""
    first, measures = subject.first.name, _measures(subject, comparison)
    found = _pairs_of_first(subject, comparison)
    ranked = [case.name for case in subject.rivals() if case.name in found]
    columns: list[Column] = [("B", "text")]
    shown = ["B"]
    for name in measures:
        head, kind = _head(subject, name)
        shown += [head, f"{head} from", f"{head} to", f"Better: {_short(subject, name)}"]
        columns += [*and_ends((head, kind)), (shown[-1], "text")]
        columns += and_ends(*((f"{one} better in: {_short(subject, name)}", "share") for one in "AB"))
    rows = [[other, *(each for name in measures for each in _cells(found[other][name]))] for other in ranked]
    whole = table(columns, rows)
    return Grid("against", f"{quoted(first)} (A) against each other schedule (B)", only(whole, shown), whole=whole)


def _pairs_of_first(subject: Subject, comparison: Comparison) -> dict[str, dict[str, Pair]]:
    """The pairs of the schedule ranked first and each other, by the other and the measure."""
    first = subject.first.name
    found: dict[str, dict[str, Pair]] = {}
    for pair in comparison.pairs:
        if first in (pair.a, pair.b):
            turned = _turned(pair, first)
            found.setdefault(turned.b, {})[pair.measure] = turned
    return found


def _measures(subject: Subject, comparison: Comparison) -> list[str]:
    """Those of the body's table: no quantile of the last go-live that has no difference anywhere."""
    found = _pairs_of_first(subject, comparison)
    names = {case.name for case in subject.rivals()}
    known = (
        name
        for name in QUANTILES
        if any(pairs[name].difference is not None for other, pairs in found.items() if other in names)
    )
    return ["on_time", *list(known)[:1]]


def _after_the_horizon(subject: Subject, comparison: Comparison) -> Iterator[Paragraph]:
    """Why the table holds nothing of a quantile of the last go-live."""
    shown, names = _measures(subject, comparison)[1:], list(QUANTILES)
    gone = [QUANTILES[name] for name in (names[: names.index(shown[0])] if shown else names)]
    cases = [subject.first, *subject.rivals()]
    alike: dict[tuple[str, ...], list[str]] = {}
    for quantile in gone:
        finishes = {case.name: case.summary["programme"]["finish"][quantile.lower()] for case in cases}
        alike.setdefault(tuple(name for name, day in finishes.items() if day == AFTER_HORIZON), []).append(quantile)
    said = [_after(quantiles, late, len(cases)) for late, quantiles in alike.items()]
    said += [f"The {QUANTILES[name]} is given instead." for name in shown if gone]
    if said:
        yield Paragraph(" ".join(said))


def _after(quantiles: Sequence[str], late: Sequence[str], schedules: int) -> str:
    """Under which schedules they are after the horizon, and what comes of it."""
    are, they, have = ("is", "it", "has") if len(quantiles) == 1 else ("are", "they", "have")
    begins = f"The {' and the '.join(quantiles)} of the last go-live {are} {LATER} under"
    if len(late) == schedules:
        return f"{begins} each of them, so that {they} cannot tell them apart."
    return f"{begins} {listed(called(late))}, so that {they} {have} no difference."


def _head(subject: Subject, name: str) -> tuple[str, Kind]:
    kind, what = _unit_of(MEASURES[name], subject.scenario.money.unit)
    return f"A less B, {_short(subject, name)}, {what}", kind


def _short(subject: Subject, name: str) -> str:
    """What a measure is called in a head."""
    return in_time(subject.scenario) if name == "on_time" else MEASURES[name].words


def _cells(pair: Pair) -> list[Cell]:
    better = (pair.p_a_better, *pair.a_better_interval, pair.p_b_better, *pair.b_better_interval)
    amounts = [pair.difference, *(pair.interval or (None, None))]
    if MEASURES[pair.measure].statistic == "probability":
        amounts = list(map(points, amounts))
    return [*amounts, _verdict(pair), *better]


def _verdict(pair: Pair) -> str:
    """Which is better; where nothing can be told because go-lives are after the horizon, that."""
    if unknown(pair):
        return f"{pair.verdict}: {LATER}"
    return {"a": "A", "b": "B"}.get(pair.verdict, pair.verdict)


def unknown(pair: Pair) -> bool:
    """Whether the futures cannot tell because a go-live is after the horizon, so that the difference is not known."""
    return pair.verdict == "cannot tell" and pair.difference is None


def _turned(pair: Pair, first: str) -> Pair:
    """A pair seen from one of its two."""
    if pair.a == first:
        return pair
    low, high = pair.interval or (None, None)
    verdict: dict[str, str] = {"a": "b", "b": "a"}
    return replace(
        pair,
        a=pair.b,
        b=pair.a,
        difference=_minus(pair.difference),
        interval=None if pair.interval is None else (_minus(high), _minus(low)),
        p_a_better=pair.p_b_better,
        p_b_better=pair.p_a_better,
        verdict=verdict.get(pair.verdict, pair.verdict),  # type: ignore[arg-type]
    )


def _minus(value: float | None) -> float | None:
    return None if value is None else 0.0 - value


def _grid(sheet: str, caption: str, measure: Measure, pairs: Sequence[Pair], unit: str) -> Grid:
    kind, what = _unit_of(measure, unit)
    difference = f"A less B, {what}"
    columns: list[Column] = [("Schedule A", "text"), ("Schedule B", "text"), *and_ends((difference, kind))]
    columns += [("Better", "text"), *and_ends(("A better in", "share"), ("B better in", "share"))]
    whole = table(columns, [[pair.a, pair.b, *_cells(pair)] for pair in pairs])
    heads = [f"{difference}{end}" for end in ("", " from", " to")]
    known = heads if any(pair.difference is not None for pair in pairs) else []
    shown = ["Schedule A", "Schedule B", *known, "A better in", "B better in", "Better"]
    return Grid(sheet, caption, only(whole, shown), whole=whole)


def _unit_of(measure: Measure, unit: str) -> tuple[Kind, str]:
    if measure.statistic == "probability":
        return "points", "percentage points"
    if measure.column in ("cost", "npv"):
        return "money", unit
    return ("number", "number") if measure.column == "failures" else ("days", "days")


def _dominance(subject: Subject, comparison: Comparison) -> Iterator[str]:
    """Which schedules the one ranked first beats, or is beaten by, whatever one thinks of risk.

    Only where a verdict says the same.
    """
    first, rivals = subject.first.name, {case.name for case in subject.rivals()}
    told: dict[tuple[str, str, str, bool], list[str]] = {}
    for each in comparison.dominance:
        two = {each.better, each.worse}
        if first in two and two & rivals and borne_out(each, comparison.pairs):
            risk = "whatever one thinks of risk" if each.order == "first" else "for everybody who dislikes risk"
            better = each.better == first
            told.setdefault((each.where, each.measure, risk, better), []).append(each.worse if better else each.better)
    for (where, measure, risk, better), names in told.items():
        others, what = listed(called(names)), DOMINATED[measure]
        if better:
            yield f"{where} {quoted(first)} is better than {others} in {what}, {risk}."
        else:
            verb = "is" if len(names) == 1 else "are"
            yield f"{where} {others} {verb} better than {quoted(first)} in {what}, {risk}."


def _least(subject: Subject, comparison: Comparison) -> Iterator[str]:
    """The schedule of least regret where the world may be any of several, and what it gives away at worst."""
    for each in comparison.regret:
        if each.measure in IN_BODY:
            words = measured(MEASURES[each.measure], subject.scenario)
            yield f"By the {words}, {_away(each, *_given_away(each.measure, subject.scenario.money.unit))}."


def _given_away(measure: str, unit: str) -> tuple[Kind, str]:
    """The unit of a regret, which is never negative and has no sign."""
    kind, what = _unit_of(MEASURES[measure], unit)
    return "number" if kind == "points" else kind, what


def _amount(measure: str, regret: float | None) -> float | None:
    return points(regret) if MEASURES[measure].statistic == "probability" else regret


def _away(regret: Regret, kind: Kind, unit: str) -> str:
    """Who gives away least at worst, and how much that is, as far as these futures can tell."""
    if not regret.may_be_least:
        return "no schedule is known to give away least: each has a world in which that is after the horizon"
    if len(regret.may_be_least) == len(regret.worst):
        return "these futures cannot tell which schedule has the least regret"
    if len(regret.may_be_least) > 1:
        may = listed(called(regret.may_be_least))
        return f"the least regret is that of {may}; of which, these futures cannot tell"
    least = regret.verdict
    amount, low, high = (_amount(regret.measure, each) for each in _with_interval(regret, least))
    said = f"{spelled(amount, kind)} {unit}" if amount else "nothing"
    interval = "" if low is None else f" (95% interval {spelled(low, kind)} to {spelled(high, kind)})"
    return f"{quoted(least)} has the least regret: it gives away {said} at worst in any of the worlds{interval}"


def _regret(subject: Subject, comparison: Comparison) -> Grid | None:
    """What each schedule gives away at worst in any of several worlds."""
    unit = subject.scenario.money.unit
    found = [each for each in comparison.regret if each.measure in (*IN_BODY, "cost")]
    if not found:
        return None
    columns: list[Column] = [("Schedule", "text")]
    for each in found:
        kind, what = _given_away(each.measure, unit)
        columns.append((f"{measured(MEASURES[each.measure], subject.scenario)}, {what}", kind))
    heads = [head for head, _ in columns]
    rows: list[list[Cell]] = [
        [name, *(_amount(each.measure, cell) for each in found for cell in _with_interval(each, name))]
        for name in found[0].worst
    ]
    whole = table([columns[0], *and_ends(*columns[1:])], rows)
    caption = "Regret: what each schedule gives away at worst in any world"
    return Grid("regret", caption, only(whole, heads), whole=whole)


def _with_interval(regret: Regret, schedule: str) -> tuple[float | None, ...]:
    return (regret.worst[schedule], *(regret.worst_interval[schedule] or (None, None)))


def every_comparison(subject: Subject, title: str) -> Section:
    """The annex: where the time went, dominance, and every pair of schedules under every measure."""
    comparison = subject.comparison
    assert comparison is not None
    blocks: list[Block] = [Bullets(tuple(each.words for each in comparison.time))] if comparison.time else []
    blocks += [grid for grid in (_against(subject, comparison), _regret(subject, comparison)) if grid and grid.is_long]
    if comparison.dominance:
        blocks.append(_dominances(subject, comparison))
    return Section(title, (*blocks, *_all_pairs(subject, comparison)))


def _dominances(subject: Subject, comparison: Comparison) -> Grid:
    late = {case.name: chance(not_done(case)) for case in subject.cases}
    columns: list[Column] = [(head, "text") for head in ("Better", "Worse", "In", "Order")]
    columns += and_ends(*((f"Not done by the horizon: {which}", "share") for which in ("better", "worse")))
    rows: list[list[Cell]] = [
        [each.better, each.worse, DOMINATED[each.measure], each.order, *late[each.better], *late[each.worse]]
        for each in comparison.dominance
    ]
    caption = "Dominance in these futures: first order whatever one thinks of risk, second for all who dislike it"
    whole = table(columns, rows)
    shown = only(whole, [head for head, _ in columns if not head.endswith((" from", " to"))])
    return Grid("dominance", f"{caption}; counted to the horizon", shown, whole=whole)


def _all_pairs(subject: Subject, comparison: Comparison) -> Iterator[Grid]:
    for name, measure in MEASURES.items():
        pairs = [pair for pair in comparison.pairs if pair.measure == name]
        caption = f"Every pair of schedules: {measured(measure, subject.scenario)}"
        yield _grid(f"pairs {name}", caption, measure, pairs, subject.scenario.money.unit)
