"""The world that clusters move in, as frozen values: supply, gates, legacy systems, risks.

Units and notes are as in `model`, which holds the rest and gives all of it out.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from simulator.distributions import Constant
from simulator.scenario.quantities import (
    Amount,
    AnnualAmount,
    ChosenClusters,
    Date,
    Day,
    Month,
    MonthDay,
    Probability,
    Rank,
    Rate,
    Seats,
    Share,
    SpanOfDays,
    StepOfTime,
    Units,
)
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
    """What one unit of money is called, such as £m."""
    price_base: str | None = None
    """The month in whose prices all money is."""
    discount_rate: Probability = 0.0
    """A year; streams are discounted continuously from the start."""


class Resource(Value):
    """Units that activities hold; capacity 0 before `opens`, from `closes` on, and on `closed` days."""

    capacity: CountDistribution
    """Units that can be held at one time, before any of the `steps`; may be uncertain, in whole units."""
    opens: Day | None = None
    """The first day on which anything is granted."""
    closes: Day | None = None
    """From this day on nothing is granted; those inside stay."""
    steps: dict[Day, Units] = {}
    """Capacity from each date on."""
    closed: tuple[SpanOfDays, ...] = ()
    """Spans of days, both ends included, on which nothing is granted."""


class Tranche(Value):
    arrives: DateDistribution
    """The day the money comes."""
    amount: AmountDistribution
    """How much comes."""


class Meetings(Value):
    """Either `dates`, or `every` step from a date on. `start` of stepping is a date for month arithmetic."""

    every: StepOfTime | None = None
    """How far apart meetings are; months and years are calendar months and years."""
    from_: Annotated[Date | None, Field(alias="from")] = None
    """The first meeting."""
    dates: tuple[Date, ...] | None = None
    """The meetings, where they do not repeat."""


class Board(Value):
    meets: Meetings
    """When it meets: every so often from a date on, or on dates."""
    seats: Seats | None = None
    """Cases heard at one meeting; any number where none is given."""
    closed: tuple[SpanOfDays, ...] = ()
    """Spans of days on which it does not meet."""


class Window(Value):
    """Dates on which work may begin: `day` of each of `months`, or `dates`."""

    months: tuple[Month, ...] | None = None
    """Months, 1 to 12, in which work may begin."""
    day: MonthDay = 1
    """The day of those months, or the last of a shorter month."""
    dates: tuple[Date, ...] | None = None
    """The dates on which work may begin, where they do not repeat."""


class Extension(Value):
    until: Day
    """The last day of extended support."""
    cost: AnnualAmount = 0.0
    """Money a year while it runs: 4.5/y."""


class FailureRates(Value):
    supported: Rate = 0.0
    """Failures a year before the end of support: 0.02/y."""
    extended: Rate = 0.0
    """Failures a year while an extension runs."""
    unsupported: Rate = 0.0
    """Failures a year afterwards, at first."""
    growth: Share = 0.0
    """Growth of the unsupported rate a year."""


class Failure(Value):
    cost: AmountDistribution = Constant(0.0)
    """Money per failure."""
    disrupts: DurationDistribution = Constant(0.0)
    """By how much it lengthens the work under way in the clusters that use the system."""


class LegacySystem(Value):
    used_by: tuple[str, ...]
    """Clusters, or CLUSTER/DEPARTMENT; in use until the last of them is live."""
    end_of_support: DateDistribution | None = None
    """A date, or a distribution over dates; without one it is supported throughout."""
    contract_end: Day | None = None
    """The day its contract ends."""
    extension: Extension | None = None
    """Bought if the system is still in use when support or contract ends."""
    running_cost: AnnualAmount = 0.0
    """Money a year while in use: 6/y."""
    failures: FailureRates = FailureRates()
    """How often it fails."""
    failure: Failure = Failure()
    """What a failure does."""


class Mitigation(Value):
    probability: Probability
    """The risk's chance when mitigated."""
    cost: Amount = 0.0
    """Money for it, on the first day."""


class Risk(Value):
    probability: Probability
    """The chance that it occurs."""
    drawn: Literal["per cluster", "once"] = "per cluster"
    """For each cluster by itself, or once for all."""
    delays: dict[str, DurationDistribution] = {}
    """Days added to the work of stages."""
    stretches: dict[str, FactorDistribution] = {}
    """Factors on the work of stages."""
    clusters: ChosenClusters = "all"
    """Whom it can befall."""
    mitigation: Mitigation | None = None
    """What would make it less likely."""
    mitigated: bool = False
    """Whether the mitigation is in force."""


class Correlation(Value):
    of: tuple[str, ...]
    """Names of variables, or patterns with *; all pairs among them are correlated."""
    rank: Rank
    """Their rank correlation, -1 to 1."""
