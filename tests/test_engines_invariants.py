"""What holds in every future, checked from the timeline's facts alone by code that shares nothing with the engines."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from random_scenarios import Plain, parsed, plain_scenarios, text_of

import simulator as sg
from simulator.engines import run_engine
from simulator.engines.tolerance import MONEY_TOLERANCE
from simulator.inputs import Inputs, prepare
from simulator.network import Network
from simulator.scenario import Scenario
from simulator.timeline import Timeline

N = sg.NEVER


@dataclass(frozen=True)
class Witness:
    """One replication of a timeline as plain numbers."""

    network: Network
    inputs: Inputs
    timeline: Timeline
    replication: int

    def __post_init__(self) -> None:
        for name in Timeline.arrays():
            object.__setattr__(self, name, getattr(self.timeline, name)[:, self.replication].tolist())

    asked = granted = started = worked = finished = disrupted = waited = waiting_for = peak = reworked = ()
    completions = crowd = ()

    @property
    def staged(self) -> range:
        return range(len(self.network.milestone_days), len(self.network.activities))

    def skipped(self, a: int) -> bool:
        wave = self.inputs.wave[a]
        return bool(wave >= 0 and self.inputs.skipped[wave, self.replication])

    def in_line(self, a: int, day: int) -> bool:
        """Whether it stood in line at the end of a day."""
        return self.asked[a] <= day < self.granted[a] and not self.skipped(a)

    def rank(self, a: int) -> tuple[int, int, int]:
        return int(self.network.priority[a]), self.asked[a], a

    def wants(self, a: int) -> set[tuple[str, int]]:
        units = {("units", resource) for resource, _ in self.network.asks.of(a)}
        return units | {("money", budget) for budget, _ in self.network.spends.of(a)}

    def capacity(self, resource: int, day: int) -> int:
        days, values = self.network.capacity_days[resource], self.network.capacity_values[resource]
        value = int(values[np.searchsorted(days, day, side="right") - 1])
        return int(self.inputs.capacity[resource, self.replication]) if value < 0 else value

    def holdings(self, resource: int) -> Iterator[tuple[int, int, int]]:
        """Units of a resource, held from a day to a day."""
        network = self.network
        for a in self.staged:
            asked = dict(network.asks.of(a)).get(resource, 0)
            own = dict(network.returns.of(a)).get(resource, 0)
            if self.granted[a] == N or self.skipped(a) or not asked:
                continue
            yield own, self.granted[a], self.finished[a]
            if asked > own:
                phase = [b for b in self.staged if network.phase[b] == network.phase[a]]
                yield asked - own, self.granted[a], max(self.finished[b] for b in phase)

    def inside(self, resource: int, day: int) -> int:
        """Units in use at the end of a day."""
        return sum(units for units, first, end in self.holdings(resource) if first <= day < end)

    def money(self, budget: int, day: int) -> float:
        """What has come, less what has been spent, by the end of a day."""
        tranches = np.flatnonzero(self.network.tranche_budget == budget)
        came = sum(
            float(self.inputs.tranche_amount[t, self.replication])
            for t in tranches
            if self.inputs.tranche_day[t, self.replication] <= day
        )
        paid = [self.network.spends.of(a) for a in self.staged if self.granted[a] <= day and not self.skipped(a)]
        return came - sum(money for spends in paid for what, money in spends if what == budget)


def check_life(seen: Witness) -> None:
    """Rules 1 to 6: order, precedence, release, windows, and the length of work."""
    network, horizon = seen.network, seen.network.horizon
    for a in seen.staged:
        life = (seen.asked[a], seen.granted[a], seen.started[a], seen.worked[a], seen.finished[a])
        assert list(life) == sorted(life)
        assert all(day <= horizon or day == N for day in life)
        before = max((seen.finished[b] for b in network.predecessors[a]), default=0)
        released = max(before, int(network.release[a]))
        assert seen.asked[a] == (released if released <= horizon else N)
        if seen.skipped(a):
            assert len(set(life)) == 1
            continue
        assert seen.started[a] == _window(network, a, seen.granted[a])
        _check_length(seen, a)


def _window(network: Network, a: int, granted: int) -> int:
    if network.window[a] < 0 or granted == N:
        return granted
    days = network.window_days[int(network.window[a])].tolist()
    first = bisect_left(days, granted)
    return days[first] if first < len(days) else N


def _check_length(seen: Witness, a: int) -> None:
    if seen.worked[a] == N:
        return
    network, inputs, n = seen.network, seen.inputs, seen.replication
    row = inputs.effect[a]
    factor, delay = (1.0, 0.0) if row < 0 else (inputs.factor[row, n], inputs.delay[row, n])
    paced = np.flatnonzero(network.paced == a)
    if len(network.learning[a]):
        factor *= network.learning[a][seen.completions[paced[0]]]
    if network.congestion_resource[a] >= 0:
        factor *= 1.0 + network.congestion_each[a] * max(0, seen.crowd[paced[0]] - network.congestion_beyond[a])
    days = seen.worked[a] - seen.started[a] - seen.disrupted[a]
    assert days == round(inputs.length[a, n] * factor + delay)


def check_capacity(seen: Witness) -> None:
    """Whatever is granted on a day and kept over it fits in that day's capacity; money is never overspent."""
    for day in {seen.granted[a] for a in seen.staged} - {N}:
        for resource in range(len(seen.network.resources)):
            if any(units > 0 and first == day < end for units, first, end in seen.holdings(resource)):
                assert seen.inside(resource, day) <= seen.capacity(resource, day)
        for budget in range(len(seen.network.budgets)):
            assert seen.money(budget, day) >= -MONEY_TOLERANCE * len(seen.network.activities)
    for resource in range(len(seen.network.resources)):
        days = range(seen.network.horizon + 1)
        assert seen.peak[resource] >= max(seen.inside(resource, day) for day in days)
        assert seen.peak[resource] <= max(seen.capacity(resource, day) for day in days)


def check_line(seen: Witness) -> None:
    """Rule 11: nobody overtakes within a resource or budget, and nobody waits who could be served."""
    waiting = [a for a in seen.staged if seen.wants(a) and seen.granted[a] > seen.asked[a] and not seen.skipped(a)]
    for a in waiting:
        for b in seen.staged:
            if b != a and seen.wants(a) & seen.wants(b) and not seen.skipped(b) and seen.granted[b] != N:
                overtaken = seen.asked[a] < seen.granted[b] < seen.granted[a]
                assert not (overtaken and seen.rank(a) < seen.rank(b)), seen.network.activities[a]
    for day in {day for days in (seen.asked, seen.granted, seen.finished) for day in days if day != N}:
        line = sorted((a for a in waiting if seen.in_line(a, day)), key=seen.rank)
        for place, a in enumerate(line):
            earlier = set().union(*(seen.wants(b) for b in line[:place]))
            assert earlier & seen.wants(a) or _is_short(seen, a, day), (seen.network.activities[a], day)
    for a in seen.staged:
        if not seen.wants(a) and not seen.skipped(a):
            assert seen.granted[a] == seen.asked[a]


def _is_short(seen: Witness, a: int, day: int) -> bool:
    units = any(seen.capacity(r, day) - seen.inside(r, day) < u for r, u in seen.network.asks.of(a))
    return units or any(seen.money(b, day) + 2 * MONEY_TOLERANCE < m for b, m in seen.network.spends.of(a))


def check_waits(seen: Witness) -> None:
    """Rule 18: days in line add up, and who is in line at the horizon says what for."""
    network = seen.network
    owners = [*network.asks.owner.tolist(), *network.spends.owner.tolist()]
    for a in seen.staged:
        days = sum(seen.waited[slot] for slot, owner in enumerate(owners) if owner == a)
        stranded = seen.in_line(a, network.horizon)
        end = network.horizon if stranded else seen.granted[a]
        assert days == (0 if seen.asked[a] == N or seen.skipped(a) else end - seen.asked[a])
        assert (seen.waiting_for[a] >= 0) == stranded
        assert not stranded or owners[seen.waiting_for[a]] == a


def check_boards(seen: Witness) -> None:
    """Rules 7 and 10: cases finish at meetings, no more of them than there are seats, after all their rework."""
    network, inputs = seen.network, seen.inputs
    for board in range(len(network.boards)):
        cases = [a for a in seen.staged if network.board[a] == board and not seen.skipped(a) and seen.finished[a] != N]
        passed = [seen.finished[a] for a in cases]
        assert set(passed) <= set(network.meetings[board].tolist())
        if network.seats[board] >= 0:
            assert all(passed.count(day) <= network.seats[board] for day in passed)
        for a in cases:
            case = inputs.case[a]
            count = inputs.returned[case, seen.replication] if case >= 0 else 0
            first = inputs.rework_starts[case]
            reworks = inputs.rework[first : first + count, seen.replication]
            assert seen.reworked[a] == reworks.sum()
            assert seen.finished[a] >= seen.worked[a] + np.maximum(reworks, 1).sum()


CHECKS = (check_life, check_capacity, check_line, check_waits, check_boards)


def check_all(scenario: Scenario, seed: int, replications: int) -> None:
    """Every invariant holds in every replication of a scenario."""
    network = sg.compile(scenario)
    inputs = prepare(network, sg.draw(scenario, replications, seed=seed))
    timeline = run_engine(network, inputs, "batch")
    for replication in range(replications):
        seen = Witness(network, inputs, timeline, replication)
        for check in CHECKS:
            check(seen)


@settings(max_examples=60)
@given(data=plain_scenarios(), seed=st.integers(0, 3))
def test_every_future_keeps_the_rules(data: Plain, seed: int) -> None:
    scenario = parsed(data)
    try:
        check_all(scenario, seed, replications=2)
    except AssertionError as error:
        raise AssertionError(f"{error}\nseed {seed}, scenario:\n{text_of(data)}") from error


@settings(max_examples=20)
@given(data=plain_scenarios(), more=st.integers(1, 5))
def test_more_capacity_changes_no_draw(data: Plain, more: int) -> None:
    scenario = parsed(data)
    plain = {name: value for name, value in data.items() if name != "resources"}
    resources = {name: dict(value, capacity=9 + more) for name, value in data.get("resources", {}).items()}
    wider = parsed(plain | {"resources": resources} if resources else plain)
    before, after = sg.draw(scenario, 5, seed=1), sg.draw(wider, 5, seed=1)
    assert set(before) - {f"{name}/capacity" for name in resources} == set(after)
    for name in after:
        np.testing.assert_array_equal(before[name], after[name])
