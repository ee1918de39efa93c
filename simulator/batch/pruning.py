"""Runs in the store that a call does not ask for: told, and removed where that is asked for and is safe."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from simulator.store.leftover import Leftover
from simulator.wording import count, size

NAMED: Final = 3
"""Runs that stay which are named in a note."""
_FAILED: Final = "what does not run", "Mend what is wrong, or leave it out"
_PASSED: Final = "what was passed over", "Name it, or move it elsewhere"


@dataclass(frozen=True)
class Pruning:
    """What is to go of runs that a call does not ask for, and what is to be said of the others."""

    runs: tuple[Leftover, ...]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, found: Sequence[Leftover], asked: bool, failed: Collection[object], passed: Collection[str]) -> Pruning:
        """Nothing goes unless it is ``asked`` for, nor where something failed or was passed over: it may have runs."""
        ours = tuple(each for each in found if each.alone)
        if asked and not failed and not passed:
            return cls(ours, tuple(_staying([each for each in found if not each.alone])))
        if asked and found:
            return cls((), (_refused(found, *(_FAILED if failed else _PASSED)),))
        return cls((), (_hint(ours),) if ours and not failed and not passed else ())


def total(runs: Sequence[Leftover]) -> str:
    """How large they are together, in words."""
    return size(sum(each.bytes for each in runs))


def _hint(ours: Sequence[Leftover]) -> str:
    them = "it" if len(ours) == 1 else "them"
    return (
        f"{_none_of_these(ours)} ({total(ours)}), but of other files, files as they once were, other schedules, "
        f"values or options. --prune removes {them}."
    )


def _refused(found: Sequence[Leftover], why: str, remedy: str) -> str:
    return f"nothing is pruned, since {why} may have runs there: {_none_of_these(found)}. {remedy}, and prune again."


def _none_of_these(found: Sequence[Leftover]) -> str:
    return f"{count(len(found), 'run')} in the folder {'is' if len(found) == 1 else 'are'} none of this call's"


def _staying(others: Sequence[Leftover]) -> Iterator[str]:
    if others:
        names = ", ".join(each.key.name for each in others[:NAMED])
        more = f" and {len(others) - NAMED:,} more" if len(others) > NAMED else ""
        stay, their = ("stays", "its folder") if len(others) == 1 else ("stay", "their folders")
        yield f"{count(len(others), 'run')} {stay}, since other files lie in {their}, too: {names}{more}."
