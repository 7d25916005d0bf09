"""いつ: what must be so before an inquiry goes out, an answer goes up, a stage ends."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from revisions.inquiry.duties import Sheet, programs
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.models_questions import Question
from revisions.inquiry.queries import Sheets
from revisions.inquiry.questions import faults
from revisions.inquiry.states import DONE, AnswerKind, InquiryKind, InquiryState
from revisions.plan.gates import check_changed, check_reason, check_sheet
from revisions.plan.states import DropReason
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.days import day_words
from workflow.deadline.queries import calendar
from workflow.errors import Invalid, Missing, Unmet
from workflow.path.models import Stage
from workflow.path.states import ENDED, StageKind, StageState
from workflow.people.models import Section

LONGEST = timedelta(days=2 * 366)
"""From today to a due day: more is a slip of the pen."""


def page(target: InquiryTarget, part: str = "") -> str:
    return f"/answers/{target.pk}/{part}"


def check_stage_asks(stage: Stage) -> None:
    if stage.kind != StageKind.INQUIRY:
        raise Invalid(_("照会を行う段階ではありません。"))
    if stage.state in ENDED:
        raise Unmet(_("この段階は終わっているため、照会を準備できません。"))


def check_stage_open(stage: Stage) -> None:
    if stage.state != StageState.OPEN:
        what = _("「%s」を始める") % stage.name
        raise Unmet(_("段階が進行中ではありません。"), [Missing(what, f"/stages/{stage.pk}/")])


def check_running(target: InquiryTarget) -> None:
    if target.inquiry.state != InquiryState.ISSUED:
        raise Unmet(_("この照会は締め切られています。"))


def check_words(*, kind: str, title: str) -> None:
    if kind not in InquiryKind.values:
        raise Invalid(_("照会の種類を選んでください。"), field="kind")
    if not 0 < len(title.strip()) <= 200:
        raise Invalid(_("件名を200字までで入力してください。"), field="title")


def check_due(
    due_on: date, at: datetime, *, accept_closed_day: bool, days: Calendar | None = None
) -> None:
    """A due date is ahead, and on an open day unless it is meant to be on a closed one.

    days  the city's calendar, where many are checked
    """
    today = in_tokyo(at)
    if due_on < today:
        raise Invalid(_("期限は、今日以後の日にしてください。"), field="due_on")
    if due_on - today > LONGEST:
        raise Invalid(_("2年より先の日です。年を確かめてください。"), field="due_on")
    days = days or calendar()
    if days.is_closed(due_on) and not accept_closed_day:
        told = {"day": day_words(due_on), "before": day_words(days.previous_working_day(due_on))}
        raise Invalid(
            _("%(day)sは閉庁日です。直前の開庁日は%(before)sです。") % told, field="due_on"
        )


def check_addressees(sections: Collection[Section], asked: Collection[int]) -> None:
    if not asked or len(sections) != len(set(asked)):
        raise Invalid(_("照会先の課を選んでください。"), field="sections")


def check_kind(target: InquiryTarget, kind: InquiryKind) -> None:
    if target.inquiry.kind != kind:
        told = {"kind": target.inquiry.get_kind_display()}
        raise Invalid(_("この照会は「%(kind)s」です。") % told)


def check_answer(
    target: InquiryTarget, sheets: Sheets, *, uid: str, kind: str, sheet: Sheet, place: str
) -> None:
    """An answer is about one of the section's own sheets, or about a new one."""
    if kind not in AnswerKind.values:
        raise Invalid(_("回答の種類を選んでください。"), field="kind")
    plan = target.revision.plan
    if kind == AnswerKind.ADD:
        if place not in programs(sheets.content):
            raise Invalid(_("掲載する事業推進計画を選んでください。"), field="place")
        if uid and uid not in (added.uid for added in sheets.added):
            raise Invalid(_("この課が新たに掲載する個別事業ではありません。"), field="uid")
        check_sheet(plan, sheet | {"uid": "new"})
        return
    before = sheets.own_sheet(uid)
    if before is None:
        raise Invalid(_("この課が回答する個別事業ではありません。"), field="uid")
    if kind == AnswerKind.EDIT:
        check_sheet(plan, sheet)
        check_changed(before, sheet)


def check_why(kind: str, reason: str, dropped_as: str) -> None:
    """Who discontinues says by which class of reason; nobody else does."""
    if (kind == AnswerKind.DISCONTINUE) != (dropped_as in DropReason.values):
        raise Invalid(_("理由の区分を選んでください。"), field="dropped_as")
    if kind != AnswerKind.UNCHANGED:
        check_reason(reason)


def check_remark(target: InquiryTarget, text: str, project_uid: str, sheets: Sheets) -> None:
    """A remark is about a project of the plan or all of it; among projects, about another's."""
    if not text.strip():
        raise Invalid(_("意見を入力してください。"), field="text")
    whole = not project_uid and target.inquiry.kind == InquiryKind.OPINIONS
    if not whole and project_uid not in sheets.remarkable:
        raise Invalid(_("個別事業を一覧から選んでください。"), field="project_uid")


def check_questions(questions: Sequence[Question]) -> None:
    """Refuse a list of questions with the first thing wrong in it, naming the field."""
    for question, field, why in faults(questions):
        raise Invalid(
            _("「%(question)s」：%(why)s") % {"question": question.label, "why": _(why)},
            field=field,
        )


def check_inquiry_done(stage: Stage) -> None:
    """Refuse until every addressee's answer is accepted or waived.

    raises  Unmet, with everything that is missing
    """
    if missing := missing_for_inquiry(stage):
        raise Unmet(_("「%s」を終えるには、先に済ませることがあります。") % stage.name, missing)


def missing_for_inquiry(stage: Stage) -> list[Missing]:
    inquiry = Inquiry.objects.filter(stage=stage).first()
    if inquiry is None:
        return [Missing(_("照会を準備して発出する"), f"/stages/{stage.pk}/inquiry/")]
    if inquiry.state == InquiryState.PREPARING:
        return [Missing(_("「%s」を発出する") % inquiry.title, f"/inquiries/{inquiry.pk}/")]
    left = inquiry.targets.exclude(state__in=DONE).select_related("section")
    return [_awaited(target) for target in left]


def _awaited(target: InquiryTarget) -> Missing:
    told = {"section": target.section.name, "state": target.get_state_display()}
    return Missing(_("%(section)sの回答を受理する（今は%(state)s）") % told, page(target))
