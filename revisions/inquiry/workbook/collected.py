"""Every answer of an inquiry as rows: of all in one table, and of each table asked in its own."""

from collections.abc import Iterable, Iterator

from django.utils.timezone import localtime

from revisions.inquiry.models import InquiryTarget, SheetAnswer
from revisions.inquiry.models_questions import Question
from revisions.inquiry.questions import Value
from revisions.inquiry.reading import shown
from revisions.inquiry.states import QuestionKind
from revisions.inquiry.workbook.asked import Asked
from revisions.inquiry.workbook.questions import number_of
from revisions.inquiry.workbook.remarks import WHOLE
from revisions.plan.diff import sheet_diff
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.era import era_date

Row = list[str]

ALL, UNANSWERED = "回答", "未回答"
WHO = ["部", "課コード", "課", "状態", "期限", "期限（元号）", "回答日時", "回答日（元号）"]
WHAT = [
    "区分",
    "番号",
    "対象",
    "回答",
    "理由",
    "掲載先",
    "項目",
    "いまの内容",
    "回答の内容",
    "修正案",
]
SHEET, REMARK, QUESTION = "個別事業", "意見", "設問"
"""What a row is about."""


def tables(everyone: Iterable[Asked]) -> dict[str, list[Row]]:
    """Return rows by title, each under a head: first of all answers, then of every table asked.

    Among all a field that is changed has a row, a sheet that isn't, a remark, a question, each
    line of its table. An addressee who has said nothing has one row.
    """
    found = {ALL: [WHO + WHAT]}
    for asked in everyone:
        who = _who(asked.target)
        rows = [*_sheets(asked), *_remarks(asked), *_questions(asked)] or [[]]
        found[ALL] += [who + row + [""] * (len(WHAT) - len(row)) for row in rows]
        for question in asked.paper.questions:
            if question.kind == QuestionKind.TABLE:
                title = number_of(asked.paper, question.pk)
                lines = found.setdefault(title, [WHO + question.columns])
                lines += [who + row for row in asked.paper.values.get(question.pk, ())]
    return found


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
        head = [SHEET, asked.numbers[sheet["uid"]], sheet["name"]]
        if answer is None:
            yield [*head, UNANSWERED]
        else:
            yield from _answer(asked, head, answer)
    for answer in asked.sheets.added:
        yield from _answer(asked, [SHEET, "", answer.proposed["name"]], answer)


def _answer(asked: Asked, head: Row, answer: SheetAnswer) -> Iterator[Row]:
    word, _tone = shown(answer)
    row = [*head, word, answer.reason, answer.place]
    if not answer.proposed:
        yield row
        return
    for change in sheet_diff(answer.before, answer.proposed, names=asked.names.labels):
        yield [*row, change.label, change.before, change.after]


def _remarks(asked: Asked) -> Iterator[Row]:
    names = {sheet["uid"]: sheet["name"] for sheet in asked.sheets.content["projects"]}
    for remark in asked.remarks:
        uid = remark.project_uid
        head = [REMARK, asked.numbers.get(uid, ""), names.get(uid, WHOLE), ""]
        yield [*head, remark.reason, "", remark.place, "", remark.text, remark.proposal]


def _questions(asked: Asked) -> Iterator[Row]:
    for question in asked.paper.asked:
        head = [QUESTION, number_of(asked.paper, question.pk), question.label]
        value = asked.paper.values.get(question.pk)
        if value is None:
            yield [*head, UNANSWERED]
        else:
            for item, text in _said(question, value):
                yield [*head, "", "", "", item, "", text]


def _said(question: Question, value: Value) -> Iterator[tuple[str, str]]:
    """Yield what an answer is about, of a table the words over a line, and what it says."""
    match question.kind:
        case QuestionKind.TABLE:
            yield from (("｜".join(question.columns), "｜".join(row)) for row in value)
        case QuestionKind.FILE:
            yield "", value["name"]
        case _:
            yield "", value
