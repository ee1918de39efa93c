"""Chances of what nobody wants, in sentences: deadlines missed, systems without support."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.wording import count, share
from simulator.words.foremost import foremost
from simulator.words.likelihood import in_futures, likelihood
from simulator.words.said import length, listed, quoted

Row = Sequence[float | None]


def risk_finding(values: Sequence[Row], rows: Sequence[str], columns: Sequence[str], what: str, futures: int) -> str:
    """The largest chance on a map of clusters and schedules; ``what`` is what it is a chance of: ``being late``."""
    cells = [
        (f"{quoted(row)} under {quoted(name)}", p)
        for row, line in zip(rows, values, strict=True)
        for name, p in zip(columns, line, strict=True)
        if p is not None
    ]
    worst = foremost(cells, futures) if cells else None
    if worst is None or worst.p == 0:
        return f"In no future does any cluster run the risk of {what}."
    if worst.rivals:
        return f"These futures cannot tell whose risk of {what} is the highest: {worst.either}."
    equal = len(worst.names) - 1
    others = f" and of {count(equal, 'other cell')} of this table" if equal else ""
    return f"The highest risk of {what} is that of {worst.names[0]}{others}: in {in_futures(worst.p)}."


def risks_finding(
    late: Sequence[tuple[str, float]], unsupported: Sequence[tuple[str, float]], by: str, futures: int
) -> str:
    """Who is likeliest to be late, and who to be without support: names with chances; ``by`` says when late is."""
    if not late:
        return "Nobody goes to market."
    said = [_highest(late, f"not being live {by},", futures) or f"In every future every cluster is live {by}"]
    if unsupported:
        none = "no cluster uses a system without support in any"
        without = _highest(unsupported, "using a system without support", futures) or none
        said.append(f"{without[0].lower()}{without[1:]}")
    return f"{'; '.join(said)}."


def _highest(chances: Sequence[tuple[str, float]], what: str, futures: int) -> str:
    """Who runs a risk in most futures, and in how many; nothing where nobody does."""
    worst = foremost([(quoted(name), p) for name, p in chances], futures)
    if worst.rivals:
        return f"These futures cannot tell whose risk of {what} is the highest: {worst.either}"
    return f"The highest risk of {what} is that of {worst.who}: in {in_futures(worst.p)}" if worst.p else ""


def risk_alt(values: Sequence[Row], rows: Sequence[str], columns: Sequence[str], what: str) -> str:
    """Column by column, the highest and the lowest chance."""
    said = [_column([line[k] for line in values], rows, column) for k, column in enumerate(columns[:8])]
    return (
        f"A table of {len(rows)} by {len(columns)} shaded by the chance of {what}, the number in each cell; the "
        "highest and the lowest of each column are said here. "
        f"{'; '.join(said)}{_more(columns, 8)}."
    )


def _more(items: Sequence[object], told: int) -> str:
    return f"; {len(items) - told} more are in the table" if len(items) > told else ""


def _column(values: Row, rows: Sequence[str], column: str) -> str:
    known = [(p, row) for p, row in zip(values, rows, strict=True) if p is not None]
    if not known:
        return f"{quoted(column)}: not applicable"
    low, high = min(known, key=lambda each: each[0]), max(known, key=lambda each: each[0])
    if low[0] == high[0]:
        return f"{quoted(column)}: {likelihood(low[0])} throughout"
    return f"{quoted(column)}: {', '.join(f'for {quoted(row)} {likelihood(p)}' for p, row in (high, low))}"


def exposure_finding(systems: Sequence[tuple[str, float, float, float]], cut: bool = False) -> str:
    """Which system is likeliest to be used without support, and how long: names, chances, medians and P90s in days.

    ``cut`` says that some systems are still in use at the horizon, up to which days are counted.
    """
    if not systems:
        return "There are no legacy systems whose support ends."
    name, p, p50, p90 = max(systems, key=lambda each: (each[1], each[2]))
    if p == 0:
        return "No legacy system is used without support in any future."
    half = f"for {length(p50)} in the median" if p50 > 0 else "in half of futures for no day at all"
    tenth = f", for {length(p90)} or more in one in ten" if length(p90) not in (length(p50), length(0)) else ""
    counted = ", counted up to the horizon" if cut else ""
    return f"{quoted(name)} is used without support in {in_futures(p)}: {half}{tenth}{counted}."


def exposure_alt(
    systems: Sequence[tuple[str, float, float, float]], cut: bool = False, always: Sequence[str] = ()
) -> str:
    """System by system, the likeliest first; ``always`` are those whose support does not end."""
    counted = ", counted up to the horizon" if cut else ""
    ranked = sorted(systems, key=lambda each: (-each[1], -each[2]))
    said = [
        f"{quoted(name)}: any day without support {likelihood(p)}, median {length(p50)}, P90 {length(p90)}"
        for name, p, p50, p90 in ranked[:8]
    ]
    return (
        "For each legacy system a line from P10 to P90 of its days without support and a dot at the median"
        f"{counted}; an extension that was paid for is support. {'; '.join(said)}{_more(ranked, 8)}.{_always(always)}"
    )


def _always(names: Sequence[str]) -> str:
    return f" Support does not end for {listed(list(map(quoted, names)))}." if names else ""


def sweep_finding(chances: Sequence[tuple[float, str]], schedule: str, by: str) -> str:
    """From where to where the chance of being live ``by`` then goes; chances with the values that give them."""
    if not chances:
        return f"Under {quoted(schedule)} no value can be simulated."
    low, high = (end(p for p, _ in chances) for end in (min, max))
    first = f"Under {quoted(schedule)} every cluster is live {by} in {in_futures(high)}"
    if low == high:
        return f"{first}, whatever the value."
    return f"{first} with {_with(chances, high)}, in {in_futures(low)} with {_with(chances, low)}."


def _with(chances: Sequence[tuple[float, str]], p: float) -> str:
    """The first value with a chance, and how many others have it, too."""
    first, *others = (where for each, where in chances if each == p)
    return f"{first} (and at {count(len(others), 'other point')})" if others else first


def sweep_alt(chances: Sequence[tuple[float, str]], infeasible: int, what: Sequence[str], timed: str) -> str:
    """Point by point, as far as there is room: chances with the values alone, of ``what`` is said once."""
    said = [f"{share(p)} at {values}" for p, values in chances[:20]]
    cannot = f" At {count(infeasible, 'point')} there is no answer." if infeasible else ""
    points = f"{'; '.join(said)}{_more(chances, 20)}"
    return f"The chance that every cluster is live {timed}, by {listed(what)}: {points}.{cannot}"
