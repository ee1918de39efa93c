"""Large pictures are made smaller, and their colours stay what they are."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from simulator.report.dots import LARGE, slim


def _png(picture: Image.Image) -> bytes:
    sink = io.BytesIO()
    picture.save(sink, "png")
    return sink.getvalue()


def test_a_small_picture_is_left_as_it_is() -> None:
    small = _png(Image.new("RGBA", (20, 10), "#12436D"))
    assert slim(small) is small


def test_a_large_picture_is_smaller_and_its_areas_keep_their_colours() -> None:
    rng = np.random.default_rng(5)  # edges in 3,000 shades between two colours
    dots = np.zeros((900, 900, 4), dtype=np.uint8)
    dots[...] = (224, 82, 6, 255)
    dots[:300] = (18, 67, 109, 255)
    dots[300:500, :, :3] = rng.integers(0, 256, (200, 900, 3))
    large = _png(Image.fromarray(dots))
    assert len(large) > LARGE
    slender = slim(large)
    assert len(slender) < len(large) / 2
    again = np.asarray(Image.open(io.BytesIO(slender)).convert("RGB"))
    assert (again[:300] == (18, 67, 109)).all()
    assert (again[500:] == (224, 82, 6)).all()
    assert slim(large) == slender
