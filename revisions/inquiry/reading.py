"""What the pages show of an inquiry: rows of sheets, what an answer changes and clashes with."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from revisions.inquiry.duties import Sheet, answerer, merged, moved_fields
from revisions.inquiry.models import Inquiry, Remark, SheetAnswer
from revisions.inquiry.queries import Sheets
from revisions.inquiry.states import AnswerKind
from revisions.plan.content import numbers
from revisions.plan.diff import LABELS, sheet_diff, sheet_fields, text_diff

SHOWN = {
    AnswerKind.UNCHANGED: (gettext_lazy("変更なし"), "done"),
    AnswerKind.EDIT: (gettext_lazy("変更"), "active"),
    AnswerKind.DISCONTINUE: (gettext_lazy("廃止"), "off"),
    AnswerKind.ADD: (gettext_lazy("新規"), "waiting"),
}
"""An answer's word and tone."""

Row = dict[str, Any]


def own_rows(sheets: Sheets) -> list[Row]:
    """Return {uid, number, name, answer, word, tone} of every sheet that the section answers."""
    places = numbers(sheets.content)
    return [
        _row(sheet["uid"], places[sheet["uid"]], sheet["name"], sheets.answers.get(sheet["uid"]))
        for sheet in sheets.own
    ]


def added_rows(sheets: Sheets) -> list[Row]:
    """Return the same of every project that the section would have added."""
    return [_row(a.uid, a.place, a.proposed["name"], a) for a in sheets.added]


def shared_rows(sheets: Sheets) -> list[Row]:
    """Return {number, name, by: the name of the section that answers} of the sheets led jointly."""
    places, names = numbers(sheets.content), sheets.content["sections"]
    return [
        {
            "uid": sheet["uid"],
            "number": places[sheet["uid"]],
            "name": sheet["name"],
            "by": names.get(answerer(sheet), answerer(sheet)),
        }
        for sheet in sheets.shared
    ]


def changes(sheets: Sheets) -> list[Row]:
    """Return every answer but 変更なし as `change` gives it, in the order of the plan."""
    places = numbers(sheets.content)
    found = [a for a in sheets.answers.values() if a.kind != AnswerKind.UNCHANGED]
    order = list(places)
    found.sort(key=lambda a: order.index(a.uid) if a.uid in places else len(order))
    return [change(answer, sheets) for answer in found]


def change(answer: SheetAnswer, sheets: Sheets) -> Row:
    """Return a row with the answer's reason and the pieces of every field that it changes."""
    sheet = answer.proposed or answer.before
    number = numbers(sheets.content).get(answer.uid, answer.place)
    names = sheets.content["sections"]
    fields = sheet_diff(answer.before, answer.proposed, names=names) if answer.proposed else ()
    return _row(answer.uid, number, sheet["name"], answer) | {
        "fields": [(field.label, text_diff(field.before, field.after)) for field in fields]
    }


def in_words(sheet: Sheet, sheets: Sheets) -> list[tuple[str, str]]:
    """Return (label, text) of every field of a sheet."""
    fields = sheet_fields(sheet, names=sheets.content["sections"])
    return [(LABELS[field], text) for field, text in fields.items()]


def clashes(draft: Iterable[Sheet], names: Mapping[str, str], sheets: Sheets) -> list[Row]:
    """Return the sheets whose fields the draft has changed otherwise since the section saw them.

    names   section code → name
    fields  [(label, as the section saw it, as the section answers, as the draft has it now)]
    gone    the draft has discontinued what the section would change
    """
    now = {sheet["uid"]: sheet for sheet in draft}
    places, names = numbers(sheets.content), sheets.content["sections"] | dict(names)
    rows = []
    for answer in sheets.answers.values():
        sheet = now.get(answer.uid)
        gone = sheet is None and answer.kind == AnswerKind.EDIT
        fields = _clashing(sheet, answer)
        if gone or fields:
            row = _row(answer.uid, places[answer.uid], answer.before["name"], answer)
            texts = _side_by_side(fields, answer.before, answer.proposed, sheet or {}, names)
            rows.append(row | {"gone": gone, "fields": texts})
    return rows


def _clashing(sheet: Sheet | None, answer: SheetAnswer) -> list[str]:
    if sheet is None:
        return []
    if answer.kind == AnswerKind.EDIT:
        return merged(sheet, answer.before, answer.proposed)[1]
    return moved_fields(sheet, answer.before) if answer.kind == AnswerKind.DISCONTINUE else []


def _side_by_side(
    fields: Iterable[str], before: Sheet, proposed: Sheet, now: Sheet, names: Mapping[str, str]
) -> list[tuple[str, str, str, str]]:
    texts = [sheet_fields(sheet, names=names) for sheet in (before, proposed, now)]
    return [
        (LABELS.get(field, field), *(text.get(field, "") for text in texts))  # type: ignore[misc]
        for field in fields
    ]


def _row(uid: str, number: str, name: str, answer: SheetAnswer | None) -> Row:
    word, tone = SHOWN[AnswerKind(answer.kind)] if answer else (_("未回答"), "neutral")
    row = {"uid": uid, "number": number, "name": name, "answer": answer}
    return row | {"word": str(word), "tone": tone}


def answer_counts(inquiry: Inquiry) -> dict[int, str]:
    """Return target id → 変更なし 3・変更 1, in two statements."""
    answers = SheetAnswer.objects.filter(target__inquiry=inquiry).order_by()
    remarks = Remark.objects.filter(target__inquiry=inquiry).order_by()
    found: dict[int, list[str]] = {}
    counted = answers.values_list("target", "kind").annotate(n=Count("pk"))
    for target, kind, n in sorted(counted, key=lambda row: list(SHOWN).index(row[1])):
        found.setdefault(target, []).append(f"{SHOWN[kind][0]} {n}")
    for target, n in remarks.values_list("target").annotate(n=Count("pk")):
        found.setdefault(target, []).append(_("意見 %d") % n)
    return {target: "・".join(words) for target, words in found.items()}
