"""照会への回答: what the chief's act does to it; what runs. Registered by revisions/kinds.py."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from revisions.inquiry import gates, parts
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.naming import day_names
from revisions.inquiry.parts_tiers import follow
from revisions.inquiry.states import UNANSWERED, InquiryState, Tier
from workflow.audit.trail import record
from workflow.deadline import registry
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.naming import register_namer
from workflow.deadline.parts import meet
from workflow.deadline.registry import Planned, register_planners
from workflow.people.kept import Kept
from workflow.people.kept import register as keeps
from workflow.people.models import Section, User
from workflow.signoff.kinds import Kind, register
from workflow.signoff.models import Request
from workflow.signoff.standing import acting_on_matter


def decided(request: Request, *, by: User, at: datetime, reason: str = "") -> None:
    target = parts.lock_target(request=request)
    gates.check_running(target)
    if target.coordinator:
        _go_on(request, target, target.coordinator, by=by, at=at)
        return
    secretariat = parts.secretariat(target)
    meet(target, parts.DEADLINE, by=by, at=at)
    before, late = target.state, in_tokyo(at) > target.due_on
    if target.says_something:
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
    parts.tell(entry, target, secretariat)


def _go_on(
    request: Request, target: InquiryTarget, coordinator: Section, *, by: User, at: datetime
) -> None:
    """What the chief approved goes on to the department's coordinating section."""
    before = target.state
    target.approve()
    entry = record(
        "inquiry.approved",
        target,
        by=by,
        at=at,
        before=before,
        after=target.state,
        content=request.content.sha256,
    )
    due = follow(target, coordinator.group, by=by, at=at)
    parts.tell(entry, target, [coordinator.group], **due)


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
    due = follow(target, target.section.group, by=by, at=at)
    parts.tell(entry, target, [target.section.group], reason=reason, **due)


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
    follow(target, target.section.group, by=by, at=at)


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
        tells_back=True,
    )
)
registry.register(
    registry.Kind(
        parts.DEADLINE,
        _("照会への回答"),
        acts={
            Tier.CHIEF: _("回答を確かめ、承認か差戻しをしてください。"),
            Tier.COMPILING: _("回答を確かめ、事務局へ回すか差し戻してください。"),
        },
        receipt=True,
        acting=acting_on_matter,
    )
)
register_namer(parts.DEADLINE, day_names)


def running() -> list[Kept]:
    """The inquiries that run: whom a class stands for in one was kept when it went out."""
    issued = Inquiry.objects.filter(state=InquiryState.ISSUED).order_by("due_on", "pk")
    return [Kept(found.title, found.addressed.get("classes", {})) for found in issued]


keeps(running)


def planned(days: Collection[date]) -> Iterator[Planned]:
    """Of an inquiry not yet sent, its due day; of one with tiers, where the last of them ends.

    What whoever holds an answer is to do by is a deadline, and told as such.
    """
    preparing = Inquiry.objects.filter(due_on__in=days, state=InquiryState.PREPARING)
    what, to_do = gettext("照会の期限（準備中）"), gettext("期限を開庁日に改めてから配信します。")
    for inquiry in preparing:
        yield Planned(inquiry.due_on, inquiry.title, what, to_do, f"/inquiries/{inquiry.pk}/")
    kept = Q(inquiry__chief_days=0, inquiry__secretariat_days=0, coordinator=None)
    asked = InquiryTarget.objects.filter(
        ~kept, due_on__in=days, state__in=UNANSWERED, inquiry__state=InquiryState.ISSUED
    )
    rows = asked.order_by().values_list("due_on", "inquiry", "inquiry__title")
    for day, pk, title, count in rows.annotate(Count("pk")):
        what = gettext("事務局に届く期限（%d課）") % count
        to_do = gettext("回答の期限を延ばすか、直前の開庁日までに集めます。")
        yield Planned(day, title, what, to_do, f"/inquiries/{pk}/")


register_planners(planned)
