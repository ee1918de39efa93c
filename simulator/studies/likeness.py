"""What scenarios have in common, so that a study works nothing out twice.

Networks that are equal in all but their name meet the same timeline; those that differ only in what no draw is laid out
for share the inputs. Likeness is read off the values themselves, so that nobody has to say which change bears on what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from hashlib import blake2b
from typing import Any, Final, TypeAlias

import numpy as np

from simulator.draws import Draws
from simulator.network import Network

NAMES: Final = frozenset({"schedule", "index"})
"""What no engine reads."""

NOT_LAID_OUT: Final = NAMES | {
    "release",
    "scheduled",
    "capacity",
    "capacity_days",
    "capacity_values",
    "meetings",
    "seats",
    "window_days",
    "priority",
    "asks",
    "spends",
    "returns",
    "phase_returns",
    "learning",
    "congestion_resource",
    "congestion_beyond",
    "congestion_each",
    "predecessors",
    "successors",
}
"""What `prepare` does not read of a network, but for the capacity, which `with_capacity` lays out anew."""


@dataclass(frozen=True, order=True)
class Likeness:
    """Two marks: contenders with the same ``inputs`` share those, with the same ``timeline`` that too."""

    inputs: bytes
    timeline: bytes

    @classmethod
    def of(cls, network: Network, draws: Draws) -> Likeness:
        """Of a network and the draws that it meets."""
        known: Known = {}
        values = {field.name: _written(getattr(network, field.name), known) for field in fields(network)}
        streams = (draws.variables, draws.blends, draws.fixed, draws.streams)
        drawn = [_written(value, known) for value in streams]
        inputs = _mark([*drawn, *(values[name] for name in values if name not in NOT_LAID_OUT)])
        return cls(inputs, _mark([inputs.hex(), *(values[name] for name in values if name not in NAMES)]))


def _mark(values: list[str]) -> bytes:
    return blake2b("\n".join(values).encode("utf-8", "surrogatepass"), digest_size=16).digest()


Known: TypeAlias = dict[int, tuple[Any, str]]
"""What was written before, by identity, and kept so that nothing else comes to have it."""


def _written(value: Any, known: Known) -> str:
    """A value written so that equal ones read the same and others do not."""
    if isinstance(value, (str, int, float, date, type(None))):
        return repr(value)
    if id(value) not in known:
        known[id(value)] = value, "".join(_parts(value, known))
    return known[id(value)][1]


def _parts(value: Any, known: Known) -> list[str]:
    if isinstance(value, np.ndarray):
        return [f"{value.dtype}{value.shape}", value.tobytes().hex()]
    if isinstance(value, Mapping):
        return ["{", *(f"{key!r}:{_written(each, known)}," for key, each in value.items()), "}"]
    if isinstance(value, (tuple, list)):
        return ["(", *(f"{_written(each, known)}," for each in value), ")"]
    if is_dataclass(value):
        written = (_written(getattr(value, field.name), known) for field in fields(value))
        return [type(value).__name__, *(f" {each}" for each in written), ";"]
    raise TypeError(f"a value that can be written must be there (found {type(value).__name__})")
