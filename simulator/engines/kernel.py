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

from simulator.compiled import is_kept

NEVER = 2147483647
NONE = 4294967295
"""No board, window, stage and so on. Whatever points somewhere is a whole number without a sign: one with a sign may
count from the end, and to ask for that before every look into a table takes a tenth of the engine's time."""
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
CONGESTION, BEYOND, FIRST_ASK, FIRST_SPEND, PACED = range(11, 16)
SUCCESSORS, SUCCESSORS_END, ASKS, ASKS_END, SPENDS, SPENDS_END = range(16, 22)
RETURNS, RETURNS_END, LEARNING, LEARNING_END, LEAVES, LEAVES_END = range(22, 28)

ASKED, GRANTED, STARTED, WORKED, FINISHED, DISRUPTED, REWORKED, REWORK_DISRUPTED = range(8)
"""Columns of `State.fact`: what the timeline keeps of an activity, in its order."""
FACTS = 8
ENDING, BLOCKED, REASON, SINCE, RETURNED, WAITS_SINCE, NOT_BEFORE = range(7)
"""Columns of `State.now`: what only the engine needs to know of an activity."""

FIRST, END = 0, 1
"""Columns that bound a list, in `Net.window`, `Net.board`, `Net.phase` and `Net.system`."""
SEATS = SIZE = USERS = 2
"""The third column of `Net.board`, `Net.phase` and `Net.system`."""
HALL = 3
"""Where a board's part of `State.hall` begins, in `Net.board`."""
CAPACITY, INSIDE, TAKEN = range(3)
"""Columns of `State.resource`."""
MET_ON, SEATS_LEFT, CALLED, WAITING = range(4)
"""Columns of `State.board`."""
IS_RELEASED, FINISHES = range(2)
"""What `State.agenda` says of an activity."""
USERS_LEFT, IN_USE = range(2)
"""Columns of `State.system`."""
HEAP, LINE, AGENDA, NEXT_ROUND, REVIEW, READ = range(6)
"""Places in `State.flags`: sizes of heap, line, agenda and next round; whether to read the line; readings."""

LANES = 16
"""Replications that are kept together before they go into their columns: as many as fill a line of the cache."""


class Net(NamedTuple):
    """The network, see `simulator.network.Network`; then what a block has its own: in which place inputs begin."""

    horizon: int
    milestones: int
    stages: int
    activity: Any
    each: Any
    lists: Any
    days: Any
    reals: Any
    phase: Any
    board: Any
    window: Any
    step: Any
    tranche: Any
    system: Any
    calendar: Any
    blank_now: Any
    blank_kept: Any
    failure_system: Any = None
    failure_at: Any = None
    rework_at: Any = None
    factor: int = 0
    delay: int = 0
    amount: int = 0
    milestone_day: int = 0
    capacity: int = 0
    tranche_day: int = 0
    skipped: int = 0
    remains: int = 0
    returned: int = 0
    rework: int = 0
    failure_day: int = 0
    failure_length: int = 0


class Given(NamedTuple):
    """One replication's random inputs, one behind the other; `Net` says where each begins."""

    real: Any
    whole: Any


class Rows(NamedTuple):
    """A block's random inputs, a row each, in the order in which `gather` puts them."""

    length: Any
    factor: Any
    delay: Any
    amount: Any
    milestone_day: Any
    capacity: Any
    tranche_day: Any
    skipped: Any
    remains: Any
    returned: Any
    rework: Any
    failure_day: Any
    failure_length: Any


REALS = 4
"""How many of `Rows` are real numbers; the rest are whole ones."""


class State(NamedTuple):
    """What changes during one replication."""

    flags: Any
    heap: Any
    line: Any
    hall: Any
    agenda: Any
    next_round: Any
    now: Any
    resource: Any
    board: Any
    phase: Any
    system: Any
    completed: Any
    money: Any
    frozen: Any


class Kept(NamedTuple):
    """What is recorded of one replication; see `simulator.timeline.Timeline`."""

    fact: Any
    waiting_for: Any
    waited: Any
    peak: Any
    completions: Any
    crowd: Any


class Lanes(NamedTuple):
    """What is given and kept of `LANES` replications, a row each."""

    real: Any
    whole: Any
    kept: Any


class Ends(NamedTuple):
    """Where each part of `Kept` ends in a row of `Lanes.kept`."""

    fact: int
    waiting_for: int
    waited: int
    peak: int
    completions: int
    crowd: int


# Arrays are never made here, so counting references to them (nrt) would only cost; calls that pass the
# whole world are inlined, since handing over its arrays one by one costs more than what they do.
_OPTIONS: Any = {"cache": is_kept(), "nogil": True, "error_model": "numpy", "_nrt": False}
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
def stand(queue, first, end, network, days, since, a):
    """Put activity a into a queue, ordered by priority, then the day in column ``since``, then file order.

    Whoever comes later mostly belongs at the end.
    """
    priority = network[a, PRIORITY]
    day = days[a, since]
    place = end
    while place > first:
        other = queue[place - 1]
        if network[other, PRIORITY] < priority:
            break
        if network[other, PRIORITY] == priority:
            if days[other, since] < day:
                break
            if days[other, since] == day and other < a:
                break
        queue[place] = other
        place -= 1
    queue[place] = a


@leaf
def to_settle(agenda, flags, event, a):
    """Note that an activity is released or finishes, for `settle` to deal with at once."""
    agenda[flags[AGENDA]] = 2 * a + event
    flags[AGENDA] += 1


@inner
def settle(net, given, state, kept, day):
    """Rule 12: what is released or finishes takes effect at once, and so does what follows from it."""
    while state.flags[AGENDA] > 0:
        state.flags[AGENDA] -= 1
        item = state.agenda[state.flags[AGENDA]]
        a = item >> 1
        if item & 1 == IS_RELEASED:
            ask(net, given, state, kept, a, day)
        else:
            finish(net, given, state, kept, a, day)


@inner
def ask(net, given, state, kept, a, day):
    """Rules 2 and 3: a released activity stands in line, or is skipped and finishes."""
    mine = kept.fact[a]
    mine[ASKED] = day
    wave = net.activity[a, WAVE]
    if wave != NONE and given.whole[net.skipped + wave]:
        mine[GRANTED] = day
        mine[STARTED] = day
        mine[WORKED] = day
        to_settle(state.agenda, state.flags, FINISHES, a)
        return
    stand(state.line, 0, state.flags[LINE], net.activity, kept.fact, ASKED, a)
    state.flags[LINE] += 1
    state.now[a, SINCE] = day
    state.now[a, REASON] = -1
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
    if row[STAGE] != NONE:
        completed[row[STAGE]] += 1
        completed[(row[CLUSTER] + 1) * stages + row[STAGE]] += 1


@inner
def finish(net, given, state, kept, done, day):
    """Rule 8: an activity finishes, and unblocks its successors."""
    row = net.activity[done]
    kept.fact[done, FINISHED] = day
    leave_phase(net.phase, net.lists, state.phase, state.resource, state.flags, row[PHASE])
    for i in range(row[LEAVES], row[LEAVES_END]):
        system = net.lists[i]
        state.system[system, USERS_LEFT] -= 1
        if state.system[system, USERS_LEFT] == 0:
            state.system[system, IN_USE] = given.whole[net.remains + system]
    for i in range(row[SUCCESSORS], row[SUCCESSORS_END]):
        after = net.lists[i]
        state.now[after, BLOCKED] -= 1
        if state.now[after, BLOCKED] == 0 and net.activity[after, RELEASE] <= day:
            to_settle(state.agenda, state.flags, IS_RELEASED, after)


@leaf
def leave_phase(phases, lists, left, resource, flags, phase):
    """What a phase holds returns with its last activity."""
    if phase != NONE:
        left[phase] -= 1
        if left[phase] == 0:
            give_back(lists, resource, flags, phases[phase, FIRST], phases[phase, END])


@inner
def begin(net, given, state, kept, a, day):
    """Rule 6: work begins; its length is fixed now."""
    row = net.activity[a]
    factor = 1.0
    delay = 0.0
    if row[EFFECT] != NONE:
        factor = given.real[net.factor + row[EFFECT]]
        delay = given.real[net.delay + row[EFFECT]]
    if row[LEARNING_END] > row[LEARNING]:
        stage = row[STAGE]
        others = state.completed[stage] - state.completed[(row[CLUSTER] + 1) * net.stages + stage]
        factor *= net.reals[row[LEARNING] + others]  # 13
        kept.completions[row[PACED]] = others
    if row[CONGESTION] != NONE:
        crowd = state.resource[row[CONGESTION], INSIDE]
        factor *= 1.0 + net.each[a] * max(0, crowd - row[BEYOND])  # 14
        kept.crowd[row[PACED]] = crowd
    kept.fact[a, STARTED] = day
    days = np.int64(np.rint(min(given.real[a] * factor + delay, ENDLESS)))
    state.now[a, ENDING] = day + days
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
def call_meeting(boards, days, called, heap, flags, board, today, day):
    """Have the first meeting of a board from a day on take place; one that is called already is not called again."""
    end = boards[board, END]
    place = first_at_or_after(days, boards[board, FIRST], end, day)
    if place == end:
        return
    if days[place] > today:
        if called[board, CALLED] == days[place]:
            return
        called[board, CALLED] = days[place]
    push(heap, flags, days[place], BOARDS, board)


@inner
def work_ends(net, state, kept, a, day):
    """Work or rework ends, unless a failure has lengthened it."""
    mine = state.now[a]
    if mine[ENDING] > day:
        push(state.heap, state.flags, mine[ENDING], ENDS, a)
        return
    mine[ENDING] = -1
    if kept.fact[a, WORKED] == NEVER:
        kept.fact[a, WORKED] = day
        mine[NOT_BEFORE] = day
    board = net.activity[a, BOARD]
    if board == NONE:
        complete(net.activity, net.lists, net.stages, state.resource, state.flags, state.completed, a)
        to_settle(state.agenda, state.flags, FINISHES, a)
        return
    mine[WAITS_SINCE] = day  # 7
    hall = net.board[board, HALL]
    stand(state.hall, hall, hall + state.board[board, WAITING], net.activity, state.now, WAITS_SINCE, a)
    state.board[board, WAITING] += 1
    first = max(day, mine[NOT_BEFORE])
    call_meeting(net.board, net.days, state.board, state.heap, state.flags, board, day, first)


@inner
def meet(net, given, state, kept, board, day):
    """Rule 10: a board hears cases, as they stand in its hall, while it has seats."""
    mine = state.board[board]
    if mine[MET_ON] != day:
        mine[MET_ON] = day
        mine[SEATS_LEFT] = net.board[board, SEATS]
    first = last = net.board[board, HALL]
    for place in range(first, first + mine[WAITING]):
        a = state.hall[place]
        if mine[SEATS_LEFT] == 0 or state.now[a, NOT_BEFORE] > day:
            state.hall[last] = a
            last += 1
        else:
            mine[SEATS_LEFT] -= 1
            hear(net, given, state, kept, a, day)
    mine[WAITING] = last - first
    if last > first:
        call_meeting(net.board, net.days, state.board, state.heap, state.flags, board, day, day + 1)


@inner
def hear(net, given, state, kept, a, day):
    """Rule 7: the case passes, or is returned and reworks."""
    case = net.activity[a, CASE]
    mine = state.now[a]
    if case != NONE and mine[RETURNED] < given.whole[net.returned + case]:
        days = given.whole[net.rework + net.rework_at[case] + mine[RETURNED]]
        mine[RETURNED] += 1
        kept.fact[a, REWORKED] += days
        mine[NOT_BEFORE] = day + 1
        mine[ENDING] = day + days
        end_after(state.heap, state.next_round, state.flags, a, day, days)
    else:
        complete(net.activity, net.lists, net.stages, state.resource, state.flags, state.completed, a)
        to_settle(state.agenda, state.flags, FINISHES, a)


@inner
def fail(net, given, facts, now, systems, heap, flags, row, day):
    """Rule 15: a legacy system fails."""
    system = net.failure_system[row]
    if not systems[system, IN_USE]:
        return
    next_failure(net.failure_at, net.failure_day, given.whole, heap, flags, net.horizon, system, row + 1)
    days = given.whole[net.failure_length + row]
    for i in range(net.system[system, FIRST], net.system[system, END]):
        a = net.lists[i]
        if now[a, ENDING] > day:
            now[a, ENDING] += days
            facts[a, DISRUPTED if facts[a, WORKED] == NEVER else REWORK_DISRUPTED] += days


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
def read_line(net, given, state, kept, day):
    """Rule 11: grant what can be granted, in order, nobody overtaking."""
    state.flags[READ] += 1
    read = state.flags[READ]
    line = state.line
    left = 0
    for place in range(state.flags[LINE]):
        a = line[place]
        mine = state.now[a]
        reason = short_of(net, state, a)
        if mine[REASON] >= 0:
            kept.waited[mine[REASON]] += day - mine[SINCE]
        mine[SINCE] = day
        mine[REASON] = reason
        if reason < 0:
            grant(net, given, state, kept, a, day)
            continue
        line[left] = a
        left += 1
        row = net.activity[a]
        for i in range(row[ASKS], row[ASKS_END], 2):
            state.resource[net.lists[i], TAKEN] = read
        for i in range(row[SPENDS], row[SPENDS_END], 2):
            state.frozen[net.lists[i]] = read
    state.flags[LINE] = left


@inner
def grant(net, given, state, kept, a, day):
    """Rules 4 and 5: everything is granted; work begins if its window is open."""
    row = net.activity[a]
    kept.fact[a, GRANTED] = day
    for i in range(row[ASKS], row[ASKS_END], 2):
        resource = state.resource[net.lists[i]]
        resource[INSIDE] += net.lists[i + 1]
        kept.peak[net.lists[i]] = max(kept.peak[net.lists[i]], resource[INSIDE])
    for i in range(row[SPENDS], row[SPENDS_END], 2):
        state.money[net.lists[i]] -= net.reals[net.lists[i + 1]]
    window = row[WINDOW]
    if window != NONE:
        end = net.window[window, END]
        place = first_at_or_after(net.days, net.window[window, FIRST], end, day)
        if place == end:
            return
        if net.days[place] > day:
            push(state.heap, state.flags, net.days[place], WINDOWS, a)
            return
    begin(net, given, state, kept, a, day)


@inner
def happen(net, given, state, kept, order, index, day):
    """Rules 9 and 10: one event of the day."""
    if order == ENDS:
        work_ends(net, state, kept, index, day)
    elif order == BOARDS:
        meet(net, given, state, kept, index, day)
    elif order == WINDOWS:
        begin(net, given, state, kept, index, day)
    elif order == RELEASES:
        if state.now[index, BLOCKED] == 0 and kept.fact[index, ASKED] == NEVER:
            to_settle(state.agenda, state.flags, IS_RELEASED, index)
    elif order == MILESTONES:
        kept.fact[index, ASKED:FINISHED] = day
        to_settle(state.agenda, state.flags, FINISHES, index)
    elif order == SUPPLY:
        value = net.step[index, 1]
        resource = net.step[index, 0]
        state.resource[resource, CAPACITY] = given.whole[net.capacity + resource] if value < 0 else value
        state.flags[REVIEW] = 1
    elif order == TRANCHES:
        state.money[net.tranche[index]] += given.real[net.amount + index]
        state.flags[REVIEW] = 1
    else:
        fail(net, given, kept.fact, state.now, state.system, state.heap, state.flags, index, day)


@leaf
def copy(source, target):
    """Copy one row of numbers into another."""
    for place in range(len(source)):
        target[place] = source[place]


@inner
def reset(net, given, state, kept):
    """The world on the morning of day 0, and all events whose day is known."""
    state.flags[:] = 0
    copy(net.blank_now, state.now.reshape(len(net.blank_now)))
    state.resource[:] = 0
    state.board[:, MET_ON:WAITING] = -1
    state.board[:, WAITING] = 0
    state.completed[:] = 0
    state.money[:] = 0.0
    state.frozen[:] = 0
    for phase in range(len(net.phase)):
        state.phase[phase] = net.phase[phase, SIZE]
    for system in range(len(net.system)):
        users = net.system[system, USERS]
        state.system[system, USERS_LEFT] = users
        state.system[system, IN_USE] = 1 if users > 0 else given.whole[net.remains + system]
    known_events(net, given, state.heap, state.flags)


@leaf
def next_failure(failure_at, failure_day, whole, heap, flags, horizon, system, row):
    """The next failure of a system; later ones are looked up only when it happens."""
    if row < failure_at[system + 1]:
        day = whole[failure_day + row]
        if day <= horizon:
            push(heap, flags, day, FAILURES, row)


@inner
def known_events(net, given, heap, flags):
    """First failures, tranches and milestones of this replication go into the heap."""
    for system in range(len(net.failure_at) - 1):
        next_failure(
            net.failure_at, net.failure_day, given.whole, heap, flags, net.horizon, system, net.failure_at[system]
        )
    for tranche in range(len(net.tranche)):
        day = given.whole[net.tranche_day + tranche]
        if day <= net.horizon:
            push(heap, flags, day, TRANCHES, tranche)
    for milestone in range(net.milestones):
        day = given.whole[net.milestone_day + milestone]
        if day <= net.horizon:
            push(heap, flags, day, MILESTONES, milestone)


@inner
def one_future(net, given, state, kept):
    """One replication, day by day, to the horizon (rules 9 to 12 and 17)."""
    reset(net, given, state, kept)
    for a in range(len(net.activity) - 1, net.milestones - 1, -1):  # settled last in, first out
        if net.activity[a, PREDECESSORS] == 0 and net.activity[a, RELEASE] <= 0:
            to_settle(state.agenda, state.flags, IS_RELEASED, a)
    known = 0  # the next of the events that are the same in every replication
    limit = (np.int64(net.horizon) + 1) << DAY_SHIFT
    day = np.int64(0)
    while True:
        settle(net, given, state, kept, day)
        key = state.heap[0] if state.flags[HEAP] > 0 else limit
        if known < len(net.calendar) and net.calendar[known] < key:
            key = net.calendar[known]
        if (key >> DAY_SHIFT) > day:
            if state.flags[REVIEW] == 1:
                state.flags[REVIEW] = 0
                read_line(net, given, state, kept, day)
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
        happen(net, given, state, kept, (key >> ORDER_SHIFT) & ORDER_MASK, key & INDEX_MASK, day)


@inner
def stop(horizon, state, kept):
    """Rule 18, for those still in line at the horizon."""
    for place in range(state.flags[LINE]):
        a = state.line[place]
        reason = state.now[a, REASON]
        kept.waited[reason] += horizon - state.now[a, SINCE]
        kept.waiting_for[a] = reason


@leaf
def put(source, first, count, lanes, column):
    """Copy some replications of a table into their lanes; the column behind the last."""
    for row in range(len(source)):
        for lane in range(count):
            lanes[lane, column + row] = source[row, first + lane]
    return column + len(source)


@inner
def gather(rows, lanes, first, count):
    """Copy the inputs of some replications into their lanes; `Net` says where each begins."""
    column = put(rows.length, first, count, lanes.real, 0)
    column = put(rows.factor, first, count, lanes.real, column)
    column = put(rows.delay, first, count, lanes.real, column)
    put(rows.amount, first, count, lanes.real, column)
    column = put(rows.milestone_day, first, count, lanes.whole, 0)
    column = put(rows.capacity, first, count, lanes.whole, column)
    column = put(rows.tranche_day, first, count, lanes.whole, column)
    column = put(rows.skipped, first, count, lanes.whole, column)
    column = put(rows.remains, first, count, lanes.whole, column)
    column = put(rows.returned, first, count, lanes.whole, column)
    column = put(rows.rework, first, count, lanes.whole, column)
    column = put(rows.failure_day, first, count, lanes.whole, column)
    put(rows.failure_length, first, count, lanes.whole, column)


@leaf
def keep(lanes, activities, out, first, count):
    """Copy what was kept of some replications into their columns."""
    for a in range(activities):
        for fact in range(FACTS):
            row = out[fact * activities + a]
            for lane in range(count):
                row[first + lane] = lanes[lane, a * FACTS + fact]
    for place in range(activities * FACTS, lanes.shape[1]):
        for lane in range(count):
            out[place, first + lane] = lanes[lane, place]


@inner
def parted(row, activities, ends):
    """A row of `Lanes.kept` as the parts that it holds."""
    return Kept(
        row[: ends.fact].reshape((activities, FACTS)),
        row[ends.fact : ends.waiting_for],
        row[ends.waiting_for : ends.waited],
        row[ends.waited : ends.peak],
        row[ends.peak : ends.completions],
        row[ends.completions : ends.crowd],
    )


@entry
def simulate_block(net, rows, state, lanes, ends, out):
    """Every replication of a block, a few at a time.

    A replication works on lanes, in which its numbers lie side by side: in tables of a row each, every one of them
    would be on a page of memory of its own.
    """
    activities, size = len(net.activity), out.shape[1]
    for first in range(0, size, LANES):
        count = min(LANES, size - first)
        gather(rows, lanes, first, count)
        for lane in range(count):
            copy(net.blank_kept, lanes.kept[lane])
            kept = parted(lanes.kept[lane], activities, ends)
            one_future(net, Given(lanes.real[lane], lanes.whole[lane]), state, kept)
            stop(net.horizon, state, kept)
        keep(lanes.kept, activities, out, first, count)
