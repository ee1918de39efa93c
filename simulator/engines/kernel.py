"""The event loop of the batch engine, compiled: one replication after another, on plain arrays.

Numbers in comments are the rules of `simulator.engines`. Everything compiled is in this module, since
a cached function does not notice that a function of another module has changed.

Events of one replication wait in a binary heap of whole numbers, ``day · 2^28 + order · 2^24 + index``,
so that the smallest is the next in the order of the day. Grants need no event: `State.flags` says that
the line is to be read once nothing earlier is left of the day.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

NEVER = 2147483647
MONEY_TOLERANCE = 1e-9

DAY_SHIFT = 28
ORDER_SHIFT = 24
INDEX_MASK = (1 << ORDER_SHIFT) - 1
ORDER_MASK = 15

FAILURES, SUPPLY, TRANCHES, ENDS, MILESTONES, RELEASES, WINDOWS, BOARDS = 1, 2, 3, 4, 5, 6, 7, 8

HEAP, LINE, HALL, FINISHING, REVIEW = 0, 1, 2, 3, 4
"""Places in `State.flags`: sizes of the heap, the line, the hall and the stack, and whether to read the line."""


class Net(NamedTuple):
    """The network; see `simulator.network.Network`. ``*_at`` holds where each row of a list starts."""

    horizon: int
    milestones: int
    cluster: Any
    stage: Any
    stages: int
    priority: Any
    release: Any
    predecessors: Any
    successor_at: Any
    successor: Any
    learning_at: Any
    learning: Any
    congestion_resource: Any
    congestion_beyond: Any
    congestion_each: Any
    ask_at: Any
    ask_resource: Any
    ask_units: Any
    spend_at: Any
    spend_budget: Any
    spend_money: Any
    return_at: Any
    return_resource: Any
    return_units: Any
    phase: Any
    phase_size: Any
    phase_at: Any
    phase_resource: Any
    phase_units: Any
    board: Any
    meeting_at: Any
    meeting: Any
    seats: Any
    window: Any
    window_at: Any
    window_day: Any
    calendar: Any
    step_resource: Any
    step_value: Any
    tranche_budget: Any
    disrupt_at: Any
    disrupt: Any
    leave_at: Any
    leave: Any
    leave_count: Any


class Given(NamedTuple):
    """One block's random inputs; see `simulator.inputs.Inputs`."""

    length: Any
    effect: Any
    factor: Any
    delay: Any
    wave: Any
    skipped: Any
    milestone_day: Any
    capacity: Any
    tranche_day: Any
    tranche_amount: Any
    case: Any
    returned: Any
    rework_at: Any
    rework: Any
    remains: Any
    failure_system: Any
    failure_day: Any
    failure_length: Any


class State(NamedTuple):
    """What changes during one replication."""

    flags: Any
    heap: Any
    line: Any
    hall: Any
    finishing: Any
    asked: Any
    granted: Any
    started: Any
    worked: Any
    finished: Any
    disrupted: Any
    reworked: Any
    rework_disrupted: Any
    ends: Any
    blocked: Any
    left_in_phase: Any
    completed: Any
    completed_by: Any
    capacity: Any
    inside: Any
    peak: Any
    money: Any
    taken: Any
    frozen: Any
    read: Any
    reason: Any
    since: Any
    waited: Any
    in_use: Any
    users_left: Any
    returns: Any
    waits_since: Any
    not_before: Any
    met_on: Any
    seats_left: Any


class Out(NamedTuple):
    """The arrays of a timeline."""

    asked: Any
    granted: Any
    started: Any
    worked: Any
    finished: Any
    disrupted: Any
    reworked: Any
    rework_disrupted: Any
    waited: Any
    waiting_for: Any
    peak: Any


compiled = njit(cache=True, nogil=True)


@compiled
def push(state, day, order, index):
    """Add an event to the heap."""
    heap = state.heap
    place = state.flags[HEAP]
    state.flags[HEAP] = place + 1
    key = (np.int64(day) << DAY_SHIFT) | (np.int64(order) << ORDER_SHIFT) | np.int64(index)
    while place > 0:
        parent = (place - 1) >> 1
        if heap[parent] <= key:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = key


@compiled
def pop(state):
    """Take the next event from the heap."""
    heap = state.heap
    first = heap[0]
    size = state.flags[HEAP] - 1
    state.flags[HEAP] = size
    key = heap[size]
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= key:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = key
    return first


@compiled
def first_at_or_after(days, low, high, day):
    """Index of the first of days[low:high], ascending, that is not before a day; ``high`` if there is none."""
    while low < high:
        middle = (low + high) >> 1
        if days[middle] < day:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def comes_before(net, state, a, b):
    """Whether activity a stands before b in line: by priority, then asked on, then file order."""
    if net.priority[a] != net.priority[b]:
        return net.priority[a] < net.priority[b]
    if state.asked[a] != state.asked[b]:
        return state.asked[a] < state.asked[b]
    return a < b


@compiled
def ask(net, given, state, replication, a, day):
    """Rules 2 and 3: a released activity stands in line, or is skipped and finishes."""
    state.asked[a] = day
    wave = given.wave[a]
    if wave >= 0 and given.skipped[wave, replication]:
        state.granted[a] = day
        state.started[a] = day
        state.worked[a] = day
        state.finishing[state.flags[FINISHING]] = a
        state.flags[FINISHING] += 1
        return
    line = state.line
    place = state.flags[LINE]
    state.flags[LINE] = place + 1
    while place > 0 and comes_before(net, state, a, line[place - 1]):
        line[place] = line[place - 1]
        place -= 1
    line[place] = a
    state.since[a] = day
    state.reason[a] = -1
    state.flags[REVIEW] = 1


@compiled
def finish(net, given, state, replication, a, day):
    """Rule 8: an activity that was worked on finishes."""
    give_back(state, net.return_at, net.return_resource, net.return_units, a)
    if net.stage[a] >= 0:
        state.completed[net.stage[a]] += 1
        state.completed_by[net.cluster[a] * net.stages + net.stage[a]] += 1
    state.finishing[state.flags[FINISHING]] = a
    state.flags[FINISHING] += 1
    settle(net, given, state, replication, day)


@compiled
def settle(net, given, state, replication, day):
    """Rule 12: what finishes takes effect at once, and with it every skipped wave that this releases."""
    while state.flags[FINISHING] > 0:
        state.flags[FINISHING] -= 1
        done = state.finishing[state.flags[FINISHING]]
        state.finished[done] = day
        leave_phase(net, state, done)
        leave_systems(net, given, state, replication, done)
        for i in range(net.successor_at[done], net.successor_at[done + 1]):
            after = net.successor[i]
            state.blocked[after] -= 1
            if state.blocked[after] == 0 and net.release[after] <= day:
                ask(net, given, state, replication, after, day)


@compiled
def give_back(state, starts, resource, units, owner):
    """Units return."""
    for i in range(starts[owner], starts[owner + 1]):
        state.inside[resource[i]] -= units[i]
        state.flags[REVIEW] = 1


@compiled
def leave_phase(net, state, a):
    """What a phase holds returns with its last activity."""
    phase = net.phase[a]
    if phase >= 0:
        state.left_in_phase[phase] -= 1
        if state.left_in_phase[phase] == 0:
            give_back(state, net.phase_at, net.phase_resource, net.phase_units, phase)


@compiled
def leave_systems(net, given, state, replication, a):
    """A legacy system goes out of use when the last of its users is live."""
    for i in range(net.leave_at[a], net.leave_at[a + 1]):
        system = net.leave[i]
        state.users_left[system] -= 1
        if state.users_left[system] == 0:
            state.in_use[system] = given.remains[system, replication]


@compiled
def begin(net, given, state, replication, a, day):
    """Rule 6: work begins; its length is fixed now."""
    state.started[a] = day
    row = given.effect[a]
    factor = 1.0
    delay = 0.0
    if row >= 0:
        factor = given.factor[row, replication]
        delay = given.delay[row, replication]
    if net.learning_at[a + 1] > net.learning_at[a]:
        stage = net.stage[a]
        others = state.completed[stage] - state.completed_by[net.cluster[a] * net.stages + stage]
        factor *= net.learning[net.learning_at[a] + others]  # 13
    resource = net.congestion_resource[a]
    if resource >= 0:
        factor *= 1.0 + net.congestion_each[a] * max(0, state.inside[resource] - net.congestion_beyond[a])  # 14
    state.ends[a] = day + np.int32(np.rint(given.length[a, replication] * factor + delay))
    push(state, state.ends[a], ENDS, a)


@compiled
def wait_for_board(net, state, a, day):
    """Rule 7: wait to be heard at the first meeting that may hear it."""
    board = net.board[a]
    state.waits_since[a] = day
    state.hall[state.flags[HALL]] = a
    state.flags[HALL] += 1
    call_meeting(net, state, board, max(day, state.not_before[a]))


@compiled
def call_meeting(net, state, board, day):
    """Have the first meeting of a board from a day on take place."""
    last = net.meeting_at[board + 1]
    place = first_at_or_after(net.meeting, net.meeting_at[board], last, day)
    if place < last:
        push(state, net.meeting[place], BOARDS, board)


@compiled
def work_ends(net, given, state, replication, a, day):
    """Work or rework ends, unless a failure has lengthened it."""
    if state.ends[a] > day:
        push(state, state.ends[a], ENDS, a)
        return
    state.ends[a] = -1
    if state.worked[a] == NEVER:
        state.worked[a] = day
        state.not_before[a] = day
    if net.board[a] >= 0:
        wait_for_board(net, state, a, day)
    else:
        finish(net, given, state, replication, a, day)


@compiled
def next_case(net, state, board, day):
    """Place in the hall of the next case that a board may hear today, -1 if there is none (rule 10)."""
    best = -1
    for place in range(state.flags[HALL]):
        a = state.hall[place]
        if net.board[a] != board or state.not_before[a] > day:
            continue
        if best < 0:
            best = place
            continue
        b = state.hall[best]
        if net.priority[a] != net.priority[b]:
            if net.priority[a] < net.priority[b]:
                best = place
        elif state.waits_since[a] != state.waits_since[b]:
            if state.waits_since[a] < state.waits_since[b]:
                best = place
        elif a < b:
            best = place
    return best


@compiled
def meet(net, given, state, replication, board, day):
    """A board hears cases while it has seats."""
    if state.met_on[board] != day:
        state.met_on[board] = day
        state.seats_left[board] = net.seats[board]
    while state.seats_left[board] != 0:
        place = next_case(net, state, board, day)
        if place < 0:
            break
        state.seats_left[board] -= 1
        a = state.hall[place]
        state.flags[HALL] -= 1
        state.hall[place] = state.hall[state.flags[HALL]]
        hear(net, given, state, replication, a, day)
    for place in range(state.flags[HALL]):
        if net.board[state.hall[place]] == board:
            call_meeting(net, state, board, day + 1)
            break


@compiled
def hear(net, given, state, replication, a, day):
    """Rule 7: the case passes, or is returned and reworks."""
    case = given.case[a]
    if case >= 0 and state.returns[a] < given.returned[case, replication]:
        days = given.rework[given.rework_at[case] + state.returns[a], replication]
        state.returns[a] += 1
        state.reworked[a] += days
        state.not_before[a] = day + 1
        state.ends[a] = day + days
        push(state, state.ends[a], ENDS, a)
    else:
        finish(net, given, state, replication, a, day)


@compiled
def fail(net, given, state, replication, row, day):
    """Rule 15: a legacy system fails."""
    system = given.failure_system[row]
    if not state.in_use[system]:
        return
    days = given.failure_length[row, replication]
    for i in range(net.disrupt_at[system], net.disrupt_at[system + 1]):
        a = net.disrupt[i]
        if state.ends[a] > day:
            state.ends[a] += days
            if state.worked[a] == NEVER:
                state.disrupted[a] += days
            else:
                state.rework_disrupted[a] += days


@compiled
def short_of(net, state, a, read):
    """Rule 18: the first wait slot of a request that cannot be granted, -1 where all can."""
    for i in range(net.ask_at[a], net.ask_at[a + 1]):
        resource = net.ask_resource[i]
        if state.taken[resource] == read or state.capacity[resource] - state.inside[resource] < net.ask_units[i]:
            return i
    asks = len(net.ask_resource)
    for i in range(net.spend_at[a], net.spend_at[a + 1]):
        budget = net.spend_budget[i]
        if state.frozen[budget] == read or state.money[budget] + MONEY_TOLERANCE < net.spend_money[i]:
            return asks + i
    return -1


@compiled
def read_line(net, given, state, replication, day):
    """Rule 11: grant what can be granted, in order, nobody overtaking."""
    state.read[0] += 1
    read = state.read[0]
    line = state.line
    kept = 0
    for place in range(state.flags[LINE]):
        a = line[place]
        reason = short_of(net, state, a, read)
        if state.reason[a] >= 0:
            state.waited[state.reason[a]] += day - state.since[a]
        state.since[a] = day
        state.reason[a] = reason
        if reason < 0:
            grant(net, given, state, replication, a, day)
            continue
        line[kept] = a
        kept += 1
        for i in range(net.ask_at[a], net.ask_at[a + 1]):
            state.taken[net.ask_resource[i]] = read
        for i in range(net.spend_at[a], net.spend_at[a + 1]):
            state.frozen[net.spend_budget[i]] = read
    state.flags[LINE] = kept


@compiled
def grant(net, given, state, replication, a, day):
    """Rules 4 and 5: everything is granted; work begins if its window is open."""
    state.granted[a] = day
    for i in range(net.ask_at[a], net.ask_at[a + 1]):
        resource = net.ask_resource[i]
        state.inside[resource] += net.ask_units[i]
        state.peak[resource] = max(state.peak[resource], state.inside[resource])
    for i in range(net.spend_at[a], net.spend_at[a + 1]):
        state.money[net.spend_budget[i]] -= net.spend_money[i]
    window = net.window[a]
    if window >= 0:
        last = net.window_at[window + 1]
        place = first_at_or_after(net.window_day, net.window_at[window], last, day)
        if place == last:
            return
        if net.window_day[place] > day:
            push(state, net.window_day[place], WINDOWS, a)
            return
    begin(net, given, state, replication, a, day)


@compiled
def happen(net, given, state, replication, order, index, day):
    """Rules 9 and 10: one event of the day."""
    if order == ENDS:
        work_ends(net, given, state, replication, index, day)
    elif order == BOARDS:
        meet(net, given, state, replication, index, day)
    elif order == WINDOWS:
        begin(net, given, state, replication, index, day)
    elif order == RELEASES:
        if state.blocked[index] == 0 and state.asked[index] == NEVER:
            release(net, given, state, replication, index, day)
    elif order == MILESTONES:
        state.asked[index] = day
        state.granted[index] = day
        state.started[index] = day
        state.worked[index] = day
        finish(net, given, state, replication, index, day)
    elif order == SUPPLY:
        resource = net.step_resource[index]
        value = net.step_value[index]
        state.capacity[resource] = given.capacity[resource, replication] if value < 0 else value
        state.flags[REVIEW] = 1
    elif order == TRANCHES:
        state.money[net.tranche_budget[index]] += given.tranche_amount[index, replication]
        state.flags[REVIEW] = 1
    else:
        fail(net, given, state, replication, index, day)


@compiled
def release(net, given, state, replication, a, day):
    """An activity that nothing blocks is released; where it is skipped, it finishes at once."""
    ask(net, given, state, replication, a, day)
    settle(net, given, state, replication, day)


@compiled
def reset(net, given, state, replication):
    """The world on the morning of day 0, and all events whose day is known."""
    state.flags[:] = 0
    state.asked[:] = NEVER
    state.granted[:] = NEVER
    state.started[:] = NEVER
    state.worked[:] = NEVER
    state.finished[:] = NEVER
    state.disrupted[:] = 0
    state.reworked[:] = 0
    state.rework_disrupted[:] = 0
    state.ends[:] = -1
    state.blocked[:] = net.predecessors
    state.left_in_phase[:] = net.phase_size
    state.completed[:] = 0
    state.completed_by[:] = 0
    state.capacity[:] = 0
    state.inside[:] = 0
    state.peak[:] = 0
    state.money[:] = 0.0
    state.taken[:] = 0
    state.frozen[:] = 0
    state.read[0] = 0
    state.reason[:] = -1
    state.waited[:] = 0
    state.users_left[:] = net.leave_count
    state.returns[:] = 0
    state.met_on[:] = -1
    for system in range(len(net.leave_count)):
        state.in_use[system] = net.leave_count[system] > 0 or given.remains[system, replication]
    known_events(net, given, state, replication)


@compiled
def known_events(net, given, state, replication):
    """Failures, tranches and milestones of this replication go into the heap."""
    for row in range(len(given.failure_system)):
        if given.failure_day[row, replication] <= net.horizon:
            push(state, given.failure_day[row, replication], FAILURES, row)
    for tranche in range(len(net.tranche_budget)):
        if given.tranche_day[tranche, replication] <= net.horizon:
            push(state, given.tranche_day[tranche, replication], TRANCHES, tranche)
    for milestone in range(net.milestones):
        if given.milestone_day[milestone, replication] <= net.horizon:
            push(state, given.milestone_day[milestone, replication], MILESTONES, milestone)


@compiled
def one_future(net, given, state, replication):
    """One replication, day by day, to the horizon (rules 9 to 12 and 17)."""
    reset(net, given, state, replication)
    for a in range(net.milestones, len(net.release)):
        if net.predecessors[a] == 0 and net.release[a] <= 0 and state.asked[a] == NEVER:
            release(net, given, state, replication, a, 0)
    known = 0  # the next of the events that are the same in every replication
    limit = (np.int64(net.horizon) + 1) << DAY_SHIFT
    day = np.int64(0)
    while True:
        key = state.heap[0] if state.flags[HEAP] > 0 else limit
        if known < len(net.calendar) and net.calendar[known] < key:
            key = net.calendar[known]
        if state.flags[REVIEW] == 1 and (key >> DAY_SHIFT) > day:
            state.flags[REVIEW] = 0
            read_line(net, given, state, replication, day)
            continue
        if key >= limit:
            break
        if known < len(net.calendar) and net.calendar[known] == key:
            known += 1
        else:
            pop(state)
        day = key >> DAY_SHIFT
        happen(net, given, state, replication, (key >> ORDER_SHIFT) & ORDER_MASK, key & INDEX_MASK, day)


@compiled
def keep(net, state, out, replication):
    """Copy what one replication recorded into its column (rule 18 at the horizon included)."""
    for a in range(len(net.release)):
        out.asked[a, replication] = state.asked[a]
        out.granted[a, replication] = state.granted[a]
        out.started[a, replication] = state.started[a]
        out.worked[a, replication] = state.worked[a]
        out.finished[a, replication] = state.finished[a]
        out.disrupted[a, replication] = state.disrupted[a]
        out.reworked[a, replication] = state.reworked[a]
        out.rework_disrupted[a, replication] = state.rework_disrupted[a]
        out.waiting_for[a, replication] = -1
    for place in range(state.flags[LINE]):
        a = state.line[place]
        state.waited[state.reason[a]] += net.horizon - state.since[a]
        out.waiting_for[a, replication] = state.reason[a]
    for slot in range(len(state.waited)):
        out.waited[slot, replication] = state.waited[slot]
    for resource in range(len(state.peak)):
        out.peak[resource, replication] = state.peak[resource]


@compiled
def simulate_block(net, given, state, out, first, last):
    """Replications ``first`` to ``last`` (excluded) of a block."""
    for replication in range(first, last):
        one_future(net, given, state, replication)
        keep(net, state, out, replication)
