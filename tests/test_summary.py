"""The summary: its contract, its schema, and what it says where something did not happen."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import jsonschema
import numpy as np
import pytest
from futures import START, scenario_of
from hypothesis import given, settings
from hypothesis import strategies as st
from measured import measured
from random_scenarios import Plain, parsed, plain_scenarios

from simulator.analysis.tally import Tally
from simulator.scenario import Scenario
from simulator.summary import schema, summarise

TEXT = """
    deadline: "@60"
    money: {discount_rate: 5%}
    resources: {slot: {capacity: 1}}
    route:
      - {stage: tender, go_to_market: true, duration: {exponential: {mean: 10d}}, holds: {slot: 1}, marks: award}
      - {stage: build, duration: {exponential: {mean: 20d}}, cost: {fixed: {uniform: [1, 9]}}}
    clusters: {A: {savings: {full_rate: 3/y}}, B: {begins_at: build}}
    legacy: {old: {used_by: [A], end_of_support: "@20", failures: {supported: 3/y}}}
    schedules: {now: {A: "@5"}}
"""


def summary_of(scenario: Scenario, replications: int) -> dict[str, Any]:
    network, outcomes = measured(scenario, replications)
    return summarise(Tally.of(outcomes), scenario, network, 1, "random", "events")


def checked(summary: dict[str, Any]) -> None:
    """It is JSON without NaN, and of the schema."""
    document = json.loads(json.dumps(summary, allow_nan=False))
    validator = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())
    validator.validate(document)


def day(number: int) -> str:
    return str(START + timedelta(days=number))


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_everything_in_the_contract_is_there() -> None:
    summary = summary_of(scenario_of(TEXT), 20)
    checked(summary)
    assert [summary[key] for key in ("schedule", "replications", "seed", "sampling", "engine")] == [
        "now", 20, 1, "random", "events",
    ]  # fmt: skip
    quantiles = {"p10", "p50", "p80", "p90", "mean", "interval"}
    programme = summary["programme"]
    assert quantiles <= programme["finish"].keys()
    for measure in ("unsupported_days", "cost", "savings", "npv"):
        assert quantiles <= programme[measure].keys()
        assert programme[measure]["interval"].keys() == quantiles - {"interval"}
    assert {"p", "interval"} <= programme["on_time"].keys()
    assert {"p", "interval"} <= programme["failures"]["any"].keys()
    cluster = summary["clusters"]["A"]
    assert {"go_to_market", "award", "go_live", "on_time", "unsupported_days", "time"} <= cluster.keys()
    assert {"planned work", "work beyond plan", "waiting: slot"} <= cluster["time"].keys() | {"waiting: slot"}
    assert {"in_use_past_end_of_support", "unsupported_days", "failures"} <= summary["legacy"]["old"].keys()
    assert {"utilisation", "mean_wait_days", "max_in_use"} <= summary["resources"]["slot"].keys()


def test_figures_are_those_of_the_outcomes() -> None:
    scenario = scenario_of(TEXT)
    _, outcomes = measured(scenario, 200)
    summary = summary_of(scenario, 200)
    go_live = outcomes.clusters.go_live[0]
    entry = summary["clusters"]["A"]["go_live"]
    for p in (10, 50, 80, 90):
        assert entry[f"p{p}"] == day(int(np.quantile(go_live, p / 100, method="inverted_cdf")))
    assert entry["mean"] == day(round(float(go_live.mean())))
    assert summary["programme"]["on_time"]["p"] == outcomes.programme.on_time.mean()
    assert summary["programme"]["cost"]["mean"] == pytest.approx(outcomes.programme.cost.mean())
    assert summary["programme"]["failures"]["any"]["p"] == (outcomes.programme.failures > 0).mean()
    time = dict(zip(outcomes.clusters.parts, outcomes.clusters.time[0].mean(axis=1), strict=True))
    for part, mean in summary["clusters"]["A"]["time"].items():
        assert mean == pytest.approx(time[part])
    assert sum(summary["clusters"]["A"]["time"].values()) == pytest.approx(go_live.mean() - 5)


def test_what_is_after_the_horizon_is_said_so() -> None:
    # Exponential work of mean 20 days after some 5: the horizon is day 25.
    summary = summary_of(scenario_of(TEXT.replace("@60", "@20"), horizon=25), 100)
    checked(summary)
    finish = summary["programme"]["finish"]
    assert finish["p90"] == "after horizon"
    assert finish["mean"] is None
    assert finish["interval"]["p90"][1] == "after horizon"
    assert finish["interval"]["mean"] is None
    assert summary["clusters"]["A"]["days_late"]["p90"] == "after horizon"
    unfinished = summary["unfinished"]["A/build"]
    assert unfinished["p"] == pytest.approx(sum(unfinished["by"].values()))
    assert unfinished["stranded"] == 0


def test_a_milestone_that_a_cluster_does_not_have_is_null() -> None:
    summary = summary_of(scenario_of(TEXT.replace(", marks: award", "")), 5)
    checked(summary)
    nulls = {"p10": None, "p50": None, "p80": None, "p90": None, "mean": None}
    assert summary["clusters"]["B"]["go_to_market"] == {**nulls, "interval": nulls}
    assert summary["clusters"]["A"]["award"] == {**nulls, "interval": nulls}
    assert summary["clusters"]["A"]["go_to_market"]["p50"] == day(5)


def test_one_replication_has_no_interval_of_the_mean() -> None:
    summary = summary_of(scenario_of(TEXT), 1)
    checked(summary)
    cost = summary["programme"]["cost"]
    assert cost["interval"]["mean"] is None
    assert cost["interval"]["p50"] == [None, None]
    # Of a day it is known that it is not before the start, and that is all.
    assert summary["programme"]["finish"]["interval"]["p50"] == [day(0), "after horizon"]


@settings(max_examples=12)
@given(data=plain_scenarios(), count=st.integers(1, 4))
def test_summaries_of_random_scenarios_are_of_the_schema(data: Plain, count: int) -> None:
    checked(summary_of(parsed(data), count))
