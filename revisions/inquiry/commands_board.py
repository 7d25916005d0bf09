"""ボード: what somebody has seen of it. Acts on many stand in commands_bulk.py."""

from datetime import datetime

from revisions.inquiry.models import Inquiry
from revisions.inquiry.models_board import BoardVisit
from revisions.inquiry.policies_board import check_can_see_board
from workflow.ledger.command import command
from workflow.people.models import User


@command
def mark_seen(*, inquiry_id: int, upto: int, by: User, at: datetime) -> BoardVisit:
    """Note that somebody has seen what a board shows, up to an entry (ここまで見た); never less.

    It is their own bookmark and moves nothing, so that it stands in no trail.
    """
    inquiry = Inquiry.objects.select_related("revision").get(pk=inquiry_id)
    check_can_see_board(by, inquiry)
    visit, _made = BoardVisit.objects.select_for_update().get_or_create(
        user=by, inquiry=inquiry, defaults={"upto": upto}
    )
    if visit.upto < upto:
        visit.upto = upto
        visit.save()
    return visit
