"""A mid-term review under way, laid out from today."""

from dataclasses import dataclass
from datetime import date, timedelta

from revisions.cycle import commands as cycle
from revisions.demo.answers import ask
from revisions.demo.script import (
    SECRETARY,
    call_meeting,
    hold,
    propose,
    sign_all,
    stage_of,
    when,
    who,
)
from revisions.inquiry import commands as inquiries
from revisions.inquiry import commands_answer as answers
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.plan.models import Plan, Revision
from revisions.plan.queries import sheet_of
from revisions.public_comment import commands as comments
from workflow.deadline.calendar import Calendar
from workflow.deadline.queries import calendar
from workflow.path.states import Outcome, Precision

TITLE = "はだのICT活用推進計画の中間見直し"

ACCEPTED = ["sogo-seisaku", "bunsho", "zaisan", "koseki", "korei", "kenko", "toshokan", "nogyo"]
ANSWERED = ["kyoiku-ken", "kokuho", "kaihatsu"]
NOT_APPLICABLE = ["bunka", "sangyo"]
IN_REVIEW = ["jinji", "hoiku", "kenchiku"]
RETURNED = ["giji"]
RECEIVED = ["joho", "shimin", "kodomo"]
WAIVED = ["kyoiku-somu"]
OVERDUE = "bosai"
"""Everybody else, 広報広聴課 among them, has not taken it yet."""

EDITS = {
    "toshokan": (
        "P04",
        "aims",
        "図書館システムの更新に合わせ、利用者の声を聴いて導入の可否を決めます。",
    ),
    "kyoiku-ken": (
        "P14",
        "overview",
        "通室の有無にかかわらず、ICTの学習教材で学びの機会を支えます。",
    ),
}


@dataclass(frozen=True)
class Days:
    """The review's days, in working days from today."""

    today: date
    calendar: Calendar

    def ago(self, count: int) -> date:
        return self.calendar.working_day_before(self.today, count)

    def ahead(self, count: int) -> date:
        return self.calendar.working_day_after(self.today, count)

    @property
    def comment(self) -> tuple[date, date]:
        first = self.ahead(45)
        return first, first + timedelta(days=29)


def start_review(plan: Plan, today: date) -> Revision:
    days, by = Days(today, calendar()), who(SECRETARY)
    revision = cycle.start_revision(
        plan_id=plan.pk,
        kind="midterm_review",
        route="midterm_review",
        title=TITLE,
        starts_on=days.ago(40),
        by=by,
        at=when(days.ago(45)),
    )
    _lay_out(revision, days)
    hold(
        stage_of(revision, "第1回本部会"),
        days.ago(25),
        agenda="中間見直しの方針について",
        called_on=days.ago(30),
        outcome=Outcome.AGREED,
        minutes_text="見直しの範囲と日程を協議し、事務局の案のとおり進めることとした。",
    )
    _inquire(revision, days)
    call_meeting(
        stage_of(revision, "幹事会"),
        days.ahead(5),
        agenda="照会の結果と見直しの素案について",
        place="本庁舎 議会第2会議室",
        called_on=days.ago(2),
        hour=14,
    )
    _wait_for_the_cio(revision, days)
    first, last = days.comment
    comments.prepare_comment(
        stage_id=stage_of(revision, "パブリックコメント").pk,
        title="はだのICT活用推進計画の中間見直し（案）への意見を募集します",
        text="見直し案を公表し、皆さんの意見を募集します。",
        first_on=first,
        last_on=last,
        by=by,
        at=when(days.ago(2)),
    )
    return revision


def _lay_out(revision: Revision, days: Days) -> None:
    first, last = days.comment
    ends = days.ahead(110)
    for name, start, end, precision in [
        ("第1回本部会", days.ago(25), days.ago(25), Precision.DAY),
        ("庁内照会", days.ago(12), days.ago(1), Precision.DAY),
        ("幹事会", days.ahead(5), days.ahead(5), Precision.DAY),
        ("第2回本部会", days.ahead(15), days.ahead(15), Precision.DAY),
        ("情報化推進委員会", days.ahead(28), days.ahead(28), Precision.DAY),
        ("パブリックコメント", first, last, Precision.DAY),
        ("第3回本部会", days.ahead(90), days.ahead(90), Precision.DAY),
        ("策定", ends, ends, Precision.MONTH),
    ]:
        cycle.plan_stage(
            stage_id=stage_of(revision, name).pk,
            planned_from=start,
            planned_until=end,
            precision=precision,
            by=who(SECRETARY),
            at=when(days.ago(45), 11),
        )


def _inquire(revision: Revision, days: Days) -> None:
    """An inquiry due yesterday: most have answered, some were given more time, one is late."""
    inquiry = ask(
        stage_of(revision, "庁内照会"),
        kind="projects",
        title="中間見直しに伴う個別事業の確認について（照会）",
        issued_on=days.ago(12),
        due_on=days.ago(1),
    )
    targets = {
        target.section.code: target
        for target in InquiryTarget.objects.filter(inquiry=inquiry).select_related("section")
    }
    for code in [*ACCEPTED, *ANSWERED, *NOT_APPLICABLE, *IN_REVIEW, *RETURNED, *RECEIVED]:
        _take(targets[code], code, days)
    for code in [*ACCEPTED, *ANSWERED, *NOT_APPLICABLE, *IN_REVIEW, *RETURNED]:
        _submit(revision, targets[code], code, days, approved=code not in IN_REVIEW)
    for code in ACCEPTED:
        inquiries.accept(target_id=targets[code].pk, by=who(SECRETARY), at=when(days.ago(2)))
    _return_and_waive(targets, days)
    _give_more_time(inquiry, days)


def _take(target: InquiryTarget, code: str, days: Days) -> None:
    answers.receive(target_id=target.pk, by=who(f"{code}-tanto"), at=when(days.ago(8)))


def _submit(
    revision: Revision, target: InquiryTarget, code: str, days: Days, *, approved: bool
) -> None:
    staff = who(f"{code}-tanto")
    answers.answer_all_unchanged(target_id=target.pk, by=staff, at=when(days.ago(5)))
    if code in EDITS:
        uid, field, text = EDITS[code]
        answers.answer_sheet(
            target_id=target.pk,
            uid=uid,
            kind="edit",
            sheet={**sheet_of(revision, uid), field: text},
            reason="取組の現状に合わせるため。",
            by=staff,
            at=when(days.ago(5), 11),
        )
    sent = answers.submit(target_id=target.pk, by=staff, at=when(days.ago(5), 15))
    if approved:
        sign_all(sent.request, when(days.ago(4)))


def _return_and_waive(targets: dict[str, InquiryTarget], days: Days) -> None:
    by = who(SECRETARY)
    for code in RETURNED:
        inquiries.return_answer(
            target_id=targets[code].pk,
            reason="評価指標の令和7年度の値を、議会局と確かめてください。",
            by=by,
            at=when(days.ago(2)),
        )
    for code in WAIVED:
        inquiries.waive(
            target_id=targets[code].pk,
            reason="学校教育課がまとめて回答するため。",
            by=by,
            at=when(days.ago(3)),
        )


def _give_more_time(inquiry: Inquiry, days: Days) -> None:
    waiting = InquiryTarget.objects.filter(
        inquiry=inquiry, state__in=["pending_receipt", "received", "returned", "in_review"]
    )
    for target in waiting.exclude(section__code=OVERDUE):
        inquiries.extend(
            target_id=target.pk,
            due_on=days.ahead(4),
            reason="決算の事務と重なるため。",
            by=who(SECRETARY),
            at=when(days.ago(2), 13),
        )


def _wait_for_the_cio(revision: Revision, days: Days) -> None:
    request = propose(
        stage_of(revision, "庁内照会"),
        title="中間見直しの日程と幹事会への付議について（伺い）",
        text="照会の回答状況を踏まえ、予定のとおり幹事会に付議してよいか伺います。",
        line=["joho-kacho", "somu-bucho", "fuku-shicho-a"],
        at=when(days.ago(3)),
    )
    sign_all(request, when(days.ago(2), 11), until="fuku-shicho-a")
