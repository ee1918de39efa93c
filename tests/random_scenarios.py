"""Random small scenarios with every feature of the model switched on or off by itself.

Ties are likely: few days, all of them on a grid of five, and much work of no length.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, TypeAlias, TypeVar

from hypothesis import reject
from hypothesis import strategies as st

import simulator as sg
from simulator.scenario import Scenario

START = date(2025, 1, 1)
Plain: TypeAlias = dict[str, Any]
T = TypeVar("T")
Draw: TypeAlias = Callable[[st.SearchStrategy[T]], T]

SWITCHES = (
    "holds",
    "several units",
    "uncertain capacity",
    "steps",
    "opens",
    "closes",
    "closed",
    "budgets",
    "uncertain money",
    "boards",
    "seats",
    "returns",
    "rework",
    "windows",
    "milestones",
    "after",
    "phases",
    "waves",
    "together",
    "joins",
    "priority",
    "begins_at",
    "own values",
    "routes",
    "learning",
    "congestion",
    "stretch",
    "delays",
    "stretches",
    "once",
    "failures",
    "extension",
    "go_to_market",
    "uncertain work",
    "short",
    "correlations",
    "rules",
    "deadlocks",
)
"""What may be in a scenario; each is switched by itself."""

REFUSALS = ("must not be able to deadlock", "largest capacity that ever comes", "money that can ever come")
"""What a random scenario may be refused for; any other fault is a fault of ours."""


def day(number: int) -> str:
    """The date of a day."""
    return str(START + timedelta(days=number))


def few(*values: T) -> st.SearchStrategy[T]:
    """One of a few values."""
    return st.sampled_from(values)


GRID = st.integers(-1, 8).map(lambda step: 5 * step)
DAYS = GRID.map(day)
LENGTHS = few("0d", "5d", "1d", "10d", "3d", "2w")
UNCERTAIN_LENGTHS = few(
    {"discrete": {"values": ["0d", "5d", "10d"], "weights": [1, 1, 1]}},
    {"uniform": ["0d", "10d"]},
    {"exponential": {"mean": "5d"}},
    {"triangular": ["0d", "2d", "20d"]},
    {"lognormal": {"median": "5d", "p90": "20d"}},
)
UNCERTAIN_DAYS = few(
    {"discrete": {"values": [day(0), day(10), day(20)], "weights": [1, 1, 1]}},
    {"uniform": [day(-5), day(30)]},
)


class Maker:
    """Builds one scenario, drawing as it goes."""

    def __init__(self, draw: Draw[Any], switched: frozenset[str]) -> None:
        self.draw = draw
        self.switched = switched
        self.capacities: dict[str, int] = {}
        self.departments: dict[str, list[str]] = {}
        self.routes: dict[str, list[Plain]] = {}

    def on(self, switch: str, often: int = 2) -> bool:
        """Whether a feature is switched on and falls here: one time in ``often`` at least."""
        return switch in self.switched and self.draw(st.integers(1, often)) == 1

    def scenario(self) -> Plain:
        horizon = 20 if "short" in self.switched else 100
        data: Plain = {
            "scenario": "random",
            "start": str(START),
            "horizon": day(horizon),
            "resources": self.resources(),
            "budgets": self.budgets(),
            "boards": self.boards(),
            "windows": self.windows(),
            "milestones": self.milestones(),
        }
        for name in ("first", "second") if "routes" in self.switched else ("first",):
            self.routes[name] = self.route(data)
        clusters = {name: self.cluster(name) for name in ("A", "B", "C", "D")[: self.draw(st.integers(1, 4))]}
        for name, cluster in clusters.items():
            self.after(name, cluster, clusters, data)
        if "deadlocks" in self.switched:
            self.gate(clusters, data)
        data |= {"routes": self.routes, "clusters": clusters}
        data |= {"legacy": self.legacy(clusters), "risks": self.risks(clusters)}
        data["correlations"] = self.correlations(clusters)
        waiting = [name for name, cluster in clusters.items() if self.needs_date(cluster)]
        data["schedules"] = {"s": self.schedule(waiting, horizon)} if waiting else {}
        return {key: value for key, value in data.items() if value}

    def schedule(self, waiting: list[str], horizon: int) -> Plain:
        """Dates, or a rule that gives none after the shortest horizon."""
        if not self.on("rules", 1):
            return {name: day(min(self.draw(GRID), horizon)) for name in waiting}
        if self.draw(st.booleans()):
            return {"all": day(min(self.draw(GRID), horizon))}
        order = self.draw(st.one_of(st.just("end_of_support"), st.permutations(waiting)))
        return {"first": day(self.draw(few(-5, 0, 5))), "every": self.draw(few("5d", "0d", "3d")), "order": order}

    def correlations(self, clusters: Plain) -> list[Plain]:
        """One among all lengths of work, or one against the other of two."""
        names = [f"{a}/duration" for name, cluster in clusters.items() for a in self.activities(name, cluster)]
        if len(names) < 2 or not self.on("correlations", 1):
            return []
        if self.draw(st.booleans()):
            return [{"of": ["*/duration"], "rank": self.draw(few(0.3, 0.9))}]
        pair = self.draw(st.lists(few(*names), min_size=2, max_size=2, unique=True))
        return [{"of": pair, "rank": self.draw(few(-0.6, 0.5))}]

    def activities(self, name: str, cluster: Plain) -> list[str]:
        """What is still ahead of a cluster."""
        stages = stages_of(self.routes[cluster["route"]])
        found: list[str] = []
        for stage in self.ahead(cluster):
            waves = self.departments[name] if "for_each" in stages[stage] else []
            found += [f"{name}/{stage}/{wave}" for wave in waves] or [f"{name}/{stage}"]
        return found

    def gate(self, clusters: Plain, world: Plain) -> None:
        """A last phase with room for one cluster, each but the first waiting in it until those before are done.

        Whoever enters before one of those shuts it out, and waits for it: nothing goes on there any more. The check for
        deadlocks does not look at `after`, so this is no fault of the file.
        """
        world["resources"]["gate"] = {"capacity": 1}
        for route in self.routes.values():
            stages = [{"stage": name, "duration": self.length()} for name in ("enter", "leave")]
            route.append({"phase": "through", "holds": {"gate": 1}, "stages": stages})
        for name, cluster in clusters.items():
            if others := [f"{other}/leave" for other in clusters if other < name]:
                cluster.setdefault("after", {})["leave"] = others

    # -- the world ---------------------------------------------------------------------------------

    def resources(self) -> Plain:
        names = (
            ("slot", "desk", "team")[: self.draw(st.integers(1, 3))] if self.switched & {"holds", "congestion"} else ()
        )
        return {name: self.resource(name) for name in names}

    def resource(self, name: str) -> Plain:
        most = self.draw(few(1, 2, 3)) if "several units" in self.switched else 1
        self.capacities[name] = most
        data: Plain = {"capacity": most}
        if self.on("uncertain capacity"):
            data["capacity"] = {"discrete": {"values": sorted({most, 1, 2}), "weights": [1] * len({most, 1, 2})}}
        if self.on("opens"):
            data["opens"] = self.draw(st.integers(-1, 2).map(lambda step: day(5 * step)))
        if self.on("closes"):
            data["closes"] = self.draw(st.integers(3, 10).map(lambda step: day(5 * step)))
        if self.on("steps"):
            data["steps"] = self.draw(st.dictionaries(DAYS, few(most, 0, most + 1), min_size=1, max_size=3))
        if self.on("closed"):
            first = self.draw(GRID)
            data["closed"] = [f"{day(first)} to {day(first + self.draw(few(0, 5, 4)))}"]
        return data

    def budgets(self) -> Plain:
        names = ("fund", "gift")[: self.draw(st.integers(1, 2))] if "budgets" in self.switched else ()
        return {name: [self.tranche(first) for first in (True, False)] for name in names}

    def tranche(self, first: bool) -> Plain:
        sure = {"arrives": self.draw(DAYS), "amount": self.draw(few(2, 0.3, 3) if first else few(0.1, 0.2, 1))}
        if self.on("uncertain money"):
            return {"arrives": self.draw(UNCERTAIN_DAYS), "amount": {"uniform": [0, 4]}}
        return sure

    def boards(self) -> Plain:
        names = ("committee", "treasury")[: self.draw(st.integers(1, 2))] if "boards" in self.switched else ()
        return {name: self.board() for name in names}

    def board(self) -> Plain:
        meets = self.draw(
            few(
                {"every": "5d", "from": day(0)},
                {"every": "1d", "from": day(-3)},
                {"every": "1mo", "from": day(-1)},
                {"dates": [day(5), day(10), day(40)]},
            )
        )
        data: Plain = {"meets": meets}
        if self.on("seats", 1):
            data["seats"] = self.draw(few(1, 2))
        if self.on("closed"):
            data["closed"] = [f"{day(10)} to {day(15)}"]
        return data

    def windows(self) -> Plain:
        dates = few(
            {"dates": [day(0), day(5), day(10), day(20)]}, {"months": [1, 2, 4], "day": 31}, {"dates": [day(15)]}
        )
        return {"cutover": self.draw(dates)} if "windows" in self.switched else {}

    def milestones(self) -> Plain:
        if "milestones" not in self.switched:
            return {}
        return {"ready": self.draw(DAYS), "agreed": self.draw(UNCERTAIN_DAYS)}

    # -- routes ------------------------------------------------------------------------------------

    def route(self, world: Plain) -> list[Plain]:
        names = [f"s{i}" for i in range(self.draw(st.integers(1, 4)))]
        ends = sorted(self.draw(st.sets(st.integers(1, len(names)), max_size=2)) | {len(names)})
        route: list[Plain] = []
        for first, end in pairwise([0, *ends]):
            if self.on("phases"):
                holds = self.holds(0, {}) if "holds" in self.switched else {}
                stages = [self.stage(name, world, holds) for name in names[first:end]]
                route.append({"phase": f"p{first}", "holds": holds, "stages": stages})
            else:
                route += [self.stage(name, world, {}) for name in names[first:end]]
        return route

    def holds(self, least: int, phase: Mapping[str, int]) -> dict[str, int]:
        """Units of some resources, together with the phase's no more than there are."""
        chosen: dict[str, int] = {}
        for name, most in list(self.capacities.items())[least:]:
            left = most - phase.get(name, 0)
            if left > 0 and self.draw(st.booleans()):
                chosen[name] = self.draw(st.integers(1, left))
        return chosen

    def stage(self, name: str, world: Plain, phase: Mapping[str, int]) -> Plain:
        data: Plain = {"stage": name, "duration": self.length(), "marks": f"m{name}"}
        if self.on("go_to_market", 3):
            data["go_to_market"] = True
        if self.on("holds"):
            data["holds"] = self.holds(0, phase)
        if world["budgets"] and self.on("budgets"):
            data["spends"] = {self.draw(few(*world["budgets"])): self.draw(few(0.1, 0.2, 0.3, 1))}
        if self.on("boards"):
            data["board"] = self.hearing(world)
        if self.on("windows", 3):
            data["window"] = "cutover"
        if self.on("waves"):
            data |= {"for_each": "department", "waves": "together" if self.on("together") else "series"}
        if self.on("learning"):
            data["learning"] = {"per_completion": self.draw(few("50%", "10%")), "floor": self.draw(few("0%", "60%"))}
        if self.capacities and self.on("congestion"):
            resource = self.draw(few(*self.capacities))
            data["congestion"] = {
                "resource": resource,
                "beyond": self.draw(few(0, 1)),
                "each": self.draw(few(1, "15%")),
            }
        if self.on("stretch"):
            data["stretch"] = self.draw(few(1.5, 0.7))
        return data

    def length(self) -> Any:
        return self.draw(UNCERTAIN_LENGTHS if self.on("uncertain work") else LENGTHS)

    def hearing(self, world: Plain) -> Plain:
        data: Plain = {"name": self.draw(few(*world["boards"]))}
        if self.on("returns", 1):
            data |= {"pass": self.draw(few("50%", "0%", "90%")), "returns": self.draw(few(1, 3))}
        if self.on("rework", 1):
            data["rework"] = self.length()
        return data

    # -- clusters ----------------------------------------------------------------------------------

    def cluster(self, name: str) -> Plain:
        route = self.draw(few(*self.routes))
        data: Plain = {"route": route}
        self.departments[name] = ["X", "Y", "Z"][: self.draw(st.integers(0, 3))] if "waves" in self.switched else []
        data["departments"] = {d: {"joins": "50%"} if self.on("joins") else {} for d in self.departments[name]}
        stages = stages_of(self.routes[route])
        if self.on("priority"):
            data["priority"] = self.draw(few(0, 2))
        if self.on("begins_at"):
            data["begins_at"] = self.draw(few(*stages))
        if self.on("own values"):
            stage = self.draw(few(*stages))
            data["stages"] = {stage: {"duration": self.draw(LENGTHS), "stretch": self.draw(few(1.3, 1))}}
        return data

    def after(self, name: str, cluster: Plain, clusters: Plain, world: Plain) -> None:
        """What stages still ahead wait for: milestones, and clusters listed before, so that nothing goes round."""
        others = [other for other in clusters if other < name]
        known = [*world["milestones"], *(text for other in others for text in self.references(other, clusters))]
        if known and self.on("after"):
            stage = self.draw(few(*self.ahead(cluster)))
            cluster["after"] = {stage: self.draw(st.lists(few(*known), min_size=1, max_size=2, unique=True))}

    def references(self, name: str, clusters: Plain) -> list[str]:
        found: list[str] = []
        for stage, data in stages_of(self.routes[clusters[name]["route"]]).items():
            found += [f"{name}/{stage}", f"{name}/m{stage}"]
            found += [f"{name}/{stage}/{d}" for d in self.departments[name] if "for_each" in data]
        return found

    def ahead(self, cluster: Plain) -> list[str]:
        stages = list(stages_of(self.routes[cluster["route"]]))
        return stages[stages.index(cluster.get("begins_at", stages[0])) :]

    def needs_date(self, cluster: Plain) -> bool:
        stages = stages_of(self.routes[cluster["route"]])
        return any(stages[name].get("go_to_market") for name in self.ahead(cluster))

    def legacy(self, clusters: Plain) -> Plain:
        return {name: self.system(clusters) for name in ("old", "older") if self.on("failures", 1)}

    def system(self, clusters: Plain) -> Plain:
        users = [*clusters, *(f"{c}/{d}" for c in clusters for d in self.departments[c])]
        data: Plain = {
            "used_by": self.draw(st.lists(few(*users), min_size=1, max_size=3, unique=True)),
            "end_of_support": self.draw(st.one_of(DAYS, UNCERTAIN_DAYS)),
            "failures": {"supported": "9/y", "extended": "4/y", "unsupported": "20/y", "growth": "40%"},
            "failure": {"disrupts": self.length()},
        }
        if self.on("extension"):
            data["extension"] = {"until": day(60), "cost": "1/y"}
        return data

    def risks(self, clusters: Plain) -> Plain:
        stages = sorted({stage for cluster in clusters.values() for stage in self.ahead(cluster)})
        risks = {name: self.risk(stages, clusters) for name in ("appeal", "strike")}
        return {name: risk for name, risk in risks.items() if "delays" in risk or "stretches" in risk}

    def risk(self, stages: list[str], clusters: Plain) -> Plain:
        data: Plain = {"probability": self.draw(few("50%", "100%"))}
        if self.on("delays"):
            data["delays"] = {self.draw(few(*stages)): self.length()}
        if self.on("stretches"):
            data["stretches"] = {self.draw(few(*stages)): self.draw(few(1.3, {"uniform": [1, 2]}))}
        if self.on("once"):
            data["drawn"] = "once"
        if self.draw(st.booleans()):
            data |= {"mitigation": {"probability": "20%", "cost": 1}, "mitigated": self.draw(st.booleans())}
        return data


def stages_of(route: list[Plain]) -> dict[str, Plain]:
    """The stages of a plain route, by name."""
    return {stage["stage"]: stage for item in route for stage in item.get("stages", [item])}


@st.composite
def plain_scenarios(draw: Draw[Any]) -> Plain:
    """A scenario as plain data, valid but for what `REFUSALS` lists."""
    switched = draw(st.tuples(*(st.booleans() for _ in SWITCHES)))
    return Maker(draw, frozenset(name for name, on in zip(SWITCHES, switched, strict=True) if on)).scenario()


def parsed(data: Plain) -> Scenario:
    """The scenario; hypothesis tries another where this one may be refused."""
    try:
        return sg.parse(text_of(data))
    except sg.ScenarioError as error:
        if all(any(rule in fault.rule for rule in REFUSALS) for fault in error.faults):
            reject()
        raise


def text_of(data: Plain) -> str:
    """The scenario as a file (JSON is YAML)."""
    return json.dumps(data, indent=1)
