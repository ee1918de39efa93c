"""Every random quantity of a range of replications, before any engine: variable → uniforms → inverse."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from numbers import Integral
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.copula import Blend, blends
from simulator.distributions import Distribution, FloatArray, special
from simulator.errors import StaggerError
from simulator.given import LOADED, require
from simulator.scenario.model import Scenario
from simulator.scenario.variables import Variable, variables
from simulator.streams import LARGEST, SMALLEST, Sampling, Streams, sampling_named, spread, twin

Places: TypeAlias = NDArray[np.intp]
Some: TypeAlias = NDArray[np.bool_] | Places
"""Some of N replications: a mask (N,) or an array of positions."""

MOST_REPLICATIONS: Final = 100_000_000
"""Of one run; each keeps the day of its last go-live in memory."""
SEED: Final = 1
"""The seed of a scenario that names none."""


def draw(
    scenario: Scenario,
    replications: int = 10_000,
    seed: int | None = None,
    sampling: str = "random",
    first: int = 0,
) -> Draws:
    """The draws of the replications ``first`` to ``first + replications`` of a scenario.

    ``seed`` is the scenario's own, or 1, where none is given.

    Raises:
        StaggerError: there is no such sampling, the seed is no integer, or a count is negative.

    Warns:
        RepairWarning: correlations that cannot all hold together were replaced by the nearest that can.
    """
    require(scenario, Scenario, "draws need a scenario", LOADED)
    _require_counts(first, replications)
    seed = sensible_seed(seed)
    if seed is None:
        seed = SEED if scenario.seed is None else scenario.seed
    kind = sampling_named(sampling)
    found = variables(scenario)
    uncertain = [name for name, variable in found.items() if not variable.constant]
    mixed = blends(scenario.correlations, uncertain)
    dimensions = _dimensions(found, mixed) if kind == "sobol" else {}
    return Draws(found, mixed, Streams(seed, kind, dimensions), replications, first)


def _dimensions(found: Mapping[str, Variable], mixed: Mapping[str, Blend]) -> dict[str, int]:
    shallow = {name for name, variable in found.items() if not variable.constant and not variable.deep}
    factors = {source for blend in mixed.values() for source in blend.sources if source not in found}
    return spread(shallow | factors)


@dataclass(frozen=True, eq=False)
class Draws(Mapping[str, FloatArray]):
    """A mapping from a variable's name to its values, float64 of shape (N,), each computed when first asked for.

    Lengths are days, dates are days since the start, neither rounded; what decides something is a uniform number.
    Arrays are read-only and kept; the draws themselves never change, and any thread may read them.
    """

    variables: Mapping[str, Variable]
    blends: Mapping[str, Blend]
    streams: Streams
    replications: int
    first: int = 0
    fixed: Mapping[str, float | FloatArray] = field(default_factory=dict)
    renewed: frozenset[str] = frozenset()
    """Streams whose numbers come from their twins."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @property
    def seed(self) -> int:
        return self.streams.seed

    @property
    def sampling(self) -> Sampling:
        return self.streams.sampling

    @cached_property
    def _values(self) -> dict[str, FloatArray]:
        return {}

    @cached_property
    def _scores(self) -> dict[str, FloatArray]:
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """Without the arrays: another process computes the same ones."""
        return {key: value for key, value in self.__dict__.items() if key not in ("_values", "_scores")}

    def __iter__(self) -> Iterator[str]:
        return iter(self.variables)

    def __len__(self) -> int:
        return len(self.variables)

    def __contains__(self, name: object) -> bool:
        return name in self.variables

    def __getitem__(self, name: str) -> FloatArray:
        """The values of a variable, (N,).

        Raises:
            KeyError: the scenario has no such variable.
        """
        values = self._values.get(name)
        if values is None:
            values = self._values.setdefault(name, _read_only(self._computed(name)))
        return values

    def _computed(self, name: str) -> FloatArray:
        variable = self.variables[name]
        if name in self.fixed:
            return np.broadcast_to(np.asarray(self.fixed[name], dtype=np.float64), self.replications)
        if variable.distribution is None:
            return self.uniform(name)
        if variable.constant:
            return np.broadcast_to(np.float64(variable.distribution.mean), self.replications)
        return variable.distribution.ppf(self.uniform(name))

    def uniform(self, name: str) -> FloatArray:
        """The uniforms behind a variable, correlations applied, (N,), each strictly inside (0, 1).

        They do not depend on the variable's distribution, nor on values set by `replacing`.

        Raises:
            KeyError: the scenario has no such variable.
        """
        if name not in self.variables:
            raise KeyError(name)
        blend = self.blends.get(name)
        if blend is None:
            return self._stream(name)
        mixed = np.zeros(self.replications)
        for source, weight in zip(blend.sources, blend.weights, strict=True):
            mixed += weight * self._score(source)
        return np.clip(special.ndtr(mixed), SMALLEST, LARGEST)

    def _score(self, source: str) -> FloatArray:
        """The standard normal scores of a stream; kept, since a group's members share them."""
        score = self._scores.get(source)
        if score is None:
            score = self._scores.setdefault(source, _read_only(special.ndtri(self._stream(source))))
        return score

    def _stream(self, name: str) -> FloatArray:
        """The uniforms of a stream: a variable's own, or a factor that several have in common."""
        deep = name in self.variables and self.variables[name].deep
        key = twin(name) if name in self.renewed else name
        return self.streams.uniform(key, self.first, self.replications, deep)

    def at(self, name: str, where: Some) -> FloatArray:
        """``draws[name][where]`` for a mask (N,) or an array of positions, computed for those replications only.

        Raises:
            KeyError: the scenario has no such variable.
        """
        distribution = self._pending(name)
        return self[name][where] if distribution is None else distribution.ppf(self.uniform(name)[where])

    def gathered(self, wanted: Sequence[tuple[str, Some]]) -> FloatArray:
        """The values of variables, each for some replications, one behind the other and computed for those only.

        Neighbours with the same distribution go through its inverse together: many short arrays cost more to call
        for than to compute.

        Raises:
            KeyError: the scenario has no such variable.
        """
        parts: list[FloatArray] = []
        for distribution, run in groupby(wanted, key=lambda each: self._pending(each[0])):
            if distribution is None:
                parts += [self[name][where] for name, where in run]
            else:
                parts.append(distribution.ppf(_joined([self.uniform(name)[where] for name, where in run])))
        return _joined(parts)

    def _pending(self, name: str) -> Distribution | None:
        """A variable's distribution where its inverse is yet to be computed."""
        variable = self.variables[name]
        known = name in self._values or name in self.fixed or variable.constant
        return None if known else variable.distribution

    def block(self, first: int, replications: int) -> Draws:
        """The draws of other replications of the same run: what `draw` gives for them, with the same values fixed.

        Raises:
            StaggerError: a count is negative, or an array was fixed and does not reach that far.
        """
        _require_counts(first, replications)
        start = first - self.first
        for name, values in self.fixed.items():
            if np.ndim(values) and not 0 <= start <= start + replications <= self.replications:
                raise StaggerError(f"a block must lie within the replications for which {name} was fixed.")
        cut = {n: v[start : start + replications] if isinstance(v, np.ndarray) else v for n, v in self.fixed.items()}
        return replace(self, first=first, replications=replications, fixed=cut)

    def replacing(self, values: Mapping[str, float | FloatArray]) -> Draws:
        """The same draws with some variables set: a number for all replications, or an array (N,).

        Nothing else changes, variables correlated with those included.

        Raises:
            StaggerError: a name is no variable, or an array has another length.
        """
        for name, value in values.items():
            if name not in self.variables:
                raise StaggerError(f"only a variable of the scenario can be fixed (found {name}).{self._near(name)}")
            if np.shape(value) not in ((), (self.replications,)):
                raise StaggerError(
                    f"a fixed variable must have one value or {self.replications} (found {np.shape(value)} for {name})."
                )
        fixed = {name: _own(value) for name, value in values.items()}
        return replace(self, fixed={**self.fixed, **fixed})

    def renewing(self, streams: Collection[str]) -> Draws:
        """The same draws with other numbers in some streams, and in those alone.

        A variable has a stream of its name; one that is correlated mixes its own with others (see `blends`), so
        that renewing its own leaves what it has in common with them as it was.
        """
        return replace(self, renewed=self.renewed | frozenset(streams))

    def _near(self, name: str) -> str:
        near = difflib.get_close_matches(name, self.variables, n=1)
        return f" Did you mean {near[0]}?" if near else ""


def gathered(draws: Mapping[str, FloatArray], wanted: Sequence[tuple[str, Some]]) -> FloatArray:
    """`Draws.gathered`, and the same of any other mapping from names to values, (N,).

    Raises:
        KeyError: there is no such variable.
    """
    if isinstance(draws, Draws):
        return draws.gathered(wanted)
    return _joined([np.asarray(draws[name])[where] for name, where in wanted])


def _joined(parts: Sequence[FloatArray]) -> FloatArray:
    return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0), *parts])


def _own(value: float | FloatArray) -> float | FloatArray:
    """A number, or a read-only copy of an array, so that its owner cannot change it."""
    return float(value) if np.ndim(value) == 0 else _read_only(np.array(value, dtype=np.float64))


def _read_only(values: FloatArray) -> FloatArray:
    values.flags.writeable = False
    return values


def sensible(replications: int) -> int:
    """How many replications a run is of, as an int of Python's own: so many that it may end.

    Raises:
        StaggerError: it is of none, of more than `MOST_REPLICATIONS`, or of no whole number.
    """
    if not isinstance(replications, Integral) or isinstance(replications, bool):
        raise StaggerError(f"the number of replications must be a whole number, such as 10000 (found {replications}).")
    if replications < 1:
        raise StaggerError(f"the number of replications must be 1 or more (found {replications}).")
    if replications > MOST_REPLICATIONS:
        raise StaggerError(f"there must be no more than {MOST_REPLICATIONS:,} replications (found {replications:,}).")
    return int(replications)


def sensible_seed(seed: int | None) -> int | None:
    """The seed as an int of Python's own; None where none is given. Of 1 and 1.0, streams would be different ones.

    Raises:
        StaggerError: it is no integer.
    """
    if seed is None:
        return None
    if not isinstance(seed, Integral) or isinstance(seed, bool):
        raise StaggerError(f"the seed must be an integer, such as 2022 (found {seed}).")
    return int(seed)


def _require_counts(first: int, replications: int) -> None:
    if first < 0 or replications < 0:
        raise StaggerError(f"counts of replications must not be negative (found {min(first, replications)}).")
