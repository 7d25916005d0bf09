import io
import tracemalloc
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from workflow.errors import Invalid
from workflow.workbooks import PIECE, TOKEN, open_workbook, rows_of

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


PLAIN = workbook(("課", "件数"), ("文書法制課", 3))


def repacked(book: bytes, **parts: str | bytes) -> bytes:
    """The workbook with parts put in place of its own, or beside them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", 8) as new:
        kept = {name: old.read(name) for name in old.namelist()}
        for name, content in (kept | parts).items():
            new.writestr(name, content)
    return out.getvalue()


def sheet(rows: str) -> str:
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"


def refusal(book: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        list(rows_of(open_workbook(io.BytesIO(book)).worksheets[0]))
    assert refused.value.field == "file"
    return str(refused.value)


def test_rows_come_with_their_numbers() -> None:
    day = datetime(2026, 4, 1)  # noqa: DTZ001  a cell has no zone
    book = workbook(("課", None, "日"), (None, None), ("", None), ("文書法制課", 3, day))
    rows = list(rows_of(open_workbook(io.BytesIO(book)).worksheets[0]))
    assert [(number, row[:3]) for number, row in rows] == [
        (1, ("課", None, "日")),
        (4, ("文書法制課", 3, day)),
    ]


def test_a_formula_is_never_seen() -> None:
    book = workbook(("=1+1", ArrayFormula("B1", "=A1:A2")))
    assert list(rows_of(open_workbook(io.BytesIO(book)).worksheets[0])) == []


def test_percents_come_as_they_are_shown() -> None:
    book = openpyxl.Workbook()
    for column, value in enumerate((0.7, 0.708, 1, 0.1 + 0.2, 70), 1):
        book.active.cell(1, column, value).number_format = "0.0%" if column < 5 else "0"
    file = io.BytesIO()
    book.save(file)
    [(_number, row)] = rows_of(open_workbook(file).worksheets[0])
    assert row[:5] == ("70%", "70.8%", "100%", "30%", 70)


def test_a_workbook_can_be_opened_to_be_written() -> None:
    book = open_workbook(io.BytesIO(PLAIN), read_only=False)
    book.worksheets[0]["B2"] = 4
    assert list(rows_of(book.worksheets[0]))[1][1][:2] == ("文書法制課", 4)


@pytest.mark.parametrize(
    "book, part_of_reason",
    [
        (b"", "（.xlsx）ではありません"),
        ("課,件数\n".encode("cp932"), "（.xlsx）ではありません"),
        (b"%PDF-1.7", "（.xlsx）ではありません"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "パスワード"),
        (PLAIN[:-30], "壊れて"),
        (PLAIN.replace(b"[Content_Types].xml", b"[Content_Typos].xml"), "壊れて"),
        (repacked(PLAIN, **{SHEET: sheet("<row><c>")}), "壊れて"),
        (repacked(PLAIN, **{SHEET: sheet('<row r="x"/>')}), "壊れて"),
        (repacked(PLAIN, **{"xl/vbaProject.bin": b"VBA"}), "マクロ"),
        (repacked(PLAIN, **{"XL/VBAPROJECT.BIN": b"VBA"}), "マクロ"),
        (repacked(PLAIN, **{"xl/externalLinks/externalLink1.xml": "<a/>"}), "リンク"),
    ],
)
def test_what_is_no_plain_workbook_is_refused(book: bytes, part_of_reason: str) -> None:
    assert part_of_reason in refusal(book)


def test_one_name_never_means_two_parts() -> None:
    """What is weighed under a name must be what is read under it."""
    out = io.BytesIO(PLAIN)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, sheet(""))
    assert "壊れて" in refusal(out.getvalue())


@pytest.mark.parametrize(
    "dtd",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
    ],
)
@pytest.mark.parametrize("part", [SHEET, STYLES, "xl/workbook.xml", "docProps/core.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_dtd_is_refused_wherever_it_stands(dtd: str, part: str, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{dtd}<a>&x;</a>'
    assert "DTD" in refusal(repacked(PLAIN, **{part: text.encode(encoding)}))


def test_an_entity_is_refused_under_any_name() -> None:
    text = '<!DOCTYPE a [<!ENTITY x "ha">]><a>&x;</a>'
    assert "DTD" in refusal(repacked(PLAIN, **{"xl/media/image1.svg": text}))


def test_an_image_is_no_xml() -> None:
    book = repacked(PLAIN, **{"xl/media/image1.png": b"\x89PNG\r\n\x1a\n"})
    assert open_workbook(io.BytesIO(book)).sheetnames == ["Sheet"]


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.xlsx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(100 * 2**20)
    tracemalloc.start()
    try:
        with path.open("rb") as file, pytest.raises(Invalid, match="100MB、上限10MB"):
            open_workbook(file)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "bomb",
    [
        pytest.param({"xl/media/a.png": bytes(65 * 2**20)}, id="unpacked size"),
        pytest.param({SHEET: sheet("<row/>" * 400_001)}, id="rows"),
        pytest.param({"xl/sharedStrings.xml": f"<sst {MAIN}>{'<si/>' * 400_001}</sst>"}, id="si"),
        pytest.param(
            {STYLES: f"<styleSheet {MAIN}><fonts>{'<font/>' * 50_001}</fonts></styleSheet>"},
            id="styles",
        ),
        pytest.param({"xl/disguised.png": f"<a>{'<b/>' * 50_001}</a>"}, id="a part of any name"),
        pytest.param({f"xl/{n}": b"" for n in range(1_000)}, id="parts"),
    ],
)
def test_a_bomb_is_refused_before_it_takes_memory(bomb: dict[str, bytes | str]) -> None:
    book = repacked(PLAIN, **bomb)
    del bomb
    tracemalloc.start()
    try:
        assert "多すぎ" in refusal(book)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


MANY = " ".join(f'a{n}=""' for n in range(2_001))


@pytest.mark.parametrize("part", [SHEET, STYLES, "xl/media/image1.png"])
@pytest.mark.parametrize(
    "begun, goes_on",
    [
        pytest.param("", "a", id="no XML"),
        pytest.param("<!DOCTYPE ", "a", id="DTD"),
        pytest.param("<", "a", id="tag"),
        pytest.param("<a", " ", id="white space in a tag"),
        pytest.param("<a></", "a", id="end tag"),
        pytest.param("<a b='", "a", id="attribute"),
        pytest.param("<a b='", "&lt;", id="entities of an attribute"),
        pytest.param("<a>&", "a", id="entity"),
        pytest.param("<a><!--", "<", id="comment"),
        pytest.param("<a><?b ", "<", id="instruction"),
        pytest.param("\ufeff<a><!--", "\u3c3c", id="bytes that look like tags"),
    ],
)
def test_a_token_without_end_is_refused_as_soon_as_it_is_too_long(
    begun: str, goes_on: str, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A parser begins it again with every piece: it is given few of them."""
    encoding = "utf-16-le" if begun.startswith("\ufeff") else "utf-8"
    content = (begun + goes_on * (4 * TOKEN // len(goes_on))).encode(encoding)
    read, given = zipfile.ZipExtFile.read, 0

    def counted(source: zipfile.ZipExtFile, size: int | None = -1) -> bytes:
        nonlocal given
        piece = read(source, size)
        given += len(piece) if source.name == part else 0
        return piece

    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    assert "長すぎる" in refusal(repacked(PLAIN, **{part: content}))
    assert given <= TOKEN + 2 * PIECE


@pytest.mark.parametrize("part", [SHEET, "xl/media/image1.png"])
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(sheet(f"<row {MANY}/>"), id="on one tag"),
        pytest.param(sheet("".join(f"<row {name}/>" for name in MANY.split())), id="in all"),
    ],
)
def test_names_of_attributes_are_few(content: str, part: str) -> None:
    assert "多すぎます" in refusal(repacked(PLAIN, **{part: content}))


def test_attributes_are_few(settings: Any) -> None:
    settings.WORKBOOK_MAX_CELL_ELEMENTS = 1_000
    tag = f"<row {' '.join(MANY.split()[:24])}/>"
    assert "多すぎます" in refusal(repacked(PLAIN, **{SHEET: sheet(tag * 500)}))


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("part", [SHEET, "xl/media/image1.png"])
def test_no_part_is_xml_to_one_parser_alone(part: str, encoding: str) -> None:
    assert "UTF-8でない" in refusal(repacked(PLAIN, **{part: "<a/>".encode(encoding)}))


def test_what_spreadsheets_write_is_no_bomb() -> None:
    """Long texts, a rule on many places, comments, UTF-16, a picture with a picture in it."""
    places = " ".join(f"B{n}" for n in range(1, 40_000, 2))
    long = "あ&lt;" * 16_000
    rows = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{long}</t></is></c></row>'
    rule = f'<conditionalFormatting sqref="{places}"/>'
    book = repacked(
        PLAIN,
        **{
            SHEET: f"<worksheet {MAIN}><sheetData>{rows}</sheetData>{rule}</worksheet>",
            "customXml/item1.xml": f"<a><!-- {long} --><![CDATA[{long * 40}]]></a>",
            "xl/drawings/vmlDrawing1.vml": "<xml xmlns:v='urn:v'><v:shape><br></v:shape></xml>",
            "docProps/core.xml": "<?xml version='1.0' encoding='utf-16'?><a/>".encode("utf-16"),
            "xl/media/image1.svg": f'<svg><image href="{"A" * (TOKEN - PIECE)}"/></svg>',
            "xl/printerSettings/printerSettings1.bin": "プリンター".encode("utf-16-le") * 999,
        },
    )
    [(_number, row)] = rows_of(open_workbook(io.BytesIO(book)).worksheets[0])
    assert len(row[0]) == 32_000


def test_a_part_can_say_less_than_it_holds_and_yields_no_more() -> None:
    """The size in the directory is made small; what is unpacked stops there."""
    book = repacked(PLAIN, **{"xl/media/a.png": bytes(65 * 2**20)})
    real, told = (65 * 2**20).to_bytes(4, "little"), (100).to_bytes(4, "little")
    assert book.count(real) == 2
    assert "壊れて" in refusal(book.replace(real, told))


def test_rows_end_somewhere(settings: Any) -> None:
    settings.WORKBOOK_MAX_ROWS = 3
    assert "3行を超えて" in refusal(workbook(*[(n,) for n in range(4)]))


def test_cells_far_away_cost_nothing() -> None:
    """A file may claim any size: neither its claim nor one far row makes rows."""
    far = sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"/></row>')
    claim = far.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    book = repacked(PLAIN, **{SHEET: claim})
    rows = list(rows_of(open_workbook(io.BytesIO(book)).worksheets[0]))
    assert [(number, row[0]) for number, row in rows] == [(1, 1)]


def test_a_row_numbered_beyond_every_sheet_is_refused() -> None:
    """The rows before it would be made up one by one, for ever."""
    beyond = sheet(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{10**20}"><c r="A1"/></row>')
    assert "多すぎます" in refusal(repacked(PLAIN, **{SHEET: beyond}))


def test_far_rows_of_many_sheets_are_counted_together() -> None:
    far = sheet('<row r="1048576"/>')
    many = {f"xl/worksheets/sheet{n}.xml": far for n in range(1, 34)}
    assert "多すぎます" in refusal(repacked(PLAIN, **many))
    del many["xl/worksheets/sheet33.xml"]
    assert list(rows_of(open_workbook(io.BytesIO(repacked(PLAIN, **many))).worksheets[0])) == []
