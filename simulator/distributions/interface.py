"""What every distribution offers, and the one that is certain."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeGuard, runtime_checkable

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]


@runtime_checkable
class Distribution(Protocol):
    """A frozen value that can be compared, hashed, pickled and asked for its quantiles."""

    def ppf(self, u: FloatArray) -> FloatArray:
        """The inverse distribution function at ``u`` in (0, 1): same shape, never falling in ``u``."""
        ...

    def cdf(self, x: FloatArray) -> FloatArray:
        """P(X <= x), in the shape of ``x``."""
        ...

    def __hash__(self) -> int: ...

    @property
    def mean(self) -> float:
        """The expected value, infinite where it does not exist."""
        ...

    @property
    def support(self) -> tuple[float, float]:
        """The smallest and the largest possible value; either may be infinite."""
        ...


@dataclass(frozen=True)
class Constant:
    """The same value in every replication."""

    value: float

    def __post_init__(self) -> None:
        require_finite(constant=self.value)

    def ppf(self, u: FloatArray) -> FloatArray:
        return np.full(np.shape(u), self.value)

    def cdf(self, x: FloatArray) -> FloatArray:
        return np.where(np.asarray(x) >= self.value, 1.0, 0.0)

    @property
    def mean(self) -> float:
        return self.value

    @property
    def support(self) -> tuple[float, float]:
        return (self.value, self.value)


def is_constant(distribution: Distribution) -> TypeGuard[Constant]:
    """Whether the value is certain, so that its number is ``distribution.value``."""
    return isinstance(distribution, Constant)


def require_finite(**numbers: Any) -> None:
    """Refuse what is no finite number; the keywords name the parameters."""
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, (int, float, np.integer, np.floating)):
            raise ValueError(f"{name} must be a number ({number!r})")
        if not math.isfinite(number):
            raise ValueError(f"{name} must be a finite number ({number})")


def require_positive(**numbers: float) -> None:
    """Refuse what is not a finite number above zero; the keywords name the parameters."""
    require_finite(**numbers)
    for name, number in numbers.items():
        if number <= 0:
            raise ValueError(f"{name} must be above 0 ({number:g})")


def require_rising(**numbers: float) -> None:
    """Refuse numbers that fall from one to the next, or are all the same; the keywords name the parameters."""
    require_finite(**numbers)
    names, values = list(numbers), list(numbers.values())
    for i in range(len(values) - 1):
        if values[i] > values[i + 1]:
            raise ValueError(f"{names[i]} must not exceed {names[i + 1]} ({values[i]:g} > {values[i + 1]:g})")
    if values[0] == values[-1]:
        raise ValueError(f"{names[0]} must be below {names[-1]} (both are {values[0]:g}); write it as a constant")
