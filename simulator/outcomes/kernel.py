"""The measures that are worked out replication by replication, compiled."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.compiled import entry, filled, inner, read, scalar, times
from simulator.days import NEVER

PLANNED: Final = 0
BEYOND: Final = 1
RISKS: Final = 2
REWORK: Final = 3
DISRUPTION: Final = 4
NAMED: Final = 5
"""The first of the columns of resources, budgets, boards and windows; other clusters come last."""

ASKED: Final = 0
GRANTED: Final = 1
STARTED: Final = 2
WORKED: Final = 3
FINISHED: Final = 4
DISRUPTED: Final = 5
REWORKED: Final = 6
REWORK_DISRUPTED: Final = 7
"""Places of a timeline's arrays, (A, N) each, in the tuple of `days`."""

PLAN: Final = 0
EFFECT: Final = 1
WAVE: Final = 2
WINDOW: Final = 3
BOARD: Final = 4
BEFORE: Final = 5
ASKS: Final = 7
SPENDS: Final = 9
CLUSTER: Final = 11
"""Columns of the table of activities: days of plan, rows of inputs, columns of parts (-1 for none), and from where
to where predecessors of the same cluster and wait slots are listed."""

INTS, INTS_2 = read("int32", 1), read("int32", 2)
REALS_2 = read("float64", 2)
FLAGS_2 = read("boolean", 2)


@inner
def _off(over, segment):
    """What is left to take off later segments, once this one has lost what it can."""
    return over - min(over, segment)


@inner
def _split_line(waited, table, columns, a, n, out, c, over):
    for first in (ASKS, SPENDS):
        for slot in range(table[a, first], table[a, first + 1]):
            segment = np.int64(waited[slot, n])
            out[c, columns[slot], n] += segment - min(over, segment)
            over = _off(over, segment)


@inner
def _split_work(table, a, n, length, over, counts, unfinished, disrupted, delay, skipped, out, c):
    plan, risk = np.int64(table[a, PLAN]), np.int64(0)
    if table[a, EFFECT] >= 0:
        risk = np.int64(np.rint(min(delay[table[a, EFFECT], n], np.float64(NEVER))))
    if table[a, WAVE] >= 0 and skipped[table[a, WAVE], n]:
        plan = risk = np.int64(0)
    if unfinished:
        plan = min(plan, length)
        risk = min(risk, length - plan)
        disrupted = min(disrupted, length - plan - risk)
    rest = length - plan - risk - disrupted
    if not counts:  # quicker than planned and over by the origin: a rest of its plan is not counted
        return
    out[c, PLANNED, n] += plan - min(over, plan)
    over = _off(over, plan)
    out[c, RISKS, n] += risk - min(over, risk)
    over = _off(over, risk)
    out[c, DISRUPTION, n] += disrupted - min(over, disrupted)
    over = _off(over, disrupted)
    more = max(rest, np.int64(0))
    out[c, BEYOND, n] += more - min(over, more) + min(rest, np.int64(0))


@inner
def _split_hearings(board, n, length, over, unfinished, reworked, disrupted, out, c):
    if unfinished:
        reworked = min(reworked, length)
        disrupted = min(disrupted, length - reworked)
    waited = length - reworked - disrupted
    out[c, REWORK, n] += reworked - min(over, reworked)
    over = _off(over, reworked)
    out[c, DISRUPTION, n] += disrupted - min(over, disrupted)
    over = _off(over, disrupted)
    out[c, board, n] += waited - min(over, waited)


@inner
def _last_of_cluster(days, starts, joins, first, end, n, go_live):
    """The activity with which the last department came to be live, -1 where none joins."""
    for row in range(first, end):
        a = starts[row, 0]
        if days[FINISHED][a, n] == go_live and (starts[row, 1] < 0 or joins[starts[row, 1], n]):
            return a
    return np.int32(-1)


@inner
def _before(days, table, own, a, n):
    """The predecessor in the same cluster that finished last, the first of several; -1 for the first of a chain."""
    before, latest = np.int32(-1), np.int32(-1)
    for place in range(table[a, BEFORE], table[a, BEFORE + 1]):
        if days[FINISHED][own[place], n] > latest:
            before, latest = own[place], days[FINISHED][own[place], n]
    return before


@inner
def _split(days, waited, table, columns, delay, skipped, a, n, before, origin, horizon, out, c):
    """Days of one activity of a chain, those of its moments cut at the horizon that lie after the origin."""
    asked, granted = min(np.int64(days[ASKED][a, n]), horizon), min(np.int64(days[GRANTED][a, n]), horizon)
    started, worked = min(np.int64(days[STARTED][a, n]), horizon), min(np.int64(days[WORKED][a, n]), horizon)
    finished = min(np.int64(days[FINISHED][a, n]), horizon)
    if finished < origin:
        return
    out[c, out.shape[1] - 1, n] += max(asked, origin) - max(before, origin)
    _split_line(waited, table, columns, a, n, out, c, max(origin - asked, np.int64(0)))
    if table[a, WINDOW] >= 0:
        out[c, table[a, WINDOW], n] += max(started, origin) - max(granted, origin)
    counts, over = started >= origin or worked > origin, max(origin - started, np.int64(0))
    disrupted, at_work = np.int64(days[DISRUPTED][a, n]), days[WORKED][a, n] == NEVER
    _split_work(table, a, n, worked - started, over, counts, at_work, disrupted, delay, skipped, out, c)
    if table[a, BOARD] >= 0:
        reworked, again = np.int64(days[REWORKED][a, n]), np.int64(days[REWORK_DISRUPTED][a, n])
        unfinished, over = days[FINISHED][a, n] == NEVER, max(origin - worked, np.int64(0))
        _split_hearings(table[a, BOARD], n, finished - worked, over, unfinished, reworked, again, out, c)


@entry(
    *(times(INTS_2, REWORK_DISRUPTED + 1), INTS_2, INTS_2, INTS, INTS, REALS_2, FLAGS_2),
    *(INTS_2, INTS, FLAGS_2, INTS_2, INTS, scalar("int64"), filled("int32", 1), filled("int32", 3)),
)
def split_time(
    days, waited, table, own, columns, delay, skipped, starts, start_at, joins, go_live, origins, horizon, at, out
):
    """Add the days of every cluster's chains to ``out``, (C, K, N); see `time_spent`.

    Chains are walked together, activity by activity from the last to the first, so that memory is read in its order;
    ``at``, (N,), is for where each chain has got to.
    """
    for c in range(go_live.shape[0]):
        origin = np.int64(origins[c])
        for n in range(go_live.shape[1]):
            at[n] = _last_of_cluster(days, starts, joins, start_at[c], start_at[c + 1], n, go_live[c, n])
        for a in range(table.shape[0] - 1, -1, -1):
            if table[a, CLUSTER] != c:
                continue
            for n in range(go_live.shape[1]):
                if at[n] == a:
                    before = _before(days, table, own, a, n)
                    since = origin if before < 0 else min(np.int64(days[FINISHED][before, n]), horizon)
                    _split(days, waited, table, columns, delay, skipped, a, n, since, origin, horizon, out, c)
                    at[n] = before


@inner
def _saved_by(first, lag, live, horizon, tables, cut, row):
    """What has been saved ``lag`` days after a first day, or by the horizon, by one who is live from a day on."""
    before = min(live, horizon) - horizon
    return cut[row, horizon - before] if first > horizon - lag else tables[row, first - before]


@entry(
    *(INTS, INTS, scalar("float64"), scalar("float64"), scalar("int64")),
    *(REALS_2, REALS_2, REALS_2, filled("float64", 2)),
)
def save(first, live, begins, ends, horizon, tables_at_begin, tables_at_end, cut, out):
    """Add what is saved during one contract to ``out``, (2, N), undiscounted and discounted; see `savings`."""
    for n in range(first.shape[0]):
        day, since = np.int64(first[n]), np.int64(live[n])
        for row in range(2):
            by_end = _saved_by(day, ends, since, horizon, tables_at_end, cut, row)
            out[row, n] += by_end - _saved_by(day, begins, since, horizon, tables_at_begin, cut, row)
