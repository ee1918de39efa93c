"""`stagger plot`: figures of what lies in folders."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import simulator as sg
from simulator.cli import main
from simulator.store import MANIFEST
from simulator.store.runs import checked

TWO = Path(__file__).parents[1] / "scenarios" / "two-clusters.yaml"


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of a run, a comparison, a sweep and latest dates."""
    folder = tmp_path_factory.mktemp("made")
    scenario = sg.load(TWO)
    sg.run(scenario, "at once", replications=2, engine="events", out=folder / "run")
    sg.compare(scenario, replications=2, engine="events").save(folder / "compare")
    sg.sweep(scenario, "resources.framework.capacity=0..2", replications=2, engine="events").save(folder / "sweep")
    sg.latest(scenario, 0.5, replications=2, engine="events").save(folder / "latest")
    return folder


def test_figures_of_a_run_come_with_their_words(made: Path, tmp_path: Path) -> None:
    answer = invoke(
        "plot", made / "run", "--figure", "risk", "--figure", "s-curve", "--format", "svg", "--out", tmp_path / "f"
    )
    assert answer.exit_code == 0, answer.output
    assert {path.name for path in (tmp_path / "f").iterdir()} == {
        *("manifest.json", "risk.svg", "risk.txt", "s-curve.svg", "s-curve.txt")
    }
    figure = sg.reopen(made / "run").plot.illustrate("risk")
    assert (tmp_path / "f" / "risk.svg").read_bytes() == figure.file("svg")
    assert (tmp_path / "f" / "risk.txt").read_text() == f"{figure.finding}\n\n{figure.alt}\n\n{figure.source}\n"
    assert figure.finding in " ".join(answer.output.split())
    manifest = json.loads((tmp_path / "f" / "manifest.json").read_text())
    assert (manifest["verb"], manifest["of"]["schedule"]) == ("plot", "at once")


def test_several_folders_go_into_folders_of_their_own(made: Path, tmp_path: Path) -> None:
    answer = invoke("plot", made / "compare", made / "sweep", "--format", "png", "--out", tmp_path, "-q")
    assert (answer.exit_code, answer.output) == (0, "")
    assert {"s-curve.png", "risk-late.png", "waterfall-1.png", "trade-off.png"} <= {
        path.name for path in (tmp_path / "compare").iterdir()
    }
    assert (tmp_path / "sweep" / "on-time.png").read_bytes()[:4] == b"\x89PNG"


def test_latest_dates_are_drawn_from_their_folder(made: Path, tmp_path: Path) -> None:
    answer = invoke("plot", made / "latest", "--format", "svg", "--out", tmp_path / "f")
    assert answer.exit_code == 0, answer.output
    assert {path.name for path in (tmp_path / "f").iterdir()} == {
        *("manifest.json", "latest-dates.svg", "latest-dates.txt")
    }
    # what `latest --out` wrote itself
    assert (tmp_path / "f" / "latest-dates.svg").read_bytes() == (made / "latest" / "latest-dates.svg").read_bytes()


def test_without_a_place_figures_go_beside_what_they_are_of(made: Path) -> None:
    assert invoke("plot", made / "sweep").exit_code == 0
    assert {path.suffix for path in (made / "sweep" / "figures").iterdir()} == {".png", ".svg", ".pdf", ".txt", ".json"}


def test_a_figure_that_there_is_not_is_named_with_those_there_are(made: Path, tmp_path: Path) -> None:
    answer = invoke("plot", made / "run", "--figure", "pie", "--out", tmp_path / "none")
    assert answer.exit_code == 2
    assert "--figure must name figures of" in answer.output
    assert "s-curve, gantt-bands" in answer.output
    assert "(found pie)" in answer.output
    assert not (tmp_path / "none").exists()


def test_a_folder_of_something_else_is_refused(made: Path, tmp_path: Path) -> None:
    answer = invoke("plot", tmp_path)
    assert answer.exit_code == 2
    assert "must be a folder of results" in answer.output
    invoke("plot", made / "sweep", "--out", tmp_path / "figures")
    again = invoke("plot", tmp_path / "figures")
    assert "must be what run, compare, sweep, latest or drivers wrote (found plot)" in again.output


def test_a_study_that_an_earlier_version_wrote_is_refused_with_a_remedy(made: Path, tmp_path: Path) -> None:
    lacks = [("sweep", "words"), ("sweep", "money"), ("sweep", "may_be_best"), ("latest", "looked_at")]
    for verb, lacking in lacks:
        folder = tmp_path / lacking
        shutil.copytree(made / verb, folder)
        document = json.loads((folder / "summary.json").read_text())
        del document[lacking]
        (folder / "summary.json").write_text(json.dumps(document))
        manifest = json.loads((folder / MANIFEST).read_text())
        manifest["files"]["summary.json"] = checked(folder / "summary.json")
        (folder / MANIFEST).write_text(json.dumps(manifest))
        answer = invoke("plot", folder, "--out", tmp_path / "none")
        assert answer.exit_code == 2, answer.output
        said = " ".join(answer.output.split())
        assert f"must hold what `{verb}` writes now (not found: '{lacking}'). It was made with stagger" in said
        assert f"Make it again: simulator.{verb}" in said
        assert not (tmp_path / "none").exists()


def test_as_json_the_words_and_the_table_can_be_read_by_programs(made: Path, tmp_path: Path) -> None:
    answer = invoke("plot", made / "run", "--figure", "s-curve", "--format", "svg", "--out", tmp_path, "--json")
    (figure,) = json.loads(answer.stdout)["figures"]
    # By hand, at the end of the scenario's file: Alder is live on 11 October 2024, Birch on 11 January 2025, too late.
    assert figure["table"]["rows"] == [
        ["Alder", 1.0, "2024-10-11", "2024-10-11", "2024-10-11"],
        ["Birch", 0.0, "2025-01-11", "2025-01-11", "2025-01-11"],
    ]
    assert (
        figure["finding"]
        == "In no future is every cluster live by the deadline, 31 December 2024; “Birch” is live by then in none."
    )
    assert figure["files"] == [str(tmp_path / "s-curve.svg")]
