"""いつ: what must be so between sections, and that every tier of an inquiry has its time."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from revisions.inquiry.duties import other_leads
from revisions.inquiry.gates import page
from revisions.inquiry.models import Inquiry, InquiryTarget, SheetAnswer
from revisions.inquiry.models_between import Consent
from revisions.inquiry.queries import Sheets, missing_consents
from revisions.inquiry.queries_tiers import days_of
from revisions.inquiry.states import WAITING, WRITING, AnswerKind, Tier
from revisions.inquiry.tiers import Tiers
from revisions.plan.content import numbers
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.days import day_words
from workflow.deadline.queries import calendar
from workflow.errors import Invalid, Missing, Unmet
from workflow.people.models import Section


def check_time(tiers: Inquiry | Tiers, due_on: date, at: datetime) -> None:
    """Refuse a due day before which not every tier has its days, with the days that it gives."""
    days = days_of(tiers, due_on, calendar(), compiled=tiers.through_coordinating)
    if days[Tier.DRAFT] < in_tokyo(at):
        told = {"days": in_words(days)}
        short = _("期限までの日数が足りません。逆算すると、%(days)sとなります。") % told
        raise Invalid(short, field="due_on")


def check_still_time(inquiry: Inquiry, at: datetime) -> None:
    try:
        check_time(inquiry, inquiry.due_on, at)
    except Invalid as short:
        mend = Missing(_("期限か各層の日数を改める"), f"/stages/{inquiry.stage_id}/inquiry/")
        raise Unmet(str(short), [mend]) from short


def in_words(days: Mapping[Tier, date]) -> str:
    """Return 課の案は令和8年12月1日(火)、課長の確認は…"""
    told = [{"tier": tier.label, "day": day_words(day)} for tier, day in days.items()]
    return "、".join(_("%(tier)sは%(day)s") % one for one in told)


def check_wanted(target: InquiryTarget, until: date) -> None:
    if target.wanted_on is not None:
        raise Unmet(_("期限の延長は、すでに申し出ています。事務局の返事を待ってください。"))
    if until <= target.due_on:
        raise Invalid(_("いまの期限より後の日にしてください。"), field="due_on")


def check_other_day(target: InquiryTarget, due_on: date, reason: str, *, recounted: bool) -> None:
    """Less time than a section asked for, or than it had, is given with a reason.

    recounted  the calendar has changed: by the same day it would now go on on another
    """
    if due_on == target.due_on and not recounted:
        raise Invalid(_("いまの期限と同じ日です。"), field="due_on")
    if target.wanted_on and due_on < target.due_on:
        raise Invalid(
            _(
                "課が延長を申し出ています。いまの期限より後の日にするか、延長しないと返事をしてください。"
            ),
            field="due_on",
        )
    if due_on < (target.wanted_on or target.due_on) and not reason.strip():
        told = {"day": day_words(target.wanted_on or target.due_on)}
        asked = _("課が申し出た%(day)sより早い日にするときは、理由を入力してください。")
        had = _("いまの期限の%(day)sより早い日にするときは、理由を入力してください。")
        raise Invalid((asked if target.wanted_on else had) % told, field="reason")


def check_is_wanted(target: InquiryTarget) -> None:
    if target.wanted_on is None:
        raise Unmet(_("この課は、期限の延長を申し出ていません。"))


def check_forwardable(
    target: InquiryTarget, sheets: Sheets, uid: str, section: Section | None
) -> Section:
    """A section passes on a sheet of its own, to another section, once at a time."""
    if sheets.own_sheet(uid) is None:
        raise Invalid(_("この課が回答する個別事業ではありません。"), field="uid")
    if section is None or section.pk == target.section_id:
        raise Invalid(_("ほかの課を選んでください。"), field="section")
    if uid in sheets.forwards:
        raise Unmet(_("この個別事業は、すでに転送を申し出ています。"))
    return section


def unreplied(sheets: Sheets) -> list[Missing]:
    """Return where another section has not said whether it answers for a sheet."""
    places = numbers(sheets.content)
    told = _("%(number)s：%(section)sの返事を待つか、転送を取り下げる")
    return [
        Missing(
            told % {"number": places.get(uid, ""), "section": row.section.name},
            f"/forwards/{row.pk}/",
        )
        for uid, row in sheets.forwards.items()
    ]


def check_can_take_in(into: InquiryTarget) -> None:
    """A section whose own answer has gone up takes no further sheet in."""
    if into.state not in (*WAITING, *WRITING):
        told = {"section": into.section.name, "state": into.get_state_display()}
        refused = _("%(section)sの回答は「%(state)s」です。差し戻してから引き受けてください。")
        raise Unmet(refused % told, [Missing(_("回答を開く"), page(into))])


def disagreed(target: InquiryTarget, sheets: Sheets) -> list[Missing]:
    """Return who leads a sheet too (共管) and does not consent, each with what it said."""
    given, code = sheets.answers.values(), target.section.code
    if not any(other_leads(code, answer.before, answer.proposed) for answer in given):
        return []
    return [_disagreed(target, sheets, row) for row in missing_consents(target)]


def _disagreed(target: InquiryTarget, sheets: Sheets, row: Consent) -> Missing:
    told = {
        "number": numbers(sheets.content).get(row.answer.uid, row.answer.place),
        "section": row.target.section.name,
        "reason": row.reason,
    }
    said = _("%(number)s：%(section)sの同意を得る（異議：%(reason)s）")
    silent = _("%(number)s：%(section)sの同意を得る")
    return Missing(
        (silent if row.agrees is None else said) % told,
        page(target, f"sheets/{row.answer.uid}/"),
    )


def check_mendable(answer: SheetAnswer) -> None:
    if answer.kind == AnswerKind.DISCONTINUE:
        raise Invalid(_("廃止の回答は直せません。差し戻してください。"))
