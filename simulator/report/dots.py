"""Pictures as dots, made smaller where they are large."""

from __future__ import annotations

import io
from typing import Final

LARGE: Final = 250_000
"""Bytes beyond which it is worth the time to make a picture smaller."""
COLOURS: Final = 256


def slim(png: bytes) -> bytes:
    """A PNG with a palette in place of four bytes a dot, about a third as large; one that is small as it is.

    The colours of areas and lines stay what they are; only the many shades at their edges are brought together
    (median cut; Heckbert 1982, SIGGRAPH).
    """
    if len(png) <= LARGE:
        return png
    from PIL import Image

    sink = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        few = picture.convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(sink, "png")
    return min(sink.getvalue(), png, key=len)
