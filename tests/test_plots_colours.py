"""Colours that all can tell apart: contrast by WCAG 2.2, and distances for readers who see few colours or none."""

from __future__ import annotations

from importlib import import_module
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_hex
from numpy.typing import NDArray

from simulator.plots import fan, heat_map, style
from simulator.plots.style import COLOURS, HATCHES, INK, QUIET, area_look, contrasting, line_look, luminance

# Machado, Oliveira and Fernandes (2009), IEEE Trans. Vis. Comput. Graph. 15, 1291, severity 1.0; for linear sRGB.
MACHADO = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
SEEN = {"all colours": np.eye(3), **{name: np.array(matrix) for name, matrix in MACHADO.items()}}
TO_XYZ = np.array([[0.41246, 0.35758, 0.18044], [0.21267, 0.71515, 0.07217], [0.01933, 0.11919, 0.9503]])


def linear(colour: str) -> NDArray[np.float64]:
    parts = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE 1976 L*a*b* of linear sRGB, white D65."""
    ratio = TO_XYZ @ np.clip(seen, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one: str, other: str, seen: NDArray[np.float64]) -> float:
    """The distance of two colours as they are seen (CIE 1976); 2.3 is just noticeable."""
    return float(np.linalg.norm(lab(seen @ linear(one)) - lab(seen @ linear(other))))


def contrast(one: str, other: str = "#FFFFFF") -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    # WCAG's own examples: black on white 21 : 1, #767676 on white 4.54 : 1, just enough for text.
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("colour", [*COLOURS, style.WAIT, style.LEGACY, style.HEARING, style.UNSUPPORTED])
def test_lines_and_areas_stand_out_from_white(colour: str) -> None:
    assert contrast(colour) >= 3


@pytest.mark.parametrize("colour", [INK, QUIET])
def test_text_can_be_read_on_white(colour: str) -> None:
    assert contrast(colour) >= 4.5


@pytest.mark.parametrize("shade", np.linspace(0, 1, 101))
def test_numbers_can_be_read_on_every_shade_of_a_heat_map(shade: float) -> None:
    behind = to_hex(heat_map.SHADES(shade))
    assert contrast(behind, {"black": "#000000", "white": "#FFFFFF"}[contrasting(behind)]) >= 4.5


@pytest.mark.parametrize("colour", COLOURS)
def test_numbers_can_be_read_on_every_area(colour: str) -> None:
    assert contrast(colour, {"black": "#000000", "white": "#FFFFFF"}[contrasting(colour)]) >= 4.5


@pytest.mark.parametrize("eye", SEEN)
def test_colours_differ_for_every_eye(eye: str) -> None:
    # 10 is more than four times what is just noticeable side by side.
    assert min(apart(*pair, SEEN[eye]) for pair in combinations(COLOURS, 2)) >= 10


def test_lines_that_are_alike_in_grey_differ_in_style() -> None:
    looks = [line_look(index) for index in range(12)]
    grey = [luminance(look["color"]) for look in looks]
    for (one, a), (other, b) in combinations(zip(looks, grey, strict=True), 2):
        assert one["linestyle"] != other["linestyle"] or (max(a, b) + 0.05) / (min(a, b) + 0.05) >= 1.5


def test_areas_that_are_alike_in_grey_differ_in_hatching() -> None:
    looks = [area_look(index) for index in range(10)]
    for one, other in combinations(looks, 2):
        light, dark = sorted((luminance(one["facecolor"]), luminance(other["facecolor"])), reverse=True)
        assert one["hatch"] != other["hatch"] or (light + 0.05) / (dark + 0.05) >= 1.5


def test_looks_do_not_repeat_before_they_must() -> None:
    lines = [(look["color"], str(look["linestyle"]), look["linewidth"]) for look in map(line_look, range(84))]
    areas = [(look["facecolor"], look["hatch"]) for look in map(area_look, range(len(COLOURS) * len(HATCHES)))]
    assert len(set(lines)) == 84
    assert len(set(areas)) == 36


def test_what_a_gantt_shows_differs_in_grey_or_in_shape() -> None:
    # Waiting and legacy bars are thinner than work; hearings and extensions are hatched.
    looks = list(import_module("simulator.plots.gantt")._LOOK.values())
    for one, other in combinations(looks, 2):
        shape = (one.get("hatch"), one["height"]) != (other.get("hatch"), other["height"])
        colours = [look.get("color", look.get("facecolor")) for look in (one, other)]
        light, dark = sorted(map(luminance, colours), reverse=True)
        assert shape or (light + 0.05) / (dark + 0.05) >= 1.15


def test_bands_are_lighter_than_their_lines() -> None:
    for line, band in zip(COLOURS, fan.FILL, strict=False):
        assert contrast(line, band) >= 2
    assert style.HATCHES[0] != style.HATCHES[1]  # cost and savings
