"""How late clusters may go to market, in sentences that say which clusters they are about."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.wording import count, share
from simulator.words.said import MOST_NAMED, listed, quoted


def out_of_reach(chances: Sequence[tuple[str, float]], clusters: int, confidence: float, most: int = MOST_NAMED) -> str:
    """Which of so many clusters no date is early enough for, with their chances on the first day.

    The first ``most`` are named. Empty where there are none.
    """
    if not chances:
        return ""
    said = [f"{quoted(name)} ({share(p)} then)" for name, p in chances]
    whose = f"the {count(clusters, 'cluster')} whose date can be moved"
    if len(chances) == clusters:
        who = f"None of {whose} reaches" if clusters > 1 else "The only cluster whose date can be moved does not reach"
    else:
        who = f"{len(chances):,} of {whose} {'do' if len(chances) > 1 else 'does'} not reach"
    return f"{who} {share(confidence)} on any date, not even on the first day: {listed(said, most)}."


def best_of(cluster: str, best: str, chance: float, confidence: float) -> str:
    """That no date that was looked at is enough for a cluster, nor the first the best."""
    return (
        f"{quoted(cluster)} does not reach {share(confidence)} on any date that was looked at: the best is {best}, "
        f"with {share(chance)}."
    )


def not_before(cluster: str, day: str, chance: float) -> str:
    """That a cluster's last date does not stand for all before it."""
    return (
        f"{quoted(cluster)} may not go on every earlier date, for later is not always riskier: on {day} it is in time "
        f"in {share(chance)} of futures."
    )


def at_once(dated: Sequence[str], confidence: float, all_in_time: float, shift: int | None) -> str:
    """What becomes of the clusters that have a latest date when all of them go on theirs.

    ``shift`` is by how many days all must go earlier for each to keep the confidence; None where no shift is enough.
    Empty where fewer than two have a date: then nothing happens at once.
    """
    if len(dated) < 2:
        return ""
    who = f"the {len(dated):,} clusters with a date ({listed([quoted(each) for each in dated])})"
    if shift == 0:
        kept = f"each of them still keeps {share(confidence)}"
    elif shift is None:
        kept = f"at least one of them no longer keeps {share(confidence)}, however much earlier all of them go"
    else:
        kept = (
            f"at least one of them no longer keeps {share(confidence)}: for each to do so, all would have to go "
            f"{count(shift, 'day')} earlier"
        )
    whole = "both" if len(dated) == 2 else f"all {len(dated):,}"
    return (
        f"With {who} on these dates at once, {kept}; {whole} are in time together in {share(all_in_time)} of futures."
    )
