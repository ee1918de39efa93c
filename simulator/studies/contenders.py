"""Who is compared: every schedule asked for in every world, a world being a scenario file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath

from simulator.draws import Draws
from simulator.engines import run_engine
from simulator.errors import StaggerError
from simulator.inputs import Inputs, prepare
from simulator.network import Network, compile_network
from simulator.outcomes import measure
from simulator.scenario import Scenario
from simulator.studies.futures import Futures, Progress
from simulator.studies.measures import Record
from simulator.workers import Shared, Workers


@dataclass(frozen=True)
class Contender:
    """A schedule in a world; its name is the schedule's, preceded by the world's where there are several."""

    name: str
    world: str
    scenario: Scenario
    network: Network

    @property
    def schedule(self) -> str:
        return self.network.schedule


def contenders(scenarios: Sequence[Scenario], schedules: Sequence[str] | None) -> tuple[Contender, ...]:
    """Every schedule of every scenario, or those that are named.

    Raises:
        StaggerError: a scenario has no such schedule, there are fewer than two to compare, or scenarios have
            different starts or money, so that their days or costs cannot be set side by side.
    """
    _require_alike(scenarios)
    worlds = _world_names(scenarios)
    found = []
    for world, scenario in zip(worlds, scenarios, strict=True):
        for schedule in dict.fromkeys(schedules or scenario.schedules):
            name = schedule if len(scenarios) == 1 else f"{world}: {schedule}"
            found.append(Contender(name, world, scenario, compile_network(scenario, schedule)))
    if len(found) < 2:
        raise StaggerError(
            f"a comparison needs two or more schedules or scenarios (found {len(found)}). "
            "Name another --schedule, or another file."
        )
    return tuple(found)


def _require_alike(scenarios: Sequence[Scenario]) -> None:
    for what, values in (
        ("start", {scenario.start.isoformat() for scenario in scenarios}),
        ("money unit", {scenario.money.unit for scenario in scenarios}),
    ):
        if len(values) > 1:
            raise StaggerError(
                f"scenarios that are compared must have the same {what} (found {', '.join(sorted(values))})."
            )


def _world_names(scenarios: Sequence[Scenario]) -> list[str]:
    """Titles; where two have the same one, the files' names, and numbers where even those are the same."""
    for names in ([s.scenario for s in scenarios], [PurePath(s.file).stem or s.scenario for s in scenarios]):
        if max(Counter(names).values()) == 1:
            return names
    return [f"{scenario.scenario} ({number})" for number, scenario in enumerate(scenarios, start=1)]


def play(
    group: Sequence[Contender],
    futures: Futures,
    draws: Mapping[str, Draws],
    progress: Progress | None = None,
    crew: Workers | None = None,
) -> dict[str, Record]:
    """What happens to each contender, by name, all in the same futures; ``draws`` are those of each world.

    ``crew`` works it out where several groups are played one after the other; others come and go with the call.
    """
    with (
        futures.crew() if crew is None else nullcontext(crew) as workers,
        workers.sharing((tuple(group), dict(draws), futures.engine)) as given,
    ):
        blocks = list(futures.answers(workers, partial(_play_block, given), progress))
    return {
        contender.name: Record.joined(parts) for contender, parts in zip(group, zip(*blocks, strict=True), strict=True)
    }


def _play_block(
    given: Shared[tuple[tuple[Contender, ...], dict[str, Draws], str]], first: int, count: int
) -> list[Record]:
    """Draws and inputs do not depend on the schedule, so that each world makes them once."""
    group, draws, engine = given.value
    blocks = {world: of.block(first, count) for world, of in draws.items()}
    inputs: dict[str, Inputs] = {}
    records = []
    for contender in group:
        scenario, network, block = contender.scenario, contender.network, blocks[contender.world]
        if contender.world not in inputs:
            inputs[contender.world] = prepare(network, block)
        laid_out = inputs[contender.world]
        timeline = run_engine(network, laid_out, engine)
        records.append(Record.of(measure(scenario, network, laid_out, block, timeline), network.horizon))
    return records
