"""The first two sections: the question, and the answer before anything else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from simulator.days import date_of
from simulator.plots.figure import Cell, Kind, Table
from simulator.report.content import Block, Bullets, Grid, Lead, Paragraph, Section, table
from simulator.report.entries import LATER, by_day, called, cell, deadline_words, ends, likely
from simulator.report.figures import Album
from simulator.report.subject import Case, Subject
from simulator.report.verification import Check
from simulator.wording import count
from simulator.words.said import length, listed, money, on_date, quoted

MOST_DATES: Final = 150
"""Dates of schedules that the body has room for; more are in the annex."""


def question(subject: Subject) -> Section:
    """What is asked, of whom, and under which schedules."""
    scenario = subject.scenario
    clusters = list(scenario.clusters)
    who = f"{count(len(clusters), 'cluster')} of buyers ({listed(called(clusters))})"
    blocks: list[Block] = [
        Paragraph(
            f"When should each buyer go to market? {who} replace what they have through shared competitions, teams and "
            f"money. Everybody should be live by {deadline_words(subject.cases[0])}."
        ),
        Paragraph(_looked_at(subject)),
    ]
    if len(clusters) * len(subject.cases) <= MOST_DATES:
        blocks += schedules(subject)
    return Section("The question", tuple(blocks))


def _looked_at(subject: Subject) -> str:
    scenario, result = subject.scenario, subject.cases[0].result
    span = f"from {on_date(scenario.start)} to {on_date(date_of(scenario.horizon, scenario.start))}, the horizon"
    names = listed(called([case.name for case in subject.cases]))
    if len(subject.cases) == 1:
        return f"This briefing looks at one schedule, {names}, in {_futures(subject)} {span}. {_base(result.seed)}"
    return (
        f"This briefing looks at {count(len(subject.cases), 'schedule')}: {names}. Each was simulated in "
        f"{_futures(subject)} {span}. {_base(result.seed)}"
    )


def _futures(subject: Subject) -> str:
    sizes = sorted({case.result.replications for case in subject.cases})
    return " or ".join(f"{count(size, 'possible future')}" for size in sizes)


def _base(seed: int) -> str:
    return f"The futures are those of seed {seed}, so that anybody can have the same ones."


def schedules(subject: Subject) -> Iterator[Grid]:
    """When each cluster goes to market, a column for each schedule; nothing where no schedule has a date."""
    dates = [case.scheduled() for case in subject.cases]
    clusters = list(dict.fromkeys(name for of in dates for name, day in of.items() if day is not None))
    if clusters:
        columns: list[tuple[str, Kind]] = [("Cluster", "text")]
        columns += [(case.name, "date") for case in subject.cases]
        rows = [[name, *(of.get(name) for of in dates)] for name in clusters]
        yield Grid("schedules", "When each cluster goes to market", table(columns, rows))


def answer(subject: Subject, checks: tuple[Check, ...], album: Album) -> Section:
    """The answer in sentences, as a table, and as a figure."""
    blocks: list[Block] = [*_broken(checks), Lead(_verdict(subject))]
    blocks.append(Bullets(tuple(_facts(subject.first))))
    blocks.append(Grid("answer", "The answer at a glance", _glance(subject)))
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
    first = subject.first
    on_time = first.summary["programme"]["on_time"]
    whole = f"Under {quoted(first.name)}, every cluster is live by {deadline_words(first)}, in {likely(on_time)}."
    if subject.comparison is None:
        return whole
    return f"{_ranking(subject)} {whole}"


def _ranking(subject: Subject) -> str:
    """Who is best by the chance of being on time, as far as the futures can tell."""
    assert subject.comparison is not None
    standings = subject.comparison.ranking["on_time"]
    best = [each.name for each in standings if each.place == 1]
    if len(best) == 1:
        return f"{quoted(best[0])} is the schedule most likely to be on time."
    if len(best) == len(standings):
        return f"Which schedule is most likely to be on time, {subject.comparison.replications:,} futures cannot tell."
    return f"Most likely to be on time are {listed(called(best))}; which of them, these futures cannot tell."


def _facts(case: Case) -> Iterator[str]:
    programme, unit = case.summary["programme"], case.scenario.money.unit
    finish = programme["finish"]
    half, most = by_day(finish["p50"]), by_day(finish["p80"])
    if half == LATER:
        yield "In half of the futures or more, somebody is still not live at the horizon."
    elif most == LATER:
        yield f"Half of the futures are done by {half}; in 1 in 5 somebody is still not live at the horizon."
    else:
        low, high = (by_day(end) for end in finish["interval"]["p80"])
        yield f"Half of the futures are done by {half}, 4 in 5 by {most} (95% interval {low} to {high})."
    days = programme["unsupported_days"]
    if case.scenario.legacy:
        yield (
            f"Legacy systems are used without support for {length(days['mean'])} on average, added up over systems; in "
            f"1 future in 10 for {_more(days['p90'])}."
        )
    cost = programme["cost"]
    if cost["mean"]:
        low, high = (money(end, unit) for end in (cost["p10"], cost["p90"]))
        yield f"The cost is {money(cost['mean'], unit)} on average, and between {low} and {high} in 8 futures in 10."


def _more(days: float | str) -> str:
    return f"more than {length(days)}" if isinstance(days, int | float) and days else "as long or longer"


def _glance(subject: Subject) -> Table:
    unit = subject.scenario.money.unit
    columns: list[tuple[str, Kind]] = [
        ("Schedule", "text"),
        ("On time", "share"),
        ("from", "share"),
        ("to", "share"),
        ("Last live, P50", "date"),
        ("Last live, P80", "date"),
        ("Days unsupported, mean", "days"),
        (f"Cost, mean, {unit}", "money"),
        (f"Net present value, mean, {unit}", "money"),
    ]
    return table(columns, [_glance_row(case) for case in subject.ranked()])


def _glance_row(case: Case) -> list[Cell]:
    whole = case.summary["programme"]
    return [
        case.name,
        whole["on_time"]["p"],
        *ends(whole["on_time"]["interval"]),
        *(cell(whole["finish"][name]) for name in ("p50", "p80")),
        *(whole[name]["mean"] for name in ("unsupported_days", "cost", "npv")),
    ]
