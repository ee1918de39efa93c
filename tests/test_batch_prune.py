"""`batch --prune`: runs of files as they once were go, where that is asked for; nothing else ever does."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from overnight import WORLD, contents, folder_of_worlds

import simulator as sg
from simulator.batch import Batch, batch, forecast, night
from simulator.cli import main
from simulator.errors import StaggerError
from simulator.result import Model
from simulator.store import MANIFEST, drafts, lock
from simulator.store.memory import Memory
from simulator.store.runs import Runs
from simulator.wording import size

N = 20


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """Interrupts are heard also where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def worlds(tmp_path: Path) -> Path:
    """Two files, the first of which has been changed since its runs were made."""
    worlds = folder_of_worlds(tmp_path / "files")
    batch(worlds, tmp_path / "out", replications=N)
    (worlds / "world-1.yaml").write_text(WORLD.format(name="changed", most=130))
    return worlds


def _names(out: Path, start: str = "") -> set[str]:
    return {path.name for path in (out / "runs").iterdir() if path.name.startswith(start)}


def _pruned(worlds: Path | Sequence[Path], out: Path, prune: bool = True) -> Batch:
    return batch(worlds, out, replications=N, prune=prune)


def test_what_no_file_asks_for_is_told_and_removed_where_that_is_asked_for(worlds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    old = _names(out, "world-1-")
    told = _pruned(worlds, out, prune=False)
    large = sum(file.stat().st_size for name in old for file in (out / "runs" / name).iterdir())
    hint = (
        f"2 runs in the folder are none of this call's ({size(large)}), but of other files, files as they once were, "
        "other schedules, values or options. --prune removes them."
    )
    assert (told.notes, told.pruned) == ((hint,), ())
    assert old < _names(out)
    done = _pruned(worlds, out)
    assert {each.key.name for each in done.pruned} == old
    assert sum(each.bytes for each in done.pruned) == large
    assert str(done) == f"2 files: nothing to simulate, 4 there already. 2 runs pruned ({size(large)})."
    _pruned(worlds, tmp_path / "anew", prune=False)
    assert contents(out) == contents(tmp_path / "anew")
    assert list((out / ".stagger" / "drafts").iterdir()) == []
    again = _pruned(worlds, out)
    assert (again.notes, again.pruned, again.reused) == ((), (), 4)
    assert json.loads((out / ".stagger" / "log.jsonl").read_text().splitlines()[-3])["simulated"] == 0


def test_stamps_of_files_that_are_gone_are_forgotten(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.store.runs.ALWAYS_READ", 10)
    out = tmp_path / "out"

    def stamped() -> set[str]:
        stamps = Memory(out / ".stagger" / "memory.json").stamps
        return {place.partition("/")[0] for place in stamps} - {"results.parquet"}

    _pruned(worlds, out, prune=False)
    (worlds / "world-1.yaml").write_text(WORLD.format(name="changed again", most=140))
    assert len(_pruned(worlds, out, prune=False).notes) == 1
    assert len(stamped()) == 6
    assert len(_pruned(worlds, out).pruned) == 4
    assert stamped() == _names(out)


def test_what_the_store_did_not_write_stays(worlds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    runs, (old, other) = out / "runs", sorted(_names(out, "world-1-"))
    shutil.copytree(runs / old, runs / "a copy to keep")
    shutil.copytree(runs / old, tmp_path / "elsewhere")
    (runs / "empty").mkdir()
    (runs / "notes.txt").write_text("mine")
    shutil.rmtree(runs / old)
    (runs / old).symlink_to(tmp_path / "elsewhere")
    (runs / other / "mine.txt").write_text("mine")
    found = _pruned(worlds, out)
    assert found.pruned == ()
    assert found.notes == (f"1 run stays, since other files lie in its folder, too: {other}.",)
    assert _names(out) >= {"a copy to keep", "empty", "notes.txt", old, other}
    assert (tmp_path / "elsewhere" / MANIFEST).exists()
    (runs / other / "mine.txt").unlink()
    (runs / other / MANIFEST).write_bytes((runs / other / MANIFEST).read_bytes().replace(b"stagger", b"Stagger", 1))
    assert _pruned(worlds, out).pruned == ()
    assert other in _names(out)


@pytest.mark.parametrize("wrong", ["bad.yaml", "nowhere.yaml"])
def test_nothing_goes_where_not_all_ran(worlds: Path, tmp_path: Path, wrong: str) -> None:
    out = tmp_path / "out"
    (worlds / "bad.yaml").write_text("scenario: x")
    before = _names(out)
    found = _pruned([worlds / "world-2.yaml", worlds / wrong], out)
    assert (len(found.failed), found.pruned) == (1, ())
    said = (
        "nothing is pruned, since what does not run may have runs there: 2 runs in the folder are none of this call's. "
        "Mend what is wrong, or leave it out, and prune again."
    )
    assert found.notes == (said,)
    assert forecast([worlds / "world-2.yaml", worlds / wrong], out, replications=N, prune=True).notes == (said,)
    assert _pruned([worlds / "world-2.yaml", worlds / wrong], out, prune=False).notes == ()
    assert _names(out) == before


def test_runs_of_the_same_files_with_another_seed_are_not_said_to_be_of_no_file(worlds: Path, tmp_path: Path) -> None:
    batch(worlds, tmp_path / "seeds", replications=N, seed=1)
    found = batch(worlds, tmp_path / "seeds", replications=N, seed=2)
    assert found.notes[0].startswith("4 runs in the folder are none of this call's (")
    assert found.notes[0].endswith("other schedules, values or options. --prune removes them.")


@pytest.mark.parametrize("path", [".", "*/*.yaml", "**/*.yaml"])
def test_nothing_goes_where_a_folder_could_not_be_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Whose runs are then those of nobody: as if its files were gone."""
    out, scandir = tmp_path / "out", os.scandir
    for name in ("x", "y"):
        (tmp_path / "s" / name).mkdir(parents=True)
        (tmp_path / "s" / name / "a.yaml").write_text(WORLD.format(name=name, most=100))
    batch(tmp_path / "s", out, replications=N)
    before = _names(out)

    def refusing(folder: Any = ".") -> Any:
        if not isinstance(folder, int) and os.fspath(folder) == str(tmp_path / "s" / "y"):
            raise PermissionError(13, "Permission denied", os.fspath(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refusing)
    planned = forecast(tmp_path / "s" / path, out, replications=N, prune=True)
    found = _pruned(tmp_path / "s" / path, out)
    assert _names(out) == before
    for each in (planned, found):
        assert (each.pruned, [problem.file for problem in each.failed]) == ((), [str(tmp_path / "s" / "y")])
        assert each.notes[0].startswith("nothing is pruned, since what does not run may have runs there: 2 runs in")
    assert [row["status"] for row in found.table].count("refused") == 1
    command = ["batch", str(tmp_path / "s" / path), "--out", str(out), "-n", str(N), "--prune"]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 1
    assert "y: a folder must be one that can be listed (found: Permission denied)" in done.stderr
    assert _names(out) == before


def test_nothing_goes_where_a_folder_became_a_link(worlds: Path, tmp_path: Path) -> None:
    """Links are not followed, so what lies there is no longer the call's, though nobody took it away."""
    out = tmp_path / "out"
    (worlds / "more").mkdir()
    (worlds / "world-2.yaml").rename(worlds / "more" / "world-2.yaml")
    batch(worlds, out, replications=N)
    (worlds / "more").rename(tmp_path / "more")
    (worlds / "more").symlink_to("../more")
    before = _names(out)
    for found in (_pruned(worlds, out), forecast(worlds, out, replications=N, prune=True)):
        assert found.pruned == ()
        assert found.notes[0].startswith(f"not searched, since they are links: {worlds / 'more'}.")
        assert found.notes[1].startswith("nothing is pruned, since what was passed over may have runs there: 4 runs in")
    assert _names(out) == before
    assert _pruned([worlds, worlds / "more"], out).notes == ()


def test_nothing_goes_where_files_among_results_were_passed_over(worlds: Path, tmp_path: Path) -> None:
    """Runs of such a file, as of one before somebody wrote results to its folder, are there and are not this call's."""
    out = tmp_path / "out"
    batch(worlds, out, replications=N)
    sg.run(sg.load(worlds / "world-2.yaml"), replications=N, out=worlds, figures=False)
    (tmp_path / "more").mkdir()
    shutil.copy(worlds / "world-2.yaml", tmp_path / "more" / "world-2.yaml")
    before = _names(out)
    found = _pruned(tmp_path / "[fm]*" / "*.yaml", out)
    assert found.failed == ()
    assert found.pruned == ()
    both = f"{worlds / 'world-1.yaml'}, {worlds / 'world-2.yaml'}"
    assert found.notes[0].startswith(f"passed over, in folders of results: {both}. To run them, name them")
    assert found.notes[1].startswith("nothing is pruned, since what was passed over may have runs there: 4 runs in the")
    assert found.notes[1].endswith("Name it, or move it elsewhere, and prune again.")
    assert len(_pruned(tmp_path / "[fm]*" / "*.yaml", out, prune=False).notes) == 1
    assert _names(out) == before


def test_a_dry_run_prunes_nothing_where_a_run_breaks(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It finds out as it measures, and says what the batch then says."""
    out, module = tmp_path / "out", import_module("simulator.run")
    run = module.run_model
    listed = forecast(worlds, out, replications=N, prune=True)
    assert "2 runs would be pruned (" in str(listed)
    assert "), if all the others run. It would take" in str(listed)

    def broken(model: Model, *args: object, **how: object) -> object:
        if model.scenario.scenario == "changed":
            raise StaggerError("broken by hand")
        return run(model, *args, **how)

    monkeypatch.setattr(module, "run_model", broken)
    planned = forecast(worlds, out, replications=N, prune=True)
    found = batch(worlds, out, replications=N, prune=True, workers=1)
    assert (planned.failed, planned.notes, planned.pruned) == (found.failed, found.notes, found.pruned)
    assert [each.text for each in planned.failed] == ["broken by hand"] * 2
    assert planned.notes[0].startswith("nothing is pruned, since what does not run")


def test_nothing_goes_where_the_work_was_stopped(worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By an interrupt in the middle of it, or while the table is written."""
    out, publish = tmp_path / "out", night._publish
    before = _names(out, "world-1-")

    def stopped(*_: Any) -> None:
        signal.raise_signal(signal.SIGINT)

    def pressed(*args: Any) -> None:
        stopped()
        publish(*args)

    for where, name, how in ((Runs, "commit", stopped), (night, "_publish", pressed)):
        with monkeypatch.context() as patch:
            patch.setattr(where, name, how)
            with pytest.raises(KeyboardInterrupt):
                _pruned(worlds, out)
        assert _names(out) > before
    assert len(_pruned(worlds, out).pruned) == 2


def test_a_run_goes_in_one_step(worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is killed while files are removed leaves nothing half removed among the runs."""
    out, gone = tmp_path / "out", []

    def killed(path: Path, **_: Any) -> None:
        if path.name.startswith("pruned."):
            gone.append(sorted(file.name for file in (path / "run").iterdir()))
            raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(drafts.shutil, "rmtree", killed)
        with pytest.raises(SystemExit):
            _pruned(worlds, out)
    assert gone == [["manifest.json", "outcomes.parquet", "scenario.yaml", "summary.json"]]
    assert len(_names(out, "world-1-")) == 1
    assert len(_pruned(worlds, out).pruned) == 1
    assert list((out / ".stagger" / "drafts").iterdir()) == []


def test_a_dry_run_lists_what_would_go(worlds: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(worlds, out, replications=N)
    before = contents(out)
    command = ["batch", str(worlds), "--out", str(out), "-n", str(N), "--dry-run", "--prune"]
    said = CliRunner().invoke(main, command).stdout
    assert "2 files: nothing to simulate, 4 there already. 2 runs would be pruned (" in said
    assert "What would be pruned" in said
    rows = json.loads(CliRunner().invoke(main, [*command, "--json"]).stdout)["pruned"]
    assert {row["run"] for row in rows} == {f"runs/{name}" for name in _names(out, "world-1-")}
    assert {(row["scenario"], row["replications"]) for row in rows} == {("world 1", N)}
    assert contents(out) == before
    assert forecast(worlds, out, replications=N).notes[0].endswith("--prune removes them.")
    done = CliRunner().invoke(main, command[:-2] + command[-1:])
    assert "Pruned\n" in done.stdout
    assert _names(out, "world-1-") == set()


def test_where_there_are_no_locks_nothing_is_pruned(
    worlds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another batch might be at work there, whose runs are not in this one's table."""
    monkeypatch.setattr(lock, "_lock", lambda file: False)
    before = _names(tmp_path / "out")
    with pytest.raises(StaggerError, match="must have locks for its runs to be pruned"):
        _pruned(worlds, tmp_path / "out")
    assert _names(tmp_path / "out") == before


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (9_960, "10 kB"),
        (999_600, "1.0 MB"),
        (123_456_789, "123 MB"),
    ],
)
def test_sizes_in_words(number: int, words: str) -> None:
    assert size(number) == words
