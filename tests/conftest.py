"""What all tests share: both engines, and how hard hypothesis tries."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import simulator as sg
from simulator.engines import ENGINES, is_yet_to_compile

TWO = Path(__file__).parent.parent / "scenarios" / "two-clusters.yaml"

settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("suite")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the engine once, before workers begin and each of them would, and before tests read standard error."""
    if not hasattr(session.config, "workerinput") and is_yet_to_compile():
        sg.run(sg.load(TWO), replications=300)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn: what holds for one holds for the other."""
    return str(request.param)
