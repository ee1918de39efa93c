"""What a planner writes, as frozen values that cannot be wrong.

Days are whole days since the scenario's start (negative before it), lengths are days, rates are per
year, money is in the scenario's unit. Every uncertain value is a `Distribution`; a certain one is
its `Constant`. Every mapping may carry ``source``, ``note`` and ``quality``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from simulator.distributions import Constant
from simulator.scenario.quantities import (
    AmountDistribution,
    AnnualAmount,
    CountDistribution,
    Date,
    DateDistribution,
    Day,
    DurationDistribution,
    FactorDistribution,
    Length,
    MonthlyAmountDistribution,
    Probability,
    Rate,
    Span,
    Step,
)

Quality = Literal["known", "inferred", "assumed"]


class Value(BaseModel):
    """A frozen value; unknown keys are refused, nothing is coerced in silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True, arbitrary_types_allowed=True)


class Noted(Value):
    """A mapping that may say where it comes from."""

    source: str | None = None
    note: str | None = None
    quality: Quality | None = None


class Money(Noted):
    unit: str = "units"
    price_base: str | None = None
    discount_rate: Probability = 0.0


class Resource(Noted):
    """Units that activities hold; capacity 0 before `opens`, from `closes` on, and on `closed` days."""

    capacity: CountDistribution
    opens: Day | None = None
    closes: Day | None = None
    steps: dict[Day, int] = {}
    closed: tuple[Span, ...] = ()


class Tranche(Noted):
    arrives: DateDistribution
    amount: AmountDistribution


class Meetings(Noted):
    """Either `dates`, or `every` step from a date on. `start` of stepping is a date for month arithmetic."""

    every: Step | None = None
    from_: Annotated[Date | None, Field(alias="from")] = None
    dates: tuple[Date, ...] | None = None


class Board(Noted):
    meets: Meetings
    seats: int | None = None
    closed: tuple[Span, ...] = ()


class Window(Noted):
    """Dates on which work may begin: `day` of each of `months`, or `dates`."""

    months: tuple[int, ...] | None = None
    day: int = 1
    dates: tuple[Date, ...] | None = None


class StageBoard(Noted):
    name: str
    pass_: Annotated[Probability, Field(alias="pass")] = 1.0
    rework: DurationDistribution = Constant(0.0)
    returns: int = 20


class Learning(Noted):
    per_completion: Probability
    floor: Probability = 0.0


class Congestion(Noted):
    resource: str
    beyond: int
    each: Probability


class Cost(Noted):
    fixed: AmountDistribution = Constant(0.0)
    per_month: MonthlyAmountDistribution = Constant(0.0)


class Stage(Noted):
    stage: str
    duration: DurationDistribution
    stretch: float = 1.0
    go_to_market: bool = False
    holds: dict[str, int] = {}
    spends: dict[str, float] = {}
    cost: Cost = Cost()
    board: StageBoard | None = None
    window: str | None = None
    for_each: Literal["department"] | None = None
    waves: Literal["series", "together"] = "series"
    learning: Learning | None = None
    congestion: Congestion | None = None
    marks: str | None = None


class Phase(Noted):
    phase: str
    holds: dict[str, int] = {}
    stages: tuple[Stage, ...]


class Savings(Noted):
    full_rate: AnnualAmount
    ramp: Length = 0.0


class Department(Noted):
    joins: Probability = 1.0
    savings: Savings | None = None


class Reprocurement(Noted):
    cost: float = 0.0
    gap: Length = 0.0


class Contract(Noted):
    term: Length
    from_: Annotated[str, Field(alias="from")]
    reprocurement: Reprocurement | None = None


class Cluster(Noted):
    """A group of departments that buy together.

    `route` is the whole route as this cluster takes it, its own stage values merged in.
    """

    name: str
    priority: int = 1
    begins_at: str | None = None
    departments: dict[str, Department] = {}
    route: tuple[Stage | Phase, ...]
    after: dict[str, tuple[str, ...]] = {}
    savings: Savings | None = None
    contract: Contract | None = None


class Extension(Noted):
    until: Day
    cost: AnnualAmount = 0.0


class FailureRates(Noted):
    supported: Rate = 0.0
    extended: Rate = 0.0
    unsupported: Rate = 0.0
    growth: Probability = 0.0


class Failure(Noted):
    cost: AmountDistribution = Constant(0.0)
    disrupts: DurationDistribution = Constant(0.0)


class LegacySystem(Noted):
    used_by: tuple[str, ...]
    end_of_support: DateDistribution | None = None
    contract_end: Day | None = None
    extension: Extension | None = None
    running_cost: AnnualAmount = 0.0
    failures: FailureRates = FailureRates()
    failure: Failure = Failure()


class Mitigation(Noted):
    probability: Probability
    cost: float = 0.0


class Risk(Noted):
    probability: Probability
    drawn: Literal["per cluster", "once"] = "per cluster"
    delays: dict[str, DurationDistribution] = {}
    stretches: dict[str, FactorDistribution] = {}
    clusters: Literal["all"] | tuple[str, ...] = "all"
    mitigation: Mitigation | None = None
    mitigated: bool = False


class Correlation(Noted):
    of: tuple[str, ...]
    rank: float


class Scenario(Value):
    """The world as believed, and the schedules to compare in it.

    `schedules` maps a schedule's name to the go-to-market day of each cluster that needs one.
    """

    scenario: str
    start: date
    horizon: Day
    deadline: Day | None = None
    seed: int | None = None
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
