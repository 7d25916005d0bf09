"""The questions beside the sheets as worksheets, and what is written there as it is answered.

A question has one cell, questions/12, or a line a row of its table, questions/12/0/c1. One that
asks for a file has none: a workbook can't hold it.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from revisions.inquiry.gates import page
from revisions.inquiry.models_questions import Question
from revisions.inquiry.queries import Paper
from revisions.inquiry.questions import CELL, ROWS, asked, in_words, read_some
from revisions.inquiry.states import QuestionKind
from revisions.inquiry.workbook.asked import COVER, Asked
from revisions.inquiry.workbook.cells import Cell, Kind, shown
from revisions.inquiry.workbook.paper import OWN, Block, Line, Link, Page, Value
from revisions.inquiry.workbook.sheets import Faults, Texts

TITLE = "設問"
GROUP = "questions"
"""Begins the keys of all their cells."""
NEW_ROWS = 10
"""Blank ones that are given out with a table."""
KINDS = {
    QuestionKind.TEXT: Kind.PROSE,
    QuestionKind.NUMBER: Kind.NUMBER,
    QuestionKind.CHOICE: Kind.CHOICE,
    QuestionKind.DATE: Kind.DAY,
}
HOW = {
    QuestionKind.TEXT: "文章で書きます。",
    QuestionKind.NUMBER: "数を書きます。例：1234、12.5",
    QuestionKind.CHOICE: "一覧から選びます。",
    QuestionKind.DATE: "日付を書きます。例：R8.12.4、令和8年12月4日",
    QuestionKind.TABLE: "表に書きます。右からシートを開けます。",
    QuestionKind.FILE: "ファイルは画面でだけ添えられます。右から画面を開けます。",
}


def question_pages(asked: Asked) -> list[Page]:
    """One of all the questions, and one of each that has a table."""
    questions = asked.paper.questions
    if not questions:
        return []
    lines = [_line(asked, question) for question in questions]
    columns, ids = ["番号", "設問", "答え方", "書き込む欄"], ["", "", "", OWN]
    every = Page(
        title=TITLE,
        heading="計画のほかに尋ねること",
        widths=[8, 46, 40, 56],
        back=COVER,
        said=f"{len(asked.paper.values)}／{len(asked.paper.asked)}問",
        blocks=[Block("questions", columns, lines, ids)],
    )
    return [every, *(_table(asked, q) for q in questions if q.kind == QuestionKind.TABLE)]


def number_of(paper: Paper, pk: int | None) -> str:
    """Return the word for a question: 問1."""
    return f"問{[q.pk for q in paper.questions].index(pk or 0) + 1}"


def _line(asked: Asked, question: Question) -> Line:
    key, paper = f"{GROUP}/{question.pk}", asked.paper
    number, value = number_of(paper, question.pk), paper.values.get(question.pk)
    words = "" if value is None else in_words(question, value)
    answer: Value
    match question.kind:
        case QuestionKind.TABLE:
            answer = Link(f"シート「{number}」", number)
        case QuestionKind.FILE:
            link = settings.BASE_URL + page(asked.target, f"questions/#question-{question.pk}")
            answer = Link(words or "画面を開く", link, is_outside=True)
        case _:
            answer = Cell(
                key,
                KINDS[QuestionKind(question.kind)],
                words,
                tuple(map(shown, question.choices)),
                is_required=question.required,
            )
    label = "\n".join(filter(None, [question.label, question.help]))
    how = "\n".join(_how(paper, question))
    when = (f"{GROUP}/{question.on_id}", shown(question.on_value)) if question.on_id else None
    lines = 3 if question.kind == QuestionKind.TEXT else 1
    row = key if isinstance(answer, Cell) else ""
    return Line([number, label, how, answer], row, lines, when)


def _how(paper: Paper, question: Question) -> Iterator[str]:
    if question.on_id:
        on = number_of(paper, question.on_id)
        yield f"{on}が「{question.on_value}」のときだけ答えます。"
    if question.required:
        yield "必須の設問です。"
    yield HOW[QuestionKind(question.kind)]


def _table(asked: Asked, question: Question) -> Page:
    paper, columns = asked.paper, question.columns
    number, pk = number_of(paper, question.pk), question.pk
    rows = paper.values.get(pk, ())
    texts = {f"{pk}/{i}/c{n}": cell for i, row in enumerate(rows) for n, cell in enumerate(row)}
    count = min(asked.lines(GROUP, str(pk), texts, NEW_ROWS), ROWS)
    lines = []
    for i in range(count):
        keys = [f"{pk}/{i}/c{n}" for n in range(len(columns))]
        cells = [Cell(f"{GROUP}/{key}", Kind.LINE, texts.get(key, "")) for key in keys]
        lines.append(Line([f"{i + 1}行目", *cells], f"{GROUP}/{pk}/{i}"))
    ids = ["", *(f"c{n}" for n in range(len(columns)))]
    return Page(
        title=number,
        heading=f"{number}　{question.label}",
        widths=[9] + [max(16, min(48, 128 // len(columns)))] * len(columns),
        says=[*_how(paper, question)][:-1] + question.help.splitlines(),
        back=TITLE,
        said=f"{len(rows)}行" if rows else "",
        blocks=[Block("table", ["", *columns], lines, ids)],
    )


def typed_in(paper: Paper, texts: Texts, touched: Collection[str]) -> dict[int, Any]:
    """Return what is typed of the questions that were touched, as questions.read() takes it.

    texts  by what follows questions/ in the key
    """
    pks = {int(key.partition("/")[0]) for key in touched}
    return {q.pk: _typed(q, texts) for q in paper.questions if q.pk in pks}


def _typed(question: Question, texts: Texts) -> Any:
    if question.kind != QuestionKind.TABLE:
        text = texts[str(question.pk)]
        known = {shown(choice): choice for choice in question.choices}
        return known.get(text, text)
    rows: dict[int, list[str]] = {}
    for key, text in texts.items():
        pk, _slash, place = key.partition("/")
        if pk == str(question.pk):
            rows.setdefault(int(place.partition("/")[0]), []).append(text)
    return [rows[i] for i in sorted(rows)]


def faults_in(
    paper: Paper, typed: Mapping[int, Any], texts: Texts, touched: Collection[str]
) -> Faults:
    """Return what is wrong with what was typed, by what follows questions/ in the key."""
    values, wrong = read_some(paper.questions, typed, paper.values)
    now, found = {question.pk for question in asked(paper.questions, values)}, Faults()
    for question in paper.questions:
        keys = [key for key in touched if key.partition("/")[0] == str(question.pk)]
        is_unasked = question.pk not in now and question.on_id not in wrong
        if keys and question.pk in wrong:
            long = (key for key in keys if len(texts[key]) > CELL)
            found.append((next(long, keys[0]), _(wrong[question.pk])))
        elif any(texts[key] for key in keys) and is_unasked:
            told = {"on": number_of(paper, question.on_id), "value": question.on_value}
            why = _("%(on)sが「%(value)s」のときだけ答える設問です。%(on)sを直すか、空欄にします。")
            found.append((keys[0], why % told))
    return found
