"""One future in plain words: what happened, day by day, from a timeline and the outcomes read off it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from simulator.days import NEVER, date_of
from simulator.network import Network
from simulator.result import Futures
from simulator.scenario import Scenario
from simulator.wording import count

ORDER: Final = (
    "failure",
    "support",
    "supply",
    "milestone",
    "end",
    "live",
    "retired",
    "skip",
    "hearing",
    "ask",
    "grant",
    "begin",
    "deadline",
    "unfinished",
)
"""Kinds of events, in the order in which those of one day are told."""


@dataclass(frozen=True)
class Event:
    """Something that happened on a day, in words; ``who`` is an activity, a cluster or a thing of the scenario."""

    day: int
    kind: str
    who: str
    text: str

    def as_dict(self, start: date) -> dict[str, Any]:
        """The same for JSON, the day also as a date."""
        when = date_of(self.day, start).isoformat()
        return {"day": self.day, "date": when, "event": self.kind, "who": self.who, "text": self.text}


def events(scenario: Scenario, network: Network, futures: Futures, column: int = 0) -> tuple[Event, ...]:
    """Everything that happened by the horizon in one replication, in the order in which it did."""
    story = _Story(scenario, network, futures, column)
    told = [*story.activities(), *story.clusters(), *story.legacy(), *story.world(), *story.left()]
    kept = (event for event in told if 0 <= event.day <= network.horizon)
    return tuple(sorted(kept, key=lambda event: (event.day, ORDER.index(event.kind))))


class _Story:
    """Tells the events of one replication, each part in file order."""

    def __init__(self, scenario: Scenario, network: Network, futures: Futures, column: int) -> None:
        self.scenario = scenario
        self.network = network
        self.inputs = futures.inputs
        self.timeline = futures.timeline
        self.outcomes = futures.outcomes
        self.column = column

    def at(self, rows: Any, row: int) -> int:
        """A whole number of this replication."""
        return int(rows[row, self.column])

    def date(self, day: int) -> str:
        return date_of(day, self.network.start).isoformat()

    # -- activities --------------------------------------------------------------------------------

    def activities(self) -> Iterator[Event]:
        for a, name in enumerate(self.network.activities):
            if self.network.cluster[a] < 0:
                yield Event(self.at(self.timeline.finished, a), "milestone", name, f"{name}.")
            elif self.is_skipped(a):
                yield Event(self.at(self.timeline.asked, a), "skip", name, f"{name} is skipped: it does not join.")
            else:
                yield from self.life(a, name)

    def is_skipped(self, a: int) -> bool:
        wave = int(self.inputs.wave[a])
        return wave >= 0 and bool(self.inputs.skipped[wave, self.column])

    def life(self, a: int, name: str) -> Iterator[Event]:
        timeline = self.timeline
        asked, granted, started = (self.at(rows, a) for rows in (timeline.asked, timeline.granted, timeline.started))
        if asked < granted:
            yield Event(asked, "ask", name, f"{name} asks for {self.wants(a)} and stands in line.")
        if asked < granted < NEVER:
            yield Event(granted, "grant", name, f"{name} gets what it asked for after {self.line(a)}.")
        if granted < started:
            window = self.network.windows[self.network.window[a]]
            until = f" until {self.date(started)}" if started < NEVER else ""
            yield Event(granted, "grant", name, f"{name} waits for the window {window}{until}.")
        yield Event(started, "begin", name, f"{name} begins{self.plan(a)}.")
        yield from self.ending(a, name)

    def ending(self, a: int, name: str) -> Iterator[Event]:
        worked, finished = self.at(self.timeline.worked, a), self.at(self.timeline.finished, a)
        board = int(self.network.board[a])
        done = f"{name} ends{self.beyond(a)}"
        if board < 0:
            yield Event(worked, "end", name, f"{done}.")
            return
        body = self.network.boards[board]
        if worked < finished:
            yield Event(worked, "end", name, f"{done} and waits to be heard by {body}.")
        yield Event(finished, "hearing", name, f"{name} passes {body}{self.verdicts(a)}.")

    def wants(self, a: int) -> str:
        names = [self.network.slot_name(slot) for slot in self.slots(a)]
        return " and ".join(dict.fromkeys(names))

    def slots(self, a: int) -> list[int]:
        asks, spends = self.network.asks, self.network.spends
        units = range(asks.starts[a], asks.starts[a + 1])
        money = range(len(asks) + spends.starts[a], len(asks) + spends.starts[a + 1])
        return [*units, *money]

    def line(self, a: int) -> str:
        waits = [(self.at(self.timeline.waited, slot), self.network.slot_name(slot)) for slot in self.slots(a)]
        return " and ".join(f"{count(days, 'day')} in line for {thing}" for days, thing in waits if days)

    def plan(self, a: int) -> str:
        planned = int(self.network.planned[a])
        return f": {count(planned, 'day')} planned" if planned else ""

    def beyond(self, a: int) -> str:
        """How much longer or shorter the first work was than planned, and why where that is known."""
        worked = self.at(self.timeline.worked, a) - self.at(self.timeline.started, a)
        longer = worked - int(self.network.planned[a])
        said = [f" after {count(worked, 'day')}"] if worked else []
        if longer:
            said.append(f"{count(abs(longer), 'day')} {'more' if longer > 0 else 'fewer'} than planned")
        row, disrupted = int(self.inputs.effect[a]), self.at(self.timeline.disrupted, a)
        if row >= 0 and (delay := round(float(self.inputs.delay[row, self.column]))):
            said.append(f"{delay} through risks")
        if disrupted:
            said.append(f"{disrupted} through failures of legacy systems")
        return ", ".join(said)

    def verdicts(self, a: int) -> str:
        case = int(self.inputs.case[a])
        returned = self.at(self.inputs.returned, case) if case >= 0 else 0
        waited = self.at(self.timeline.finished, a) - self.at(self.timeline.worked, a)
        rework = self.at(self.timeline.reworked, a) + self.at(self.timeline.rework_disrupted, a)
        said = [f"{count(waited - rework, 'day')} waiting"] if waited > rework else []
        if returned:
            said.insert(
                0, f"returned {'once' if returned == 1 else f'{returned} times'}, {count(rework, 'day')} of rework"
            )
        return f" ({', '.join(said)})" if said else ""

    # -- clusters ----------------------------------------------------------------------------------

    def clusters(self) -> Iterator[Event]:
        for c, name in enumerate(self.network.clusters):
            first, last = self.at(self.outcomes.clusters.first_live, c), self.at(self.outcomes.clusters.go_live, c)
            if 0 < first < last:
                yield Event(first, "live", name, f"{name}: the first department is live.")
            yield Event(last, "live", name, f"{name} is live{self.lateness(last)}.")

    def lateness(self, day: int) -> str:
        deadline = self.scenario.deadline
        if deadline is None:
            return ""
        if day > deadline:
            return f", {count(day - deadline, 'day')} after the deadline"
        return f", {count(deadline - day, 'day')} before the deadline" if day < deadline else ", on the last day"

    # -- legacy systems ----------------------------------------------------------------------------

    def legacy(self) -> Iterator[Event]:
        for system, terms in enumerate(self.network.legacy):
            retired = self.at(self.outcomes.legacy.retired, system)
            if retired > 0:
                yield from self.support(system, retired)
                yield Event(retired, "retired", terms.name, f"{terms.name} is retired.")
        yield from self.failures()

    def support(self, system: int, retired: int) -> Iterator[Event]:
        terms = self.network.legacy[system]
        bought = bool(self.outcomes.legacy.extended[system, self.column])
        ends: dict[int, list[str]] = {self.at(self.inputs.end_of_support, system): ["end of support"]}
        if terms.contract_end is not None:
            ends.setdefault(terms.contract_end, []).append("end of contract")
        first = min(ends)
        if bought and terms.extended_until is not None:
            ends.setdefault(terms.extended_until, []).append("end of the extension")
        for day, what in ends.items():
            if day < min(retired, NEVER):
                extended = bought and day == first
                more = f"; it is extended to {self.date(terms.extended_until or 0)}" if extended else ""
                yield Event(day, "support", terms.name, f"{terms.name}, still in use: {' and '.join(what)}{more}.")

    def failures(self) -> Iterator[Event]:
        failures = self.inputs.failures
        for row, system in enumerate(failures.system.tolist()):
            day, length = self.at(failures.day, row), self.at(failures.length, row)
            if self.counts(system, day):
                name = self.network.legacy[system].name
                lost = f"; work under way takes {count(length, 'day')} longer" if self.disrupts(system, day) else ""
                yield Event(day, "failure", name, f"{name} fails{lost}.")

    def counts(self, system: int, day: int) -> bool:
        """Whether a failure on a day counts: the system is in use, its last day included (rule 15)."""
        users = self.network.legacy[system].users
        used = any(user.activities or user.joins for user in users)
        return used and day < NEVER and day <= self.at(self.outcomes.legacy.retired, system)

    def disrupts(self, system: int, day: int) -> bool:
        """Whether any first work that a failure lengthened was under way."""
        timeline = self.timeline
        return any(
            self.at(timeline.started, a) < day < self.at(timeline.worked, a) and self.at(timeline.disrupted, a) > 0
            for a in self.network.disrupts[system].tolist()
        )

    # -- the world around --------------------------------------------------------------------------

    def world(self) -> Iterator[Event]:
        for r, name in enumerate(self.network.resources):
            yield from self.capacity(r, name)
        for tranche, budget in enumerate(self.network.tranche_budget.tolist()):
            name = self.network.budgets[budget]
            amount = float(self.inputs.tranche_amount[tranche, self.column])
            text = f"{name}: {amount:,.4g} {self.scenario.money.unit} arrives."
            yield Event(self.at(self.inputs.tranche_day, tranche), "supply", name, text)
        if self.scenario.deadline is not None:
            yield Event(self.scenario.deadline, "deadline", "deadline", "The deadline.")

    def capacity(self, r: int, name: str) -> Iterator[Event]:
        before_steps = self.at(self.inputs.capacity, r)
        days, values = self.network.capacity_days[r].tolist(), self.network.capacity_values[r].tolist()
        for day, value in zip(days, values, strict=True):
            units = before_steps if value < 0 else value
            yield Event(day, "supply", name, f"{name}: capacity {units}.")

    # -- what is unfinished ------------------------------------------------------------------------

    def left(self) -> Iterator[Event]:
        horizon = self.network.horizon
        for c, name in enumerate(self.network.clusters):
            if self.at(self.outcomes.clusters.go_live, c) > horizon:
                joined = any(self.at(self.timeline.finished, a) > horizon for a in self.of_cluster(c))
                why = "is not live by the horizon" if joined else "is never live: none of its departments joins"
                yield Event(horizon, "unfinished", name, f"{name} {why}.")
        for a, name in enumerate(self.network.activities):
            slot = self.at(self.timeline.waiting_for, a)
            if slot >= 0:
                text = f"{name} is still in line for {self.network.slot_name(slot)}."
                yield Event(horizon, "unfinished", name, text)

    def of_cluster(self, c: int) -> Iterable[int]:
        return (int(a) for a in np.flatnonzero(self.network.cluster == c))
