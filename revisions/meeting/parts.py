"""Writes of a meeting. Usable only inside a command."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils.translation import gettext as _

from revisions.meeting import quorum
from revisions.meeting.gates import check_presided, check_quorum, page
from revisions.meeting.models import AgendaItem, Attendance, Meeting
from revisions.meeting.queries import (
    attendance_of,
    presiding_officer,
    rule_at,
    turnout,
    votes_on,
)
from revisions.meeting.quorum import Vote
from revisions.meeting.states import ItemOutcome, Presence
from revisions.meeting.states import MeetingState as S
from revisions.opinion.states import Channel
from revisions.plan.models import PlanVersion, Revision
from workflow.access import grant, groups_with
from workflow.audit.models import AuditEntry
from workflow.audit.trail import record
from workflow.errors import Invalid
from workflow.outbox.queue import emit
from workflow.path.models import Stage
from workflow.people.models import Body, Post, Seat, User
from workflow.people.queries import roster
from workflow.people.states import BodyKind
from workflow.signoff.models import Request

Agenda = Sequence[tuple[str, bool]]
"""(title, needs_vote) of every item, in order."""

Votes = tuple[int, int, int]
"""(yes, no, abstain) of the first count."""

Presences = Mapping[int, tuple[str, str]]
"""Post id → (presence, name of the proxy or empty)."""

BY_CHOICE = (
    ItemOutcome.AGREED,
    ItemOutcome.AGREED_WITH_REMARKS,
    ItemOutcome.HEARD,
    ItemOutcome.REPORTED,
)
"""Outcomes that the presiding officer states; the others follow from a count."""


def lock(meeting_id: int) -> Meeting:
    """Lock a meeting and before it its request, under the revision's lock that keeps its stage."""
    revision = Revision.objects.select_for_update(of=("self",)).get(meetings=meeting_id)
    requests = Request.objects.select_for_update(of=("self",))
    request = requests.filter(pk__in=revision.meetings.values("request").filter(pk=meeting_id))
    signing = request.first()
    meetings = Meeting.objects.select_for_update(of=("self",))
    meeting = meetings.select_related("stage", "body__group", "presiding").get(pk=meeting_id)
    meeting.revision, meeting.request = revision, signing
    return meeting


def secretariat(meeting: Meeting) -> list[Group]:
    return groups_with("steer_revision", meeting.revision)


def circle(meeting: Meeting) -> list[Group]:
    """Return whom a meeting concerns: the body, and who is invited."""
    invited = meeting.attendance.filter(is_invited=True).select_related("post__group")
    return [meeting.body.group, *(row.post.group for row in invited)]


def enter(verb: str, meeting: Meeting, *moved: Model, before: str, **acted: Any) -> AuditEntry:
    """Save a meeting that moved, with the entry that says so."""
    return record(verb, meeting, *moved, before=before, after=meeting.state, **acted)


def when(meeting: Meeting) -> dict[str, str]:
    """Day, time and place, as entries and notices say them."""
    return {
        "held_on": meeting.held_on.isoformat(),
        "starts_at": meeting.starts_at.strftime("%H:%M") if meeting.starts_at else "",
        "place": meeting.place,
    }


def facts(meeting: Meeting) -> dict[str, Any]:
    """What entries and notices say of a meeting."""
    return {"title": meeting.title, "body": meeting.body.name, **when(meeting)}


def ask_anew(meeting: Meeting) -> None:
    """Forget who said they would come: the answers were for another day."""
    meeting.attendance.update(presence=Presence.UNKNOWN, proxy="")


def cancel(meeting: Meeting, *, by: User, post: Post, at: datetime, reason: str) -> None:
    """Call a locked meeting off; of one only planned nobody knows yet."""
    before = meeting.state
    meeting.cancel(reason=reason)
    acted = {"by": by, "post": post, "at": at, "reason": reason}
    entry = enter("meeting.cancelled", meeting, before=before, **acted)
    if before == S.CONVENED:
        emit(entry, to=circle(meeting), link=page(meeting), reason=reason, **facts(meeting))


def call_off(stage: Stage, *, by: User, post: Post, at: datetime, reason: str) -> None:
    """Cancel the meetings of a stage that ends without having held them."""
    waiting = Meeting.objects.filter(stage=stage, state__in=[S.PLANNED, S.CONVENED])
    for meeting in waiting.select_for_update(of=("self",)).select_related("body__group"):
        cancel(meeting, by=by, post=post, at=at, reason=reason)


def lay_agenda(meeting: Meeting, agenda: Agenda) -> None:
    if not agenda or not all(title.strip() for title, _needs_vote in agenda):
        raise Invalid(_("議題を1件以上、件名を付けて入力してください。"), field="items")
    if any(needs_vote for _title, needs_vote in agenda) and not votes_on(rule_at(meeting)):
        told = _("%sには議決の定めがないため、採決する議題は置けません。")
        raise Invalid(told % meeting.body.name, field="items")
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, order=order, title=title.strip(), needs_vote=needs_vote)
        for order, (title, needs_vote) in enumerate(agenda, 1)
    )


def lay_roster(meeting: Meeting, invited: Collection[int]) -> None:
    """Write down who belongs to the meeting on its day: the body's members and the invited."""
    seats = list(roster(meeting.body, meeting.held_on))
    guests = _guests(set(invited), seats)
    Attendance.objects.bulk_create(
        [Attendance(meeting=meeting, post=seat.post, role=seat.role) for seat in seats]
        + [
            Attendance(meeting=meeting, post=post, is_invited=True, role="member")
            for post in guests
        ]
    )


def show_paper(meeting: Meeting, version: PlanVersion) -> None:
    """Let the body read this meeting and the version sent; its group follows the seats held."""
    grant("view_meeting", meeting.body.group, meeting)
    grant("view_planversion", meeting.body.group, version)


def mark(meeting: Meeting, presences: Presences) -> list[Attendance]:
    """Set who came on the day's roster and return the rows; new members get theirs saved.

    raises  Invalid for somebody who doesn't belong to the meeting, or a proxy without a name
    """
    rows = attendance_of(meeting)
    if presences.keys() - {row.post_id for row in rows}:
        raise Invalid(_("会議の構成員ではない職が含まれています。画面を開き直してください。"))
    for row in rows:
        row.presence, row.proxy = presences.get(row.post_id, (row.presence, row.proxy))
        _check_presence(row)
    Attendance.objects.bulk_create([row for row in rows if row.pk is None])
    meeting.attendance.exclude(post__in=[row.post_id for row in rows]).delete()
    return rows


def who_presides(meeting: Meeting, rows: Sequence[Attendance], *, otherwise: Post) -> Post:
    """Return who presides: `otherwise` for a body that has seats for neither chair nor deputy.

    raises  Unmet when it has and neither came
    """
    check_presided(meeting, rows)
    return presiding_officer(rows) or otherwise


def take_vote(
    meeting: Meeting, item: AgendaItem, votes: Votes | None, casting: Vote | None
) -> None:
    """Let the outcome of an item follow from its votes.

    casting  the presiding officer's vote on a tie (議長決裁)
    raises   Unmet without a quorum; Invalid when more voted than came, or a tie is left undecided
    """
    if votes is None:
        raise Invalid(_("賛成、反対、棄権の数を入力してください。"), field="yes")
    rule = rule_at(meeting)
    count = turnout(attendance_of(meeting), rule)
    check_quorum(meeting, count)
    item.yes, item.no, item.abstain = votes
    item.presiding_vote = casting or ""
    try:
        result = quorum.tally(
            yes=item.yes,
            no=item.no,
            abstain=item.abstain,
            present=count.present,
            chair_votes_first=bool(rule and rule.chair_votes_first),
            presiding_vote=casting,
        )
    except ValueError as impossible:
        raise Invalid(str(impossible), field="yes") from impossible
    if result.outcome == "tie_undecided":
        raise Invalid(_("可否同数です。議長の決を選んでください。"), field="presiding_vote")
    item.outcome = ItemOutcome(result.outcome)


def choose_outcome(item: AgendaItem, outcome: str) -> None:
    if outcome not in BY_CHOICE:
        raise Invalid(_("結果を選んでください。"), field="outcome")
    item.outcome = outcome


def channel_of(body: Body) -> Channel:
    """Whose opinion a remark in the body's meeting is."""
    special = {
        BodyKind.ADVISORY_COMMITTEE: Channel.COMMITTEE,
        BodyKind.COUNCILLORS_BRIEFING: Channel.COUNCILLOR,
    }
    return special.get(BodyKind(body.kind), Channel.BODY)


def _guests(ids: set[int], seats: Sequence[Seat]) -> list[Post]:
    posts = list(Post.objects.filter(pk__in=ids - {seat.post_id for seat in seats}))
    if len(posts) != len(ids):
        raise Invalid(
            _("招く職を選び直してください。構成員は招く必要がありません。"), field="invited"
        )
    return posts


def _check_presence(row: Attendance) -> None:
    if row.presence not in Presence:
        raise Invalid(_("出欠を選び直してください。"))
    is_proxy, name = row.presence == Presence.PROXY, row.proxy.strip()
    if is_proxy and not name:
        told = _("%sの代理で出席した人を入力してください。")
        raise Invalid(told % row.post.name, field=f"proxy-{row.post_id}")
    if name and not is_proxy:
        told = _("代理の人を入力した%sの出欠は、代理出席にしてください。")
        raise Invalid(told % row.post.name, field=f"presence-{row.post_id}")
