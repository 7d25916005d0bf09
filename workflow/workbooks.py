"""Workbooks from outside (.xlsx): weighed before they are opened, since openpyxl trusts a file.

Only a workbook that may be sent in gets past `open_workbook`: no other kind of file under its name,
no password, no macros, no links to other workbooks, no DTD in any part, and not so much in it, at
once or in all, that reading it would take the time and memory of everybody else.
"""

import warnings
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any
from xml.parsers import expat
from zipfile import ZipFile

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from workflow.errors import Invalid

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ENTRY = b"PK\x01\x02"
"""Begins every entry of a ZIP's directory."""
CELLS = frozenset(["row", "c", "v", "f", "is", "si", "t", "r", "rPh", "phoneticPr"])
"""Elements of rows and of the strings shared by them: many in an honest workbook, and cheap."""
ENCRYPTED = 0x1
CHUNK = 2**20
PIECE = 2**17
TOKEN = 2**19
"""Bytes of a tag, comment or instruction, at most: a parser that waits for its end begins it again
with each piece, and openpyxl takes 16 KiB. The longest in honest parts is the `sqref` of a rule on
cells: 40,000 places of them. A cell's text is no token: it is parsed as it comes."""
NAMES = 2_000
"""Names of attributes in all parts: a parser remembers each, and the books given out have 150."""
EACH = 4
"""Attributes of a cell's elements, on average at most: a cell has three, its value none."""
UTF_32 = (b"<\0\0\0", b"\0\0\0<", b"\xff\xfe\0\0", b"\0\0\xfe\xff")
"""Begins what is no XML to expat, but XML to lxml, through which openpyxl reads small parts."""
SPAN = 32 * 2**20
"""Rows of all sheets, up to the last of each: openpyxl makes up those left out, one by one."""


def open_workbook(file: IO[bytes], *, read_only: bool = True, formulas: bool = False) -> Workbook:
    """Open a workbook that came from outside; its cells show values, or formulas as they stand.

    file       seekable; it must stay open while a `read_only` workbook is read
    read_only  rows are read as they are asked for (`rows_of`), and nothing can be written
    formulas   a cell that holds one tells it (data_type "f"), not the value it had last
    raises     Invalid, field "file", saying what to do about it
    """
    _check_bytes(file)
    try:
        with ZipFile(file) as archive:
            _check_parts(archive)
            _check_xml(archive)
        file.seek(0)
        with warnings.catch_warnings():  # openpyxl tells of what it leaves out: styles, extensions
            warnings.simplefilter("ignore")
            return load_workbook(
                file, read_only=read_only, data_only=not formulas, keep_links=False
            )
    except Invalid:
        raise
    except Exception as broken:  # another's parser on another's bytes: it may raise anything
        raise _broken() from broken


def rows_of(sheet: Worksheet, *, cells: bool = False) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield (row number, values) of the rows that say anything, from row 1.

    A number that is shown in percent comes as it is shown: "70.8%".
    cells   openpyxl's cells in place of their values
    raises  Invalid, field "file", when they go on beyond the limits or can't be read
    """
    if hasattr(sheet, "reset_dimensions"):  # what a file says of its own size proves nothing
        sheet.reset_dimensions()
    columns, most = settings.WORKBOOK_MAX_COLUMNS, settings.WORKBOOK_MAX_ROWS
    blank: tuple[Any, ...] | None = None  # a million rows that are left out come as one object
    try:
        for number, found in enumerate(sheet.iter_rows(max_col=columns), 1):
            if found is blank:
                continue
            row = tuple(map(_value, found))
            if not any(value not in (None, "") for value in row):
                blank = found
                continue
            if number > most:
                told = {"sheet": sheet.title, "most": f"{most:,}"}
                raise _refused(_("シート「%(sheet)s」が%(most)s行を超えています。") % told)
            yield number, found if cells else row
    except Invalid:
        raise
    except Exception as broken:  # as above: in a read-only workbook this is where it is parsed
        raise _broken() from broken


def _value(cell: Any) -> Any:
    value = cell.value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and "%" in cell.number_format:
        return f"{Decimal(f'{value * 100:.12g}'):f}%"
    return value


def _check_bytes(file: IO[bytes]) -> None:
    """Refuse by size and first bytes, and count the directory's entries without reading it in."""
    size = file.seek(0, 2)
    if size > settings.WORKBOOK_MAX_BYTES:
        told = {"size": -(-size // 2**20), "most": settings.WORKBOOK_MAX_BYTES // 2**20}
        raise _refused(
            _(
                "ファイルが大きすぎます（%(size)dMB、上限%(most)dMB）。"
                "画像や使わないシートを除いてください。"
            )
            % told
        )
    file.seek(0)
    match file.read(len(ZIP)):
        case start if start == OLE:
            raise _refused(
                _(
                    "パスワードの付いたブックか、古い形式（.xls）です。"
                    "パスワードを外し、.xlsxで保存し直してください。"
                )
            )
        case start if start != ZIP:
            raise _refused(_("Excelブック（.xlsx）ではありません。.xlsxで保存し直してください。"))
    entries, before = 0, b""
    while chunk := file.read(CHUNK):
        entries += (before + chunk).count(ENTRY)
        before = chunk[1 - len(ENTRY) :]
    if entries > settings.WORKBOOK_MAX_PARTS:
        raise _too_much()


def _check_parts(archive: ZipFile) -> None:
    """Refuse by the names and sizes in the directory; a part yields no more than it says there."""
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise _refused(_("パスワードを外してから、選び直してください。"))
    if len(set(names)) < len(names) or "[content_types].xml" not in names:
        raise _broken()
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise _refused(_("マクロが入っています。マクロのない.xlsxで保存し直してください。"))
    if any(name.startswith("xl/externallinks/") for name in names):
        raise _refused(
            _(
                "ほかのブックへのリンクがあります。"
                "「データ」の「リンクの編集」でリンクを解除し、保存し直してください。"
            )
        )
    if sum(part.file_size for part in parts) > settings.WORKBOOK_MAX_UNPACKED:
        raise _too_much()


def _check_xml(archive: ZipFile) -> None:
    """Refuse what would take a parser long, and more elements than may become objects in memory.

    Every part is looked into, since what openpyxl takes for a sheet need not be called .xml; one
    that is no XML (an image) is none to openpyxl either.
    """
    counting = _Count()
    for part in archive.infolist():
        with archive.open(part) as source:
            try:
                _parse(source, counting)
            except expat.ExpatError:
                if part.filename.lower().endswith((".xml", ".rels")):
                    raise


def _parse(source: IO[bytes], counting: "_Count") -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_dtd
    parser.StartElementHandler = counting.element
    fed = begun = counting.row = 0
    while piece := source.read(PIECE):
        if not fed and piece.startswith(UTF_32):
            raise _unsafe(_("UTF-8でない記述"))
        parser.Parse(piece)
        fed += len(piece)
        begun = max(begun, parser.CurrentByteIndex)  # of the last token; -1 while expat waits
        if fed - begun > TOKEN:
            raise _unsafe(_("長すぎる記述"))
    parser.Parse(b"", True)


def _refuse_dtd(*declared: object) -> None:
    raise _unsafe(_("安全でない記述（DTD）"))


class _Count:
    """Counts of all parts: cells and their texts, what becomes an object each, and rows."""

    def __init__(self) -> None:
        self.cells = self.objects = self.rows = self.row = 0
        self.attributes = 0
        self.names = set[str]()
        self.most_cells = settings.WORKBOOK_MAX_CELL_ELEMENTS
        self.most_objects = settings.WORKBOOK_MAX_OTHER_ELEMENTS

    def element(self, name: str, attrs: dict[str, str]) -> None:
        element = name.rpartition(":")[2]
        if element == "row":
            before, self.row = self.row, int(attrs.get("r") or self.row + 1)
            self.rows += max(0, self.row - before)
        if element in CELLS:
            self.cells += 1
        else:
            self.objects += 1
        self.attributes += len(attrs)
        self.names.update(attrs)
        if (
            self.cells > self.most_cells
            or self.objects > self.most_objects
            or self.attributes > EACH * self.most_cells
            or len(self.names) > NAMES
            or self.rows > SPAN
        ):
            raise _too_much()


def _too_much() -> Invalid:
    return _refused(_("中身が多すぎます。使わないシート、行、書式を除き、保存し直してください。"))


def _broken() -> Invalid:
    return _refused(
        _("ファイルが壊れていて開けません。表計算ソフトで開き、.xlsxで保存し直してください。")
    )


def _unsafe(what: str) -> Invalid:
    told = _("%(what)sがあります。図（SVG）を除くか、表計算ソフトで保存し直してください。")
    return _refused(told % {"what": what})


def _refused(reason: str) -> Invalid:
    return Invalid(reason, field="file")
