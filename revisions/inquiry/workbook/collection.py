"""Every answer of an inquiry as one table, and every addressee's workbook in one archive."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from io import BytesIO, RawIOBase
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.utils.timezone import localtime
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from revisions.inquiry.models import InquiryTarget, SheetAnswer
from revisions.inquiry.reading import shown
from revisions.inquiry.workbook.asked import Asked
from revisions.inquiry.workbook.drawing import drawn, put
from revisions.inquiry.workbook.http import file_name
from revisions.inquiry.workbook.questions import WHOLE, paper_of
from revisions.inquiry.workbook.styles import FONT, TEXT
from revisions.plan.diff import sheet_diff
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.era import era_date

Row = list[str]

WHO = ["部", "課コード", "課", "状態", "期限", "期限（元号）", "回答日時", "回答日（元号）"]
SHEETS = [*WHO, "番号", "個別事業", "回答", "理由", "掲載先", "項目", "いまの内容", "回答の内容"]
OPINIONS = [*WHO, "番号", "個別事業", "箇所", "意見", "修正案"]
WIDE = {"理由", "いまの内容", "回答の内容", "意見", "修正案"}
"""Columns of long texts."""


def table(everyone: Iterable[Asked], *, asks_sheets: bool) -> Iterator[Row]:
    """Yield a head and then a row a field that is changed, a sheet that isn't, an opinion.

    An addressee who has said nothing has one row.
    """
    yield SHEETS if asks_sheets else OPINIONS
    for asked in everyone:
        who = _who(asked.target)
        rows = list(_sheets(asked) if asks_sheets else _opinions(asked)) or [[]]
        width = len(SHEETS if asks_sheets else OPINIONS)
        yield from ((who + row + [""] * width)[:width] for row in rows)


def _who(target: InquiryTarget) -> Row:
    section, answered = target.section, target.answered_at
    return [
        section.department.name,
        section.code,
        section.name,
        str(target.get_state_display()),
        target.due_on.isoformat(),
        era_date(target.due_on),
        f"{localtime(answered):%Y-%m-%d %H:%M}" if answered else "",
        era_date(in_tokyo(answered)) if answered else "",
    ]


def _sheets(asked: Asked) -> Iterator[Row]:
    for sheet in asked.sheets.own:
        answer = asked.sheets.answers.get(sheet["uid"])
        head = [asked.numbers[sheet["uid"]], sheet["name"]]
        if answer is None:
            yield [*head, "未回答"]
        else:
            yield from _answer(asked, head, answer)
    for answer in asked.sheets.added:
        yield from _answer(asked, ["", answer.proposed["name"]], answer)


def _answer(asked: Asked, head: Row, answer: SheetAnswer) -> Iterator[Row]:
    word, _tone = shown(answer)
    row = [*head, word, answer.reason, answer.place]
    if not answer.proposed:
        yield row
        return
    for change in sheet_diff(answer.before, answer.proposed, names=asked.names.labels):
        yield [*row, change.label, change.before, change.after]


def _opinions(asked: Asked) -> Iterator[Row]:
    names = {sheet["uid"]: sheet["name"] for sheet in asked.sheets.content["projects"]}
    for remark in asked.remarks:
        uid = remark.project_uid
        about = [asked.numbers.get(uid, ""), names.get(uid, WHOLE)]
        yield [*about, remark.place, remark.text, remark.proposal]


def workbook(rows: Iterable[Row], title: str) -> bytes:
    """Return a table as .xlsx: one sheet to be filtered and printed."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    head: Row = []
    for number, row in enumerate(rows, 1):
        head = head or row
        for column, text in enumerate(row, 1):
            if text:
                square: Any = sheet.cell(number, column)
                square.number_format = TEXT
                put(square, text)
                square.font = Font(FONT, 10, bold=number == 1)
                square.alignment = Alignment(wrap_text=True, vertical="top")
                if number == 1:
                    square.fill = PatternFill("solid", start_color="FFD9E3F1")
    for column, heading in enumerate(head, 1):
        width = 48 if heading in WIDE else 30 if heading == "個別事業" else 14
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    setup = sheet.page_setup
    setup.paperSize, setup.orientation = int(sheet.PAPERSIZE_A4), "landscape"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    footer: Any = sheet.oddFooter
    footer.right.text = "&P／&N"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def archive(everyone: Iterable[Asked], *, name: Callable[[], str], at: datetime) -> Iterator[bytes]:
    """Yield a ZIP of workbooks piece by piece, each made only when it is its turn.

    Section name and code tell them apart; an .xlsx is compressed already.
    name  gives every workbook its own
    """
    made = localtime(at).timetuple()[:6]
    out = _Pieces()
    with ZipFile(out, "w", ZIP_STORED) as files:
        for asked in everyone:
            section = asked.target.section
            info = ZipInfo(f"{file_name(section.name, section.code)}.xlsx", made)
            files.writestr(info, drawn(paper_of(asked, name())))
            yield out.taken()
    yield out.taken()


class _Pieces(RawIOBase):
    """What is written is taken away at once: nothing of a ZIP is kept."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        taken, self.pieces = b"".join(self.pieces), []
        return taken
