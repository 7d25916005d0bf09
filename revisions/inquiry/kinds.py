"""照会への回答: what the chief's act does to it. Registered by revisions/kinds.py."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from revisions.inquiry import gates, parts
from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.parts import meet
from workflow.people.models import User
from workflow.signoff.kinds import Kind, register
from workflow.signoff.models import Request


def decided(request: Request, *, by: User, at: datetime, reason: str = "") -> None:
    target = parts.lock_target(request=request)
    gates.check_running(target)
    before, late = target.state, in_tokyo(at) > target.due_on
    if target.answers.exists() or target.remarks.exists():
        target.answer(at=at, is_late=late)
    else:
        target.answer_not_applicable(at=at, is_late=late)
    entry = record(
        "inquiry.answered",
        target,
        by=by,
        at=at,
        before=before,
        after=target.state,
        late=late,
        content=request.content.sha256,
    )
    meet(target, parts.DEADLINE, by=by, at=at)
    parts.tell(entry, target, parts.secretariat(target))


def sent_back(request: Request, *, by: User, at: datetime, reason: str = "") -> None:
    target = parts.lock_target(request=request)
    before = target.state
    target.send_back(reason=reason)
    entry = record(
        "inquiry.sent_back",
        target,
        by=by,
        at=at,
        before=before,
        after=target.state,
        reason=reason,
    )
    parts.tell(entry, target, [target.section.group], reason=reason)


def pulled_back(request: Request, *, by: User, at: datetime, reason: str = "") -> None:
    """A draft that had come back before is called off without another effect."""
    target = parts.lock_target(request=request)
    if not can_proceed(target.pull_back):
        return
    before = target.state
    target.pull_back()
    record(
        "inquiry.pulled_back",
        target,
        by=by,
        at=at,
        before=before,
        after=target.state,
        reason=reason,
    )


register(
    Kind(
        parts.KIND,
        _("照会への回答"),
        decided=decided,
        sent_back=sent_back,
        rejected=sent_back,
        pulled_back=pulled_back,
        withdrawn=pulled_back,
        template="inquiry/signed_answer.html",
    )
)
