"""What is on disk: whole or not at all, ours or untouched, and the same bytes for the same rows."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from simulator.days import NEVER
from simulator.errors import StaggerError
from simulator.store import MANIFEST, ROWS, SUMMARY, Folder, OutcomeWriter, arrow, as_json, folder_names, read_manifest
from simulator.store.arrow import numbers, texts


def _write(target: Path, files: dict[str, str]) -> None:
    with Folder(target) as folder:
        for name, content in files.items():
            folder.write(name, content)
        folder.commit({"seed": 1})


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_new_folder_appears_whole(tmp_path: Path) -> None:
    _write(tmp_path / "deep" / "out", {SUMMARY: "{}"})
    assert _names(tmp_path / "deep") == {"out"}
    manifest = json.loads((tmp_path / "deep" / "out" / MANIFEST).read_text())
    assert manifest["seed"] == 1
    assert manifest["files"] == {SUMMARY: {"bytes": 2, "sha256": hashlib.sha256(b"{}").hexdigest()}}


def test_a_new_folder_is_as_open_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    _write(tmp_path / "out", {})
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_nothing_is_left_of_what_was_not_committed(tmp_path: Path) -> None:
    def interrupted() -> None:
        with Folder(tmp_path / "out") as folder:
            folder.write(SUMMARY, "{}")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert _names(tmp_path) == set()


def test_files_of_the_last_time_are_replaced_and_others_stay(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _write(out, {SUMMARY: "old", "gantt.png": "old"})
    (out / "notes.txt").write_text("mine")
    _write(out, {SUMMARY: "new"})
    assert _names(out) == {SUMMARY, MANIFEST, "notes.txt"}
    assert (out / SUMMARY).read_text() == "new"
    assert (out / "notes.txt").read_text() == "mine"


def test_a_folder_that_was_interrupted_before_its_manifest_is_not_whole(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    (tmp_path / MANIFEST).write_text("{")
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize("name", [SUMMARY, MANIFEST, "gantt.png"])
def test_a_file_that_is_not_ours_is_never_replaced(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(StaggerError, match=f"did not write .found {name}."):
        _write(tmp_path, {name: "ours"} if name != MANIFEST else {})
    assert (tmp_path / name).read_text() == "mine"
    assert _names(tmp_path) == {name}


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(StaggerError, match=r"must be a folder \(it is a file\)"):
        Folder(tmp_path / "out")


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StaggerError, match=r"must be writable \(No space left on device\). Free some space, or choose"):
        _write(tmp_path / "out", {SUMMARY: "{}"})
    assert _names(tmp_path) == set()


def test_a_full_disk_while_outcomes_are_written(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no device that is always full")

    def filled() -> None:
        with Folder(tmp_path / "out") as folder, folder.writing():
            writer = OutcomeWriter(full, {}, (), {})
            writer.add({"x": np.arange(10 * ROWS)})
            writer.close()

    with pytest.raises(StaggerError, match="No space left on device"):
        filled()
    assert _names(tmp_path) == set()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StaggerError, match="Check who may write there"):
        _write(tmp_path / "out", {})


def test_a_folder_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StaggerError, match="must be writable"):
        _write(tmp_path / "file" / "out", {})


def _table(first: int, count: int) -> dict[str, np.ndarray]:
    number = np.arange(first, first + count, dtype=np.int32)
    day = np.where(number % 7 == 0, NEVER, number % 900).astype(np.int32)
    return {
        "replication": number,
        "cluster": number % 2,
        "go_live": day,
        "on_time": day < 500,
        "cost": np.sin(number),
    }


def _bytes(cuts: list[int], rows: int) -> bytes:
    sink = io.BytesIO()
    writer = OutcomeWriter(sink, {"start": "2025-01-01"}, {"go_live"}, {"cluster": ("Ash", "Beech")})
    for begins, ends in zip([0, *cuts], [*cuts, rows], strict=True):
        writer.add(_table(begins, ends - begins))
    writer.close()
    return sink.getvalue()


def test_the_same_rows_give_the_same_bytes_however_they_came() -> None:
    rows = 2 * ROWS + 1234
    whole = _bytes([], rows)
    assert _bytes([1, 5000, ROWS, ROWS + 1], rows) == whole
    assert _bytes(list(range(10_000, rows, 10_000)), rows) == whole
    assert _bytes([], rows - 1) != whole


def test_rows_come_back_as_they_were() -> None:
    table = parquet.read_table(io.BytesIO(_bytes([100], 1000)))
    wanted = _table(0, 1000)
    assert table.schema.metadata[b"start"] == b"2025-01-01"
    assert table["go_live"].null_count == int((wanted["go_live"] == NEVER).sum())
    assert table["go_live"].to_pylist()[1:7] == [1, 2, 3, 4, 5, 6]
    assert table["cost"].to_numpy().tolist() == wanted["cost"].tolist()
    assert table["cluster"].to_pylist()[:3] == ["Ash", "Beech", "Ash"]
    assert table.schema.field("cluster").type == pyarrow.string()


@pytest.mark.parametrize("kind", ["bool", "int32", "int64", "float64"])
def test_numbers_are_those_that_pyarrow_makes_of_them(kind: str) -> None:
    values = np.arange(19).astype(kind)[::2]
    missing = np.arange(10) % 3 == 0
    assert numbers(values).equals(pyarrow.array(values))
    found = numbers(values, missing)
    assert found.equals(pyarrow.array(values, mask=missing))
    found.validate(full=True)


def test_texts_are_those_that_pyarrow_makes_of_them() -> None:
    for values in ([], [None], ["", None, "é\N{PILE OF POO}", "a"] * 3):
        texts(values).validate(full=True)
        assert texts(values).equals(pyarrow.array(values, type=pyarrow.string()))


def test_texts_too_long_for_one_kind_of_column_are_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow, "MOST_BYTES", 3)
    assert texts(["a", "bc"]).type == pyarrow.string()
    long = texts(["a", None, "bcd"])
    long.validate(full=True)
    assert (long.type, long.to_pylist()) == (pyarrow.large_string(), ["a", None, "bcd"])


def test_writing_outcomes_does_not_import_pandas() -> None:
    """It takes longer to import than ten thousand futures to simulate."""
    code = (
        "import io, sys, numpy as np; from simulator.store import OutcomeWriter\n"
        "from simulator.batch.table import as_parquet\n"
        "w = OutcomeWriter(io.BytesIO(), {}, ('x',), {'y': ['a']})\n"
        "w.add({'x': np.array([2**31 - 1]), 'y': np.array([0]), 'z': np.array([True])}); w.close()\n"
        "as_parquet([{'file': 'a', 'seed': 1, 'cost': 1.5}, {}], [])\n"
        "assert 'pyarrow' in sys.modules; sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_only_what_may_be_missing_is_missing() -> None:
    schema = parquet.read_schema(io.BytesIO(_bytes([], 1)))
    assert [field.name for field in schema if field.nullable] == ["go_live"]
    writer = OutcomeWriter(io.BytesIO(), {}, {"award"}, {})
    writer.add({"award": np.array([NEVER, 5], dtype=np.int32), "failures": np.array([0, NEVER], dtype=np.int32)})
    with pytest.raises(ValueError, match=r"failures.*non-nullable"):
        writer.close()


def test_json_is_as_the_standard_library_lays_it_out() -> None:
    document = {
        "scenario": 'Ash "\\" é \u2028',
        "p50": None,
        "interval": [0.1, 1e16],
        "legacy": {},
        "notes": [],
        "on": True,
    }
    assert as_json(document) == json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def test_names_may_be_of_what_is_not_finite() -> None:
    assert as_json({"NaN": "Infinity"}) == '{\n  "NaN": "Infinity"\n}\n'


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_json_has_no_word_for_what_is_not_finite(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json({"mean": [number]})


def test_names_of_folders_are_safe_and_distinct() -> None:
    names = ["six-month stagger", "a/b", "a:b", "A-B", "../..", "", "CON: é", "x" * 300]
    folders = folder_names(names)
    assert folders[0] == "six-month stagger"
    assert len({folder.casefold() for folder in folders}) == len(names)
    assert all("/" not in folder and folder not in (".", "..", "") and len(folder) < 100 for folder in folders)
