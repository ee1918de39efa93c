"""Uncertain values: one frozen value per distribution, and the registry of how they are written."""

from simulator.distributions.closed import Exponential, Lognormal, Normal, Triangular, Uniform, Weibull
from simulator.distributions.interface import Constant, Distribution, FloatArray, is_constant
from simulator.distributions.metalog import Metalog
from simulator.distributions.observed import Discrete, Empirical
from simulator.distributions.registry import KINDS, Kind, Role
from simulator.distributions.shaped import Gamma, Pert
from simulator.distributions.truncated import Truncated, truncate

__all__ = [
    "KINDS",
    "Constant",
    "Discrete",
    "Distribution",
    "Empirical",
    "Exponential",
    "FloatArray",
    "Gamma",
    "Kind",
    "Lognormal",
    "Metalog",
    "Normal",
    "Pert",
    "Role",
    "Triangular",
    "Truncated",
    "Uniform",
    "Weibull",
    "is_constant",
    "truncate",
]
