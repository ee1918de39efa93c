"""What a function of the package says of an argument that is something else than it needs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simulator as sg
from simulator.batch import forecast
from simulator.given import several
from simulator.scenario import Scenario

SMALL = Path(__file__).parent.parent / "scenarios" / "two-clusters.yaml"
LOAD = "Give what load returns."

VERBS: dict[str, tuple[tuple[Any, ...], str, str]] = {
    "run": ((), "a run needs a scenario", LOAD),
    "compare": ((), "a comparison needs a scenario", "Give what load returns, or a list of them."),
    "latest": ((), "a search for last dates needs a scenario", LOAD),
    "sweep": (("deadline=2030-01-01",), "a sweep needs a scenario", LOAD),
    "drivers": ((), "a study of drivers needs a scenario", LOAD),
    "change": (({},), "a change needs a scenario", LOAD),
    "register": ((), "a register needs a scenario", LOAD),
    "compile": ((), "a network needs a scenario", LOAD),
    "draw": ((10,), "draws need a scenario", LOAD),
    "simulate": (({},), "an engine needs a network", "Give what compile returns."),
    "load": ((), "a scenario is loaded from a file", "Give its path, or its text to parse."),
    "parse": ((), "a scenario is parsed from a text", "Give it, or the path of a file to load."),
    "reopen": ((), "results are reopened from a folder", "Give its path."),
    "diff": (("a",), "a diff needs the folders of two runs", "Give their paths; save writes a result to one."),
    "batch": (("night",), "a batch needs files, folders or patterns", "Give their paths."),
    "report": (("page.html",), "a report needs results", "Give what run, compare or reopen returns, or a list."),
}
"""Besides the first: other arguments; then what is needed, and the remedy."""
WITHOUT = {"NEVER", "ScenarioError", "StaggerError", "Scenario", "schema", "__version__"}
"""Names of the package that are no functions of something."""


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("given", "found"),
    [
        (None, "None"),
        (3, "3"),
        ({}, "something of type dict"),
        (object(), "something of type object"),
        (b"x" * 10_000, "b'" + "x" * 57 + "…"),
    ],
    ids=["None", "3", "mapping", "object", "long"],
)
def test_what_is_given_by_mistake_is_told_with_what_would_be_right(verb: str, given: object, found: str) -> None:
    others, rule, remedy = VERBS[verb]
    with pytest.raises(sg.StaggerError) as error:
        getattr(sg, verb)(given, *others)
    assert str(error.value) == f"{rule} (found {found}). {remedy}"


def test_every_function_of_the_package_is_among_them() -> None:
    assert set(VERBS) == set(sg.__all__) - WITHOUT


@pytest.mark.parametrize("call", [sg.run, sg.compare, sg.latest, sg.drivers, sg.compile, sg.draw, sg.register])
def test_the_path_of_a_scenario_is_no_scenario(call: Callable[..., Any]) -> None:
    with pytest.raises(sg.StaggerError, match=r"needs? a scenario \(found 'a\.yaml'\)\. Give what load returns"):
        call("a.yaml")


def test_the_one_in_a_list_that_is_wrong_is_told(tmp_path: Path) -> None:
    scenario = sg.load(SMALL)
    with pytest.raises(sg.StaggerError, match=r"needs a scenario \(found None\)"):
        sg.compare([scenario, None])
    with pytest.raises(sg.StaggerError, match=r"needs files, folders or patterns \(found 7\)"):
        sg.batch([SMALL, 7], tmp_path / "night")
    with pytest.raises(sg.StaggerError, match=r"needs the folders of two runs \(found something of type Scenario\)"):
        sg.diff("a", scenario)
    with pytest.raises(sg.StaggerError, match=r"found something of type Scenario"):
        sg.report(scenario, tmp_path / "page.html")  # type: ignore[arg-type]
    with pytest.raises(sg.StaggerError, match=r"found something of type Scenario"):
        sg.batch(scenario, tmp_path / "night")  # type: ignore[arg-type]
    result = sg.run(scenario, replications=5)
    with pytest.raises(sg.StaggerError, match=r"needs results \(found 'night'\)"):
        sg.report([result, "night"], tmp_path / "page.html")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("call", [sg.batch, forecast])
@pytest.mark.parametrize(
    ("paths", "out", "words"),
    [
        (None, "night", r"a batch needs files, folders or patterns .found None.. Give their paths"),
        (3, "night", r"a batch needs files, folders or patterns .found 3"),
        ([SMALL, 7], "night", r"a batch needs files, folders or patterns .found 7"),
        (SMALL, 3, r"a batch needs a folder for its results .found 3.. Give its path as out"),
        (SMALL, None, r"a batch needs a folder for its results .found None"),
    ],
)
def test_a_batch_and_its_forecast_say_what_they_need(
    call: Callable[..., Any], paths: object, out: object, words: str
) -> None:
    with pytest.raises(sg.StaggerError, match=words):
        call(paths, out)


def test_a_sweep_says_what_can_be_varied() -> None:
    for given in (None, 3, [None]):
        with pytest.raises(sg.StaggerError, match=r"what is varied must be PATH=VALUES .found (None|3)"):
            sg.sweep(sg.load(SMALL), given)  # type: ignore[arg-type]


def test_one_thing_or_several() -> None:
    """A scenario is a pydantic value, over whose fields one could iterate, and a text over its letters."""
    scenario = sg.load(SMALL)
    assert several(scenario, Scenario) == [scenario]
    assert several((scenario for _ in range(2)), Scenario) == [scenario, scenario]
    assert several(scenario, Path) == [scenario]
    assert several("a.yaml", Scenario) == ["a.yaml"]
    assert several({"a": scenario}, Scenario) == [{"a": scenario}]


CHANGES = 'Write for instance {"resources.framework.capacity": 3}.'


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda small: sg.change(small, None), f"a change is a mapping from paths to values (found None). {CHANGES}"),
        (lambda small: sg.change(small, "a=1"), f"a change is a mapping from paths to values (found 'a=1'). {CHANGES}"),
        (lambda small: sg.change(small, {3: 4}), f"a change needs the path of a value (found 3). {CHANGES}"),
        (lambda small: sg.compare(small, 3), "schedules must be a list of names (found 3)."),
        (lambda small: sg.run(small, 1, seed="x"), "a schedule must be one of the scenario's (found 1)."),
        (lambda small: sg.run(small, seed="x"), "the seed must be an integer, such as 2022 (found x)."),
        (lambda small: sg.run(small, seed=1.0), "the seed must be an integer, such as 2022 (found 1.0)."),
        (lambda small: sg.draw(small, 1, True), "the seed must be an integer, such as 2022 (found True)."),
        (lambda small: sg.latest(small, seed="1"), "the seed must be an integer, such as 2022 (found 1)."),
        (lambda small: sg.batch(SMALL, "out", seed=0.5), "the seed must be an integer, such as 2022 (found 0.5)."),
        (lambda small: sg.run(small, replications=True), "the number of replications must be a whole number"),
        (lambda small: sg.run(small, workers=True), "the number of workers must be 1 or more (found True)."),
        (lambda small: sg.run(small, workers=1001), "there must be no more than 1,000 workers (found 1,001)."),
        (lambda small: sg.run(small, workers=[]), "the number of workers must be 1 or more (found [])."),
        (lambda small: sg.compare(small, workers=2.0), "the number of workers must be 1 or more (found 2.0)."),
    ],
)
def test_so_are_arguments_besides_the_first(call: Callable[[sg.Scenario], object], words: str) -> None:
    with pytest.raises(sg.StaggerError) as error:
        call(sg.load(SMALL))
    assert str(error.value).startswith(words)


def test_numbers_of_numpy_are_numbers(tmp_path: Path) -> None:
    """And the same ones: of text that is made of them, streams would be others; and they can be written."""
    small = sg.load(SMALL)
    plain = sg.run(small, replications=20, seed=7, workers=1)
    found = sg.run(small, replications=np.int64(20), seed=np.int32(7), workers=np.int8(1), out=tmp_path / "run")
    assert found.summary() == plain.summary()
    night = [
        sg.batch(SMALL, tmp_path / name, replications=count, seed=seed, workers=1)
        for name, count, seed in (("plain", 20, 7), ("numpy", np.int64(20), np.int64(7)))
    ]
    assert night[0].table == night[1].table
    assert sg.latest(small, replications=np.int64(20), workers=1).summary()["replications"] == 20
