"""A mid-term review under way, laid out from today."""

from dataclasses import dataclass
from datetime import date, timedelta

from revisions.cycle import commands as cycle
from revisions.demo import desk
from revisions.demo.answers import ask
from revisions.demo.questions import answer_more, ask_more
from revisions.demo.script import (
    SECRETARY,
    call_meeting,
    hold,
    lay_out,
    propose,
    sign_all,
    stage_of,
    when,
    who,
)
from revisions.inquiry import commands as inquiries
from revisions.inquiry import commands_answer as answers
from revisions.inquiry import commands_extension as extension
from revisions.inquiry import commands_forward as forwards
from revisions.inquiry import commands_joint as joint
from revisions.inquiry import commands_tiers as tiers
from revisions.inquiry.commands_accept import accept
from revisions.inquiry.commands_board import mark_seen
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.queries import missing_consents
from revisions.inquiry.states import EXTENDABLE
from revisions.inquiry.tiers import Tiers
from revisions.plan.models import Plan, Revision
from revisions.plan.queries import sheet_of
from revisions.public_comment import commands as comments
from workflow.audit.models import AuditEntry
from workflow.deadline.calendar import Calendar
from workflow.deadline.era import era_month
from workflow.deadline.queries import calendar
from workflow.models import Post
from workflow.path.states import Outcome, Precision
from workflow.people.commands_absence import register_absence
from workflow.transfer import commands as transfers
from workflow.transfer.gates import Move

TITLE = "はだのICT活用推進計画の中間見直し"

ACCEPTED = ["sogo-seisaku", "bunsho", "zaisan", "koseki", "korei", "kenko", "toshokan", "nogyo"]
ANSWERED = ["kyoiku-ken", "kokuho", "kaihatsu"]
COMPILING = ["hoiku", "gakko"]
"""Approved by their chiefs; the coordinating sections have not sent them on yet."""
NOT_APPLICABLE = ["bunka", "sangyo"]
IN_REVIEW = ["jinji", "shido", "kenchiku"]
RETURNED = ["giji"]
RECEIVED = ["joho", "shimin", "kodomo"]
WAIVED = ["kyoiku-somu"]
ASKS_FOR_TIME = "kodomo"
FORWARDS = ("joho", "P12", "bosai")
"""A sheet that the first section says is the second's."""
SENT_BACK, HELD = RECEIVED[1], IN_REVIEW[0]
"""By their chief, on the way to the secretariat."""
CIO = "fuku-shicho-a"
MOVES = {
    CIO: "fuku-shicho-b",
    "fuku-shicho-b": CIO,
    "kenchiku-kacho": "somu-bucho",
    "somu-bucho": "seisaku-bucho",
    "seisaku-bucho": "kaikei",
    "joho-tanto": "koho-tanto",
    "zaisan-kacho": "joho-kacho",
    "joho-kacho": "bosai-kacho",
}
"""Who gets which post on 1 April."""
BESIDE = ["zaisan-kacho"]
OVERDUE = "bosai"
"""Everybody else, 広報広聴課 among them, has not taken it yet."""

EDITS = {
    "toshokan": (
        "P04",
        "aims",
        "図書館システムの更新に合わせ、利用者の声を聴いて導入の可否を決めます。",
    ),
    "hoiku": (
        "P18",
        "aims",
        "全園で使い続けながら、職員の負担と電話代を減らし、保護者にも便利にします。",
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
    desk.enter_a_paper(days.ago(38), days.ago(36))
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
    _announce_an_absence(days)
    _prepare_a_transfer(days)
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
    rows = [
        ("第1回本部会", days.ago(25), days.ago(25), Precision.DAY),
        ("庁内照会", days.ago(12), days.ago(1), Precision.DAY),
        ("幹事会", days.ahead(5), days.ahead(5), Precision.DAY),
        ("第2回本部会", days.ahead(15), days.ahead(15), Precision.DAY),
        ("情報化推進委員会", days.ahead(28), days.ahead(28), Precision.DAY),
        ("パブリックコメント", first, last, Precision.DAY),
        ("第3回本部会", days.ahead(90), days.ahead(90), Precision.DAY),
        ("策定", ends, ends, Precision.MONTH),
    ]
    lay_out(revision, rows, when(days.ago(45), 11))


def _inquire(revision: Revision, days: Days) -> None:
    """An inquiry due yesterday: most have answered, some were given more time, one is late."""
    inquiry = ask(
        stage_of(revision, "庁内照会"),
        kind="projects",
        title="中間見直しに伴う個別事業の確認について（照会）",
        issued_on=days.ago(12),
        due_on=days.ago(1),
        tiers=Tiers(through_coordinating=True, chief_days=1, compiling_days=1),
        more=ask_more,
    )
    targets = {
        target.section.code: target
        for target in InquiryTarget.objects.filter(inquiry=inquiry).select_related(
            "section", "inquiry", "coordinator"
        )
    }
    decided = desk.sign_twice(revision, days.ago(11), days.ago(10))
    desk.correct_through_a_deputy(decided, days.ago(9), days.ago(8))
    arrived = [*ACCEPTED, *ANSWERED, *NOT_APPLICABLE, *RETURNED]
    for code in [*arrived, *COMPILING, *IN_REVIEW, *RECEIVED]:
        _take(targets[code], code, days)
    for code in ACCEPTED:
        _submit(revision, targets[code], code, days, approved=True)
    _look_at_the_board(inquiry, days)
    for code in [*ANSWERED, *NOT_APPLICABLE, *RETURNED, *COMPILING, *IN_REVIEW]:
        _submit(revision, targets[code], code, days, approved=code not in IN_REVIEW)
    desk.word_otherwise(revision, days.ago(3))
    for code in arrived:
        _compile(targets[code], days)
    for code in ACCEPTED:
        accept(target_id=targets[code].pk, by=who(SECRETARY), at=when(days.ago(2)))
    desk.send_back_an_answer(targets[SENT_BACK], days.ago(4))
    desk.hold_an_answer(targets[HELD], days.ago(3))
    _return_and_waive(targets, days)
    _give_more_time(inquiry, days)
    _ask_and_forward(targets, days)


def _look_at_the_board(inquiry: Inquiry, days: Days) -> None:
    """What happens to an answer from here on is news to the secretary."""
    upto = AuditEntry.objects.latest("pk").pk
    mark_seen(inquiry_id=inquiry.pk, upto=upto, by=who(SECRETARY), at=when(days.ago(4), 12))


def _take(target: InquiryTarget, code: str, days: Days) -> None:
    answers.receive(target_id=target.pk, by=who(f"{code}-tanto"), at=when(days.ago(8)))
    answer_more(target, code, when(days.ago(6)))


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
    for consent in missing_consents(target):
        lead = who(f"{consent.target.section.code}-tanto")
        joint.agree(consent_id=consent.pk, by=lead, at=when(days.ago(5), 14))
    sent = answers.submit(target_id=target.pk, by=staff, at=when(days.ago(5), 15))
    if approved:
        sign_all(sent.request, when(days.ago(4)))


def _compile(target: InquiryTarget, days: Days) -> None:
    """Where there is a coordinating section, it sends the answer on."""
    if target.coordinator:
        by = who(f"{target.coordinator.code}-tanto")
        tiers.compile_answer(target_id=target.pk, by=by, at=when(days.ago(3), 16))


def _ask_and_forward(targets: dict[str, InquiryTarget], days: Days) -> None:
    """A section asks for more time than it was given; another passes on a sheet."""
    asking = targets[ASKS_FOR_TIME]
    extension.ask_extension(
        target_id=asking.pk,
        due_on=days.ahead(7),
        reason="こども家庭センターの開設の準備と重なり、実績の集計が間に合わないため。",
        by=who(f"{ASKS_FOR_TIME}-tanto"),
        at=when(days.ago(1), 11),
    )
    code, uid, other = FORWARDS
    forwards.forward(
        target_id=targets[code].pk,
        uid=uid,
        section_id=targets[other].section_id,
        reason="災害時の開放を含むため、避難所を所管する防災課が回答すべき事業です。",
        by=who(f"{code}-tanto"),
        at=when(days.ago(1), 13),
    )


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
    waiting = InquiryTarget.objects.filter(inquiry=inquiry, state__in=EXTENDABLE)
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
        text="照会の回答状況を踏まえ、予定のとおり幹事会に付議してよいか伺います。"
        "あわせて、素案の資料の作成を委託します（8,000,000円）。",
        amount=8_000_000,
        line=["joho-kacho", "bunsho-kacho+zaisan-kacho", "somu-bucho", CIO],
        at=when(days.ago(3)),
    )
    sign_all(request, when(days.ago(2), 11), until=CIO)


def _announce_an_absence(days: Days) -> None:
    register_absence(
        post_id=Post.objects.get(code=CIO).pk,
        since=days.ahead(4),
        until=days.ahead(6),
        reason="出張（自治体DX推進の研究会）",
        by=who(CIO),
        at=when(days.ago(1)),
    )


def _prepare_a_transfer(days: Days) -> None:
    """The next 1 April's, with a week to hand over, a post held beside and one left empty; the city
    opens on the Saturday before."""
    day = date(days.today.year + ((days.today.month, days.today.day) >= (4, 1)), 4, 1)
    by, at = who("jinji-tanto"), when(days.ago(1), 16)
    title = f"{era_month(day)}定期異動"
    transfer = transfers.prepare(title=title, effective_on=day, by=by, at=at)
    kept = calendar().working_day_after(day, 5)
    ids = {code: Post.objects.get(code=code).pk for code in MOVES.values()}
    moves = [
        Move(
            who(name).pk,
            ids[code],
            is_concurrent=name in BESIDE,
            keep_until=None if name in BESIDE else kept,
        )
        for name, code in MOVES.items()
    ]
    transfers.add_lines(transfer_id=transfer.pk, moves=moves, by=by, at=at)
    desk.open_on_a_saturday(day, at)
