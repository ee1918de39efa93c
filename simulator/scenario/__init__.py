"""What a planner writes: one YAML file to frozen values, with every fault in its place."""

from simulator.scenario.change import change
from simulator.scenario.digest import digest
from simulator.scenario.load import load, parse
from simulator.scenario.model import Scenario
from simulator.scenario.register import Assumption, register
from simulator.scenario.schema import schema
from simulator.scenario.supply import stranded_demands

__all__ = ["Assumption", "Scenario", "change", "digest", "load", "parse", "register", "schema", "stranded_demands"]
