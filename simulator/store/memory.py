"""What a store remembers between calls to save time: never trusted beyond what it can show, and free to be lost."""

from __future__ import annotations

import json
import os
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from simulator import __version__
from simulator.store.key import MODEL
from simulator.store.seal import is_sealed, sealed

FORMAT: Final = 4

MOST_ROWS: Final = 30_000
"""Rows of tables that are remembered, those of the last runs: reading them takes half a second, and reading a summary
again a millisecond."""

_END: Final = b"}"
_SEAL: Final = b',"memory_sha256":"%s"}'

Stamp = list[int]
"""Size, times of change of content and of anything (ns), and the file's number: what no change leaves alone."""


def stamp(path: Path) -> Stamp:
    """The stamp of a file."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


class Memory:
    """Stamps of files whose checksums were right, what sources were found to say, and the rows of summaries.

    Kept in one JSON file with a checksum, which another version of stagger begins anew, as do those who ask for it.
    """

    def __init__(self, path: Path, anew: bool = False) -> None:
        self.path = path
        self.changed = False
        known = {} if anew else _read(path)
        self.stamps: dict[str, Any] = known.get("stamps", {})
        """Folder and file to the stamp and the checksum that were right together."""
        self.sources: dict[str, Any] = known.get("sources", {})
        self.rows: dict[str, Any] = known.get("rows", {})
        """The checksum of a summary to what a table says of its run."""
        self.many = sum(map(len, self.rows.values()))

    def knows(self, place: str, path: Path, sha256: str) -> bool:
        """Whether a file had this checksum when it was last read, and nothing touched it since."""
        return bool(self.stamps.get(place) == [sha256, *stamp(path)])

    def note(self, place: str, path: Path, sha256: str) -> None:
        """Remember that a file has this checksum."""
        self.stamps[place] = [sha256, *stamp(path)]
        self.changed = True

    def forget(self, folders: Container[str]) -> None:
        """Let go of stamps of files in folders that are gone."""
        self.stamps = {place: kept for place, kept in self.stamps.items() if place.partition("/")[0] not in folders}
        self.changed = True

    def said(self, source: str) -> Mapping[str, Any] | None:
        """What a source was found to say."""
        found = self.sources.get(source)
        return found if isinstance(found, dict) else None

    def heard(self, source: str, what: Mapping[str, Any]) -> None:
        """Remember what a source says."""
        self.sources[source] = dict(what)
        self.changed = True

    def row(self, sha256: str) -> list[Any] | None:
        """What a table says of the run whose summary has this checksum."""
        found = self.rows.get(sha256)
        return found if isinstance(found, list) else None

    def keep(self, sha256: str, rows: Sequence[Any]) -> None:
        """Remember what a table says of the run whose summary has this checksum."""
        self.many += len(rows) - len(self.rows.pop(sha256, ()))
        self.rows[sha256] = list(rows)
        while self.many > MOST_ROWS:
            self.many -= len(self.rows.pop(next(iter(self.rows))))
        self.changed = True

    def save(self, drafts: Path) -> None:
        """Write the file in one step, by way of a folder for drafts."""
        if not self.changed:
            return
        document = {**_versions(), "stamps": self.stamps, "sources": self.sources, "rows": self.rows}
        beside = drafts / f"{self.path.name}.{os.getpid()}"
        beside.write_bytes(sealed(json.dumps(document, separators=(",", ":")).encode(), _END, _SEAL))
        beside.replace(self.path)
        self.changed = False


def _versions() -> dict[str, Any]:
    return {"format": FORMAT, "stagger": __version__, "model": MODEL}


def _read(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
        document = json.loads(content) if is_sealed(content, _SEAL) else {}
    except (OSError, ValueError, RecursionError):
        return {}
    same = isinstance(document, dict) and all(document.get(name) == value for name, value in _versions().items())
    parts = ("stamps", "sources", "rows")
    return document if same and all(isinstance(document.get(part), dict) for part in parts) else {}
