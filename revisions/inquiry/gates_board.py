"""いつ: what must be so of each addressee that was picked."""

from collections.abc import Container
from datetime import datetime

from django.utils.translation import gettext as _

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.states import UNANSWERED
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.days import day_words
from workflow.errors import Invalid, Unmet


def check_among(here: Container[int], target_id: int) -> None:
    """here: the inquiry's own"""
    if target_id not in here:
        raise Invalid(_("この照会の照会先ではありません。"))


def check_awaited(target: InquiryTarget) -> None:
    if target.state not in UNANSWERED:
        told = {"state": target.get_state_display()}
        raise Unmet(_("回答を待っていません（今は%(state)s）。") % told)


def check_not_urged(last: datetime | None) -> None:
    """last: when it was last urged on this working day"""
    if last is not None:
        told = {"day": day_words(in_tokyo(last))}
        raise Unmet(_("%(day)sに督促しています。次の開庁日に、もう一度督促できます。") % told)
