"""One tidy table: a row per file, variation, schedule and cluster, and one for the programme."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from simulator.store import sheet
from simulator.store.arrow import numbers, texts
from simulator.store.runs import Row

if TYPE_CHECKING:
    import pyarrow as pa

PROGRAMME: Final = "programme"
CLUSTER: Final = "cluster"
DONE: Final = "done"
REFUSED: Final = "refused"
NOT_RUN: Final = "not run"
"""Of runs that were still to be done when the batch was stopped."""

QUANTILES: Final = ("p10", "p50", "p80", "p90")
MEANS: Final = ("unsupported_days", "failures", "cost", "savings", "npv")
_BEFORE: Final = {"file": str, "scenario": str}
_AFTER: Final = {
    "schedule": str,
    "level": str,
    "cluster": str,
    "replications": int,
    "seed": int,
    "sampling": str,
    "on_time": float,
    "on_time_low": float,
    "on_time_high": float,
    **{f"live_{name}": str for name in QUANTILES},
    **dict.fromkeys(MEANS, float),
    "money": str,
    "run": str,
    "status": str,
    "problem": str,
}


def columns(paths: Sequence[str]) -> dict[str, type]:
    """The table's columns and their types; a path that is varied has one of its own."""
    return {**_BEFORE, **{f"vary: {path}": str for path in paths}, **_AFTER}


def rows_of(summary: Mapping[str, Any]) -> Iterator[Row]:
    """What its summary says of a run: the programme's row, then its clusters'."""
    said = {name: summary[name] for name in ("schedule", "replications", "seed", "sampling")}
    programme = summary["programme"]
    yield {**said, "level": PROGRAMME, "status": DONE, **_figures(programme, programme["finish"])}
    for name, cluster in summary["clusters"].items():
        row = {**said, "level": CLUSTER, "cluster": name, "status": DONE}
        yield {**row, **_figures(cluster, cluster["go_live"])}


def _figures(figures: Mapping[str, Any], live: Mapping[str, Any]) -> Row:
    low, high = figures["on_time"]["interval"]
    return {
        "on_time": figures["on_time"]["p"],
        "on_time_low": low,
        "on_time_high": high,
        **{f"live_{name}": live[name] for name in QUANTILES},
        **{name: figures[name]["mean"] for name in MEANS},
    }


def as_csv(rows: Sequence[Row], paths: Sequence[str]) -> bytes:
    """The table as CSV, safe to open in a spreadsheet."""
    return sheet.as_csv(list(columns(paths)), rows).encode("utf-8", "replace")


def as_parquet(rows: Sequence[Row], paths: Sequence[str]) -> bytes:
    """The table as Parquet, in which every text is as it was written."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = columns(paths)
    arrays = [_column([_sound(row.get(name)) for row in rows], kind) for name, kind in kinds.items()]
    sink = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, names=list(kinds)), sink, compression="zstd")
    return sink.getvalue()


def _column(values: list[Any], kind: type) -> pa.Array:
    if kind is str:
        return texts(values)
    missing = np.array([value is None for value in values], dtype=np.bool_)
    known: npt.NDArray[Any] = np.array([0 if value is None else value for value in values], dtype=kind)
    return numbers(known, missing if missing.any() else None)


def _sound(value: Any) -> Any:
    """A value without halves of characters, which names of files may have and texts may not."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
