"""Five clusters and two slots in other libraries, each as its users would write it.

Each module has ``futures(count)``: the day on which the last of the five is done, in so many replications.
It is `MEAN_LAST` on average: while two or more are left, two work and one is done every `MEAN` / 2 days, four times
over, and the last takes `MEAN` days more.
"""

from __future__ import annotations

from typing import Final

CLUSTERS: Final = 5
SLOTS: Final = 2
MEAN: Final = 300.0
MEAN_LAST: Final = 4 * MEAN / 2 + MEAN
