"""What the pages show of what is typed and not answered: in words, by whom, and both texts."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_drafts import AnswerDraft
from revisions.inquiry.typed import Page, Value, Values, mark
from revisions.plan.diff import LABELS
from revisions.plan.states import ProjectStatus
from workflow.audit.queries import history_of
from workflow.differences import text_diff
from workflow.people.models import Section

FIELDS = LABELS | {
    "place": gettext_lazy("掲載する事業推進計画"),
    "reason": gettext_lazy("変更・掲載の理由"),
    "kind": gettext_lazy("回答の種類"),
}
COLUMNS = ("text", "name", "section", "class_name", "first", "last", "note", "cumulative")
ANSWERS = (
    "inquiry.sheet_answered",
    "inquiry.answered_unchanged",
    "inquiry.answer_removed",
    "inquiry.answer_mended",
    "inquiry.workbook_saved",
)
CHOSEN_BY_HAND = ("status", "place")
"""Fields of which two can't be made one."""

Row = dict[str, Any]


def label(field: str) -> str:
    return str(_(str(FIELDS[field])))


def labels(fields: Iterable[str]) -> str:
    return "、".join(map(label, fields))


def clash(field: str, mine: Value, theirs: Value, draft: AnswerDraft | Row | None) -> Row:
    """Return {field, label, key, pairs, post, at, by, joins} of a field in which two wrote.

    pairs   from their text to the page's
    by      id of who wrote theirs; it may be the reader, on another page
    draft   {post, at, by} of who saved the answer, where theirs is no draft
    """
    by_code = Section.objects.values_list("code", "name")
    names = dict(by_code) if isinstance(mine, list) else {}
    who = _who(draft) if isinstance(draft, AnswerDraft) else draft
    return {
        "field": field,
        "label": label(field),
        "key": f"{field}-{mark(theirs)}",
        "pairs": text_diff(words(field, theirs, names), words(field, mine, names)),
        "joins": field not in CHOSEN_BY_HAND,
        **(who or {"post": "", "at": None, "by": None}),
    }


def _who(draft: AnswerDraft) -> Row:
    return {"post": draft.post.name, "at": draft.at, "by": draft.by_id}


def clashes(target: InquiryTarget, uid: str, page: Page, met: Iterable[AnswerDraft]) -> list[Row]:
    """Return `clash` of everything that a page meets."""
    return [
        clash(
            draft.field,
            page.typed[draft.field],
            draft.value,
            draft if draft.pk else answered(target, uid),
        )
        for draft in met
    ]


def answered(target: InquiryTarget, uid: str) -> Row | None:
    """Return {post, at, by} of who answered for a sheet last."""
    for entry in history_of(target.key):
        facts = entry.get("facts") or {}
        if entry["verb"] in ANSWERS and uid in _answered_in(facts):
            post, by = entry["post"] or entry["by"], entry["by"]
            return {"post": post["name"], "at": entry["at"], "by": by["id"]}
    return None


def _answered_in(facts: Mapping[str, Any]) -> list[str]:
    """Return the uids of the sheets for which an act answered."""
    of_workbook = [answer["uid"] for answer in facts.get("answers", [])]
    several = facts.get("uids", []) + facts.get("removed", []) + of_workbook
    return [facts.get("uid", ""), *several]


def words(field: str, value: Value, names: Mapping[str, str]) -> str:
    """Write a value for a reader; a table has a line a row.

    names  section code → name
    """
    if isinstance(value, str):
        chosen = field == "status" and value in ProjectStatus.values
        return str(ProjectStatus(value).label) if chosen else value
    return "\n".join(_line(row, names) for row in value if row)


def written(drafts: Mapping[str, AnswerDraft]) -> list[Row]:
    """Return {label, post, at} of every draft, the latest first."""
    latest = sorted(drafts.values(), key=lambda draft: draft.at, reverse=True)
    return [{"label": label(d.field), "post": d.post.name, "at": d.at} for d in latest]


def beside(page: Page, drafts: Mapping[str, AnswerDraft]) -> str:
    """Name the fields that others wrote since the page was made, where the page did not."""
    touched = page.touched
    return labels(
        field
        for field, draft in drafts.items()
        if field not in touched and page.made_of.get(field) != mark(draft.value)
    )


def _line(row: Mapping[str, str], names: Mapping[str, str]) -> str:
    said = {"cumulative": _("累計"), "DELETE": _("消す")}
    order = [*(c for c in COLUMNS if c in row), *sorted(c for c in row if c not in COLUMNS)]
    return "　".join(said.get(c) or names.get(row[c], row[c]) for c in order if c != "ORDER")


def latest(base: Values, drafts: Mapping[str, AnswerDraft]) -> Values:
    """Return what the fields of a sheet say now, answered or not."""
    return base | {field: draft.value for field, draft in drafts.items()}
