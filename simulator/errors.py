"""The one error type: what was wrong, where, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MOST_FAULTS: Final = 300
"""Faults that are told in one go."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with what a planner wrote.

    Printed as ``file:line:column: path: rule (found). Remedy.``; empty parts are left out.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""
    rule: str = ""
    found: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        where = ": ".join(part for part in (place, self.path) if part)
        what = f"{self.rule} ({self.found})." if self.found else f"{self.rule}."
        text = f"{where}: {what}" if where else what
        return f"{text} {self.remedy}".rstrip()


class StaggerError(Exception):
    """Anything a planner can put right: bad input, bad usage, a disk that is full."""


class StorageError(StaggerError):
    """A folder that cannot be written: a disk that is full, rights that are missing."""


class WorkersError(StaggerError):
    """Workers of whom none can be asked any more: a scheduler that does not answer, an executor that is broken."""


class ScenarioError(StaggerError):
    """A scenario that was refused, with the faults found in it.

    ``faults`` is a non-empty tuple of `Fault` in the order of the file, `MOST_FAULTS` at most; ``more`` is how many
    were found besides.
    """

    def __init__(self, faults: Iterable[Fault], more: int = 0) -> None:
        found = sorted(set(faults))
        self.faults = tuple(found[:MOST_FAULTS])
        self.more = more + len(found) - len(self.faults)
        rest = [f"And {self.more:,} more."] if self.more else []
        super().__init__("\n".join([*(str(fault) for fault in self.faults), *rest]))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Fault, ...], int]]:
        return type(self), (self.faults, self.more)
