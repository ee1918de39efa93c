"""Being in time: by the deadline, or by the horizon where a scenario has none; and what is cut off there."""

from __future__ import annotations

import numpy as np

from simulator.analysis.reductions import Days, Share
from simulator.days import date_of
from simulator.report.entries import Entry
from simulator.report.subject import Case
from simulator.scenario import Scenario
from simulator.studies.measures import Measure
from simulator.summary import share
from simulator.wording import share as spelled
from simulator.words.said import on_date


def by_when(scenario: Scenario) -> str:
    """``the deadline, 31 December 2028``; the horizon where a scenario has no deadline."""
    if scenario.deadline is None:
        return f"the horizon, {on_date(date_of(scenario.horizon, scenario.start))}"
    return f"the deadline, {on_date(date_of(scenario.deadline, scenario.start))}"


def in_time(scenario: Scenario) -> str:
    """What it is called to be live soon enough."""
    return "live by the horizon" if scenario.deadline is None else "on time"


def too_late(scenario: Scenario) -> str:
    """What it is called not to be."""
    return "not being live by the horizon" if scenario.deadline is None else "missing the deadline"


def likeliest(scenario: Scenario) -> str:
    """What is said of the schedule with the largest chance of it."""
    return f"most likely to {'have everybody' if scenario.deadline is None else 'be'} {in_time(scenario)}"


def measured(measure: Measure, scenario: Scenario) -> str:
    """What a measure is called where there may be no deadline."""
    if measure.name != "on_time" or scenario.deadline is not None:
        return measure.words
    return f"chance that everybody is {in_time(scenario)}"


def not_done(case: Case) -> Entry:
    """The probability that somebody is not live by the horizon, as a summary has it."""
    late = int(np.count_nonzero(case.result.finish > case.scenario.horizon))
    return share(Share(late, case.result.replications))


def unfinished(case: Case) -> float:
    """The same probability alone."""
    return float(not_done(case)["p"])


def any_day(case: Case, *here: str) -> Entry:
    """The probability that some days of a tally are not none, likewise: ``"legacy", system, "unsupported_days"``."""
    days: Days = case.result.tally[here]
    return share(Share(days.size - days.at_most(0), days.size))


def without_support(case: Case, system: str) -> Entry:
    """The probability of any day on which a legacy system is used without support."""
    return any_day(case, "legacy", system, "unsupported_days")


def cut_off(case: Case) -> str:
    """That amounts end with the horizon in the futures that are not done by then; nothing where all are."""
    late = unfinished(case)
    if late == 1:
        return ", counted only to the horizon, by which no future is done"
    return f", counted only to the horizon in the {spelled(late)} of futures that are not done by then" if late else ""
