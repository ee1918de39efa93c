"""Who does the work: processes of this machine, a Dask cluster, or any executor of `concurrent.futures`.

Jobs are callables that can be pickled. They go through one code path wherever they run, and neither the number nor
the kind of workers changes an answer.
"""

from simulator.workers.crew import MOST_LOSSES, PER_WORKER, Workers
from simulator.workers.local import cores
from simulator.workers.shared import Shared
from simulator.workers.staff import Asked, Killed, asked, near

__all__ = ["MOST_LOSSES", "PER_WORKER", "Asked", "Killed", "Shared", "Workers", "asked", "cores", "near"]
