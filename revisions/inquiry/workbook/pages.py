"""The worksheets of projects: what a sheet says now, and beside it what it is to say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from revisions.inquiry.duties import Sheet, programs
from revisions.inquiry.workbook.asked import ANSWERS, COVER, Asked, chosen_in
from revisions.inquiry.workbook.cells import Cell, Kind, shown
from revisions.inquiry.workbook.paper import OWN, Block, Hint, Line, Page
from revisions.inquiry.workbook.sheets import KINDS, cell, columns_of, texts_of, years_of
from revisions.plan.cells import actions_of, rows_of
from revisions.plan.diff import LABELS
from revisions.plan.lines import action_line, indicator_line
from workflow.deadline.era import fiscal_year_label

ALSO = {
    "なし": "変更なし",
    "変更": "変更あり",
    "あり": "変更あり",
    "変更する": "変更あり",
    "廃止する": "廃止",
}
"""Other words for an answer."""

FIELDS = ("name", "status", "lead", "related", "overview", "aims")
HINTS = {
    "name": "200字まで",
    "status": "一覧から選びます",
    "lead": "順に、「、」で区切って書きます",
    "related": "「、」で区切って書きます",
}
TABLES = {
    "actions": ("取組", 3, "同じ名の取組を続けて書くと、一つの取組の矢印が増えます。"),
    "indicators": ("指標", 2, "前の年度の値が続くときは「→」と書きます。"),
}
"""The word for a line, blank lines below, how to fill in."""
ACTION_HEADINGS = ("取組", "から", "まで", "矢印に添える言葉")


def project_page(asked: Asked, sheet: Sheet) -> Page:
    uid, number = sheet["uid"], asked.numbers[sheet["uid"]]
    answer = asked.sheets.answers.get(uid)
    said = chosen_in(answer) if answer else ""
    kind = Cell(f"{uid}/kind", Kind.CHOICE, said, tuple(ANSWERS), ALSO)
    says = "「変更なし」「変更あり」「廃止」から選びます。廃止は、理由の区分も選びます。"
    why = _reason(asked, uid, "「変更あり」「廃止」のときは、必ず書いてください。")
    head = [Line(["回答", says, kind], kind.key), why]
    page = _page(asked, f"個別事業{number}", f"{number}　{sheet['name']}", uid, head, sheet)
    return replace(page, said=said)


def new_page(asked: Asked, uid: str) -> Page:
    answer, found = asked.sheets.answers.get(uid), programs(asked.sheets.content)
    choices = tuple(shown(f"{number} {name}") for number, name in found.items())
    also = dict(zip(found, choices, strict=True))
    text = also.get(answer.place, answer.place) if answer else ""
    place = Cell(f"{uid}/place", Kind.CHOICE, text, choices, also, is_required=True)
    head = [
        Line(["掲載先", "掲載する事業推進計画を、一覧から選びます。", place], place.key),
        _reason(asked, uid, "新たに掲載する理由を書いてください。"),
    ]
    title, heading = f"新規{uid.removeprefix('new-')}", "新たに掲載する個別事業"
    if answer is None:
        return _page(asked, title, heading, uid, head, None)
    heading += f"：{answer.proposed['name']}"
    return replace(_page(asked, title, heading, uid, head, None), said="新規")


def _reason(asked: Asked, uid: str, says: str) -> Line:
    answer = asked.sheets.answers.get(uid)
    reason = Cell(f"{uid}/reason", Kind.PROSE, answer.reason if answer else "")
    return Line(["理由", says, reason], reason.key)


def _page(
    asked: Asked, title: str, heading: str, uid: str, head: list[Line], own: Sheet | None
) -> Page:
    before, texts = texts_of(own, asked.names) if own else {}, asked.texts(uid)
    years = [fiscal_year_label(year) for year in years_of(asked.plan)]
    fields = [_field(asked, uid, name, before, texts) for name in (*FIELDS, "rationale")]
    ids, columns = ["", "", OWN], ["項目", "いまの内容" if own else "書き方", "書き込む欄"]
    how: dict[str, Any] = {"columns": columns, "ids": ids, "compares": (1, 2) if own else None}
    return Page(
        title=title,
        heading=shown(heading),
        widths=[14, 40, 44] + [11] * max(3, 1 + len(years)),
        back=COVER,
        blocks=[
            Block("answer", ["項目", "書き方", "書き込む欄"], head, ids),
            Block("fields", lines=fields[:-1], **how),
            _table(asked, uid, "actions", ACTION_HEADINGS, own, texts),
            _table(asked, uid, "indicators", ["指標", "累計", *years], own, texts),
            Block("rationale", lines=fields[-1:], **how),
        ],
    )


def _field(
    asked: Asked, uid: str, name: str, before: Mapping[str, str], texts: Mapping[str, str]
) -> Line:
    key = f"{uid}/{name}"
    answer = cell(key, KINDS[name], texts.get(name, ""), asked.plan)
    hint = HINTS.get(name, "")
    if before:
        return Line([LABELS[name], before[name], answer, Hint(hint)], key)
    return Line([LABELS[name], hint, answer], key, lines=3 if answer.kind is Kind.PROSE else 1)


def _table(
    asked: Asked, uid: str, table: str, headings: Any, own: Sheet | None, texts: Mapping[str, str]
) -> Block:
    columns, present = columns_of(table, asked.plan), _in_words(table, own)
    word, spare, note = TABLES[table]
    count = asked.lines(uid, table, texts, spare)
    present += [""] * (count - len(present))
    lines = []
    for i in range(count):
        key = f"{uid}/{table}/{i}"
        cells = [
            cell(f"{key}/{name}", kind, texts.get(f"{table}/{i}/{name}", ""), asked.plan)
            for name, kind in columns.items()
        ]
        lines.append(Line([f"{word}{i + 1}", present[i], *cells], key))
    heads = ["", "いまの内容" if own else "", *headings]
    return Block(table, heads, lines, ["", "", *columns], LABELS[table], note)


def _in_words(table: str, own: Sheet | None) -> list[str]:
    """Return what the lines of a table say now, each in words."""
    if own is None:
        return []
    if table == "indicators":
        return [str(indicator_line(indicator)) for indicator in own["indicators"]]
    return [
        str(action_line(action)) for row in rows_of(own["actions"]) for action in actions_of([row])
    ]
