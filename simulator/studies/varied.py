"""Which values of a scenario are varied: paths, and the values that each takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from simulator.errors import StaggerError

MOST_POINTS: Final = 1000
_NUMBER: Final = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*([^\d\s.:]*)\s*")


@dataclass(frozen=True)
class Varied:
    """A path of the scenario and the values that it takes, as they would be written in the file."""

    path: str
    values: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Varied:
        """From `PATH=A,B,C` or `PATH=FIRST..LAST[:STEP]`, the step 1 where none is given.

        Raises:
            StaggerError: the text is not of that form.
        """
        path, equals, values = text.partition("=")
        found = _range(values) if ".." in values else tuple(part.strip() for part in values.split(","))
        if not equals or not path.strip() or not found or not all(found):
            raise StaggerError(
                f"what is varied must be PATH=VALUES (found {text}). Write for instance "
                "resources.framework.capacity=1..4 or clusters.*.contract.term=5y,7y,10y."
            )
        return cls(path.strip(), found)


def _range(text: str) -> tuple[str, ...]:
    """Values from the first to the last, both included where the step meets it; none where it is no range."""
    ends, _, step_text = text.partition(":")
    first, last, step = (_NUMBER.fullmatch(part) for part in (*ends.split("..", 1), step_text or "1"))
    if not (first and last and step):
        return ()
    units = {match[2] for match in (first, last, step) if match[2]}
    size = float(step[1])
    if len(units) > 1 or size <= 0:
        return ()
    count = int((float(last[1]) - float(first[1])) / size + 1e-9) if float(last[1]) >= float(first[1]) else -1
    return tuple(f"{float(first[1]) + k * size:.12g}{''.join(units)}" for k in range(min(count, MOST_POINTS) + 1))
