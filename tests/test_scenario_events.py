"""Two parsers, one reading: a text that the quick one reads is read the same by the other."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from simulator.errors import ScenarioError
from simulator.scenario import read
from simulator.scenario.events import Unsure, quick_events
from simulator.scenario.read import read_text

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = sorted((ROOT / "scenarios").glob("*.yaml"))

STRANGE = (
    "a: |\n  x\n   y\n\n  z\nb: >\n  p\n  q\n\n   r\n  s\n",
    "a: 'x''y\n  z'\nb: \"p\\\n  q\\t\\x41\\u00e9\"\n",
    "a:\n- - b\n  - c\n-\n  d: e\n",
    "? a\n: b\n",
    "{a: b, c: [d, e, {f: g}]}\n",
    "a: b # c\n# d\ne: f#g\n",
    "a: http://x.y/z?q=1#f\nb: c::d\n",
    "{x: [a:b, c::d, 'e':f, \"g\":h]}\n",
    "{a:1, b : 2, c: , d}\n",
    "a: [b,\n  c]\nd: {e: f\n  , g: h}\n",
    "a: 2022-01-01\nb: 12:30\nc: 1_000\nd: ~\n",
    "a: ' b '\nc: \" d \"\nd: e\n f\n  g\n",
)
SIGNS = (
    *"{}[]:,#&*!|>'\"%@`-? \n~=<\\/0a",
    *("\n  ", "\n- ", ": ", ",", " #", "\r\n", "é", "😀", "''", "\\n", "\\u0041", "<<: ", "---\n", "...\n", "!!str "),
    *("|\n ", ">-\n  ", "null", "\u00a0", "::", "-:", ":a", "[]", "{}", "\t", "\x85", "\u2028", "\ufeff"),
)


def test_shipped_scenarios_are_read_by_the_quick_parser() -> None:
    for path in SHIPPED:
        text = path.read_text(encoding="utf-8")
        assert read._quick_tree(text, path.name) == read._tree(text, path.name)


@pytest.mark.parametrize(
    "text", ["a: >\n \n  b\n", "a: |#\n", "a:\tb", "a:", "a: \x85b", "a: b\r", '{"a":b}', "---\na: b", "a: [", "a: 'b"]
)
def test_texts_that_two_parsers_might_read_in_two_ways_are_left_to_the_slow_one(text: str) -> None:
    with pytest.raises(Unsure):
        list(quick_events(text))


def test_both_parsers_give_equal_trees_with_equal_places_or_the_slow_one_decides() -> None:
    """Texts with a few signs put in, taken out and repeated; without the guards some thirty in a thousand differ."""
    rng = random.Random(20221201)
    read_quickly = 0
    for _ in range(12_000):
        text = _mutated(rng, rng.choice((*STRANGE, *(_part(rng, path) for path in SHIPPED[:3]))))
        quick = read._quick_tree(text, "x.yaml")
        if quick is not None:
            read_quickly += 1
            assert _slowly(text) == quick, repr(text)
    assert read_quickly > 500


def test_a_text_that_the_slow_parser_alone_reads_is_read() -> None:
    assert read_text('{"a":b}', "").plain() == {"a": "b"}
    with pytest.raises(ScenarioError, match="a quote must be closed"):
        read_text("a: 'b", "x.yaml")


def _part(rng: random.Random, path: Path, lines: int = 12) -> str:
    """Some lines of a file, moved to the left."""
    all_lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    start = rng.randrange(len(all_lines))
    some = all_lines[start : start + rng.randint(2, lines)]
    indent = len(some[0]) - len(some[0].lstrip(" "))
    return "".join(line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in some)


def _mutated(rng: random.Random, text: str) -> str:
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(text) + 1)
        kind = rng.random()
        if kind < 0.5:
            text = text[:place] + rng.choice(SIGNS) + text[place:]
        elif kind < 0.75:
            text = text[:place] + text[place + rng.randint(1, 4) :]
        else:
            text = text[:place] + text[max(place - rng.randint(1, 30), 0) :]
    return text


def _slowly(text: str) -> object:
    try:
        return read._tree(text, "x.yaml")
    except ScenarioError as error:
        return str(error)
