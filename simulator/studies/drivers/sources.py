"""Inputs gathered into sources: by stage across clusters, by cluster, or each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from simulator.errors import StaggerError
from simulator.uncertainty import Input

By: TypeAlias = Literal["stage", "cluster", "input"]
GROUPINGS: Final = get_args(By)


@dataclass(frozen=True)
class Source:
    """Inputs that are taken together."""

    name: str
    inputs: tuple[Input, ...]

    @property
    def variables(self) -> frozenset[str]:
        """Of all its inputs."""
        return frozenset(name for each in self.inputs for name in each.variables)

    @property
    def medians(self) -> dict[str, float]:
        """Of all its inputs."""
        return {name: value for each in self.inputs for name, value in each.medians.items()}


def sources(inputs: Iterable[Input], by: str) -> tuple[Source, ...]:
    """Inputs gathered into sources, in file order.

    Raises:
        StaggerError: there is no such grouping.
    """
    keys: Mapping[str, Callable[[Input], str]] = {
        "stage": lambda each: each.across,
        "cluster": lambda each: each.cluster or each.across,
        "input": lambda each: each.name,
    }
    if by not in list(keys):
        raise StaggerError(f"sources go by {', '.join(GROUPINGS[:-1])} or {GROUPINGS[-1]} (found {by}).")
    together: dict[str, list[Input]] = {}
    for each in inputs:
        together.setdefault(keys[by](each), []).append(each)
    return tuple(Source(name, tuple(members)) for name, members in together.items())
