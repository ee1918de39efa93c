"""Files made to hurt: refused in words, quickly, or read as text."""

from __future__ import annotations

import json
import os
import pickle
import random
import time
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.errors import MOST_FAULTS, ScenarioError, StaggerError
from simulator.scenario import faults, load, parse
from simulator.scenario.events import DEEPEST
from simulator.scenario.read import LARGEST_FILE, read_text

EXAMPLE = (Path(__file__).parent / "data" / "scenarios" / "example.yaml").read_text(encoding="utf-8")
LEAST = "scenario: s\nstart: 2025-01-01\nhorizon: 2030-01-01\nroute: [{stage: s, duration: 1d}]\n"


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        parse(text)
    return str(caught.value)


@pytest.mark.parametrize("depth", [DEEPEST + 2, 4000, 200_000])
@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "[{a: "])
def test_depth(opening: str, depth: int) -> None:
    began = time.perf_counter()
    assert f"must not lie more than {DEEPEST} deep" in refusal("a: " * (opening != "- ") + opening * depth)
    assert time.perf_counter() - began < 20


def test_a_bomb_of_aliases() -> None:
    bomb = "a: &a [1,1]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
    )
    assert "anchors and aliases are not read (&a)" in refusal(bomb)


def test_too_large_a_file(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("# x\n" * (20_000_000 // 4), encoding="utf-8")
    with pytest.raises(ScenarioError, match=f"must not be larger than {LARGEST_FILE:,} bytes"):
        load(path)


def test_too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.scenario.read.MOST_VALUES", 1000)
    assert "must not hold more than 1,000 values" in refusal("a: [" + "1," * 1001 + "]")


def test_too_many_activities() -> None:
    departments = ", ".join(f"d{i}: {{}}" for i in range(300))
    waves = ", ".join(f"{{stage: s{i}, duration: 1d, for_each: department}}" for i in range(900))
    head = "scenario: s\nstart: 2025-01-01\nhorizon: 2030-01-01\n"
    text = f"{head}route: [{waves}]\nclusters: {{A: {{departments: {{{departments}}}}}}}\n"
    assert "must not have more than 250,000 activities" in refusal(text)


def test_too_many_mistakes_are_cut_short() -> None:
    text = LEAST + "clusters:\n" + "".join(f"  c{i}: {{begins_at: nowhere}}\n" for i in range(2000))
    assert 300 <= len(refusal(text).splitlines()) < 310


def test_mistakes_that_come_in_one_go_are_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand unknown keys in one go: 300 are told, in order, the others counted and not guessed at."""
    guesses = []
    real = faults.near
    monkeypatch.setattr(faults, "near", lambda *given: guesses.append(given) or real(*given))
    path = tmp_path / "case.yaml"
    path.write_text(LEAST + "clusters:\n" + "".join(f"  c{i}: {{pirority: 1}}\n" for i in range(1000)))
    with pytest.raises(ScenarioError) as caught:
        load(path)
    error = caught.value
    assert (len(error.faults), error.more) == (MOST_FAULTS, 700)
    assert error.faults[0].path == "clusters.c0.pirority"
    assert [fault.line for fault in error.faults] == sorted(fault.line for fault in error.faults)
    assert str(error).splitlines()[-1] == "And 700 more."
    assert len(str(error)) < 100_000
    assert len(guesses) <= MOST_FAULTS
    again = pickle.loads(pickle.dumps(error))
    assert (again.faults, again.more, str(again)) == (error.faults, 700, str(error))
    said = CliRunner().invoke(main, ["check", str(path)])
    assert said.stderr.splitlines()[-2:] == ["And 700 more.", f"{path}: 1,000 problems."]
    document = json.loads(CliRunner().invoke(main, ["check", "--json", str(path)]).stdout)
    assert (len(document["files"][0]["faults"]), document["files"][0]["more_faults"]) == (MOST_FAULTS, 700)


def test_mistakes_of_every_kind_are_cut_short() -> None:
    """Keys given twice, values left empty, and names in schedules that are none: each is found by another reader."""
    twice = LEAST + "clusters:\n" + "".join("  c: {}\n" for _ in range(1000))
    empty = LEAST + "clusters: {A: {}}\nresources:\n" + "".join(f"  r{i}: {{opens: }}\n" for i in range(1000))
    names = LEAST + "clusters: {A: {}}\nschedules:\n  x:\n" + "".join(f"    B{i}: 2025-01-01\n" for i in range(1000))
    for text in (twice, empty, names):
        lines = refusal(text).splitlines()
        assert MOST_FAULTS <= len(lines) <= MOST_FAULTS + 1


def test_bytes_that_are_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"scenario: caf\xe9\n")
    with pytest.raises(
        ScenarioError, match=r"latin\.yaml:1:14: the file must be UTF-8 \(byte 0xe9\)\. Save it as UTF-8\."
    ):
        load(path)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "marked.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + (LEAST + "clusters: {A: {}}\n").encode())
    assert load(path).scenario == "s"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "no.yaml", tmp_path):
        with pytest.raises(ScenarioError, match="the file must be readable"):
            load(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_pipes_and_devices_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "pipe.yaml", Path("/dev/zero")):
        with pytest.raises(ScenarioError, match=r"must be a regular file \(a pipe or a device\)\. Save what it gives"):
            load(path)


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\ud800", "\ufffe"])
def test_control_characters(character: str) -> None:
    message = refusal(f"scenario: s\nstart: {character}2025-01-01\n")
    assert message.startswith(f"<text>:2:8: the file must be text without control characters (U+{ord(character):04X})")


def test_messages_stay_on_one_line_and_are_short() -> None:
    text = LEAST + 'clusters: {A: {begins_at: "a\\nb\\e[31m' + "x" * 5000 + '"}}\n'
    message = refusal(text)
    assert len(message.splitlines()) == 1
    assert len(message) < 700
    assert message.isprintable()


def test_right_to_left_marks_and_long_names_are_text() -> None:
    names = ["\u202eevil", "x" * 300, "<script>alert(1)</script".replace("/", "\\"), "=cmd()", "👩‍🚀"]
    listed = "".join(f'  "{name}": {{}}\n'.replace("\\", "\\\\") for name in names)
    assert list(parse(LEAST + "clusters:\n" + listed).clusters) == names


@pytest.mark.parametrize("seed", range(40))
def test_no_mangled_file_ends_in_anything_but_words(seed: int) -> None:
    chance = random.Random(seed)
    lines = EXAMPLE.splitlines()
    scraps = [
        "",
        "null",
        "[]",
        "{}",
        "-1",
        "1e999",
        "0x10",
        "true",
        "90d",
        "2025-01-01",
        "9999-12-31",
        "%",
        "{a: b}",
        ": :",
    ]
    for _ in range(chance.choice((1, 2, 5))):
        place = chance.randrange(len(lines))
        cut = chance.randrange(len(lines[place]) + 1)
        lines[place] = lines[place][:cut] + chance.choice(scraps) + lines[place][cut + chance.randrange(8) :]
    with suppress(StaggerError):
        parse("\n".join(lines))


@pytest.mark.parametrize(("escape", "found"), [("\\ud83c", "U+D83C"), ("\\ude42\\ud83d", "U+DE42")])
def test_an_escape_is_a_character_or_refused(escape: str, found: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        parse(f'scenario: "a{escape}"')
    assert str(refused.value) == (f"<text>:1:11: an escape must stand for a whole character ({found}). Remove it.")


def test_halves_of_a_character_as_json_writes_them_are_one() -> None:
    assert read_text('scenario: "\\ud83d\\ude42"', "").plain() == {"scenario": "\U0001f642"}
