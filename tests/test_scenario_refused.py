"""Bad input: one file per kind of mistake, with the whole message it must give."""

from __future__ import annotations

from pathlib import Path

import pytest

import simulator.scenario as scn
from simulator.errors import ScenarioError

BAD = sorted((Path(__file__).parent / "data" / "bad").glob("*.yaml"))


def expected(path: Path) -> list[str]:
    """The messages written at the head of a file, without the file's name."""
    lines = path.read_bytes().decode().splitlines()
    return [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_refused_with_the_message_it_says(path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        scn.load(path)
    assert str(caught.value).splitlines() == [f"{path}:{message}" for message in expected(path)]


def test_corpus_is_there() -> None:
    assert len(BAD) > 100


def test_each_kind_of_mistake_has_its_own_message() -> None:
    rules: dict[str, list[str]] = {}
    for path in BAD:
        rule = "; ".join(expected(path))
        rules.setdefault(rule, []).append(path.stem)
    assert [names for names in rules.values() if len(names) > 1] == []
