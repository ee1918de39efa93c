"""What it saves, and what it costs to buy it again when the contract ends.

Each department saves from its go-live, rising evenly over `ramp` to its full rate. A cluster's `full_rate` is
shared equally among all its departments, those that do not join included; a department that states
its own `savings` saves that instead. Where a cluster has no waves its departments are live together.

Savings stop while no contract runs. It runs from the day its mark is reached (day 0 where before the start)
for its `term`. Without a reprocurement it is over then; with one, the reprocurement costs its `cost` on that day
and the next contract begins after its `gap`, and so on to the horizon. Without a contract nothing stops.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from simulator.compiled import pays
from simulator.days import DAYS_PER_YEAR, NEVER
from simulator.errors import StaggerError
from simulator.network import Chance, Live
from simulator.network.values import IntArray
from simulator.outcomes.milestones import Milestones
from simulator.outcomes.money import Discounting, Paid
from simulator.scenario.model import Cluster, Contract, Savings


def contract_terms(contract: Contract, horizon: int) -> Iterator[tuple[float, float]]:
    """When contracts begin and end, in days after the mark, as far as the horizon can reach.

    Raises:
        StaggerError: contracts would follow each other within a day.
    """
    again = contract.reprocurement
    step = contract.term + (again.gap if again else 0.0)
    if again and step < 1:
        raise StaggerError(f"a contract's term and the gap after it must be a day or more together (found {step:g}d).")
    count = int(horizon / step) + 1 if again else 1
    for number in range(count):
        yield number * step, number * step + contract.term


def contract_begins(milestones: Milestones, cluster: int, contract: Contract) -> IntArray:
    """The day on which a cluster's first contract begins, (N,); `NEVER` where its mark is not reached."""
    day = milestones.mark(f"{milestones.network.clusters[cluster]}/{contract.from_}")
    return np.full(milestones.size, NEVER, dtype=np.int32) if day is None else day


def reprocurement_costs(milestones: Milestones, cluster: int, values: Cluster, discounting: Discounting) -> Paid:
    """What a cluster's reprocurements cost, each on the day a contract ends."""
    total = Paid.nothing(milestones.size)
    contract = values.contract
    if contract is None or contract.reprocurement is None or contract.reprocurement.cost == 0:
        return total
    begins = contract_begins(milestones, cluster, contract).astype(np.float64)
    for _, ends in contract_terms(contract, discounting.horizon):
        day = begins + ends
        if (happens := discounting.counts(day)).any():
            amount = np.where(happens, contract.reprocurement.cost, 0.0)
            total += Paid(amount, amount * discounting.payment(np.where(happens, day, 0.0)))
    return total


def savings(milestones: Milestones, cluster: int, values: Cluster, discounting: Discounting) -> Paid:
    """What a cluster saves up to the horizon."""
    total = Paid.nothing(milestones.size)
    streams = [
        (user_rate / DAYS_PER_YEAR, ramp, milestones.live(user))
        for (user, ramp), user_rate in _rates(milestones, cluster, values).items()
    ]
    if not streams:
        return total
    first, terms = _contracts(milestones, cluster, values, discounting.horizon)
    for per_day, ramp, live in streams:
        saved = (compiled if pays(milestones.size) else plain)(first, terms, live, ramp, discounting)
        total += Paid(
            saved.amount * per_day, saved.present * discounting.on(np.minimum(live, discounting.horizon)) * per_day
        )
    return total


def _rates(milestones: Milestones, cluster: int, values: Cluster) -> dict[tuple[Live, float], float]:
    """Who saves from when over which ramp, to how much a year; who is live together saves together."""
    rates: dict[tuple[Live, float], float] = {}
    for user, saved, share in _savers(milestones, cluster, values):
        if saved is not None and saved.full_rate:
            rates[user, saved.ramp] = rates.get((user, saved.ramp), 0.0) + saved.full_rate * share
    return rates


def _savers(milestones: Milestones, cluster: int, values: Cluster) -> Iterator[tuple[Live, Savings | None, float]]:
    """Who saves, at what rate, and what share of that rate is theirs."""
    network = milestones.network
    listed = {user.department: user for user in network.live[cluster]}
    if not values.departments:
        yield listed[None], values.savings, 1.0
    for name, department in values.departments.items():
        chance = Chance(f"{network.clusters[cluster]}/{name}/joins", department.joins)
        user = listed.get(name) or replace(listed[None], joins=chance if department.joins < 1 else None)
        yield user, department.savings or values.savings, 1.0 if department.savings else 1.0 / len(values.departments)


def _contracts(
    milestones: Milestones, cluster: int, values: Cluster, horizon: int
) -> tuple[IntArray, list[tuple[float, float]]]:
    """The day on which contracts are counted from, (N,), and from when to when after it each runs."""
    if values.contract is None:
        return np.zeros(milestones.size, dtype=np.int32), [(0.0, float(horizon))]
    terms = list(contract_terms(values.contract, horizon))
    return contract_begins(milestones, cluster, values.contract), terms


def plain(
    first: IntArray, terms: Sequence[tuple[float, float]], live: IntArray, ramp: float, discounting: Discounting
) -> Paid:
    """What a department that is live from a day on saves, at a full rate of 1 a day, while a contract runs.

    Contracts are counted from a first day. What the savings are worth is on the day of go-live.
    """
    saved = Paid.nothing(len(live))
    for begins, ends in terms:
        whole = _saved_by(first, ends, live, ramp, discounting)
        before = _saved_by(first, begins, live, ramp, discounting)
        saved += Paid(whole.amount - before.amount, whole.present - before.present)
    return saved


def compiled(
    first: IntArray, terms: Sequence[tuple[float, float]], live: IntArray, ramp: float, discounting: Discounting
) -> Paid:
    """The same, compiled."""
    from simulator.outcomes import kernel

    saved = np.zeros((2, len(live)))
    cut = discounting.rises(ramp, 0.0)
    for begins, ends in terms:
        tables = (discounting.rises(ramp, lag) for lag in (begins, ends))
        kernel.save(first, live, begins, ends, discounting.horizon, *tables, cut, saved)
    return Paid(*saved)


def _saved_by(first: IntArray, lag: float, live: IntArray, ramp: float, discounting: Discounting) -> Paid:
    """The same from go-live until ``lag`` days after a first day, or the horizon.

    Both days are whole, so what was saved by then is read from a table by the days between them.
    """
    horizon = discounting.horizon
    over = first > horizon - lag
    between = np.where(over, horizon, first) - np.minimum(live, horizon) + horizon
    paid, paid_present = discounting.rises(ramp, lag)
    if not over.any():
        return Paid(paid[between], paid_present[between])
    cut, cut_present = discounting.rises(ramp, 0.0)
    return Paid(
        np.where(over, cut[between], paid[between]), np.where(over, cut_present[between], paid_present[between])
    )
