"""Which words tell of what happened. A kind is the verb of the audit entry."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notifications.facts import title_label, told
from notifications.turns import SIGN, Words, turn_of
from workflow.deadline.registry import kind_of
from workflow.models import OutboxEvent

READ = _("内容を確かめてください。")
LATE = _("すぐに済ませてください。間に合わないときは、延長を求めるか、事務局に相談してください。")
VACANT = _("担当が欠員です。代わりに対応する人を決めてください。")
MEND = _("理由を読み、直してもう一度回すか、取り下げてください。")

GONE_TO: dict[str, Any] = {
    "chief": _("課長は、回答を確かめ、承認か差戻しをしてください。"),
    "compiling": _("庶務担当課は、回答を確かめ、事務局へ回すか差し戻してください。"),
}
"""What is to be done of an answer that has gone on from its section, by whom it lies with."""
WHEREVER_IT_LIES = ("inquiry.reminded", "inquiry.extended")

DEFAULT = Words(_("お知らせがあります"), READ)

CATALOG: dict[str, Words] = {
    "deadline.reminded": Words(
        _("期限が近づいています（%(left)s）"), _("期限までに済ませてください。")
    ),
    "deadline.passed": Words(
        _("期限を過ぎています（%(left)s）"),
        LATE,
    ),
    "deadline.brought_forward": Words(
        _("期限が早まりました"), _("理由を読み、新しい期限までに済ませてください。")
    ),
    "deadline.put_off": Words(
        _("期限が後の日に移りました"),
        _("理由を読み、新しい期限までに済ませてください。"),
    ),
    "deadline.urged": Words(
        _("期限を過ぎたままです（%(left)s）"),
        LATE,
    ),
    "deadline.unreceived": Words(
        _("まだ受け取られていません（%(left)s）"), _("内容を確かめ、受け取ってください。")
    ),
    "deadline.escalated": Words(
        _("対応が済んでいない期限があります（%(left)s）"), _("担当に対応を促してください。")
    ),
    "signoff.circulated": SIGN,
    "signoff.approved": SIGN,
    "signoff.pulled_back": Words(_("決裁が引き戻されました"), READ),
    "signoff.sent_back": Words(_("決裁が差し戻されました"), MEND),
    "signoff.rejected": Words(_("否決されました"), _("理由を確かめてください。")),
    "signoff.corrected": Words(_("決裁済のものの訂正が起案されました"), READ),
    "signoff.back_entered": Words(_("紙の決裁が登録されました"), READ),
    "signoff.decided": Words(
        _("決裁が終わりました"), _("決裁の内容を確かめ、次に進めてください。")
    ),
    "signoff.withdrawn": Words(_("起案が取り下げられました"), READ),
    "signoff.concurred": SIGN,
    "signoff.dissented": Words(
        _("合議で同意が得られませんでした"),
        _("理由を読んでください。回議は、決裁者の判断まで進みます。"),
    ),
    "signoff.held": Words(_("決裁が保留されました"), _("理由を確かめてください。")),
    "signoff.resumed": Words(_("決裁の保留が解かれました"), READ),
    "signoff.pulled_up": SIGN,
    "signoff.post_reviewed": Words(_("後閲が済みました"), READ),
    "signoff.commented": Words(_("決裁に意見が書かれました"), _("意見を読んでください。")),
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
    "inquiry.approved": Words(
        _("課の回答が庶務担当課に届きました"), _("回答を確かめ、事務局へ回すか差し戻してください。")
    ),
    "inquiry.compiled": Words(
        _("庶務担当課から回答が届きました"), _("回答を確かめ、受け入れるか返してください。")
    ),
    "inquiry.handed_back": Words(
        _("回答が庶務担当課から差し戻されました"), _("理由を読み、直してもう一度出してください。")
    ),
    "inquiry.extension_asked": Words(
        _("回答の期限の延長が申し出られました"), _("理由を読み、延ばすか断ってください。")
    ),
    "inquiry.extension_declined": Words(
        _("回答の期限は延びません"), _("理由を読み、いまの期限までに回答してください。")
    ),
    "inquiry.sheet_answered": Words(
        _("共管の個別事業の回答が書かれました"), _("内容を読み、同意か異議を答えてください。")
    ),
    "inquiry.workbook_saved": Words(
        _("共管の個別事業の回答が書かれました"), _("内容を読み、同意か異議を答えてください。")
    ),
    "inquiry.agreed": Words(_("共管の課が同意しました"), READ),
    "inquiry.agreed_instead": Words(_("共管の課の同意に代えて、事務局が認めました"), READ),
    "inquiry.objected": Words(
        _("共管の課に異議があります"), _("理由を読み、相談して回答を直してください。")
    ),
    "inquiry.forwarded": Words(
        _("所管違いとして個別事業が転送されました"),
        _("転送を受けた課は、内容を確かめ、引き受けるか断ってください。"),
    ),
    "inquiry.taken_over": Words(_("転送された個別事業が引き受けられました"), READ),
    "inquiry.taken_in": Words(
        _("転送された個別事業に、あなたの課が回答することになりました"),
        _("内容を確かめ、期限までに回答してください。"),
    ),
    "inquiry.forward_declined": Words(
        _("転送が引き受けられませんでした"),
        _("転送した課は、理由を読み、回答するか、別の課に転送してください。"),
    ),
    "inquiry.forward_withdrawn": Words(_("個別事業の転送が取り下げられました"), READ),
    "inquiry.answer_mended": Words(_("事務局が回答を直しました"), READ),
    "inquiry.reopened": Words(
        _("もう一度回答が必要になりました"), _("理由を読み、期限までに回答してください。")
    ),
    "inquiry.returned": Words(
        _("回答が差し戻されました"), _("理由を読み、直してもう一度出してください。")
    ),
    "inquiry.accepted": Words(_("回答が受け入れられました"), READ),
    "inquiry.waived": Words(_("回答が不要になりました"), READ),
    "inquiry.extended": Words(
        _("回答の期限が変わりました"), _("新しい期限までに回答してください。")
    ),
    "stage.added": Words(_("経路に段階が加わりました"), READ),
    "stage.planned": Words(_("段階の日程が変わりました"), _("新しい日程を確かめてください。")),
    "stage.opened": Words(_("段階が始まりました"), READ),
    "stage.concluded": Words(_("段階が終わりました"), _("次の段階に進めてください。")),
    "stage.sent_back": Words(
        _("段階が差し戻されました"), _("理由を読み、やり直しに備えてください。")
    ),
    "stage.skipped": Words(_("段階が省略されました"), READ),
    "stage.cancelled": Words(_("段階が中止されました"), READ),
    "meeting.convened": Words(_("会議が招集されました"), _("日時と議題を確かめてください。")),
    "meeting.moved": Words(
        _("会議の日時か場所が変わりました"), _("新しい日時と場所を確かめてください。")
    ),
    "meeting.closed": Words(_("会議が終わりました"), _("結果を確かめてください。")),
    "meeting.adjourned": Words(
        _("会議が流会になりました"),
        _("事務局は、日程を改めてください。新しい日時は、決まりしだいお知らせします。"),
    ),
    "meeting.cancelled": Words(_("会議が中止されました"), READ),
    "meeting.minutes_fixed": Words(_("議事録がまとまりました"), _("内容を確かめてください。")),
    "meeting.signing_called_off": Words(_("議事録の署名が取りやめになりました"), READ),
    "meeting.minutes_signed": Words(_("議事録の署名がそろいました"), READ),
    "meeting.minutes_returned": Words(
        _("議事録が差し戻されました"), _("直して、もう一度署名に回してください。")
    ),
    "meeting.minutes_edited": Words(
        _("議事録が修正され、署名が無効になりました"),
        _("修正されたところを確かめてください。事務局は、もう一度署名に回してください。"),
    ),
    "public_comment.announced": Words(_("パブリックコメントを予告しました"), READ),
    "public_comment.begun": Words(_("パブリックコメントの募集が始まりました"), READ),
    "public_comment.closed": Words(
        _("パブリックコメントを締め切りました"),
        _("期限までに取りまとめを始め、意見ごとに市の考え方をまとめてください。"),
    ),
    "public_comment.published": Words(_("パブリックコメントの結果を公表しました"), READ),
    "opinion.received": Words(_("意見が届きました"), _("対応区分と市の考え方をまとめてください。")),
    "opinion.assigned": Words(
        _("意見の担当の課が決まりました"),
        _("担当の課は、対応区分と市の考え方をまとめてください。"),
    ),
    "opinion.sent_back": Words(
        _("意見への考え方が差し戻されました"), _("理由を読み、直してもう一度回してください。")
    ),
    "opinion.drafted": Words(
        _("意見への考え方の案ができました"),
        _("承認する課長は、内容を確かめ、承認か差戻しをしてください。"),
    ),
    "opinion.approved": Words(_("意見への考え方が承認されました"), READ),
    "people.absence_registered": Words(
        _("不在が登録されました"), _("代理する人は、この間の決裁に備えてください。")
    ),
    "people.absence_withdrawn": Words(_("不在の登録が取り消されました"), READ),
    "people.transferred": Words(
        _("異動がありました"), _("新しい職の仕事を「自分の仕事」で確かめてください。")
    ),
    "transfer.failed": Words(
        _("予約した異動を発令できませんでした"),
        _("理由に挙げたところを直してから、手で発令してください。"),
    ),
    "plan.sheet_edited": Words(_("あなたの課のシートが修正されました"), READ),
    "plan.project_added": Words(_("あなたの課のシートが加わりました"), READ),
    "plan.project_discontinued": Words(_("あなたの課の事業が廃止されました"), READ),
    "opinion.reflected": Words(_("意見により、あなたの課のシートが修正されました"), READ),
    "plan.project_moved": Words(_("あなたの課の事業の場所が変わりました"), READ),
    "plan.project_relisted": Words(_("あなたの課の事業が再掲されました"), READ),
    "plan.project_unlisted": Words(_("あなたの課の事業の再掲が取りやめになりました"), READ),
    "plan.projects_merged": Words(_("あなたの課の事業が統合されました"), READ),
    "plan.project_split": Words(_("あなたの課の事業が分けられました"), READ),
    "revision.proposed": Words(_("伺いが立ちました"), READ),
    "revision.scheduled": Words(_("改定の日程が変わりました"), _("新しい日程を確かめてください。")),
    "revision.started": Words(_("改定が始まりました"), READ),
    "revision.withdrawn": Words(_("改定が取り下げられました"), READ),
    "revision.adopted": Words(_("計画が策定されました"), READ),
}


@dataclass(frozen=True)
class Notice:
    """label   of the title"""

    happened: str
    label: str
    title: str
    act: str
    facts: tuple[tuple[str, str], ...]

    @property
    def subject(self) -> str:
        """One line, for a header or a list."""
        line = f"{self.happened}：{self.title}" if self.title else self.happened
        return " ".join(line.split())


def notice_of(event: OutboxEvent, **now: Any) -> Notice:
    """now   facts as they are at the moment, in place of those of the event"""
    facts = event.facts | now
    words = turn_of(facts) or CATALOG.get(event.kind, DEFAULT)
    return Notice(
        happened=str(words.happened) % {"left": left_words(facts.get("days_left", 0))},
        label=title_label(event),
        title=str(facts.get("title", "")),
        act=str(_act(event) or words.act),
        facts=tuple(told(event, facts)),
    )


def _act(event: OutboxEvent) -> Any:
    """Return what is to be done: of an answer where it lies, of a deadline as its kind says.

    Nobody can urge on a post that is vacant.
    """
    if event.kind == "deadline.escalated":
        return VACANT if event.facts.get("holder_vacant") else ""
    lies_with = event.facts.get("lies_with", "")
    if event.kind in WHEREVER_IT_LIES:
        return GONE_TO.get(lies_with, "")
    asked = event.kind in ("deadline.reminded", "deadline.passed", "deadline.urged")
    kind = kind_of(event.facts.get("kind", ""))
    return kind.acts.get(lies_with, kind.act) if asked else ""


def left_words(days: int) -> str:
    """あと3開庁日; 0 is the day itself, less is late."""
    if days < 0:
        return gettext("%d開庁日超過") % -days
    return gettext("あと%d開庁日") % days if days else gettext("今日まで")
