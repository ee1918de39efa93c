"""Every distribution that a scenario may name. Adding one is one entry here and one test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from simulator.distributions.closed import Exponential, Lognormal, Normal, Triangular, Uniform, Weibull
from simulator.distributions.interface import Constant, Distribution
from simulator.distributions.metalog import Metalog
from simulator.distributions.observed import Discrete, Empirical
from simulator.distributions.shaped import Gamma, Pert

Role: TypeAlias = Literal["value", "spread", "number", "values", "weights", "bounds"]
"""What a parameter is: a `value` in the quantity's own unit, a `spread` in a length of that unit, a bare `number`,
a list of `values`, a list of bare `weights`, or `bounds`, a lower and an upper value of which either may be null."""


@dataclass(frozen=True)
class Kind:
    """How one distribution is written.

    ``parameters`` are all it knows, in order; ``listed`` those written as a plain list, empty where it takes a mapping;
    ``forms`` the sets of keys of which a mapping has exactly one, plus any of ``optional``. ``build`` takes the
    parameters by keyword and raises ValueError in a planner's words.
    """

    name: str
    parameters: Mapping[str, Role]
    listed: tuple[str, ...]
    forms: tuple[frozenset[str], ...]
    optional: frozenset[str]
    build: Callable[..., Distribution]


def _kind(
    name: str,
    build: Callable[..., Distribution],
    parameters: Mapping[str, Role],
    forms: tuple[str, ...] = (),
    listed: bool = False,
    optional: str = "",
) -> Kind:
    """A `Kind`; each of ``forms`` names its keys in one string, and without any all parameters are required."""
    needed = forms or (" ".join(parameters),)
    return Kind(
        name=name,
        parameters=parameters,
        listed=tuple(parameters) if listed else (),
        forms=tuple(frozenset(form.split()) for form in needed),
        optional=frozenset(optional.split()),
        build=build,
    )


def _lognormal(**given: float) -> Lognormal:
    if "median" in given:
        return Lognormal.of_median(**given)
    return Lognormal.of_range(**given) if "p10" in given else Lognormal.of_mean(**given)


def _constant(constant: float) -> Constant:
    return Constant(constant)


KINDS: Final[dict[str, Kind]] = {
    kind.name: kind
    for kind in (
        _kind("constant", _constant, {"constant": "value"}),
        _kind("uniform", Uniform, {"min": "value", "max": "value"}, listed=True),
        _kind("triangular", Triangular, {"min": "value", "mode": "value", "max": "value"}, listed=True),
        _kind("pert", Pert, {"min": "value", "mode": "value", "max": "value"}, listed=True),
        _kind("normal", Normal, {"mean": "value", "sd": "spread"}),
        _kind(
            "lognormal",
            _lognormal,
            {"median": "value", "p10": "value", "p90": "value", "mean": "value", "sd": "spread"},
            forms=("median p90", "p10 p90", "mean sd"),
        ),
        _kind("gamma", Gamma, {"mean": "value", "sd": "spread"}),
        _kind("weibull", Weibull, {"shape": "number", "scale": "value"}),
        _kind("exponential", Exponential, {"mean": "value"}),
        _kind("discrete", Discrete, {"values": "values", "weights": "weights"}),
        _kind("empirical", Empirical, {"values": "values"}),
        _kind(
            "quantiles",
            Metalog.of_quantiles,
            {"p10": "value", "p50": "value", "p90": "value", "bounds": "bounds"},
            forms=("p10 p50 p90",),
            optional="bounds",
        ),
    )
}
"""The one registry, by the key that a scenario writes. `constant` lets a fixed number carry its source. For a length or
an amount, which cannot be negative, a reader gives `quantiles` the bounds (0, None) where none are written."""
