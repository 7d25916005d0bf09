"""記録: what was opened, corrected, and decided on paper before it came here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from workflow.audit.trail import check_seen, record
from workflow.authority.about import UNSAID, About
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User
from workflow.signoff.gates_record import (
    PAPER,
    check_changed,
    check_correctable,
    check_entered_on_paper,
    check_reason,
    check_text,
    check_title,
)
from workflow.signoff.kinds import kind_of
from workflow.signoff.lock import lock_request
from workflow.signoff.models import Request, Step
from workflow.signoff.models_record import Reading
from workflow.signoff.papers import PaperDecision
from workflow.signoff.parts_record import circulate_correction, enter_paper
from workflow.signoff.parts_tell import tell_drafter
from workflow.signoff.policies import (
    check_can_back_enter,
    check_can_correct,
    check_can_sign,
)


@command
def open_content(*, shown: Step, steps: Sequence[Step], by: User, at: datetime) -> None:
    """Note that somebody opened what they are asked to sign, or to read afterwards (開封).

    Once a circulation. Writes no entry: no state hangs on it, and nobody is told.

    shown, steps  their turn, with the content that the page shows, and its circulation:
                  from queries.steps_of(), which knows who asks
    """
    check_can_sign(by, shown, steps, in_tokyo(at))  # check
    Reading.objects.bulk_create(  # move
        [
            Reading(
                request=shown.request,
                user=by,
                attempt=shown.request.attempt,
                content=shown.request.content,
                at=at,
            )
        ],
        ignore_conflicts=True,
    )


@command
def correct(
    *,
    request_id: int,
    text: str,
    reason: str,
    by: User,
    at: datetime,
    retention: str = "",
    disclosure: str = "",
    disclosure_ground: str = "",
    seen: int | None = None,
) -> Request:
    """Ask for a correction of what was decided (訂正); return the new request.

    The old one stays as it is. The new one goes the line of the day, and again when it came back.

    seen  `chain_length` of the request to be corrected
    """
    correction = kind_of(Request.objects.get(pk=request_id)).correction
    correction.lock(request_id)  # lock
    old, _steps = lock_request(request_id, by=by, on=in_tokyo(at))

    post = check_can_correct(by, old, in_tokyo(at))  # check
    check_seen(old, seen)
    draft = check_correctable(old)
    correction.check(old)
    check_text(text)
    check_reason(reason)

    keeping: Any = {"retention": retention, "disclosure": disclosure}
    about = replace(old.about, **keeping, disclosure_ground=disclosure_ground)
    body = correction.body(old, text)
    check_changed(old, body, about)
    acted: Any = {"by": by, "post": post, "at": at, "reason": reason}
    facts = correction.facts(old)
    new = circulate_correction(old, draft, body=body, about=about, facts=facts, **acted)  # move
    correction.circulated(old, new, text=text)

    linked: Any = {"correction": new.pk, "content": new.content.sha256}
    entry = record("signoff.corrected", old, **acted, **linked)  # record
    tell_drafter(entry, old)  # tell
    return new


@command
def back_enter(
    *,
    paper: PaperDecision,
    title: str,
    text: str,
    by: User,
    at: datetime,
    about: About = UNSAID,
    corrects_id: int | None = None,
) -> Request:
    """Register a decision that was taken on paper (後日登録); `decided_on` is the paper's day.

    about        how long and how openly it is kept
    corrects_id  an entry that was made wrongly, and stays as it is
    """
    on = in_tokyo(at)
    wrong = lock_request(corrects_id, by=by, on=on)[0] if corrects_id else None  # lock

    post = check_can_correct(by, wrong, on) if wrong else check_can_back_enter(by, on)  # check
    if wrong:
        check_entered_on_paper(wrong)
        check_correctable(wrong)
    check_title(title)
    check_text(text)

    request = Request(kind=PAPER, title=title, corrects=wrong)
    acted: Any = {"by": by, "post": post, "at": at}
    return enter_paper(  # move, record, tell
        request, paper, text=text, about=about, numbered=True, **acted
    )
