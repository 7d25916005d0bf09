"""What the files hold, opened again by the libraries that other people's programs resemble."""

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock

from revisions.documents import as_docx, as_pdf, as_xlsx
from revisions.documents.paper import NOTHING, SIDES, Paper, label, line_count, runs, said, text
from revisions.documents.table import COLUMNS, Entry, Group, Line
from tests.revisions.documents.test_table import CASES, table

DRAWN = {"pdf": as_pdf.draw, "docx": as_docx.draw, "xlsx": as_xlsx.draw}
needs_pdftotext = pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs pdftotext")
OFFICE = Path(shutil.which("soffice") or "/").resolve().parent


def paper(name: str = "changed") -> Paper:
    return Paper(
        plan="はだのICT活用推進計画",
        new="第5版 計画案（令和3年4月20日）",
        old="第1版 現計画（令和2年4月1日）",
        about="範囲：変わったところ　順序：計画の順",
        dated=datetime(2021, 4, 20, 1, 2, 3, tzinfo=UTC),
        groups=tuple(table(**CASES[name])),
    )


def odd(words: str) -> Paper:
    """A paper with one line and one reason, of the words given."""
    entry = Entry("1-1-(1)", "名称", "edited", (Line([("=", "前"), ("+", words)], "概要"),))
    return replace(paper(), groups=(Group("", (entry,)),))


def entries(of: Paper) -> list[Entry]:
    return [entry for group in of.groups for entry in group.entries]


def lines(of: Paper) -> list[Line]:
    return [line for entry in entries(of) for line in entry.lines]


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize("name", CASES)
def test_the_same_paper_is_the_same_bytes(kind: str, name: str) -> None:
    first = DRAWN[kind](paper(name))
    as_pdf._set.cache_clear()
    assert DRAWN[kind](paper(name)) == first


@pytest.mark.parametrize("kind", DRAWN)
def test_characters_that_no_document_can_hold_are_left_out(kind: str) -> None:
    assert DRAWN[kind](odd("改行\nと\x00制御\x0b文字\x1b")) == DRAWN[kind](odd("改行\nと制御文字"))


@pytest.mark.parametrize("kind", DRAWN)
def test_nothing_to_show_is_said(kind: str, tmp_path: Path) -> None:
    empty = DRAWN[kind](replace(paper(), groups=()))
    assert empty != DRAWN[kind](paper())
    if kind == "docx":
        assert NOTHING in [p.text for p in Document(io.BytesIO(empty)).paragraphs]


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_document_says_no_time_but_its_version_s(kind: str) -> None:
    with ZipFile(io.BytesIO(DRAWN[kind](paper()))) as file:
        core = file.read("docProps/core.xml").decode()
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert core.count("2021-04-20T01:02:03Z") == 2


# docx


@pytest.fixture(scope="module")
def document() -> Any:
    return Document(io.BytesIO(as_docx.draw(paper())))


def test_the_document_is_an_a4_sheet_on_its_side(document: Any) -> None:
    [section] = document.sections
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert section.header.paragraphs[0].text == "　".join([paper().title, *paper().versions])
    fields = section.footer._element.xpath(".//w:fldSimple/@w:instr")
    assert fields == ["PAGE", "NUMPAGES"]


def test_the_document_has_one_table_with_a_head_on_every_page(document: Any) -> None:
    [drawn] = document.tables
    assert tuple(cell.text for cell in drawn.rows[0].cells) == COLUMNS
    heads = [bool(row._tr.xpath("./w:trPr/w:tblHeader")) for row in drawn.rows]
    assert heads == [True] + [False] * (len(heads) - 1)
    assert document.paragraphs[0].text == paper().title


def test_the_document_has_every_line_with_its_underlines(document: Any) -> None:
    rows = document.tables[0].rows[1:]
    assert len(rows) == len(lines(paper()))
    for row, line in zip(rows, lines(paper()), strict=True):
        for cell, side in zip(row.cells, SIDES, strict=False):
            assert cell.text == text(line, side)
            marked = [r.text for p in cell.paragraphs for r in p.runs if r.underline]
            assert marked == [words for words, underlined in runs(line, side) if underlined]


def test_the_document_has_the_reasons_beside_the_entries(document: Any) -> None:
    rows = iter(document.tables[0].rows[1:])
    for entry in entries(paper()):
        beside = [next(rows).cells[2] for _ in entry.lines]
        assert {cell._tc for cell in beside} == {beside[0]._tc}
        assert beside[0].text == "\n".join(said(entry))


def test_the_document_keeps_the_order_that_word_asks_of_its_parts(document: Any) -> None:
    table_ = document.tables[0]._tbl
    names = [child.tag.partition("}")[2] for child in table_.tblPr]
    known = ["tblStyle", "tblW", "jc", "tblLayout", "tblCellMar", "tblLook"]
    assert names == [name for name in known if name in names]
    order = ["tcW", "gridSpan", "vMerge", "tcBorders", "shd"]
    for properties in table_.xpath(".//w:tcPr"):
        names = [child.tag.partition("}")[2] for child in properties]
        assert names == [name for name in order if name in names]


def test_a_group_stands_above_its_entries() -> None:
    document = Document(io.BytesIO(as_docx.draw(paper("by_section"))))
    titles = [g.title for g in paper("by_section").groups]
    firsts = [
        row.cells[0].text for row in document.tables[0].rows if row._tr.xpath(".//w:gridSpan")
    ]
    assert firsts == titles


# xlsx


@pytest.fixture(scope="module")
def sheet() -> Any:
    return load_workbook(io.BytesIO(as_xlsx.draw(paper())), rich_text=True).active


def test_the_workbook_is_set_up_for_paper(sheet: Any) -> None:
    assert sheet.title == "新旧対照表"
    assert sheet.freeze_panes == "A5"
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert tuple(str(cell.value) for cell in sheet[4]) == COLUMNS
    assert str(sheet["A1"].value) == paper().title


def test_the_workbook_has_every_line_with_its_underlines(sheet: Any) -> None:
    rows = list(sheet.iter_rows(min_row=5, max_col=2))
    assert len(rows) == len(lines(paper()))
    for row, line in zip(rows, lines(paper()), strict=True):
        for cell, side in zip(row, SIDES, strict=True):
            assert str(cell.value or "") == text(line, side)
            assert cell.alignment.wrap_text
            blocks = [b for b in cell.value or [] if isinstance(b, TextBlock)]
            marked = [block.text for block in blocks if block.font.u == "single"]
            assert marked == [words for words, underlined in runs(line, side) if underlined]


def test_the_workbook_has_the_reasons_beside_the_entries(sheet: Any) -> None:
    row = 5
    merged = {str(found) for found in sheet.merged_cells.ranges}
    for entry in entries(paper()):
        last = row + len(entry.lines) - 1
        assert str(sheet.cell(row, 3).value or "") == "\n".join(said(entry))
        assert last == row or f"C{row}:C{last}" in merged
        row = last + 1


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1"])
def test_a_text_stays_a_text_whatever_it_starts_with(start: str) -> None:
    entry = Entry("1", start, "edited", (Line([("+", start)]),))
    book = load_workbook(
        io.BytesIO(as_xlsx.draw(replace(paper(), groups=(Group(start, (entry,)),)))), rich_text=True
    )
    told = [cell for row in book.active.iter_rows(min_row=5) for cell in row if cell.value]
    assert [str(cell.value) for cell in told] == [start.replace("\t", "　")] * 2
    assert {cell.data_type for cell in told} == {"s"}
    assert all(isinstance(cell.value, CellRichText) for cell in told)


def test_the_rows_have_room_for_all_that_is_in_them() -> None:
    assert line_count("", 10) == 1
    assert line_count("半角abc", 7) == 1
    assert line_count("半角abc", 6) == 2
    assert line_count("全角五文字\n二行目", 10) == 2
    long = Entry("1", "名", "edited", (Line([("+", "短い")]),), ())
    for entry in [*entries(paper()), long]:
        heights = as_xlsx._heights(entry)
        needed = line_count("\n".join(said(entry)), 1.1 * as_xlsx.WIDTHS[2])
        assert sum(heights) >= needed


# pdf


def read(pdf: bytes, tmp_path: Path) -> str:
    file = tmp_path / "table.pdf"
    file.write_bytes(pdf)
    command = ["pdftotext", "-raw", str(file), "-"]
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603
    return done.stdout.decode()


def squeezed(words: str) -> str:
    return "".join(words.split())


@needs_pdftotext
def test_the_pdf_has_the_table_and_a_head_on_every_page(tmp_path: Path) -> None:
    pages = read(as_pdf.draw(paper()), tmp_path).split("\f")[:-1]
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert all(column in page for column in COLUMNS)
        assert f"{number}/{len(pages)}" in squeezed(page)
        assert squeezed(paper().title) in squeezed(page)
    shown = squeezed("".join(pages))
    for line in lines(paper()):
        for side in SIDES:
            assert squeezed(label(line, side)) in shown
    assert "はじめて使う人が、市の手続を自分でできるようにします。" in shown


@needs_pdftotext
def test_nothing_in_a_text_is_taken_for_markup(tmp_path: Path) -> None:
    words = '#import "x" *太字* $x^2$ _斜体_ \\ <label> @ref `code` // 注'
    assert squeezed(words) in squeezed(read(as_pdf.draw(odd(words)), tmp_path))


@needs_pdftotext
def test_an_entry_longer_than_a_page_loses_nothing(tmp_path: Path) -> None:
    sentences = [f"{n}番目の文です。" for n in range(1500)]
    shown = squeezed(read(as_pdf.draw(odd("".join(sentences))), tmp_path))
    torn = [sentence for sentence in sentences if sentence not in shown]  # by a page's end
    assert len(torn) < shown.count(squeezed(paper().title))


def test_the_pdf_is_archived_and_tagged() -> None:
    pdf = as_pdf.draw(paper())
    assert pdf.startswith(b"%PDF-1.7")
    for told in (b"<pdfaid:part>2", b"<pdfaid:conformance>A", b"<pdfuaid:part>1"):
        assert told in pdf


@pytest.mark.parametrize("words", ["𠮷野家", "👩\u200d👧", "葛\U000e0100城", "か\u309a"])
def test_a_character_that_the_font_lacks_stops_nothing(words: str) -> None:
    assert as_pdf.draw(odd(words)).startswith(b"%PDF")


@pytest.mark.slow
@pytest.mark.parametrize("kind, part", [("docx", "libswlo.so"), ("xlsx", "libsclo.so")])
def test_libreoffice_opens_it(kind: str, part: str, tmp_path: Path) -> None:
    if not (OFFICE / part).exists():
        pytest.skip("needs LibreOffice")
    file = tmp_path / f"table.{kind}"
    file.write_bytes(DRAWN[kind](paper()))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    to_pdf = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*to_pdf, str(file)], check=True, capture_output=True, timeout=120)  # noqa: S603
    assert (tmp_path / "table.pdf").read_bytes().startswith(b"%PDF")
