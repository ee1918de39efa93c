"""Columns as pyarrow has them, made of their bytes.

`pyarrow.array` looks whether it was given something of pandas, and imports all of it for that: as long as it takes to
simulate ten thousand futures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa


MOST_BYTES: Final = 2**31 - 1
"""Bytes of all texts of a column, beyond which pyarrow has another kind of column for them."""


def numbers(values: npt.NDArray[Any], missing: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """(N,) numbers or truths, missing where told."""
    import pyarrow as pa

    content = _bits(values) if values.dtype == np.bool_ else np.ascontiguousarray(values)
    valid = None if missing is None else pa.py_buffer(_bits(~missing))
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(content)])


def texts(values: Sequence[str | None]) -> pa.Array:
    """Texts, missing where they are None."""
    import pyarrow as pa

    content = [b"" if value is None else value.encode() for value in values]
    ends = np.concatenate([[0], np.cumsum([len(each) for each in content], dtype=np.int64)])
    long = int(ends[-1]) > MOST_BYTES
    valid = _bits(np.array([value is not None for value in values], dtype=np.bool_))
    buffers = [pa.py_buffer(each) for each in (valid, ends if long else ends.astype(np.int32), b"".join(content))]
    return pa.Array.from_buffers(pa.large_string() if long else pa.string(), len(values), buffers)


def _bits(truths: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    return np.packbits(truths, bitorder="little")
