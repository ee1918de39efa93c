"""From a network and draws to a timeline; the rules that every engine keeps, in words.

Time is a whole number of days. The numbers are cited by both engines and by their tests.

**The life of an activity**

1. *Blocked* until every predecessor has finished.
2. *Released* at the later of that moment and its release time.
3. *Asks* at that moment for all the units and all the money it needs, together, and stands in line.
   A wave whose department does not join is skipped instead: it finishes there and then, holds
   nothing and is no completion.
4. *Granted* all of it at once, or nothing.
5. Waits for the first day of its *window* at or after the grant.
6. *Works* ``round(base × F + D)`` days, half to even. ``F`` is the stretch, then each risk's factor in
   file order, then learning, then congestion, multiplied from left to right; ``D`` is the sum of the
   risk delays in file order; all in double precision. Learning and congestion are read as work begins.
7. With a board, *waits to be heard*: at each meeting with a free seat it passes, or is returned, reworks
   and waits for a strictly later meeting. After as many returns as allowed, the next hearing passes.
8. *Finishes*: returns its units, counts as completed, unblocks its successors. What a phase holds
   returns when the phase's last activity has finished.

**One day**, in rounds until a round changes nothing

9. Happenings, in this order: failures of legacy systems; steps of capacity and tranches of budgets;
   ends of work and of rework; milestones; release times; work whose window opens.
10. Boards that meet hear those who wait, by (priority, waiting since, file order), while seats are left
    at this meeting; what was returned today is not heard again today.
11. Grants: the line is read once, by (priority, asked, file order). A request is granted if all its units
    are free and all its money is there, and no earlier request still in line wants any of the same
    resources or budgets. What is granted, and has no window or one that is open today, begins work before
    the next request is looked at.
12. A finish takes effect at once, wherever in the round it happens. Work and rework of length 0 end in
    the round after the one in which they begin.

**Besides**

13. Learning: the factor after k completions of the same stage by other clusters.
14. Congestion: ``1 + each × max(0, inside − beyond)``, the units in use at that moment, its own included.
15. Disruption: a failure of a legacy system in use lengthens the work and rework under way in its
    clusters, unless it ends on the day of the failure. A system that is retired on a day can still fail
    on that day.
16. Capacity is 0 before a resource opens, from the day it closes, and on closed days. Nothing is taken
    away from those inside, so free units may be negative.
17. Happenings on the day of the horizon happen; then everything stops.
18. A day in line counts against one thing: the first asked for (units before money, in file order) that
    is short or that an earlier request in line wants.
19. Budgets are compared with a tolerance (`simulator.engines.tolerance`), so that 0.1 + 0.2 pays for 0.3.
"""

from __future__ import annotations

import os
import warnings
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from simulator.compiled import is_kept
from simulator.errors import StaggerError
from simulator.given import require
from simulator.inputs import Draws, Inputs, prepare
from simulator.network import Network
from simulator.timeline import Timeline

ENGINES: Final = ("batch", "events")
"""The compiled engine, which is fast, and the SimPy engine, which is written to be read."""


def simulate(network: Network, draws: Draws, engine: str = "batch") -> Timeline:
    """What happens in each replication of the draws, as a `Timeline` of N columns.

    Both engines give equal arrays. Raises:
        StaggerError: there is no such engine, or the draws lack a variable of the network.
    """
    require(network, Network, "an engine needs a network", "Give what compile returns.")
    return run_engine(network, prepare(network, draws), engine)


def run_engine(network: Network, inputs: Inputs, engine: str = "batch") -> Timeline:
    """The same, from inputs that are already prepared."""
    if engine not in ENGINES:
        raise StaggerError(f"the engine must be one of {' and '.join(ENGINES)} (found {engine}).")
    if available(engine) == "batch":
        from simulator.engines import batch

        return batch.run(network, inputs)
    from simulator.engines import events

    return events.run(network, inputs)


def is_yet_to_compile() -> bool:
    """Whether the batch engine has yet to be compiled, so that its first answer takes longer.

    That is so once after installation; every time, where what was compiled cannot be kept.
    """
    if find_spec("numba") is None:
        return False
    source = Path(__file__).with_name("kernel.py")
    place = _kept(source)
    kept = [] if place is None else list(place.glob(f"{source.stem}.simulate_block-*.nbi"))
    newer = any(index.stat().st_mtime >= source.stat().st_mtime for index in kept)
    # Since version 0.68 numba goes by what the source says, and not by its date.
    digest = sha256(source.read_bytes()).digest()
    return not newer and not any(digest in index.read_bytes() for index in kept)


def _kept(source: Path) -> Path | None:
    """Where numba keeps what it compiled: beside the source, or where it says if it may not write there, or nowhere."""
    if "NUMBA_CACHE_DIR" not in os.environ and os.access(source.parent, os.W_OK):
        return source.parent / "__pycache__"
    if not is_kept():
        return None
    from simulator.engines import kernel

    return Path(kernel.simulate_block.stats.cache_path)


@cache
def available(engine: str) -> str:
    """The engine that answers when one is asked for: the SimPy engine stands in where numba is missing."""
    if engine == "batch" and find_spec("numba") is None:
        warnings.warn("numba is not installed, so the slow events engine answers: pip install numba", stacklevel=2)
        return "events"
    return engine
