"""`batch`: which files are found, what runs, the table, and what is said of what is wrong."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from overnight import WORLD, contents, folder_of_worlds
from pyarrow import parquet

import simulator as sg
from simulator.batch import Standing, batch, dry_run, files, forecast, night, plan, work
from simulator.batch.files import find_files
from simulator.batch.table import as_csv, columns
from simulator.batch.worlds import CARRIED, Look, Variations, look
from simulator.cli import main
from simulator.cli.waiting import drawn, waiting
from simulator.errors import StorageError, WorkersError
from simulator.result import Model
from simulator.store import OUTCOMES, SUMMARY, as_json, memory
from simulator.store.key import Key
from simulator.store.runs import Runs
from simulator.wording import duration

N = 20


@pytest.fixture
def worlds(tmp_path: Path) -> Path:
    return folder_of_worlds(tmp_path / "files")


# -- files ---------------------------------------------------------------------------------------------


def _named(folder: Path, *paths: str) -> list[str]:
    return [
        os.path.relpath(name, folder) for name in find_files([folder / path for path in paths], folder / "out").names
    ]


def _results(folder: Path) -> None:
    """A folder that is one of results, going by its manifest."""
    folder.mkdir(exist_ok=True)
    (folder / "scenario.yaml").write_text("")
    (folder / "manifest.json").write_text(json.dumps({"verb": "run", "files": {"scenario.yaml": {}}}))


def test_folders_are_searched_throughout_but_for_what_is_hidden_or_a_result(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "deep/er/c.YAML", ".hidden.yaml", ".git/d.yaml", "notes.txt", "out/runs/e.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    _results(tmp_path / "answer")
    assert _named(tmp_path, ".") == ["a.yml", "b.yaml", "deep/er/c.YAML"]


def test_patterns_leave_out_results_as_folders_do(tmp_path: Path) -> None:
    """Or a second call would run what the first one wrote."""
    for name in ("a.yaml", "out/runs/one/scenario.yaml", "other/runs/two/scenario.yaml", "in/b.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    for run in ("out/runs/one", "other/runs/two"):
        _results(tmp_path / run)
    assert _named(tmp_path, "**/*.yaml") == ["a.yaml", "in/b.yaml"]
    assert _named(tmp_path, "*/*.yaml") == ["in/b.yaml"]
    assert _named(tmp_path, "other/runs/two/*.yaml") == ["other/runs/two/scenario.yaml"], "it was named itself"


@pytest.mark.parametrize("path", [".", "*/*.yaml", "**/*.yaml", "*/*", "**"])
def test_a_manifest_that_stagger_did_not_write_makes_no_results(tmp_path: Path, path: str) -> None:
    for number, manifest in enumerate(("", "{}", "[]", '{"files": ["a.yaml"], "name": "a web page"}')):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "a.yaml").write_text("")
        (tmp_path / str(number) / "manifest.json").write_text(manifest)
    found = [name for name in _named(tmp_path, path) if name.endswith(".yaml")]
    assert found == [f"{number}/a.yaml" for number in range(4)]


@pytest.mark.parametrize("path", [".", "*/*.yaml", "**/*.yaml"])
def test_what_somebody_else_put_among_results_is_noted(tmp_path: Path, path: str) -> None:
    _results(tmp_path / "answer")
    (tmp_path / "case").mkdir()
    for name in ("case/b.yaml", "answer/mine.yaml"):
        (tmp_path / name).write_text("")
    found = find_files([tmp_path / path], tmp_path / "out")
    mine = str(tmp_path / "answer" / "mine.yaml")
    assert [Path(name).name for name in found.names] == ["b.yaml"]
    assert found.passed == (mine,)
    assert found.notes == (
        f"passed over, in folders of results: {mine}. To run them, name them, or move them elsewhere.",
    )
    named = find_files([tmp_path / path, mine], tmp_path / "out")
    assert (len(named.names), named.passed, named.notes) == (2, (), ())
    with pytest.raises(sg.StaggerError, match=r"(?s)found none.*passed over, in folders of results: .*mine\.yaml"):
        find_files([tmp_path / "answ*" / "mine.yaml"], tmp_path / "out")


def test_what_lies_deeper_among_results_is_noted_but_for_results(tmp_path: Path) -> None:
    _results(tmp_path / "answer")
    _results(tmp_path / "answer" / "another")
    (tmp_path / "answer" / "deep").mkdir()
    for name in ("b.yaml", "answer/deep/mine.yaml", "answer/deep/.hidden.yaml", "answer/another/scenario.yml"):
        (tmp_path / name).write_text("")
    found = find_files(tmp_path, tmp_path / "out")
    mine = ["another/scenario.yml", "deep/mine.yaml"]
    assert found.passed == tuple(str(tmp_path / "answer" / name) for name in mine)


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The system refuses to list a folder, and with ``closed`` to look at anything in it, as it does not for root."""

    def lock(name: str, closed: bool = False) -> None:
        for function in ("scandir", "lstat", "stat"):
            monkeypatch.setattr(os, function, _refusing(getattr(os, function), str(tmp_path / name), closed))

    return lock


def _refusing(real: Callable[..., Any], folder: str, closed: bool) -> Callable[..., Any]:
    def refusing(path: Any = ".", *args: Any, **how: Any) -> Any:
        own = path if isinstance(path, int) else os.path.abspath(os.fspath(path))
        inside = closed and str(own).startswith(f"{folder}/")
        if inside or (real.__name__ == "scandir" and own == folder):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *args, **how)

    return refusing


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize(
    "path", ["s", "s/*/*.yaml", "s/**/*.yaml", "s/**", "s/**/b.yaml", "*/y/*.yaml", "s/x/../*/?.yaml"]
)
def test_a_folder_that_cannot_be_listed_is_a_problem(
    tmp_path: Path, locked: Callable[..., None], path: str, closed: bool
) -> None:
    for name in ("s/x/b.yaml", "s/y/b.yaml", "a.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    locked("s/y", closed)
    found = find_files([tmp_path / "a.yaml", tmp_path / path], tmp_path / "out")
    text = "a folder must be one that can be listed (found: Permission denied). Have it allowed, or leave it out."
    assert [(os.path.realpath(each.file), each.text) for each in found.problems] == [(str(tmp_path / "s/y"), text)]
    assert str(tmp_path / "a.yaml") in found.names


def test_a_name_behind_a_closed_folder_is_a_problem(tmp_path: Path, locked: Callable[..., None]) -> None:
    """Where a pattern ends in a name, no folder before it is listed, but each is asked for it."""
    for name in ("s/x/b.yaml", "s/y/b.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "s/loop").symlink_to("loop")
    (tmp_path / "s/nowhere").symlink_to("gone")
    assert find_files(tmp_path / "s/*/b.yaml", tmp_path / "out").problems == ()
    locked("s/y", True)
    found = find_files(tmp_path / "s/*/b.yaml", tmp_path / "out")
    assert [each.file for each in found.problems] == [str(tmp_path / "s/y")]


def test_closed_folders_that_are_not_searched_are_nobodys_problem(tmp_path: Path, locked: Callable[..., None]) -> None:
    for name in ("s/x/b.yaml", "s/.y/b.yaml", "out/b.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    for name in ("s/.y", "out"):
        locked(name)
    for path in (".", "**/*.yaml", "*/*/*.yaml"):
        found = find_files(tmp_path / path, tmp_path / "out")
        assert (len(found.names), found.problems) == (1, ()), path


def test_a_second_call_with_a_pattern_makes_the_same_table(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tables = []
    for _ in range(2):
        batch("**/*.yaml", "night", replications=N)
        tables.append((tmp_path / "night" / "results.csv").read_bytes())
    assert tables[0] == tables[1]


def _deadly(name: str, ways: Variations) -> Look:
    if "world-1" in name:
        os.kill(os.getpid(), signal.SIGKILL)
    return look(name, ways)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers that are not forked do not have the deadly reader")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_that_kills_who_reads_it_is_reported_and_the_others_run(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setattr(plan, "look", _deadly)
    found = batch(worlds, tmp_path / "out", replications=N, workers=workers)
    assert [(Path(each.file).name, each.text) for each in found.failed] == [("world-1.yaml", plan.KILLED)]
    assert found.simulated == 2
    assert [row["status"] for row in _rows(tmp_path / "out" / "results.csv") if row["level"] != "cluster"] == [
        "refused",
        "done",
        "done",
    ]


def test_a_file_that_changes_between_reading_and_running_is_refused(worlds: Path, tmp_path: Path) -> None:
    """Of more worlds than are carried along, the last are read again when they are run."""
    file = worlds / "world-1.yaml"

    def change(standing: Standing) -> None:
        if standing.phase == "reading" and standing.done == standing.total:
            file.write_text(file.read_text().replace("110d", "120d"))

    assert "110d" in file.read_text()
    vary = f"resources.framework.capacity=1..{CARRIED + 2}"
    found = batch(file, tmp_path / "out", vary=vary, schedules=["stagger"], replications=N, progress=change)
    assert [each.values for each in found.failed] == [(str(CARRIED + 1),), (str(CARRIED + 2),)]
    assert all("must stay as it is while it is run" in each.text for each in found.failed)
    assert found.simulated == CARRIED


def test_patterns_files_and_links_are_each_taken_once(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml"):
        (tmp_path / name).write_text("")
    (tmp_path / "z.yaml").symlink_to("a.yaml")
    (tmp_path / "loop").symlink_to(".")
    assert _named(tmp_path, "b.yaml", "*.yaml", ".", "a.yaml") == ["b.yaml", "a.yaml"]
    found = find_files([tmp_path, tmp_path / "z.yaml"], tmp_path / "out")
    assert "named more than once and are run once: " in found.notes[0]
    assert "z.yaml" in found.notes[0]


def _linked(tmp_path: Path, **links: str) -> Path:
    """Cases with one file, links among them, and files elsewhere."""
    for name in (
        "cases/a.yaml",
        "elsewhere/deep/b.yaml",
        "elsewhere-too/c.yaml",
        "empty/data.csv",
        "cases/.old/d.yaml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    for name, target in links.items():
        (tmp_path / "cases" / name).symlink_to(target)
    return tmp_path / "cases"


def test_links_to_folders_are_noted_and_not_followed(tmp_path: Path) -> None:
    """But for those by which no other files are reached than without them."""
    _results(tmp_path / "answer")
    cases = _linked(
        tmp_path, round=".", there="../elsewhere", data="../empty", old=".old", answer="../answer", out="../out"
    )
    (tmp_path / "out").mkdir()
    assert _named(tmp_path, "cases") == ["cases/a.yaml"]
    note = f"not searched, since they are links: {cases / 'old'}, {cases / 'there'}. To run what lies there, name them."
    assert find_files(cases, tmp_path / "out").notes == (note,)
    assert _named(tmp_path, "cases", "cases/there") == ["cases/a.yaml", "cases/there/deep/b.yaml"]


@pytest.mark.parametrize("other", ["elsewhere", "cases/there", "cases/there/*/*.yaml", "elsewhere/deep/b.yaml"])
def test_a_link_to_what_is_reached_otherwise_is_no_news(tmp_path: Path, other: str) -> None:
    """However its name begins."""
    cases = _linked(tmp_path, there="../elsewhere", too="../elsewhere-too")
    found = find_files([tmp_path / other, cases], tmp_path / "out")
    assert found.notes == (f"not searched, since they are links: {cases / 'too'}. To run what lies there, name them.",)


def test_one_does_not_look_through_all_that_a_link_leads_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = _linked(tmp_path, data="../empty")
    for number in range(3):
        (tmp_path / "empty" / str(number)).mkdir()
    for most, noted in ((4, 0), (3, 1)):
        monkeypatch.setattr(files, "MOST_LOOKED_INTO", most)
        assert len(find_files(cases, tmp_path / "out").notes) == noted


def test_a_folder_of_nothing_but_links_says_so(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.yaml").write_text("")
    (tmp_path / "cases" / "there").symlink_to("../elsewhere")
    with pytest.raises(sg.StaggerError, match=r"not searched, since they are links: .*there\. To run what lies there"):
        find_files(tmp_path / "cases", tmp_path / "out")


def test_a_file_named_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    for name in ("[a].yaml", "a.yaml"):
        (tmp_path / name).write_text("")
    assert _named(tmp_path, "[a].yaml") == ["[a].yaml"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("nowhere.yaml", "must be a file, a folder or a pattern .there is nothing of this name"),
        ("*.yaml", "a pattern must match a file .found none.. Put it in quotes"),
        ("empty", "a folder must hold scenario files .found none that ends in .yaml or .yml"),
    ],
)
def test_paths_that_lead_nowhere(tmp_path: Path, path: str, words: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(sg.StaggerError, match=words):
        find_files([tmp_path / path], tmp_path / "out")
    (tmp_path / "there.yml").write_text("")
    found = find_files([tmp_path / path, tmp_path / "there.yml"], tmp_path / "out")
    assert len(found.names) == 1
    assert found.problems[0].file == str(tmp_path / path)


# -- runs ----------------------------------------------------------------------------------------------


def test_each_run_is_what_run_says(worlds: Path, tmp_path: Path) -> None:
    found = batch(worlds, tmp_path / "out", replications=N, seed=4)
    assert (found.files, found.simulated, found.reused, found.failed) == (2, 4, 0, ())
    for row in found.table:
        result = sg.run(sg.load(row["file"]), row["schedule"], replications=N, seed=4)
        summary = result.summary()
        figures = summary["programme"] if row["level"] == "programme" else summary["clusters"][row["cluster"]]
        live = figures["finish"] if row["level"] == "programme" else figures["go_live"]
        assert row["on_time"] == figures["on_time"]["p"]
        assert [row["on_time_low"], row["on_time_high"]] == figures["on_time"]["interval"]
        assert [row[f"live_{p}"] for p in ("p10", "p50", "p80", "p90")] == [
            live[p] for p in ("p10", "p50", "p80", "p90")
        ]
        assert (row["cost"], row["npv"]) == (figures["cost"]["mean"], figures["npv"]["mean"])
        folder = found.folder / row["run"]
        assert (folder / SUMMARY).read_text() == as_json(summary)
        assert (folder / OUTCOMES).read_bytes() == result.parquet()
    levels = [(row["schedule"], row["level"], row.get("cluster")) for row in found.table[:6]]
    assert levels[:3] == [
        ("at once", "programme", None),
        ("at once", "cluster", "Alder"),
        ("at once", "cluster", "Birch"),
    ]
    assert levels[3] == ("stagger", "programme", None)


def test_a_run_folder_can_be_opened_again(worlds: Path, tmp_path: Path) -> None:
    found = batch(worlds, tmp_path / "out", replications=N)
    folder = found.folder / found.table[0]["run"]
    assert as_json(sg.reopen(folder).summary()) == (folder / SUMMARY).read_text()


def test_two_workers_and_blocks_of_one_run_give_the_same_bytes(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch(worlds, tmp_path / "one", replications=N, workers=1)
    batch(worlds, tmp_path / "two", replications=N, workers=2)
    monkeypatch.setattr(work, "WHOLE", N - 1)
    batch(worlds, tmp_path / "blocks", replications=N, workers=1)
    assert contents(tmp_path / "one") == contents(tmp_path / "two") == contents(tmp_path / "blocks")


def test_what_is_there_is_not_done_again(worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    batch(worlds / "world-1.yaml", out, replications=N)
    assert batch(worlds, out, replications=N).reused == 2
    before = contents(out)
    monkeypatch.setattr(work.Work, "do", lambda self, missing: pytest.fail("again") if missing else None)
    monkeypatch.setattr(plan, "look", lambda *_: pytest.fail("read again"))
    monkeypatch.setattr(night, "as_parquet", lambda *_: pytest.fail("written again"))
    assert batch(worlds, out, replications=N).reused == 4
    assert contents(out) == before


def test_formatting_makes_no_other_run_and_a_value_does(worlds: Path, tmp_path: Path) -> None:
    out, file = tmp_path / "out", worlds / "world-1.yaml"
    batch(file, out, replications=N)
    file.write_text("# a comment\n" + file.read_text().replace("capacity: 1", "capacity:   1"))
    assert batch(file, out, replications=N).reused == 2
    file.write_text(file.read_text().replace("50d", "51d"))
    assert batch(file, out, replications=N).simulated == 2
    assert len(list((out / "runs").iterdir())) == 4


def test_a_comment_changes_no_byte_of_a_run(worlds: Path, tmp_path: Path) -> None:
    file = next(iter(sorted(worlds.glob("*.yaml"))))
    sg.batch(file, tmp_path / "one", replications=50)
    file.write_text(f"# a remark\n{file.read_text()}")
    sg.batch(file, tmp_path / "other", replications=50)
    one, other = (
        {path.relative_to(out): path.read_bytes() for path in (out / "runs").rglob("*") if path.is_file()}
        for out in (tmp_path / "one", tmp_path / "other")
    )
    assert one
    assert one == other


def test_observations_that_change_make_another_run(tmp_path: Path) -> None:
    """The scenario's file stays as it is; only the table that it names is another."""
    file, table = tmp_path / "world.yaml", tmp_path / "past.csv"
    text = WORLD.format(name="observed", most=100)
    file.write_text(text.replace("{uniform: [50d, 100d]}", "{empirical: {file: past.csv, column: tender}}"))
    table.write_text("tender\n50d\n60d\n")
    one = batch(file, tmp_path / "out", replications=N)
    assert batch(file, tmp_path / "out", replications=N).reused == 2
    table.write_text("tender\n50d\n70d\n")
    other = batch(file, tmp_path / "out", replications=N)
    assert other.simulated == 2
    assert one.table[0]["run"] != other.table[0]["run"]


def test_a_base_that_changes_makes_another_run(tmp_path: Path) -> None:
    base, file = tmp_path / "base.yaml", tmp_path / "short.yaml"
    base.write_text(WORLD.format(name="base", most=100))
    file.write_text("base: base.yaml\nscenario: short\n")
    one = batch(file, tmp_path / "out", replications=N)
    assert (one.failed, batch(file, tmp_path / "out", replications=N).reused) == ((), 2)
    base.write_text(WORLD.format(name="base", most=101))
    assert batch(file, tmp_path / "out", replications=N).simulated == 2


def test_links_that_are_pointed_elsewhere_make_another_run(tmp_path: Path) -> None:
    """Whatever a link led to is still there as it was; only the link is another."""
    text = WORLD.format(name="linked", most=100)
    told = text.replace("{uniform: [50d, 100d]}", "{empirical: {file: past.csv, column: tender}}")
    (tmp_path / "short.yaml").write_text("base: base.yaml\nscenario: short\n")
    (tmp_path / "observed.yaml").write_text(told)
    for number in (1, 2):
        (tmp_path / f"v{number}.txt").write_text(WORLD.format(name="base", most=100 + number))
        (tmp_path / f"v{number}.csv").write_text(f"tender\n50d\n{60 + number}d\n")
    links = {"base.yaml": "txt", "past.csv": "csv"}
    simulated = []
    for number in (1, 1, 2):
        for name, ending in links.items():
            (tmp_path / name).unlink(missing_ok=True)
            (tmp_path / name).symlink_to(f"v{number}.{ending}")
        files = [tmp_path / "short.yaml", tmp_path / "observed.yaml"]
        simulated += [batch(file, tmp_path / "out", replications=N).simulated for file in files]
    assert simulated == [2, 2, 0, 0, 2, 2]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_pipes_and_links_to_themselves_are_refused_and_the_others_run(worlds: Path, tmp_path: Path) -> None:
    os.mkfifo(worlds / "pipe.yaml")
    (worlds / "loop.yaml").symlink_to("loop.yaml")
    (worlds / "null.yaml").symlink_to("/dev/zero")
    for paths in (worlds, worlds / "*.yaml"):
        found = batch(paths, tmp_path / "out", replications=N)
        assert len(found.table) == 4 * 3 + 3
        loop, null, pipe = found.failed
        assert "loop.yaml: the file must be readable (Too many levels of symbolic links)" in loop.text
        assert "null.yaml: must be a regular file (a pipe or a device). Save what it gives in a file" in null.text
        assert "pipe.yaml: must be a regular file (a pipe or a device)" in pipe.text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_file_that_became_a_pipe_is_not_waited_for(worlds: Path, tmp_path: Path) -> None:
    batch(worlds, tmp_path / "out", replications=N)
    (worlds / "world-1.yaml").unlink()
    os.mkfifo(worlds / "world-1.yaml")
    found = batch(worlds, tmp_path / "out", replications=N)
    assert (found.reused, len(found.failed)) == (2, 1)
    assert "must be a regular file" in found.failed[0].text


def _poisoned(out: Path, spoil: Callable[[dict[str, Any]], object]) -> None:
    """Let each source of a store's memory be spoilt, and the whole be sealed as if it were true."""
    known = memory.Memory(out / ".stagger" / "memory.json")
    assert known.sources
    for source in known.sources.values():
        spoil(source)
    known.changed = True
    known.save(out / ".stagger" / "drafts")


def _rename(known: dict[str, Any]) -> None:
    known["worlds"][0].update(scenario="another", sha256="00" * 32)


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        ("start: 2025-01-01\n", "start: 2025-01-01 # comment\n\n", 1),
        ("start: 2025-01-01\n", "start: 2025-01-01\nnote: seen in a notice\n", 2),
        ("capacity: 1}", "capacity: 1, source: a letter}", 2),
        ("[50d,", "[50.0d,", 2),
    ],
)
def test_files_that_say_the_same_share_a_run_only_where_its_folder_is_the_same(
    tmp_path: Path, before: str, after: str, runs: int
) -> None:
    """Briefings print the notes and sources in a run's folder: they must be those of the file that was asked for."""
    text = WORLD.format(name="one", most=100)
    assert before in text
    for name, said in (("a", text), ("b", text.replace(before, after))):
        (tmp_path / f"{name}.yaml").write_text(said)
    how = {"schedules": ["at once"], "replications": N}
    found = batch([tmp_path / "a.yaml", tmp_path / "b.yaml"], tmp_path / "out", **how)
    assert found.runs == len({row["run"] for row in found.table}) == runs
    alone = batch(tmp_path / "b.yaml", tmp_path / "other", **how).table[0]["run"]
    assert contents(tmp_path / "out" / alone) == contents(tmp_path / "other" / alone)


def test_what_a_memory_says_of_files_is_not_used_by_who_verifies(worlds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = batch(worlds, out, replications=N).table
    _poisoned(out, _rename)
    assert batch(worlds, out, replications=N, verify=True).table == before
    assert batch(worlds, out, replications=N).reused == 4


def test_a_memory_that_was_touched_is_not_used(worlds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = batch(worlds, out, replications=N).table
    path = out / ".stagger" / "memory.json"
    told = path.read_text()
    path.write_text(told.replace('"scenario":"world 1"', '"scenario":"world 7"'))
    assert path.read_text() != told
    assert batch(worlds, out, replications=N).table == before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda known: known.pop("reads"),
        lambda known: known.update(reads=[]),
        lambda known: known.update(reads={"a": "b"}),
        lambda known: known.update(reads={"a": ["b"]}),
        lambda known: known.update(reads={"a\0": ["b", "c"]}),
        lambda known: known.update(worlds=None),
        lambda known: known.update(worlds=[]),
        lambda known: known["worlds"].append(None),
        lambda known: known["worlds"][0].pop("money"),
        lambda known: known["worlds"][0].update(more=1),
        lambda known: known["worlds"][0].update(seed="1"),
        lambda known: known["worlds"][0].update(scenario=["x"]),
        lambda known: known["worlds"][0].update(schedules="x"),
        lambda known: known["worlds"][0].update(values=["x"]),
    ],
)
def test_what_is_remembered_in_another_shape_is_read_anew(
    worlds: Path, tmp_path: Path, spoil: Callable[[dict[str, Any]], object]
) -> None:
    out = tmp_path / "out"
    before = batch(worlds, out, replications=N).table
    _poisoned(out, spoil)
    found = batch(worlds, out, replications=N)
    assert (found.table, found.failed, found.reused) == (before, (), 4)


def test_what_was_read_outside_when_allowed_is_refused_when_not(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(WORLD.format(name="base", most=100))
    (tmp_path / "inner").mkdir()
    file = tmp_path / "inner" / "short.yaml"
    file.write_text("base: ../base.yaml\nscenario: short\n")
    assert batch(file, tmp_path / "out", replications=N, outside=True).failed == ()
    assert "base.yaml" in batch(file, tmp_path / "out", replications=N).failed[0].text


def test_workers_are_forked_from_a_process_that_has_all_they_need(worlds: Path, tmp_path: Path) -> None:
    """Else each of them imports and loads it by itself."""
    code = (
        "import sys; from simulator.batch.plan import Settings; from simulator.scenario import load\n"
        f"scenario = load({str(worlds / 'world-1.yaml')!r})\n"
        "settings = Settings.of(1000, None, 'random', 'batch', None, (), False); settings.get_ready()\n"
        "before = {*sys.modules}; from simulator.run import run; from simulator.store import as_json\n"
        "result = run(scenario, replications=1000, workers=1)\n"
        "result.parquet(); as_json(result.summary())\n"
        "sys.exit(', '.join(sorted({*sys.modules} - before)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (1, "\n")


def test_files_that_say_the_same_are_one_run_and_two_rows(worlds: Path, tmp_path: Path) -> None:
    (worlds / "copy.yaml").write_text((worlds / "world-1.yaml").read_text())
    found = batch(worlds, tmp_path / "out", replications=N)
    assert found.simulated == 4
    rows = [row for row in found.table if row["level"] == "programme"]
    assert len(rows) == 6
    assert rows[0]["run"] == rows[2]["run"]


def test_values_are_crossed_in(worlds: Path, tmp_path: Path) -> None:
    vary = ["resources.framework.capacity=0..2", "deadline=2025-06-30,2025-12-31"]
    found = batch(worlds / "world-1.yaml", tmp_path / "out", schedules=["at once"], vary=vary, replications=N)
    rows = [row for row in found.table if row.get("level") == "programme"]
    values = [(row["vary: resources.framework.capacity"], row["vary: deadline"]) for row in rows]
    assert values == [("1", "2025-06-30"), ("1", "2025-12-31"), ("2", "2025-06-30"), ("2", "2025-12-31")]
    # One place: the second tender ends 100 to 220 days after the start; two places: both within 110 of 180 days.
    assert [row["on_time"] for row in rows[1:]] == [1.0, 1.0, 1.0]
    assert rows[0]["on_time"] < 1.0
    assert [problem.values for problem in found.failed] == [("0", "2025-06-30"), ("0", "2025-12-31")]
    assert "at most 0 ever come" in found.failed[0].text


def test_schedules_are_run_where_a_file_has_them(worlds: Path, tmp_path: Path) -> None:
    file = worlds / "world-1.yaml"
    file.write_text(file.read_text().replace("stagger:", "other:"))
    found = batch(worlds, tmp_path / "out", schedules=["stagger", "neither"], replications=N)
    assert [row["schedule"] for row in found.table if row.get("level") == "programme"] == ["stagger"]
    assert "a schedule must be one of the scenario's (found stagger, neither)" in found.failed[0].text


def test_a_wrong_file_has_its_row_and_the_others_run(worlds: Path, tmp_path: Path) -> None:
    (worlds / "bad.yaml").write_text("scenario: x\nclusters: {}\n")
    found = batch([worlds, tmp_path / "missing.yaml"], tmp_path / "out", replications=N)
    assert found.simulated == 4
    assert [Path(each.file).name for each in found.failed] == ["bad.yaml", "missing.yaml"]
    assert "bad.yaml:1:1: start: must be given" in found.failed[0].text
    refused = [row for row in _rows(found.folder / "results.csv") if row["status"] == "refused"]
    assert len(refused) == 2
    assert "must be given" in refused[0]["problem"]
    (worlds / "bad.yaml").write_text(WORLD.format(name="mended", most=90))
    assert batch(worlds, tmp_path / "out", replications=N).failed == ()


@pytest.mark.parametrize("whole", [N, N - 1])
def test_a_run_that_breaks_stagger_costs_the_others_nothing(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    """Whether runs are done whole or in blocks, which those of more than ``whole`` replications are."""
    monkeypatch.setattr(work, "WHOLE", whole)
    module = import_module("simulator.run")
    run = module.run_model

    def broken(model: Model, *args: object, **kwargs: object) -> object:
        if model.scenario.scenario == "world 1":
            raise ZeroDivisionError("by hand")
        return run(model, *args, **kwargs)

    monkeypatch.setattr(module, "run_model", broken)
    found = batch(worlds, tmp_path / "out", replications=N, workers=1)
    assert found.simulated == 2
    assert "stagger failed (ZeroDivisionError: by hand). Please report it" in found.failed[0].text
    log = (found.folder / ".stagger" / "log.jsonl").read_text()
    traces = [json.loads(line).get("trace") for line in log.splitlines()]
    assert [trace.splitlines()[-1] for trace in traces if trace] == ["ZeroDivisionError: by hand"] * 2


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"vary": "capacity"}, "what is varied must be PATH=VALUES"),
        ({"vary": None}, r"what is varied must be PATH=VALUES .found None"),
        ({"schedules": 3}, r"a batch takes the names of schedules .found 3.. Give them as text"),
        ({"schedules": ["stagger", None]}, r"a batch takes the names of schedules .found None"),
        ({"vary": ["a=1", "a=2"]}, "a path must be varied once"),
        ({"vary": "a=1..1002"}, r"a path must be given no more than 1,000 values .found more: a"),
        ({"vary": "a=" + ",".join(map(str, range(1001)))}, "no more than 1,000 values"),
        ({"vary": ["a=1..1000", "b=1..101"]}, r"a file must not be varied in more than 100,000 ways .found 101,000"),
        ({"vary": [f"{path}=1..1000" for path in "abcdefgh"]}, "in more than 100,000 ways"),
        ({"replications": 0}, "the number of replications must be 1 or more"),
        ({"engine": "steam"}, "the engine must be one of"),
        ({"sampling": "astrology"}, "sampling"),
        ({"workers": 0}, "the number of workers must be 1 or more"),
    ],
)
def test_options_that_are_wrong(
    worlds: Path, tmp_path: Path, how: dict[str, object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "look", lambda *_: pytest.fail("read before the options were"))
    with pytest.raises(sg.StaggerError, match=words):
        batch(worlds, tmp_path / "out", **how)  # type: ignore[arg-type]
    with pytest.raises(sg.StaggerError, match=words):
        forecast(worlds, tmp_path / "out", **how)  # type: ignore[arg-type]


def test_one_schedule_is_one_name(worlds: Path, tmp_path: Path) -> None:
    """A text is a sequence, too: of its letters, none of which is a schedule."""
    assert [run.schedule for run in forecast(worlds, tmp_path / "out", "at once", replications=N).runs] == [
        "at once"
    ] * 2
    found = batch(worlds, tmp_path / "out", "at once", replications=N)
    assert (found.failed, {row["schedule"] for row in found.table}) == ((), {"at once"})


# -- the table -----------------------------------------------------------------------------------------


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines(keepends=True)))


def test_the_table_is_the_same_as_csv_parquet_and_rows(worlds: Path, tmp_path: Path) -> None:
    found = batch(worlds, tmp_path / "out", replications=N)
    table = parquet.read_table(found.folder / "results.parquet")
    assert table.column_names == list(columns(()))
    assert table.to_pylist() == [{name: row.get(name) for name in columns(())} for row in found.table]
    rows = _rows(found.folder / "results.csv")
    assert [float(row["cost"]) for row in rows] == table["cost"].to_pylist()
    assert found.to_pandas().shape == (12, len(columns(())))


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@x", "\tx"])
def test_what_a_spreadsheet_would_run_is_only_text(text: str) -> None:
    cell = as_csv([{"file": text, "npv": -1.5}], ()).decode().splitlines()[1]
    assert cell.startswith((f"'{text}", f"\"'{text}"))
    assert ",-1.5," in cell, "numbers stay numbers"


def test_hostile_names_go_through(tmp_path: Path) -> None:
    name = "<script>=cmd()\N{RIGHT-TO-LEFT OVERRIDE}" + "x" * 150
    file = tmp_path / f"{name.replace('/', '')}.yaml"
    file.write_text(
        WORLD.format(name=json.dumps(name * 3), most=90).replace("at once", name).replace("stagger:", "'..':")
    )
    found = batch(file, tmp_path / "out", replications=N)
    assert found.failed == ()
    assert {row["schedule"] for row in found.table} == {name, ".."}
    assert all((found.folder / row["run"] / SUMMARY).is_file() for row in found.table)
    assert parquet.read_table(found.folder / "results.parquet")["scenario"][0].as_py() == name * 3


# -- the command ---------------------------------------------------------------------------------------


def _called(*arguments: str | Path) -> tuple[int, str, str]:
    run = CliRunner().invoke(main, ["batch", *map(str, arguments)])
    return run.exit_code, run.stdout, run.stderr


def test_the_command_says_what_it_did(worlds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    status, said, beside = _called(worlds, "--out", out, "-n", str(N))
    assert (status, beside) == (0, "")
    assert said.startswith("2 files: 4 runs simulated.\n\nThe whole programme\nfile     schedule  on time")
    assert "world-1  at once " in said
    assert "results.csv" in said
    assert _called(worlds, "--out", out, "-n", str(N), "-q")[1] == "2 files: nothing to simulate, 4 there already.\n"
    (worlds / "bad.yaml").write_text("scenario: x")
    status, said, beside = _called(worlds, "--out", out, "-n", str(N), "--json")
    assert status == 1
    assert f"{worlds / 'bad.yaml'}:1:1: start: must be given." in beside
    document = json.loads(said)
    assert (document["simulated"], document["reused"], len(document["failed"])) == (0, 4, 1)
    assert len(document["table"]) == 13


def test_the_command_refuses_what_it_cannot_do(worlds: Path, tmp_path: Path) -> None:
    assert _called(worlds)[0] == 2
    assert _called(tmp_path / "nowhere", "--out", tmp_path / "out")[0] == 2
    assert not (tmp_path / "out").exists()
    (tmp_path / "file").write_text("")
    status, _, beside = _called(worlds, "--out", tmp_path / "file" / "out", "-n", "2")
    assert status == 2
    assert "must be writable" in beside


@pytest.mark.parametrize("writable", [True, False])
@pytest.mark.parametrize(
    ("error", "whole"),
    [
        (KeyboardInterrupt(), N),
        (KeyboardInterrupt(), N - 1),
        (StorageError("disk full"), N - 1),
        (WorkersError("no scheduler"), N - 1),
        (WorkersError("no workers"), N),
    ],
)
def test_the_table_of_a_batch_that_is_stopped(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, whole: int, writable: bool
) -> None:
    """World 1 was there; the second run of world 2 stops it. Both tables say so, if they can be written."""
    out, commit, done = tmp_path / "out", Runs.commit, []
    batch(worlds / "world-1.yaml", out, replications=N)
    before = (out / "results.csv").read_bytes()

    def stopped(self: Runs, key: Key, *args: Any) -> None:
        if done:
            raise error
        commit(self, key, *args)
        done.append(f"runs/{key.name}")

    def full(self: Runs, files: object) -> None:
        raise StorageError("no table")

    monkeypatch.setattr(work, "WHOLE", whole)
    with monkeypatch.context() as patch:
        patch.setattr(Runs, "commit", stopped)
        patch.setattr(Runs, "publish", Runs.publish if writable else full)
        with pytest.raises(type(error), match=f"^{error}$"):
            batch(worlds, out, replications=N, workers=1)
    if writable:
        rows = [row for row in _rows(out / "results.csv") if row["level"] != "cluster"]
        assert [row["status"] for row in rows] == ["done", "done", "done", "not run"]
        assert (rows[2]["run"], rows[3]["run"]) == (done[0], "")
        assert (Path(rows[3]["file"]).name, rows[3]["schedule"]) == ("world-2.yaml", rows[1]["schedule"])
        table = parquet.read_table(out / "results.parquet").to_pylist()
        assert [row["status"] for row in table if row["level"] != "cluster"] == [row["status"] for row in rows]
    else:
        assert (out / "results.csv").read_bytes() == before
    whole_night = batch(worlds, out, replications=N)
    assert (whole_night.simulated, whole_night.reused) == (1, 3)
    assert {row["status"] for row in _rows(out / "results.csv")} == {"done"}


def test_whoever_stops_it_hears_how_to_go_on(worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(self: work.Work, planned: object, answer: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(work.Work, "_keep", stopped)
        status, said, beside = _called(worlds, "--out", tmp_path / "out", "-n", str(N), "--workers", "1")
    assert (status, said) == (130, "")
    assert "the same command goes on from there" in beside
    assert _called(worlds, "--out", tmp_path / "out", "-n", str(N))[0] == 0


def test_a_dry_run_writes_nothing_and_measures(worlds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(worlds / "world-1.yaml", out, replications=N)
    before = contents(out)
    (worlds / "bad.yaml").write_text("scenario: x")
    status, said, _ = _called(
        worlds, "--out", out, "-n", str(N), "--dry-run", "--vary", "deadline=2025-06-30,2025-12-31"
    )
    assert status == 1
    assert said.startswith("3 files: 6 runs to simulate, 2 there already. 1 thing would not run. It would take about")
    assert said.count("would run\n") == 7
    assert said.count("is there\n") == 2
    assert contents(out) == before
    assert forecast(worlds, tmp_path / "none", replications=N).missing == 4
    assert not (tmp_path / "none").exists()


def test_a_forecast_follows_the_line_through_two_measurements(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 2 s for each run and 1 ms for each replication, on one worker: 4 runs of 10,000 take 48 s."""
    monkeypatch.setattr(dry_run, "_timed", lambda plan, planned, settings, replications: 2 + replications / 1000)
    found = forecast(worlds, tmp_path / "out", replications=10_000, workers=1)
    assert found.seconds == pytest.approx(48)
    assert "about 48 s with 1 worker, going by 4 runs that began" in str(found)


def test_what_is_compiled_is_compiled_before_a_forecast_measures(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compiling takes 20 s at each size that nobody ran before; of that, a forecast says nothing."""
    ran: set[int] = set()

    def timed(plan: object, planned: object, settings: object, replications: int) -> float:
        compiles = {size for size in (1, 64, 400) if size <= replications} - ran
        ran.update(compiles)
        return 20.0 * len(compiles) + replications / 1000

    monkeypatch.setattr(dry_run, "_timed", timed)
    assert forecast(worlds, tmp_path / "out", replications=10_000, workers=1).seconds == pytest.approx(40)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.1, "1 s"), (99, "99 s"), (100, "2 min"), (3600, "60 min"), (9000, "2 h 30 min"), (2e5, "2 days")],
)
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


# -- progress ------------------------------------------------------------------------------------------


def test_progress_counts_files_then_runs(worlds: Path, tmp_path: Path) -> None:
    seen: list[Standing] = []
    batch(worlds, tmp_path / "out", replications=N, workers=1, progress=seen.append)
    assert [(each.phase, each.done, each.total) for each in seen[:3]] == [("reading", k, 2) for k in range(3)]
    runs = [each for each in seen if each.phase == "simulating"]
    assert [each.done for each in runs[:5]] == [0, 1, 2, 3, 4]
    assert runs[1].now == (f"{worlds / 'world-1.yaml'}: stagger",)


def test_progress_names_what_is_varied(worlds: Path, tmp_path: Path) -> None:
    seen: list[Standing] = []
    vary = "resources.framework.capacity=2"
    batch(worlds / "world-1.yaml", tmp_path / "out", vary=vary, replications=N, workers=1, progress=seen.append)
    now = next(each for each in seen if each.phase == "simulating").now
    assert now == (f"{worlds / 'world-1.yaml'}, {vary}: at once",)


def test_progress_shows_what_is_left_for_how_long_and_what_runs() -> None:
    """A quarter is done in 50 s, so 150 s are left."""
    lines = drawn(Standing("simulating", 5, 20, ("a.yaml: at once", "b.yaml: " + "x" * 200)), 50, 80).plain.split("\n")
    assert lines[0].endswith("simulating 5 of 20 runs, 2 min to go")
    assert lines[1] == "  a.yaml: at once"
    assert max(map(len, lines)) < 80
    assert lines[0].count("━") * 3 == lines[0].count("╌") + 1 or lines[0].count("━") > 0


def test_progress_moves_within_a_run_that_is_shared_out(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four blocks of five futures each; what is done of a run never stands beside the run itself."""
    monkeypatch.setattr(work, "WHOLE", N - 1)
    monkeypatch.setitem(import_module("simulator.run").BLOCK, "batch", N // 4)
    seen: list[Standing] = []
    batch(worlds / "world-1.yaml", tmp_path / "out", replications=N, workers=1, progress=seen.append)
    runs = [(each.done, each.part) for each in seen if each.phase == "simulating"]
    assert runs == [(run, part / 4) for run in (0, 1) for part in range(5)] + [(2, 0.0)]


def test_progress_within_a_run_counts_for_the_bar_and_the_time() -> None:
    """Two runs and a half of four are done in 50 s, so another run and a half takes 30 s."""
    lines = drawn(Standing("simulating", 2, 4, ("a.yaml: at once",), 0.5), 50, 80).plain.split("\n")
    assert lines == ["━" * 16 + "╌" * 10 + " simulating 2 of 4 runs, 30 s to go", "   50% of a.yaml: at once"]
    first = Standing("simulating", 0, 1, ("a.yaml: at once",), 0.1)
    assert "90 s to go" in drawn(first, 10, 80).plain
    assert "to go" not in drawn(first, 0.5, 80).plain


def test_the_time_to_go_is_reckoned_from_when_blocks_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """30 s to start and no block; then a hundredth is done, in 10 s another tenth: 10 / 0.11 × 0.89 = 81 s."""
    clock, shown = [0.0], []
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(import_module("simulator.cli.waiting"), "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(import_module("simulator.cli.waiting"), "drawn", lambda *what: shown.append(drawn(*what)) or "")
    with waiting(quiet=False) as heard:
        assert heard is not None
        for seconds, part in ((0, 0.0), (30, 0.01), (40, 0.11)):
            clock[0] = seconds
            heard(Standing("simulating", 0, 1, ("a.yaml: at once",), part))
    assert [("to go" in each.plain) for each in shown] == [False, True]
    assert "81 s to go" in shown[1].plain


def test_progress_is_silent_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    with waiting(quiet=False) as heard:
        assert heard is None, "no terminal"
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with waiting(quiet=True) as heard:
        assert heard is None
