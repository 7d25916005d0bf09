"""What the pages show of what is typed and not answered: in words, by whom, and both texts."""

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_drafts import AnswerDraft
from revisions.inquiry.rows import AFTER, DELETE, FIRST, Values, row_of, rows_in, words_of
from revisions.inquiry.typed import Page, mark
from revisions.plan.diff import LABELS
from revisions.plan.states import ProjectStatus
from workflow.audit.queries import history_of
from workflow.deadline.days import fiscal_year_words
from workflow.differences import text_diff
from workflow.people.models import Section

FIELDS = LABELS | {
    "place": gettext_lazy("掲載する事業推進計画"),
    "reason": gettext_lazy("変更・掲載の理由"),
    "kind": gettext_lazy("回答の種類"),
}
COLUMNS = {
    "text": gettext_lazy("取組"),
    "first": gettext_lazy("から"),
    "last": gettext_lazy("まで"),
    "note": gettext_lazy("矢印に添える言葉"),
    "name": gettext_lazy("指標"),
    "cumulative": gettext_lazy("累計"),
    "section": gettext_lazy("課"),
    "class_name": gettext_lazy("課の総称"),
    AFTER: gettext_lazy("順"),
    DELETE: gettext_lazy("消す"),
}
ANSWERS = (
    "inquiry.sheet_answered",
    "inquiry.answered_unchanged",
    "inquiry.answer_removed",
    "inquiry.answer_mended",
    "inquiry.workbook_saved",
)
CHOSEN_BY_HAND = ("status", "place", "first", "last", "cumulative", "section", AFTER, DELETE)
"""Fields and columns of which two can't be made one."""

Row = dict[str, Any]


def label(field: str, values: Values) -> str:
    """Name a field; a cell by its row as `values` have it, and its column."""
    column = field.rpartition("/")[2]
    if column == field:
        return str(_(str(FIELDS[field])))
    told = str(COLUMNS[column]) if column in COLUMNS else fiscal_year_words(int(column[1:]))
    return _("%(row)sの%(column)s") % {"row": row_label(row_of(field), values), "column": told}


def row_label(row: str, values: Values) -> str:
    """Name a row of a table by its words: 年度ごとの取組『調査』."""
    table, name = row.split("/")
    words = words_of(rows_in(values)[table].get(name, {}))
    return _("%(table)s『%(row)s』") % {"table": label(table, {}), "row": words or _("新しい行")}


def labels(fields: Iterable[str], values: Values) -> str:
    """Name fields; of a table, the rows in which they are."""
    told = (row_label(row_of(f), values) if row_of(f) else label(f, values) for f in fields)
    return "、".join(dict.fromkeys(told))


def clash(field: str, page: Page, theirs: str, draft: AnswerDraft | Row | None) -> Row:
    """Return {field, label, key, pairs, post, at, by, joins} of a field in which two wrote.

    pairs   from their text to the page's
    by      id of who wrote theirs; it may be the reader, on another page
    draft   {post, at, by} of who saved the answer, where theirs is no draft
    """
    who = _who(draft) if isinstance(draft, AnswerDraft) else draft
    sides = (words(field, text, page.typed) for text in (theirs, page.says(field)))
    return {
        "field": field,
        "label": label(field, page.typed),
        "key": f"{field}-{mark(theirs)}",
        "pairs": text_diff(*sides),
        "joins": field.rpartition("/")[2] not in CHOSEN_BY_HAND,
        **(who or {"post": "", "at": None, "by": None}),
    }


def _who(draft: AnswerDraft) -> Row:
    return {"post": draft.post.name, "at": draft.at, "by": draft.by_id}


def clashes(target: InquiryTarget, uid: str, page: Page, met: Iterable[AnswerDraft]) -> list[Row]:
    """Return `clash` of everything that a page meets."""
    return [
        clash(draft.field, page, draft.value, draft if draft.pk else answered(target, uid))
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


def words(field: str, value: str, values: Values) -> str:
    """Write what a field says for a reader."""
    column = field.rpartition("/")[2]
    match column:
        case "status" if value in ProjectStatus.values:
            return str(ProjectStatus(value).label)
        case "first" | "last" if value.isdecimal():
            return fiscal_year_words(int(value))
        case "section":
            return next(iter(Section.objects.filter(code=value).values_list("name", flat=True)), "")
        case "cumulative" | "DELETE" if value:
            return str(COLUMNS[column])
        case "AFTER" if value:
            return _placed(row_of(row_of(field)), value, values)
    return value


def _placed(table: str, after: str, values: Values) -> str:
    if after == FIRST:
        return _("最初")
    return _("%(row)sの次") % {"row": row_label(f"{table}/{after}", values)}


def written(drafts: Mapping[str, AnswerDraft], values: Values) -> list[Row]:
    """Return {label, post, at} of every field or row that has drafts, the latest first.

    values  what the fields say now
    """
    found: dict[tuple[str, str], Row] = {}
    for draft in sorted(drafts.values(), key=attrgetter("at"), reverse=True):
        told = {"label": labels([draft.field], values), "post": draft.post.name}
        found.setdefault((told["label"], told["post"]), told | {"at": draft.at})
    return list(found.values())


def beside(page: Page, drafts: Mapping[str, AnswerDraft]) -> str:
    """Name the fields that others wrote since the page was made, where the page did not."""
    theirs = [
        field
        for field, draft in drafts.items()
        if field not in page.touched and page.was(field) != mark(draft.value)
    ]
    return labels(theirs, latest(page.typed, drafts))


def latest(base: Values, drafts: Mapping[str, AnswerDraft]) -> Values:
    """Return what the fields of a sheet say now, answered or not."""
    return base | {field: draft.value for field, draft in drafts.items()}
