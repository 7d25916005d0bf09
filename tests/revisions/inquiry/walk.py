"""An inquiry walked to any state by its commands. koho leads P06 alone; joho is the secretariat."""

from datetime import date, datetime, timedelta
from typing import Any

from revisions.inquiry import commands, commands_answer
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.states import TargetState as S
from revisions.models import Revision
from tests.factories import NOON, section, user
from tests.revisions.drafts import open_stage, running_revision
from workflow.audit.models import AuditEntry
from workflow.models import OutboxEvent, Step
from workflow.signoff import commands as signoff

DUE = date(2026, 12, 4)


def counted() -> tuple[int, int]:
    return AuditEntry.objects.count(), OutboxEvent.objects.count()


def prepared(kind: str = "projects", revision: Revision | None = None) -> Inquiry:
    return commands.prepare_inquiry(
        stage_id=open_stage(revision or running_revision()).pk,
        kind=kind,
        title="掲載事業について（照会）",
        text="確かめてください。",
        due_on=DUE,
        by=user("joho-tanto"),
        at=NOON,
    )


def issued(*codes: str, kind: str = "projects", revision: Revision | None = None) -> Inquiry:
    return commands.issue(
        inquiry_id=prepared(kind, revision).pk,
        section_ids=[section(code).pk for code in codes or ("koho",)],
        by=user("joho-tanto"),
        at=NOON,
    )


def target_of(inquiry: Inquiry, code: str = "koho") -> InquiryTarget:
    return InquiryTarget.objects.get(inquiry=inquiry, section__code=code)


def receive(target: InquiryTarget, *, by: str = "koho-tanto") -> InquiryTarget:
    return commands_answer.receive(target_id=target.pk, by=user(by), at=NOON)


def unchanged(target: InquiryTarget, *, by: str = "koho-tanto") -> InquiryTarget:
    return commands_answer.answer_all_unchanged(target_id=target.pk, by=user(by), at=NOON)


def answer(target: InquiryTarget, *, by: str = "koho-tanto", **given: Any) -> Any:
    words = {"uid": "P06", "kind": "unchanged", "reason": "見直し"} | given
    return commands_answer.answer_sheet(target_id=target.pk, by=user(by), at=NOON, **words)


def submit(target: InquiryTarget, *, by: str = "koho-tanto", note: str = "") -> InquiryTarget:
    return commands_answer.submit(target_id=target.pk, note=note, by=user(by), at=NOON)


def step_of(target: InquiryTarget) -> Step:
    return Step.objects.get(request__in=[current(target).request_id], state="active")


def approve(target: InquiryTarget, *, by: str = "koho-kacho", at: datetime = NOON) -> None:
    signoff.approve(step_id=step_of(target).pk, by=user(by), at=at)


def send_back(target: InquiryTarget, *, by: str = "koho-kacho") -> None:
    signoff.send_back(step_id=step_of(target).pk, by=user(by), at=NOON, reason="書き直し")


def accept(target: InquiryTarget, *, by: str = "joho-tanto", over: bool = False) -> InquiryTarget:
    return commands.accept(target_id=target.pk, over=over, by=user(by), at=NOON)


def return_answer(target: InquiryTarget, *, by: str = "joho-tanto", **more: Any) -> InquiryTarget:
    words = {"reason": "数値の確認"} | more
    return commands.return_answer(target_id=target.pk, by=user(by), at=NOON, **words)


def waive(target: InquiryTarget, *, by: str = "joho-tanto") -> InquiryTarget:
    return commands.waive(target_id=target.pk, reason="所管なし", by=user(by), at=NOON)


def extend(target: InquiryTarget, *, by: str = "joho-tanto", **more: Any) -> InquiryTarget:
    words = {"due_on": DUE + timedelta(days=7), "reason": "議会対応"} | more
    return commands.extend(target_id=target.pk, by=user(by), at=NOON, **words)


def current(target: InquiryTarget) -> InquiryTarget:
    return InquiryTarget.objects.get(pk=target.pk)


PATHS: dict[str, list[Any]] = {
    S.PENDING_RECEIPT: [],
    S.RECEIVED: [receive, unchanged],
    S.IN_REVIEW: [receive, unchanged, submit],
    S.ANSWERED: [receive, unchanged, submit, approve],
    S.RETURNED: [receive, unchanged, submit, send_back],
    S.ACCEPTED: [receive, unchanged, submit, approve, accept],
    S.WAIVED: [waive],
}


def target_at(state: str) -> InquiryTarget:
    """koho's row of a new inquiry, walked to a state."""
    target = target_of(issued())
    for step in PATHS[state]:
        step(target)
    return current(target)
