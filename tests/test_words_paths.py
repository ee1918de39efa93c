"""What values and uncertain inputs are called in sentences, where files have paths and names of variables."""

from __future__ import annotations

from pathlib import Path

import pytest

import simulator as sg
from simulator.scenario import Scenario
from simulator.studies.drivers.sources import GROUPINGS, sources
from simulator.uncertainty import inputs_of
from simulator.words.inputs import called, inputs_in_words
from simulator.words.paths import path_in_words, value_in_words, with_value

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))
DOTTED = """
scenario: dotted
start: 2025-01-01
horizon: 2030-01-01
deadline: 2029-01-01
resources: {"frame.work": {capacity: 2}}
route:
  - phase: buying
    stages:
      - {stage: "tender v1.2", go_to_market: true, holds: {"frame.work": 1}, duration: {uniform: [30d, 60d]}}
  - {stage: build, duration: {uniform: [30d, 60d]}}
risks: {strike: {probability: 0.2, delays: {build: 10d}}}
clusters: {"H.M. Fleet": {}}
schedules: {"plan b": {"H.M. Fleet": 2025-02-01}}
"""


@pytest.fixture(scope="module")
def dotted() -> Scenario:
    return sg.parse(DOTTED)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("deadline", "the deadline"),
        ("money.discount_rate", "the discount rate"),
        ("resources.frame.work.capacity", "the capacity of “frame.work”"),
        ("resources.*.capacity", "the capacity of every resource"),
        ("route.build.duration", "the duration of “build”"),
        ("route.tender v1.2.duration", "the duration of “tender v1.2”"),
        ("route.tender v1.2.holds.frame.work", "the units of “frame.work” that “tender v1.2” holds"),
        ("risks.strike.probability", "the probability of “strike”"),
        ("risks.strike.delays.build", "the delay of “build” by “strike”"),
        ("risks.strike.mitigated", "the mitigation of “strike”"),
        ("clusters.H.M. Fleet.priority", "the priority of “H.M. Fleet”"),
        ("clusters.*.contract.term", "the contract term of every cluster"),
        ("clusters.H.M. Fleet.stages.build.duration", "the duration of “build” in “H.M. Fleet”"),
        ("schedules.plan b.H.M. Fleet", "the date of “H.M. Fleet” under “plan b”"),
        ("budgets.funding.2.amount", "the amount of part 2 of “funding”"),
    ],
)
def test_a_path_is_said_in_words_with_names_in_quotation_marks(path: str, words: str, dotted: Scenario) -> None:
    assert path_in_words(path, dotted) == words


def test_values_are_said_as_in_any_sentence() -> None:
    assert [value_in_words(value) for value in ("3", "2030-03-31", "6mo", "1 d", "2.5y", "{uniform: [1d, 2d]}")] == [
        *("3", "31 March 2030", "6 months", "1 day", "2.5 years", "{uniform: [1d, 2d]}")
    ]
    assert with_value("the deadline", "2030-03-31") == "the deadline on 31 March 2030"
    assert with_value("the capacity of “a”", "2") == "the capacity of “a” at 2"


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_whatever_is_uncertain_has_words(file: Path) -> None:
    scenario = sg.load(file)
    words, inputs = inputs_in_words(scenario), inputs_of(scenario)
    names = {each.name for each in inputs} | {each.name for by in GROUPINGS for each in sources(inputs, by)}
    assert names <= set(words)
    assert not [said for said in words.values() if "*" in said]


def test_an_input_and_a_source_say_whose_they_are(dotted: Scenario) -> None:
    words = inputs_in_words(dotted)
    assert words["H.M. Fleet/build/duration"] == "how long “build” takes in “H.M. Fleet”"
    assert words["*/build/duration"] == "how long “build” takes in every cluster"
    assert words["strike/H.M. Fleet"] == "“strike” in “H.M. Fleet”"
    assert called("strike", words) == "“strike”"
    assert called("common to a, b", words) == "“common to a, b”"
