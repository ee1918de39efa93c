"""The look of every figure: colours that all can tell apart, one font, names as plain text.

Colours begin with the UK Government Analysis Function's palette, darkened until every one has a contrast of 3 : 1 with
white (WCAG 2.2, criterion 1.4.11); `tests/test_plots_colours.py` computes that, and how far apart they are for
readers who see few colours or none. Where two are close in grey, lines differ in style and areas in hatching.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from math import inf
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import ScaledTranslation, Transform, blended_transform_factory

from simulator.wording import printable, shortened

COLOURS: Final = ("#12436D", "#E05206", "#A3195B", "#1F9187", "#000000", "#9A6FD0")
"""Dark and light by turns, so that those beside each other differ in grey."""
DASHES: Final = (
    "solid",
    (0, (5, 2)),
    (0, (1, 1.2)),
    (0, (6, 2, 1, 2)),
    (0, (9, 2)),
    (0, (4, 1.5, 1, 1.5, 1, 1.5)),
    (0, (2.5, 2.5)),
)
"""Line styles, so that figures can be read in grey; as many as have no divisor in common with the colours."""
HATCHES: Final = ("", "////", "....", "\\\\\\\\", "xxxx", "----")
INK: Final = "#222222"
QUIET: Final = "#595959"
"""Small print, and lines that matter less."""
WORK: Final = COLOURS[0]
WAIT: Final = "#949494"
LEGACY: Final = "#767676"
UNSUPPORTED: Final = COLOURS[1]
HEARING: Final = "#5B8DB8"

MEASURED_AT: Final = (72, 200)
"""Dots per inch: letters are fitted to dots, so that a line is a little wider in one format than in another."""
EDGE: Final = 0.08
"""Inches left free at either side."""
DRAWN_AT: Final = 200
"""Dots per inch at which figures are laid out."""

SMALL: Final = 8
SMALLEST: Final = 7
LONGEST_KEY: Final = 48
"""Letters of a name in a key."""

_LOOK: Final[dict[Any, Any]] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E5E5E5",
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "svg.hashsalt": "stagger",
    "savefig.dpi": 200,
    "figure.dpi": DRAWN_AT,
}


@contextmanager
def house_style() -> Iterator[None]:
    """The look, for what is drawn inside; nothing is set for anybody else."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_LOOK)
        yield


_highest: ContextVar[float] = ContextVar("highest", default=inf)


@contextmanager
def no_higher(inches: float) -> Iterator[None]:
    """New axes are no higher than so many inches inside, whatever is asked for."""
    before = _highest.set(inches)
    try:
        yield
    finally:
        _highest.reset(before)


def new_axes(width: float, height: float) -> Axes:
    """Axes of a new figure, sizes in inches."""
    return Figure(
        figsize=(width, min(height, _highest.get())), layout=ConstrainedLayoutEngine(w_pad=EDGE)
    ).add_subplot()


def line_look(index: int) -> dict[str, Any]:
    """Colour, style and width of the ``index``-th line; no two of the first 84 are the same."""
    round_, rest = divmod(index, len(COLOURS) * len(DASHES))
    return {
        "color": COLOURS[rest % len(COLOURS)],
        "linestyle": DASHES[rest % len(DASHES)],
        "linewidth": 1.8 if round_ % 2 == 0 else 1.0,
    }


def area_look(index: int) -> dict[str, Any]:
    """Colour and hatching of the ``index``-th area; no two of the first 36 are the same."""
    return {
        "facecolor": COLOURS[index % len(COLOURS)],
        "edgecolor": "white",
        "hatch": HATCHES[(index + index // len(COLOURS)) % len(HATCHES)],
        "linewidth": 0,
    }


def luminance(colour: Any) -> float:
    """Relative luminance, 0 (black) to 1 (white): WCAG 2.2, by its definition for sRGB."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrasting(colour: Any) -> str:
    """Black or white, whichever has the greater contrast with a colour: 4.5 : 1 at the least."""
    return "black" if (luminance(colour) + 0.05) ** 2 > 1.05 * 0.05 else "white"


@lru_cache(maxsize=4)
def _font(weight: str) -> FontProperties:
    return FontProperties(family="DejaVu Sans", weight=weight)


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    """Characters that both weights of the font can draw."""
    paths = [findfont(_font(weight)) for weight in ("normal", "bold")]
    return frozenset.intersection(*(frozenset(FT2Font(str(Path(path))).get_charmap()) for path in paths))


def legible(text: str) -> str:
    """A text of which every character can be drawn; the font's sign for the unknown stands for the others."""
    known = _glyphs()
    return "".join(sign if ord(sign) in known else "\N{REPLACEMENT CHARACTER}" for sign in printable(text))


def label(text: str, longest: int) -> str:
    """A name as it is written in a figure: legible, and of at most so many characters."""
    return shortened(legible(text), longest)


@lru_cache(maxsize=4)
def _renderer(dpi: int) -> RendererAgg:
    return RendererAgg(10, 10, dpi)  # type: ignore[no-untyped-call]


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """The width of a line of text in inches, at a size in points, in the format in which it is widest."""
    font = _font(weight).copy()
    font.set_size(size)
    return max(_width(text, font, dpi) for dpi in MEASURED_AT)


def _width(text: str, font: FontProperties, dpi: int) -> float:
    width, _, _ = _renderer(dpi).get_text_width_height_descent(text, font, ismath=False)  # type: ignore[no-untyped-call]
    return float(width) / dpi


def wrapped(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """The lines of a text that is no wider than ``width`` inches; a word that is wider is broken."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size, weight) <= width:
            lines[-1] = longer
            continue
        lines += [word] if lines[-1] else []
        lines[-1] = word
        while text_width(lines[-1], size, weight) > width and len(lines[-1]) > 1:
            fits = next(k for k in range(len(lines[-1]) - 1, 0, -1) if text_width(lines[-1][:k], size, weight) <= width)
            lines[-1:] = [lines[-1][:fits], lines[-1][fits:]]
    return lines


def key(ax: Axes, handles: Sequence[Artist], names: Sequence[str]) -> None:
    """A key below the axes and their labels, in as many columns as the figure has room for.

    Names are put in afterwards, since Matplotlib hides those that begin with `_`.
    """
    if not handles:
        return
    shown = [label(name, LONGEST_KEY) for name in names]
    room = ax.figure.get_figure(root=True).get_size_inches()[0] - 0.3
    widest = max(text_width(name, SMALL) for name in shown) + 0.6
    columns = max(1, min(len(shown), int(room / widest), 6))
    legend = ax.legend(
        handles,
        [str(number) for number in range(len(shown))],
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        bbox_transform=_beneath(ax),
        borderaxespad=0.0,
        ncols=columns,
        fontsize=SMALL,
        handlelength=2.6,
        columnspacing=1.4,
    )
    for text, name in zip(legend.get_texts(), shown, strict=True):
        text.set_text(name)


def _beneath(ax: Axes) -> Transform:
    """Across, the figure where the axes are alone in it, since names beside them may be long; else the axes."""
    down = ax.transAxes + ScaledTranslation(0, -_below(ax) / 72, ax.figure.dpi_scale_trans)
    figure = ax.figure.get_figure(root=True)
    return blended_transform_factory(figure.transFigure if len(figure.axes) == 1 else ax.transAxes, down)


def _below(ax: Axes) -> float:
    """Points from the axes to below their labels, and a little more."""
    labels = ax.xaxis.get_tightbbox()
    return 8.0 if labels is None else (ax.bbox.y0 - labels.y0) / ax.figure.dpi * 72 + 8
