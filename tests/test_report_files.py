"""`stagger report`: from folders to files, whole or not at all, and exit statuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from briefings import SMALL, scenario
from click.testing import CliRunner
from click.testing import Result as Outcome

import simulator as sg
from simulator.cli import main
from simulator.report.briefing import briefing
from simulator.report.content import Grid, Picture
from simulator.report.folders import open_folders
from simulator.report.verification import verify
from simulator.store import MANIFEST, checked


def _run(*words: str | Path) -> Outcome:
    return CliRunner().invoke(main, ["report", *map(str, words)])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of two runs and of their comparison."""
    top = tmp_path_factory.mktemp("made")
    world = sg.load(SMALL)
    for number, name in enumerate(world.schedules):
        sg.run(world, name, replications=40, out=top / "runs" / f"run {number}")
    sg.compare(world, replications=40).save(top / "both")
    return top


def test_a_folder_gets_a_page_a_document_and_a_workbook(made: Path, tmp_path: Path) -> None:
    outcome = _run(made / "both", "--out", tmp_path / "paper", "--xlsx")
    assert outcome.exit_code == 0, outcome.output
    assert "of the numbers hold" in outcome.output
    assert sorted(path.name for path in (tmp_path / "paper").iterdir()) == [
        "briefing.docx",
        "briefing.html",
        "briefing.xlsx",
        MANIFEST,
    ]
    manifest = json.loads((tmp_path / "paper" / MANIFEST).read_text())
    assert manifest["verb"] == "report"
    assert manifest["schedules"] == ["at once", "one after the other"]
    assert {*manifest["files"]} == {"briefing.docx", "briefing.html", "briefing.xlsx"}


@pytest.mark.parametrize("suffix", [".html", ".docx", ".xlsx", ".HTML"])
def test_a_file_is_just_that(made: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"paper{suffix}"
    target.write_text("an older one")
    outcome = _run(made / "runs", "--out", target, "-q")
    assert (outcome.exit_code, outcome.output) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert target.read_bytes()[:4] in (b"<!DO", b"PK\x03\x04")


def test_a_study_of_drivers_says_what_would_change_the_answer(tmp_path: Path) -> None:
    world = scenario(["Ash", "Beech"])
    sg.run(world, replications=64, out=tmp_path / "in" / "run")
    study = sg.drivers(world, replications=64)
    study.save(tmp_path / "in" / "drivers")
    about = open_folders([tmp_path / "in"])
    assert len(about.cases) == 1
    told = briefing(about, verify(about))
    section = next(section for section in told.body if section.title == "What would change the answer")
    figure = next(block for block in section.blocks if isinstance(block, Picture))
    assert figure.finding == str(study)
    grid = next(block for block in section.blocks if isinstance(block, Grid) and block.sheet == "exclusion")
    wanted = [(row["name"], row["how"], row["days"]) for row in study.exclusion_rows()[:12]]
    assert [row[:3] for row in grid.table.rows] == wanted
    assert wanted
    with pytest.raises(sg.StaggerError, match=r"needs the results of `run` or `compare` \(found none\)"):
        open_folders([tmp_path / "in" / "drivers"])


def test_files_and_checks_as_one_document(made: Path, tmp_path: Path) -> None:
    outcome = _run(made / "both", "--out", tmp_path / "paper.html", "--json")
    document = json.loads(outcome.stdout)
    assert document["files"] == [str(tmp_path / "paper.html")]
    assert document["checks"][0]["name"] == "Worked out again from both"
    assert {*document["checks"][0]} == {"name", "how", "found", "holds"}
    assert all(check["holds"] for check in document["checks"])


def test_a_workbook_lies_beside_the_page(made: Path, tmp_path: Path) -> None:
    assert _run(made / "both", "--out", tmp_path / "paper.html", "--xlsx").exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["paper.html", "paper.xlsx"]


def test_runs_of_the_same_futures_say_what_their_comparison_says(made: Path) -> None:
    from_runs, from_both = open_folders([made / "runs"]), open_folders([made / "both"])
    assert from_runs.comparison is not None
    assert from_both.comparison is not None
    assert from_runs.comparison.summary() == from_both.comparison.summary()
    assert [origin.folder for origin in from_runs.origins] == ["run 0", "run 1"]
    assert all(origin.exact for origin in from_runs.origins)
    assert len(open_folders([made / "runs", made / "runs" / "run 0"]).origins) == 2


def test_the_same_folders_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert _run(made / "runs", "--out", tmp_path / name, "--xlsx").exit_code == 0
    for kind in ("html", "docx", "xlsx"):
        one, two = ((tmp_path / name / f"briefing.{kind}").read_bytes() for name in ("one", "two"))
        assert one == two


def test_fingerprints_and_commands_are_in_the_page(made: Path, tmp_path: Path) -> None:
    assert _run(made / "both", "--out", tmp_path / "paper.html").exit_code == 0
    text = (tmp_path / "paper.html").read_text()
    manifest = json.loads((made / "both" / MANIFEST).read_text())
    for each in [*manifest["files"].values(), *manifest["scenarios"].values()]:
        assert each["sha256"] in text
    assert manifest["versions"]["numpy"] in text
    assert "stagger compare" in text
    assert "-n 40 --seed 1 --sampling random --engine batch" in text
    assert "figures came out again, to the last digit" in text


def test_a_document_that_somebody_edited_is_not_written_over(made: Path, tmp_path: Path) -> None:
    assert _run(made / "both", "--out", tmp_path / "paper").exit_code == 0
    document = tmp_path / "paper" / "briefing.docx"
    document.write_bytes(b"edited")
    outcome = _run(made / "both", "--out", tmp_path / "paper")
    assert outcome.exit_code == 2
    assert "somebody changed briefing.docx). Move it away, or choose another --out." in outcome.output
    assert document.read_bytes() == b"edited"


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("paper.pdf", "must end in .html, .docx or .xlsx, or be a folder (found .pdf). Choose another --out."),
        ("file/paper", "must be writable"),
        ("file/paper.html", "must be writable"),
    ],
)
def test_what_cannot_be_written_is_said(made: Path, tmp_path: Path, out: str, words: str) -> None:
    (tmp_path / "file").write_text("")
    outcome = _run(made / "both", "--out", tmp_path / out)
    assert outcome.exit_code == 2
    assert words in outcome.output
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_folders_without_results_are_refused(made: Path, tmp_path: Path) -> None:
    for folder, words in (
        (tmp_path, "must be a folder of results (it has no manifest.json)"),
        (tmp_path / "none", "must be a folder of results (there is no such folder)"),
    ):
        outcome = _run(folder, "--out", tmp_path / "out.html")
        assert outcome.exit_code == 2
        assert words in outcome.output
    sg.sweep(sg.load(SMALL), "clusters.Alder.priority=1..2", replications=20).save(tmp_path / "sweep")
    outcome = _run(tmp_path / "sweep", "--out", tmp_path / "out.html")
    assert "must be what `run` or `compare` wrote (found sweep)" in outcome.output


def test_numbers_that_do_not_come_out_again_are_refused(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "both"
    shutil.copytree(made / "both", folder)
    summary = folder / "summary.json"
    summary.write_text(summary.read_text().replace('"p": 0.0', '"p": 0.5', 1))
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"]["summary.json"] = checked(summary)
    (folder / MANIFEST).write_text(json.dumps(manifest))
    outcome = _run(folder, "--out", tmp_path / "out.html")
    assert outcome.exit_code == 2
    assert "must hold the numbers that its scenario gives (found others at summary.schedules" in outcome.output


def test_a_check_that_does_not_hold_is_exit_status_1(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from simulator.report import verification, write

    check = verification.Check("Sums", "by hand", "1 where it does not add up", False)
    monkeypatch.setattr(write, "verify", lambda about: (check,))
    outcome = _run(made / "both", "--out", tmp_path / "out.html")
    assert outcome.exit_code == 1
    assert "0 of 1 check of the numbers hold." in outcome.output
    assert "Does not hold: Sums: 1 where it does not add up." in outcome.output
    assert "Do not use this briefing" in (tmp_path / "out.html").read_text()


def test_a_manifest_with_an_odd_time_is_no_trouble(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "both"
    shutil.copytree(made / "both", folder)
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    manifest["time"], manifest["versions"] = "2026-02-31T25:00", ["<script>"]
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert open_folders([made / "both"]).made is not None
    assert open_folders([folder]).made is None
    assert _run(folder, "--out", tmp_path / "out.html").exit_code == 0
