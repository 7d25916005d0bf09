"""照会先をまとめて: what is done to many addressees, from whichever list of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from revisions.inquiry import commands_bulk as commands
from revisions.inquiry.commands_bulk import Outcome
from revisions.inquiry.forms_bulk import (
    BulkExtendForm,
    BulkReasonForm,
    BulkReturnForm,
    PickedForm,
)
from revisions.inquiry.models import Inquiry
from revisions.inquiry.states import InquiryState

Word = str | Promise


@dataclass(frozen=True)
class BulkAct:
    """Verb, consequence and tone of a button; what is done, asked first, and said when done.

    form  PickedForm where nothing is asked
    """

    verb: Word
    says: Word
    command: Callable[..., Outcome]
    done: Word
    form: type[PickedForm] = PickedForm
    tone: str = ""


ACTS = {
    "accept": BulkAct(
        _("受理する"),
        _("変更が計画案に、意見が意見台帳に入ります。"),
        commands.accept_each,
        _("%d課の回答を受理しました。"),
        tone="primary",
    ),
    "remind": BulkAct(
        _("督促する"),
        _("回答を待っている課に、課ごとに知らせます。"),
        commands.remind_each,
        _("%d課に督促しました。"),
    ),
    "extend": BulkAct(
        _("期限を延ばす"),
        _("次の画面で、新しい期限を入れます。期限を課に知らせます。"),
        commands.extend_each,
        _("%d課の期限を延ばしました。"),
        BulkExtendForm,
    ),
    "return": BulkAct(
        _("差し戻す"),
        _("次の画面で、理由と期限を入れます。課は、もう一度課長の確認に回します。"),
        commands.return_each,
        _("%d課の回答を差し戻しました。"),
        BulkReturnForm,
        "negative",
    ),
    "waive": BulkAct(
        _("回答不要とする"),
        _("次の画面で、理由を入れます。この課の回答を待たずに進みます。"),
        commands.waive_each,
        _("%d課の回答を不要としました。"),
        BulkReasonForm,
        "negative",
    ),
}


def offered(inquiry: Inquiry, *, steers: bool) -> list[tuple[str, Word, Word, str]]:
    """Return (name, verb, consequence, tone) of what stands under a list (parts/bulk.html)."""
    if not steers or inquiry.state != InquiryState.ISSUED:
        return []
    return [(name, act.verb, act.says, act.tone) for name, act in ACTS.items()]
