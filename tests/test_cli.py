"""The command line: answers, documents, exit statuses, and nothing where it does not belong."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from simulator.cli import VERBS, main, options, screen
from simulator.engines import ENGINES
from simulator.scenario import load, register
from simulator.streams import sampling_named
from simulator.summary import schema as summary_schema

ROOT = Path(__file__).parents[1]
TWO = str(ROOT / "scenarios" / "two-clusters.yaml")
BAD = """
scenario: bad
start: 2025-01-01
horizon: 2026-01-01
route: [{stage: work, duration: 30}]
clusters: {Ash: {prioritty: 2}}
"""
QUEUE = """
scenario: a queue
start: 2025-01-01
horizon: 2040-01-01
resources: {desk: {capacity: 1}}
route: [{stage: work, duration: {exponential: {mean: 100d}}, holds: {desk: 1}}]
clusters: {Ash: {}, Beech: {}, Cedar: {}}
"""


def _stagger(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, prog_name="stagger")


def _real(*arguments: str, **how: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "simulator", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT, **how)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def bad(tmp_path: Path) -> str:
    (tmp_path / "bad.yaml").write_text(BAD)
    return str(tmp_path / "bad.yaml")


@pytest.fixture
def queue(tmp_path: Path) -> str:
    (tmp_path / "queue.yaml").write_text(QUEUE)
    return str(tmp_path / "queue.yaml")


# -- all verbs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str) -> None:
    result = _stagger(verb, "--help")
    assert result.exit_code == 0
    assert "--json" in result.stdout


def test_choices_are_those_of_the_rooms_they_are_for() -> None:
    """They are written down twice so that `--help` need not import NumPy."""
    assert options.ENGINES == ENGINES
    assert all(sampling_named(kind) == kind for kind in options.SAMPLINGS)


def test_an_unknown_verb_is_bad_usage() -> None:
    result = _stagger("rum")
    assert result.exit_code == 2
    assert "No such command 'rum'" in result.stderr


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from simulator.cli import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert not {"numpy", "pydantic", "matplotlib", "rich", "scipy", "simpy"} & set(modules.split())


# -- check -------------------------------------------------------------------------------------------


def test_check_of_a_good_file() -> None:
    result = _stagger("check", TWO)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "nothing wrong" in result.stdout
    assert "2 clusters as 8 activities" in " ".join(result.stdout.split())
    assert "legacy.Alder ledger.extension.cost   3.6525/y" in result.stdout
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_check_says_everything_that_is_wrong(bad: str) -> None:
    result = _stagger("check", TWO, bad)
    assert result.exit_code == 2
    assert "nothing wrong" in result.stdout
    assert f"{bad}:5:33: " in result.stderr
    assert "write 90d" in result.stderr.replace("Write", "write")
    assert "priority" in result.stderr
    assert f"{bad}: 2 problems." in result.stderr


def test_check_as_json(bad: str) -> None:
    result = _stagger("check", "--json", TWO, bad)
    assert result.exit_code == 2
    assert result.stderr == ""
    good, wrong = json.loads(result.stdout)["files"]
    assert good["ok"]
    assert good["would_run"]["schedules"] == ["at once", "one after the other"]
    assert good["register"][0] == {
        "path": "start",
        "value": "2024-01-01",
        "source": None,
        "note": None,
        "quality": None,
    }
    assert not wrong["ok"]
    assert {fault["line"] for fault in wrong["faults"]} == {5, 6}


def test_check_of_a_file_that_is_not_there() -> None:
    result = _stagger("check", "nowhere.yaml")
    assert result.exit_code == 2
    assert "nowhere.yaml" in result.stderr
    assert "Traceback" not in result.stderr


# -- run ---------------------------------------------------------------------------------------------


def test_run_answers_first_and_in_tables() -> None:
    """The numbers are those at the end of the scenario's file."""
    result = _stagger("run", TWO, "-n", "3", "--engine", "events")
    assert result.exit_code == 0
    assert result.stderr == ""
    words = " ".join(result.stdout.split())
    assert words.startswith("Under the schedule “at once” every cluster is live by the deadline, 2024-12-31, in 0% of")
    assert "Alder 2024-02-01 2024-10-11 2024-10-11 2024-10-11 2024-10-11 0.0%" in words
    assert "Birch 2024-02-01 2025-01-11 2025-01-11 2025-01-11 2025-01-11 100.0%" in words
    assert "Alder 11 0.00 2.0 4.5 2.5" in words
    assert "waiting: framework 104" in words
    assert "in all 253 345" in words
    assert "3 futures, seed 1, random sampling, events engine." in words
    assert "\x1b" not in result.stdout
    assert all(line == line.rstrip() for line in result.stdout.splitlines())


def test_run_as_json_is_the_summary_and_nothing_else() -> None:
    result = _stagger("run", TWO, "-n", "3", "--json")
    assert result.exit_code == 0
    assert result.stderr == ""
    document = json.loads(result.stdout)
    jsonschema.validate(document, summary_schema())
    assert document["replications"] == 3


def test_several_schedules_are_kept_apart(tmp_path: Path) -> None:
    names = ["--schedule", "one after the other", "--schedule", "at once"]
    result = _stagger("run", TWO, "-n", "3", "--json", *names, "--out", str(tmp_path / "out"))
    assert list(json.loads(result.stdout)["schedules"]) == ["one after the other", "at once"]
    for name in ("one after the other", "at once"):
        assert json.loads((tmp_path / "out" / name / "summary.json").read_text())["schedule"] == name


def test_less_and_more(queue: str) -> None:
    how = ("run", queue, "-n", "200", "--engine", "events", "--workers", "1")
    less, plain, more = (_stagger(*how, *flag).stdout for flag in (["-q"], [], ["-v"]))
    assert len(less.splitlines()) <= 3
    assert less.strip() in plain
    assert len(more) > len(plain) > len(less)
    assert "95% intervals" in more
    both = _stagger(*how, "-q", "-v")
    assert both.exit_code == 2
    assert "contradict" in both.stderr


def test_run_writes_a_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = _stagger("run", TWO, "-n", "5", "--out", str(out))
    assert result.exit_code == 0
    names = {
        "summary.json",
        "scenario.yaml",
        "outcomes.parquet",
        "manifest.json",
        "gantt.png",
        "gantt.svg",
        "s-curve.png",
        "s-curve.svg",
    }
    assert {path.name for path in out.iterdir()} == names
    manifest = json.loads((out / "manifest.json").read_text())
    assert set(manifest["files"]) == names - {"manifest.json"}
    assert "Written to" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--schedule", "at onse"], "Did you mean at once?"),
        (["--precision", "lat=1%"], "Did you mean late"),
        (["--engine", "steam"], "'steam' is not one of"),
        (["-n", "0"], "0 is not in the range"),
        (["--workers", "0"], "the number of workers must be 1 or more (found 0)"),
        (["--out", TWO], "is a file"),
    ],
)
def test_bad_usage_of_run(arguments: list[str], message: str) -> None:
    result = _stagger("run", TWO, *arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_spaces_in_the_sampling_s_name() -> None:
    result = _stagger("run", TWO, "-n", "2", "--sampling", "Latin Hypercube", "--json")
    assert json.loads(result.stdout)["sampling"] == "latin-hypercube"


def test_precision_on_the_command_line(queue: str) -> None:
    result = _stagger("run", queue, "--precision", "p50=100d", "--json")
    assert 1024 <= json.loads(result.stdout)["replications"] < 20_000


def test_names_are_shown_as_text(tmp_path: Path) -> None:
    file = tmp_path / "hostile.yaml"
    names = ["[bold red]Ash", ":smile:", "=cmd()", "<script>"]
    clusters = ", ".join(f"'{name}': {{}}" for name in names)
    file.write_text(QUEUE.replace("{Ash: {}, Beech: {}, Cedar: {}}", f"{{{clusters}}}"))
    result = _stagger("run", str(file), "-n", "5", "--engine", "events")
    assert result.exit_code == 0, result.stderr
    assert all(name in result.stdout for name in names)


# -- trace -------------------------------------------------------------------------------------------


def test_trace_tells_one_future(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = _stagger("trace", TWO, "--replication", "1", "--out", str(out))
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "the last cluster is live on 2025-01-11." in " ".join(lines[:2])
    assert "2024-05-15  Birch/tender gets what it asked for after 104 days in line for framework." in lines
    assert any("█" in line for line in lines)
    assert {path.name for path in out.iterdir()} == {
        *("gantt.png", "gantt.svg", "manifest.json", "trace.json", "trace.txt")
    }


def test_trace_at_a_percentile_is_that_future(queue: str) -> None:
    """A future of 50 at P80: the first with the 40th smallest finish, and told as itself it is the same."""
    import simulator as sg

    finish = sg.run(load(queue), replications=50, engine="events").finish
    number = int((finish == sorted(finish)[39]).argmax()) + 1
    found = _stagger("trace", queue, "--percentile", "P80", "-n", "50", "--json")
    document = json.loads(found.stdout)
    assert document["replication"] == number
    again = _stagger("trace", queue, "--replication", str(number), "--json")
    assert json.loads(again.stdout) == document
    assert max(event["day"] for event in document["events"]) == finish[number - 1]


def test_trace_with_more_has_every_moment() -> None:
    result = _stagger("trace", TWO, "--replication", "1", "-v")
    words = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "Birch/tender 2024-02-01 2024-05-15 2024-05-15 2024-07-14 2024-07-14" in words


@pytest.mark.parametrize("arguments", [[], ["--replication", "1", "--percentile", "80"]])
def test_trace_wants_one_future(arguments: list[str]) -> None:
    result = _stagger("trace", TWO, *arguments)
    assert result.exit_code == 2
    assert "one of --replication and --percentile" in result.stderr


@pytest.mark.parametrize("percentile", ["P0", "101", "median"])
def test_trace_wants_a_percentile(percentile: str) -> None:
    result = _stagger("trace", TWO, "--percentile", percentile)
    assert result.exit_code == 2
    assert f"{percentile} is not a percentile such as 80 or P80." in result.stderr


# -- new, schema -------------------------------------------------------------------------------------


def test_new_writes_a_scenario_that_runs_and_never_overwrites(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert _stagger("new", str(file)).exit_code == 0
    assert _stagger("run", str(file), "-n", "10").exit_code == 0
    file.write_text("mine")
    refused = _stagger("new", str(file))
    assert refused.exit_code == 2
    assert "must not exist yet" in refused.stderr
    assert file.read_text() == "mine"
    assert _stagger("new", str(file), "--force").exit_code == 0
    assert load(file).scenario
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


def test_new_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    result = _stagger("new", str(tmp_path / "no" / "mine.yaml"))
    assert result.exit_code == 2
    assert "must be writable" in result.stderr


def test_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(_stagger("schema").stdout))


# -- as a real process -------------------------------------------------------------------------------


def test_a_reader_that_stops_reading_is_no_error() -> None:
    command = f"{sys.executable} -m simulator check {TWO} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True)
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] in ("0", "141")


def test_a_closed_pipe_is_quiet() -> None:
    """The reader is gone before anything is written."""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "simulator", "check", TWO]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, cwd=ROOT, timeout=60, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


def test_exit_statuses_of_the_process(bad: str) -> None:
    assert _real("check", "-q", TWO).returncode == 0
    refused = _real("run", bad)
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"{bad}:5:")
    assert refused.stdout == ""


def test_an_interrupt_is_quiet(queue: str) -> None:
    """On a terminal, so that the progress bar is drawn and taken away again."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "simulator", "run", queue, "-n", "1000000", "--engine", "events"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=follower, text=True, cwd=ROOT, start_new_session=True
    )
    os.close(follower)
    shown = b""
    while b"futures" not in shown:
        shown += os.read(leader, 4096)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=30) == 130
    assert process.communicate()[0] == ""
    os.close(leader)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_progress_is_silent_where_nobody_watches(queue: str) -> None:
    done = _real("run", queue, "-q", "-n", "3000", "--engine", "events")
    assert done.stderr == ""


def test_use_beyond_what_is_offered_is_explained(tmp_path: Path) -> None:
    # The desk closes on day 5 while Ash is inside until day 10: 10 unit-days of use, 5 on offer.
    file = tmp_path / "closing.yaml"
    closing = QUEUE.replace("{capacity: 1}", "{capacity: 1, closes: 2025-01-06}")
    closing = closing.replace("{exponential: {mean: 100d}}", "10d").replace(
        "{Ash: {}, Beech: {}, Cedar: {}}", "{Ash: {}}"
    )
    file.write_text(closing, encoding="utf-8")
    answer = _stagger("run", str(file), "-n", "5")
    assert "200.0%" in answer.stdout
    assert "those inside stay when capacity falls or a resource closes" in answer.stdout
    assert "those inside stay" not in _stagger("run", TWO, "-n", "5").stdout


def test_check_breaks_paths_between_their_keys_on_a_narrow_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "width", lambda: 80)
    real = ROOT / "scenarios" / "shared-services-2022.yaml"
    run = CliRunner().invoke(main, ["check", str(real)])
    lines = run.stdout.split("Assumption register")[1].splitlines()
    assert max(map(len, lines)) <= 80
    place = next(line for line in lines if line.startswith("input")).index("value")
    shown = set(re.split(r"[./\s]+", "\n".join(line[:place] for line in lines)))
    keys = {key for each in register(load(real)) for key in re.split(r"[./\s]+", each.path)}
    assert len(keys) > 100
    assert keys <= shown
