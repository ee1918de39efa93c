"""Outcomes as a Parquet file whose bytes depend on its rows only."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from simulator.days import NEVER
from simulator.store.arrow import numbers, texts

if TYPE_CHECKING:
    import pyarrow as pa

Columns = Mapping[str, npt.NDArray[Any]]
"""Columns of outcomes by name, all of one length."""

ROWS: Final = 65_536
"""Rows per row group: fixed, so that the file's bytes do not depend on the blocks its rows came in."""

PAGE: Final = 8 * ROWS
"""Bytes of a page, no less than a column has in a row group: what is read together is packed together."""


class OutcomeWriter:
    """Writes outcomes as Parquet, one row per replication and cluster, as the blocks come in order.

    ``sink`` is a path or a binary file. Days are int32, in the ``optional`` columns missing where it did not happen by
    the horizon; money is float64. In columns that have ``words``, numbers from 0 stand for them, and the file has the
    words. The same rows give the same bytes, however they were cut into blocks.
    """

    def __init__(
        self,
        sink: Path | IO[bytes],
        about: Mapping[str, str],
        optional: Container[str],
        words: Mapping[str, Sequence[str]],
    ) -> None:
        self.sink = sink
        self.about = dict(about)
        self.optional = optional
        self.words = words
        self.waiting: list[Columns] = []
        self.rows = 0
        self.writer: Any = None

    def add(self, columns: Columns) -> None:
        """Rows of one block."""
        self.waiting.append(columns)
        self.rows += len(next(iter(columns.values())))
        while self.rows >= ROWS:
            self._write(ROWS)

    def close(self) -> None:
        """Write what is left, and the end of the file."""
        if self.rows:
            self._write(self.rows)
        if self.writer is not None:
            self.writer.close()

    def _write(self, rows: int) -> None:
        import pyarrow as pa

        columns = {name: np.concatenate([part[name] for part in self.waiting]) for name in self.waiting[0]}
        arrays = {name: _column(values[:rows], self.words.get(name)) for name, values in columns.items()}
        schema = pa.schema([pa.field(name, of.type, name in self.optional) for name, of in arrays.items()])
        if self.writer is None:
            self.writer = self._open(schema)
        self.writer.write_table(pa.Table.from_arrays(list(arrays.values()), schema=schema), row_group_size=rows)
        self.rows -= rows
        self.waiting = [{name: values[rows:] for name, values in columns.items()}] if self.rows else []

    def _open(self, schema: pa.Schema) -> Any:
        import pyarrow as pa
        from pyarrow import parquet

        encodings = {field.name: _encoding(field.type) for field in schema}
        writer = parquet.ParquetWriter(
            self.sink,
            schema,
            compression="snappy",
            data_page_size=PAGE,
            write_statistics=False,  # a row group is a run of futures: no question can leave one out by them
            write_batch_size=ROWS,
            store_schema=False,  # readers get words where they were written as numbers of a dictionary
            use_dictionary=[name for name, encoding in encodings.items() if encoding is None],
            column_encoding={name: encoding for name, encoding in encodings.items() if encoding is not None},
            memory_pool=pa.system_memory_pool(),  # an eighth quicker in a night of runs than pyarrow's own
        )
        writer.add_key_value_metadata(self.about)
        return writer


def _encoding(kind: pa.DataType) -> str | None:
    """How a column is written; None with a dictionary.

    Days repeat too little for dictionaries, and amounts not at all. With the first bytes of all numbers together, then
    the second, and so on, and compressed lightly, the file is a thirteenth larger than with dictionaries and zstd, and
    takes a third of their time, which a night of runs has not got.
    """
    import pyarrow as pa

    return "BYTE_STREAM_SPLIT" if pa.types.is_integer(kind) or pa.types.is_floating(kind) else None


def _column(values: npt.NDArray[Any], words: Sequence[str] | None) -> pa.Array:
    import pyarrow as pa

    if words is not None:
        return pa.DictionaryArray.from_arrays(numbers(values), texts(words))
    if values.dtype.kind in "iu":
        missing = values == NEVER
        return numbers(values.astype(np.int32, copy=False), missing if missing.any() else None)
    return numbers(values)
