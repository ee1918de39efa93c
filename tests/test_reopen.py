"""An answer from its folder: the same numbers, or a plain word about why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import simulator as sg
from simulator.reopen import difference
from simulator.result import Result
from simulator.store import MANIFEST, SUMMARY, as_json, checked
from simulator.studies.compare import Comparison

SMALL = "scenarios/two-clusters.yaml"


def _rewrite(folder: Path, name: str, text: str) -> None:
    """Change a file and its checksum with it, as somebody who knows how would."""
    (folder / name).write_text(text)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"][name] = checked(folder / name)
    (folder / MANIFEST).write_text(json.dumps(manifest))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sg.run(sg.load(SMALL), replications=300, seed=5, out=tmp_path / "run")
    return tmp_path / "run"


def test_a_run_comes_back_with_the_same_numbers(folder: Path) -> None:
    again = sg.reopen(folder)
    assert isinstance(again, Result)
    assert as_json(again.summary()) == (folder / SUMMARY).read_text()
    assert (again.seed, again.replications, again.scenario.file) == (5, 300, SMALL)


def test_it_comes_back_without_the_file_that_it_was_made_from(tmp_path: Path) -> None:
    (tmp_path / "past.csv").write_text("days\n30d\n60d\n90d\n")
    text = Path(SMALL).read_text().replace("duration: 100d", "duration: {empirical: {file: past.csv, column: days}}", 1)
    (tmp_path / "mine.yaml").write_text(text)
    assert "past.csv" in text
    made = sg.run(sg.load(tmp_path / "mine.yaml"), replications=200, out=tmp_path / "run")
    (tmp_path / "past.csv").unlink()
    (tmp_path / "mine.yaml").unlink()
    assert sg.reopen(tmp_path / "run").summary() == made.summary()


@pytest.mark.parametrize("schedules", [None, ["at once", "one after the other"]])
def test_a_comparison_of_worlds_comes_back(tmp_path: Path, schedules: list[str] | None) -> None:
    world = sg.load(SMALL)
    other = sg.change(world, {"scenario": "another world", "clusters.Alder.priority": 2})
    made = sg.compare([world, other], schedules, replications=300)
    made.save(tmp_path / "both")
    again = sg.reopen(tmp_path / "both")
    assert isinstance(again, Comparison)
    assert again.summary() == made.summary()


def test_worlds_with_schedules_of_their_own_come_back(tmp_path: Path) -> None:
    world = sg.load(SMALL)
    other = sg.change(world, {"scenario": "another world", "schedules.at once": None})
    made = sg.compare([world, other], replications=300)
    made.save(tmp_path / "both")
    assert sg.reopen(tmp_path / "both").summary() == made.summary()


def test_a_file_that_was_changed_is_refused(folder: Path) -> None:
    (folder / SUMMARY).write_text("{}")
    with pytest.raises(sg.StaggerError, match=r"summary\.json is missing or was changed\)\. Make it again\."):
        sg.reopen(folder)


def test_a_manifest_cannot_point_out_of_its_folder(folder: Path) -> None:
    (folder.parent / "outside").write_text("")
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"]["../outside"] = checked(folder.parent / "outside")
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(sg.StaggerError, match="outside is missing or was changed"):
        sg.reopen(folder)


def test_numbers_that_the_scenario_does_not_give_are_refused(folder: Path) -> None:
    summary = json.loads((folder / SUMMARY).read_text())
    was = summary["programme"]["on_time"]["p"]
    summary["programme"]["on_time"]["p"] = 0.0625
    _rewrite(folder, SUMMARY, json.dumps(summary))
    with pytest.raises(sg.StaggerError) as refused:
        sg.reopen(folder)
    assert str(refused.value) == (
        f"{folder} must hold the numbers that its scenario gives (found others at summary.programme.on_time.p: it says "
        f"0.0625, and now it is {was}). It was made with stagger {sg.__version__} as well, by an earlier state of it "
        "that counted this otherwise, or was changed since. Make it again: simulator.run"
    )


def test_a_folder_whose_time_was_split_otherwise_says_what_differs(folder: Path) -> None:
    summary = json.loads((folder / SUMMARY).read_text())
    for cluster in summary["clusters"].values():
        for of in (cluster["time"], cluster["time_interval"]):
            of["waiting at the kerb"] = of.pop("work beyond plan")
    _rewrite(folder, SUMMARY, json.dumps(summary))
    with pytest.raises(sg.StaggerError) as refused:
        sg.reopen(folder)
    assert (
        "at summary.clusters.Alder.time: it has “waiting at the kerb”, and now there is “work beyond plan”). It was "
        f"made with stagger {sg.__version__} as well, by an earlier state"
    ) in str(refused.value)


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        ({"stagger": "0.0.9", "numpy": "1.0"}, f"made with stagger 0.0.9 (here {sg.__version__}), numpy 1.0 (here "),
        (["<script>"], "made with versions that it does not say. Make it again"),
    ],
)
def test_a_folder_of_another_version_says_which(folder: Path, versions: object, words: str) -> None:
    summary = json.loads((folder / SUMMARY).read_text())
    summary["programme"]["on_time"]["p"] = 0.0625
    _rewrite(folder, SUMMARY, json.dumps(summary))
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "versions": versions}))
    with pytest.raises(sg.StaggerError) as refused:
        sg.reopen(folder)
    assert words in str(refused.value)


def test_another_scenario_is_refused(folder: Path) -> None:
    text = (folder / "scenario.yaml").read_text()
    _rewrite(folder, "scenario.yaml", text.replace("capacity: 1", "capacity: 2", 1))
    with pytest.raises(sg.StaggerError, match=r"must hold the scenario that it was made from \(found another\)"):
        sg.reopen(folder)


def test_what_is_no_folder_of_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(sg.StaggerError, match=r"must be a folder of results \(it has no manifest\.json\)"):
        sg.reopen(tmp_path)


def test_the_answer_of_another_verb_is_refused(tmp_path: Path) -> None:
    sg.sweep(sg.load(SMALL), "clusters.Alder.priority=1..2", replications=50).save(tmp_path / "sweep")
    with pytest.raises(sg.StaggerError, match=r"must be what `run` or `compare` wrote \(found sweep\)"):
        sg.reopen(tmp_path / "sweep")


def test_rounding_is_no_difference_and_anything_else_is() -> None:
    def place(one: object, other: object) -> str | None:
        found = difference(one, other)
        return None if found is None else found.place

    assert place({"a": [1.0, None]}, {"a": (1.0 + 1e-12, None)}) is None
    assert place({"a": [1.0, None]}, {"a": [1.0 + 1e-6, None]}) == "summary.a.1"
    assert place({"a": 0, "b": True}, {"a": 0, "b": 1}) == "summary.b"
    assert place({"a": 1}, {"a": 1, "b": 2}) == "summary"
    assert place({"a": "2028-01-01"}, {"a": "2028-01-02"}) == "summary.a"


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, "now there is “b”"),
        ({"c": 1, "d": 1, "e": 1, "f" * 99: 1}, {}, "it has “c”, “d”, “e” and others"),
        ({"a": 1, "b": 2}, {"b": 3, "a": 1}, "it says 2, and now it is 3"),
        (0.25, None, "it says 0.25, and now it is None"),
    ],
)
def test_what_differs_is_said_in_words(one: object, other: object, words: str) -> None:
    found = difference(one, other)
    assert found is not None
    assert found.words == words
