"""Lists as files for a spreadsheet: CSV in UTF-8 with BOM, or in CP932 for what is older.

What comes back from one is read here too.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext as _

from workflow.errors import Invalid

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
"""A cell that begins so is run by a spreadsheet, wherever its text came from."""

TO_CP932 = str.maketrans("〜−—‖¢£¬", "～－―∥￠￡￢")
"""Signs that Unicode and Windows write differently."""


class Encoding(StrEnum):
    UTF8 = "utf-8-sig"
    CP932 = "cp932"


def to_csv(
    parts: Iterable[Iterable[Sequence[object]]], encoding: Encoding = Encoding.UTF8
) -> Iterator[bytes]:
    """Yield a file part by part, each some rows; what CP932 can't write becomes 〓.

    No cell is a formula.
    """
    if encoding == Encoding.UTF8:
        yield codecs.BOM_UTF8
    for rows in parts:
        yield _written(rows, encoding)


def _written(rows: Iterable[Sequence[object]], encoding: Encoding) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([neutral(cell) for cell in row] for row in rows)
    text = file.getvalue()
    if encoding == Encoding.CP932:
        return text.translate(TO_CP932).encode("cp932", "geta")
    return text.encode()


def from_csv(data: bytes) -> list[list[str]]:
    """Return the rows of a file, its cells as they were before `to_csv`; raises Invalid."""
    reader = csv.reader(io.StringIO(text_of(data), newline=""), strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if len(rows) == settings.WORKBOOK_MAX_ROWS or len(row) > settings.WORKBOOK_MAX_COLUMNS:
                raise Invalid(_("行か列が多すぎます。"), field="file")
            rows.append([_plain(cell) for cell in row])
    except csv.Error as error:
        told = _("%d行目を読めません。CSVで保存し直してください。") % reader.line_num
        raise Invalid(told, field="file") from error
    return rows


def text_of(data: bytes) -> str:
    """Return the text of a file in UTF-8 or CP932; raises Invalid."""
    for encoding in ("utf-8-sig", "cp932") if b"\0" not in data else ():
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(_("文字コードを読めません。UTF-8かシフトJISで保存してください。"), field="file")


def neutral(cell: object) -> object:
    """Return text so that a spreadsheet takes it as text; other things as they are."""
    return f"'{cell}" if isinstance(cell, str) and _is_formula(cell) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def _is_formula(cell: str) -> bool:
    """Text that has such a mark already gets another, so that taking one off gives it back."""
    return cell.lstrip("'").startswith(FORMULA)


def _geta(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "〓" * (error.end - error.start), error.end


codecs.register_error("geta", _geta)
