"""The briefing as a Word document: headings, captions, alternative texts and tables, read back by python-docx."""

from __future__ import annotations

import io
import re
import time
import zipfile
from typing import Any

import docx
import pytest
from briefings import HOSTILE, SHOWN_SOURCE, SOURCE, scenario
from docx.oxml.ns import qn

import simulator as sg
from simulator.report.briefing import briefing
from simulator.report.content import Briefing, Grid, Picture
from simulator.report.spelling import spelled
from simulator.report.subject import subject
from simulator.report.verification import verify
from simulator.report.word import document


@pytest.fixture(scope="module")
def told() -> Briefing:
    about = subject([sg.compare(scenario(list(HOSTILE), source=SOURCE), replications=100)])
    return briefing(about, verify(about))


@pytest.fixture(scope="module")
def content(told: Briefing) -> bytes:
    return document(told)


@pytest.fixture(scope="module")
def word(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def _in_order(told: Briefing) -> list[Grid]:
    """Tables as they come in the document."""
    found = []
    for block in told.every():
        if isinstance(block, Grid):
            found.append(block)
        elif isinstance(block, Picture) and block.beside and not block.in_body:
            found.append(block.grid)
    return found


def test_headings_are_headings(told: Briefing, word: Any) -> None:
    heads = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    expected = []
    for section in told.sections:
        expected.append(("Heading 1", section.title))
        expected += [("Heading 2", part.title) for part in section.parts]
    assert heads == expected
    assert [p.text for p in word.paragraphs if p.style.name == "Title"] == [told.title]


def test_captions_are_counted_by_word_itself(told: Briefing, word: Any) -> None:
    def numbered(what: str) -> list[str]:
        fields = word.element.body.iter(qn("w:fldSimple"))
        return [
            "".join(text.text for text in field.iter(qn("w:t")))
            for field in fields
            if field.get(qn("w:instr")) == f"SEQ {what} \\* ARABIC"
        ]

    pictures = [block for block in told.every() if isinstance(block, Picture)]
    grids = [block for block in told.every() if isinstance(block, Grid)]
    assert numbered("Figure") == [str(picture.number) for picture in pictures]
    assert numbered("Table") == [str(grid.number) for grid in grids]


def test_figures_have_their_alternative_texts(told: Briefing, word: Any) -> None:
    pictures = [block for block in told.every() if isinstance(block, Picture)]
    described = [(each._inline.docPr.get("descr"), each._inline.docPr.get("title")) for each in word.inline_shapes]
    assert described == [(picture.alt, picture.finding) for picture in pictures]
    page = word.sections[0]
    room = page.page_width - page.left_margin - page.right_margin
    assert all(each.width <= room and each.height <= docx.shared.Mm(221) for each in word.inline_shapes)


def test_tables_have_the_cells_of_the_content_and_heads_that_repeat(told: Briefing, word: Any) -> None:
    grids = _in_order(told)
    assert len(word.tables) == len(grids)
    for table, grid in zip(word.tables, grids, strict=True):
        rows = [[spelled(*pair) for pair in zip(row, grid.table.kinds, strict=True)] for row in grid.table.rows]
        found = [
            ["".join(t.text or "" for t in cell.iter(qn("w:t"))) for cell in row.iter(qn("w:tc"))]
            for row in table._tbl.iter(qn("w:tr"))
        ]
        assert found == [[*grid.table.heads], *rows]
        first, *others = table._tbl.iter(qn("w:tr"))
        assert first.find(f".//{qn('w:tblHeader')}") is not None
        assert not [row for row in others if row.find(f".//{qn('w:tblHeader')}") is not None]
        assert table._tbl.find(f".//{qn('w:tblCaption')}").get(qn("w:val")) == grid.caption
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.iter(qn("w:gridCol"))]
        assert sum(widths) == round(174 / 25.4 * 1440)
        assert min(widths) > 200


def test_names_are_shown_as_text(content: bytes, word: Any) -> None:
    texts = {"".join(t.text or "" for t in cell.iter(qn("w:t"))) for cell in word.element.body.iter(qn("w:tc"))}
    assert {*HOSTILE.values(), SHOWN_SOURCE} <= texts
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        xml = parts.read("word/document.xml").decode("utf-8")
    assert "<script" not in xml
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\u202e]", xml)


def test_the_page_is_a4_and_the_language_is_british(word: Any) -> None:
    page = word.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    languages = {each.get(qn("w:val")) for each in word.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    assert word.core_properties.language == "en-GB"
    assert word.core_properties.title == "Buyers: <script>alert(1)<script>"
    fonts = {fonts.get(qn("w:ascii")) for fonts in word.styles["Heading 1"].element.iter(qn("w:rFonts"))}
    assert fonts == {"Arial"}
    themed = [key for f in word.styles["Heading 1"].element.iter(qn("w:rFonts")) for key in f.attrib if "Theme" in key]
    assert themed == []


def test_the_same_content_gives_the_same_bytes_at_another_time(
    told: Briefing, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 100_000)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(now + 100_000))
    assert document(told) == content
