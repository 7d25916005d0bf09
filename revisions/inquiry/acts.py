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
        _("計画案と意見台帳に入ります。"),
        commands.accept_each,
        _("%d課の回答を受理しました。"),
        tone="primary",
    ),
    "remind": BulkAct(
        _("督促する"),
        _("課ごとに知らせます。"),
        commands.remind_each,
        _("%d課に督促しました。"),
    ),
    "extend": BulkAct(
        _("期限を改める"),
        _("次に、新しい期限を入れます。"),
        commands.extend_each,
        _("%d課の期限を改めました。"),
        BulkExtendForm,
    ),
    "return": BulkAct(
        _("差し戻す"),
        _("次に、理由と期限を入れます。"),
        commands.return_each,
        _("%d課の回答を差し戻しました。"),
        BulkReturnForm,
        "negative",
    ),
    "waive": BulkAct(
        _("回答不要とする"),
        _("次に、理由を入れます。"),
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
