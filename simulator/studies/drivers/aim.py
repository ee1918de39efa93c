"""The outcome whose drivers are looked for: one of the programme's or of a cluster's."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.days import NEVER
from simulator.errors import StaggerError
from simulator.network.values import FloatArray, IntArray
from simulator.outcomes import Outcomes
from simulator.outcomes.values import COLUMNS as OF_CLUSTER
from simulator.scenario import Scenario

OF_PROGRAMME: Final = (
    "finish",
    "on_time",
    "days_late",
    "unsupported_days",
    "days_past_contract",
    "failures",
    "cost",
    "savings",
    "npv",
)
WORDS: Final = {
    "finish": "last go-live",
    "go_to_market": "going to market",
    "award": "award",
    "go_live": "go-live",
    "first_live": "first department live",
    "on_time": "chance of being on time",
    "days_late": "days late",
    "unsupported_days": "days unsupported",
    "days_past_contract": "days past contract end",
    "failures": "failures",
    "cost": "cost",
    "savings": "savings",
    "npv": "net present value",
}
DATES: Final = ("finish", "go_to_market", "award", "go_live", "first_live")
MONEY: Final = ("cost", "savings", "npv")
MORE_IS_BETTER: Final = ("on_time", "savings", "npv")


@dataclass(frozen=True)
class Aim:
    """An outcome by name, and the cluster whose it is; of the programme where that is None."""

    name: str
    cluster: str | None
    row: int
    """The cluster's index."""
    horizon: int
    deadline: int

    @classmethod
    def of(cls, scenario: Scenario, name: str, cluster: str | None) -> Aim:
        """By name, spelled as in the outcomes.

        Raises:
            StaggerError: there is no such outcome or cluster; the message says which is nearest.
        """
        if cluster is not None and cluster not in list(scenario.clusters):
            raise StaggerError(
                f"a cluster must be one of the scenario's (found {cluster}). "
                + _remedy(str(cluster), scenario.clusters, "The clusters are")
            )
        plain = "_".join(str(name).strip().lower().replace("-", " ").replace("_", " ").split())
        known = OF_PROGRAMME if cluster is None else OF_CLUSTER
        if plain not in known:
            raise StaggerError(_unknown(name, plain, cluster))
        deadline = scenario.horizon if scenario.deadline is None else scenario.deadline
        row = 0 if cluster is None else list(scenario.clusters).index(cluster)
        return cls(plain, cluster, row, scenario.horizon, deadline)

    @property
    def words(self) -> str:
        """What it is called in a sentence; without a deadline, being on time is being live by the horizon."""
        endless = self.name == "on_time" and self.deadline == self.horizon
        what = "chance of being live by the horizon" if endless else WORDS[self.name]
        return f"the {what}" if self.cluster is None else f"the {what} of {self.cluster}"

    @property
    def is_share(self) -> bool:
        """Whether it either happens or not in a future."""
        return self.name == "on_time"

    @property
    def is_date(self) -> bool:
        """Whether its values are days since the start."""
        return self.name in DATES

    @property
    def is_money(self) -> bool:
        """Whether its values are money."""
        return self.name in MONEY

    @property
    def more_is_better(self) -> bool:
        """Whether a planner wants more of it."""
        return self.name in MORE_IS_BETTER

    @property
    def finishing(self) -> Aim:
        """The go-live that days saved are counted by: the cluster's, or the last of all."""
        name = "finish" if self.cluster is None else "go_live"
        return Aim(name, self.cluster, self.row, self.horizon, self.deadline)

    def values(self, outcomes: Outcomes) -> FloatArray:
        """Its values, (N,); what did not happen by the horizon is put on the day after it."""
        if self.cluster is not None:
            found = getattr(outcomes.clusters, self.name)[self.row]
        elif self.name == "days_late":
            found = _late(outcomes.programme.finish, self.deadline)
        else:
            found = getattr(outcomes.programme, self.name)
        last = self.horizon + 1
        if self.name == "days_late":
            last = max(last - self.deadline, 0)
        if self.is_date or self.name == "days_late":
            found = np.minimum(found, last)
        return np.asarray(found, dtype=np.float64)

    def censored(self, values: FloatArray) -> float:
        """The share of futures, by its values, in which it had not happened by the horizon."""
        last = self.horizon + 1 - (self.deadline if self.name == "days_late" else 0)
        return float(np.mean(values >= last)) if self.is_date or self.name == "days_late" else 0.0


def _late(finish: IntArray, deadline: int) -> IntArray:
    return np.where(finish == NEVER, np.int32(NEVER), np.maximum(finish - deadline, 0)).astype(np.int32)


def _unknown(name: str, plain: str, cluster: str | None) -> str:
    """What is said of an outcome that is not known here."""
    known, other = (OF_PROGRAMME, OF_CLUSTER) if cluster is None else (OF_CLUSTER, OF_PROGRAMME)
    whose = "the programme's" if cluster is None else "a cluster's"
    rule = f"an outcome must be one of {whose} (found {name})."
    if plain in other:
        remedy = "It is a cluster's: name one with --cluster." if cluster is None else "Leave --cluster out for it."
        return f"{rule} {remedy}"
    near = difflib.get_close_matches(plain, known, n=1, cutoff=0.75)
    elsewhere = difflib.get_close_matches(plain, other, n=1, cutoff=0.75)
    if not near and elsewhere:
        end = "which needs a --cluster" if cluster is None else "without --cluster"
        return f"{rule} Did you mean {elsewhere[0]}, {end}?"
    return f"{rule} {_remedy(plain, known, 'There are')}"


def _remedy(name: str, known: Iterable[str], which: str) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean {near[0]}?" if near else f"{which}: {', '.join(known)}."
