"""A briefing as a Word document: headings, captions and tables that edit, and the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from typing import Any, Final

from simulator.report.content import Block, Briefing, Bullets, Code, Grid, Picture, Section
from simulator.report.office import library
from simulator.report.word_table import table_xml, width_of

LANGUAGE: Final = "en-GB"
FONT: Final = "Arial"
PAGE: Final = (210, 297)
MARGINS: Final = (18, 16)
"""Width and height of A4, and margins at the sides and at top and bottom, in millimetres."""
TALLEST: Final = 220
"""Millimetres that a figure may be high, so that its caption fits on the page."""
BEHIND: Final = "The numbers behind it are in the last annex."
NO_DATE: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands for the date of results that have none; the date of writing would change the bytes."""
ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)

STYLES: Final = {
    "Normal": (10, False, "0B0C0C"),
    "Title": (18, True, "0B0C0C"),
    "Subtitle": (11.5, False, "484949"),
    "Heading 1": (13.5, True, "0B0C0C"),
    "Heading 2": (12, True, "0B0C0C"),
    "Caption": (9.5, True, "0B0C0C"),
    "Lead": (11.5, True, "0B0C0C"),
    "Cell": (8, False, "0B0C0C"),
    "Narrow cell": (6, False, "0B0C0C"),
    "Small print": (8, False, "484949"),
    "Command": (9, False, "0B0C0C"),
}
"""Size in points, bold, and colour of each style; those that Word does not have are made."""
SPACE: Final = {
    "Normal": (0, 4),
    "List Bullet": (0, 2),
    "Title": (0, 2),
    "Subtitle": (0, 4),
    "Heading 1": (10, 3),
    "Caption": (2, 3),
    "Lead": (0, 4),
    "Cell": (1, 1),
    "Narrow cell": (1, 1),
    "Small print": (0, 4),
}
"""Points above and below a paragraph."""


def document(briefing: Briefing) -> bytes:
    """The document, the same bytes every time.

    Raises:
        StaggerError: python-docx is not installed.
    """
    made = _Document(briefing)
    made.write()
    sink = io.BytesIO()
    made.document.save(sink)
    return repacked(sink.getvalue())


def repacked(content: bytes) -> bytes:
    """A zip file with the same files in it, whose bytes do not depend on when it was made."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            about = zipfile.ZipInfo(name, ZIP_DATE)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o600 << 16
            new.writestr(about, old.read(name))
    return sink.getvalue()


class _Document:
    """Writes block after block."""

    def __init__(self, briefing: Briefing) -> None:
        self.briefing = briefing
        self.docx = library("docx")
        self.document = self.docx.Document()
        self.xml = library("docx.oxml")
        self.qn: Callable[[str], str] = library("docx.oxml.ns").qn
        self.length = library("docx.shared")

    def write(self) -> None:
        self._page()
        self._styles()
        self._about()
        self._say(self.briefing.title, "Title")
        self._say(self.briefing.subtitle, "Subtitle")
        for section in self.briefing.sections:
            self._section(section, 1, new_page=section is self.briefing.annexes[0])

    # -- the document as a whole -----------------------------------------------------------------------------

    def _page(self) -> None:
        page, mm = self.document.sections[0], self.length.Mm
        page.page_width, page.page_height = map(mm, PAGE)
        page.left_margin = page.right_margin = mm(MARGINS[0])
        page.top_margin = page.bottom_margin = mm(MARGINS[1])
        footer = page.footer.paragraphs[0]
        footer.style = self.document.styles["Footer"]
        footer.alignment = 1
        self._field(footer, "PAGE", "1")
        footer.add_run(" of ")
        self._field(footer, "NUMPAGES", "1")

    def _styles(self) -> None:
        styles = self.document.styles
        for language in styles.element.iter(self.qn("w:lang")):
            language.set(self.qn("w:val"), LANGUAGE)
        for name, (size, bold, colour) in STYLES.items():
            style = styles[name] if name in styles else styles.add_style(name, 1)
            style.font.name = "Courier New" if name == "Command" else FONT
            style.font.size, style.font.bold, style.font.italic = self.length.Pt(size), bold, False
            style.font.color.rgb = self.length.RGBColor.from_string(colour)
            for fonts in style.element.iter(self.qn("w:rFonts")):
                for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
                    del fonts.attrib[theme]
            for spacing in list(style.element.iterfind("./w:rPr/w:spacing", style.element.nsmap)):
                spacing.getparent().remove(spacing)
        for border in list(styles["Title"].element.iter(self.qn("w:pBdr"))):
            border.getparent().remove(border)
        for name, (above, below) in SPACE.items():
            shape = styles[name].paragraph_format
            shape.space_before, shape.space_after, shape.line_spacing = (
                self.length.Pt(above),
                self.length.Pt(below),
                1.05,
            )
        styles["Caption"].paragraph_format.keep_with_next = True

    def _about(self) -> None:
        about = self.document.core_properties
        made = self.briefing.made
        when = NO_DATE if made is None else datetime.combine(made, time(), UTC)
        about.title, about.subject = self.briefing.title[:255], self.briefing.subtitle
        about.author = about.last_modified_by = "stagger"
        about.language, about.comments, about.revision = LANGUAGE, "", 1
        about.created = about.modified = when.replace(tzinfo=None)

    # -- what it says ----------------------------------------------------------------------------------------

    def _section(self, section: Section, level: int, new_page: bool = False) -> None:
        heading = self.document.add_heading(section.title, level)
        heading.paragraph_format.page_break_before = new_page
        for block in section.blocks:
            self._block(block)
        for part in section.parts:
            self._section(part, level + 1)

    def _block(self, block: Block) -> None:
        if isinstance(block, Bullets):
            for item in block.items:
                self._say(item, "List Bullet")
        elif isinstance(block, Code):
            for line in block.lines:
                self._say(line, "Command")
        elif isinstance(block, Grid):
            self._caption("Table", block.number, block.caption)
            self._table(block)
        elif isinstance(block, Picture):
            self._picture(block)
        else:
            self._say(block.text, "Lead" if block.kind == "lead" else "Normal")

    def _say(self, text: str, style: str) -> Any:
        return self.document.add_paragraph(text, style)

    def _caption(self, what: str, number: int, text: str) -> None:
        """A caption that Word counts itself, so that lists of tables and references work."""
        caption = self._say(f"{what} ", "Caption")
        self._field(caption, f"SEQ {what} \\* ARABIC", str(number))
        caption.add_run(f". {text}")

    def _field(self, paragraph: Any, instruction: str, shown: str) -> None:
        field = self.xml.OxmlElement("w:fldSimple")
        field.set(self.qn("w:instr"), instruction)
        run = self.xml.OxmlElement("w:r")
        text = self.xml.OxmlElement("w:t")
        text.text = shown
        run.append(text)
        field.append(run)
        paragraph._p.append(field)

    def _table(self, grid: Grid) -> None:
        body = self.document.element.body
        body.insert(len(body) - 1, self.xml.parse_xml(table_xml(grid, width_of(PAGE[0] - 2 * MARGINS[0]))))
        self._say("", "Cell")

    def _picture(self, picture: Picture) -> None:
        self._caption("Figure", picture.number, picture.finding)
        shape = self.document.add_picture(io.BytesIO(picture.dots))
        room, tallest = self.length.Mm(PAGE[0] - 2 * MARGINS[0]), self.length.Mm(TALLEST)
        scale = min(room / shape.width, tallest / shape.height)
        shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
        about: Mapping[str, str] = {
            "name": f"Figure {picture.number}",
            "descr": picture.alt,
            "title": picture.finding,
        }
        for key, text in about.items():
            shape._inline.docPr.set(key, text)
        beside = picture.beside and not picture.in_body
        self._say(f"Source: {picture.source}.{'' if beside else f' {BEHIND}'}", "Small print")
        if beside:
            self._say(picture.grid.caption, "Caption")
            self._table(picture.grid)
