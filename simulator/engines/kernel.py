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
ENDLESS = 100_000

DAY_SHIFT = 28
ORDER_SHIFT = 24
INDEX_MASK = (1 << ORDER_SHIFT) - 1
ORDER_MASK = 15

FAILURES, SUPPLY, TRANCHES, ENDS, MILESTONES, RELEASES, WINDOWS, BOARDS = 1, 2, 3, 4, 5, 6, 7, 8

# Columns of `Net.activity`. Where two follow each other as X, X_END, they bound a list in `Net.lists`
# (learning and spends: in `Net.reals` too).
CLUSTER, STAGE, PRIORITY, RELEASE, PREDECESSORS, PHASE, BOARD, WINDOW, EFFECT, WAVE, CASE = range(11)
CONGESTION, BEYOND, FIRST_ASK, FIRST_SPEND = range(11, 15)
SUCCESSORS, SUCCESSORS_END, ASKS, ASKS_END, SPENDS, SPENDS_END = range(15, 21)
RETURNS, RETURNS_END, LEARNING, LEARNING_END, LEAVES, LEAVES_END = range(21, 27)

# Columns of `State.activity`; the first eight are the timeline's.
ASKED, GRANTED, STARTED, WORKED, FINISHED, DISRUPTED, REWORKED, REWORK_DISRUPTED = range(8)
ENDING, BLOCKED, REASON, SINCE, RETURNED, WAITS_SINCE, NOT_BEFORE = range(8, 15)
OTHERS, CROWD = range(15, 17)

FIRST, END = 0, 1
"""Columns that bound a list, in `Net.window`, `Net.board`, `Net.phase` and `Net.system`."""
SEATS = SIZE = USERS = 2
"""The third column of `Net.board`, `Net.phase` and `Net.system`."""
CAPACITY, INSIDE, PEAK, TAKEN = range(4)
"""Columns of `State.resource`."""
MET_ON, SEATS_LEFT, CALLED = range(3)
"""Columns of `State.board`."""
IS_RELEASED, FINISHES = range(2)
"""What `State.agenda` says of an activity."""
USERS_LEFT, IN_USE = range(2)
"""Columns of `State.system`."""
HEAP, LINE, HALL, AGENDA, NEXT_ROUND, REVIEW, READ = range(7)
"""Places in `State.flags`: sizes of heap, line, hall, agenda and next round; whether to read the line; readings."""


class Net(NamedTuple):
    """The network; see `simulator.network.Network`."""

    horizon: int
    milestones: int
    stages: int
    activity: Any
    paced: Any
    each: Any
    lists: Any
    reals: Any
    phase: Any
    board: Any
    window: Any
    step: Any
    tranche: Any
    system: Any
    calendar: Any


class Given(NamedTuple):
    """One block's random inputs; see `simulator.inputs.Inputs`. ``whole`` holds all whole numbers, by first row."""

    length: Any
    factor: Any
    delay: Any
    amount: Any
    whole: Any
    failure_system: Any
    failure_at: Any
    rework_at: Any
    milestone_day: int
    capacity: int
    tranche_day: int
    skipped: int
    remains: int
    returned: int
    rework: int
    failure_day: int
    failure_length: int


class State(NamedTuple):
    """What changes during one replication."""

    flags: Any
    heap: Any
    line: Any
    hall: Any
    agenda: Any
    next_round: Any
    activity: Any
    resource: Any
    board: Any
    phase: Any
    system: Any
    completed: Any
    money: Any
    frozen: Any
    waited: Any


class Out(NamedTuple):
    """The arrays of a timeline; ``days`` is (8, A, N)."""

    days: Any
    waiting_for: Any
    waited: Any
    peak: Any
    completions: Any
    crowd: Any


# Arrays are never made here, so counting references to them (nrt) would only cost; calls that pass the
# whole world are inlined, since handing over its arrays one by one costs more than what they do.
_OPTIONS: Any = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
_UNWRAPPED: Any = {**_OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
inner: Any = njit(**_UNWRAPPED, forceinline=True)
leaf: Any = njit(**_UNWRAPPED)
entry: Any = njit(**_OPTIONS)


@leaf
def push(heap, flags, day, order, index):
    """Add an event to the heap."""
    place = flags[HEAP]
    flags[HEAP] = place + 1
    key = (np.int64(day) << DAY_SHIFT) | (np.int64(order) << ORDER_SHIFT) | np.int64(index)
    while place > 0:
        parent = (place - 1) >> 1
        if heap[parent] <= key:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = key


@leaf
def pop(heap, flags):
    """Take the next event from the heap."""
    size = flags[HEAP] - 1
    flags[HEAP] = size
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


@leaf
def first_at_or_after(days, low, high, day):
    """Index of the first of days[low:high], ascending, that is not before a day; ``high`` if there is none."""
    while low < high:
        middle = (low + high) >> 1
        if days[middle] < day:
            low = middle + 1
        else:
            high = middle
    return low


@leaf
def comes_before(network, activity, since, a, b):
    """Whether activity a comes before b: by priority, then the day in column ``since``, then file order."""
    if network[a, PRIORITY] != network[b, PRIORITY]:
        return network[a, PRIORITY] < network[b, PRIORITY]
    if activity[a, since] != activity[b, since]:
        return activity[a, since] < activity[b, since]
    return a < b


@leaf
def to_settle(agenda, flags, event, a):
    """Note that an activity is released or finishes, for `settle` to deal with at once."""
    agenda[flags[AGENDA]] = 2 * a + event
    flags[AGENDA] += 1


@inner
def settle(net, given, state, replication, day):
    """Rule 12: what is released or finishes takes effect at once, and so does what follows from it."""
    while state.flags[AGENDA] > 0:
        state.flags[AGENDA] -= 1
        item = state.agenda[state.flags[AGENDA]]
        a = item >> 1
        if item & 1 == IS_RELEASED:
            ask(net, given, state, replication, a, day)
        else:
            finish(net, given, state, replication, a, day)


@inner
def ask(net, given, state, replication, a, day):
    """Rules 2 and 3: a released activity stands in line, or is skipped and finishes."""
    mine = state.activity[a]
    mine[ASKED] = day
    wave = net.activity[a, WAVE]
    if wave >= 0 and given.whole[given.skipped + wave, replication]:
        mine[GRANTED] = day
        mine[STARTED] = day
        mine[WORKED] = day
        to_settle(state.agenda, state.flags, FINISHES, a)
        return
    line = state.line
    place = state.flags[LINE]
    state.flags[LINE] = place + 1
    while place > 0 and comes_before(net.activity, state.activity, ASKED, a, line[place - 1]):
        line[place] = line[place - 1]
        place -= 1
    line[place] = a
    mine[SINCE] = day
    mine[REASON] = -1
    state.flags[REVIEW] = 1


@leaf
def give_back(lists, resource, flags, first, end):
    """Units return."""
    for i in range(first, end, 2):
        resource[lists[i], INSIDE] -= lists[i + 1]
        flags[REVIEW] = 1


@leaf
def complete(network, lists, stages, resource, flags, completed, a):
    """Rule 8, for an activity that was worked on: its units return, and its stage has one completion more."""
    row = network[a]
    give_back(lists, resource, flags, row[RETURNS], row[RETURNS_END])
    if row[STAGE] >= 0:
        completed[row[STAGE]] += 1
        completed[(row[CLUSTER] + 1) * stages + row[STAGE]] += 1


@inner
def finish(net, given, state, replication, done, day):
    """Rule 8: an activity finishes, and unblocks its successors."""
    row = net.activity[done]
    state.activity[done, FINISHED] = day
    leave_phase(net.phase, net.lists, state.phase, state.resource, state.flags, row[PHASE])
    for i in range(row[LEAVES], row[LEAVES_END]):
        system = net.lists[i]
        state.system[system, USERS_LEFT] -= 1
        if state.system[system, USERS_LEFT] == 0:
            state.system[system, IN_USE] = given.whole[given.remains + system, replication]
    for i in range(row[SUCCESSORS], row[SUCCESSORS_END]):
        after = net.lists[i]
        state.activity[after, BLOCKED] -= 1
        if state.activity[after, BLOCKED] == 0 and net.activity[after, RELEASE] <= day:
            to_settle(state.agenda, state.flags, IS_RELEASED, after)


@leaf
def leave_phase(phases, lists, left, resource, flags, phase):
    """What a phase holds returns with its last activity."""
    if phase >= 0:
        left[phase] -= 1
        if left[phase] == 0:
            give_back(lists, resource, flags, phases[phase, FIRST], phases[phase, END])


@inner
def begin(net, given, state, replication, a, day):
    """Rule 6: work begins; its length is fixed now."""
    row = net.activity[a]
    factor = 1.0
    delay = 0.0
    if row[EFFECT] >= 0:
        factor = given.factor[row[EFFECT], replication]
        delay = given.delay[row[EFFECT], replication]
    if row[LEARNING_END] > row[LEARNING]:
        stage = row[STAGE]
        others = state.completed[stage] - state.completed[(row[CLUSTER] + 1) * net.stages + stage]
        factor *= net.reals[row[LEARNING] + others]  # 13
        state.activity[a, OTHERS] = others
    if row[CONGESTION] >= 0:
        crowd = state.resource[row[CONGESTION], INSIDE]
        factor *= 1.0 + net.each[a] * max(0, crowd - row[BEYOND])  # 14
        state.activity[a, CROWD] = crowd
    state.activity[a, STARTED] = day
    days = np.int64(np.rint(min(given.length[a, replication] * factor + delay, ENDLESS)))
    state.activity[a, ENDING] = day + days
    end_after(state.heap, state.next_round, state.flags, a, day, days)


@leaf
def end_after(heap, next_round, flags, a, day, days):
    """Work or rework that begins now ends after some days; if there are none, in the next round (rule 12)."""
    if days > 0:
        push(heap, flags, day + days, ENDS, a)
    else:
        next_round[flags[NEXT_ROUND]] = a
        flags[NEXT_ROUND] += 1


@leaf
def begin_round(heap, next_round, flags, day):
    """Rule 12: what was begun in this round, and has no length, ends first in the next."""
    for place in range(flags[NEXT_ROUND]):
        push(heap, flags, day, ENDS, next_round[place])
    flags[NEXT_ROUND] = 0


@leaf
def call_meeting(boards, lists, called, heap, flags, board, today, day):
    """Have the first meeting of a board from a day on take place; one that is called already is not called again."""
    end = boards[board, END]
    place = first_at_or_after(lists, boards[board, FIRST], end, day)
    if place == end:
        return
    if lists[place] > today:
        if called[board, CALLED] == lists[place]:
            return
        called[board, CALLED] = lists[place]
    push(heap, flags, lists[place], BOARDS, board)


@inner
def work_ends(net, state, a, day):
    """Work or rework ends, unless a failure has lengthened it."""
    mine = state.activity[a]
    if mine[ENDING] > day:
        push(state.heap, state.flags, mine[ENDING], ENDS, a)
        return
    mine[ENDING] = -1
    if mine[WORKED] == NEVER:
        mine[WORKED] = day
        mine[NOT_BEFORE] = day
    board = net.activity[a, BOARD]
    if board < 0:
        complete(net.activity, net.lists, net.stages, state.resource, state.flags, state.completed, a)
        to_settle(state.agenda, state.flags, FINISHES, a)
        return
    mine[WAITS_SINCE] = day  # 7
    state.hall[state.flags[HALL]] = a
    state.flags[HALL] += 1
    first = max(day, mine[NOT_BEFORE])
    call_meeting(net.board, net.lists, state.board, state.heap, state.flags, board, day, first)


@leaf
def next_case(network, activity, hall, waiting, board, day):
    """Place in the hall of the next case that a board may hear today, -1 if there is none (rule 10)."""
    best = -1
    for place in range(waiting):
        a = hall[place]
        if network[a, BOARD] != board or activity[a, NOT_BEFORE] > day:
            continue
        if best < 0 or comes_before(network, activity, WAITS_SINCE, a, hall[best]):
            best = place
    return best


@inner
def meet(net, given, state, replication, board, day):
    """A board hears cases while it has seats."""
    if state.board[board, MET_ON] != day:
        state.board[board, MET_ON] = day
        state.board[board, SEATS_LEFT] = net.board[board, SEATS]
    while state.board[board, SEATS_LEFT] != 0:
        place = next_case(net.activity, state.activity, state.hall, state.flags[HALL], board, day)
        if place < 0:
            break
        state.board[board, SEATS_LEFT] -= 1
        a = state.hall[place]
        state.flags[HALL] -= 1
        state.hall[place] = state.hall[state.flags[HALL]]
        hear(net, given, state, replication, a, day)
    for place in range(state.flags[HALL]):
        if net.activity[state.hall[place], BOARD] == board:
            call_meeting(net.board, net.lists, state.board, state.heap, state.flags, board, day, day + 1)
            break


@inner
def hear(net, given, state, replication, a, day):
    """Rule 7: the case passes, or is returned and reworks."""
    case = net.activity[a, CASE]
    mine = state.activity[a]
    if case >= 0 and mine[RETURNED] < given.whole[given.returned + case, replication]:
        days = given.whole[given.rework + given.rework_at[case] + mine[RETURNED], replication]
        mine[RETURNED] += 1
        mine[REWORKED] += days
        mine[NOT_BEFORE] = day + 1
        mine[ENDING] = day + days
        end_after(state.heap, state.next_round, state.flags, a, day, days)
    else:
        complete(net.activity, net.lists, net.stages, state.resource, state.flags, state.completed, a)
        to_settle(state.agenda, state.flags, FINISHES, a)


@inner
def fail(net, given, activity, systems, heap, flags, replication, row, day):
    """Rule 15: a legacy system fails."""
    system = given.failure_system[row]
    if not systems[system, IN_USE]:
        return
    next_failure(given, heap, flags, net.horizon, system, row + 1, replication)
    days = given.whole[given.failure_length + row, replication]
    for i in range(net.system[system, FIRST], net.system[system, END]):
        mine = activity[net.lists[i]]
        if mine[ENDING] > day:
            mine[ENDING] += days
            mine[DISRUPTED if mine[WORKED] == NEVER else REWORK_DISRUPTED] += days


@inner
def short_of(net, state, a):
    """Rule 18: the first wait slot of a request that cannot be granted, -1 where all can."""
    row = net.activity[a]
    read = state.flags[READ]
    slot = row[FIRST_ASK]
    for i in range(row[ASKS], row[ASKS_END], 2):
        resource = state.resource[net.lists[i]]
        if resource[TAKEN] == read or resource[CAPACITY] - resource[INSIDE] < net.lists[i + 1]:
            return slot
        slot += 1
    slot = row[FIRST_SPEND]
    for i in range(row[SPENDS], row[SPENDS_END], 2):
        budget = net.lists[i]
        if state.frozen[budget] == read or state.money[budget] + MONEY_TOLERANCE < net.reals[net.lists[i + 1]]:
            return slot
        slot += 1
    return -1


@inner
def read_line(net, given, state, replication, day):
    """Rule 11: grant what can be granted, in order, nobody overtaking."""
    state.flags[READ] += 1
    read = state.flags[READ]
    line = state.line
    kept = 0
    for place in range(state.flags[LINE]):
        a = line[place]
        mine = state.activity[a]
        reason = short_of(net, state, a)
        if mine[REASON] >= 0:
            state.waited[mine[REASON]] += day - mine[SINCE]
        mine[SINCE] = day
        mine[REASON] = reason
        if reason < 0:
            grant(net, given, state, replication, a, day)
            continue
        line[kept] = a
        kept += 1
        row = net.activity[a]
        for i in range(row[ASKS], row[ASKS_END], 2):
            state.resource[net.lists[i], TAKEN] = read
        for i in range(row[SPENDS], row[SPENDS_END], 2):
            state.frozen[net.lists[i]] = read
    state.flags[LINE] = kept


@inner
def grant(net, given, state, replication, a, day):
    """Rules 4 and 5: everything is granted; work begins if its window is open."""
    row = net.activity[a]
    state.activity[a, GRANTED] = day
    for i in range(row[ASKS], row[ASKS_END], 2):
        resource = state.resource[net.lists[i]]
        resource[INSIDE] += net.lists[i + 1]
        resource[PEAK] = max(resource[PEAK], resource[INSIDE])
    for i in range(row[SPENDS], row[SPENDS_END], 2):
        state.money[net.lists[i]] -= net.reals[net.lists[i + 1]]
    window = row[WINDOW]
    if window >= 0:
        end = net.window[window, END]
        place = first_at_or_after(net.lists, net.window[window, FIRST], end, day)
        if place == end:
            return
        if net.lists[place] > day:
            push(state.heap, state.flags, net.lists[place], WINDOWS, a)
            return
    begin(net, given, state, replication, a, day)


@inner
def happen(net, given, state, replication, order, index, day):
    """Rules 9 and 10: one event of the day."""
    if order == ENDS:
        work_ends(net, state, index, day)
    elif order == BOARDS:
        meet(net, given, state, replication, index, day)
    elif order == WINDOWS:
        begin(net, given, state, replication, index, day)
    elif order == RELEASES:
        if state.activity[index, BLOCKED] == 0 and state.activity[index, ASKED] == NEVER:
            to_settle(state.agenda, state.flags, IS_RELEASED, index)
    elif order == MILESTONES:
        state.activity[index, ASKED:FINISHED] = day
        to_settle(state.agenda, state.flags, FINISHES, index)
    elif order == SUPPLY:
        value = net.step[index, 1]
        resource = net.step[index, 0]
        state.resource[resource, CAPACITY] = given.whole[given.capacity + resource, replication] if value < 0 else value
        state.flags[REVIEW] = 1
    elif order == TRANCHES:
        state.money[net.tranche[index]] += given.amount[index, replication]
        state.flags[REVIEW] = 1
    else:
        fail(net, given, state.activity, state.system, state.heap, state.flags, replication, index, day)


@inner
def reset(net, given, state, replication):
    """The world on the morning of day 0, and all events whose day is known."""
    state.flags[:] = 0
    for a in range(len(net.activity)):
        mine = state.activity[a]
        mine[ASKED:DISRUPTED] = NEVER
        mine[DISRUPTED:] = 0
        mine[ENDING] = -1
        mine[BLOCKED] = net.activity[a, PREDECESSORS]
        mine[REASON] = -1
        mine[OTHERS] = -1
        mine[CROWD] = -1
    state.resource[:] = 0
    state.board[:] = -1
    state.completed[:] = 0
    state.money[:] = 0.0
    state.frozen[:] = 0
    state.waited[:] = 0
    for phase in range(len(net.phase)):
        state.phase[phase] = net.phase[phase, SIZE]
    for system in range(len(net.system)):
        users = net.system[system, USERS]
        state.system[system, USERS_LEFT] = users
        state.system[system, IN_USE] = 1 if users > 0 else given.whole[given.remains + system, replication]
    known_events(net, given, state.heap, state.flags, replication)


@leaf
def next_failure(given, heap, flags, horizon, system, row, replication):
    """The next failure of a system; later ones are looked up only when it happens."""
    if row < given.failure_at[system + 1]:
        day = given.whole[given.failure_day + row, replication]
        if day <= horizon:
            push(heap, flags, day, FAILURES, row)


@inner
def known_events(net, given, heap, flags, replication):
    """First failures, tranches and milestones of this replication go into the heap."""
    for system in range(len(given.failure_at) - 1):
        next_failure(given, heap, flags, net.horizon, system, given.failure_at[system], replication)
    for tranche in range(len(net.tranche)):
        day = given.whole[given.tranche_day + tranche, replication]
        if day <= net.horizon:
            push(heap, flags, day, TRANCHES, tranche)
    for milestone in range(net.milestones):
        day = given.whole[given.milestone_day + milestone, replication]
        if day <= net.horizon:
            push(heap, flags, day, MILESTONES, milestone)


@inner
def one_future(net, given, state, replication):
    """One replication, day by day, to the horizon (rules 9 to 12 and 17)."""
    reset(net, given, state, replication)
    for a in range(net.milestones, len(net.activity)):
        if net.activity[a, PREDECESSORS] == 0 and net.activity[a, RELEASE] <= 0:
            to_settle(state.agenda, state.flags, IS_RELEASED, a)
    known = 0  # the next of the events that are the same in every replication
    limit = (np.int64(net.horizon) + 1) << DAY_SHIFT
    day = np.int64(0)
    while True:
        settle(net, given, state, replication, day)
        key = state.heap[0] if state.flags[HEAP] > 0 else limit
        if known < len(net.calendar) and net.calendar[known] < key:
            key = net.calendar[known]
        if (key >> DAY_SHIFT) > day:
            if state.flags[REVIEW] == 1:
                state.flags[REVIEW] = 0
                read_line(net, given, state, replication, day)
                continue
            if state.flags[NEXT_ROUND] > 0:
                begin_round(state.heap, state.next_round, state.flags, day)
                continue
        if key >= limit:
            break
        if known < len(net.calendar) and net.calendar[known] == key:
            known += 1
        else:
            pop(state.heap, state.flags)
        day = key >> DAY_SHIFT
        happen(net, given, state, replication, (key >> ORDER_SHIFT) & ORDER_MASK, key & INDEX_MASK, day)


@inner
def keep(net, state, out, replication):
    """Copy what one replication recorded into its column (rule 18 at the horizon included)."""
    for a in range(len(state.activity)):
        for column in range(ENDING):
            out.days[column, a, replication] = state.activity[a, column]
        out.waiting_for[a, replication] = -1
    for place in range(state.flags[LINE]):
        a = state.line[place]
        reason = state.activity[a, REASON]
        state.waited[reason] += net.horizon - state.activity[a, SINCE]
        out.waiting_for[a, replication] = reason
    for slot in range(len(state.waited)):
        out.waited[slot, replication] = state.waited[slot]
    for resource in range(len(state.resource)):
        out.peak[resource, replication] = state.resource[resource, PEAK]
    for row in range(len(net.paced)):
        out.completions[row, replication] = state.activity[net.paced[row], OTHERS]
        out.crowd[row, replication] = state.activity[net.paced[row], CROWD]


@entry
def simulate_block(net, given, state, out):
    """Every replication of a block."""
    for replication in range(out.waiting_for.shape[1]):
        one_future(net, given, state, replication)
        keep(net, state, out, replication)
