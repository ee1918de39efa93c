"""The figure of latest dates: every mark lies where the document says, and its words say no more than that."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hard_scenarios import HOSTILE, LONG, hard
from latest_documents import ANY, KINDS, LAST, day, latest_document
from matplotlib.axes import Axes
from matplotlib.dates import num2date
from test_plots_layout import faults

import simulator as sg
from simulator.plots import Latest
from simulator.plots.figure import Illustration
from simulator.plots.reopened import gallery_of
from simulator.report.figures import HIGHEST
from simulator.report.studies import MOST_DRAWN
from simulator.studies.latest import ANY as ANY_DATE
from simulator.studies.latest import WITHOUT_DATE

NAMES = tuple(f"Cluster {number}" for number in range(len(KINDS)))


def drawn(document: Any) -> Illustration:
    return Latest(document).illustrate("latest-dates")


def rows_of(ax: Axes) -> dict[str, int]:
    """The row of each cluster, by its name beside it."""
    return {label.get_text(): int(place) for label, place in zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)}


def dated(x: float) -> str:
    return num2date(x).date().isoformat()


def marks(ax: Axes, row: int) -> dict[str, str]:
    """Date by shape of the marks in a row."""
    found = [line for line in ax.lines if line.get_ydata()[0] == row and line.get_marker() not in ("None", "")]  # type: ignore[index]
    return {f"{each.get_marker()}{each.get_markerfacecolor()}": dated(each.get_xdata()[0]) for each in found}  # type: ignore[index]


def band(ax: Axes, row: int) -> tuple[float, float] | None:
    """The ends of the interval drawn in a row."""
    lines = [each for each in ax.lines if each.get_linestyle() == "-" and list(each.get_ydata()) == [row, row]]
    return tuple(lines[0].get_xdata()) if lines else None  # type: ignore[return-value]


def beside(ax: Axes, row: int) -> str:
    (said,) = [text.get_text() for text in ax.texts if text.xy == (1, row)]  # type: ignore[attr-defined]
    return said


SCHEDULED, LATEST, BEST, AT_ONCE, NOT_ON = "swhite", "o#12436D", "owhite", "<#A3195B", "x#E05206"


def test_every_mark_lies_on_its_date() -> None:
    ax = drawn(latest_document(list(KINDS), shift=30)).axes
    # the soonest first; those that may go on any date behind them, those on none last
    found = {row: marks(ax, row) for row in range(len(KINDS))}
    scheduled = {SCHEDULED: day(60)}
    assert found[0] == {**scheduled, LATEST: day(20), AT_ONCE: day(0)}  # 10 days before the first would be too early
    assert found[1] == {**scheduled, LATEST: day(400), AT_ONCE: day(370)}
    assert found[2] == {**scheduled, LATEST: day(500), AT_ONCE: day(470), NOT_ON: day(90)}
    assert found[3] == {**scheduled, LATEST: LAST.isoformat()}
    assert found[4] == {**scheduled, BEST: day(0)}
    assert found[5] == {**scheduled, BEST: day(300)}
    assert list(rows_of(ax)) == [
        "dated, as far as can be told",
        "dated",
        "dated, but not on every earlier d…",
        "any",
        "on no date",
        "on none, the best later",
    ]


def test_a_band_is_the_interval_and_begins_at_the_edge_where_the_first_date_may_be_too_late() -> None:
    ax = drawn(latest_document(list(KINDS))).axes
    edge = ax.get_xlim()[0]
    low, high = band(ax, 0) or (0, 0)
    assert (low, dated(high)) == (edge, day(70))
    assert tuple(map(dated, band(ax, 1) or ())) == (day(380), day(430))
    assert tuple(map(dated, band(ax, 3) or ())) == (day(900), LAST.isoformat())
    assert band(ax, 4) is None  # on no date, whichever end of the chance's interval counts
    low, high = band(ax, 5) or (0, 0)
    assert (low, dated(high)) == (edge, day(330))


def test_rows_without_a_date_are_hatched_where_dates_were_looked_at() -> None:
    ax = drawn(latest_document(list(KINDS))).axes
    hatched = {round(bar.get_y() + bar.get_height() / 2): bar for bar in ax.patches}
    assert sorted(hatched) == [4, 5]
    for bar in hatched.values():
        assert (dated(bar.get_x()), dated(bar.get_x() + bar.get_width())) == (day(0), LAST.isoformat())
        assert bar.get_hatch()


def test_the_last_date_and_the_chance_on_it_stand_beside_each_row() -> None:
    ax = drawn(latest_document(list(KINDS))).axes
    assert [beside(ax, row) for row in range(len(KINDS))] == [
        "21 January 2025: 81%",
        "5 February 2026: 81%",
        "16 May 2026: 81%",
        "any date: 99%",
        "none: 10% at best",
        "none: 79% at best",
    ]


def test_only_those_that_have_the_days_are_said_to_go_so_much_earlier() -> None:
    """The soonest last date is 20 days after the first."""
    for shift, floor in ((20, False), (21, True)):
        figure = drawn(latest_document(list(KINDS), shift=shift))
        for said in (figure.finding, figure.alt):
            assert (f"{shift} days earlier (but none before the first day)" in said) is floor
            assert f"{shift} days earlier" in said


def keys(ax: Axes) -> set[str]:
    return {text.get_text() for text in ax.get_legend().get_texts()}  # type: ignore[union-attr]


def test_the_key_names_what_is_drawn_and_nothing_else() -> None:
    dot, interval = "last date that keeps 80%", "95% interval of the last date"
    none = {"best of the dates looked at", "no date looked at keeps 80%"}
    assert keys(drawn(latest_document(["A"], kinds=["dated"])).axes) == {"as scheduled", dot, interval}
    assert keys(drawn(latest_document(["A"], kinds=["on no date"])).axes) == {"as scheduled", *none}
    assert keys(drawn(latest_document(NAMES, shift=1)).axes) == {
        *("as scheduled", dot, interval, *none, "earlier, but does not keep 80%"),
        "last dates all at once: 1 day earlier",
    }
    floored = drawn(latest_document(NAMES, shift=1417)).axes  # more than there are days before the soonest
    assert "at once: 1,417 days earlier, or on the first day" in keys(floored)
    for shift in (0, None):  # on the very dates that are drawn already, and on no dates at all
        assert not any("at once" in name for name in keys(drawn(latest_document(NAMES, shift=shift)).axes))


def test_the_deadline_is_drawn_only_where_it_decides() -> None:
    document = latest_document(["A", "B"], kinds=["any", "on no date"])
    texts = [text.get_text() for text in drawn(document).axes.texts]
    assert "deadline" in texts
    for other in ({"by": "support"}, {"deadline": None}):
        assert "deadline" not in [text.get_text() for text in drawn({**document, **other}).axes.texts]


def test_where_nobody_has_a_date_all_that_was_looked_at_is_shown() -> None:
    ax = drawn(latest_document(["A"], kinds=["on no date"])).axes
    low, high = map(dated, ax.get_xlim())
    assert low < day(0) < LAST.isoformat() < high
    for kinds in (["dated"], ["dated", "on no date"]):
        near = drawn(latest_document(["A", "B"], kinds=kinds)).axes
        assert dated(near.get_xlim()[1]) < day(500)


def test_the_table_has_what_the_document_says_and_no_empty_columns() -> None:
    table = drawn(latest_document(NAMES, shift=30)).table
    rows = {row[0]: dict(zip(table.heads, row, strict=True)) for row in table.rows}
    assert rows["Cluster 1"] == {
        "Cluster": "Cluster 1",
        "As scheduled": date(2025, 3, 2),
        "In time as scheduled": 0.5,
        "Latest date": date(2026, 5, 16),
        "from": date(2026, 5, 6),
        "to": date(2026, 6, 5),
        "In time then": 0.81,
        "Best date": None,
        "In time on it": None,
        "Not on": date(2025, 4, 1),
        "In time on that day": 0.6,
        "All at once": date(2026, 4, 16),
    }
    assert (rows["Cluster 4"]["Latest date"], rows["Cluster 4"]["from"]) == ("no date", "no date")
    assert (rows["Cluster 4"]["In time then"], rows["Cluster 4"]["In time on it"]) == (None, 0.79)
    assert (rows["Cluster 5"]["Latest date"], rows["Cluster 5"]["to"]) == (ANY, ANY)
    alone = drawn(latest_document(["A"], kinds=["dated"])).table
    assert alone.heads == (
        "Cluster",
        "As scheduled",
        "In time as scheduled",
        "Latest date",
        "from",
        "to",
        "In time then",
    )


# -- of answers ------------------------------------------------------------------------------------------


def test_the_answer_and_its_folder_have_the_same_figure(tmp_path: Path) -> None:
    found = sg.latest(hard(3), 0.5, replications=60, seed=1)
    found.save(tmp_path / "latest")
    again = gallery_of(tmp_path / "latest")
    assert isinstance(again, Latest)
    ours = found.plot.illustrate("latest-dates")
    assert again.illustrate("latest-dates").file("svg") == ours.file("svg")
    for kind in ("svg", "png"):
        assert (tmp_path / "latest" / f"latest-dates.{kind}").read_bytes() == ours.file(kind)
    assert json.loads((tmp_path / "latest" / "manifest.json").read_text())["files"].keys() >= {"latest-dates.svg"}
    assert "seed 1" in ours.source


def test_the_table_is_the_summary_of_the_answer() -> None:
    found = sg.latest(hard(4), 0.5, by="support", replications=60, seed=1)
    document = found.summary()
    assert document["looked_at"] == ["2025-01-01", document["horizon"]]  # support may end after the deadline
    table = found.plot.illustrate("latest-dates").table
    assert {row[0] for row in table.rows} == {*document["clusters"]}
    for row in table.rows:
        said = document["clusters"][row[0]]
        latest, scheduled = row[table.heads.index("Latest date")], row[table.heads.index("As scheduled")]
        told = "no date" if said["latest"] in WITHOUT_DATE else said["latest"]
        assert told == (latest if latest in ("no date", ANY_DATE) else latest.isoformat())  # type: ignore[union-attr]
        assert said["scheduled"] == scheduled.isoformat()  # type: ignore[union-attr]


# -- nothing is cut and nothing overlaps -------------------------------------------------------------------


def named(count: int, hostile: bool = False, long: bool = False) -> list[str]:
    first = [f"{HOSTILE[number % len(HOSTILE)] if hostile else 'Cluster'} {number}" for number in range(count)]
    return [f"{name} {LONG * 3}" for name in first] if long else first


@pytest.mark.parametrize("kinds", [*([kind] for kind in KINDS), list(KINDS)], ids=[*KINDS, "all"])
@pytest.mark.parametrize("count", [1, 5])
def test_few_clusters(kinds: list[str], count: int) -> None:
    assert faults(drawn(latest_document(named(count), shift=60, kinds=kinds)).axes) == []


@pytest.mark.parametrize("shift", [60, *(pytest.param(each, marks=pytest.mark.slow) for each in (0, None))])
def test_fifty_long_hostile_names(shift: int | None) -> None:
    figure = drawn(latest_document(named(50, hostile=True, long=True), shift))
    assert faults(figure.axes) == []
    assert len(rows_of(figure.axes)) == len(figure.table.rows) == 50
    assert "<script" not in figure.file("svg").decode()


def test_more_clusters_than_there_are_lines_for_have_every_so_many_a_name() -> None:
    figure = drawn(latest_document(named(200), 60))
    assert faults(figure.axes) == []
    assert 30 < len(rows_of(figure.axes)) < 100
    assert len(figure.table.rows) == 200
    assert len(marks(figure.axes, 199)) == 2  # all have their marks


@pytest.mark.parametrize("long", [False, True], ids=["short names", "long names"])
@pytest.mark.parametrize("count", [1, 5, MOST_DRAWN])
def test_nothing_is_cut_in_the_body_of_a_briefing(count: int, long: bool) -> None:
    low = drawn(latest_document(named(count, long=long), shift=60)).lowered(HIGHEST)
    axes = low.draw(None)
    assert axes.figure.get_size_inches()[1] <= HIGHEST  # type: ignore[union-attr]
    assert faults(axes) == []


@pytest.mark.parametrize("by", ["deadline", "support"])
@pytest.mark.parametrize(
    "how",
    [
        {"clusters": 8, "hostile": True},
        pytest.param({"clusters": 1}, marks=pytest.mark.slow),
        pytest.param({"clusters": 5, "never": True}, marks=pytest.mark.slow),
        pytest.param({"clusters": 12, "long": True}, marks=pytest.mark.slow),
        pytest.param({"clusters": 4, "deadline": False}, marks=pytest.mark.slow),
        pytest.param({"clusters": 50, "long": True, "hostile": True}, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_answers(how: dict[str, Any], by: str) -> None:
    found = sg.latest(hard(**how), 0.5, by=by, replications=30, seed=3)
    figure = found.plot.illustrate("latest-dates")
    assert faults(figure.axes) == []
    assert figure.finding.endswith(".")
    assert any(sign.isdigit() for sign in figure.alt)


def test_axes_can_be_given() -> None:
    from matplotlib.figure import Figure

    ours = Figure(figsize=(9, 6), layout="constrained").add_subplot()
    assert Latest(latest_document(NAMES)).latest_dates(ax=ours) is ours
    assert not ours.figure.texts  # their owner places the words
