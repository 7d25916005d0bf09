"""Writes of an inquiry. Usable only inside a command."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef

from revisions.inquiry.gates import page
from revisions.inquiry.models import Inquiry, InquiryTarget, Remark, SheetAnswer
from revisions.inquiry.models_questions import QuestionAnswer
from revisions.inquiry.parts_joint import ask_anew, ask_consents
from revisions.inquiry.queries import Sheets, coordinators
from revisions.inquiry.queries_tiers import days_of
from revisions.inquiry.states import DEADLINE, UNANSWERED, InquiryState, TargetState, Tier
from revisions.plan.models import Revision
from workflow.access import grant_each, groups_with
from workflow.audit.models import AuditEntry
from workflow.audit.trail import record, record_all
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.parts import lift_all, set_deadlines
from workflow.deadline.queries import calendar
from workflow.outbox.queue import emit
from workflow.path.models import Stage
from workflow.path.states import StageKind
from workflow.people.models import Post, Section, User
from workflow.signoff import parts as signoff
from workflow.signoff.models import Request
from workflow.signoff.states import RequestState

KIND = "inquiry.answer"


def lock_inquiry(inquiry_id: int) -> Inquiry:
    """Lock an inquiry under its revision, whose draft it shows."""
    revision = Revision.objects.select_for_update(of=("self",)).get(inquiries=inquiry_id)
    inquiries = Inquiry.objects.select_for_update(of=("self",)).select_related("stage")
    inquiry = inquiries.get(pk=inquiry_id)
    inquiry.revision = revision
    return inquiry


def lock_or_begin(stage_id: int) -> Inquiry:
    """Lock the inquiry of a stage, or begin one that is not saved yet."""
    revision = Revision.objects.select_for_update(of=("self",)).get(case__stages=stage_id)
    stage = Stage.objects.select_for_update(of=("self",)).get(pk=stage_id)
    found = Inquiry.objects.select_for_update(of=("self",)).filter(stage=stage).first()
    inquiry = found or Inquiry()
    inquiry.revision, inquiry.stage = revision, stage
    return inquiry


def lock_with_draft(target_id: int) -> InquiryTarget:
    """Lock a target under its revision, whose draft its answers change."""
    revisions = Revision.objects.select_for_update(of=("self",)).select_related("plan")
    revision = revisions.get(inquiries__targets=target_id)
    target = lock_target(pk=target_id)
    target.revision = revision
    return target


def lock_target(**which: Any) -> InquiryTarget:
    """says_something  whether it has answers or remarks"""
    kinds = (SheetAnswer, Remark, QuestionAnswer)
    targets = InquiryTarget.objects.select_for_update(of=("self",))
    related = (
        "inquiry__version",
        "inquiry__stage",
        "revision__plan",
        "section__group",
        "coordinator__group",
        "version",
    )
    said = [Exists(model.objects.filter(target=OuterRef("pk"))) for model in kinds]
    how = {"says_something": said[0] | said[1] | said[2]}
    return targets.select_related(*related).annotate(**how).get(**which)


def lock_all(inquiry: Inquiry, ids: Iterable[int]) -> dict[int, InquiryTarget]:
    """Lock many of an inquiry's targets, in the order of their ids. One statement."""
    targets = inquiry.targets.select_for_update(of=("self",)).select_related(
        "section__group", "coordinator__group"
    )
    found = {target.pk: target for target in targets.filter(pk__in=ids).order_by("pk")}
    for target in found.values():
        target.inquiry, target.revision = inquiry, inquiry.revision
    return found


def lock_answer(target_id: int) -> InquiryTarget:
    """Lock a target under the request that circulates its answer."""
    request_id = InquiryTarget.objects.values_list("request", flat=True).get(pk=target_id)
    if request_id:
        request = Request.objects.select_for_update(of=("self",)).get(pk=request_id)
    target = lock_target(pk=target_id)
    if request_id:
        target.request = request
    return target


def deliver(
    inquiry: Inquiry,
    sections: Sequence[Section],
    why: Mapping[str, list[str]],
    *,
    by: User,
    post: Post,
    at: datetime,
) -> list[tuple[InquiryTarget, date]]:
    """Ask every section (配信): its row, its chain, its grants, its deadline.

    Return each with the day by which it is asked.
    """
    theirs = coordinators(sections) if inquiry.through_coordinating else {}
    targets = [
        InquiryTarget(
            inquiry=inquiry,
            revision=inquiry.revision,
            section=section,
            coordinator=theirs.get(section.pk),
            asked_as=why[section.code],
            due_on=inquiry.due_on,
        )
        for section in sections
    ]
    for target in targets:
        target.deliver()
    rows = [(t, {"section": t.section.name, "asked_as": t.asked_as}) for t in targets]
    record_all("inquiry.delivered", rows, by=by, post=post, at=at, after=targets[0].state)
    grant_each("answer_inquirytarget", [(target.section.group, target) for target in targets])
    asker = next(iter(groups_with("steer_revision", inquiry.revision)), None)
    compiling = [(t.coordinator.group, t) for t in targets if t.coordinator]
    grant_each("compile_inquirytarget", compiling)
    days = calendar()
    drafted = {
        compiled: days_of(inquiry, inquiry.due_on, days, compiled=compiled)[Tier.DRAFT]
        for compiled in (False, True)
    }
    asked = [(t, max(drafted[t.coordinator is not None], in_tokyo(at))) for t in targets]
    set_deadlines(
        [(target, target.section.group, page(target), due_on) for target, due_on in asked],
        kind=DEADLINE,
        title=inquiry.title,
        asked_by=asker,
        by=by,
        at=at,
    )
    return asked


def put_answer(target: InquiryTarget, uid: str, **answer: Any) -> SheetAnswer:
    """Write a section's answer for one sheet in place of the one before; its other leads are asked
    anew whether they consent."""
    put, is_new = SheetAnswer.objects.update_or_create(target=target, uid=uid, defaults=answer)
    if is_new:
        ask_consents(target, [put])
    else:
        ask_anew(target, [put])
    return put


def uid_to_add(sheets: Sheets) -> str:
    """Return a name for a project that has none yet; it gets its uid when it is accepted."""
    taken = [int(answer.uid.removeprefix("new-")) for answer in sheets.added]
    return f"new-{max(taken, default=0) + 1}"


def close(stage: Stage, *, by: User, at: datetime) -> None:
    """End the inquiry of a stage that ends (締切); nobody who has not answered is waited for."""
    if stage.kind != StageKind.INQUIRY:  # no other has one: gates.check_stage_asks()
        return
    inquiry = Inquiry.objects.select_for_update(of=("self",)).filter(stage=stage).first()
    if inquiry is None or inquiry.state != InquiryState.ISSUED:
        return
    before = inquiry.state
    inquiry.close()
    record("inquiry.closed", inquiry, by=by, at=at, before=before, after=inquiry.state)
    waited_for = list(inquiry.targets.filter(state__in=UNANSWERED))
    lift_all(waited_for, DEADLINE, by=by, at=at)


def call_off(stage: Stage, *, by: User, post: Post, at: datetime, reason: str) -> None:
    """End the inquiry of a stage that ends without its outcome; no chief is asked any more.

    Deadlines are locked last, as by every act on a target. Who approves meanwhile was first.
    """
    targets = InquiryTarget.objects.filter(inquiry__stage=stage, state=TargetState.IN_REVIEW)
    requests = Request.objects.select_for_update(of=("self",)).order_by("pk")
    asked = requests.filter(pk__in=targets.values("request"), state=RequestState.CIRCULATING)
    for request in list(asked):
        signoff.withdraw(request, by=by, post=post, at=at, reason=reason)
        target = lock_target(request=request)
        before = target.state
        target.pull_back()
        record(
            "inquiry.pulled_back",
            target,
            by=by,
            post=post,
            at=at,
            before=before,
            after=target.state,
            reason=reason,
        )
    close(stage, by=by, at=at)


def secretariat(target: InquiryTarget) -> list[Group]:
    return groups_with("steer_revision", target.revision)


def tell(
    entry: AuditEntry,
    target: InquiryTarget,
    to: Iterable[Group],
    *,
    link: str = "",
    **facts: Any,
) -> None:
    """link: where others than those who see the target are told of it"""
    emit(
        entry,
        to=to,
        link=link or page(target),
        title=target.inquiry.title,
        section=target.section.name,
        **facts,
    )
