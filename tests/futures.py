"""One future of a small scenario, written so that it can be worked out by hand.

Scenarios start on 2025-01-01, and ``@10`` stands for the date of day 10.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import dedent

import simulator as sg
from simulator.network import Network
from simulator.network.values import IntArray
from simulator.scenario import Scenario
from simulator.timeline import Timeline

START = date(2025, 1, 1)
N = sg.NEVER

Days = tuple[int, int, int, int, int]


def dated(text: str) -> str:
    """The text with ``@10`` replaced by the date of day 10."""
    return re.sub(r"@(-?\d+)", lambda found: str(START + timedelta(days=int(found[1]))), text)


def scenario_of(text: str, horizon: int = 1000) -> Scenario:
    """The scenario of a YAML text without its head."""
    return sg.parse(f"scenario: by hand\nstart: {START}\n{dated(f'horizon: @{horizon}')}\n{dated(dedent(text))}")


@dataclass(frozen=True)
class Future:
    """One replication of a timeline, by name."""

    network: Network
    timeline: Timeline

    def __getitem__(self, activity: str) -> Days:
        """The days on which an activity asked, was granted, started, ended its first work and finished."""
        days = self.timeline
        return tuple(int(of[self._row(activity), 0]) for of in _five(days))  # type: ignore[return-value]

    def finish(self, activity: str) -> int:
        """The day on which it finished."""
        return self[activity][4]

    def disrupted(self, activity: str) -> int:
        """Days that failures added to its first work."""
        return int(self.timeline.disrupted[self._row(activity), 0])

    def reworked(self, activity: str) -> tuple[int, int]:
        """Days of rework as sampled, and days that failures added to them."""
        row = self._row(activity)
        return int(self.timeline.reworked[row, 0]), int(self.timeline.rework_disrupted[row, 0])

    def waited(self, activity: str) -> dict[str, int]:
        """Days in line by what was waited for, zeros left out."""
        days: Counter[str] = Counter()
        for slot, owner in enumerate(self._owners()):
            days[self.network.slot_name(slot)] += int(self.timeline.waited[slot, 0]) * (owner == self._row(activity))
        return {name: count for name, count in days.items() if count}

    def stranded_by(self, activity: str) -> str | None:
        """What it is in line for at the horizon."""
        slot = int(self.timeline.waiting_for[self._row(activity), 0])
        return None if slot < 0 else self.network.slot_name(slot)

    def peak(self, resource: str) -> int:
        """The most units in use at one time."""
        return int(self.timeline.peak[self.network.resources.index(resource), 0])

    def _owners(self) -> list[int]:
        return [*self.network.asks.owner.tolist(), *self.network.spends.owner.tolist()]

    def _row(self, activity: str) -> int:
        return self.network.index[activity]


def _five(days: Timeline) -> tuple[IntArray, ...]:
    return days.asked, days.granted, days.started, days.worked, days.finished


def play(
    engine: str,
    text: str,
    forced: Mapping[str, float] | None = None,
    horizon: int = 1000,
    schedule: str | None = None,
) -> Future:
    """What an engine makes of a scenario's text, with some of its variables forced."""
    scenario = scenario_of(text, horizon)
    network = sg.compile(scenario, schedule)
    draws = sg.draw(scenario, replications=1, seed=1).replacing(forced or {})
    return Future(network, sg.simulate(network, draws, engine=engine))
