"""What the pages show of an inquiry: rows of sheets, what an answer changes and clashes with."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from revisions.inquiry.duties import Sheet, answerer
from revisions.inquiry.models import Inquiry, Remark, SheetAnswer
from revisions.inquiry.models_questions import Question
from revisions.inquiry.queries import Paper, Sheets
from revisions.inquiry.queries_conflict import Clash
from revisions.inquiry.questions import Value
from revisions.inquiry.questions import in_words as answer_in_words
from revisions.inquiry.states import AnswerKind
from revisions.plan.content import numbers
from revisions.plan.diff import LABELS, sheet_diff, sheet_fields
from revisions.plan.merging import NAMED, PLACE, field_of
from revisions.plan.models import Revision
from revisions.plan.models_changes import Change
from revisions.plan.states import DropReason
from workflow.differences import text_diff

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
            "by": names.get(code, code),
        }
        for sheet in sheets.shared
        for code in [sheets.taken.get(sheet["uid"], answerer(sheet))]
    ]


def question_rows(paper: Paper) -> list[Row]:
    """Return {question, value, text, missing} of every question that is asked."""
    return [
        {
            "question": question,
            "value": (value := paper.values.get(question.pk)),
            "text": _answer(question, value),
            "missing": value is None and question.required,
        }
        for question in paper.asked
    ]


def question_changes(paper: Paper, values: Mapping[int, Value]) -> list[tuple[str, Any]]:
    """Return (label, pieces) of every question that other values answer otherwise."""
    texts = [
        (q.label, [_answer(q, given.get(q.pk)) for given in (paper.values, values)])
        for q in paper.questions
    ]
    return [(label, text_diff(was, now)) for label, (was, now) in texts if was != now]


def _answer(question: Question, value: Value | None) -> str:
    return "" if value is None else answer_in_words(question, value)


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
        "fields": [(field.label, field.pieces) for field in fields]
    }


def in_words(sheet: Sheet, sheets: Sheets) -> list[tuple[str, str]]:
    """Return (label, text) of every field of a sheet."""
    fields = sheet_fields(sheet, names=sheets.content["sections"])
    return [(LABELS[field], text) for field, text in fields.items()]


def clash_row(clash: Clash, sheets: Sheets) -> Row:
    """Return a row with `labels` of the fields to be decided; `gone` as in the draft."""
    answer = clash.answer
    number = numbers(sheets.content).get(answer.uid, "")
    labels = "、".join(dict.fromkeys(_(NAMED[field_of(name)]) for name in clash.fields))
    row = _row(answer.uid, number, answer.before["name"], answer)
    return row | {"labels": labels, "gone": clash.draft is None}


def clash_words(clash: Clash, names: Mapping[str, str]) -> dict[str, Row]:
    """Return field → {sides: (label, pieces)}: as it was shown, as it is now, as it is answered.

    names  section code → name
    """
    answer = clash.answer
    before, draft, proposed = (
        sheet_fields(sheet or {}, names=names)
        for sheet in (answer.before, clash.draft, answer.proposed)
    )
    said = {f: [draft[f], before[f], proposed[f]] for f in clash.fields if f in before}
    said |= {name: table.wordings(name) for name, table in clash.tables.items()}
    return {
        name: {
            "sides": [
                (_("課が見たとき"), text_diff(was, was)),
                (_("いまの計画案"), text_diff(was, now)),
                (_("課の回答"), text_diff(was, answered)),
            ]
        }
        for name, (now, was, answered) in said.items()
    }


def clash_parts(clash: Clash) -> dict[str, tuple[str, str]]:
    """Return the label of every part of a table to be decided, and what the answer says there."""
    return {
        name: (_part(name, *table.label(name)), table.wordings(name)[2])
        for name, table in clash.tables.items()
    }


def _part(name: str, words: str, column: str) -> str:
    row = _("%(table)s『%(row)s』") % {"table": _(NAMED[field_of(name)]), "row": words}
    return _("%(row)sの%(column)s") % {"row": row, "column": _(column)} if column else row


def at_stake(clash: Clash, names: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Return the pieces of every field that is lost if the project goes, or stays gone."""
    if PLACE not in clash.fields:
        return []
    changed = clash.answer.proposed or clash.draft or {}
    fields = sheet_diff(clash.answer.before, changed, names=names)
    return [(field.label, text_diff(field.before, field.after)) for field in fields]


def last_changes(revision: Revision, clashes: Iterable[Clash]) -> dict[tuple[str, str], Change]:
    """Return (uid, field) → the change by which the draft has what it has."""
    found = {}
    uids = [clash.answer.uid for clash in clashes]
    done = revision.changes.filter(uid__in=uids).select_related("by")
    for change in done.order_by("number"):
        for field in change.final or [PLACE]:
            found[change.uid, field] = change
    return found


def _row(uid: str, number: str, name: str, answer: SheetAnswer | None) -> Row:
    word, tone = shown(answer) if answer else (_("未回答"), "neutral")
    row = {"uid": uid, "number": number, "name": name, "answer": answer}
    return row | {"word": str(word), "tone": tone}


def shown(answer: SheetAnswer) -> tuple[str, str]:
    """Return an answer's word and tone; of 廃止 with its class of reason, if that says more."""
    word, tone = SHOWN[AnswerKind(answer.kind)]
    if answer.dropped_as in ("", DropReason.ABOLISHED):
        return str(word), tone
    told = {"word": word, "dropped_as": answer.get_dropped_as_display()}
    return _("%(word)s（%(dropped_as)s）") % told, tone


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


def with_numbers(remarks: list[Any], sheets: Sheets) -> list[tuple[Any, str]]:
    """Pair each remark with the number and name of the project it is about."""
    names = dict(projects_of(sheets))
    whole = _("計画の全体、またはその他")
    return [(remark, names.get(remark.project_uid, whole)) for remark in remarks]


def projects_of(sheets: Sheets) -> list[tuple[str, str]]:
    """Return (uid, number and name) of every project of the plan, in its order."""
    names = {sheet["uid"]: sheet["name"] for sheet in sheets.content["projects"]}
    return [(uid, f"{number} {names[uid]}") for uid, number in numbers(sheets.content).items()]
