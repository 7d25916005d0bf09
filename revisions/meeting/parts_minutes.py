"""議事録の署名: its circulation, and how it is called off. Usable only inside a command."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from revisions.meeting.gates import check_may_be_signed, page
from revisions.meeting.minutes import compose
from revisions.meeting.models import Attendance, Meeting
from revisions.meeting.parts import secretariat
from revisions.meeting.queries import attendance_of, rule_at, second_signers
from revisions.meeting.states import MinutesState
from workflow.audit.trail import record
from workflow.authority.line import Turn
from workflow.authority.states import StepRole
from workflow.errors import Invalid
from workflow.outbox.queue import emit
from workflow.people.models import Post, User
from workflow.people.states import MinutesSigners
from workflow.signoff.models import Request
from workflow.signoff.parts import circulate, recirculate, withdraw
from workflow.signoff.states import RequestState

KIND = "meeting.minutes"


def send_for_signing(
    meeting: Meeting, *, second_id: int | None, by: User, post: Post, at: datetime
) -> Request | None:
    """Send the minutes to those whom the body's rule makes sign; None when it makes nobody.

    second_id  the post that the chair named, where the rule asks for a member beside the chair
    """
    rows = attendance_of(meeting)
    signers = _signers(meeting, rows, second_id)
    if not signers:
        return None
    check_may_be_signed(meeting)
    body = compose(meeting, rows, meeting.items.all())
    steps = [Turn(1, StepRole.SIGNER, signer) for signer in signers]
    if meeting.request and meeting.request.state == RequestState.DRAFT:
        return recirculate(meeting.request, body=body, steps=steps, by=by, post=post, at=at)
    return circulate(
        kind=KIND,
        title=f"「{meeting.title}」の議事録の署名",
        link=page(meeting, "#minutes"),
        part_of=meeting.within,
        body=body,
        drafter=by,
        post=post,
        steps=steps,
        at=at,
    )


def call_off_signing(meeting: Meeting, *, by: User, post: Post, at: datetime) -> None:
    """Withdraw the signing that runs; signatures given before stay in its record."""
    if meeting.request and meeting.request.state == RequestState.CIRCULATING:
        reason = "議事録が修正されたため"
        withdraw(meeting.request, by=by, post=post, at=at, reason=reason)


def signers_so_far(meeting: Meeting) -> list[Group]:
    """Return the posts that were asked to sign the minutes last."""
    request = meeting.request
    if request is None:
        return []
    steps = request.steps.filter(attempt=request.attempt).select_related("post__group")
    return [step.post.group for step in steps]


def call_off_minutes(
    meetings: QuerySet[Meeting], *, by: User, post: Post, at: datetime, reason: str
) -> None:
    """Ask nobody any more to sign the minutes of meetings whose stage or revision was given up."""
    unsigned = (RequestState.DRAFT, RequestState.CIRCULATING)
    asked = Request.objects.filter(pk__in=meetings.values("request"), state__in=unsigned)
    for request in list(asked.select_for_update(of=("self",)).order_by("pk")):
        rows = Meeting.objects.select_for_update(of=("self",)).select_related("revision")
        meeting = rows.get(request=request)
        meeting.request = request
        told = [*signers_so_far(meeting), *secretariat(meeting)]
        before = meeting.minutes_state
        withdraw(request, by=by, post=post, at=at, reason=reason)
        if before == MinutesState.FIXED:
            meeting.return_minutes()
        entry = record(
            "meeting.signing_called_off",
            meeting,
            by=by,
            post=post,
            at=at,
            before=before,
            after=meeting.minutes_state,
            reason=reason,
        )
        emit(entry, to=told, link=page(meeting, "#minutes"), title=meeting.title)


def _signers(meeting: Meeting, rows: Sequence[Attendance], second_id: int | None) -> list[Post]:
    rule = rule_at(meeting)
    if rule is None or rule.minutes_signers == MinutesSigners.NONE or meeting.presiding is None:
        return []
    if rule.minutes_signers == MinutesSigners.CHAIR:
        return [meeting.presiding]
    for post in second_signers(meeting, rows, rule):
        if post.pk == second_id:
            return [meeting.presiding, post]
    message = _("議長が指名した署名委員を、出席した委員（会長を除く）から選んでください。")
    raise Invalid(message, field="second")
