"""照会先を読む: what may be chosen on a day, and whom nobody could answer for."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from revisions.inquiry.addressees import Office, roles_on_sheets
from revisions.inquiry.duties import Sheet
from workflow.people.models import Appointment, Body, Department, Seat, Section
from workflow.people.queries import classes_on


def office_on(day: date, sheets: Iterable[Sheet]) -> Office:
    """Return what may be chosen on a day, for a plan with these sheets."""
    sheets = list(sheets)
    classes = {name: list[str]() for name in class_names(sheets)} | classes_on(day)
    answers, related = roles_on_sheets(sheets, classes)
    there = Prefetch("sections", Section.objects.on(day))
    departments = list(Department.objects.prefetch_related(there))
    sections = [section for department in departments for section in department.sections.all()]
    order = [section.code for section in sections]
    labels = {"all": _("すべての課"), "leads": _("主管課"), "related": _("共管課・関係課")}
    members = {
        "all": order,
        "leads": [code for code in order if code in answers],
        "related": [code for code in order if code in related],
    }
    for department in departments:
        labels[f"department:{department.code}"] = department.name
        members[f"department:{department.code}"] = [s.code for s in department.sections.all()]
    for name, codes in classes.items():
        labels[f"class:{name}"] = name
        members[f"class:{name}"] = codes
    for body, seated in _bodies(day, departments).items():
        labels[f"body:{body.code}"] = body.name
        members[f"body:{body.code}"] = [code for code in order if code in seated]
    for section in sections:
        labels[f"section:{section.code}"] = section.name
        members[f"section:{section.code}"] = [section.code]
    return Office(labels, members)


def class_names(sheets: Iterable[Sheet]) -> list[str]:
    """Return the classes of sections that sheets name, each once."""
    entries = (entry for sheet in sheets for entry in (*sheet["lead"], *sheet["related"]))
    return list(dict.fromkeys(e["class"] for e in entries if not isinstance(e, str)))


def _bodies(day: date, departments: Iterable[Department]) -> dict[Body, set[str]]:
    """Return the sections in a body on the day; a department's head stands for its 庶務担当課."""
    heads = {
        section.department_id: section.code
        for department in departments
        for section in department.sections.all()
        if section.is_coordinating
    }
    held = Appointment.objects.on(day).values("post")
    seats = Seat.objects.on(day).filter(post__in=held).order_by("body__order", "pk")
    found: dict[Body, set[str]] = {}
    for seat in seats.select_related("body", "post__section"):
        post = seat.post
        code = post.section.code if post.section else heads.get(post.department_id or 0)
        if code:
            found.setdefault(seat.body, set()).add(code)
    return found


def nobody_there(day: date) -> list[str]:
    """Return the codes of the sections in which nobody is in office on a day."""
    held = Appointment.objects.on(day).filter(user__is_active=True).values("post__section")
    return list(
        Section.objects.exclude(pk__in=held.filter(post__section__isnull=False)).values_list(
            "code", flat=True
        )
    )
