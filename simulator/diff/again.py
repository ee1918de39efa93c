"""The programme's totals future by future, which no folder holds: simulated again, and only believed if they agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np

from simulator.analysis.paired import Values
from simulator.diff.opened import Opened
from simulator.errors import StaggerError
from simulator.network import compile_network
from simulator.outcomes import Outcomes
from simulator.reopen import difference
from simulator.studies.contenders import Contender
from simulator.studies.futures import Futures
from simulator.studies.playing import playing
from simulator.summary import Tally, summarise

TOTALS: Final = ("unsupported_days", "failures", "cost", "npv")


@dataclass(frozen=True, eq=False)
class _Kept:
    """What is kept of some futures: what the summary is made of, and (N,) of each of `TOTALS`."""

    tally: Tally
    totals: Mapping[str, Values]


def totals_again(run: Opened) -> Mapping[str, Values] | None:
    """(N,) of each of `TOTALS`; None where this version of stagger finds other answers than the run's folder holds."""
    said, scenario = run.summary, run.scenario
    try:
        futures = Futures.of(run.replications, said["seed"], said["sampling"], said["engine"], None)
        network = compile_network(scenario, said["schedule"])
    except StaggerError:
        return None
    draws = futures.draws(scenario)
    contender = Contender("run", "world", scenario, network)
    with playing([contender], {"world": draws}, futures, _read, _joined) as played:
        kept = played.until(run.replications)["run"]
    found = summarise(kept.tally, scenario, network, draws.seed, draws.sampling, futures.engine)
    return None if difference(dict(said), found) else kept.totals


def _read(contender: Contender, outcomes: Outcomes) -> _Kept:
    return _Kept(Tally.of(outcomes), {name: getattr(outcomes.programme, name) for name in TOTALS})


def _joined(parts: Sequence[_Kept]) -> _Kept:
    tally = reduce(Tally.merge, (part.tally for part in parts))
    return _Kept(tally, {name: np.concatenate([part.totals[name] for part in parts]) for name in TOTALS})
