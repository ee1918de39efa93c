"""Legacy systems: how long they were used, supported or not, and how often they failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulator.days import NEVER
from simulator.inputs import BoolArray, stacked
from simulator.network import LegacyTerms, Live
from simulator.network.values import IntArray
from simulator.outcomes.milestones import Milestones


@dataclass(frozen=True)
class SystemUse:
    """One legacy system's life; days of shape (N,), not cut at the horizon."""

    terms: LegacyTerms
    retired: IntArray
    used: bool
    """Whether anyone uses it on day 0; one whose users were all live before then never fails."""
    end_of_support: IntArray
    extension_from: IntArray
    """The earlier of end of support and contract end; `NEVER` without either."""
    extended: BoolArray
    """Whether an extension was bought: the system was not retired before that day."""
    unsupported_from: IntArray
    users_of: dict[int, IntArray]
    """Cluster to the day by which its own users of the system are live."""


def system_use(milestones: Milestones, system: int) -> SystemUse:
    """What became of one legacy system.

    An extension is bought where the system was not retired before the earlier of end of support and
    contract end; support then lasts until the later of end of support and the extension's end.
    """
    terms = milestones.network.legacy[system]
    ends = milestones.inputs.end_of_support[system]
    retired = milestones.all_live(terms.users)
    begins = np.minimum(ends, NEVER if terms.contract_end is None else terms.contract_end).astype(np.int32)
    extended = np.zeros(milestones.size, dtype=np.bool_)
    if terms.extended_until is not None:
        extended = (retired >= begins) & (begins < NEVER)
    until = np.where(extended, -1 if terms.extended_until is None else terms.extended_until, -1)
    return SystemUse(
        terms=terms,
        retired=retired,
        used=any(user.activities or user.joins for user in terms.users),
        end_of_support=ends,
        extension_from=begins,
        extended=extended,
        unsupported_from=np.maximum(ends, until).astype(np.int32),
        users_of=_users_of(milestones, terms),
    )


def _users_of(milestones: Milestones, terms: LegacyTerms) -> dict[int, IntArray]:
    """Users that were live before the start are nobody's: they add no day to any cluster."""
    users: dict[int, list[Live]] = {}
    for user in terms.users:
        if user.activities:
            users.setdefault(int(milestones.network.cluster[user.activities[0]]), []).append(user)
    return {cluster: milestones.all_live(listed) for cluster, listed in users.items()}


def days_between(begins: IntArray | int, ends: IntArray, horizon: int) -> IntArray:
    """Days from one day to another that is cut at the horizon, (N,), none where it comes first."""
    return np.maximum(np.minimum(ends, horizon) - np.minimum(begins, horizon), 0).astype(np.int32)


def unsupported_days(use: SystemUse, until: IntArray, horizon: int) -> IntArray:
    """Days up to ``until``, cut at the horizon, on which a system was without support, (N,)."""
    return days_between(use.unsupported_from, until, horizon)


def days_past_contract(use: SystemUse, until: IntArray, horizon: int) -> IntArray:
    """Days up to ``until``, cut at the horizon, after a system's contract ended, (N,)."""
    contract_end = NEVER if use.terms.contract_end is None else use.terms.contract_end
    return days_between(contract_end, until, horizon)


def failures_by(milestones: Milestones, system: int, use: SystemUse, until: IntArray) -> IntArray:
    """Failures of a system up to and including the day ``until``, (N,).

    A failure comes first on its day, so that one on the day of retirement counts (rule 15).
    """
    if not use.used:
        return np.zeros(milestones.size, dtype=np.int32)
    last = np.minimum(until, milestones.network.horizon)
    return failures_upto(milestones, system, last).sum(axis=0, dtype=np.int32)


def failures_upto(milestones: Milestones, system: int, last: IntArray) -> BoolArray:
    """Whether each failure of a system falls by a last day, (K, N), as far as any does: none is before an earlier."""
    found: list[BoolArray] = []
    for row in failure_rows(milestones, system):
        counts = milestones.inputs.failures.day[row] <= last
        if not counts.any():
            break
        found.append(counts)
    return stacked(found, milestones.size, np.bool_)


def failure_rows(milestones: Milestones, system: int) -> range:
    """Rows of the failures of a system, the first one first; they follow each other."""
    found = np.flatnonzero(milestones.inputs.failures.system == system)
    return range(int(found[0]), int(found[-1]) + 1) if found.size else range(0)


def cut_short(milestones: Milestones, system: int, use: SystemUse) -> BoolArray:
    """Where a system was in use after the last failure that is drawn, and more would have come, (N,)."""
    rows = failure_rows(milestones, system)
    if not rows or not use.used:
        return np.zeros(milestones.size, dtype=np.bool_)
    return milestones.inputs.failures.cut[system] & (use.retired > milestones.inputs.failures.day[rows[-1]])


def per_cluster(milestones: Milestones, uses: Sequence[SystemUse]) -> tuple[IntArray, IntArray, IntArray]:
    """Unsupported days, days past contract end and failures of each cluster's own users, (C, N) each.

    A cluster's users may leave a system before it is retired; each counts only its own time, so clusters
    that share a system do not add up to the programme, which counts every system once.
    """
    horizon = milestones.network.horizon
    shape = (len(milestones.network.clusters), milestones.size)
    unsupported, past, failures = (np.zeros(shape, dtype=np.int32) for _ in range(3))
    for system, use in enumerate(uses):
        for cluster, live in use.users_of.items():
            unsupported[cluster] += unsupported_days(use, live, horizon)
            past[cluster] += days_past_contract(use, live, horizon)
            failures[cluster] += failures_by(milestones, system, use, live)
    return unsupported, past, failures


def rows_of(rows: Sequence[IntArray], size: int) -> IntArray:
    """Rows of whole numbers as one array, also where there are none."""
    return stacked(rows, size, np.int32)
