"""Who does the work: processes of this machine, a Dask cluster, or any executor of `concurrent.futures`.

Jobs are callables that can be pickled. They go through one code path wherever they run, and neither the number nor
the kind of workers changes an answer.
"""

from simulator.workers.crew import PER_WORKER, Workers
from simulator.workers.local import MOST_LOSSES, cores
from simulator.workers.shared import Shared
from simulator.workers.staff import Asked, asked, near

__all__ = ["MOST_LOSSES", "PER_WORKER", "Asked", "Shared", "Workers", "asked", "cores", "near"]
