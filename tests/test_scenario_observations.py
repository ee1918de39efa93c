"""Observations in CSV files: each column understood once, however often and by whatever name, and within limits."""

from __future__ import annotations

import csv
import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import simulator as sg
from simulator.distributions import Empirical
from simulator.errors import ScenarioError
from simulator.scenario import digest, observations, reach, sources, uncertain
from simulator.scenario.write import as_files

HEAD = "scenario: observed\nstart: 2025-01-01\nhorizon: 2030-12-31\n"
TAIL = "clusters: {Ash: {}}\nschedules: {now: {all: 2025-02-01}}\n"


def observed(*columns: str, file: str = "past.csv", more: str = "") -> str:
    """A scenario with a stage for each column."""
    stages = "".join(
        f"  - {{stage: s{number}, duration: {{empirical: {{file: {file}, column: {column}}}{more}}}}}\n"
        for number, column in enumerate(columns)
    )
    return f"{HEAD}route:\n{stages}{TAIL}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "past.csv").write_text("a,b,a\n1d,10d,5d\n\n2d,,6d\n3d\n")
    return tmp_path


def load(folder: Path, text: str) -> sg.Scenario:
    (folder / "case.yaml").write_text(text)
    return sg.load(folder / "case.yaml")


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load(folder, text)
    return [str(fault).replace(f"{folder}/", "") for fault in caught.value.faults]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many files were opened, parsed and cells understood."""
    counts = {"opened": 0, "parsed": 0, "cells": 0}

    def counting(what: str, real: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            counts[what] += 1
            return real(*arguments, **options)

        return call

    monkeypatch.setattr(reach, "beginning", counting("opened", reach.beginning))
    monkeypatch.setattr(csv, "reader", counting("parsed", csv.reader))
    monkeypatch.setattr(uncertain, "_cell", counting("cells", uncertain._cell))
    return counts


def test_cells_are_those_of_their_column(folder: Path) -> None:
    """Of two columns with one name the last counts; empty cells, empty rows and short ones are left out."""
    found = load(folder, observed("a", "b")).clusters["Ash"].route
    assert [stage.duration for stage in found] == [Empirical([5.0, 6.0]), Empirical([10.0])]  # type: ignore[union-attr]


def test_a_column_is_understood_once_by_whatever_name(folder: Path, counted: dict[str, int]) -> None:
    """Named twenty times, by two names of the file and once with bounds; and anew for the next scenario.

    What the file holds may have changed by then.
    """
    text = observed(*["a", "b"] * 10)
    text = text.replace(
        "stage: s3, duration: {empirical: {file: past.csv", "stage: s3, duration: {empirical: {file: ./past.csv"
    )
    text = text.replace("file: past.csv, column: b}}", "file: past.csv, column: b}, truncate: [2d, 20d]}", 1)
    load(folder, text)
    assert counted == {"opened": 1, "parsed": 1, "cells": 3}
    (folder / "past.csv").write_text("a,b\n7d,8d\n")
    again = load(folder, text)
    assert counted == {"opened": 2, "parsed": 2, "cells": 5}
    assert again.clusters["Ash"].route[0].duration == Empirical([7.0])  # type: ignore[union-attr]


def test_what_cannot_be_read_is_looked_at_once_and_said_of_every_mention(folder: Path, counted: dict[str, int]) -> None:
    (folder / "past.csv").write_text("a\n" + "3\n" * 30)
    found = faults(folder, observed("a", "a", "c", "c"))
    assert counted["cells"] == 30
    assert counted["parsed"] == 1
    assert len(found) == 20 + 20 + 2
    assert {each.split(": ")[0] for each in found} == {f"case.yaml:{line}:{at}" for line, at in LINES}


LINES = [(5, 46), (6, 46), (7, 64), (8, 64)]


def test_a_column_is_one_thing_as_days_and_another_as_money(folder: Path) -> None:
    (folder / "past.csv").write_text("n\n4\n6\n")
    text = observed("n").replace(
        "duration: {empirical: {file: past.csv, column: n}}",
        "duration: 1d, cost: {fixed: {empirical: {file: past.csv, column: n}}, "
        "per_month: {empirical: {file: past.csv, column: n}, truncate: [5, null]}}",
    )
    [stage] = load(folder, text).clusters["Ash"].route
    assert stage.cost.fixed.mean == 5  # type: ignore[union-attr]
    assert stage.cost.per_month.support == (6, 6)  # type: ignore[union-attr]
    text = text.replace("duration: 1d", "duration: {empirical: {file: past.csv, column: n}}")
    [first, _] = faults(folder, text)
    assert "must be a length of time (row 2: 4)" in first


def test_every_name_of_a_file_is_told_to_those_who_listen(folder: Path) -> None:
    """A link that is read already may be pointed elsewhere later."""
    (folder / "link.csv").symlink_to(folder / "past.csv")
    text = observed("a", "b").replace("past.csv, column: b", "link.csv, column: b")
    with sources.listening() as reads:
        load(folder, text)
    assert {Path(name).name for name in reads} == {"case.yaml", "past.csv", "link.csv"}
    assert reads[str(folder / "link.csv")] == reads[str(folder / "past.csv")]
    assert reads[str(folder / "link.csv")].path == str((folder / "past.csv").resolve())


def test_a_scenario_holds_only_so_many_observations(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each column counts once: two of three values are within seven, three are not, and the third is told where."""
    (folder / "past.csv").write_text("a,b,c\n" + "1d,2d,3d\n" * 3)
    monkeypatch.setattr(observations, "MOST_IN_ALL", 7)
    load(folder, observed("a", "b", "a", "b", "a"))
    assert faults(folder, observed("a", "b", "a", "c")) == [
        "case.yaml:8:46: route.s3.duration.empirical.file: a scenario must not name more than 7 observations "
        "(9 with this column). Use one column several times, or fewer rows: a sample says the same."
    ]


@pytest.mark.parametrize(
    ("limit", "most", "rule"),
    [
        ("MOST_OBSERVATIONS", 2, "must not hold more than 2 values (3)"),
        ("MOST_CELLS", 8, "the files that a scenario names must not hold more than 8 cells together (more)"),
        ("MOST_COLUMNS", 2, "a file must not have more than 2 columns (3)"),
    ],
)
def test_files_have_limits(folder: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, rule: str) -> None:
    (folder / "past.csv").write_text("a,b,c\n" + "1d,2d,3d\n" * 3)
    load(folder, observed("a"))
    monkeypatch.setattr(observations, limit, most)
    [found] = faults(folder, observed("a"))
    assert f"route.s0.duration.empirical.file: {rule}." in found


def test_a_column_is_written_once(folder: Path) -> None:
    """A thousand mentions of a column must not become a thousand files; and what was written gives the same."""
    scenario = load(folder, observed("a", "b", "a", "a", "b"))
    texts = as_files(scenario)
    assert [*texts] == ["scenario.yaml", "scenario-observations-1.csv", "scenario-observations-2.csv"]
    (folder / "again").mkdir()
    for name, text in texts.items():
        (folder / "again" / name).write_text(text)
    assert sg.load(folder / "again/scenario.yaml").clusters == scenario.clusters


def test_observations_are_found_behind_an_escaped_key(folder: Path) -> None:
    text = observed("a").replace("empirical", '"emp\\x69rical"')
    assert '"emp\\x69rical": {file: past.csv' in text
    assert [*as_files(load(folder, text))] == ["scenario.yaml", "scenario-observations-1.csv"]


def test_a_fingerprint_reads_shared_observations_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is that of the same values written out at each place, bounds and all."""
    text = observed(*["b"] * 20, more=", truncate: [1d, null]") + "  # shared\n"
    (folder / "past.csv").write_text("a,b\n" + "".join(f"1d,{number}d\n" for number in range(1, 50)))
    shared = load(folder, text)
    days = ", ".join(f"{number}d" for number in range(1, 50))
    apart = load(folder, text.replace("{file: past.csv, column: b}", f"{{values: [{days}]}}"))
    put_in_words = []

    class Encoder(json.JSONEncoder):
        def encode(self, o: Any) -> str:
            put_in_words.append(o)
            return super().encode(o)

    module = import_module("simulator.scenario.digest")
    monkeypatch.setattr(module, "_JSON", Encoder(ensure_ascii=False, separators=(",", ":")))
    found = digest(shared)
    assert sum(isinstance(each, tuple) for each in put_in_words) == 1
    assert found == digest(apart)
    assert found != digest(load(folder, text.replace("column: b", "column: a", 1)))
