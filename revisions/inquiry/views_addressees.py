"""照会先を選ぶ: the choices, whom they give, and what to look at before it goes out."""

from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy

from revisions.inquiry.addressees import Office, roles_on_sheets
from revisions.inquiry.forms import AddresseeForm
from revisions.inquiry.models import Inquiry
from revisions.inquiry.queries_addressees import nobody_there, office_on
from revisions.inquiry.states import InquiryKind
from revisions.plan.models import Revision
from revisions.plan.queries import sections_on_sheets
from workflow.deadline.calendar import in_tokyo
from workflow.people.models import Department
from workflow.people.queries import classes_on

USUAL = {InquiryKind.PROJECTS: ["leads"], InquiryKind.OPINIONS: ["all"]}
GROUPS = {
    "": gettext_lazy("まとめて"),
    "department": gettext_lazy("部"),
    "class": gettext_lazy("課の総称"),
    "body": gettext_lazy("会議体"),
}

Row = dict[str, Any]


def to_whom(
    request: HttpRequest, revision: Revision, found: Inquiry, *, refused: bool
) -> dict[str, Any]:
    """Return what may be chosen, and the sections by department: who is picked, and why.

    refused  an issue came back: its sections are as they were ticked
    """
    sheets = sections_on_sheets(revision)
    given = request.POST if refused else request.GET
    form = _chooser(given, found)
    on = form.cleaned_data["on"] if form.is_valid() else in_tokyo(timezone.now())
    to, office = form.data["to"], office_on(on, sheets)
    chosen = office.chosen(to)
    ticked = given.getlist("ids") if refused else None
    answers = roles_on_sheets(sheets, classes_on(on))[0]
    rows = [
        (department, [_row(s, answers, office, chosen, ticked) for s in members])
        for department in Department.objects.prefetch_related("sections")
        if (members := department.sections.all())
    ]
    picked = [row for _department, members in rows for row in members if row["picked"]]
    gone = set(nobody_there(found.due_on))
    return {
        "chooser": form,
        "choices": _groups(office, to),
        "chosen": to,
        "on": on,
        "departments": rows,
        "picked": len(picked),
        "nobody": [office.labels.get(choice, choice) for choice in office.names_nobody(to)],
        "gone": [row["section"].name for row in picked if row["section"].code in gone],
    }


def _chooser(given: QueryDict, found: Inquiry) -> AddresseeForm:
    """The choices as they were made; at first those that are usual."""
    typed: dict[str, Any] = {"to": given.getlist("to"), "on": given.get("on")}
    if "on" not in given:
        on = in_tokyo(timezone.now()).isoformat()
        typed = {"to": typed["to"] or USUAL[InquiryKind(found.kind)], "on": on}
    return AddresseeForm(typed, choices=[(choice, choice) for choice in typed["to"]])


def _row(
    section: Any,
    answers: Mapping[str, int],
    office: Office,
    chosen: Mapping[str, Collection[str]],
    ticked: list[str] | None,
) -> Row:
    """Return a section with how many sheets it answers, whether it is picked, and why."""
    why = chosen.get(section.code, ())
    return {
        "section": section,
        "sheets": answers.get(section.code),
        "picked": bool(why) if ticked is None else str(section.pk) in ticked,
        "why": [office.labels[choice] for choice in why],
    }


def _groups(office: Office, to: Collection[str]) -> list[tuple[str, list[Row]]]:
    """Return (what they are, choices) of every group of choices that there is."""
    groups: dict[str, list[Row]] = {name: [] for name in GROUPS}
    for choice, label in office.labels.items():
        kind = choice.partition(":")[0] if ":" in choice else ""
        if kind in groups:
            row = {"value": choice, "label": label, "count": len(office.members[choice])}
            groups[kind].append(row | {"chosen": choice in to})
    return [(str(GROUPS[kind]), rows) for kind, rows in groups.items() if rows]
