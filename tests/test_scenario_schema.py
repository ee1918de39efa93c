"""The JSON Schema and the reader agree, on good files and on mistakes of structure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from simulator.distributions import KINDS
from simulator.errors import ScenarioError
from simulator.scenario import parse, schema
from simulator.scenario.read import read_text

HERE = Path(__file__).parent
GOOD = [
    HERE / "data" / "scenarios" / "example.yaml",
    *sorted((HERE.parent / "scenarios").glob("*.yaml")),
    HERE.parent / "simulator" / "starter.yaml",
]
BAD = HERE / "data" / "bad"
STRUCTURAL = [
    "unknown-key-top",
    "unknown-key-cluster",
    "unknown-key-stage",
    "python-key",
    "cluster-named",
    "missing-start",
    "missing-route",
    "missing-clusters",
    "route-and-routes",
    "no-clusters",
    "stage-no-name",
    "phase-without-stages",
    "mapping-wanted",
    "list-wanted",
    "text-wanted",
    "true-wanted",
    "unknown-choice",
    "bad-quality",
    "source-mapping",
    "bare-number",
    "unknown-unit",
    "negative-length",
    "date-order",
    "bad-rate",
    "bad-rate-unit",
    "probability-above-one",
    "negative-share",
    "money-with-unit",
    "negative-money",
    "fractional-units",
    "zero-stretch",
    "no-seats",
    "fractional-step",
    "bad-span",
    "month-13",
    "rank-above-one",
    "unknown-kind",
    "two-kinds",
    "two-of-three",
    "unit-inside",
    "parameters",
    "unknown-parameter",
    "fractional-capacity",
    "negative-weight",
    "null-value",
    "own-value",
    "rule-incomplete",
    "rule-and-dates",
    "schedule-no-mapping",
    "order-word",
]


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    Draft202012Validator.check_schema(schema())
    return Draft202012Validator(schema())


def as_json(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: as_json(value) for key, value in data.items()}
    return [as_json(item) for item in data] if isinstance(data, tuple) else data


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_files_agree_with_the_schema(validator: Draft202012Validator, path: Path) -> None:
    data = as_json(read_text(path.read_text(encoding="utf-8"), path.name).plain())
    assert [error.message for error in validator.iter_errors(data)] == []


@pytest.mark.parametrize("name", STRUCTURAL)
def test_mistakes_of_structure_are_seen_by_the_schema_too(validator: Draft202012Validator, name: str) -> None:
    text = (BAD / f"{name}.yaml").read_text(encoding="utf-8")
    with pytest.raises(ScenarioError):
        parse(text)
    assert not validator.is_valid(as_json(read_text(text, name).plain()))


def test_it_is_json_and_describes_every_key() -> None:
    whole = json.loads(json.dumps(schema()))
    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    bare = [
        f"{name}.{key}"
        for name, one in {"Scenario": whole, **whole["$defs"]}.items()
        for key, value in one.get("properties", {}).items()
        if "description" not in value
    ]
    assert bare == []


def test_every_kind_of_distribution_is_offered() -> None:
    offered = schema()["$defs"]["duration"]["anyOf"][1]["properties"]
    assert set(KINDS) <= set(offered)
