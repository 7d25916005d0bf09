"""What an audit entry is about, in words: for histories that tell of many subjects."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.meeting.models import Meeting
from revisions.opinion.models import Opinion
from revisions.public_comment.models import PublicComment
from workflow.audit.models import Audited
from workflow.signoff.models import Request

PARTS = {
    model._meta.label_lower: model.objects.select_related(*related)
    for model, *related in (
        (Inquiry,),
        (InquiryTarget, "section", "inquiry"),
        (Meeting,),
        (Opinion, "revision"),
        (PublicComment,),
        (Request,),
    )
}


def name_of(row: Audited) -> str:
    if isinstance(row, InquiryTarget):
        return f"{row.inquiry.title}　{row.section.name}"
    if isinstance(row, Opinion):
        number = _("意見第%d号") % row.number
        return f"{row.revision.title}　{number}"
    return str(getattr(row, "title", "") or row)


def name_subjects(entries: Iterable[dict[str, Any]]) -> None:
    """Add to each entry `what` it is about and the `url` of its own history: a statement a kind."""
    found: dict[str, set[int]] = {}
    for entry in entries:
        label, _separator, pk = entry["subject"].partition(":")
        found.setdefault(label, set()).add(int(pk))
    names = {
        row.key: name_of(row)
        for label, pks in found.items()
        if label in PARTS
        for row in PARTS[label].filter(pk__in=pks)
    }
    for entry in entries:
        entry["what"] = names.get(entry["subject"], entry["facts"].get("name", ""))
        entry["url"] = reverse("history", args=[entry["subject"]])
