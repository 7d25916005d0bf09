"""What lies on the demo's desks besides: one of each thing that a decision can come to."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from revisions.demo.script import SECRETARY, propose, sign_all, stage_of, when, who
from revisions.inquiry import commands_answer as answers
from revisions.inquiry.models import InquiryTarget
from revisions.plan import commands as plans
from revisions.plan.models import Revision
from revisions.plan.queries import sheet_of
from workflow.authority.about import About
from workflow.authority.states import Disclosure, Retention
from workflow.deadline.commands_days import add_closed_days
from workflow.models import Post, Request, Step
from workflow.people.commands import appoint
from workflow.people.commands_absence import register_absence
from workflow.signoff import commands as signoff
from workflow.signoff import commands_aside as aside
from workflow.signoff.commands_record import back_enter, correct
from workflow.signoff.papers import PaperDecision

DIRECTOR, BESIDE, DEPUTY = "somu-bucho", "seisaku-bucho", "bunsho-kacho"
INFORMED = ["kurashi-bucho", "koho-kacho"]
CLASH = ("P14", "overview", "通室の状況を問わず、ICTの学習教材で学びを支え、学校とも共有します。")
"""What the secretariat wrote meanwhile: beside 教育研究所's answer it is for a person to decide."""
KEPT: dict[str, Any] = {"retention": Retention.TEN, "disclosure": Disclosure.OPEN}
SCAN = Path(__file__).parent / "paper.png"


def enter_a_paper(decided_on: date, entered_on: date) -> Request:
    """後日登録: what the vice-mayor decided while the system stood still."""
    paper = PaperDecision(
        decided_on=decided_on,
        decider=Post.objects.get(code="fuku-shicho-b"),
        name="田中",
        reason="機器の点検で、終日システムを使えなかったため。",
        scan=("起案用紙.png", SCAN.read_bytes()),
        line="総務部長　鈴木\n文書法制課長　佐藤\n情報システム課長　高橋",
        number="情シ第7号",
    )
    return back_enter(
        paper=paper,
        title="中間見直しの進め方について（伺い）",
        text="中間見直しを、別紙の日程案のとおり進める。",
        by=who(SECRETARY),
        at=when(entered_on),
        about=About(**KEPT),
    )


def sign_twice(revision: Revision, sent_on: date, signed_on: date) -> Request:
    """兼務: who holds two posts of a line signs both boxes at once. 供覧 follows the decision."""
    appoint(
        user_id=who(DIRECTOR).pk,
        post_id=Post.objects.get(code=BESIDE).pk,
        since=sent_on,
        until=signed_on + timedelta(days=1),
        is_concurrent=True,
        by=None,
        at=when(sent_on, 9),
    )
    request = propose(
        stage_of(revision, "庁内照会"),
        title="庁内照会の進め方について（伺い）",
        text="照会の対象と期限を、別紙のとおりとしてよいか伺います。",
        line=["joho-kacho", "bunsho-kacho+gyosei-keiei-kacho", BESIDE, DIRECTOR],
        informed=INFORMED,
        at=when(sent_on),
    )
    sign_all(request, when(signed_on), until=BESIDE)
    step = request.steps.get(post__code=BESIDE)
    signoff.approve(step_id=step.pk, by=who(DIRECTOR), at=when(signed_on, 11))
    told = request.steps.get(post__code=INFORMED[0])
    aside.read(step_id=told.pk, by=who(INFORMED[0]), at=when(signed_on, 13))
    return request


def correct_through_a_deputy(decided: Request, sent_on: date, signed_on: date) -> Request:
    """訂正, decided in the director's absence: 代決, and 後閲 that is still due."""
    register_absence(
        post_id=Post.objects.get(code=DIRECTOR).pk,
        since=signed_on,
        until=signed_on,
        reason="研修",
        by=who(DIRECTOR),
        at=when(sent_on, 9),
    )
    correction = correct(
        request_id=decided.pk,
        text="照会の対象と期限を、別紙（差替え後）のとおりとしてよいか伺います。",
        reason="別紙の期限が閉庁日に当たっていたため。",
        by=who(SECRETARY),
        at=when(sent_on),
        **KEPT,
    )
    sign_all(correction, when(sent_on, 15), until=BESIDE)
    step = correction.steps.get(post__code=BESIDE)
    signoff.approve(step_id=step.pk, by=who(BESIDE), at=when(sent_on, 16))
    step = correction.steps.get(post__code=DIRECTOR)
    signoff.approve(step_id=step.pk, by=who(DEPUTY), at=when(signed_on))
    return correction


def word_otherwise(revision: Revision, day: date) -> None:
    uid, field, text = CLASH
    plans.edit_sheet(
        revision_id=revision.pk,
        uid=uid,
        sheet={**sheet_of(revision, uid), field: text},
        reason="学校との連携を書き加えるため。",
        by=who(SECRETARY),
        at=when(day, 16),
    )


def send_back_an_answer(target: InquiryTarget, day: date) -> None:
    staff = who(f"{target.section.code}-tanto")
    answers.answer_all_unchanged(target_id=target.pk, by=staff, at=when(day))
    answer = answers.submit(target_id=target.pk, by=staff, at=when(day, 11))
    signoff.send_back(
        step_id=_turn(answer.request).pk,
        by=who(f"{target.section.code}-kacho"),
        at=when(day, 14),
        reason="令和8年度の予定を、予算の要求と合わせてください。",
    )


def hold_an_answer(target: InquiryTarget, day: date) -> None:
    """保留 by the chief whose turn it is."""
    aside.hold(
        step_id=_turn(InquiryTarget.objects.get(pk=target.pk).request).pk,
        by=who(f"{target.section.code}-kacho"),
        at=when(day),
        reason="研修の実績を、担当に確かめています。",
    )


def _turn(request: Request | None) -> Step:
    return Step.objects.get(request=request, state="active")


def open_on_a_saturday(before: date, at: datetime) -> None:
    """休日開庁: the last Saturday of the fiscal year, when many move."""
    day = before - timedelta(days=(before.weekday() - 5) % 7 or 7)
    add_closed_days(
        first=day, name="転入・転出のための休日開庁", is_open=True, by=who(SECRETARY), at=at
    )
