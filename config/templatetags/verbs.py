"""The office's word for every act in the audit trail, as a history shows it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from workflow.deadline.era import era_date

VERBS = {
    "deadline.closed_day_added": _("閉庁日を加えました"),
    "deadline.closed_day_removed": _("閉庁日を除きました"),
    "deadline.extended": _("期限を延ばしました"),
    "deadline.lifted": _("期限を外しました"),
    "deadline.met": _("期限までに済ませました"),
    "deadline.passed": _("期限を過ぎました"),
    "deadline.reminded": _("督促しました"),
    "deadline.set": _("期限を定めました"),
    "inquiry.accepted": _("回答を受け入れました"),
    "inquiry.answer_removed": _("事業の回答を取り消しました"),
    "inquiry.answered": _("回答しました"),
    "inquiry.answered_unchanged": _("残りを変更なしと回答しました"),
    "inquiry.closed": _("照会を締め切りました"),
    "inquiry.delivered": _("照会を届けました"),
    "inquiry.extended": _("回答の期限を延ばしました"),
    "inquiry.issued": _("照会しました"),
    "inquiry.prepared": _("照会を準備しました"),
    "inquiry.pulled_back": _("回答を引き戻しました"),
    "inquiry.received": _("照会を受け取りました"),
    "inquiry.remark_added": _("素案への意見を書きました"),
    "inquiry.remark_removed": _("素案への意見を取り消しました"),
    "inquiry.reminded": _("回答を督促しました"),
    "inquiry.returned": _("回答を差し戻しました"),
    "inquiry.sent_back": _("回答の案を差し戻しました"),
    "inquiry.sheet_answered": _("事業ごとの回答を書きました"),
    "inquiry.submitted": _("回答を課長の確認に回しました"),
    "inquiry.waived": _("回答を不要としました"),
    "meeting.adjourned": _("流会としました"),
    "meeting.attendance_set": _("出欠を記録しました"),
    "meeting.cancelled": _("会議を中止しました"),
    "meeting.closed": _("会議を終えました"),
    "meeting.convened": _("会議を招集しました"),
    "meeting.item_recorded": _("議題の結果を記録しました"),
    "meeting.minutes_edited": _("議事録を直しました"),
    "meeting.minutes_fixed": _("議事録をまとめました"),
    "meeting.minutes_returned": _("議事録を差し戻しました"),
    "meeting.minutes_signed": _("議事録に署名しました"),
    "meeting.planned": _("会議を予定しました"),
    "meeting.started": _("会議を始めました"),
    "opinion.approved": _("市の考え方を承認しました"),
    "opinion.assigned": _("意見の担当課を決めました"),
    "opinion.drafted": _("市の考え方を起案しました"),
    "opinion.linked": _("同じ趣旨の意見をまとめました"),
    "opinion.published": _("市の考え方を公表しました"),
    "opinion.received": _("意見を受け付けました"),
    "opinion.sent_back": _("市の考え方を差し戻しました"),
    "people.appointed": _("発令しました"),
    "people.appointment_ended": _("発令を終えました"),
    "people.created": _("利用者を登録しました"),
    "plan.draft_imported": _("計画を取り込みました"),
    "plan.heading_edited": _("見出しを直しました"),
    "plan.project_added": _("個別事業を加えました"),
    "plan.project_discontinued": _("個別事業を廃止しました"),
    "plan.sheet_edited": _("シートを直しました"),
    "public_comment.announced": _("意見公募を予告しました"),
    "public_comment.answering_started": _("対応のとりまとめを始めました"),
    "public_comment.begun": _("意見の募集を始めました"),
    "public_comment.closed": _("意見の募集を締め切りました"),
    "public_comment.prepared": _("意見公募を準備しました"),
    "public_comment.published": _("結果を公表しました"),
    "revision.adopted": _("策定しました"),
    "revision.proposed": _("伺いを立てました"),
    "revision.started": _("改定を始めました"),
    "revision.superseded": _("新しい計画に替わりました"),
    "revision.withdrawn": _("改定を取り下げました"),
    "signoff.approved": _("承認しました"),
    "signoff.circulated": _("回付しました"),
    "signoff.decided": _("決裁しました"),
    "signoff.pulled_back": _("引き戻しました"),
    "signoff.rejected": _("否決しました"),
    "signoff.sent_back": _("差し戻しました"),
    "signoff.withdrawn": _("取り下げました"),
    "stage.added": _("段階を加えました"),
    "stage.cancelled": _("段階を中止しました"),
    "stage.concluded": _("段階を終えました"),
    "stage.opened": _("段階を始めました"),
    "stage.planned": _("段階を予定しました"),
    "stage.sent_back": _("段階を差し戻しました"),
    "stage.skipped": _("段階を省略しました"),
}


FIELDS = {"meeting.minutes": "minutes_state"}
"""Verbs that move another field than the state of their subject."""


def change_of(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return before and after in the words of the state that an entry moved; None if it did not."""
    before, after = entry.get("before", ""), entry.get("after", "")
    if not before or not after or before == after:
        return None
    words = _words(entry["subject"], entry["verb"])
    return _told(before, words), _told(after, words)


def _told(value: str, words: Mapping[str, str]) -> str:
    """What was moved is a state, or a day."""
    if value in words:
        return words[value]
    try:
        return era_date(date.fromisoformat(value))
    except ValueError:
        return value


def _words(subject: str, verb: str) -> dict[str, str]:
    """Stages are moved on the record of their revision."""
    label = "workflow.stage" if verb.startswith("stage.") else subject.partition(":")[0]
    name = FIELDS.get(verb.partition("_")[0], "state")
    field = apps.get_model(label)._meta.get_field(name)
    return {key: str(word) for key, word in field.flatchoices}
