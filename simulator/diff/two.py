"""`diff`: two runs' folders to what differs between them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.diff.changes import Change, changes
from simulator.diff.inputs import Input, inputs
from simulator.diff.opened import Opened
from simulator.errors import StaggerError
from simulator.given import PATH, require
from simulator.wording import count


@dataclass(frozen=True)
class Diff:
    """What differs between two runs; made by `diff`."""

    a: Path
    b: Path
    money: str
    inputs: tuple[Input, ...]
    changes: tuple[Change, ...]
    only: tuple[tuple[str, ...], tuple[str, ...]]
    """Clusters that only one of them has."""
    apart: str
    """Why futures were not set against each other one by one; empty where they were."""

    @property
    def sure(self) -> tuple[Change, ...]:
        """The changes that are there with 95 % confidence, each taken by itself."""
        return tuple(each for each in self.changes if each.verdict in ("more", "less"))

    def __str__(self) -> str:
        if not self.inputs and all(each.a == each.b for each in self.changes):
            return "Nothing differs: neither inputs nor answers."
        differs = f"{count(len(self.inputs), 'input')} {'differs' if len(self.inputs) == 1 else 'differ'}"
        return f"{differs}; {count(len(self.sure), 'answer')} of {len(self.changes)} changed for sure."

    def summary(self) -> dict[str, Any]:
        """The document of `diff --json`."""
        return {
            "a": str(self.a),
            "b": str(self.b),
            "paired": not self.apart,
            "why_not_paired": self.apart or None,
            "inputs": [vars(each) for each in self.inputs],
            "only_in": {"a": list(self.only[0]), "b": list(self.only[1])},
            "answers": [vars(each) for each in self.changes],
        }


def diff(a: Path | str, b: Path | str) -> Diff:
    """Which inputs of two runs differ, and the second's answers less the first's.

    Runs in the same futures are set against each other future by future where their outcomes say enough; what only
    their summaries say, and runs in other futures, are compared by their intervals.

    Raises:
        StaggerError: one of the folders is no run or is not whole, or they count money in different units.
    """
    for folder in (a, b):
        require(folder, PATH, "a diff needs the folders of two runs", "Give their paths; save writes a result to one.")
    one, other = Opened.at(a), Opened.at(b)
    units = [run.scenario.money.unit for run in (one, other)]
    if units[0] != units[1]:
        raise StaggerError(f"runs that are compared must have the same money unit (found {units[0]} and {units[1]}).")
    apart = _apart(one, other)
    clusters = [list(run.summary["clusters"]) for run in (one, other)]
    differing = inputs(one, other)
    only = tuple(tuple(name for name in mine if name not in theirs) for mine, theirs in (clusters, clusters[::-1]))
    return Diff(
        a=one.folder,
        b=other.folder,
        money=units[0],
        inputs=differing,
        changes=tuple(changes(one, other, not apart, not differing)),
        only=(only[0], only[1]),
        apart=apart,
    )


def _apart(a: Opened, b: Opened) -> str:
    if a.replications != b.replications:
        return f"they have {a.replications:,} and {b.replications:,} futures"
    for name, one, other in zip(("sampling", "seeds", "starts"), a.futures, b.futures, strict=True):
        if one != other:
            return f"their {name} differ: {one} and {other}"
    return ""
