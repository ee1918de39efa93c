"""A briefing as a web page: one file that opens from a disk, without a network, and prints to A4."""

from __future__ import annotations

import base64
from importlib import resources
from typing import Any, Final

from simulator.report.content import Briefing, Picture
from simulator.report.office import library
from simulator.report.spelling import spelled

NUMBERS: Final = ("number", "share", "points", "days", "money")
"""Kinds of columns that are set to the right."""
LONGEST_SVG: Final = 600_000
"""Bytes beyond which a drawing is slow to show."""


def page(briefing: Briefing) -> bytes:
    """The page in UTF-8, the same bytes every time.

    Raises:
        StaggerError: jinja2 is not installed.
    """
    jinja2 = library("jinja2")
    folder = resources.files("simulator.report")
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["spelled"] = spelled
    environment.globals.update(data_uri=data_uri, is_number=lambda kind: kind in NUMBERS)
    template = environment.from_string((folder / "briefing.html.j2").read_text(encoding="utf-8"))
    style = (folder / "briefing.css").read_text(encoding="utf-8")
    text: str = template.render(briefing=briefing, style=style, sections=_anchored(briefing))
    return text.encode("utf-8")


def _anchored(briefing: Briefing) -> list[tuple[str, Any]]:
    """Sections with the anchors that the list of contents points to."""
    return [(f"section-{number}", section) for number, section in enumerate(briefing.sections, 1)]


def data_uri(picture: Picture) -> str:
    """The figure, as lines where they are worth it and not too many, as an address that holds it."""
    light = picture.in_body and len(picture.lines) <= LONGEST_SVG
    content, kind = (picture.lines, "svg+xml") if light else (picture.dots, "png")
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"
