"""`drivers --precision`: futures, or rows of Saltelli's design, until a figure is as precise as asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_drivers import WORLD

import simulator as sg
from simulator.cli import main
from simulator.studies.drivers.finding import notes
from simulator.studies.drivers.widths import half_widths

FIRST_LOOK = 1024


def width(interval: tuple[float, float]) -> float:
    return (interval[1] - interval[0]) / 2


FIGURES = {
    "effect=0.8d": lambda d: max(width(e.effect.interval) for e in d.exclusions),
    "finish=0.8d": lambda d: max(width(e.effect.interval) for e in d.exclusions),
    "days=0.8d": lambda d: max(width(e.days.interval) for e in d.exclusions),
    "challenge/p80=5d": lambda d: max(width(e.p80.interval) for e in d.exclusions if e.name == "challenge"),
    "cost=0.02": lambda d: max(width(e.cost.interval) for e in d.exclusions),
    "day_saved=0.01": lambda d: max(width(e.per_day_interval) for e in d.exclusions if e.per_day is not None),
    "correlation=0.04": lambda d: max(width(b.correlation.interval) for b in d.tornado),
    "lowest=5d": lambda d: max(width(b.low.interval) for b in d.tornado),
    "highest=5d": lambda d: max(width(b.high.interval) for b in d.tornado),
    "critical=2%": lambda d: max(width(c.interval) for c in d.critical),
}


@pytest.mark.parametrize("precision", FIGURES)
def test_futures_are_added_until_a_figure_is_as_precise_as_asked(precision: str) -> None:
    scenario = sg.parse(WORLD)
    found = sg.drivers(scenario, indices=0, precision=precision)
    wanted = float(precision.partition("=")[2].rstrip("d%")) / (100 if precision.endswith("%") else 1)
    assert found.precise
    assert FIGURES[precision](found) <= wanted
    assert wanted < FIGURES[precision](sg.drivers(scenario, indices=0, replications=FIRST_LOOK))
    # The same futures as with the number that it took, so the same answer.
    assert found.summary() == sg.drivers(scenario, indices=0, replications=found.futures.replications).summary()


SCARCE = WORLD.replace("capacity: 2", "capacity: {discrete: {values: [1, 2], weights: [1, 1]}}").replace(
    "    duration: {uniform: [30d, 90d]}", "    holds: {framework: 1}\n    duration: {uniform: [30d, 90d]}"
)


@pytest.mark.parametrize("figure", ["waited", "longest", "waited_days"])
def test_what_was_waited_for_has_a_precision(figure: str) -> None:
    """In half of the futures one of two waits for the framework: a share of ½ is known to 1.96 · 0.5/√n."""
    unit = "0.8d" if figure == "waited_days" else "2.5%"
    found = sg.drivers(sg.parse(SCARCE), indices=0, precision=f"{figure}={unit}")
    assert found.precise
    assert found.futures.replications > FIRST_LOOK
    assert max(half_widths(found)[figure].values()) <= float(unit.rstrip("d%")) / (100 if "%" in unit else 1)


@pytest.mark.parametrize("sampling", ["random", "sobol"])
def test_a_precision_of_an_index_adds_rows_to_the_design(sampling: str) -> None:
    scenario = sg.parse(WORLD)
    found = sg.drivers(scenario, replications=500, sampling=sampling, precision="total=5%")
    assert found.precise
    assert (found.futures.replications, found.shares.size > FIRST_LOOK) == (500, True)
    assert found.shares.size % (1024 if sampling == "sobol" else 1) == 0
    assert max(width(each.total.interval) for each in found.shares.of) <= 0.05
    again = sg.drivers(scenario, replications=500, sampling=sampling, indices=found.shares.size)
    assert again.summary() == found.summary()
    one = sg.drivers(scenario, replications=500, sampling=sampling, precision="strike/first=5%")
    assert width(next(s.first.interval for s in one.shares.of if s.source == "strike")) <= 0.05


def test_the_most_is_kept_and_said(tmp_path: Path) -> None:
    scenario = sg.parse(WORLD)
    few = sg.drivers(scenario, replications=500, indices=1200, precision="total=0.1%")
    assert (few.precise, few.shares.size) == (False, 1200)
    short = sg.drivers(scenario, replications=1300, indices=0, precision="effect=0.001d")
    assert (short.precise, short.futures.replications) == (False, 1300)
    file = tmp_path / "small.yaml"
    file.write_text(WORLD)
    run = CliRunner().invoke(main, ["drivers", str(file), "-n", "500", "--indices", "1200", "--precision", "total=.1%"])
    said = run.output.replace("\n", " ")
    assert "not reached within 1,200 rows of the design for indices. Allow more with --indices." in said
    run = CliRunner().invoke(main, ["drivers", str(file), "-n", "900", "--indices", "0", "--precision", "effect=.001d"])
    assert "not reached within 900 replications. Allow more with -n." in run.output.replace("\n", " ")


@pytest.mark.parametrize(
    ("precision", "message"),
    [
        ("effect=1%", "the half-width of this figure must be a length with its unit"),
        ("total=2d", "must be a share below 50 %"),
        ("efect=2d", "Did you mean effect"),
        ("chalenge/effect=2d", "Did you mean challenge"),
        ("day_saved=2d", "must be a number without a unit"),
    ],
)
def test_what_cannot_be_asked_for(precision: str, message: str) -> None:
    with pytest.raises(sg.StaggerError, match=message):
        sg.drivers(sg.parse(WORLD), replications=300, indices=0, precision=precision)


def test_the_unit_of_an_effect_is_the_outcomes() -> None:
    scenario = sg.parse(WORLD)
    assert sg.drivers(scenario, "on_time", indices=0, precision="effect=2%").precise
    assert sg.drivers(scenario, "on_time", indices=0, precision="late=2%").precise
    with pytest.raises(sg.StaggerError, match="must be a number without a unit"):
        sg.drivers(scenario, "cost", indices=0, precision="effect=2d")


RARELY = WORLD.replace("  flood: {probability: 0%,", "  meteor: {probability: 0.1%, drawn: once,")


def test_a_risk_that_was_not_seen_is_not_precise() -> None:
    """500 days in one future of a thousand, of which a seed is chosen that has none in the first 1,024."""
    scenario, name = sg.parse(RARELY), "Switching off “meteor” changes the last go-live in none of these futures."
    firsts = (sg.drivers(scenario, seed=seed, indices=0, replications=FIRST_LOOK) for seed in range(1, 30))
    first = next(d for d in firsts if next(e for e in d.exclusions if e.name == "meteor").effect.value == 0)
    assert f"{name} What happens in fewer than 3 of 1,024 futures may not have been seen." in notes(first)
    found = sg.drivers(scenario, seed=first.seed, indices=0, precision="meteor/effect=2d")
    effect = next(e.effect for e in found.exclusions if e.name == "meteor")
    assert found.futures.replications > FIRST_LOOK
    assert effect.interval is not None
    assert effect.interval[0] < -0.5 < effect.interval[1] < 0
    assert not [note for note in notes(found) if "meteor" in note]


def test_a_risk_that_cannot_occur_is_known_at_once() -> None:
    found = sg.drivers(sg.parse(WORLD), indices=0, precision="flood/effect=0.1d")
    assert (found.precise, found.futures.replications) == (True, FIRST_LOOK)
    assert not [note for note in notes(found) if "flood" in note]


def test_indices_that_are_left_out_have_no_precision() -> None:
    with pytest.raises(sg.StaggerError, match=r"a precision of indices needs indices \(found total=1% and 0 rows"):
        sg.drivers(sg.parse(WORLD), indices=0, precision="total=1%")


def test_a_figure_of_nothing_is_precise() -> None:
    """Without risks there is no day saved by a mitigation: nothing is printed that could be imprecise."""
    scenario = sg.change(sg.parse(WORLD), {"risks": "{}"})
    found = sg.drivers(scenario, indices=0, precision="days=50d")
    assert half_widths(replace(found, exclusions=())) != half_widths(found)
    assert found.futures.replications == FIRST_LOOK
