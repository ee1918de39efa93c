"""Scenarios that are others with changes: what they come to, where their faults lie, and what they cannot reach."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

import simulator as sg
from simulator.cli import main
from simulator.errors import ScenarioError
from simulator.scenario import change, digest, schema
from simulator.scenario.inherit import MOST_BASES
from simulator.scenario.patch import MOST_CHANGES, MOST_FAULTS, MOST_STEPS, Patched
from simulator.scenario.paths import Change, Steps, changed
from simulator.scenario.reach import Unreachable, content, reached
from simulator.scenario.read import LARGEST_FILE, read_text
from simulator.scenario.tree import Node
from simulator.scenario.write import as_yaml

BASE = """\
scenario: national view
start: 2025-01-01
horizon: 2030-12-31
deadline: 2028-12-31
resources:
  framework: {capacity: 2, source: "the framework's manager"}
  integrators: {capacity: 3}
budgets:
  programme:
    - {arrives: 2025-04-01, amount: 10}
    - {arrives: 2026-04-01, amount: 20}
    - {arrives: 2027-04-01, amount: 30}
route:
  - stage: tender
    go_to_market: true
    duration: 6mo
    holds: {framework: 1}
  - stage: build
    duration: {triangular: [3mo, 6mo, 12mo]}
clusters:
  Ash: {}
  Beech: {priority: 2}
legacy:
  Ledger: {used_by: [Ash], end_of_support: 2027-06-30}
schedules:
  together: {all: 2025-02-01}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "national.yaml").write_text(BASE)
    return tmp_path


def write(folder: Path, text: str, name: str = "child.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def faults(path: Path, outside: bool = False) -> list[str]:
    """What is wrong, without the folder."""
    with pytest.raises(ScenarioError) as caught:
        sg.load(path, outside)
    return [str(fault).replace(f"{path.parent}{os.sep}", "") for fault in caught.value.faults]


def same_as(text: str) -> str:
    return digest(sg.parse(text))


# -- what it comes to --------------------------------------------------------------------------------


def test_a_child_is_the_scenario_written_out(folder: Path) -> None:
    """Every kind of change at once; the fingerprint of what was written out by hand."""
    child = write(
        folder,
        """\
base: national.yaml
scenario: high demand
note: asked for in May
replace:
  resources.framework.capacity: 1
  route.build.duration: 9mo
  budgets.programme.2.amount: 25
remove:
  - budgets.programme.1
  - clusters.Beech.priority
  - legacy.Ledger
add:
  clusters.Cedar: {priority: 1, savings: {full_rate: 2/y}}
  resources.board room: {capacity: 1}
  clusters.Ash.stages.build.duration: 1y
  budgets.programme.3: {arrives: 2028-04-01, amount: 40}
  schedules.apart: {first: 2025-02-01, every: 6mo, order: [Ash, Beech, Cedar]}
""",
    )
    written_out = (
        BASE.replace("national view", "high demand")
        .replace("capacity: 2,", "capacity: 1,")
        .replace("duration: {triangular: [3mo, 6mo, 12mo]}", "duration: 9mo")
        .replace("    - {arrives: 2025-04-01, amount: 10}\n", "")
        .replace("amount: 20}", "amount: 25}")
        .replace("amount: 30}", "amount: 30}\n    - {arrives: 2028-04-01, amount: 40}")
        .replace("integrators: {capacity: 3}", "integrators: {capacity: 3}\n  board room: {capacity: 1}")
        .replace("Ash: {}", "Ash: {stages: {build: {duration: 1y}}}")
        .replace("Beech: {priority: 2}", "Beech: {}\n  Cedar: {priority: 1, savings: {full_rate: 2/y}}")
        .replace("legacy:\n  Ledger: {used_by: [Ash], end_of_support: 2027-06-30}\n", "legacy: {}\n")
        + "  apart: {first: 2025-02-01, every: 6mo, order: [Ash, Beech, Cedar]}\n"
    )
    scenario = sg.load(child)
    assert digest(scenario) == same_as(written_out)
    assert scenario.scenario == "high demand"
    assert scenario.written is not None
    assert [Path(base).name for base in scenario.written.bases] == ["national.yaml"]


def test_a_file_that_changes_nothing_is_its_base(folder: Path) -> None:
    assert digest(sg.load(write(folder, "base: national.yaml\n"))) == same_as(BASE)


def test_bases_may_have_bases_and_lie_below(folder: Path) -> None:
    """The nearest file has the last word; observations are looked for beside the file that names them."""
    write(folder, "x\n10\n20\n", "views/past.csv")
    write(
        folder,
        "base: ../national.yaml\nreplace: {resources.framework.capacity: 5, clusters.Beech.priority: 7}\n"
        "add:\n  route.build.cost: {fixed: {empirical: {file: past.csv, column: x}}}\n",
        "views/health.yaml",
    )
    child = write(folder, "base: views/health.yaml\nreplace: {clusters.Beech.priority: 9}\n")
    written_out = (
        BASE.replace("capacity: 2,", "capacity: 5,")
        .replace("priority: 2", "priority: 9")
        .replace(
            "duration: {triangular: [3mo, 6mo, 12mo]}",
            "duration: {triangular: [3mo, 6mo, 12mo]}\n"
            "    cost: {fixed: {empirical: {file: views/past.csv, column: x}}}",
        )
    )
    scenario = sg.load(child)
    assert digest(scenario) == digest(sg.parse(written_out, "here", folder))
    assert scenario.written is not None
    assert [Path(base).name for base in scenario.written.bases] == ["health.yaml", "national.yaml"]


def test_stars_change_every_one(folder: Path) -> None:
    child = write(
        folder, "base: national.yaml\nadd: {clusters.*.savings.full_rate: 4/y}\nremove: budgets.programme.*\n"
    )
    scenario = sg.load(write(folder, child.read_text() + "replace: {resources.*.capacity: 4}\n"))
    assert [cluster.savings is not None for cluster in scenario.clusters.values()] == [True, True]
    assert not scenario.budgets["programme"]
    assert [each.capacity.mean for each in scenario.resources.values()] == [4, 4]


def test_an_exception_to_a_star_is_made_in_a_file_based_on_it(folder: Path) -> None:
    write(folder, "base: national.yaml\nreplace: {resources.*.capacity: 7}\n", "all.yaml")
    but_one = write(folder, "base: all.yaml\nreplace: {resources.framework.capacity: 8}\n")
    as_written = BASE.replace("capacity: 2", "capacity: 8").replace("capacity: 3", "capacity: 7")
    assert digest(sg.load(but_one)) == same_as(as_written)


def test_a_child_can_be_changed_run_and_written_like_any_other(folder: Path) -> None:
    child = sg.load(
        write(folder, "base: national.yaml\nscenario: two slots\nreplace: {resources.framework.capacity: 1}\n")
    )
    assert digest(change(child, {"resources.framework.capacity": 2, "scenario": "national view"})) == same_as(BASE)
    sg.run(child, replications=20, out=folder / "out", figures=False)
    (folder / "national.yaml").unlink()
    again = sg.reopen(folder / "out")
    assert digest(again.scenario) == digest(child)  # type: ignore[union-attr]


def test_the_variant_in_the_starter_works(folder: Path) -> None:
    starter = (Path(sg.__file__).parent / "starter.yaml").read_text()
    write(folder, starter, "THIS-FILE")
    lines = [line.removeprefix("#   ") for line in starter.splitlines() if line.startswith("#   ")]
    variant = sg.load(write(folder, "\n".join(lines)))
    assert variant.scenario == "two slots"
    assert variant.resources["framework"].capacity.mean == 2
    assert "later" in variant.schedules
    assert not variant.risks


def test_check_shows_what_it_comes_to(folder: Path) -> None:
    child = write(folder, "base: national.yaml\nscenario: one slot\nreplace: {resources.framework.capacity: 1}\n")
    merged = CliRunner().invoke(main, ["check", "--merged", str(child)])
    assert merged.exit_code == 0
    assert same_as(merged.stdout) == digest(sg.load(child))
    assert "base" not in sg.parse(merged.stdout).written.raw.value  # type: ignore[union-attr]
    said = CliRunner().invoke(main, ["check", str(child)])
    assert "nothing wrong. It is based on" in " ".join(said.stdout.split())
    document = json.loads(CliRunner().invoke(main, ["check", "--json", str(child)]).stdout)
    assert [Path(base).name for base in document["files"][0]["bases"]] == ["national.yaml"]
    both = CliRunner().invoke(main, ["check", "--merged", "--json", str(child)])
    assert both.exit_code == 2
    assert "--merged prints one file, and no JSON" in both.stderr


def merged(path: Path) -> str:
    """What a file comes to, as `check --merged` prints it."""
    written = sg.load(path).written
    assert written is not None
    return as_yaml(written.raw)


@pytest.mark.parametrize(
    ("lines", "written_out"),
    [
        (  # a new second stage, and at once one at the end: each has the number that it has afterwards
            ["route.4: {stage: pay, duration: 1d}", "route.2: {stage: approve, duration: 2d}"],
            BASE.replace("  - stage: build\n", "  - {stage: approve, duration: 2d}\n  - stage: build\n").replace(
                "12mo]}\n", "12mo]}\n  - {stage: pay, duration: 1d}\n"
            ),
        ),
        (  # what stood there is still meant by its own number elsewhere
            ["budgets.programme.1: {arrives: 2025-02-01, amount: 5}", "budgets.programme.1.note: was the first"],
            BASE.replace("  programme:\n", "  programme:\n    - {arrives: 2025-02-01, amount: 5}\n").replace(
                "amount: 10}", "amount: 10, note: was the first}"
            ),
        ),
        (  # * stands for what the base has
            ["clusters.*.savings.full_rate: 4/y", "clusters.Cedar: {savings: {full_rate: 1/y}}"],
            BASE.replace("Ash: {}", "Ash: {savings: {full_rate: 4/y}}").replace(
                "Beech: {priority: 2}",
                "Beech: {priority: 2, savings: {full_rate: 4/y}}\n  Cedar: {savings: {full_rate: 1/y}}",
            ),
        ),
    ],
)
@pytest.mark.parametrize("turn", [1, -1])
def test_the_order_of_what_is_added_makes_no_difference(
    folder: Path, lines: list[str], written_out: str, turn: int
) -> None:
    child = write(folder, "base: national.yaml\nadd:\n" + "".join(f"  {line}\n" for line in lines[::turn]))
    again = sg.parse(merged(child))
    assert digest(again) == same_as(written_out)
    assert again.written is not None
    notes = [tranche.get("note") for tranche in again.written.raw.get("budgets", "programme") or ()]
    assert [note.text for note in notes if note] == ["was the first"] * ("was the first" in written_out)


def test_paths_of_what_is_replaced_and_removed_are_those_of_the_base(folder: Path) -> None:
    """Numbers and names stay what they are in the base while all of it is done, whatever comes first."""
    child = write(
        folder,
        "base: national.yaml\n"
        "replace: {budgets.programme.3.amount: 35, route.tender.stage: bid, route.tender.duration: 5d}\n"
        "remove: [budgets.programme.1, budgets.programme.2]\n"
        "add: {budgets.programme.2: {arrives: 2029-04-01, amount: 40}, route.bid.stretch: 2}\n",
    )
    tranches = "    - {arrives: 2025-04-01, amount: 10}\n    - {arrives: 2026-04-01, amount: 20}\n"
    written_out = (
        BASE.replace("stage: tender", "stage: bid\n    stretch: 2")
        .replace("duration: 6mo", "duration: 5d")
        .replace(tranches, "")
        .replace("amount: 30}", "amount: 35}\n    - {arrives: 2029-04-01, amount: 40}")
    )
    assert digest(sg.load(child)) == same_as(written_out)


# -- where its faults lie ----------------------------------------------------------------------------


def test_faults_lie_where_they_were_written(folder: Path) -> None:
    """One in the base, one in the child, and one in a key that the child added to what the base holds."""
    write(folder, BASE.replace("duration: 6mo", "duration: 6"), "national.yaml")
    child = write(
        folder,
        "base: national.yaml\nreplace:\n  resources.framework.capacity: -1\nadd:\n  clusters.Ash.priorty: 1\n",
    )
    write(folder, child.read_text().replace("  clusters.Ash.priorty: 1\n", "  clusters.Cedar: {priorty: 1}\n"))
    found = faults(child)
    assert [each.split(": ")[0] for each in found] == ["child.yaml:3:33", "child.yaml:5:20", "national.yaml:16:15"]
    assert "route.tender.duration" in found[2]
    assert "clusters.Cedar.priorty" in found[1]
    assert "resources.framework.capacity" in found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "replace:\n  resources.framwork.capacity: 1",
            "child.yaml:3:3: replace.resources.framwork.capacity: must be a path of the base. "
            "Did you mean resources.framework.capacity?",
        ),
        (
            "remove:\n  - clusters.Ash\n  - clusters.Bech",
            "child.yaml:4:5: remove.2: must be a path of the base (clusters.Bech). Did you mean clusters.Beech?",
        ),
        (
            "remove: clusters.Beach",
            "child.yaml:2:9: remove.1: must be a path of the base (clusters.Beach). Did you mean clusters.Beech?",
        ),
        (
            "add:\n  clusters.Ash: {}",
            "child.yaml:3:3: add.clusters.Ash: must not be there already (national.yaml:21). Write it under replace:.",
        ),
        (
            "add:\n  clusters.Oak.priority: 1",
            "child.yaml:3:3: add.clusters.Oak.priority: must be a path to which something can be added. "
            "Did you mean clusters.Beech.priority?",
        ),
        (
            "add:\n  budgets.programme.7: {}",
            "child.yaml:3:3: add.budgets.programme.7: must be a path to which something can be added. "
            "Did you mean budgets.programme.3?",
        ),
        (
            "add:\n  budgets.programme.5: {}\n  budgets.programme.4: {arrives: 2028-04-01, amount: 1}\n  route.0: {}",
            "child.yaml:5:3: add.route.0: must be a path to which something can be added. Did you mean route?",
        ),
        (
            "replace:\n  resources.framework.capacity: 9\n  resources.framework: {capacity: 5}",
            "child.yaml:3:3: replace.resources.framework.capacity: must not change what another line changes "
            "(replace.resources.framework, child.yaml:4). Write the two as one.",
        ),
        (
            "replace:\n  budgets.programme: [{arrives: 2025-05-01, amount: 1}]\nremove:\n  - budgets.programme.3",
            "child.yaml:5:5: remove.1: must not change what another line changes "
            "(replace.budgets.programme, child.yaml:3). Write the two as one.",
        ),
        (
            "replace:\n  route.tender.duration: 5d\n  route.tender: {stage: bid, go_to_market: true, duration: 1mo}",
            "child.yaml:3:3: replace.route.tender.duration: must not change what another line changes "
            "(replace.route.tender, child.yaml:4). Write the two as one.",
        ),
        (
            "replace:\n  resources.*.capacity: 4\n  resources.framework.capacity: 5",
            "child.yaml:4:3: replace.resources.framework.capacity: must not change what another line changes "
            "(replace.resources.*.capacity, child.yaml:3). A * has no exceptions: name each one, or make the exception "
            "in a file based on this one.",
        ),
        (
            "replace:\n  resources.framework.capacity: 5\n  resources.*.capacity: 4",
            "child.yaml:4:3: replace.resources.*.capacity: must not change what another line changes "
            "(replace.resources.framework.capacity, child.yaml:3). A * has no exceptions: name each one, or make the "
            "exception in a file based on this one.",
        ),
        (
            "scenario: mine\nreplace: {scenario: yours}",
            "child.yaml:2:1: scenario: must not change what another line changes "
            "(replace.scenario, child.yaml:3). Write the two as one.",
        ),
        (
            "replace:\n  clusters.Ash: {priority: 1}\nadd:\n  clusters.Ash.savings.full_rate: 4/y",
            "child.yaml:5:3: add.clusters.Ash.savings.full_rate: must not change what another line changes "
            "(replace.clusters.Ash, child.yaml:3). Write the two as one.",
        ),
        (
            "add:\n  clusters.Oak: {}\n  clusters.*.savings.full_rate: 4/y",
            "child.yaml:4:3: add.clusters.*.savings.full_rate: must not be meant for what is added beside it "
            "(clusters.Oak.savings.full_rate is left out). Write it into what is added.",
        ),
        (
            "add:\n  clusters.*: {}",
            "child.yaml:3:3: add.clusters.*: must be a path to which something can be added. Did you mean clusters?",
        ),
        ("replace: 3", "child.yaml:2:10: replace: must be a mapping of paths to values (3). Write it as path: value."),
        ("remove: [3]", "child.yaml:2:9: remove: must be a path or a list of paths ([3])."),
        (
            "clusters: {Oak: {}}",
            "child.yaml:2:1: clusters: is not a key of a file with a base (clusters). "
            "Write it under replace: or add:, as clusters: or a longer path.",
        ),
        ("replac: {}", "child.yaml:2:1: replac: is not a key of a file with a base (replac). Did you mean replace?"),
    ],
)
def test_changes_that_lead_nowhere(folder: Path, text: str, expected: str) -> None:
    assert faults(write(folder, f"base: national.yaml\n{text}\n")) == [expected]


def test_all_that_is_wrong_is_said_at_once(folder: Path) -> None:
    child = "base: national.yaml\nwave: 1\nreplace: {nothing.here: 1}\nremove: [nor.here]\nadd: {clusters.Ash: {}}\n"
    assert len(faults(write(folder, child))) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "base: nationl.yaml",
            "child.yaml:1:7: base: must be a file that is there (nationl.yaml). Did you mean national.yaml?",
        ),
        ("base: 7", "child.yaml:1:7: base: must be the name of a scenario file (7)."),
        ("base: [a, b]", "child.yaml:1:7: base: must be the name of a scenario file ([a, b])."),
        ("base: .", "child.yaml:1:7: base: must be a regular file (.)."),
        ('base: "a\\0b"', "child.yaml:1:7: base: must be the name of a file"),
        ("base: child.yaml", "child.yaml:1:7: base: a scenario must not be its own base (child.yaml → child.yaml)."),
        ("replace: {start: 2026-01-01}", "child.yaml:1:1: replace: needs a base that it changes. Add base:"),
    ],
)
def test_bases_that_are_none(folder: Path, text: str, expected: str) -> None:
    assert faults(write(folder, f"{text}\n"))[0].startswith(expected)


def test_a_circle_of_bases(folder: Path) -> None:
    write(folder, "note: x\nbase: child.yaml\n", "other.yaml")
    assert faults(write(folder, "base: other.yaml\n")) == [
        "other.yaml:2:7: base: a scenario must not be its own base (child.yaml → other.yaml → child.yaml)."
    ]


def test_what_is_wrong_with_a_base_is_said_in_its_name(folder: Path) -> None:
    write(folder, "a: [1, 2\nb: 3\n", "broken.yaml")
    assert faults(write(folder, "base: broken.yaml\n"))[0].startswith("broken.yaml:2:")
    write(folder, "replace: {a: 1}\n", "patch.yaml")
    assert faults(write(folder, "base: patch.yaml\n"))[0].startswith("patch.yaml:1:1: replace: needs a base")


def test_a_text_without_a_folder_has_no_base() -> None:
    with pytest.raises(ScenarioError, match="a file needs a scenario that lies in a folder"):
        sg.parse("base: national.yaml\n")


# -- what it cannot reach ----------------------------------------------------------------------------


def with_cost(file: str) -> str:
    """The base with a cost observed in a file."""
    return BASE.replace(
        "duration: 6mo", f"duration: 6mo\n    cost: {{fixed: {{empirical: {{file: {file}, column: x}}}}}}"
    )


REFUSED = "must lie in the scenario's folder or below it"


@pytest.fixture
def inner(folder: Path) -> Path:
    """A folder in the one that holds national.yaml and a secret."""
    (folder / "secret.csv").write_text("x\n1\n2\n")
    (folder / "inner").mkdir()
    return folder / "inner"


@pytest.mark.parametrize(
    "name", ["../national.yaml", "./../national.yaml", "{folder}/national.yaml", "link.yaml", "down/national.yaml"]
)
def test_a_base_outside_needs_leave(folder: Path, inner: Path, name: str) -> None:
    (inner / "link.yaml").symlink_to(folder / "national.yaml")
    (inner / "down").symlink_to(folder, target_is_directory=True)
    child = write(inner, f"base: {name.format(folder=folder)}\n")
    [found] = faults(child)
    assert found.startswith("child.yaml:1:7: base: a file must lie in the scenario's folder or below it (")
    assert found.endswith("allow files from elsewhere with --allow-outside (in Python: outside=True).")
    assert digest(sg.load(child, outside=True)) == same_as(BASE)


def test_observations_of_a_base_elsewhere(folder: Path, inner: Path) -> None:
    """They lie beside the base; a link to a file outside needs leave too, and a base brings no leave of its own."""
    told = with_cost("secret.csv")
    write(folder, told, "told.yaml")
    child = write(inner, "base: ../told.yaml\n")
    assert digest(sg.load(child, outside=True)) == digest(sg.load(folder / "told.yaml"))
    (inner / "secret.csv").symlink_to(folder / "secret.csv")
    alone = write(inner, told, "alone.yaml")
    assert REFUSED in faults(alone)[0]
    assert digest(sg.load(alone, outside=True)) == digest(sg.load(folder / "told.yaml"))
    write(inner, told.replace("secret.csv", "../../secret.csv"), "deep/told.yaml")
    assert REFUSED in faults(write(inner, "base: deep/told.yaml\n", "via.yaml"))[0]


def test_a_link_that_is_put_there_later_is_not_followed(folder: Path, inner: Path) -> None:
    """Between the look at where a name leads and the reading, the file is swapped for a link that leads out."""
    (inner / "past.csv").write_text("x\n3\n")
    file = reached("past.csv", inner, inner, outside=False)
    assert content(file, 100) == b"x\n3\n"
    (inner / "past.csv").unlink()
    (inner / "past.csv").symlink_to(folder / "secret.csv")
    with pytest.raises(Unreachable, match="must be a readable file"):
        content(file, 100)
    again = reached("past.csv", inner, inner, outside=True)  # where a link is there from the first, leave is enough
    assert content(again, 100) == b"x\n1\n2\n"


def test_leave_is_kept_when_a_scenario_is_changed(folder: Path, inner: Path) -> None:
    told = BASE.replace(
        "duration: 6mo", "duration: 6mo\n    cost: {fixed: {empirical: {file: ../secret.csv, column: x}}}"
    )
    scenario = sg.load(write(inner, told), outside=True)
    assert change(scenario, {"deadline": "2028-11-30"}).deadline == scenario.deadline - 31  # type: ignore[operator]


@pytest.mark.parametrize("verb", ["check", "run", "compare", "latest", "sweep", "trace", "batch"])
def test_every_verb_takes_the_option(folder: Path, inner: Path, verb: str) -> None:
    child = write(inner, "base: ../national.yaml\nadd: {schedules.later: {all: 2025-06-01}}\n")
    extra = {
        "sweep": ["--vary", "resources.framework.capacity=1..2"],
        "trace": ["--replication", "1"],
        "batch": ["--out", str(folder / "out"), "--workers", "1"],
    }.get(verb, [])
    how = [] if verb == "check" else ["-n", "20"]
    refused = CliRunner().invoke(main, [verb, str(child), *how, *extra])
    assert refused.exit_code in (1, 2)
    assert "--allow-outside" in refused.stderr
    allowed = CliRunner().invoke(main, [verb, str(child), "--allow-outside", *how, *extra])
    assert allowed.exit_code == 0, allowed.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_pipes_and_devices_do_not_keep_us(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    start = time.monotonic()
    assert faults(write(folder, "base: pipe.yaml\n")) == ["child.yaml:1:7: base: must be a regular file (pipe.yaml)."]
    (folder / "null.yaml").symlink_to("/dev/zero")
    for outside in (False, True):
        found = faults(write(folder, "base: null.yaml\n"), outside)[0]
        assert ("must be a regular file" if outside else REFUSED) in found
    told = with_cost("/dev/zero")
    assert "must be a regular file" in faults(write(folder, told), outside=True)[0]
    assert time.monotonic() - start < 10


def test_sizes_have_limits(folder: Path) -> None:
    write(folder, "#" * (LARGEST_FILE + 1), "huge.yaml")
    assert faults(write(folder, "base: huge.yaml\n")) == [
        f"child.yaml:1:7: base: must not be larger than {LARGEST_FILE:,} bytes (huge.yaml)."
    ]
    for number in range(MOST_BASES + 1):
        write(folder, f"base: {number - 1}.yaml\n" if number else "base: national.yaml\n", f"{number}.yaml")
    assert digest(sg.load(folder / f"{MOST_BASES - 1}.yaml")) == same_as(BASE)
    assert "no more than 8 files may be based on one another" in faults(folder / f"{MOST_BASES}.yaml")[0]


def test_changes_have_limits(folder: Path) -> None:
    """Stars multiply what is written; the whole obeys the limits of a single file."""
    many = "".join(f"  c{number}: {{}}\n" for number in range(MOST_CHANGES + 1))
    write(folder, BASE.replace("  Ash: {}\n", "  Ash: {}\n" + many), "many.yaml")
    assert faults(write(folder, "base: many.yaml\nremove: [legacy]\nadd:\n  clusters.*.contract.term: 4y\n")) == [
        "child.yaml:4:3: add.clusters.*.contract.term: a file must not change more than 2,000 values of its base "
        "(more with this line). Write the scenario out, or fewer *."
    ]
    gone = "\n".join(f"  - clusters.c{number}" for number in range(MOST_CHANGES + 1))
    assert faults(write(folder, f"base: many.yaml\nremove:\n{gone}\n"))[0].startswith(
        f"child.yaml:{MOST_CHANGES + 3}:5: remove.{MOST_CHANGES + 1}: a file must not change more than"
    )
    fewer = "".join(f"  c{number}: {{}}\n" for number in range(1000))
    write(folder, BASE.replace("  Ash: {}\n", "  Ash: {}\n" + fewer), "many.yaml")
    long = ", ".join(["1y"] * 300)
    child = write(folder, f"base: many.yaml\nadd: {{clusters.*.note: [{long}]}}\n")
    assert faults(child) == [
        "child.yaml:1:1: base: a scenario must not hold more than 200,000 values (more, with its base)."
    ]
    deep = "[" * 30 + "]" * 30
    write(folder, BASE.replace("scenario: national view", f"scenario: {deep}"), "deep.yaml")
    child = write(folder, f"base: deep.yaml\nreplace: {{scenario{'.1' * 20}: {deep}}}\n")
    assert "must not lie more than 40 deep" in faults(child)[0]


@pytest.mark.parametrize("kind", ["replace", "remove", "add"])
def test_what_is_walked_has_a_limit(folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """A path with * that matches once walks past all clusters; what is left is that of a file and all its bases."""
    looked_at = 0
    real = Node.get

    def get(node: Node, *keys: str | int) -> Node | None:
        nonlocal looked_at
        looked_at += 1
        return real(node, *keys)

    monkeypatch.setattr("simulator.scenario.inherit.MOST_STEPS", 20_000)
    many = "".join(f"  c{number}: {{}}\n" for number in range(1000))
    own = "{" + ", ".join(f"k{number}: 1" for number in range(100)) + "}"
    write(folder, BASE.replace("  Ash: {}\n", f"  Ash: {own}\n" + many), "many.yaml")
    path, value = ("clusters.*.stages.build", ": {}") if kind == "add" else ("clusters.*.k{}", ": 2")
    head = f"{kind}:\n"

    def line(number: int) -> str:
        if kind == "remove":
            return f"  - clusters.*.k{number}\n"
        return f"  {path.format(number)}{f'.x{number}' * (kind == 'add')}{value}\n"

    def lines(numbers: range) -> str:
        return head + "".join(line(number) for number in numbers)

    write(folder, "base: many.yaml\n" + (lines(range(5)) if kind != "add" else ""), "between.yaml")
    monkeypatch.setattr(Node, "get", get)
    [found] = [each for each in faults(write(folder, "base: between.yaml\n" + lines(range(5, 100)))) if "try" in each]
    assert "the paths of a file and its bases must not try more than" in found
    assert found.startswith("child.yaml:")
    assert looked_at < 60_000


def test_the_limit_of_what_is_walked_is_that_of_all_files_together(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve paths past a thousand clusters are within a limit, and so are twelve more of a base, but not both."""
    monkeypatch.setattr("simulator.scenario.inherit.MOST_STEPS", 40_000)
    many = "".join(f"  c{number}: {{}}\n" for number in range(1000))
    own = "{" + ", ".join(f"k{number}: 1" for number in range(12)) + "}"
    write(folder, BASE.replace("  Ash: {}\n", f"  Ash: {own}\n" + many), "many.yaml")
    lines = "replace:\n" + "".join(f"  clusters.*.k{number}: 2\n" for number in range(12))
    write(folder, f"base: many.yaml\n{lines}", "between.yaml")
    for base in ("many.yaml", "between.yaml"):
        found = faults(write(folder, f"base: {base}\n{lines}"))
        assert ("must not try more than" in found[0]) == (base == "between.yaml")


def test_what_is_inserted_has_its_number_afterwards() -> None:
    """Whatever comes first, and whatever else happens to the list."""
    tree = read_text("a: [p, q, r]", "a.yaml")
    changes = [
        Change(("a", 2), Node("y", text="y"), inserted=True),
        Change(("a", 0), Node("x", text="x"), inserted=True),
        Change(("a", 1), None),
        Change(("a", 2), Node("z", text="z")),
    ]
    assert changed(tree, changes).plain() == {"a": ("x", "p", "y", "z")}


def test_many_changes_copy_each_mapping_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two thousand changes of one mapping must not copy it two thousand times."""
    many = "".join(f"  c{number}: {{}}\n" for number in range(MOST_CHANGES))
    write(folder, BASE.replace("  Ash: {}\n", "  Ash: {}\n" + many), "many.yaml")
    tree = read_text((folder / "many.yaml").read_text(), "many.yaml")
    each = "".join(f"  clusters.c{number}: {{priority: 1}}\n" for number in range(MOST_CHANGES))
    child = read_text(f"base: many.yaml\nreplace:\n{each}", "child.yaml")
    copies = []
    real = Node.with_entries
    monkeypatch.setattr(Node, "with_entries", lambda *given: copies.append(given) or real(*given))
    assert Patched(tree, Steps(MOST_STEPS)).by(child).get("clusters", "c7", "priority") is not None
    assert len(copies) == 2


def test_paths_that_are_meant_to_take_long(folder: Path) -> None:
    """A path of a million parts, and thousands that nearly lead somewhere."""
    start = time.monotonic()
    long = '"' + ".".join("a" * 500_000) + '"'
    assert "must be a path of the base" in faults(write(folder, f"base: national.yaml\nremove: {long}\n"))[0]
    many = "".join(f"  resources.framwork.{number}: 1\n" for number in range(2000))
    assert len(faults(write(folder, f"base: national.yaml\nreplace:\n{many}"))) == MOST_FAULTS
    assert time.monotonic() - start < 60


@pytest.mark.parametrize("name", ["<script>", "=cmd()", "\u202eevil", "🎯" * 100, "a" * 300, "clusters..", "."])
def test_hostile_paths_are_errors(folder: Path, name: str) -> None:
    for kind in ("replace", "remove", "add"):
        text = json.dumps([name] if kind == "remove" else {name: 1})
        found = faults(write(folder, f"base: national.yaml\n{kind}: {text}\n"))
        assert found[0].startswith("child.yaml:2:")


# -- what editors know -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "valid"),
    [
        ({"base": "a.yaml"}, True),
        (
            {"base": "a.yaml", "scenario": "x", "replace": {"a.b": 1}, "remove": ["c"], "add": {"d": {}}, "note": "n"},
            True,
        ),
        ({"base": "a.yaml", "remove": "c"}, True),
        ({"base": 3}, False),
        ({"base": "a.yaml", "clusters": {}}, False),
        ({"base": "a.yaml", "remove": [3]}, False),
        ({"replace": {"a": 1}}, False),
        ({"scenario": "x"}, False),
    ],
)
def test_the_schema_knows_bases(document: dict[str, object], valid: bool) -> None:
    assert jsonschema.Draft202012Validator(schema()).is_valid(document) == valid
