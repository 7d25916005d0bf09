"""An inquiry walked to any state by its commands. koho leads P06 alone; joho is the secretariat."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group

from revisions.inquiry import (
    commands,
    commands_accept,
    commands_answer,
    commands_extension,
    commands_mend,
    commands_questions,
    commands_tiers,
)
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.states import TargetState as S
from revisions.inquiry.tiers import NO_TIERS, Tiers
from revisions.models import Question, Revision
from revisions.plan.queries import sheet_of
from tests.factories import NOON, section, user
from tests.replay import walked_once
from tests.revisions.drafts import open_stage, running_revision
from workflow.audit.models import AuditEntry
from workflow.models import Department, OutboxEvent, Section, Step
from workflow.signoff import commands as signoff

DUE = date(2026, 12, 4)


def counted() -> tuple[int, int]:
    return AuditEntry.objects.count(), OutboxEvent.objects.count()


@walked_once
def prepared(
    kind: str = "projects", revision: Revision | None = None, tiers: Tiers = NO_TIERS
) -> Inquiry:
    return commands.prepare_inquiry(
        stage_id=open_stage(revision or running_revision()).pk,
        kind=kind,
        title="掲載事業について（照会）",
        text="確かめてください。",
        due_on=DUE,
        tiers=tiers,
        by=user("joho-tanto"),
        at=NOON,
    )


@walked_once
def issued(
    *codes: str,
    kind: str = "projects",
    revision: Revision | None = None,
    tiers: Tiers = NO_TIERS,
) -> Inquiry:
    return commands.issue(
        inquiry_id=prepared(kind, revision, tiers).pk,
        section_ids=[section(code).pk for code in codes or ("koho",)],
        by=user("joho-tanto"),
        at=NOON,
    )


@walked_once
def asking(*questions: dict[str, Any], kind: str = "projects") -> Inquiry:
    """An inquiry that is prepared, with questions; `on`: the place of an earlier one, its value."""
    inquiry, made = prepared(kind), []
    for question in questions:
        place, value = question.get("on", (None, ""))
        hung = {"on_id": made[place].pk, "on_value": value} if place is not None else {}
        asked = {"kind": "text", "label": "設問"} | {k: v for k, v in question.items() if k != "on"}
        made.append(ask(inquiry, **asked, **hung))
    return Inquiry.objects.get(pk=inquiry.pk)


def ask(inquiry: Inquiry, *, by: str = "joho-tanto", **asked: Any) -> Question:
    return commands_questions.add_question(inquiry_id=inquiry.pk, asked=asked, by=user(by), at=NOON)


@walked_once
def asked(*questions: dict[str, Any], kind: str = "projects") -> InquiryTarget:
    """koho's row of an inquiry with questions, taken in."""
    inquiry = commands.issue(
        inquiry_id=asking(*questions, kind=kind).pk,
        section_ids=[section("koho").pk],
        by=user("joho-tanto"),
        at=NOON,
    )
    return receive(target_of(inquiry))


def target_of(inquiry: Inquiry, code: str = "koho") -> InquiryTarget:
    return InquiryTarget.objects.get(inquiry=inquiry, section__code=code)


def receive(target: InquiryTarget, *, by: str = "koho-tanto") -> InquiryTarget:
    return commands_answer.receive(target_id=target.pk, by=user(by), at=NOON)


def unchanged(target: InquiryTarget, *, by: str = "koho-tanto") -> InquiryTarget:
    return commands_answer.answer_all_unchanged(target_id=target.pk, by=user(by), at=NOON)


def answer(target: InquiryTarget, *, by: str = "koho-tanto", **given: Any) -> Any:
    words = {"uid": "P06", "kind": "unchanged", "reason": "見直し"} | given
    if words["kind"] == "discontinue":
        words.setdefault("dropped_as", "abolished")
    return commands_answer.answer_sheet(target_id=target.pk, by=user(by), at=NOON, **words)


def answer_questions(
    target: InquiryTarget, typed: dict[int, Any] | None = None, *, by: str = "koho-tanto"
) -> dict[int, str]:
    return commands_questions.answer_questions(
        target_id=target.pk, typed=typed or {}, by=user(by), at=NOON
    )


def submit(target: InquiryTarget, *, by: str = "koho-tanto", note: str = "") -> InquiryTarget:
    return commands_answer.submit(target_id=target.pk, note=note, by=user(by), at=NOON)


def step_of(target: InquiryTarget) -> Step:
    return Step.objects.get(request__in=[current(target).request_id], state="active")


def approve(target: InquiryTarget, *, by: str = "koho-kacho", at: datetime = NOON) -> None:
    signoff.approve(step_id=step_of(target).pk, by=user(by), at=at)


def send_back(target: InquiryTarget, *, by: str = "koho-kacho", at: datetime = NOON) -> None:
    signoff.send_back(step_id=step_of(target).pk, by=user(by), at=at, reason="書き直し")


def accept(target: InquiryTarget, *, by: str = "joho-tanto", **more: Any) -> InquiryTarget:
    return commands_accept.accept(target_id=target.pk, by=user(by), at=NOON, **more)


def return_answer(target: InquiryTarget, *, by: str = "joho-tanto", **more: Any) -> InquiryTarget:
    words = {"reason": "数値の確認"} | more
    return commands.return_answer(target_id=target.pk, by=user(by), at=NOON, **words)


def waive(target: InquiryTarget, *, by: str = "joho-tanto") -> InquiryTarget:
    return commands.waive(target_id=target.pk, reason="所管なし", by=user(by), at=NOON)


def extend(target: InquiryTarget, *, by: str = "joho-tanto", **more: Any) -> InquiryTarget:
    words = {"due_on": DUE + timedelta(days=7), "reason": "議会対応"} | more
    return commands.extend(target_id=target.pk, by=user(by), at=NOON, **words)


def compile_answer(
    target: InquiryTarget, *, by: str = "sogo-seisaku-tanto", at: datetime = NOON
) -> InquiryTarget:
    return commands_tiers.compile_answer(target_id=target.pk, by=user(by), at=at)


def hand_back(target: InquiryTarget, *, by: str = "sogo-seisaku-tanto") -> InquiryTarget:
    return commands_tiers.hand_back(target_id=target.pk, reason="部の考え", by=user(by), at=NOON)


def ask_extension(target: InquiryTarget, *, by: str = "koho-tanto", **more: Any) -> InquiryTarget:
    words = {"due_on": DUE + timedelta(days=7), "reason": "議会対応"} | more
    return commands_extension.ask_extension(target_id=target.pk, by=user(by), at=NOON, **words)


def decline_extension(target: InquiryTarget, *, by: str = "joho-tanto") -> InquiryTarget:
    return commands_extension.decline_extension(
        target_id=target.pk, reason="日程のため", by=user(by), at=NOON
    )


def mend_answer(target: InquiryTarget, *, by: str = "joho-tanto", **more: Any) -> Any:
    sheet = sheet_of(target.revision, "P06") | {"aims": "事務局が直した目指すもの。"}
    words = {"uid": "P06", "sheet": sheet, "reason": "表記の統一"} | more
    return commands_mend.mend_answer(target_id=target.pk, by=user(by), at=NOON, **words)


def reopen(target: InquiryTarget, *, by: str = "joho-tanto", **more: Any) -> InquiryTarget:
    words = {"reason": "追加の確認", "due_on": DUE} | more
    return commands_mend.reopen(target_id=target.pk, by=user(by), at=NOON, **words)


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


@walked_once
def target_at(state: str) -> InquiryTarget:
    """koho's row of a new inquiry, walked to a state."""
    target = target_of(issued())
    for step in PATHS[state]:
        step(target)
    return current(target)


TIERS = Tiers(through_coordinating=True, chief_days=1, compiling_days=2)
SENT_ON = [receive, unchanged, submit, approve]
TIERED: dict[str, list[Any]] = PATHS | {
    S.COMPILING: SENT_ON,
    S.ANSWERED: [*SENT_ON, compile_answer],
    S.ACCEPTED: [*SENT_ON, compile_answer, accept],
}


def tiered_at(state: str) -> InquiryTarget:
    """As target_at(), past 総合政策課, which compiles for koho's department."""
    target = target_of(issued("koho", tiers=TIERS))
    for step in TIERED[state]:
        step(target)
    return current(target)


def many_sections(count: int) -> list[Section]:
    groups = Group.objects.bulk_create(Group(name=f"many:{n}") for n in range(count))
    department = Department.objects.first()
    return Section.objects.bulk_create(
        Section(code=f"many-{n}", name=f"第{n}課", department=department, group=group)
        for n, group in enumerate(groups)
    )
