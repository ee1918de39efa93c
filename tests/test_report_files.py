"""`stagger report`: from folders to files, whole or not at all, and exit statuses."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from briefings import SMALL, scenario
from click.testing import CliRunner
from click.testing import Result as Outcome

import simulator as sg
from simulator.cli import main
from simulator.report.briefing import briefing
from simulator.report.content import Block, Bullets, Grid, Paragraph, Picture
from simulator.report.folders import open_folders
from simulator.report.studies import KINDS
from simulator.report.verification import verify
from simulator.store import MANIFEST, checked
from simulator.wording import cut_off, of_futures, share


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
    assert [block.name for block in section.blocks if isinstance(block, Picture)] == ["tornado"]
    (said,) = [block.text for block in section.blocks if isinstance(block, Paragraph)]
    assert said.startswith("What drives the last go-live was studied, under “every 0 days”, in 64 futures. ")
    assert str(study) in said
    notes = [
        item for each in told.annexes for block in each.every() if isinstance(block, Bullets) for item in block.items
    ]
    assert {*study.summary()["notes"]} <= {*notes}
    grid = next(block for block in section.blocks if isinstance(block, Grid) and block.sheet == "actions")
    words = study.words()
    wanted = [(words[row["name"]], row["how"], row["days"], row["name"]) for row in study.exclusion_rows()]
    assert [(*row[:3], row[-1]) for row in grid.on_sheet.rows] == wanted
    assert [row[:3] for row in grid.table.rows] == [row[:3] for row in wanted[:5]]
    assert wanted[0][0] == "how long “build” takes in every cluster"
    shown = [text for block in section.blocks for text in _texts(block)]
    assert not any("build/duration" in text for text in shown)  # as it is called in files: for the sheet
    assert wanted
    with pytest.raises(
        sg.StaggerError, match=r"needs the results of `run` or `compare` \(found only those of `drivers`"
    ):
        open_folders([tmp_path / "in" / "drivers"])


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of a run and of two sweeps, one study of drivers and one of latest dates about the same scenario."""
    top, world = tmp_path_factory.mktemp("studied"), scenario(["Ash", "Beech"])
    sg.run(world, replications=64, out=top / "run")
    sg.drivers(world, replications=64).save(top / "drivers")
    sg.latest(world, 0.6, replications=64).save(top / "latest")
    sg.sweep(world, "resources.framework.capacity=1..3", replications=64).save(top / "sweep")
    both = ("deadline=2027-01-01..2028-01-01:1mo", "resources.framework.capacity=1..2")
    sg.sweep(world, both, replications=64).save(top / "sweep of two")
    return top


def test_a_sweep_says_what_other_values_would_do(studied: Path) -> None:
    about = open_folders([studied / "run", studied / "sweep of two"])
    told = briefing(about, verify(about))
    document = json.loads((studied / "sweep of two" / "summary.json").read_text())
    section = next(section for section in told.body if section.title == "What would change the answer")
    (figure,) = [block for block in section.blocks if isinstance(block, Picture)]
    assert figure.name == "on-time"
    assert figure.in_body
    grid = next(block for block in section.blocks if isinstance(block, Grid))
    said = [block.text for block in section.blocks if isinstance(block, Paragraph)]
    base = document["base"]
    assert said[0].startswith(
        "Other values of the deadline and the capacity of “framework” were tried, under “every 0 days”, in 64 futures."
    )
    where = f"the deadline on 1 January 2027 and the capacity of “framework” at {base['resources.framework.capacity']}"
    own = "the first of them, for none is the scenario’s own."
    assert f" The base, which the others are held against, is {where}, {own} " in said[0]
    late = [point["not_live"] for point in document["points"]]
    assert said[0].endswith(f" {cut_off(of_futures(late))}")
    assert figure.finding not in said[0]  # it stands above the figure
    assert not any("resources.framework" in text for block in section.blocks for text in _texts(block))
    (held,) = [row for row in figure.grid.on_sheet.rows if row[-2] == "base"]
    assert held[:2] == tuple(base.values())
    assert grid.caption == "What other values would do, the best first: 5 of 26 rows, the others in the annex"
    best = max(point["on_time"] for point in document["points"])
    assert grid.table.rows[0][2] == best
    behind = [
        block for each in told.annexes for block in each.every() if isinstance(block, Grid) and block.sheet == "on-time"
    ]
    assert [len(each.table.rows) for each in behind] == [26]  # once, and no other table of points
    heads = behind[0].table.heads
    assert heads[:3] == ("Deadline", "Capacity of “framework”", "Live by the deadline")
    assert (heads[-2], "infeasible" in heads) == ("Cost, mean, £m", False)
    assert behind[0].table.kinds[6:8] == ("date", "date")
    assert {type(row[7]) for row in behind[0].table.rows} <= {date, str}
    assert {row[7] for row in behind[0].table.rows if isinstance(row[7], str)} <= {"after the horizon"}
    point = document["points"][7]
    row = next(row for row in figure.grid.on_sheet.rows if row[:2] == ("2027-04-01", "2"))
    assert (point["deadline"], point["resources.framework.capacity"]) == row[:2]
    assert row[2:5] == (point["on_time"], point["on_time_low"], point["on_time_high"])
    assert row[8] == date.fromisoformat(point["p80"])


def test_a_sweep_says_where_its_costs_were_cut_off() -> None:
    """Both clusters at once take a tender of some 4 months and a build of some 12 months; one slot makes one wait."""
    short, long = (
        sg.sweep(scenario(["Ash", "Beech"], horizon, None), "resources.framework.capacity=1..2", replications=64)
        for horizon in ("2026-06-01", "2050-01-01")
    )
    unlive = [point.not_live for point in short.points]
    assert 0.5 < unlive[1] < unlive[0]
    (note,) = [said for said in KINDS["sweep"](short.summary(), "").answer if "counted up to" in said]
    assert note == (
        "Money, days unsupported and failures are counted up to the horizon: somebody is not live by then in "
        f"{share(unlive[1])} to {share(unlive[0])} of futures. What is not done by then costs nothing yet, so that "
        "less of it need not be better."
    )
    assert [point.not_live for point in long.points] == [0, 0]
    assert not [said for said in KINDS["sweep"](long.summary(), "").answer if "counted up to" in said]


def test_each_kind_of_study_has_a_figure_in_the_body_and_their_tables_apart(studied: Path) -> None:
    about = open_folders([studied])
    assert [study.verb for study in about.studies] == ["drivers", "latest", "sweep", "sweep"]
    told = briefing(about, verify(about))
    body = [block.name for section in told.body for block in section.every() if isinstance(block, Picture)]
    assert body == ["s-curve", "unsupported", "tornado", "latest-dates", "on-time"]
    annexes = [block.name for section in told.annexes for block in section.every() if isinstance(block, Picture)]
    assert annexes.count("on-time") == 1  # the second sweep's
    sheets = {block.sheet for block in told.every() if isinstance(block, Grid)}
    assert {"actions 1", "critical 1", "binding 1", "latest-dates"} <= sheets


def test_latest_dates_are_drawn_and_their_sheet_has_all_of_them(studied: Path) -> None:
    about = open_folders([studied / "run", studied / "latest"])
    told = briefing(about, verify(about))
    document = json.loads((studied / "latest" / "summary.json").read_text())
    section = next(section for section in told.body if section.title == "What would change the answer")
    (figure,) = [block for block in section.blocks if isinstance(block, Picture)]
    assert figure.in_body
    assert not any(isinstance(block, Grid) for block in section.blocks)  # the figure's own table stands beside it
    grid = figure.grid
    for row, (name, each) in zip(grid.on_sheet.rows, document["clusters"].items(), strict=True):
        assert row[:3] == (name, date.fromisoformat(each["scheduled"]), _dated(each["latest"]))
        assert row[3:5] == tuple(map(_dated, each["interval"]))
        assert row[5:8] == (each["chance"], *each["chance_interval"])
    (said,) = [block.text for block in section.blocks if isinstance(block, Paragraph)]
    assert figure.finding.startswith("To be in time in 60% of futures, “")
    assert said.startswith(
        "How late each cluster may go to market, the others as scheduled, and still be live by the deadline, 30 June "
        "2028, and by the first end of support of its systems, in 60% of futures, was looked for, under “every 0 days”"
    )
    both = f"both are in time together in {share(document['together']['all']['p'])} of futures."
    assert "With the 2 clusters with a date (“Ash” and “Beech”) on these dates at once, each of them still " in said
    assert said.endswith(both)


def test_a_second_study_of_latest_dates_says_its_dates_in_the_body_too(studied: Path, tmp_path: Path) -> None:
    sg.latest(scenario(["Ash", "Beech"]), 0.5, replications=64).save(tmp_path / "second")
    about = open_folders([studied / "run", studied / "latest", tmp_path / "second"])
    told = briefing(about, verify(about))
    section = next(section for section in told.body if section.title == "What would change the answer")
    said = [block.text for block in section.blocks if isinstance(block, Paragraph)]
    title = "To be in time in {} of futures, “"
    assert [title.format("60%") in text for text in said] == [False, False]  # the figure's own title says it
    assert [title.format("50%") in text for text in said] == [False, True]


def test_latest_dates_of_many_clusters_are_a_table_in_the_body_and_drawn_in_the_annex(tmp_path: Path) -> None:
    world = scenario([f"Buyer {number}" for number in range(13)])
    sg.run(world, replications=20, out=tmp_path / "in" / "run")
    sg.latest(world, 0.1, replications=20).save(tmp_path / "in" / "latest")
    about = open_folders([tmp_path / "in"])
    told = briefing(about, verify(about))
    section = next(section for section in told.body if section.title == "What would change the answer")
    assert not any(isinstance(block, Picture) and block.name == "latest-dates" for block in section.blocks)
    (grid,) = [block for block in section.blocks if isinstance(block, Grid) and block.sheet == "latest-dates"]
    assert grid.caption == "How late each cluster may go to market: 5 of 13 rows, the others in the annex"
    assert len(grid.on_sheet.rows) == 13
    dates = [row[2] for row in grid.table.rows]
    assert dates == sorted(dates)  # type: ignore[type-var]  # the soonest, which matter most
    drawn = [
        block
        for each in told.annexes
        for block in each.every()
        if isinstance(block, Picture) and block.name == "latest-dates"
    ]
    assert [len(each.illustration.table.rows) for each in drawn] == [13]


def _texts(block: Block) -> list[str]:
    """All that a reader is shown of a block."""
    if isinstance(block, Picture):
        return [block.finding, block.alt, *_texts(block.grid)]
    if isinstance(block, Grid):
        cells = [cell for row in block.table.rows for cell in row if isinstance(cell, str)]
        return [block.caption, *block.table.heads, *cells]
    return [block.text] if isinstance(block, Paragraph) else list(getattr(block, "items", ()))


def _dated(text: str) -> date | str:
    return date.fromisoformat(text) if text[:1].isdigit() else text


def test_what_was_not_worked_out_again_is_said_with_its_fingerprints(studied: Path) -> None:
    about = open_folders([studied])
    checks = {check.name: check for check in verify(about)}
    read = checks["Read as it was written: sweep"]
    manifest = json.loads((studied / "sweep" / MANIFEST).read_text())
    assert read.how == "The files of `sweep` were held against their SHA-256; its futures were not simulated again"
    assert read.found == f"{len(manifest['files'])} files as they were written"
    told = briefing(about, verify(about))
    cells = {cell for block in told.every() if isinstance(block, Grid) for row in block.table.rows for cell in row}
    assert {each["sha256"] for each in manifest["files"].values()} <= cells
    (studied / "sweep" / "summary.json").write_text("{}")
    with pytest.raises(sg.StaggerError, match=r"summary\.json is missing or was changed"):
        open_folders([studied])


def test_a_study_that_an_earlier_version_wrote_is_refused_with_what_it_lacks(studied: Path, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    shutil.copytree(studied / "sweep of two", folder)
    document = json.loads((folder / "summary.json").read_text())
    del document["may_be_best"]
    (folder / "summary.json").write_text(json.dumps(document))
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"]["summary.json"] = checked(folder / "summary.json")
    (folder / MANIFEST).write_text(json.dumps(manifest))
    outcome = _run(studied / "run", folder, "--out", tmp_path / "out.html")
    assert outcome.exit_code == 2
    assert "must hold what `sweep` writes now (not found: 'may_be_best'). It was made with stagger" in outcome.output
    assert "Make it again: simulator.sweep" in outcome.output


def test_a_study_of_another_scenario_is_said_to_be_one(made: Path, tmp_path: Path) -> None:
    other = sg.change(sg.load(SMALL), {"clusters.Alder.priority": 2})
    sg.sweep(other, "clusters.Birch.priority=1..2", replications=20).save(tmp_path / "sweep")
    about = open_folders([made / "both", tmp_path / "sweep"])
    told = briefing(about, verify(about))
    words = " ".join(block.text for block in told.every() if isinstance(block, Paragraph))
    assert f"of another scenario than this briefing’s, “{other.scenario}”, in 20 futures" in words


def test_the_answers_of_other_verbs_are_refused(made: Path, tmp_path: Path) -> None:
    assert _run(made / "both", "--out", tmp_path / "paper").exit_code == 0
    outcome = _run(tmp_path / "paper", "--out", tmp_path / "out.html")
    assert outcome.exit_code == 2
    assert "must be what run, compare, drivers, sweep and latest wrote (found report)." in outcome.output


def test_answers_and_studies_are_reported_from_python(tmp_path: Path) -> None:
    world = scenario(["Ash"])
    study = sg.sweep(world, "resources.framework.capacity=1..2", replications=20)
    written = sg.report(
        [sg.run(world, replications=20), study, sg.drivers(world, replications=20)], tmp_path / "p.html"
    )
    names = [block.name for block in written.briefing.every() if isinstance(block, Picture)]
    assert {"on-time", "tornado"} <= {*names}


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
    assert (
        "a report needs the results of `run` or `compare` (found only those of `sweep`). Name their" in outcome.output
    )


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
