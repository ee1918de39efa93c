"""Runs in the store that no file of a call asks for: told, and removed where that is asked for and is safe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from simulator.store.leftover import Leftover
from simulator.wording import count, size

NAMED: Final = 3
"""Runs that stay which are named in a note."""


@dataclass(frozen=True)
class Pruning:
    """What is to go of runs that a call does not ask for, and what is to be said of the others."""

    runs: tuple[Leftover, ...]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, found: Sequence[Leftover], asked: bool, all_ran: bool) -> Pruning:
        """Nothing goes unless it is ``asked`` for, nor where not all ran: what did not may have runs there."""
        ours = tuple(each for each in found if each.alone)
        if asked and all_ran:
            return cls(ours, tuple(_staying([each for each in found if not each.alone])))
        if asked and found:
            return cls((), (_refused(found),))
        return cls((), (_hint(ours),) if ours and all_ran else ())


def total(runs: Sequence[Leftover]) -> str:
    """How large they are together, in words."""
    return size(sum(each.bytes for each in runs))


def _hint(ours: Sequence[Leftover]) -> str:
    belong, them = ("belongs", "it") if len(ours) == 1 else ("belong", "them")
    these = f"{count(len(ours), 'run')} in the folder {belong} to no file of this call ({total(ours)})"
    return f"{these}. --prune removes {them}."


def _refused(found: Sequence[Leftover]) -> str:
    belong = "belongs" if len(found) == 1 else "belong"
    return (
        f"nothing is pruned, since what does not run may have runs there: {count(len(found), 'run')} {belong} to no "
        "file that runs. Mend what is wrong, or leave it out, and prune again."
    )


def _staying(others: Sequence[Leftover]) -> Iterator[str]:
    if others:
        names = ", ".join(each.key.name for each in others[:NAMED])
        more = f" and {len(others) - NAMED:,} more" if len(others) > NAMED else ""
        stay, their = ("stays", "its folder") if len(others) == 1 else ("stay", "their folders")
        yield f"{count(len(others), 'run')} {stay}, since other files lie in {their}, too: {names}{more}."
