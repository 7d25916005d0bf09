"""One inquiry through all three tiers: read this first.

Three sections of 政策部 answer past 総合政策課, their coordinating section. One changes a sheet,
one asks for more time and is late all the same, one comes back twice.
"""

from datetime import datetime, timedelta

import pytest

from revisions.inquiry import (
    commands,
    commands_accept,
    commands_answer,
    commands_extension,
    commands_tiers,
)
from revisions.inquiry.gates import check_inquiry_done
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.states import TargetState as S
from revisions.plan.queries import content_of, sheet_of
from tests.factories import NOON, user
from tests.revisions.drafts import open_stage, running_revision
from tests.revisions.inquiry.walk import DUE, TIERS, current, step_of, target_of
from workflow.audit.models import AuditEntry
from workflow.errors import Unmet
from workflow.models import Deadline, Section
from workflow.signoff import commands as signoff

pytestmark = pytest.mark.django_db

SECRETARIAT, COORDINATING = "joho-tanto", "sogo-seisaku-tanto"
LATER = DUE + timedelta(days=3)
AIMS = "公式の手段ごとに、届けたい相手を決めて伝えます。"


def day(n: int) -> datetime:
    """Noon, `n` days after the inquiry went out on Tuesday, 24 November."""
    return NOON + timedelta(days=n)


def go_out() -> Inquiry:
    """Due on Friday, 4 December: the sections have until 1, their chiefs until 2 December."""
    inquiry = commands.prepare_inquiry(
        stage_id=open_stage(running_revision()).pk,
        kind="projects",
        title="掲載事業について（照会）",
        text="内容を確かめてください。",
        due_on=DUE,
        tiers=TIERS,
        by=user(SECRETARIAT),
        at=NOON,
    )
    ids = Section.objects.filter(department__code="seisaku").values_list("pk", flat=True)
    return commands.issue(
        inquiry_id=inquiry.pk, section_ids=list(ids), by=user(SECRETARIAT), at=NOON
    )


def draft(target: InquiryTarget, at: datetime) -> None:
    by = user(f"{target.section.code}-tanto")
    commands_answer.answer_all_unchanged(target_id=target.pk, by=by, at=at)
    commands_answer.submit(target_id=target.pk, by=by, at=at)


def approve(target: InquiryTarget, at: datetime) -> None:
    by = user(f"{target.section.code}-kacho")
    signoff.approve(step_id=step_of(target).pk, by=by, at=at)


def send_on(target: InquiryTarget, at: datetime) -> None:
    commands_tiers.compile_answer(target_id=target.pk, by=user(COORDINATING), at=at)


def accept(target: InquiryTarget, at: datetime) -> None:
    commands_accept.accept(target_id=target.pk, by=user(SECRETARIAT), at=at)


def holder(target: InquiryTarget) -> str:
    return Deadline.objects.filter(subject=target.key).latest("pk").group.name


def test_three_tiers(city: None) -> None:
    inquiry = go_out()
    koho, keiei, sogo = (
        target_of(inquiry, code) for code in ("koho", "gyosei-keiei", "sogo-seisaku")
    )
    for target in (koho, keiei, sogo):
        by = user(f"{target.section.code}-tanto")
        commands_answer.receive(target_id=target.pk, by=by, at=day(1))
    before = content_of(inquiry.revision)

    # 広報広聴課 changes one sheet and leaves the rest; its chief, then 総合政策課, send it on.
    commands_answer.answer_sheet(
        target_id=koho.pk,
        uid="P06",
        kind="edit",
        sheet=sheet_of(inquiry.revision, "P06") | {"aims": AIMS},
        reason="届け方を見直したため",
        by=user("koho-tanto"),
        at=day(2),
    )
    draft(koho, day(2))
    assert (current(koho).state, holder(koho)) == (S.IN_REVIEW, "post:koho-kacho")
    approve(koho, day(3))
    assert (current(koho).state, holder(koho)) == (S.COMPILING, "section:sogo-seisaku")

    # 総合政策課 returns it once; it goes past the chief again.
    commands_tiers.hand_back(
        target_id=koho.pk, reason="部の方針と合わせて", by=user(COORDINATING), at=day(3)
    )
    assert (current(koho).state, holder(koho)) == (S.RETURNED, "section:koho")
    draft(koho, day(6))
    approve(koho, day(6))
    send_on(koho, day(7))
    assert (current(koho).state, current(koho).is_late) == (S.ANSWERED, False)

    # 行政経営課 asks for more time and gets three days, not ten; it is late all the same.
    commands_extension.ask_extension(
        target_id=keiei.pk,
        due_on=DUE + timedelta(days=10),
        reason="議会の対応",
        by=user("gyosei-keiei-tanto"),
        at=day(7),
    )
    commands.extend(
        target_id=keiei.pk, due_on=LATER, reason="日程の範囲で", by=user(SECRETARIAT), at=day(8)
    )
    assert (current(keiei).due_on, current(keiei).wanted_on) == (LATER, None)
    draft(keiei, day(14))
    approve(keiei, day(14))
    send_on(keiei, day(14))
    assert (current(keiei).state, current(keiei).is_late) == (S.ANSWERED, True)

    # 総合政策課's own answer goes from its chief straight to the secretariat, which returns it.
    draft(sogo, day(7))
    approve(sogo, day(7))
    assert current(sogo).state in (S.ANSWERED, S.NOT_APPLICABLE)
    commands.return_answer(
        target_id=sogo.pk, reason="数値の確認", due_on=LATER, by=user(SECRETARIAT), at=day(8)
    )
    draft(sogo, day(9))
    approve(sogo, day(9))

    # Accepted one by one, nothing but what was changed reaches the draft, and the stage may end.
    accept(koho, day(15))
    with pytest.raises(Unmet):
        check_inquiry_done(inquiry.stage)
    for target in (keiei, sogo):
        accept(target, day(15))
    check_inquiry_done(inquiry.stage)
    after = content_of(inquiry.revision)
    changed = [
        (was["uid"], field)
        for was, now in zip(before["projects"], after["projects"], strict=True)
        for field in was
        if was[field] != now[field]
    ]
    assert changed == [("P06", "aims")]
    assert sheet_of(inquiry.revision, "P06")["aims"] == AIMS

    # Who did what, in order.
    told = AuditEntry.objects.filter(subject=koho.key).order_by("seq")
    assert [verb.removeprefix("inquiry.") for verb in told.values_list("verb", flat=True)] == [
        "delivered",
        "received",
        "sheet_answered",
        "answered_unchanged",
        "submitted",
        "approved",
        "handed_back",
        "answered_unchanged",
        "submitted",
        "approved",
        "compiled",
        "accepted",
    ]
