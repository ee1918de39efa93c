"""A store that cannot lie: damage is seen, accidents leave nothing half-written, and names are safe everywhere."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from overnight import contents, folder_of_worlds, require_whole

import simulator as sg
from simulator.batch import batch
from simulator.errors import StorageError
from simulator.store import MANIFEST, OUTCOMES, SUMMARY, key, memory, runs
from simulator.store.drafts import Draft
from simulator.store.key import Key
from simulator.store.lock import Lock
from simulator.store.runs import SCENARIO, Runs

KEY = Key("Two clusters", "ab" * 32, "ef" * 32, "at once", 10, 1, "random", "batch")
FILES = {SUMMARY: b"{}", OUTCOMES: b"numbers", SCENARIO: b"scenario: x\n"}


def _put(store: Runs, files: dict[str, bytes], about: dict[str, Any]) -> None:
    """Have a run in the store, as a batch does."""
    store.commit(KEY, store.drafts.write(KEY.name, files), about)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Runs]:
    """A store with one run in it."""
    with Runs(tmp_path / "out") as found:
        _put(found, FILES, {"versions": {}})
        yield found


def _looked(store: Runs, **how: Any) -> bool:
    """What another call finds."""
    store.memory.save(store.drafts.folder)
    return Runs(store.root, **how).whole(KEY)


def test_what_was_put_is_whole_and_as_open_as_other_folders(store: Runs) -> None:
    assert _looked(store)
    (store.root / "plain").mkdir()
    assert store.folder(KEY).stat().st_mode == (store.root / "plain").stat().st_mode
    assert list(store.drafts.folder.iterdir()) == []


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
@pytest.mark.parametrize("harm", ["flip", "cut", "lose", "swap"])
def test_any_damage_is_seen_and_mended(store: Runs, name: str, harm: str) -> None:
    path = store.folder(KEY) / name
    before = contents(store.root)
    content = path.read_bytes()
    match harm:
        case "flip":
            middle = len(content) // 2
            path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        case "cut":
            path.write_bytes(content[:-1])
        case "lose":
            path.unlink()
        case "swap":
            path.unlink()
            path.mkdir()
    assert not _looked(store)
    _put(store, FILES, {"versions": {}})
    assert _looked(store)
    assert contents(store.root) == before


def test_files_of_others_survive_the_mending(store: Runs) -> None:
    (store.folder(KEY) / "my notes.txt").write_text("mine")
    assert _looked(store), "they are no damage"
    (store.folder(KEY) / SUMMARY).unlink()
    _put(store, FILES, {"versions": {}})
    assert (store.folder(KEY) / "my notes.txt").read_text() == "mine"


def test_a_link_in_the_place_of_a_run_costs_its_target_nothing(store: Runs, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("mine")
    shutil.rmtree(store.folder(KEY))
    store.folder(KEY).symlink_to(mine)
    _put(store, FILES, {})
    assert store.whole(KEY)
    assert (mine / "thesis.txt").read_text() == "mine"
    assert not (store.folder(KEY) / "thesis.txt").exists()


@pytest.mark.parametrize("foreign", ["file", "dangling link", "empty folder", "folder"])
def test_something_else_in_its_place_gives_way(tmp_path: Path, foreign: str) -> None:
    with Runs(tmp_path / "out") as store:
        target = store.folder(KEY)
        match foreign:
            case "file":
                target.write_text("mine")
            case "dangling link":
                target.symlink_to("nowhere")
            case _:
                target.mkdir()
                if foreign == "folder":
                    (target / MANIFEST).write_text("[]")
        assert not store.whole(KEY)
        _put(store, FILES, {})
        assert store.whole(KEY)


def test_a_large_file_is_read_again_when_anything_touched_it(store: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its times may be put back, but not the time of that."""
    monkeypatch.setattr(runs, "ALWAYS_READ", -1)
    path = store.folder(KEY) / OUTCOMES
    assert _looked(store)
    assert store.whole(KEY)
    store.memory.save(store.drafts.folder)
    monkeypatch.setattr(runs, "checked", lambda path: pytest.fail("it was read although nothing touched it"))
    assert Runs(store.root).whole(KEY)
    monkeypatch.undo()
    monkeypatch.setattr(runs, "ALWAYS_READ", -1)
    was = path.stat()
    time.sleep(0.02)  # longer than a tick of the file system's clock
    with path.open("r+b") as file:
        file.write(b"N")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert not Runs(store.root).whole(KEY)


def test_verify_reads_everything(store: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even what the disk itself has spoilt: here, a memory that is wrong about a file."""
    monkeypatch.setattr(runs, "ALWAYS_READ", -1)
    path = store.folder(KEY) / OUTCOMES
    right = json.loads((store.folder(KEY) / MANIFEST).read_text())["files"][OUTCOMES]["sha256"]
    path.write_bytes(b"numberS")
    store.memory.note(f"{KEY.name}/{OUTCOMES}", path, right)
    assert _looked(store)
    assert not _looked(store, verify=True)


def test_a_run_is_not_taken_for_another(store: Runs) -> None:
    """Another key's folder with our name, whole as it may be, is not ours."""
    other = Key("Two clusters", "ab" * 32, "ef" * 32, "at once", 20, 1, "random", "batch")
    store.folder(KEY).rename(store.folder(other))
    assert not store.whole(other)


def test_figures_are_missed_only_where_they_are_asked_for(store: Runs) -> None:
    assert not store.whole(KEY, figures=True)
    _put(store, {**FILES, "gantt.svg": b"<svg/>"}, {"figures": True})
    assert store.whole(KEY, figures=True)
    assert store.whole(KEY)


@pytest.mark.parametrize(
    "change",
    [
        {"scenario_sha256": "cd" * 32},
        {"texts_sha256": "cd" * 32},
        {"schedule": "AT ONCE"},
        {"replications": 11},
        {"seed": 2},
        {"sampling": "sobol"},
        {"engine": "events"},
        {"model": key.MODEL + 1},
        {"stagger": "9.9"},
    ],
)
def test_whatever_determines_a_run_is_in_its_name(change: dict[str, Any]) -> None:
    assert Key(**{**KEY.about(), **change}).name.casefold() != KEY.name.casefold()


HOSTILE = [
    "",
    ".",
    "../../etc",
    'a/b\\c:d*e?f"g<h>i|j',
    "CON",
    "x" * 300,
    "\N{RIGHT-TO-LEFT OVERRIDE}gpj",
    "\N{PILE OF POO}" * 50,
    "é" * 300,
    "trailing. ",
    "=cmd()",
    "\ud800",
    "A\x00B\nC",
    "-rf",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_safe_on_any_system(name: str) -> None:
    found = Key(name, "ab" * 32, "ef" * 32, name, 10, 1, "random", "batch").name
    assert len(found) <= 2 * key.LONGEST + 2 + key.DIGITS
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not found.startswith("-")


def test_names_do_not_collide() -> None:
    """Where small and capital letters are the same to the disk, too."""
    names = [*HOSTILE, "a b", "A B", "a-b", "x" * 301]
    found = {Key(one, "ab" * 32, "ef" * 32, other, 10, 1, "random", "batch").name for one in names for other in names}
    assert len(found) == len(names) ** 2


def test_drafts_of_calls_that_ended_are_cleared(store: Runs) -> None:
    (store.drafts.folder / "left").mkdir()
    (store.drafts.folder / "left" / "half").write_text("")
    store.__exit__(None, None, None)
    with Runs(store.root) as again:
        assert list(again.drafts.folder.iterdir()) == []


def test_where_there_are_no_locks_only_old_drafts_are_cleared(store: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    from simulator.store import lock

    store.__exit__(None, None, None)
    for name, age in (("young", 60), ("old", runs.LEFT_ALONE + 60)):
        (store.drafts.folder / name).mkdir()
        os.utime(store.drafts.folder / name, (time.time() - age, time.time() - age))
    monkeypatch.setattr(lock, "_lock", lambda file: False)
    with Runs(store.root) as again:
        assert [path.name for path in again.drafts.folder.iterdir()] == ["young"]


def test_clearing_goes_no_further_than_the_drafts(store: Runs, tmp_path: Path) -> None:
    (store.drafts.folder / "dangling").symlink_to("nowhere")
    store.drafts.clear(0)
    assert list(store.drafts.folder.iterdir()) == []
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("mine")
    (tmp_path / "other" / ".stagger").mkdir(parents=True)
    (tmp_path / "other" / ".stagger" / "drafts").symlink_to(mine)
    with pytest.raises(StorageError, match=r"drafts must be a folder of the store's own.*Remove the link\."):
        Runs(tmp_path / "other").__enter__()
    assert (mine / "thesis.txt").read_text() == "mine"


def test_a_store_that_cannot_begin_lets_go_of_its_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(Runs(tmp_path).drafts), "clear", interrupted)
        with pytest.raises(KeyboardInterrupt):
            Runs(tmp_path / "out").__enter__()
    with Runs(tmp_path / "out"):
        pass


def test_a_draft_that_is_cleared_cannot_be_put_in_place(store: Runs) -> None:
    """As when a worker that outlived its batch is still at it."""
    other = Key("Another", "cd" * 32, "ef" * 32, "at once", 10, 1, "random", "batch")
    with store.drafts.new("late") as draft:
        for name, content in FILES.items():
            (draft / name).write_bytes(content)
        written = Draft.found(draft)
        store.drafts.clear(0)
        with pytest.raises(StorageError):
            store.commit(other, written, {})
    assert not store.folder(other).exists()


def test_a_lock_is_let_go_of_and_names_its_holder(tmp_path: Path) -> None:
    with (
        Lock(tmp_path / "lock", "OUT"),
        pytest.raises(sg.StaggerError, match="OUT must be used by one batch at a time"),
    ):
        Lock(tmp_path / "lock", "OUT").__enter__()
    with Lock(tmp_path / "lock", "OUT"):
        assert f"process {os.getpid()}" in (tmp_path / "lock").read_text()


def test_a_lock_is_the_folder_s_and_not_its_name_s(tmp_path: Path) -> None:
    """Closing any handle of a file lets go of a process's record locks on it, so it must not be opened again."""
    (tmp_path / "out").mkdir()
    (tmp_path / "link").symlink_to("out")
    with Lock(tmp_path / "out" / "lock", "OUT"), pytest.raises(sg.StaggerError, match=r"\(this process is at work"):
        Lock(tmp_path / "link" / "lock", "OUT").__enter__()


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"format": 1}', '{"format": 1, "stamps": [], "sources": {}}'])
def test_a_memory_that_is_spoilt_is_begun_anew(tmp_path: Path, spoilt: str) -> None:
    path = tmp_path / "memory.json"
    path.write_text(spoilt)
    assert memory.Memory(path).stamps == {}
    assert memory.Memory(path).said("x") is None


def test_a_memory_of_another_model_is_begun_anew(store: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    store.memory.heard("x", {"reads": {}})
    store.memory.save(store.drafts.folder)
    assert memory.Memory(store.memory.path).said("x") == {"reads": {}}
    monkeypatch.setattr(memory, "MODEL", key.MODEL + 1)
    assert memory.Memory(store.memory.path).said("x") is None


def test_rows_are_read_off_a_summary_once_and_never_off_another(store: Runs) -> None:
    read: list[Any] = []

    def rows_of(summary: Any) -> list[dict[str, Any]]:
        read.append(summary)
        return [{"cost": 0.1, "said": summary}]

    for _ in range(2):
        assert store.rows(KEY, rows_of) == [{"cost": 0.1, "said": {}}]
    store.memory.save(store.drafts.folder)
    assert Runs(store.root).rows(KEY, rows_of) == [{"cost": 0.1, "said": {}}], "from one call to the next"
    assert read == [{}]
    store.commit(KEY, store.drafts.write("again", {**FILES, SUMMARY: b"[1]"}), {})
    assert store.rows(KEY, rows_of) == [{"cost": 0.1, "said": {}}], "what is whole stays"
    (store.folder(KEY) / SUMMARY).unlink()
    store.commit(KEY, store.drafts.write("again", {**FILES, SUMMARY: b"[1]"}), {})
    assert store.rows(KEY, rows_of) == [{"cost": 0.1, "said": [1]}]
    assert Runs(store.root, verify=True).rows(KEY, rows_of) == [{"cost": 0.1, "said": [1]}]
    assert read == [{}, [1], [1]], "who verifies believes no memory"


@pytest.mark.parametrize("harm", ["manifest", "summary", "folder", "changed"])
def test_rows_of_a_run_that_was_removed_or_changed_meanwhile_are_nobody_s(store: Runs, harm: str) -> None:
    """Least of all the next such run's, as when both were remembered by the same empty checksum."""
    match harm:
        case "manifest":
            (store.folder(KEY) / MANIFEST).unlink()
        case "summary":
            (store.folder(KEY) / SUMMARY).unlink()
        case "folder":
            shutil.rmtree(store.folder(KEY))
        case "changed":
            (store.folder(KEY) / SUMMARY).write_bytes(b"[]")
    with pytest.raises(sg.StaggerError, match=r"must stay as it is while a batch is at work .*Run it again\."):
        store.rows(KEY, lambda summary: [{"cost": 1.0}])
    assert store.memory.rows == {}


def test_a_run_that_is_removed_while_others_are_simulated_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds, out = folder_of_worlds(tmp_path / "files", 1), tmp_path / "out"
    committed = Runs.commit
    gone: list[Path] = []

    def commit(store: Runs, key: Key, *rest: Any) -> None:
        committed(store, key, *rest)
        if not gone:
            gone.append(store.folder(key))
            shutil.rmtree(gone[0])

    monkeypatch.setattr(Runs, "commit", commit)
    found = batch(worlds, out, replications=4, workers=1)
    assert [str(gone[0]) in problem.text for problem in found.failed] == [True]
    assert [row["status"] for row in found.table] in (["refused", *3 * ["done"]], [*3 * ["done"], "refused"])


def test_rows_of_those_looked_at_last_are_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_ROWS", 2)
    found = memory.Memory(tmp_path / "memory.json")
    for name in ("a", "b", "a", "c"):
        found.keep(name, [{"name": name}])
    assert {name: found.row(name) for name in "abc"} == {"a": [{"name": "a"}], "b": None, "c": [{"name": "c"}]}


# -- accidents -----------------------------------------------------------------------------------------


def _failing(patch: pytest.MonkeyPatch, passes: int, number: int) -> None:
    """Let so many changes of the disk pass and fail those after, as a full disk does, whoever makes them."""
    left = multiprocessing.Value("i", passes)

    def wrapped(call: Any) -> Any:
        def changed(*args: Any, **kwargs: Any) -> Any:
            with left.get_lock():
                left.value -= 1
            if left.value < 0:
                raise OSError(number, os.strerror(number))
            return call(*args, **kwargs)

        return changed

    for owner, name in ((Path, "write_bytes"), (Path, "write_text"), (Path, "mkdir"), (Path, "rename"), (os, "fsync")):
        patch.setattr(owner, name, wrapped(getattr(owner, name)))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "must be writable .No space left on device.. Free some space, or choose"),
        (errno.EROFS, "must be writable .Read-only file system.. Check who may write there, or choose"),
        (errno.EIO, "must be writable .Input/output error.. Check"),
    ],
)
def test_a_disk_that_fails_at_any_moment(
    tmp_path: Path, number: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds = folder_of_worlds(tmp_path / "files", 1)
    batch(worlds, tmp_path / "undisturbed", replications=4, workers=1)
    finished = contents(tmp_path / "undisturbed")
    passes, failed = 0, True
    while failed:
        out = tmp_path / f"out {passes}"
        with monkeypatch.context() as patch:
            _failing(patch, passes, number)
            said = _said_by_batch(worlds, out)
        failed = bool(said)
        assert re.search(words, said) if failed else contents(out) == finished
        require_whole(out, finished)
        batch(worlds, out, replications=4, workers=1)
        assert contents(out) == finished
        passes += 1 if number == errno.ENOSPC else 7
    assert passes > 10


def _said_by_batch(worlds: Path, out: Path) -> str:
    """What keeps a batch from being done; nothing where it was."""
    try:
        batch(worlds, out, replications=4, workers=1)
    except StorageError as error:
        return str(error)
    return ""


def test_a_place_that_cannot_be_a_folder(tmp_path: Path) -> None:
    worlds = folder_of_worlds(tmp_path / "files", 1)
    (tmp_path / "file").write_text("mine")
    for out in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(StorageError, match="must be writable"):
            batch(worlds, out, replications=4)
    assert (tmp_path / "file").read_text() == "mine"


def _mounted(path: Path, options: str) -> bool:
    path.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(path)]
    mount = shutil.which("mount")
    return mount is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.slow
def test_a_disk_that_is_really_full_or_cannot_be_written(tmp_path: Path) -> None:
    worlds, out = folder_of_worlds(tmp_path / "files", 6), tmp_path / "disk"
    batch(worlds, tmp_path / "undisturbed", replications=2000)
    finished = contents(tmp_path / "undisturbed")
    if not _mounted(out, f"size={sum(map(len, finished.values())) // 2}"):
        pytest.skip("only root may mount a small disk")
    try:
        with pytest.raises(StorageError, match="No space left on device"):
            batch(worlds, out, replications=2000)
        assert require_whole(out, finished, tables=False) > 0
        subprocess.run(["mount", "-o", "remount,ro", str(out)], check=True)
        with pytest.raises(StorageError, match="Read-only file system"):
            batch(worlds, out, replications=2000)
        subprocess.run(["mount", "-o", "remount,rw,size=100m", str(out)], check=True)
        batch(worlds, out, replications=2000)
        assert contents(out) == finished
    finally:
        subprocess.run(["umount", str(out)], check=True)


# -- the number of the model ---------------------------------------------------------------------------


def test_the_model_has_another_number_when_it_gives_other_numbers() -> None:
    """Days of go-live of a world with a bit of everything, as this number of the model gives them.

    If this fails because a change of the model was meant: add 1 to `simulator.store.key.MODEL` and write down what is
    found now, so that no store takes results of the old model for those of the new one.
    """
    scenario = sg.parse(EVERYTHING)
    network = sg.compile(scenario)
    timeline = sg.simulate(network, sg.draw(scenario, 400, seed=3))
    live = timeline.finished[[timeline.activities.index(f"{name}/rollout") for name in scenario.clusters]]
    figures = (key.MODEL, *(int(each) for each in live.astype("int64").sum(axis=1)))
    assert figures == (1, 358509, 486563, 623511)


EVERYTHING = """
scenario: a bit of everything
start: 2025-01-01
horizon: 2040-12-31
resources: {framework: {capacity: 1}, integrators: {capacity: 2}}
boards: {board: {meets: {every: 1mo, from: 2025-01-15}}}
windows: {quarter: {months: [1, 4, 7, 10], day: 1}}
risks:
  protest: {probability: 20%, delays: {tender: {triangular: [1mo, 3mo, 8mo]}}}
route:
  - phase: competition
    holds: {framework: 1}
    stages:
      - {stage: tender, go_to_market: true, duration: {lognormal: {median: 6mo, p90: 14mo}}}
      - stage: award
        duration: 30d
        board: {name: board, pass: 75%, rework: {triangular: [2w, 4w, 10w]}, returns: 3}
  - {stage: build, duration: {pert: [8mo, 12mo, 30mo]}, holds: {integrators: 1}}
  - {stage: rollout, duration: {uniform: [1mo, 4mo]}, window: quarter}
clusters: {Alder: {}, Birch: {}, Cedar: {}}
schedules:
  stagger: {first: 2025-02-01, every: 3mo, order: [Alder, Birch, Cedar]}
"""


@pytest.mark.parametrize("name", ["results.parquet", "results.csv", ".stagger/lock"])
def test_a_folder_where_a_file_should_be_is_named(tmp_path: Path, name: str) -> None:
    worlds = folder_of_worlds(tmp_path / "files", 1)
    place = tmp_path / "out" / name
    place.mkdir(parents=True)
    with pytest.raises(StorageError, match=rf"\(Is a directory\)\. Move {re.escape(str(place))} away, or choose"):
        batch(worlds, tmp_path / "out", replications=2, workers=1)


@pytest.mark.parametrize("name", ["runs", ".stagger", ".stagger/drafts"])
def test_a_file_where_a_folder_should_be_is_named(tmp_path: Path, name: str) -> None:
    worlds = folder_of_worlds(tmp_path / "files", 1)
    place = tmp_path / "out" / name
    place.parent.mkdir(parents=True)
    place.write_text("mine")
    with pytest.raises(StorageError, match=rf"Move {re.escape(str(place))} away, or choose"):
        batch(worlds, tmp_path / "out", replications=2, workers=1)
    assert place.read_text() == "mine"
