"""経過の画面: what happened in a revision, and to anything that one may read."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from revisions.cycle.chronicle import events
from revisions.cycle.subjects import name_of, name_subjects
from revisions.cycle.views import crumbs, find, sees_all, tabs
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.meeting.queries import readable_meetings
from revisions.opinion.models import Opinion
from revisions.plan.models import Revision
from revisions.plan.queries import readable_revisions
from revisions.public_comment.models import PublicComment
from workflow.access import Audience, audience, granted
from workflow.audit.models import Audited, AuditEntry
from workflow.audit.queries import page_of
from workflow.deadline.calendar import in_tokyo
from workflow.people.http import SignedInRequest
from workflow.people.models import User
from workflow.people.states import UserKind
from workflow.signoff.models import Request
from workflow.signoff.queries import readable

FOR_EVERYBODY = ("revisions.revision:", "revisions.meeting:", "revisions.publiccomment:")
"""What of a revision's history all its readers see; answers and sign-offs are not theirs."""

TICKING = "workflow.deadline:"


@audience(Audience.STAFF)
@require_safe
def revision(request: SignedInRequest, revision_id: int) -> HttpResponse:
    """The days on the path, and every act behind them."""
    found = find(request, revision_id)
    acts = AuditEntry.objects.filter(within_key=found.key).exclude(subject__startswith=TICKING)
    everything = sees_all(request.user, found, in_tokyo(timezone.now()))
    page = _acts(request, acts if everything else _of_everybody(acts))
    name_subjects(page["entries"])
    context = {
        "revision": found,
        "events": events(found),
        "tabs": tabs(found, "revision_history", everything),
        "crumbs": crumbs(found),
    }
    return render(request, "cycle/history.html", context | page)


@audience(Audience.SIGNED_IN)
@require_safe
def subject(request: SignedInRequest, key: str) -> HttpResponse:
    """Everything that happened to one row, as it was recorded."""
    row = _row(request.user, key)
    acts = AuditEntry.objects.filter(subject=row.key)
    return render(request, "cycle/subject.html", {"title": name_of(row)} | _acts(request, acts))


def _acts(request: SignedInRequest, entries: QuerySet[AuditEntry]) -> dict[str, Any]:
    rows, before, after = page_of(
        entries, before=_cursor(request, "before"), after=_cursor(request, "after")
    )
    return {"entries": rows, "before": before, "after": after, "shown": len(rows)}


def _cursor(request: SignedInRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _of_everybody(acts: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    shown = acts.none()
    for prefix in FOR_EVERYBODY:
        shown = shown | acts.filter(subject__startswith=prefix)
    return shown


def _steered(model: type[Any]) -> Callable[[User], QuerySet[Any]]:
    return lambda user: model.objects.filter(
        revision__in=granted(Revision.objects.all(), "steer_revision", user)
    )


def _shown(model: type[Any]) -> Callable[[User], QuerySet[Any]]:
    return lambda user: model.objects.filter(revision__in=readable_revisions(user))


def _targets(user: User) -> QuerySet[InquiryTarget]:
    own = granted(InquiryTarget.objects.all(), "answer_inquirytarget", user)
    return own | _steered(InquiryTarget)(user)


def _requests(user: User) -> QuerySet[Request]:
    """The secretariat follows what circulates in its revisions, without reading it."""
    steered = granted(Revision.objects.all(), "steer_revision", user)
    own = readable(Request.objects.all(), user, in_tokyo(timezone.now()))
    return own | Request.objects.filter(part_of__in=[revision.key for revision in steered])


READABLE: dict[str, Callable[[User], QuerySet[Any]]] = {
    "revisions.revision": readable_revisions,
    "revisions.meeting": readable_meetings,
    "revisions.publiccomment": _shown(PublicComment),
    "revisions.inquiry": _shown(Inquiry),
    "revisions.inquirytarget": _targets,
    "revisions.opinion": _steered(Opinion),
    "workflow.request": _requests,
}
"""Whose history who may read; an auditor reads everybody's."""


def _row(user: User, key: str) -> Audited:
    label, _separator, pk = key.partition(":")
    if not pk.isdecimal() or len(pk) > 18:
        raise Http404
    if user.kind == UserKind.AUDITOR:
        return get_object_or_404(_audited(label).objects.all(), pk=pk)
    if label not in READABLE:
        raise Http404
    return get_object_or_404(READABLE[label](user), pk=pk)


def _audited(label: str) -> Any:
    for model in apps.get_models():
        if issubclass(model, Audited) and model._meta.label_lower == label:
            return model
    raise Http404
