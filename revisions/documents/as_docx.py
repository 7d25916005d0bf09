"""新旧対照表 as a document that officers go on editing: A4 landscape, its head on every page."""

import io
from collections.abc import Iterable
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from revisions.documents.paper import (
    NOTHING,
    SIDES,
    Paper,
    Run,
    Side,
    clean,
    is_blank,
    label,
    runs,
    said,
    settled,
)
from revisions.documents.table import COLUMNS, Entry, Line

LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
FONT = "BIZ UDゴシック"
WIDTHS = (Mm(113), Mm(113), Mm(43))


def draw(paper: Paper) -> bytes:
    document = Document()
    _set_up(document, paper)
    _write(document.add_paragraph(), [(paper.title, False)], size=14, align=CENTER)
    for words in (*paper.versions, paper.about):
        _write(document.add_paragraph(), [(words, False)], size=8, align=RIGHT)
    if paper.groups:
        _table(document, paper)
    else:
        document.add_paragraph(NOTHING)
    file = io.BytesIO()
    document.save(file)
    return settled(file.getvalue(), paper.dated)


def _set_up(document: Any, paper: Paper) -> None:
    document.core_properties.title = paper.title
    document.core_properties.author = document.core_properties.comments = ""
    document.core_properties.language = "ja-JP"
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(14)
    section.top_margin, section.bottom_margin = Mm(18), Mm(15)
    section.header_distance = section.footer_distance = Mm(8)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(9)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.element.rPr.append(_element("w:lang", val="ja-JP", eastAsia="ja-JP"))
    style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(0), Pt(12.5)
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
    head = "　".join([paper.title, *paper.versions])
    _write(section.header.paragraphs[0], [(head, False)], size=7.5, align=RIGHT)
    _number_pages(section.footer.paragraphs[0])


def _number_pages(paragraph: Paragraph) -> None:
    paragraph.alignment = CENTER
    for words, field in (("", "PAGE"), (" / ", "NUMPAGES")):
        paragraph.add_run(words).font.size = Pt(7.5)
        simple = _element("w:fldSimple", instr=field)
        simple.append(paragraph.add_run("1")._r)
        paragraph._p.append(simple)


def _table(document: Any, paper: Paper) -> None:
    table = document.add_table(rows=0, cols=len(COLUMNS), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Length(width)
    margins = _element("w:tblCellMar")
    margins.extend(_element(f"w:{side}", w="40", type="dxa") for side in ("top", "bottom"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")
    head = _row(table)
    head._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    for cell, words in zip(head.cells, COLUMNS, strict=True):
        _shade(cell)
        _write(cell.paragraphs[0], [(words, False)], align=CENTER)
    for group in paper.groups:
        if group.title:
            row = _row(table)
            _shade(row.cells[0])
            _write(row.cells[0].merge(row.cells[2]).paragraphs[0], [(clean(group.title), False)])
        for entry in group.entries:
            _entry(table, entry)


def _entry(table: Table, entry: Entry) -> None:
    rows = [_row(table) for _ in entry.lines]
    for n, (row, line) in enumerate(zip(rows, entry.lines, strict=True)):
        for cell, side in zip(row.cells, SIDES, strict=False):
            _side(cell, line, side)
            _keep(cell, with_next=n == 0)
            dots = "nil" if is_blank(entry, side) else "dotted"
            _edge(cell, dots, top=n == 0, bottom=n == len(rows) - 1)
    why = rows[0].cells[2]
    if len(rows) > 1:
        for n, row in enumerate(rows):
            row.cells[2]._tc.vMerge = "continue" if n else "restart"
    for n, words in enumerate(said(entry)):
        paragraph = why.add_paragraph() if n else why.paragraphs[0]
        _write(paragraph, [(words, False)], size=8)


def _side(cell: _Cell, line: Line, side: Side) -> None:
    paragraph = cell.paragraphs[0]
    if words := label(line, side):
        _write(paragraph, [(words, False)], size=7.5)
        paragraph = cell.add_paragraph()
    _write(paragraph, runs(line, side))


def _keep(cell: _Cell, *, with_next: bool) -> None:
    """A page ends neither after a label nor after the number and name of an entry."""
    for paragraph in cell.paragraphs if with_next else cell.paragraphs[:-1]:
        paragraph.paragraph_format.keep_with_next = True


def _row(table: Table) -> _Row:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    for cell, width in zip(row.cells, WIDTHS, strict=True):
        cell.width = Length(width)
    return row


def _write(
    paragraph: Paragraph, texts: Iterable[Run], *, size: float | None = None, align: Any = LEFT
) -> None:
    paragraph.alignment = align
    for words, underlined in texts:
        run = paragraph.add_run(words)
        run.underline = underlined or None
        run.font.size = Pt(size) if size else None


def _shade(cell: _Cell) -> None:
    shading = _element("w:shd", val="clear", color="auto", fill="EBEBEB")
    cell._tc.get_or_add_tcPr().append(shading)


def _edge(cell: _Cell, dots: str, *, top: bool, bottom: bool) -> None:
    """Between the lines of an entry stand dots, that a page's end may close."""
    borders = _element("w:tcBorders")
    for side, is_outer in (("top", top), ("bottom", bottom)):
        if not is_outer:
            borders.append(_element(f"w:{side}", val=dots, sz="2", color="808080"))
    cell._tc.get_or_add_tcPr().append(borders)


def _element(name: str, **values: str) -> Any:
    element = OxmlElement(name)
    for key, value in values.items():
        element.set(qn(f"w:{key}"), value)
    return element
