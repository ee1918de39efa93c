"""What a planner writes: one YAML file to frozen values, with every fault in its place."""

from simulator.scenario.load import load, parse
from simulator.scenario.model import Scenario

__all__ = ["Scenario", "load", "parse"]
