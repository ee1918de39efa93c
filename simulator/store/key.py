"""What determines a run, and the name of its folder."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final

from simulator import __version__

MODEL: Final = 1
"""The number of the model: one more whenever the same inputs give other numbers. A test holds it to them."""

LONGEST: Final = 40
"""Characters of a scenario's and of a schedule's name in the name of a folder."""
DIGITS: Final = 20


@dataclass(frozen=True)
class Key:
    """Everything that determines the numbers of a run, and so the bytes of its folder."""

    scenario: str
    """The scenario's name, which is part of what it says."""
    scenario_sha256: str
    """Of the scenario's values (`digest`)."""
    texts_sha256: str
    """Of the files that say them in the folder: other notes, or other words for the same, are another run."""
    schedule: str
    replications: int
    seed: int
    sampling: str
    engine: str
    """Engines give equal numbers, but a summary says which one gave them."""
    model: int = MODEL
    stagger: str = __version__

    def about(self) -> dict[str, Any]:
        """The same for a manifest."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @cached_property
    def name(self) -> str:
        """A folder's name that is the same for the same run, safe on any system, in small letters, and readable."""
        text = json.dumps(self.about(), sort_keys=True)
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
        words = (_plain(self.scenario), _plain(self.schedule), digest)
        return "-".join(word for word in words if word)


def _plain(name: str) -> str:
    """A name in small letters and digits of ASCII, with hyphens between; empty where none are left."""
    letters = unicodedata.normalize("NFKD", name[: 4 * LONGEST]).encode("ascii", "ignore").decode().lower()
    words = "".join(sign if sign.isalnum() else " " for sign in letters).split()
    return "-".join(words)[:LONGEST].strip("-")
