"""Where and when the numbers were measured."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from simulator.workers import cores

NOTED = ("numpy", "numba", "simpy", "cimba", "ciw", "salabim")


def machine() -> str:
    """A few lines: processor, cores, what else runs, versions and date."""
    packages = ", ".join(f"{name} {installed(name) or 'not installed'}" for name in NOTED)
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {_processor()}; {cores()} cores{_load()}\n"
        f"Python {platform.python_version()}; {packages}"
    )


def installed(package: str) -> str | None:
    """The version of a package, None where it is missing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _load() -> str:
    """How many others wanted the processor in the last minute; above 0 the times below are too long."""
    return f", load {os.getloadavg()[0]:.1f} before the start" if hasattr(os, "getloadavg") else ""
