"""Writes of an inquiry. Usable only inside a command."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.utils.translation import override

from revisions.inquiry.duties import Sheet, merged
from revisions.inquiry.gates import page
from revisions.inquiry.models import Inquiry, InquiryTarget, Remark, SheetAnswer
from revisions.inquiry.queries import Sheets
from revisions.inquiry.states import UNANSWERED, AnswerKind, InquiryState, TargetState
from revisions.opinion.models import Opinion
from revisions.opinion.parts import receive_opinion
from revisions.opinion.states import Channel, Medium
from revisions.plan import parts as plan
from revisions.plan.content import numbers
from revisions.plan.diff import sheet_diff
from revisions.plan.models import Revision
from workflow.access import grant_each, groups_with
from workflow.audit.chain import canonical
from workflow.audit.models import AuditEntry
from workflow.audit.trail import record, record_all
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.parts import lift, set_deadlines
from workflow.outbox.queue import emit
from workflow.path.models import Stage
from workflow.people.models import Post, Section, User
from workflow.signoff import parts as signoff
from workflow.signoff.models import Request
from workflow.signoff.states import RequestState, StepRole

KIND = "inquiry.answer"
DEADLINE = "inquiry.answer"


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
    targets = InquiryTarget.objects.select_for_update(of=("self",))
    related = ("inquiry__version", "inquiry__stage", "revision__plan", "section__group")
    return targets.select_related(*related).get(**which)


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
    inquiry: Inquiry, sections: Sequence[Section], *, by: User, post: Post, at: datetime
) -> None:
    """Ask every section (配信): its row, its chain, its grant, its deadline."""
    targets = [
        InquiryTarget(
            inquiry=inquiry, revision=inquiry.revision, section=section, due_on=inquiry.due_on
        )
        for section in sections
    ]
    for target in targets:
        target.deliver()
    rows = [(target, {"section": target.section.name}) for target in targets]
    record_all("inquiry.delivered", rows, by=by, post=post, at=at, after=targets[0].state)
    grant_each("answer_inquirytarget", [(target.section.group, target) for target in targets])
    set_deadlines(
        [(target, target.section.group, page(target)) for target in targets],
        kind=DEADLINE,
        title=inquiry.title,
        due_on=inquiry.due_on,
        by=by,
        at=at,
    )


def put_answer(target: InquiryTarget, uid: str, **answer: Any) -> SheetAnswer:
    """Write a section's answer for one sheet in place of the one before."""
    return SheetAnswer.objects.update_or_create(target=target, uid=uid, defaults=answer)[0]


def uid_to_add(sheets: Sheets) -> str:
    """Return a name for a project that has none yet; it gets its uid when it is accepted."""
    taken = [int(answer.uid.removeprefix("new-")) for answer in sheets.added]
    return f"new-{max(taken, default=0) + 1}"


def circulate(
    target: InquiryTarget,
    sheets: Sheets,
    *,
    note: str,
    chief: Post,
    by: User,
    post: Post,
    at: datetime,
) -> Request:
    """Send the whole answer to the section's chief: on from where it came back, or anew."""
    with override(settings.LANGUAGE_CODE):  # not the language of whoever submits
        body = canonical(answer_told(target, sheets, note))
    steps = [(1, StepRole.DECIDER, chief)]
    if target.request and target.request.state == RequestState.DRAFT:
        return signoff.recirculate(target.request, body=body, steps=steps, by=by, post=post, at=at)
    return signoff.circulate(
        kind=KIND,
        title=f"{target.section.name}の回答（{target.inquiry.title}）",
        link=page(target),
        part_of=target.within,
        body=body,
        drafter=by,
        post=post,
        steps=steps,
        at=at,
    )


def answer_told(target: InquiryTarget, sheets: Sheets, note: str) -> dict[str, Any]:
    """Return all that the chief signs, in words and in data."""
    inquiry, version = target.inquiry, target.inquiry.version
    places = numbers(sheets.content)
    return {
        "inquiry": {"id": inquiry.pk, "title": inquiry.title, "due_on": target.due_on.isoformat()},
        "version": {"number": version.number, "sha256": version.sha256} if version else None,
        "section": target.section.name,
        "answers": [_answer_told(a, sheets, places) for a in sheets.answers.values()],
        "remarks": [_remark_told(remark) for remark in target.remarks.all()],
        "note": note,
    }


def _answer_told(answer: SheetAnswer, sheets: Sheets, places: dict[str, str]) -> dict[str, Any]:
    sheet = answer.proposed or answer.before
    names = sheets.content.get("sections", {})
    changes = sheet_diff(answer.before, answer.proposed, names=names) if answer.proposed else ()
    return {
        "uid": answer.uid,
        "number": places.get(answer.uid, answer.place),
        "name": sheet["name"],
        "kind": answer.kind,
        "label": str(answer.get_kind_display()),
        "reason": answer.reason,
        "changes": [{"label": c.label, "before": c.before, "after": c.after} for c in changes],
        "before": answer.before,
        "proposed": answer.proposed,
    }


def _remark_told(remark: Remark) -> dict[str, str]:
    return {
        "project_uid": remark.project_uid,
        "place": remark.place,
        "text": remark.text,
        "proposal": remark.proposal,
    }


def apply_answers(
    revision: Revision, draft: dict[str, Sheet], answers: Iterable[SheetAnswer]
) -> list[dict[str, str]]:
    """Let accepted answers reach the draft; return what was done, for the entry."""
    done = []
    for answer in answers:
        if answer.kind == AnswerKind.EDIT:
            sheet = merged(draft[answer.uid], answer.before, answer.proposed)[0]
            plan.apply_sheet(revision, answer.uid, sheet)
        elif answer.kind == AnswerKind.DISCONTINUE and answer.uid in draft:
            plan.discontinue(revision, answer.uid)
        elif answer.kind == AnswerKind.ADD:
            answer.uid = plan.add_project(revision, answer.proposed, place=answer.place)
        done.append({"uid": answer.uid, "kind": str(answer.kind), "reason": answer.reason})
    return done


def pass_on_remarks(
    target: InquiryTarget, remarks: Iterable[Remark], *, by: User, post: Post, at: datetime
) -> list[Opinion]:
    """Enter a section's remarks in the ledger of opinions, which the secretariat answers."""
    return [
        receive_opinion(
            target.revision,
            stage=target.inquiry.stage,
            channel=Channel.SECTION,
            medium=Medium.WEB,
            received_on=in_tokyo(target.answered_at or at),
            text=_wording(remark),
            source=target.section.name,
            project_uid=remark.project_uid,
            place=remark.place,
            by=by,
            post=post,
            at=at,
        )
        for remark in remarks
    ]


def _wording(remark: Remark) -> str:
    if not remark.proposal:
        return remark.text
    return f"{remark.text}\n\n修正案：{remark.proposal}"


def close(stage: Stage, *, by: User, at: datetime) -> None:
    """End the inquiry of a stage that ends (締切); nobody who has not answered is waited for."""
    inquiry = Inquiry.objects.select_for_update(of=("self",)).filter(stage=stage).first()
    if inquiry is None or inquiry.state != InquiryState.ISSUED:
        return
    before = inquiry.state
    inquiry.close()
    record("inquiry.closed", inquiry, by=by, at=at, before=before, after=inquiry.state)
    for target in inquiry.targets.filter(state__in=UNANSWERED):
        lift(target, DEADLINE, by=by, at=at)


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


def tell(entry: AuditEntry, target: InquiryTarget, to: Iterable[Group], **facts: Any) -> None:
    emit(
        entry,
        to=to,
        link=page(target),
        title=target.inquiry.title,
        section=target.section.name,
        **facts,
    )
