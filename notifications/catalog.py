"""Which words tell of what happened. A kind is the verb of the audit entry."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflow.deadline.era import era_date
from workflow.models import OutboxEvent


@dataclass(frozen=True)
class Words:
    """What happened, and what the reader is to do. Words may hold %(left)s."""

    happened: Any
    act: Any


READ = _("内容を確かめてください。")
SIGN = Words(_("決裁の順番が来ました"), _("原文を読み、承認か差戻しをしてください。"))
MEND = _("理由を読み、直してもう一度回すか、取り下げてください。")

DEFAULT = Words(_("お知らせがあります"), READ)

CATALOG: dict[str, Words] = {
    "deadline.reminded": Words(
        _("期限が近づいています（%(left)s）"), _("期限までに済ませてください。")
    ),
    "deadline.passed": Words(
        _("期限を過ぎています（%(left)s）"),
        _("すぐに済ませるか、間に合わないときは期限の延長を求めてください。"),
    ),
    "signoff.circulated": SIGN,
    "signoff.approved": SIGN,
    "signoff.pulled_back": Words(_("決裁が引き戻されました"), READ),
    "signoff.sent_back": Words(_("決裁が差し戻されました"), MEND),
    "signoff.rejected": Words(_("否決されました"), _("理由を確かめてください。")),
    "signoff.decided": Words(_("決裁が終わりました"), _("次に進めてください。")),
    "signoff.withdrawn": Words(_("起案が取り下げられました"), READ),
    "inquiry.issued": Words(_("庁内照会が届きました"), _("受け取り、期限までに回答してください。")),
    "inquiry.reminded": Words(
        _("照会への回答を待っています"), _("すぐに回答するか、期限の延長を求めてください。")
    ),
    "inquiry.sent_back": Words(
        _("回答の案が差し戻されました"), _("理由を読み、直してもう一度出してください。")
    ),
    "inquiry.received": Words(_("照会が受け取られました"), READ),
    "inquiry.submitted": Words(_("回答が課長の確認に回りました"), _("回答を確かめてください。")),
    "inquiry.answered": Words(
        _("照会に回答がありました"), _("回答を確かめ、受け入れるか返してください。")
    ),
    "inquiry.returned": Words(
        _("回答が差し戻されました"), _("理由を読み、直してもう一度出してください。")
    ),
    "inquiry.accepted": Words(_("回答が受け入れられました"), READ),
    "inquiry.waived": Words(_("回答が不要になりました"), READ),
    "inquiry.extended": Words(_("回答の期限が延びました"), _("新しい期限までに回答してください。")),
    "stage.added": Words(_("経路に段階が加わりました"), READ),
    "stage.opened": Words(_("段階が始まりました"), READ),
    "stage.concluded": Words(_("段階が終わりました"), _("次の段階に進めてください。")),
    "stage.sent_back": Words(
        _("段階が差し戻されました"), _("理由を読み、やり直しに備えてください。")
    ),
    "stage.skipped": Words(_("段階が省略されました"), READ),
    "stage.cancelled": Words(_("段階が中止されました"), READ),
    "meeting.convened": Words(_("会議が招集されました"), _("日時と議題を確かめてください。")),
    "meeting.closed": Words(_("会議が終わりました"), _("結果を確かめてください。")),
    "meeting.adjourned": Words(_("会議が流会になりました"), _("日程を改めてください。")),
    "meeting.cancelled": Words(_("会議が中止されました"), READ),
    "meeting.minutes_fixed": Words(_("議事録がまとまりました"), _("内容を確かめてください。")),
    "meeting.minutes_signed": Words(_("議事録の署名がそろいました"), READ),
    "meeting.minutes_returned": Words(
        _("議事録が差し戻されました"), _("直して、もう一度署名に回してください。")
    ),
    "meeting.minutes_edited": Words(
        _("議事録が修正され、署名が無効になりました"), _("もう一度署名に回してください。")
    ),
    "public_comment.announced": Words(_("パブリックコメントを予告しました"), READ),
    "public_comment.begun": Words(_("パブリックコメントの募集が始まりました"), READ),
    "public_comment.closed": Words(
        _("パブリックコメントを締め切りました"), _("意見ごとに市の考え方をまとめてください。")
    ),
    "public_comment.published": Words(_("パブリックコメントの結果を公表しました"), READ),
    "opinion.received": Words(_("意見が届きました"), _("対応区分と市の考え方をまとめてください。")),
    "opinion.assigned": Words(
        _("意見の担当になりました"), _("対応区分と市の考え方をまとめてください。")
    ),
    "opinion.sent_back": Words(
        _("意見への考え方が差し戻されました"), _("理由を読み、直してもう一度回してください。")
    ),
    "opinion.drafted": Words(_("意見への考え方の案ができました"), READ),
    "opinion.approved": Words(_("意見への考え方が承認されました"), READ),
    "plan.sheet_edited": Words(_("あなたの課のシートが修正されました"), READ),
    "plan.project_added": Words(_("あなたの課のシートが加わりました"), READ),
    "plan.project_discontinued": Words(_("あなたの課の事業が廃止されました"), READ),
    "revision.proposed": Words(_("伺いが立ちました"), READ),
    "revision.started": Words(_("改定が始まりました"), READ),
    "revision.withdrawn": Words(_("改定が取り下げられました"), READ),
    "revision.adopted": Words(_("計画が策定されました"), READ),
}

FACTS = {  # in the order in which they are told
    "section": _("課"),
    "stage": _("段階"),
    "body": _("会議体"),
    "name": _("個別事業"),
    "number": _("意見の番号"),
    "held_on": _("開催日"),
    "place": _("場所"),
    "first_on": _("募集の始まり"),
    "last_on": _("募集の終わり"),
    "due_on": _("期限"),
    "reason": _("理由"),
}


@dataclass(frozen=True)
class Notice:
    happened: str
    title: str
    act: str
    facts: list[tuple[str, str]]

    @property
    def subject(self) -> str:
        """One line, for a header or a list."""
        line = f"{self.happened}：{self.title}" if self.title else self.happened
        return " ".join(line.split())


def notice_of(event: OutboxEvent) -> Notice:
    words = CATALOG.get(event.kind, DEFAULT)
    return Notice(
        happened=str(words.happened) % {"left": left_words(event.facts.get("days_left", 0))},
        title=str(event.facts.get("title", "")),
        act=str(words.act),
        facts=list(_told(event.facts)),
    )


def left_words(days: int) -> str:
    """あと3開庁日; 0 is the day itself, less is late."""
    if days < 0:
        return gettext("%d開庁日超過") % -days
    return gettext("あと%d開庁日") % days if days else gettext("今日まで")


def _told(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, label in FACTS.items():
        if value := facts.get(key):
            yield (
                str(label),
                era_date(date.fromisoformat(value)) if key.endswith("_on") else str(value),
            )
