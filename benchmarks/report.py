"""The table, and the targets beside what was measured. Nothing is asserted: the machine decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.clock import Layers
from benchmarks.peers import MEAN_LAST
from benchmarks.peers.table import OURS, PEERS
from benchmarks.studies import StudyTime

REAL: Final = "real scenario"
LAYERS: Final = ("draws", "engine", "outcomes", "whole")


@dataclass(frozen=True)
class Row:
    """A scenario under an engine, or its yardstick."""

    scenario: str
    engine: str
    workers: int
    activities: int
    variables: int
    deep: int
    layers: Layers = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.scenario}, {self.engine}, {self.workers}"


@dataclass(frozen=True)
class Measured:
    """Everything of one run."""

    rows: list[Row]
    peers: dict[str, Layers]
    shell: float
    megabytes: float | None
    studies: Sequence[StudyTime] = ()

    def seconds(self, scenario: str, engine: str, layer: str, workers: int = 1) -> float | None:
        """Seconds per replication, None where it was not measured."""
        wanted = Row(scenario, engine, workers, 0, 0, 0).key
        return next((row.layers[layer] for row in self.rows if row.key == wanted), None)

    def against(self, peer: str) -> float | None:
        """How many times faster we are on the five clusters, None where it is not installed."""
        found = self.peers.get(peer)
        return found["whole"] / self.peers[OURS]["whole"] if found else None

    def shallow(self, scenario: str) -> float:
        """The share of a scenario's variables that are not deep."""
        return next(1 - row.deep / row.variables for row in self.rows if row.scenario == scenario)


def show(console: Console, about: str, rounds: int, measured: Measured) -> None:
    """Print everything."""
    console.print(about, highlight=False)
    counted = "one round" if rounds == 1 else f"medians of {rounds} interleaved rounds"
    console.print(f"Other work on the machine makes every time longer; compare within this table only ({counted}).\n")
    console.print("Our own time", style="italic")
    console.print(_layers(measured.rows))
    console.print(
        "draws: draw and prepare; outcomes: measure, tally and summary; whole: run and summary, measured by itself.\n"
        "yardstick: one Generator.lognormal per variable drawn; few replications need those that are deep.\n",
        highlight=False,
    )
    console.print("Five clusters, two slots; draws included, one thread", style="italic")
    console.print(_peers(measured.peers))
    if measured.studies:
        console.print("\nStudies, 10,000 futures, as many processes as cores", style="italic")
        console.print(_studies(measured.studies))
    console.print("\nTargets", style="italic")
    console.print(_targets(measured))


def _layers(rows: list[Row]) -> Table:
    table = _table("scenario", "activities", "variables", "deep", "engine", "threads")
    for layer in LAYERS:
        table.add_column(f"{layer}\nreps/s", justify="right")
    for layer in LAYERS:
        table.add_column(f"{layer}\nµs/act.", justify="right")
    before = ""
    for row in rows:
        first = (row.scenario, str(row.activities), str(row.variables), str(row.deep))
        seconds = [row.layers.get(layer) for layer in LAYERS]
        table.add_row(
            *(first if row.scenario != before else ("",) * 4),
            row.engine,
            str(row.workers),
            *("" if each is None else _number(1 / each) for each in seconds),
            *("" if each is None else _number(1e6 * each / row.activities) for each in seconds),
        )
        before = row.scenario
    return table


def _peers(peers: dict[str, Layers]) -> Table:
    table = _table("library", "replications/s", "stagger is faster", f"mean last day ({MEAN_LAST:g})")
    for peer in PEERS:
        found = peers.get(peer.name)
        if found is None:
            table.add_row(peer.name, "not installed", "", "")
        else:
            faster = found["whole"] / peers[OURS]["whole"]
            table.add_row(peer.name, _number(1 / found["whole"]), f"{_number(faster)} ×", f"{found['mean last']:.0f}")
    return table


def _studies(studies: Sequence[StudyTime]) -> Table:
    table = _table("study", "target", "measured", "replications played", "replications/s")
    for each in studies:
        cells = (f"< {each.target:g} s", f"{each.seconds:.2f} s", f"{each.played:,}", _number(each.per_second))
        table.add_row(each.name, *cells)
    return table


def _targets(measured: Measured) -> Table:
    table = _table("what", "target", "measured")
    engines = _ratio(measured.seconds(REAL, "events", "engine"), measured.seconds(REAL, "batch", "engine"))
    whole = _ratio(measured.seconds(REAL, "batch", "whole"), measured.seconds(REAL, "yardstick", "whole"))
    table.add_row("batch engine against SimPy engine, real scenario", "≥ 150 ×", _times(engines))
    for name, target in (("Cimba", "≥ 20 ×"), ("Cimba, seeds ready", "")):
        table.add_row(f"five clusters, two slots, against {name}", target, _times(measured.against(name)))
    table.add_row("run against the yardstick, one thread, real scenario", "≤ 4 ×", _times(whole))
    shallow = measured.shallow(REAL)
    table.add_row("the same, were the deep variables free", "", _times(None if whole is None else whole / shallow))
    for layer in LAYERS:
        many, few = (measured.seconds(f"{size} clusters", "batch", layer) for size in (50, 5))
        growth = _ratio(many, few)
        table.add_row(
            f"cost per cluster, 50 against 5 clusters: {layer}",
            "≤ 1.5 ×",
            _times(None if growth is None else growth / 10),
        )
    megabytes = "not measured" if measured.megabytes is None else f"{measured.megabytes / 1000:.2f} GB"
    table.add_row("peak memory of 1,000,000 replications", "< 1.5 GB", megabytes)
    table.add_row("warm `stagger run`, 10,000 replications", "< 1.5 s", f"{measured.shell:.2f} s")
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    return table


def _ratio(above: float | None, below: float | None) -> float | None:
    return None if above is None or below is None else above / below


def _times(ratio: float | None) -> str:
    return "not measured" if ratio is None else f"{_number(ratio)} ×"


def _number(value: float) -> str:
    """Three significant digits or all whole ones."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
