"""`stagger drivers`: what drives the risk, and what is worth fixing first?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from simulator.cli import options, screen
from simulator.cli.options import Detail
from simulator.wording import between, column_share, count, share, unreached

if TYPE_CHECKING:
    from simulator.analysis.paired import Difference
    from simulator.analysis.sensitivity import Index, Tail
    from simulator.studies.drivers import Drivers
    from simulator.studies.drivers.answer import Bar
    from simulator.studies.drivers.exclusion import Exclusion

SHOWN: Final = 10
"""Rows of each table, unless more is asked for."""
WORDS_OF_UNITS: Final = {"on_time": "points", "failures": "failures"}
ROOMY: Final = 100
"""Columns from which there is room for the interval of a tail's mean beside it."""
HALF_BAR: Final = 6
"""Characters of a bar on either side of the axis."""


@click.command(short_help="What drives the risk, and what is worth fixing first?")
@options.file
@options.outside
@click.option(
    "--of",
    default="finish",
    show_default=True,
    metavar="OUTCOME",
    help="finish, on_time, days_late, unsupported_days, cost, npv, …; with --cluster also go_live, award, …",
)
@click.option("--cluster", metavar="NAME", help="The cluster whose outcome it is.  [default: the programme's]")
@click.option(
    "--by",
    type=click.Choice(("stage", "cluster", "input")),
    default="stage",
    show_default=True,
    help="What inputs are gathered by for exclusion and indices: stage across clusters, cluster, or not at all.",
)
@click.option(
    "--indices",
    type=click.IntRange(min=0),
    metavar="N",
    help="How many futures in the design for Sobol' indices, played once for each source: 64 or more; 0 leaves "
    "them out.  [default: 2048, or -n where fewer]",
)
@options.schedule
@options.futures
@options.figures_precision(
    "effect=2d, p80=7d, cost=0.5 or day_saved=0.1 of what is changed; correlation=0.02; critical=1%, waited=1%; "
    "first=2%, total=2% of Sobol' indices, for which --indices is the most"
)
@options.out
@options.as_json
@options.detail
def drivers(file: Path, outside: bool, out: Path | None, as_json: bool, detail: Detail, **how: Any) -> None:
    """Find what drives an outcome: what it moves with, what each risk, source and mitigation changes, and what binds.

    Everything is worked out in the same futures. docs/drivers.md says what the figures mean and where they mislead.
    """
    from simulator.scenario import load
    from simulator.studies.drivers import drivers as find

    with screen.progress(detail is Detail.QUIET) as progress:
        answer = find(load(file, outside), progress=progress, **how)
    if out is not None:
        answer.save(out, options.command_line())
    if as_json:
        options.print_json(answer.summary())
        return
    screen.say(str(answer))
    if detail is Detail.QUIET:
        return
    _Shown(answer, detail).show()
    if out is not None:
        screen.say(f"Written to {out}.")


class _Shown:
    """The tables on the screen."""

    def __init__(self, answer: Drivers, detail: Detail) -> None:
        self.answer = answer
        self.aim = answer.aim
        self.unit = answer.scenario.money.unit
        self.full = detail is Detail.FULL
        self.most = None if self.full else SHOWN

    def show(self) -> None:
        from simulator.studies.drivers.finding import notes

        self._exclusions()
        self._tornado()
        self._shares()
        self._critical()
        self._binding()
        missed = [] if self.answer.precise else [self._unreached()]
        for note in [*notes(self.answer), *missed, self._how()]:
            click.echo()
            screen.say(note)

    def _table(self, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], text: int = 1) -> None:
        screen.table(title, heads, rows[: self.most], text_columns=text)
        left = len(rows) - len(rows[: self.most])
        if left:
            click.echo(f"… and {left} more with -v")

    def _exclusions(self) -> None:
        found = self.answer.exclusions
        for how, title in (
            ("switched off", "Each risk switched off"),
            ("mitigated", "Each mitigation applied"),
            ("not mitigated", "Each mitigation withdrawn"),
            ("at its median", "Each source of uncertainty held at its median"),
        ):
            rows = [self._exclusion(each) for each in found if each.how == how]
            self._table(f"{title}: what changes", self._heads(priced="mitigat" in how), rows)

    def _heads(self, priced: bool) -> list[str]:
        unit = self.unit if self.aim.is_money else WORDS_OF_UNITS.get(self.aim.name, "days")
        what = self.aim.name.replace("_", " ")
        heads = ["", what if unit in what else f"{what}, {unit}"]
        heads += ["go-live, days"] if self._apart else []
        heads += self._p80(priced, "P80, days", "95% interval")
        heads += [f"cost, {self.unit}"] if self._costs else []
        priced_heads = ["price", "a day saved", *(["95% interval"] if self._roomy else [])]
        return [*heads, *priced_heads] if priced else heads

    @property
    def _apart(self) -> bool:
        """Whether the outcome is another than the go-live that days are counted by."""
        return self.aim != self.aim.finishing

    @property
    def _costs(self) -> bool:
        """Whether the programme's cost is another outcome than the one asked for."""
        return self.aim.name != "cost" or self.aim.cluster is not None

    @property
    def _roomy(self) -> bool:
        """Whether there is room for the interval of a day saved, which is in the files in any case."""
        return self.full or not self._apart

    def _p80(self, priced: bool, value: str, interval: str) -> list[str]:
        """As much of the P80 as there is room for."""
        if self.full:
            return [value, interval]
        if priced:
            return []
        return [value] if self._apart else [value, interval]

    def _exclusion(self, each: Exclusion) -> list[str]:
        priced = each.price is not None
        cells = [each.name, _with_margin(each.effect, 100 if self.aim.is_share else 1)]
        cells += [_with_margin(each.days)] if self._apart else []
        low, high = each.p80.interval or (None, None)
        interval = "–" if low is None else f"{_signed(low)} to {_signed(high)}"
        cells += self._p80(priced, _signed(each.p80.value), interval)
        cells += [_with_margin(each.cost)] if self._costs else []
        if each.price is None:
            return cells
        return [*cells, _figure(each.price), *_per_day(each)[: None if self._roomy else 1]]

    def _tornado(self) -> None:
        title = "What it moves with, and its mean where that is lowest and highest"
        heads = ["", "rank corr.", "", "lowest tenth", "highest tenth"]
        strongest = max((abs(bar.correlation.value) for bar in self.answer.tornado if bar.correlation), default=1.0)
        rows = [self._bar(bar, strongest) for bar in self.answer.tornado]
        self._table(title, heads, rows)

    def _bar(self, bar: Bar, strongest: float) -> list[str]:
        found = bar.correlation
        ends = [self._tail(bar.low), self._tail(bar.high)]
        if found is None:
            return [bar.input, "–", _drawn(0.0), *ends]
        half = (found.interval[1] - found.interval[0]) / 2
        return [bar.input, f"{found.value:+.2f} ±{half:.2f}", _drawn(found.value / (strongest or 1.0)), *ends]

    def _tail(self, tail: Tail) -> str:
        """The mean in a tail, and half of its interval where there is room."""
        if not self.full or screen.width() < ROOMY or tail.interval is None:
            return self._value(tail.mean)
        scale = 100 if self.aim.is_share else 1
        unit = " d" if self.aim.is_date else ""
        return f"{self._value(tail.mean)} ±{_margin(scale * (tail.interval[1] - tail.interval[0]) / 2)}{unit}"

    def _value(self, value: float) -> str:
        if self.aim.is_date:
            from simulator.days import date_of

            return date_of(round(value), self.answer.scenario.start).isoformat()
        return share(value) if self.aim.is_share else _figure(value)

    def _shares(self) -> None:
        found = self.answer.shares
        if found is None:
            return
        rows = [[each.source, *_index(each.first), *_index(each.total)] for each in found.of]
        heads = ["", "alone", "95% interval", "in all", "95% interval"]
        self._table("Whose uncertainty it is: shares of the variance (Sobol’ indices)", heads, rows)

    def _critical(self) -> None:
        rows = [[each.stage, column_share(each.share), between(list(each.interval))] for each in self.answer.critical]
        whose = "the last go-live" if self.aim.cluster is None else f"the go-live of {self.aim.cluster}"
        self._table(f"Critical for {whose}", ["", "in futures", "95% interval"], rows)

    def _binding(self) -> None:
        rows = [
            [each.what, each.kind, column_share(each.share), column_share(each.largest), f"{each.mean_days:,.1f}"]
            for each in self.answer.binding
        ]
        whose = "the cluster live last" if self.aim.cluster is None else self.aim.cluster
        heads = ["", "", "in futures", "longest wait in", "days, mean"]
        self._table(f"What {whose} waited for", heads, rows, text=2)

    def _unreached(self) -> str:
        answer = self.answer
        if answer.of_indices and answer.shares is not None:
            return unreached(answer.shares.size, "rows of the design for indices", "--indices")
        return unreached(answer.futures.replications)

    def _how(self) -> str:
        answer = self.answer
        design = ""
        if answer.shares is not None:
            design = f", Sobol’ indices from {count(answer.shares.size, 'row')} of Saltelli’s design"
        sampling = f"{answer.futures.sampling} sampling, {answer.futures.engine} engine"
        return (
            f"Under “{answer.schedule}”, {count(answer.futures.replications, 'future')}{design}, seed {answer.seed}, "
            f"{sampling}. Changes are of means where nothing else is said, ± half a 95% interval. A risk of 50% or "
            "less does not occur at its median, and is only listed as switched off. Cost is the programme’s, with the "
            "price of a mitigation; “pays” is one that surely costs less than it saves."
        )


def _drawn(part: float) -> str:
    """A bar to the left or the right of an axis; ``part`` is from -1 to 1."""
    length = round(abs(part) * HALF_BAR)
    left, right = ("█" * length, "") if part < 0 else ("", "█" * length)
    return f"{left:>{HALF_BAR}}│{right:<{HALF_BAR}}"


def _index(index: Index) -> list[str]:
    low, high = index.interval
    value, low, high = (round(100 * of, 1) + 0.0 for of in (index.value, low, high))
    return [f"{value:.1f}%", f"{low:.1f} to {high:.1f}"]


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _per_day(each: Exclusion) -> tuple[str, str]:
    """What a day saved costs, or whether it pays as far as these futures can tell, and the interval."""
    if each.per_day is None or each.per_day_interval is None:
        return "–", "–"
    low, high = each.per_day_interval
    said = "pays" if high < 0 else "cannot tell" if low <= 0 <= high and low < high else _figure(each.per_day)
    return said, f"{_figure(low)} to {_figure(high)}"


def _with_margin(of: Difference, scale: float = 1) -> str:
    """A difference and half the width of its interval."""
    if of.value is None or of.interval is None:
        return _signed(of.value, scale)
    return f"{_signed(of.value, scale)} ±{_margin(scale * (of.interval[1] - of.interval[0]) / 2)}"


def _margin(half: float) -> str:
    return f"{half:,.0f}" if half >= 10 else f"{half:.2g}"


def _signed(value: float | None, scale: float = 1) -> str:
    if value is None:
        return "–"
    text = _figure(scale * value)
    return f"+{text}" if value > 0 and text != "0" else text
