"""Runs that lie in a store and that nobody asks for any more: of files as they were before they were changed."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from simulator.store.folder import MANIFEST, SEAL, read_manifest
from simulator.store.key import Key
from simulator.store.seal import is_sealed

_KEY: Final = tuple(field.name for field in fields(Key))


@dataclass(frozen=True)
class Leftover:
    """A run that a store wrote, and that is none of those asked for."""

    key: Key
    bytes: int
    alone: bool
    """Whether nothing lies in its folder but what the store wrote."""

    def as_row(self) -> dict[str, Any]:
        """What it is, in plain values."""
        key = self.key
        names = {"run": f"runs/{key.name}", "scenario": key.scenario, "schedule": key.schedule}
        return {**names, "replications": key.replications, "seed": key.seed, "bytes": self.bytes}


def leftovers(runs: Path, asked: Container[str]) -> Iterator[Leftover]:
    """The runs in a folder whose names are not ``asked`` for, by name; folders that no store wrote are passed over."""
    names = sorted(os.listdir(runs)) if runs.is_dir() else []
    for name in names:
        if name not in asked:
            found = _read(runs / name)
            if found is not None:
                yield found


def _read(folder: Path) -> Leftover | None:
    """A folder, if a store wrote it under this name: a copy with another name, or a link to one, is somebody else's."""
    if folder.is_symlink():
        return None
    manifest = read_manifest(folder)
    try:
        if manifest is None or not is_sealed((folder / MANIFEST).read_bytes(), SEAL):
            return None
        key = Key(**{name: manifest[name] for name in _KEY})
        if key.name != folder.name:
            return None
        there = list(os.scandir(folder))
        size = sum(each.stat(follow_symlinks=False).st_size for each in there)
    except (OSError, KeyError, TypeError):
        return None
    ours = {*manifest["files"], MANIFEST}
    return Leftover(key, size, all(each.name in ours and each.is_file(follow_symlinks=False) for each in there))
