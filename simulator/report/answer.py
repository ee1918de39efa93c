"""The first section, the answer before anything else; and the second, what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from simulator.days import date_of
from simulator.plots.figure import Cell, Kind
from simulator.report.content import MOST_COLUMNS, Block, Bullets, Grid, Lead, Paragraph, Section, table
from simulator.report.entries import Column, and_ends, by_day, called, chance, likely, only, with_ends
from simulator.report.figures import Album
from simulator.report.in_time import by_when, cut_off, in_time, likeliest, unfinished
from simulator.report.subject import Case, Subject
from simulator.report.verification import Check
from simulator.wording import count
from simulator.words.likelihood import in_futures
from simulator.words.said import LATER, length, listed, money, on_date, quoted

UNDATED: Final = "needs no date"
"""Said of a cluster without a go-to-market stage ahead of it."""


def question(subject: Subject) -> str:
    """What is asked, in a sentence."""
    scenario = subject.scenario
    clusters = list(scenario.clusters)
    who = f"each of {len(clusters):,} clusters of buyers" if len(clusters) > 1 else quoted(clusters[0])
    if scenario.deadline is None:
        return f"When should {who} go to market, and when is everybody live?"
    return f"When should {who} go to market, so that everybody is live by {_deadline(subject)}?"


def _deadline(subject: Subject) -> str:
    """The day, or that there are several."""
    days = {world.deadline and date_of(world.deadline, world.start) for world in subject.worlds().values()}
    return on_date(day) if len(days) == 1 and (day := days.pop()) else "the deadline"


# -- the answer ------------------------------------------------------------------------------------------


def answer(subject: Subject, checks: tuple[Check, ...], album: Album) -> Section:
    """The answer in sentences, as a table, and as a figure."""
    blocks: list[Block] = [*_broken(checks), Lead(_verdict(subject))]
    blocks.append(Bullets(tuple(_facts(subject.first))))
    blocks.append(glance(subject).begun())
    blocks += album.take("s-curve")
    return Section("The answer", tuple(blocks))


def _broken(checks: tuple[Check, ...]) -> Iterator[Lead]:
    broken = [check.name for check in checks if not check.holds]
    if broken:
        yield Lead(
            f"Do not use this briefing: {count(len(broken), 'check')} of its numbers did not hold ({listed(broken)}). "
            "The verification record in the annex says what was found."
        )


def _verdict(subject: Subject) -> str:
    if len(subject.worlds()) > 1 and subject.comparison is not None:
        return " ".join(f"In {quoted(world)}, {_told(subject, cases)}" for world, cases in subject.by_world().items())
    told = _told(subject, subject.cases)
    return told[0].upper() + told[1:]


def _told(subject: Subject, cases: Sequence[Case]) -> str:
    """Who is best among schedules that meet one world, and how good that is."""
    first = subject.ranked(cases)[0]
    chance_of = likely(first.summary["programme"]["on_time"])
    whole = f"every cluster is live by {by_when(first.scenario)}, in {chance_of}."
    if subject.comparison is None or len(cases) == 1:
        return f"under {quoted(first.in_world)}, {whole}"
    best = [case.in_world for case in subject.unbeaten(cases)]
    most = likeliest(first.scenario)
    if len(best) == 1:
        return f"{quoted(first.in_world)} is the schedule {most}. Under it, {whole}"
    if len(best) == len(cases):
        which = f"which schedule is {most}, {count(subject.comparison.replications, 'future')} cannot tell."
    else:
        which = f"{most} are {listed(called(best))}; which of them, these futures cannot tell."
    return f"{which} Under {quoted(first.in_world)}, {whole}"


def _facts(case: Case) -> Iterator[str]:
    yield _finish(case)
    programme, unit = case.summary["programme"], case.scenario.money.unit
    cut = cut_off(case)
    if case.scenario.legacy:
        yield _unsupported(programme["unsupported_days"], cut)
        cut = cut and ", counted likewise"
    cost = programme["cost"]
    if cost["mean"]:
        low, high = (money(end, unit) for end in (cost["p10"], cost["p90"]))
        spread = f", and between {low} and {high} in 8 futures in 10" if low != high else ""
        yield f"The cost is {money(cost['mean'], unit)} on average{spread}{cut}."


def _finish(case: Case) -> str:
    finish, late = case.summary["programme"]["finish"], in_futures(unfinished(case))
    half, most = by_day(finish["p50"]), by_day(finish["p80"])
    under = f"Under {quoted(case.name)}"
    if half == LATER:
        return f"{under}, somebody is still not live at the horizon in {late}."
    if most == LATER:
        return f"{under}, half of the futures are done by {half}; in {late} somebody is still not live at the horizon."
    if half == most:
        return f"{under}, 4 in 5 of the futures are done by {most}, fewer than half before that day."
    low, high = (by_day(end) for end in finish["interval"]["p80"])
    interval = f" (95% interval {low} to {high})" if low != high else ""
    return f"{under}, half of the futures are done by {half}, 4 in 5 by {most}{interval}."


def _unsupported(days: Mapping[str, Any], cut: str) -> str:
    if not days["mean"]:
        return f"No legacy system is used without support in any future{cut}."
    tenth = f"in 1 future in 10 for {length(days['p90'])} or more" if days["p90"] else "in 9 futures in 10 not at all"
    mean = length(days["mean"])
    return f"Legacy systems are used without support for {mean} on average, added up over systems, and {tenth}{cut}."


def glance(subject: Subject) -> Grid:
    """What each schedule comes to, the best first; its sheet has the interval of every number."""
    columns = _columns(subject)
    heads = and_ends(*((head, kind) for head, kind, _ in columns))
    cases = subject.ranked(subject.cases)
    rows = [[case.name, *(each for _, _, cells in columns for each in cells(case))] for case in cases]
    whole = table([("Schedule", "text"), *heads], rows)
    first, *others = (head for head, _, _ in columns)
    shown = only(whole, ["Schedule", first, f"{first} from", f"{first} to", *others])
    return Grid("answer", "The answer at a glance", shown, whole=whole)


def _columns(subject: Subject) -> list[tuple[str, Kind, Callable[[Case], Sequence[Cell]]]]:
    """Heads, kinds and cells with the ends of their intervals; nothing of what no schedule has."""
    unit = subject.scenario.money.unit
    head = in_time(subject.scenario)
    found: list[tuple[str, Kind, Callable[[Case], Sequence[Cell]]]] = [
        (head[0].upper() + head[1:], "share", lambda case: chance(case.summary["programme"]["on_time"])),
        ("Last live, P50", "date", lambda case: with_ends(case.summary["programme"]["finish"], "p50")),
        ("Last live, P80", "date", lambda case: with_ends(case.summary["programme"]["finish"], "p80")),
    ]
    amounts: dict[str, tuple[str, Kind]] = {
        "unsupported_days": ("Days unsupported, mean", "days"),
        "cost": (f"Cost, mean, {unit}", "money"),
        "npv": (f"Net present value, mean, {unit}", "money"),
    }
    for key, (words, kind) in amounts.items():
        if any(case.summary["programme"][key]["mean"] for case in subject.cases):
            found.append((words, kind, partial(_mean, key)))
    return found


def _mean(key: str, case: Case) -> list[Cell]:
    return with_ends(case.summary["programme"][key], "mean")


# -- what was asked --------------------------------------------------------------------------------------


def asked(subject: Subject) -> Section:
    """Of whom it is asked, under which schedules, and in which futures."""
    scenario = subject.scenario
    clusters = list(scenario.clusters)
    who = f"{count(len(clusters), 'cluster')} of buyers ({listed(called(clusters))})"
    aim = "" if scenario.deadline is None else f" Everybody should be live by {by_when(scenario)}."
    verb = "replace" if len(clusters) > 1 else "replaces"
    blocks: list[Block] = [
        Paragraph(
            f"{who} {verb} what they have through shared competitions, teams and money.{aim} {_looked_at(subject)}"
        )
    ]
    dates = schedules(subject)
    if dates is not None and len(subject.cases) <= MOST_COLUMNS:
        blocks.append(dates.begun())
    elif dates is not None:
        blocks.append(Paragraph("When each cluster goes to market under each of them is in the annex."))
    return Section("The question", tuple(blocks))


def _looked_at(subject: Subject) -> str:
    scenario, result = subject.scenario, subject.cases[0].result
    span = f"from {on_date(scenario.start)} to {on_date(date_of(scenario.horizon, scenario.start))}, the horizon"
    names = listed(called([case.name for case in subject.cases]))
    seed = f"The futures are those of seed {result.seed}, so that anybody can have the same ones."
    if len(subject.cases) == 1:
        return f"This briefing looks at one schedule, {names}, in {_futures(subject)} {span}. {seed}"
    return (
        f"This briefing looks at {count(len(subject.cases), 'schedule')}: {names}. Each was simulated in "
        f"{_futures(subject)} {span}. {seed}"
    )


def _futures(subject: Subject) -> str:
    sizes = sorted({case.result.replications for case in subject.cases})
    return " or ".join(f"{count(size, 'possible future')}" for size in sizes)


def schedules(subject: Subject) -> Grid | None:
    """When each cluster goes to market, a column for each schedule, the earliest under the best schedule first.

    None where no schedule has a date.
    """
    dates = [case.scheduled() for case in subject.cases]
    if not any(day for of in dates for day in of.values()):
        return None
    best = subject.first.scheduled()
    clusters = sorted(dict.fromkeys(name for of in dates for name in of), key=lambda name: best.get(name) or date.max)
    columns: list[Column] = [("Cluster", "text"), *((case.name, "date") for case in subject.cases)]
    rows = [[name, *(_date(of, name) for of in dates)] for name in clusters]
    return Grid("schedules", "When each cluster goes to market", table(columns, rows))


def _date(dates: Mapping[str, date | None], name: str) -> Cell:
    """Nothing where there is no such cluster."""
    return (dates[name] or UNDATED) if name in dates else None
