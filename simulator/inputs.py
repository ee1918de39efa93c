"""What the draws mean for a network: lengths, skips, arrivals, returns and failures of one block.

Both engines read these arrays and no draw besides, so nothing random is decided inside an engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.days import ENDLESS, NEVER
from simulator.errors import StaggerError
from simulator.failures import FailureTimes
from simulator.network import Chance, Effect, Network, Quantity
from simulator.network.values import FloatArray, IntArray, integers
from simulator.scenario.variables import MOST_FAILURES

Draws = Mapping[str, FloatArray]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Failures:
    """Failures of legacy systems, one row each; a row is the K-th failure of one system."""

    system: IntArray
    """(F,) index of the legacy system."""
    day: IntArray
    """(F, N) the day it falls on, in use or not; `NEVER` after the horizon."""
    length: IntArray
    """(F, N) days by which it lengthens work."""
    cut: BoolArray
    """(L, N) whether the last failure drawn falls before the horizon, so that more would have been needed."""


@dataclass(frozen=True)
class Inputs:
    """One block's random inputs, laid out for a network. Rows as named, N columns."""

    replications: int
    length: FloatArray
    """(A, N) base work in days, before factors and rounding."""
    effect: IntArray
    """(A,) row of `factor` and `delay`, -1 where nothing but the stretch applies."""
    factor: FloatArray
    """(E, N) stretch and risk factors multiplied from left to right."""
    delay: FloatArray
    """(E, N) risk delays in days."""
    wave: IntArray
    """(A,) row of `skipped`, -1 for what is never skipped."""
    skipped: BoolArray
    milestone_day: IntArray
    """(M, N)"""
    capacity: IntArray
    """(R, N) units before any step."""
    tranche_day: IntArray
    """(T, N)"""
    tranche_amount: FloatArray
    case: IntArray
    """(A,) row of `returned`, -1 where no board can return it."""
    returned: IntArray
    """(H, N) how often the board returns the case before it passes."""
    rework_starts: IntArray
    """(H + 1,) first row of `rework` of each case."""
    rework: IntArray
    """(sum of returns, N) days of the rework after each return."""
    end_of_support: IntArray
    """(L, N) `NEVER` for a system that is supported throughout."""
    remains: BoolArray
    """(L, N) whether a department that does not join keeps the system in use for good."""
    failures: Failures


def prepare(network: Network, draws: Draws) -> Inputs:
    """Everything random that a network needs, from the draws of one block.

    Raises:
        StaggerError: a variable is missing, or a length of work is negative.
    """
    block = _Block(draws)
    effect, factor, delay = _effects(network, block)
    wave, skipped = _skips(network, block)
    case, returned, rework_starts, rework = _returns(network, block)
    ends = _end_of_support(network, block)
    return Inputs(
        replications=block.size,
        length=_lengths(network, block),
        effect=effect,
        factor=factor,
        delay=delay,
        wave=wave,
        skipped=skipped,
        milestone_day=block.days(network.milestone_days),
        capacity=block.days(network.capacity),
        tranche_day=block.days(network.tranche_days),
        tranche_amount=block.table(network.tranche_amounts),
        case=case,
        returned=returned,
        rework_starts=rework_starts,
        rework=rework,
        end_of_support=ends,
        remains=_remains(network, block),
        failures=_failures(network, block, ends),
    )


def with_capacity(inputs: Inputs, network: Network, draws: Draws) -> Inputs:
    """The inputs of a network that differs from the one they were laid out for in its capacities only."""
    return replace(inputs, capacity=_Block(draws).days(network.capacity))


class _Block:
    """Draws by name, with constants and missing names dealt with in one place."""

    def __init__(self, draws: Draws) -> None:
        self.draws = draws
        size = getattr(draws, "replications", None)
        self.size: int = len(next(iter(draws.values()), ())) if size is None else size

    def get(self, variable: str) -> FloatArray:
        try:
            return self.draws[variable]
        except KeyError:
            raise StaggerError(f"the draws must hold the variable {variable} (it is not among them).") from None

    def some(self, variable: str, where: BoolArray | npt.NDArray[np.intp]) -> FloatArray:
        """The values where they are needed, by mask or positions; only those are computed if that is possible."""
        at = getattr(self.draws, "at", None)
        return at(variable, where) if at is not None else self.get(variable)[where]

    def values(self, what: Quantity) -> FloatArray:
        return self.get(what) if isinstance(what, str) else np.broadcast_to(np.float64(what), self.size)

    def table(self, rows: Iterable[Quantity]) -> FloatArray:
        return stacked([self.values(row) for row in rows], self.size, np.float64)

    def days(self, rows: Iterable[Quantity]) -> IntArray:
        return whole_days(self.table(rows))

    def happens(self, chance: Chance) -> BoolArray:
        return self.get(chance.variable) < chance.probability


def stacked(rows: Sequence[npt.NDArray[Any]], size: int, kind: type) -> npt.NDArray[Any]:
    """Rows of N values as one array, also where there are none."""
    return np.array(rows, dtype=kind) if rows else np.zeros((0, size), dtype=kind)


def whole_days(values: FloatArray, most: int = NEVER) -> IntArray:
    """Rounded once, half to even; before the start counts as day 0, and no value is above ``most``."""
    return np.clip(np.rint(values), 0, most).astype(np.int32)


def _lengths(network: Network, block: _Block) -> FloatArray:
    table = block.table(network.length)
    if table.size and table.min() < 0:
        worst = network.activities[int(table.min(axis=1).argmin())]
        raise StaggerError(f"the draws of {worst}/duration must not be negative (found {table.min():g} days).")
    return table


def _effects(network: Network, block: _Block) -> tuple[IntArray, FloatArray, FloatArray]:
    rows: list[int] = []
    factors: list[FloatArray] = []
    delays: list[FloatArray] = []
    for stretch, effects in zip(network.stretch, network.effects, strict=True):
        plain = stretch == 1.0 and not effects
        rows.append(-1 if plain else len(factors))
        if not plain:
            factor, delay = _combined(float(stretch), effects, block)
            factors.append(factor)
            delays.append(delay)
    return (
        integers(rows),
        stacked(factors, block.size, np.float64),
        stacked(delays, block.size, np.float64),
    )


def _combined(stretch: float, effects: Sequence[Effect], block: _Block) -> tuple[FloatArray, FloatArray]:
    factor = np.full(block.size, stretch)
    delay = np.zeros(block.size)
    for effect in effects:
        occurs = block.happens(effect.occurs)
        if effect.factor != 1.0:
            np.multiply(factor, block.values(effect.factor), out=factor, where=occurs)
        if effect.delay != 0.0:
            np.add(delay, block.values(effect.delay), out=delay, where=occurs)
    return factor, delay


def _skips(network: Network, block: _Block) -> tuple[IntArray, BoolArray]:
    rows = [~block.happens(chance) for chance in network.joins if chance]
    numbers = iter(range(len(rows)))
    wave = integers(next(numbers) if chance else -1 for chance in network.joins)
    return wave, stacked(rows, block.size, np.bool_)


def _returns(network: Network, block: _Block) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    case: list[int] = []
    counts: list[IntArray] = []
    starts = [0]
    reworks: list[IntArray] = []
    for name, board, passes, most in zip(
        network.activities, network.board, network.board_pass, network.board_returns, strict=True
    ):
        can_return = board >= 0 and passes < 1 and most > 0
        case.append(len(counts) if can_return else -1)
        if can_return:
            count, rework = _verdicts(name, float(passes), int(most), block)
            counts.append(count)
            reworks += rework
            starts.append(len(reworks))
    return (
        integers(case),
        stacked(counts, block.size, np.int32),
        integers(starts),
        stacked(reworks, block.size, np.int32),
    )


def _verdicts(name: str, passes: float, most: int, block: _Block) -> tuple[IntArray, list[IntArray]]:
    """How often a case is returned, and the rework after each return; drawn only as far as anyone needs."""
    count = np.zeros(block.size, dtype=np.int32)
    reworks: list[IntArray] = []
    still = np.ones(block.size, dtype=np.bool_)
    for hearing in range(1, most + 1):
        still[still] = block.some(f"{name}/board/{hearing}", still) >= passes
        if not still.any():
            break
        count[still] += 1
        rework = np.zeros(block.size, dtype=np.int32)
        rework[still] = whole_days(block.some(f"{name}/rework/{hearing}", still), ENDLESS)
        reworks.append(rework)
    return count, reworks


def _end_of_support(network: Network, block: _Block) -> IntArray:
    return block.days(
        float(NEVER) if terms.end_of_support is None else terms.end_of_support for terms in network.legacy
    )


def _remains(network: Network, block: _Block) -> BoolArray:
    rows = [np.zeros(block.size, dtype=np.bool_) for _ in network.legacy]
    for row, terms in zip(rows, network.legacy, strict=True):
        for user in terms.users:
            if user.joins is not None:
                row |= ~block.happens(user.joins)
    return stacked(rows, block.size, np.bool_)


def _failures(network: Network, block: _Block, ends: IntArray) -> Failures:
    systems: list[int] = []
    days: list[IntArray] = []
    lengths: list[IntArray] = []
    cut = np.zeros((len(network.legacy), block.size), dtype=np.bool_)
    for system, terms in enumerate(network.legacy):
        if not terms.fails:  # then the draws have no failures for it
            continue
        failing = np.arange(block.size)
        exposure = np.zeros(len(failing))
        times = FailureTimes.of(terms, ends[system], network.horizon)
        for number in range(1, MOST_FAILURES + 1):
            exposure = exposure + block.some(f"{terms.name}/failure/{number}", failing)
            day = times.days(exposure)
            happens = day < NEVER
            failing, exposure, times = failing[happens], exposure[happens], times.among(happens)
            if not failing.size:
                break
            length = whole_days(block.some(f"{terms.name}/failure/{number}/disrupts", failing), ENDLESS)
            systems.append(system)
            days.append(_scattered(day[happens], failing, block.size, NEVER))
            lengths.append(_scattered(length, failing, block.size, 0))
        cut[system, failing] = True
    return Failures(integers(systems), stacked(days, block.size, np.int32), stacked(lengths, block.size, np.int32), cut)


def _scattered(values: IntArray, places: npt.NDArray[np.intp], size: int, elsewhere: int) -> IntArray:
    """A row (N,) with values at some places and the same value everywhere else."""
    row = np.full(size, elsewhere, dtype=np.int32)
    row[places] = values
    return row
