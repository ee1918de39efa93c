"""Clusters' routes laid out as activities: stages, waves, the openings of phases, and their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from simulator.network.values import Chance, Live
from simulator.scenario import route
from simulator.scenario.model import Cluster, Phase, Scenario, Stage


@dataclass
class Planned:
    """One activity while the network is being laid out; `definition` is its stage, None for an opening.

    `dated` says that it is not released before the schedule's date for its cluster.
    """

    name: str
    cluster: int = -1
    cluster_name: str = ""
    stage: str = ""
    department: str | None = None
    definition: Stage | None = None
    priority: int = 1
    dated: bool = False
    phase: int = -1
    joins: Chance | None = None
    predecessors: list[int] = field(default_factory=list)
    asks: dict[str, int] = field(default_factory=dict)
    holds: Mapping[str, int] = field(default_factory=dict)
    spends: Mapping[str, float] = field(default_factory=dict)


@dataclass
class Plan:
    """The activities of all clusters in file order, and who is live when."""

    scenario: Scenario
    activities: list[Planned] = field(default_factory=list)
    phases: list[Mapping[str, int]] = field(default_factory=list)
    of_stage: dict[str, list[int]] = field(default_factory=dict)
    """`CLUSTER/STAGE` and `CLUSTER/STAGE/DEPARTMENT` of every stage ahead, and milestones, to activities."""
    openings: dict[str, int] = field(default_factory=dict)
    """`CLUSTER/STAGE` to the opening activity that takes over what the stage waits for."""

    @property
    def stages(self) -> tuple[str, ...]:
        """Names of the stages ahead of anyone, in file order."""
        return tuple(dict.fromkeys(activity.stage for activity in self.activities if activity.definition))

    @property
    def marks(self) -> dict[str, tuple[int, ...]]:
        """`CLUSTER/mark` to the activities that reach it, none where it was reached before the start."""
        return {
            f"{name}/{stage.marks}": tuple(self.of_stage.get(f"{name}/{stage.stage}", ()))
            for name, cluster in self.scenario.clusters.items()
            for stage, _ in route.stages(cluster)
            if stage.marks
        }

    def departments(self, cluster_name: str) -> tuple[Live, ...]:
        """When each department of a cluster is live."""
        cluster = self.scenario.clusters[cluster_name]
        return tuple(self._department(cluster_name, cluster, name) for name in cluster.departments)

    def _department(self, cluster_name: str, cluster: Cluster, department: str) -> Live:
        joins = _joins(cluster_name, cluster, department)
        rollout = last_waves(cluster)
        if rollout is None:
            return Live(department, self.end_of_route(cluster_name), joins)
        wave = tuple(self.of_stage.get(f"{cluster_name}/{rollout}/{department}", ()))
        return Live(department, wave, joins if wave else None)

    def end_of_route(self, cluster_name: str) -> tuple[int, ...]:
        """The activities of a cluster's last stage."""
        last, _ = route.stages(self.scenario.clusters[cluster_name])[-1]
        return tuple(self.of_stage[f"{cluster_name}/{last.stage}"])

    def go_live(self, cluster_name: str) -> tuple[Live, ...]:
        """Who must be live for the cluster to be: its departments, or all of it where it has no waves."""
        cluster = self.scenario.clusters[cluster_name]
        if cluster.departments and last_waves(cluster) is not None:
            return self.departments(cluster_name)
        return (Live(None, self.end_of_route(cluster_name)),)

    def users(self, user: str) -> tuple[Live, ...]:
        """When the departments that `CLUSTER` or `CLUSTER/DEPARTMENT` stands for are live."""
        cluster_name, _, department = user.partition("/")
        cluster = self.scenario.clusters[cluster_name]
        if department:
            return (self._department(cluster_name, cluster, department),)
        return self.departments(cluster_name) or (Live(None, self.end_of_route(cluster_name)),)


def last_waves(cluster: Cluster) -> str | None:
    """The last stage of the route that has one wave per department, None where there is none."""
    waves = [stage.stage for stage, _ in route.stages(cluster) if stage.for_each]
    return waves[-1] if waves else None


def plan_clusters(scenario: Scenario) -> Plan:
    """All activities of a scenario, linked."""
    plan = Plan(scenario)
    for name in scenario.milestones:
        plan.of_stage[name] = [len(plan.activities)]
        plan.activities.append(Planned(name))
    for index, name in enumerate(scenario.clusters):
        _Layout(plan, index, name).lay_out()
    _link_across(plan)
    return plan


class _Layout:
    """Lays out one cluster's route, stage by stage, remembering what the next stage waits for."""

    def __init__(self, plan: Plan, index: int, name: str) -> None:
        self.plan = plan
        self.index = index
        self.name = name
        self.cluster = plan.scenario.clusters[name]
        self.previous: list[int] = []
        self.open_phase: str | None = None
        self.phase = -1

    def lay_out(self) -> None:
        for stage, phase in route.ahead(self.cluster):
            departments = list(self.cluster.departments) if stage.for_each else []
            opens = self._enter(phase)
            if opens and departments:
                assert phase is not None
                self.previous = [self._opening(phase, stage)]
                self._waves(stage, departments, dated=False)
            elif departments:
                self._waves(stage, departments, stage.go_to_market)
            else:
                self.previous = [self._stage(stage, None, self.previous, stage.go_to_market)]
            if opens and not departments:
                assert phase is not None
                self._ask_first(self.plan.activities[self.previous[0]], phase)

    def _enter(self, phase: Phase | None) -> bool:
        """Whether this stage is the first of a phase that holds something."""
        name = phase.phase if phase else None
        if name == self.open_phase:
            return False
        self.open_phase = name
        if phase is None or not any(phase.holds.values()):
            self.phase = -1
            return False
        self.phase = len(self.plan.phases)
        self.plan.phases.append(phase.holds)
        return True

    def _opening(self, phase: Phase, stage: Stage) -> int:
        index = self._add(
            Planned(
                name=f"{self.name}/{phase.phase}",
                dated=stage.go_to_market,
                predecessors=list(self.previous),
                asks=dict(phase.holds),
            )
        )
        self.plan.openings[f"{self.name}/{stage.stage}"] = index
        return index

    def _ask_first(self, activity: Planned, phase: Phase) -> None:
        own = activity.asks
        names = dict.fromkeys([*phase.holds, *own])
        activity.asks = {name: phase.holds.get(name, 0) + own.get(name, 0) for name in names}

    def _waves(self, stage: Stage, departments: Iterable[str], dated: bool) -> None:
        before = self.previous
        waves: list[int] = []
        for department in departments:
            follows = waves[-1:] if waves and stage.waves == "series" else before
            waves.append(self._stage(stage, department, follows, dated))
        self.previous = waves[-1:] if stage.waves == "series" else waves

    def _stage(self, stage: Stage, department: str | None, predecessors: list[int], dated: bool) -> int:
        name = f"{self.name}/{stage.stage}"
        wave = name if department is None else f"{name}/{department}"
        index = self._add(
            Planned(
                name=wave,
                stage=stage.stage,
                department=department,
                definition=stage,
                dated=dated,
                joins=_joins(self.name, self.cluster, department),
                predecessors=list(predecessors),
                asks=dict(stage.holds),
                holds=stage.holds,
                spends=stage.spends,
            )
        )
        self.plan.of_stage.setdefault(name, []).append(index)
        self.plan.of_stage.setdefault(wave, [index])
        return index

    def _add(self, activity: Planned) -> int:
        activity.cluster = self.index
        activity.cluster_name = self.name
        activity.priority = self.cluster.priority
        activity.phase = self.phase
        self.plan.activities.append(activity)
        return len(self.plan.activities) - 1


def _joins(cluster_name: str, cluster: Cluster, department: str | None) -> Chance | None:
    if department is None or cluster.departments[department].joins >= 1:
        return None
    return Chance(f"{cluster_name}/{department}/joins", cluster.departments[department].joins)


def _link_across(plan: Plan) -> None:
    marks = plan.marks
    for name, cluster in plan.scenario.clusters.items():
        for stage, references in cluster.after.items():
            opening = plan.openings.get(f"{name}/{stage}")
            awaited = [a for text in references for a in _activities(plan, marks, text)]
            for index in plan.of_stage.get(f"{name}/{stage}", []) if opening is None else [opening]:
                known = plan.activities[index].predecessors
                known += [a for a in dict.fromkeys(awaited) if a not in known]


def _activities(plan: Plan, marks: Mapping[str, tuple[int, ...]], reference: str) -> Iterable[int]:
    """What an `after` names; nothing where it was done before the start."""
    return plan.of_stage.get(reference) or marks.get(reference, ())
