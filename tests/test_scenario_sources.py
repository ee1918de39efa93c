"""Which files were read: a name that leads elsewhere is not as read, whatever lies there, and however late it turns."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from simulator.scenario.sources import Read, heard, is_as_read, listening

pytestmark = pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="needs links")


@pytest.fixture
def read(tmp_path: Path) -> tuple[Path, Read]:
    """A file and what was found in it; ``twin`` beside it says the same."""
    file = tmp_path / "base.yaml"
    for path in (file, tmp_path / "twin"):
        path.write_text("scenario: x\n")
    with listening() as reads:
        heard(file, Path(os.path.realpath(file)), file.read_bytes())
    return file, reads[str(file)]


def _swap(file: Path) -> None:
    """A link to the twin in the place of the file."""
    file.unlink()
    file.symlink_to("twin")


def test_a_file_is_as_read_until_a_byte_or_its_place_changes(read: tuple[Path, Read]) -> None:
    file, found = read
    assert is_as_read(str(file), found)
    file.write_text("scenario: y\n")
    assert not is_as_read(str(file), found)
    file.unlink()
    assert not is_as_read(str(file), found)


def test_a_link_in_the_place_of_a_file_is_not_as_read(read: tuple[Path, Read]) -> None:
    """What a link leads to is not what may be read from the folder, though it says the same."""
    file, found = read
    _swap(file)
    assert file.read_text() == "scenario: x\n"
    assert not is_as_read(str(file), found)


def test_a_file_that_becomes_a_link_while_one_looks_is_not_followed(
    read: tuple[Path, Read], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is looked up, then opened; between the two somebody puts a link there."""
    file, found = read
    look_up = os.path.realpath

    def swapped_after(name: str) -> str:
        there = look_up(name)
        _swap(file)
        return there

    monkeypatch.setattr(os.path, "realpath", swapped_after)
    assert not is_as_read(str(file), found)
