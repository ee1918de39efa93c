"""``python -m benchmarks.million FILE N [WORKERS]``: run N replications in a process of its own; print its peak MB.

The process asks itself: what its parent could read (`ru_maxrss`) includes the parent's own peak.
"""

from __future__ import annotations

import sys
from pathlib import Path

from simulator.run import run
from simulator.scenario import load


def peak() -> float:
    """The most memory this process ever had, MB."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return next(int(line.split()[1]) / 1e3 for line in status.splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    run(load(sys.argv[1]), replications=int(sys.argv[2]), keep=False, workers="".join(sys.argv[3:]) or None).summary()
    print(peak())
