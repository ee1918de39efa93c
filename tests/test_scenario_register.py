"""The assumption register and the fingerprint."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.scenario import Assumption, digest, parse, register

TEXT = """\
scenario: s
start: 2025-01-01
horizon: 2030-01-01
money: {unit: £m, source: Treasury}
resources:
  source: survey
  quality: inferred
  team: {capacity: 2}
  framework:
    capacity: {discrete: {values: [2, 3], weights: [1, 1]}, source: supplier, note: by phone}
    opens: 2025-02-01
    quality: known
    note: as published
route:
  - stage: build
    duration: {triangular: [1mo, 2mo, 4mo]}
    holds: {team: 1}
    quality: assumed
clusters:
  A: {departments: {X: {}, Y: {joins: 80%, source: letter}}}
"""


def entries() -> dict[str, Assumption]:
    return {entry.path: entry for entry in register(parse(TEXT))}


def test_source_and_quality_are_inherited_from_the_nearest_mapping_and_notes_are_not() -> None:
    found = entries()
    assert found["resources.team.capacity"] == Assumption("resources.team.capacity", "2", "survey", None, "inferred")
    assert found["resources.framework.capacity"] == Assumption(
        "resources.framework.capacity", "discrete: {values: [2, 3], weights: [1, 1]}", "supplier", "by phone", "known"
    )
    assert found["resources.framework.opens"] == Assumption(
        "resources.framework.opens", "2025-02-01", "survey", "as published", "known"
    )
    assert found["clusters.A.departments.Y.joins"].source == "letter"


def test_every_input_is_there_once_and_nobody_is_made_up() -> None:
    found = entries()
    assert list(found) == [
        "start", "horizon", "money.unit", "resources.team.capacity", "resources.framework.capacity",
        "resources.framework.opens", "route.build.duration", "route.build.holds.team", "clusters.A.departments.X",
        "clusters.A.departments.Y.joins",
    ]  # fmt: skip
    assert (found["start"].source, found["start"].quality, found["start"].note) == (None, None, None)
    assert found["route.build.duration"].value == "triangular: [1mo, 2mo, 4mo]"


def test_digest_looks_through_formatting_notes_and_units() -> None:
    other = (
        TEXT.replace("horizon: 2030-01-01\n", "").replace("scenario: s\n", "horizon: 2030-01-01\nscenario: 's'\n")
        .replace("quality: known", "quality: assumed # or so").replace("[1mo, 2mo, 4mo]", "[30.4375d, 60.875d, 4mo]")
        .replace("A: {departments", "A: {priority: 1, departments")
    )  # fmt: skip
    assert digest(parse(other)) == digest(parse(TEXT))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("capacity: 2}", "capacity: 3}"),
        ("X: {}, Y: {joins: 80%, source: letter}", "Y: {joins: 80%}, X: {}"),
        ("values: [2, 3]", "values: [2, 4]"),
        ("scenario: s", "scenario: t"),
    ],
)
def test_digest_sees_values_and_the_order_of_names(old: str, new: str) -> None:
    assert digest(parse(TEXT.replace(old, new))) != digest(parse(TEXT))


def test_digest_sees_observations(tmp_path: Path) -> None:
    text = TEXT.replace("{triangular: [1mo, 2mo, 4mo]}", "{empirical: {file: past.csv, column: x}}")
    table = tmp_path / "past.csv"
    table.write_text("x\n1d\n2d\n", encoding="utf-8")
    first = digest(parse(text, folder=tmp_path))
    table.write_text("x\n1d\n3d\n", encoding="utf-8")
    assert digest(parse(text, folder=tmp_path)) != first
