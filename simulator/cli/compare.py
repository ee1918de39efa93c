"""`stagger compare`: which schedule is better, and are we sure?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from simulator.cli import options, screen
from simulator.cli.options import Detail
from simulator.wording import SELDOM_MARK, count, cut_off, of_futures, printable, seldom_mark, share, unreached

if TYPE_CHECKING:
    from simulator.studies.compare import Comparison
    from simulator.studies.contenders import Contender
    from simulator.studies.pairs import Pair
    from simulator.studies.regret import Regret

LONGEST_NAME: Final = 26
SHOWN: Final = ("on_time", "finish.p80", "unsupported_days", "cost", "npv")
"""Measures in the table of pairs, unless more is asked for."""
MOST_NAMED: Final = 3
"""Schedules named where it cannot be told which is best, at most."""
MOST_COUPLES: Final = 6
"""Pairs of schedules up to which all are shown."""


@click.command(short_help="Which schedule is better, and are we sure?")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--schedule", "schedules", multiple=True, metavar="NAME", help="One to compare; repeat it.  [default: all]"
)
@options.outside
@options.futures
@options.figures_precision(
    "late=1%, p80=7d, cost=0.5 of the difference of every pair; better.p80=1% of the chance that one is better; "
    "time=7d, time.parts=7d of where the time went; regret.p80=7d"
)
@options.out
@options.as_json
@options.detail
def compare(
    files: tuple[Path, ...],
    outside: bool,
    schedules: tuple[str, ...],
    out: Path | None,
    as_json: bool,
    detail: Detail,
    **how: Any,
) -> None:
    """Set schedules side by side in the same futures; several files are alternative worlds.

    Says which is better only where the futures can tell, all pairs and measures taken together. More capacity can make
    somebody later in some futures: docs/anomalies.md says why.
    """
    from simulator.scenario import load
    from simulator.studies.compare import compare as set_side_by_side

    scenarios = [load(file, outside) for file in files]
    with screen.progress(detail is Detail.QUIET) as progress:
        answer = set_side_by_side(
            scenarios, schedules or None, progress=progress, summaries=as_json or out is not None, **how
        )
    if out is not None:
        answer.save(out, options.command_line())
    if as_json:
        options.print_json(answer.summary())
        return
    show(answer, detail)
    if out is not None and detail is not Detail.QUIET:
        screen.say(f"Written to {out}.")


def show(answer: Comparison, detail: Detail) -> None:
    """Print the answer: a sentence, the ranking, the pairs, where the time went, and what to mind."""
    screen.say(str(answer))
    if detail is Detail.QUIET:
        return
    worded = _Worded(answer)
    names = [name for name in answer.ranking if detail is Detail.FULL or name in SHOWN]
    for title, heads, rows in worded.rankings(names):
        screen.table(title, heads, rows)
    couples = worded.couples(detail)
    for a, b in couples:
        screen.table(f"“{a}” (A) and “{b}” (B) in the same futures", *worded.pairs(a, b, names, detail))
        if detail is Detail.FULL:
            screen.table(f"Days by which clusters are live later under A (“{a}”)", *worded.time(a, b))
    if len(couples) < len(answer.time):
        click.echo()
        where = " in its world" if len({each.world for each in answer.contenders}) > 1 else ""
        screen.say(f"Shown are all pairs with the schedule ranked first{where}; -v shows the others.")
    if answer.regret:
        title = "Regret: what each schedule gives away at worst in any world (95% interval)"
        screen.table(title, *worded.regret(names))
        click.echo()
        for line in worded.least_regret(names):
            screen.say(line)
    for line in worded.notes(couples, len(names)):
        click.echo()
        screen.say(line)


class _Worded:
    """The rows of the tables."""

    def __init__(self, answer: Comparison) -> None:
        from simulator.studies.measures import MEASURES

        self.answer = answer
        self.measures = MEASURES
        first = answer.contenders[0].scenario
        self.unit, self.start = first.money.unit, first.start

    def rankings(self, names: list[str]) -> Iterator[tuple[str, list[str], list[list[str]]]]:
        """Title, heads and rows of a table for each world, or of one where each has but one schedule."""
        heads = ["schedule", *(self._head(name) for name in names)]
        worlds: dict[str, list[Contender]] = {}
        for each in self.answer.contenders:
            worlds.setdefault(each.world, []).append(each)
        alone = [here[0] for here in worlds.values() if len(here) == 1]
        if len(alone) == len(worlds):
            yield "In each world", heads, [self._ranked(each, names, each.name, places=False) for each in alone]
            return
        for world, here in worlds.items():
            where = f" in “{world}”" if len(worlds) > 1 else ""
            rows = [self._ranked(each, names, each.schedule, places=len(here) > 1) for each in here]
            yield f"Ranking{where} (equal places: these futures cannot tell)", heads, rows

    def _ranked(self, contender: Contender, names: list[str], called: str, places: bool) -> list[str]:
        return [_short(called), *(self._standing(name, contender.name, places) for name in names)]

    def _standing(self, name: str, contender: str, places: bool) -> str:
        standing = next(each for each in self.answer.ranking[name] if each.name == contender)
        place = f"{standing.place}. " if places else ""
        return f"{place}{self._value(name, standing.value)}{seldom_mark(standing.rests_on)}"

    def couples(self, detail: Detail) -> list[tuple[str, str]]:
        """Who is shown beside whom: everybody, or where they are many all beside the first of a world's ranking."""
        found = [(each.a, each.b) for each in self.answer.time]
        if len(found) <= MOST_COUPLES or detail is Detail.FULL:
            return found
        firsts: dict[str, str] = {}
        for each in self.answer.ranking["finish.p80"]:
            firsts.setdefault(each.world, each.name)
        return [(a, b) for a, b in found if a in firsts.values() or b in firsts.values()]

    def pairs(self, a: str, b: str, names: list[str], detail: Detail) -> tuple[list[str], Iterator[list[str]]]:
        heads = ["measure", "A less B", "from", "to", "A better", "B better", "better"]
        here = (pair for pair in self.answer.pairs if (pair.a, pair.b) == (a, b) and pair.measure in names)
        return heads, (self._pair(pair, detail) for pair in here)

    def _pair(self, pair: Pair, detail: Detail) -> list[str]:
        figures = [self._bare(pair.measure, figure) for figure in (pair.difference, *(pair.interval or (None, None)))]
        chances = [share(pair.p_a_better), share(pair.p_b_better)]
        if detail is Detail.FULL:
            margins = [(high - low) / 2 for low, high in (pair.a_better_interval, pair.b_better_interval)]
            chances = [f"{chance} ±{100 * margin:.1f}" for chance, margin in zip(chances, margins, strict=True)]
        verdict = {"a": "A", "b": "B"}.get(pair.verdict, pair.verdict)
        return [self._with_unit(pair.measure), *figures, *chances, verdict]

    def _with_unit(self, name: str) -> str:
        """A measure's head with the unit of its differences, so that the figures need none and fit side by side."""
        unit = "points" if name == "on_time" else "d" if name.startswith("finish") else ""
        return f"{self._head(name)}, {unit}" if unit else self._head(name)

    def time(self, a: str, b: str) -> tuple[list[str], Iterator[list[str]]]:
        """The parts that differ, and the whole."""
        found = next(each for each in self.answer.time if (each.a, each.b) == (a, b))
        parts = [(part, days, found.intervals[part]) for part, days in found.parts.items() if days]
        whole = "in all", found.total.value or 0.0, found.total.interval
        rows = ([part, *map(_days, (days, *(ends or (None, None))))] for part, days, ends in (*parts, whole))
        return ["", "days", "from", "to"], rows

    def regret(self, names: list[str]) -> tuple[list[str], Iterator[list[str]]]:
        found = [each for each in self.answer.regret if each.measure in names]
        heads = ["schedule", *(self._with_unit(each.measure) for each in found)]
        rows = ([_short(name), *(self._given_away(each, name) for each in found)] for name in found[0].worst)
        return heads, rows

    def _given_away(self, regret: Regret, schedule: str) -> str:
        said = self._bare(regret.measure, regret.worst[schedule]).lstrip("+")
        if regret.worst_interval[schedule] is None:
            return said
        low, high = (self._bare(regret.measure, end).lstrip("+") for end in regret.worst_interval[schedule] or ())
        return f"{said} ({low} to {high})"

    def least_regret(self, names: list[str]) -> Iterator[str]:
        """Of each measure, the schedule to choose by it."""
        for each in self.answer.regret:
            if each.measure in names:
                yield f"Least regret ({self._head(each.measure)}): {_least(each)}."

    def notes(self, couples: list[tuple[str, str]], shown: int) -> Iterator[str]:
        from simulator.studies.pairs import borne_out

        answer = self.answer
        yield from (each.words for each in answer.time if (each.a, each.b) in couples)
        for each in answer.dominance:
            two = {(each.better, each.worse), (each.worse, each.better)}
            if not two & {*couples} or not borne_out(each, answer.pairs):
                continue
            risk = "however one feels about risk" if each.order == "first" else "for all who dislike risk"
            who = f"“{each.better}” is better than “{each.worse}”"
            yield f"{each.where} {who} in {self.measures_of(each.measure)}, {risk}."
        if late := self._late():
            yield cut_off(late, self._value("finish", answer.contenders[0].network.horizon))
        if saved := self._saved():
            yield saved
        if any(seldom_mark(each.rests_on) for standings in answer.ranking.values() for each in standings):
            yield f"{SELDOM_MARK} rests on few futures: almost all others have the same value."
        if not answer.precise:
            yield unreached(answer.replications)
        yield (
            f"{count(answer.replications, 'future')}, seed {answer.seed}, {answer.sampling} sampling, "
            f"{answer.engine} engine. {self._corrected(shown)}"
        )

    def _corrected(self, shown: int) -> str:
        """How many comparisons verdicts allow for, those that are not shown among them."""
        pairs, measures = len(self.answer.time), len(self.measures)
        others = f", of which -v shows the other {measures - shown}" if shown < measures else ""
        return (
            f"Verdicts are corrected (Holm) for all {count(len(self.answer.pairs), 'comparison')}, "
            f"{count(pairs, 'pair')} by {measures} measures{others}; intervals are not."
        )

    def _late(self) -> str:
        """In how many futures somebody is not live by the horizon; nothing where all are."""
        late = {name: record.unfinished for name, record in self.answer.records.items()}
        if not any(late.values()):
            return ""
        if len(late) > MOST_NAMED:
            return of_futures([*late.values()])
        first, *others = (f"{share(p)}{{}} under “{_short(name)}”" for name, p in late.items())
        return ", ".join([first.format(" of futures"), *(each.format("") for each in others)])

    def measures_of(self, column: str) -> str:
        return {"finish": "the last go-live", "npv": "net present value"}.get(column, column)

    def _saved(self) -> str:
        """How much the same futures are worth."""
        found = [pair.variance_removed for pair in self.answer.pairs if pair.variance_removed is not None]
        if not found:
            return ""
        low, high = share(min(found)), share(max(found))
        removed = low if low == high else f"{low} to {high}"
        return f"Meeting the same futures removed {removed} of the variance of differences of means."

    def _head(self, name: str) -> str:
        heads: dict[str, str] = {
            "on_time": "on time" if self.answer.has_deadline else "live by the horizon",
            "finish.mean": "last live, mean",
            "finish.p50": "last live, P50",
            "finish.p80": "last live, P80",
            "unsupported_days": "days unsupported",
            "cost": f"cost, {self.unit}",
            "npv": f"NPV, {self.unit}",
        }
        return heads.get(name, name)

    def _value(self, name: str, value: float | None) -> str:
        from simulator.days import date_of

        if value is None:
            return "later" if name.startswith("finish.p") else "–"
        if name.startswith("finish"):
            return date_of(value, self.start).isoformat()
        return share(value) if name == "on_time" else _figure(value)

    def _bare(self, name: str, value: float | None) -> str:
        """A change without its unit."""
        return self._change(name, value).partition(" ")[0]

    def _change(self, name: str, value: float | None) -> str:
        if value is None:
            return "–"
        if name == "on_time":
            return f"{100 * value:+.1f} points"
        return f"{value:+,.0f} d" if name.startswith("finish") else _signed(value)


def _least(regret: Regret) -> str:
    """The schedule, or those that tie in these futures, or between which they cannot tell."""
    found = regret.may_be_least
    if not found:
        return "not known, for each is after the horizon in some world"
    if len(found) == 1:
        return f"“{found[0]}”"
    if set(found) == set(regret.least):
        return "all tie" if len(found) == len(regret.worst) else f"{_listed(found, 'and')} tie"
    if len(found) > MOST_NAMED:
        return f"these futures cannot tell, it may be any of {len(found)}"
    return f"these futures cannot tell, it may be {_listed(found, 'or')}"


def _listed(names: Sequence[str], word: str) -> str:
    quoted = [f"“{name}”" for name in names]
    return f"{', '.join(quoted[:-1])} {word} {quoted[-1]}"


def _days(value: float | None) -> str:
    return "–" if value is None else f"{value:+,.1f}"


def _short(name: str) -> str:
    """A name that fits into a column; what is cut out is its middle, for names often differ at their ends."""
    clean = printable(name)
    if len(clean) <= LONGEST_NAME:
        return clean
    end = LONGEST_NAME // 2
    return f"{clean[: LONGEST_NAME - end - 1]}…{clean[-end:]}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{_figure(value)}"
