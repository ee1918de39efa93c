"""Tables as CSV, for spreadsheets as well as for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(heads: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows under heads, lines ending as RFC 4180 says; what a row lacks, and None, is an empty cell.

    A text that a spreadsheet would take for a formula has an apostrophe before it, for names come from strangers.
    """
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\r\n")  # or a lone \r would not be put into quotes
    writer.writerow([_cell(head) for head in heads])
    writer.writerows([_cell(row.get(head)) for head in heads] for row in rows)
    return sink.getvalue()


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
