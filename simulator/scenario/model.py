"""What a planner writes, as frozen values that cannot be wrong.

Days are whole days since the scenario's start (negative before it), lengths are days, rates are per
year, money is in the scenario's unit. Every uncertain value is a `Distribution`; a certain one is
its `Constant`. Where values come from (``source``, ``note``, ``quality``) is in the assumption register.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from simulator.distributions import Constant
from simulator.scenario.quantities import (
    Amount,
    AnnualAmount,
    Date,
    Day,
    Factor,
    Length,
    Month,
    MonthDay,
    Priority,
    Probability,
    Rank,
    Rate,
    Returns,
    Seats,
    Seed,
    Share,
    SpanOfDays,
    StepOfTime,
    Units,
)
from simulator.scenario.tree import Node
from simulator.scenario.uncertain import (
    AmountDistribution,
    CountDistribution,
    DateDistribution,
    DurationDistribution,
    FactorDistribution,
)


class Value(BaseModel):
    """A frozen value; unknown keys are refused, nothing is coerced in silence."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, populate_by_name=True, arbitrary_types_allowed=True
    )


class Money(Value):
    unit: str = "units"
    price_base: str | None = None
    discount_rate: Probability = 0.0


class Resource(Value):
    """Units that activities hold; capacity 0 before `opens`, from `closes` on, and on `closed` days."""

    capacity: CountDistribution
    opens: Day | None = None
    closes: Day | None = None
    steps: dict[Day, Units] = {}
    closed: tuple[SpanOfDays, ...] = ()


class Tranche(Value):
    arrives: DateDistribution
    amount: AmountDistribution


class Meetings(Value):
    """Either `dates`, or `every` step from a date on. `start` of stepping is a date for month arithmetic."""

    every: StepOfTime | None = None
    from_: Annotated[Date | None, Field(alias="from")] = None
    dates: tuple[Date, ...] | None = None


class Board(Value):
    meets: Meetings
    seats: Seats | None = None
    closed: tuple[SpanOfDays, ...] = ()


class Window(Value):
    """Dates on which work may begin: `day` of each of `months`, or `dates`."""

    months: tuple[Month, ...] | None = None
    day: MonthDay = 1
    dates: tuple[Date, ...] | None = None


class StageBoard(Value):
    name: str
    pass_: Annotated[Probability, Field(alias="pass")] = 1.0
    rework: DurationDistribution = Constant(0.0)
    returns: Returns = 20


class Learning(Value):
    per_completion: Probability
    floor: Probability = 0.0


class Congestion(Value):
    resource: str
    beyond: Units
    each: Share


class Cost(Value):
    fixed: AmountDistribution = Constant(0.0)
    per_month: AmountDistribution = Constant(0.0)


class Stage(Value):
    stage: str
    duration: DurationDistribution
    stretch: Factor = 1.0
    go_to_market: bool = False
    holds: dict[str, Units] = {}
    spends: dict[str, Amount] = {}
    cost: Cost = Cost()
    board: StageBoard | None = None
    window: str | None = None
    for_each: Literal["department"] | None = None
    waves: Literal["series", "together"] = "series"
    learning: Learning | None = None
    congestion: Congestion | None = None
    marks: str | None = None


class Phase(Value):
    phase: str
    holds: dict[str, Units] = {}
    stages: tuple[Stage, ...]


class Savings(Value):
    full_rate: AnnualAmount
    ramp: Length = 0.0


class Department(Value):
    joins: Probability = 1.0
    savings: Savings | None = None


class Reprocurement(Value):
    cost: Amount = 0.0
    gap: Length = 0.0


class Contract(Value):
    term: Length
    from_: Annotated[str, Field(alias="from")]
    reprocurement: Reprocurement | None = None


class Cluster(Value):
    """A group of departments that buy together.

    `route` is the whole route as this cluster takes it, its own stage values merged in.
    """

    name: str
    priority: Priority = 1
    begins_at: str | None = None
    departments: dict[str, Department] = {}
    route: tuple[Stage | Phase, ...]
    after: dict[str, tuple[str, ...]] = {}
    savings: Savings | None = None
    contract: Contract | None = None


class Extension(Value):
    until: Day
    cost: AnnualAmount = 0.0


class FailureRates(Value):
    supported: Rate = 0.0
    extended: Rate = 0.0
    unsupported: Rate = 0.0
    growth: Share = 0.0


class Failure(Value):
    cost: AmountDistribution = Constant(0.0)
    disrupts: DurationDistribution = Constant(0.0)


class LegacySystem(Value):
    used_by: tuple[str, ...]
    end_of_support: DateDistribution | None = None
    contract_end: Day | None = None
    extension: Extension | None = None
    running_cost: AnnualAmount = 0.0
    failures: FailureRates = FailureRates()
    failure: Failure = Failure()


class Mitigation(Value):
    probability: Probability
    cost: Amount = 0.0


class Risk(Value):
    probability: Probability
    drawn: Literal["per cluster", "once"] = "per cluster"
    delays: dict[str, DurationDistribution] = {}
    stretches: dict[str, FactorDistribution] = {}
    clusters: Literal["all"] | tuple[str, ...] = "all"
    mitigation: Mitigation | None = None
    mitigated: bool = False


class Correlation(Value):
    of: tuple[str, ...]
    rank: Rank


@dataclass(frozen=True)
class Written:
    """What a scenario was made of: its file, the folder of the files it names, and the file as a tree.

    ``raw`` is the tree as it was read, ``tree`` the one with paths set and notes taken out.
    """

    file: str
    folder: Path | None
    raw: Node
    tree: Node


class Scenario(Value):
    """The world as believed, and the schedules to compare in it.

    `schedules` maps a schedule's name to the go-to-market day of each cluster that needs one.
    """

    scenario: str
    start: Date
    horizon: Day
    deadline: Day | None = None
    seed: Seed | None = None
    money: Money = Money()
    resources: dict[str, Resource] = {}
    budgets: dict[str, tuple[Tranche, ...]] = {}
    boards: dict[str, Board] = {}
    windows: dict[str, Window] = {}
    milestones: dict[str, DateDistribution] = {}
    clusters: dict[str, Cluster]
    legacy: dict[str, LegacySystem] = {}
    risks: dict[str, Risk] = {}
    correlations: tuple[Correlation, ...] = ()
    schedules: dict[str, dict[str, int]]

    _written: Written | None = PrivateAttr(default=None)

    @property
    def file(self) -> str:
        """The file it was read from, as the reader called it; empty for one made in Python."""
        return self._written.file if self._written else ""

    @property
    def written(self) -> Written | None:
        """What it was made of; None for one made in Python."""
        return self._written

    def made_of(self, written: Written) -> Scenario:
        """The same scenario with what it was made of."""
        self._written = written
        return self
