"""Rank correlations as a Gaussian copula on the uniforms.

Uniforms become normal scores, scores are mixed linearly, and mixed scores become uniforms again, so every margin
stays uniform whatever the correlations (Iman and Conover, Communications in Statistics B 11, 1982; Nelsen, An
Introduction to Copulas, 2006, section 2.3.6). A rank correlation ρ asks for the Pearson correlation 2 sin(πρ/6)
of the scores (Pearson, 1907; Kruskal, JASA 53, 1958).
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from typing import Final

import numpy as np

from simulator.distributions import FloatArray
from simulator.scenario.model import Correlation

LEAST_EIGENVALUE: Final = 1e-10
"""Matrices are kept this far inside the cone of correlation matrices, so that their root exists."""
TOLERANCE: Final = 1e-8
ROUNDS: Final = 1000


class RepairWarning(UserWarning):
    """Correlations that cannot all hold together were replaced by the nearest that can."""


@dataclass(frozen=True)
class Blend:
    """A correlated variable's score: the sum of the scores of ``sources`` (names of streams) times ``weights``."""

    sources: tuple[str, ...]
    weights: tuple[float, ...]


def blends(correlations: Sequence[Correlation], names: Iterable[str]) -> dict[str, Blend]:
    """How the scores of the correlated ones among ``names`` are mixed, by name.

    A group that no other entry touches, with a correlation of at least 0, shares one factor with a stream of its own
    (keyed by the patterns): a member's draws do not depend on who else is a member. All other groups that touch each
    other become one matrix, in which later entries override earlier ones, and its Cholesky root; there a variable added
    or removed changes those that follow it by name.

    Warns:
        RepairWarning: a matrix was no correlation matrix and the nearest one was taken (Higham, IMA Journal of
            Numerical Analysis 22, 2002).
    """
    known = list(names)
    groups = [(correlation, _matching(correlation.of, known)) for correlation in correlations]
    groups = [(correlation, members) for correlation, members in groups if len(members) > 1]
    found: dict[str, Blend] = {}
    for together in _touching(groups):
        correlation, members = together[0]
        if len(together) == 1 and correlation.rank >= 0:
            found.update(_one_factor(correlation, members))
        else:
            found.update(_matrix(together))
    return found


def pearson(rank: float) -> float:
    """The Pearson correlation of normal scores with a rank correlation ``rank``: 2 sin(π rank/6)."""
    return 2.0 * math.sin(math.pi * rank / 6.0)


def spearman(correlation: FloatArray) -> FloatArray:
    """The rank correlation of normal scores: the inverse of `pearson`."""
    return np.asarray(6.0 / math.pi * np.arcsin(correlation / 2.0))


def _matching(patterns: Sequence[str], names: Sequence[str]) -> list[str]:
    """The names that a pattern fits, or that are one themselves, in their order."""
    found = set(patterns)
    for of in patterns:
        found.update(filter(re.compile(translate(of)).match, names))
    return [name for name in names if name in found]


Group = tuple[Correlation, list[str]]


def _touching(groups: Sequence[Group]) -> list[list[Group]]:
    """Groups that share a member, directly or through others, together; each in the order of the file."""
    parts: list[tuple[set[str], list[Group]]] = []
    for group in groups:
        members, together = set(group[1]), [group]
        for part in [part for part in parts if part[0] & members]:
            members |= part[0]
            together = part[1] + together
            parts.remove(part)
        parts.append((members, together))
    order = {id(group): i for i, group in enumerate(groups)}
    return [sorted(together, key=lambda group: order[id(group)]) for _, together in parts]


def _one_factor(correlation: Correlation, members: Sequence[str]) -> Mapping[str, Blend]:
    """Each member's score is √r m + √(1 − r) z, m common to all."""
    r = pearson(correlation.rank)
    factor = "correlation\0" + "\0".join(correlation.of)
    weights = (math.sqrt(r), math.sqrt(max(0.0, 1.0 - r)))
    return {name: Blend((factor, name), weights) for name in members} if r > 0 else {}


def _matrix(groups: Sequence[Group]) -> Mapping[str, Blend]:
    names = sorted({name for _, members in groups for name in members})
    place = {name: i for i, name in enumerate(names)}
    wanted = np.eye(len(names))
    for correlation, members in groups:
        rows = np.array([place[name] for name in members])
        wanted[np.ix_(rows, rows)] = pearson(correlation.rank)
    np.fill_diagonal(wanted, 1.0)
    root = np.linalg.cholesky(_possible(wanted, names))
    return {name: Blend(tuple(names[: i + 1]), tuple(root[i, : i + 1].tolist())) for i, name in enumerate(names)}


def _possible(wanted: FloatArray, names: Sequence[str]) -> FloatArray:
    """``wanted``, or the nearest correlation matrix with a warning."""
    least = float(np.linalg.eigvalsh(wanted)[0])
    if least >= -TOLERANCE:
        return _inside(wanted) if least < LEAST_EIGENVALUE else wanted
    nearest = _inside(nearest_correlation(wanted))
    _warn(spearman(wanted), spearman(nearest), names)
    return nearest


def nearest_correlation(matrix: FloatArray) -> FloatArray:
    """The correlation matrix nearest to a symmetric ``matrix`` in the Frobenius norm.

    Higham (2002), algorithm 3.3: alternating projections onto the cone of positive semidefinite matrices, with
    Dykstra's correction, and onto the matrices with unit diagonal.
    """
    current, correction = matrix.copy(), np.zeros_like(matrix)
    for _ in range(ROUNDS):
        before = current
        corrected = current - correction
        projected = _clipped(corrected, 0.0)
        correction = projected - corrected
        current = projected.copy()
        np.fill_diagonal(current, 1.0)
        if np.linalg.norm(current - before) <= TOLERANCE * np.linalg.norm(current):
            break
    return current


def _inside(matrix: FloatArray) -> FloatArray:
    """``matrix`` with eigenvalues above the least and a unit diagonal."""
    clipped = _clipped(matrix, LEAST_EIGENVALUE * len(matrix))
    scale = 1.0 / np.sqrt(np.diag(clipped))
    return np.asarray(clipped * np.outer(scale, scale))


def _clipped(matrix: FloatArray, least: float) -> FloatArray:
    values, vectors = np.linalg.eigh(matrix)
    raised = (vectors * np.maximum(values, least)) @ vectors.T
    return np.asarray((raised + raised.T) / 2)


def _warn(wanted: FloatArray, nearest: FloatArray, names: Sequence[str]) -> None:
    change = np.round(np.abs(nearest - wanted), 6)
    i, j = sorted(int(k) for k in np.unravel_index(int(np.argmax(change)), change.shape))
    warnings.warn(
        f"these rank correlations cannot all hold together; the nearest that can are used. The largest change is that "
        f"of {names[i]} with {names[j]}, from {wanted[i, j]:.2f} to {nearest[i, j]:.2f}.",
        RepairWarning,
        stacklevel=2,
    )
