"""What a planner writes, as frozen values that cannot be wrong.

Days are whole days since the scenario's start (negative before it), lengths are days, rates are per
year, money is in the scenario's unit. Every uncertain value is a `Distribution`; a certain one is
its `Constant`. Where values come from (``source``, ``note``, ``quality``) is in the assumption register.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from simulator.distributions import Constant
from simulator.scenario.quantities import (
    Amount,
    AnnualAmount,
    Date,
    Day,
    Factor,
    Length,
    Priority,
    Probability,
    Returns,
    Seed,
    Share,
    Units,
)
from simulator.scenario.tree import Node
from simulator.scenario.uncertain import (
    AmountDistribution,
    DateDistribution,
    DurationDistribution,
)
from simulator.scenario.world import (
    Board,
    Correlation,
    Extension,
    Failure,
    FailureRates,
    LegacySystem,
    Meetings,
    Mitigation,
    Money,
    Resource,
    Risk,
    Tranche,
    Value,
    Window,
)

__all__ = [
    "Board",
    "Cluster",
    "Congestion",
    "Contract",
    "Correlation",
    "Cost",
    "Department",
    "Extension",
    "Failure",
    "FailureRates",
    "Learning",
    "LegacySystem",
    "Meetings",
    "Mitigation",
    "Money",
    "Phase",
    "Reprocurement",
    "Resource",
    "Risk",
    "Savings",
    "Scenario",
    "Stage",
    "StageBoard",
    "Tranche",
    "Value",
    "Window",
    "Written",
]


class StageBoard(Value):
    name: str
    """One of the boards."""
    pass_: Annotated[Probability, Field(alias="pass")] = 1.0
    """The chance that a hearing passes the case."""
    rework: DurationDistribution = Constant(0.0)
    """Work after a return, before the case is heard again."""
    returns: Returns = 20
    """After so many returns the next hearing passes."""


class Learning(Value):
    per_completion: Probability
    """By how much work shortens for each time that another cluster has finished the stage."""
    floor: Probability = 0.0
    """The factor below which it does not fall."""


class Congestion(Value):
    resource: str
    """One of the resources."""
    beyond: Units
    """Units in use up to which nobody is slowed down."""
    each: Share
    """By how much each further unit in use lengthens work."""


class Cost(Value):
    fixed: AmountDistribution = Constant(0.0)
    """Money once, when the stage starts."""
    per_month: AmountDistribution = Constant(0.0)
    """Money per month of 30.4375 days while the stage lasts."""


class Stage(Value):
    stage: str
    """The stage's name."""
    duration: DurationDistribution
    """Length of the work: 90d, 6w, 3mo or 1.5y, or a distribution."""
    stretch: Factor = 1.0
    """A factor on the work."""
    go_to_market: bool = False
    """Starts no earlier than the schedule's date for the cluster."""
    holds: dict[str, Units] = {}
    """Units of resources from grant to finish."""
    spends: dict[str, Amount] = {}
    """Money of budgets, taken when the stage is granted."""
    cost: Cost = Cost()
    """What the stage costs."""
    board: StageBoard | None = None
    """Who must pass it when its work ends."""
    window: str | None = None
    """Work begins only on a date of this window."""
    for_each: Literal["department"] | None = None
    """One wave per department."""
    waves: Literal["series", "together"] = "series"
    """One after another, or all at once."""
    learning: Learning | None = None
    """Work shortens as other clusters finish the stage."""
    congestion: Congestion | None = None
    """Work lengthens as a resource fills up."""
    marks: str | None = None
    """The milestone that its end is called."""


class Phase(Value):
    phase: str
    """The phase's name."""
    holds: dict[str, Units] = {}
    """Units of resources from its first stage to the end of its last."""
    stages: tuple[Stage, ...]
    """The stages inside, in order."""


class Savings(Value):
    full_rate: AnnualAmount
    """Money a year once all of it has ramped up: 9/y."""
    ramp: Length = 0.0
    """Time from going live to the full rate, in a line."""


class Department(Value):
    joins: Probability = 1.0
    """The chance that it joins."""
    savings: Savings | None = None
    """Its own savings, where they are not an equal share of the cluster's."""


class Reprocurement(Value):
    cost: Amount = 0.0
    """Money on the day the contract ends."""
    gap: Length = 0.0
    """Time without savings until the next contract runs."""


class Contract(Value):
    term: Length
    """How long it runs."""
    from_: Annotated[str, Field(alias="from")]
    """The mark from which it runs."""
    reprocurement: Reprocurement | None = None
    """What follows its end; without one, savings stop."""


class Cluster(Value):
    """A group of departments that buy together.

    `route` is the whole route as this cluster takes it, its own stage values merged in.
    """

    name: str
    priority: Priority = 1
    """Lower is served first."""
    begins_at: str | None = None
    """Stages before this one are done at the start."""
    departments: dict[str, Department] = {}
    """Its departments, by name."""
    route: tuple[Stage | Phase, ...]
    after: dict[str, tuple[str, ...]] = {}
    """Stages that wait for others: milestones, CLUSTER/STAGE, CLUSTER/STAGE/DEPARTMENT or CLUSTER/mark."""
    savings: Savings | None = None
    """What it saves once live."""
    contract: Contract | None = None
    """How long the savings last."""


@dataclass(frozen=True)
class Written:
    """What a scenario was made of: its file, the folder of the files it names, and the file as a tree.

    ``raw`` is the tree as it was read, ``tree`` the one with paths set and notes taken out.
    """

    file: str
    folder: Path | None
    raw: Node
    tree: Node
    outside: bool = False
    """Whether files may lie outside the folder."""
    bases: tuple[str, ...] = ()
    """The files that it is based on, the nearest first; ``raw`` is written out in full."""
    text: str | None = None
    """What was read, comments included, where ``raw`` is that and no more; None with bases and after changes."""


class Scenario(Value):
    """The world as believed, and the schedules to compare in it.

    `schedules` maps a schedule's name to the go-to-market day of each cluster that needs one.
    """

    scenario: str
    """What this scenario is called."""
    start: Date
    """Day 0."""
    horizon: Day
    """The simulation stops here; what has not happened by then is censored."""
    deadline: Day | None = None
    """Every cluster should be live by this day."""
    seed: Seed | None = None
    """Which futures are drawn, unless a run says otherwise."""
    money: Money = Money()
    """What money means here."""
    resources: dict[str, Resource] = {}
    """What clusters compete for, in whole units."""
    budgets: dict[str, tuple[Tranche, ...]] = {}
    """Money that arrives in tranches."""
    boards: dict[str, Board] = {}
    """Who hears cases, and when."""
    windows: dict[str, Window] = {}
    """Dates on which work may begin."""
    milestones: dict[str, DateDistribution] = {}
    """Things outside any cluster that stages may wait for."""
    clusters: dict[str, Cluster]
    """Who goes to market."""
    legacy: dict[str, LegacySystem] = {}
    """The systems that are to be replaced."""
    risks: dict[str, Risk] = {}
    """What may happen."""
    correlations: tuple[Correlation, ...] = ()
    """What tends to go together."""
    schedules: dict[str, dict[str, int]]
    """When each cluster goes to market: dates, or a rule."""

    _written: Written | None = PrivateAttr(default=None)

    @property
    def file(self) -> str:
        """The file it was read from, as the reader called it; empty for one made in Python."""
        return self._written.file if self._written else ""

    @property
    def written(self) -> Written | None:
        """What it was made of; None for one made in Python."""
        return self._written

    def made_of(self, written: Written | None) -> Scenario:
        """The same scenario with what it was made of, or without."""
        self._written = written
        return self
