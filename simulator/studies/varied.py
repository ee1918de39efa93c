"""Which values of a scenario are varied: paths, and the values that each takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from simulator.days import every_days, month_after
from simulator.errors import StaggerError

MOST_POINTS: Final = 1000
_DATES: Final = re.compile(r"\s*(\d{4}-\d\d-\d\d)\s*\.\.\s*(\d{4}-\d\d-\d\d)\s*(?::\s*(.*?)\s*)?")
_STEP: Final = re.compile(r"([1-9]\d{0,5})\s*(d|w|mo|y)")
_NUMBER: Final = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*([^\d\s.:]*)\s*")

_OPENING: Final = frozenset("[{")
_CLOSING: Final = frozenset("]}")
_QUOTES: Final = frozenset("\"'")


@dataclass(frozen=True)
class Varied:
    """A path of the scenario and the values that it takes, as they would be written in the file."""

    path: str
    values: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Varied:
        """From `PATH=A,B,C` or `PATH=FIRST..LAST[:STEP]`, the step 1 where none is given.

        A value given twice counts once. Dates need a step: `deadline=2030-03-31..2031-03-31:1mo`. Commas within
        brackets or quotes belong to a value: `schedules.NAME.order=[A, B],[B, A]`.

        Raises:
            StaggerError: the text is not of that form.
        """
        path, equals, values = text.partition("=") if isinstance(text, str) else ("", "", "")
        found = _range(values) if ".." in values and not _OPENING & {*values} else tuple(_split(values))
        if not equals or not path.strip() or not found or not all(found):
            raise StaggerError(
                f"what is varied must be PATH=VALUES (found {text}). Write for instance "
                "resources.framework.capacity=1..4 clusters.*.contract.term=5y,7y,10y, or "
                "deadline=2030-03-31..2031-03-31:1mo."
            )
        return cls(path.strip(), tuple(dict.fromkeys(found)))


def _split(text: str) -> Iterator[str]:
    """Values between commas; a comma within brackets, or within quotes where a text begins with one, is the value's."""
    begun, depth, quote, last = 0, 0, "", ""
    for place, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in _QUOTES and last in ("", ",", *_OPENING):
            quote = character
        elif character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth -= 1
        elif character == "," and depth <= 0:
            yield text[begun:place].strip()
            begun = place + 1
        last = last if character.isspace() else character
    yield text[begun:].strip()


def _range(text: str) -> tuple[str, ...]:
    """Values from the first to the last, both included where the step meets it; none where it is no range."""
    if dates := _DATES.fullmatch(text):
        return tuple(when.isoformat() for when in islice(_dates(*dates.groups()), MOST_POINTS + 1))
    ends, _, step_text = text.partition(":")
    first, last, step = (_NUMBER.fullmatch(part) for part in (*ends.split("..", 1), step_text or "1"))
    if not (first and last and step):
        return ()
    units = {match[2] for match in (first, last, step) if match[2]}
    size = float(step[1])
    if len(units) > 1 or size <= 0:
        return ()
    if float(last[1]) < float(first[1]):
        turned = f"{last[0].strip()}..{first[0].strip()}"
        raise StaggerError(f"a range must go forwards (found {ends.strip()}). Write {turned}, or list the values.")
    count = int((float(last[1]) - float(first[1])) / size + 1e-9)
    return tuple(f"{float(first[1]) + k * size:.12g}{''.join(units)}" for k in range(min(count, MOST_POINTS) + 1))


def _dates(first_text: str, last_text: str, step_text: str | None) -> Iterator[date]:
    """Dates from the first to the last, the step in calendar months and years as those of schedules are."""
    try:
        first, last = date.fromisoformat(first_text), date.fromisoformat(last_text)
    except ValueError as error:
        raise StaggerError(
            f"a range must be of dates that there are (found {first_text}..{last_text}: {error})."
        ) from None
    if last < first:
        raise StaggerError(f"a range of dates must go forwards (found {first_text}..{last_text}).")
    step = _STEP.fullmatch(step_text or "")
    if not step:
        found = "none" if step_text is None else step_text
        raise StaggerError(f"a range of dates must have a step in whole d, w, mo or y, such as :1mo (found {found}).")
    size = int(step[1])
    if step[2] in ("d", "w"):
        return every_days(first, size * (7 if step[2] == "w" else 1), last)
    return _every_months(first, size * (12 if step[2] == "y" else 1), last)


def _every_months(first: date, months: int, last: date) -> Iterator[date]:
    """Nothing after the last is looked at: there is no date after 9999."""
    most = (last.year - first.year) * 12 + last.month - first.month
    return (when for k in range(0, most + 1, months) if (when := month_after(first, k)) <= last)
