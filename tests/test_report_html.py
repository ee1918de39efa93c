"""The briefing as a web page: its structure, what a reader without eyes has of it, and that names are text."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from importlib import import_module
from itertools import pairwise
from typing import Any

import pytest
from briefings import HOSTILE, SHOWN_SOURCE, SOURCE, scenario

import simulator as sg
from simulator.report.briefing import briefing
from simulator.report.content import Briefing
from simulator.report.html import page
from simulator.report.subject import subject
from simulator.report.verification import verify

VOID = {"meta", "link", "img", "br"}


class Seen(HTMLParser):
    """What a page is made of; complains about tags that are not closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            self.texts.append((self.open[-1], data.strip()))

    def every(self, *names: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.tags if tag in names]


@pytest.fixture(scope="module")
def told() -> Briefing:
    about = subject([sg.compare(scenario(list(HOSTILE), source=SOURCE), replications=100)])
    return briefing(about, verify(about))


@pytest.fixture(scope="module")
def html(told: Briefing) -> str:
    return page(told).decode("utf-8")


@pytest.fixture(scope="module")
def seen(html: str) -> Seen:
    found = Seen()
    found.feed(html)
    found.close()
    assert found.open == []
    return found


def test_headings_descend_one_step_at_a_time(seen: Seen) -> None:
    levels = [int(tag[1]) for tag, _ in seen.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert levels.count(2) >= 12
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_language_and_the_landmarks_are_said(seen: Seen) -> None:
    assert seen.every("html") == [{"lang": "en-GB"}]
    names = [tag for tag, _ in seen.tags]
    assert [names.count(tag) for tag in ("header", "nav", "main", "footer", "title")] == [1, 1, 1, 1, 1]
    first_link = seen.every("a")[0]
    assert first_link["href"] == "#content"
    assert seen.every("main")[0]["id"] == "content"
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in seen.every("meta")


def test_every_table_has_a_caption_and_heads_with_a_scope(seen: Seen) -> None:
    assert len(seen.every("table")) == len(seen.every("caption")) == len(seen.every("thead")) > 15
    assert {attrs.get("scope") for attrs in seen.every("th")} == {"row", "col"}
    regions = [attrs for attrs in seen.every("div") if attrs.get("role") == "region"]
    assert len(regions) >= len(seen.every("table"))
    assert all(attrs["tabindex"] == "0" for attrs in regions)
    captions = {attrs["id"] for attrs in seen.every("caption")}
    assert {attrs["aria-labelledby"] for attrs in regions if "aria-labelledby" in attrs} == captions


def test_every_figure_has_its_alternative_text_and_its_finding(told: Briefing, seen: Seen) -> None:
    from simulator.report.content import Picture

    pictures = [block for block in told.every() if isinstance(block, Picture)]
    assert [attrs["alt"] for attrs in seen.every("img")] == [picture.alt for picture in pictures]
    assert all(len(picture.alt) > 100 for picture in pictures)
    captions = [text for tag, text in seen.texts if tag == "figcaption"]
    assert captions == [f"Figure {each.number}. {each.finding}" for each in pictures]


def test_ids_are_unique_and_links_lead_somewhere(seen: Seen) -> None:
    ids = [attrs["id"] for _, attrs in seen.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {str(attrs["href"])[1:] for attrs in seen.every("a")} <= {*ids}


def test_nothing_is_fetched_from_anywhere(html: str, seen: Seen) -> None:
    addresses = [value for _, attrs in seen.tags for key, value in attrs.items() if key in ("src", "href")]
    assert all(str(each).startswith(("#", "data:")) for each in addresses)
    assert not seen.every("script", "iframe", "object", "embed")
    assert not [key for _, attrs in seen.tags for key in attrs if key.startswith("on")]
    style = next(text for tag, text in seen.texts if tag == "style")
    assert "url(" not in style
    assert "@import" not in style
    for source in (str(attrs["src"]) for attrs in seen.every("img")):
        kind, content = source.split(";base64,")
        assert kind in ("data:image/svg+xml", "data:image/png")
        assert kind.endswith("png") or b"<script" not in base64.b64decode(content)
    assert len(html) < 5_000_000


def test_names_are_shown_as_text(seen: Seen) -> None:
    heads = {text for tag, text in seen.texts if tag == "th"}
    assert {*HOSTILE.values()} <= heads
    assert ("td", SHOWN_SOURCE) in seen.texts
    assert ("h1", "Buyers: <script>alert(1)<script>") in seen.texts


def test_it_prints_to_a4_and_scrolls_inside_its_regions(html: str) -> None:
    assert "@page { size: A4;" in html
    assert "@media print" in html
    assert ".scroll { overflow-x: auto;" in html


def test_the_same_content_gives_the_same_bytes(told: Briefing, html: str) -> None:
    assert page(told).decode("utf-8") == html


def test_a_missing_library_is_named_with_its_remedy(told: Briefing, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(import_module("simulator.report.office"), "import_module", missing)
    with pytest.raises(sg.StaggerError, match=r"needs jinja2, .* pip install jinja2 python-docx"):
        page(told)
