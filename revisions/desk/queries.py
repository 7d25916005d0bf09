"""自分の仕事: everything that waits for a person, from every slice, in one list."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from revisions.cycle.queries import stages_due
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.states import InquiryState, TargetState
from revisions.meeting.models import Meeting
from revisions.meeting.states import MeetingState, MinutesState
from revisions.opinion.models import Opinion
from revisions.opinion.states import OpinionState
from revisions.plan.models import Revision
from revisions.public_comment.models import PublicComment
from revisions.public_comment.states import CommentState
from workflow.access import granted
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.era import era_short
from workflow.path.states import StageState
from workflow.people.models import User
from workflow.people.queries import posts_held, sections_of
from workflow.signoff.kinds import kind_of
from workflow.signoff.queries import inbox, returned

LIMIT = 200  # rows of one kind; the page says so when there are more
ANSWERING = [TargetState.PENDING_RECEIPT, TargetState.RECEIVED, TargetState.RETURNED]
TO_ACCEPT = [TargetState.ANSWERED, TargetState.NOT_APPLICABLE]


@dataclass(frozen=True)
class Work:
    """One thing to do: what, which act, whose it is, by when, where."""

    what: str
    act: str
    from_: str
    link: str
    state: str
    state_label: str
    due_on: date | None = None
    left: int | None = None


def work_of(user: User, on: date, calendar: Calendar) -> list[Work]:
    """Return what waits for the user, the most urgent first, what has no date last."""
    found = [
        *_to_sign(user, on),
        *_to_redraft(user),
        *_to_answer(user, on, calendar),
        *_to_respond(user, on),
        *_to_accept(user),
        *_to_minute(user),
        *_to_publish(user),
        *_to_move(user, on, calendar),
    ]
    return sorted(found, key=lambda work: (work.due_on is None, work.due_on or on))


def coming_meetings(user: User, on: date) -> QuerySet[Meeting]:
    """Return the meetings that the user's posts attend from today on."""
    return (
        Meeting.objects.filter(
            state__in=[MeetingState.CONVENED, MeetingState.IN_SESSION],
            held_on__gte=on,
            attendance__post__in=posts_held(user, on).order_by(),
        )
        .select_related("body")
        .distinct()
        .order_by("held_on", "starts_at")[:20]
    )


def past_meetings(user: User, on: date) -> QuerySet[Meeting]:
    """Return the meetings of the user's bodies that were held, the latest first."""
    sent = granted(Meeting.objects.all(), "view_meeting", user)
    held = sent.filter(state=MeetingState.CLOSED, held_on__lte=on)
    return held.select_related("body").order_by("-held_on", "-pk")[:10]


def _to_sign(user: User, on: date) -> Iterator[Work]:
    for step in inbox(user, on)[:LIMIT]:
        yield Work(
            what=step.request.title,
            act=_("読んで決裁する"),
            from_=step.request.drafter_post.name,
            link=reverse("request", args=[step.request_id]),
            state=step.state,
            state_label=step.get_state_display(),
        )


def _to_redraft(user: User) -> Iterator[Work]:
    for request in returned(user).select_related("drafter_post")[:LIMIT]:
        yield Work(
            what=request.title,
            act=_("直して出し直す"),
            from_=_("決裁"),
            link=kind_of(request).redraft(request),
            state="returned",
            state_label=_("差戻し"),
        )


def _to_answer(user: User, on: date, calendar: Calendar) -> Iterator[Work]:
    targets = granted(InquiryTarget.objects.all(), "answer_inquirytarget", user)
    asked = targets.filter(state__in=ANSWERING, inquiry__state=InquiryState.ISSUED)
    for target in asked.select_related("inquiry").order_by("due_on")[:LIMIT]:
        yield Work(
            what=target.inquiry.title,
            act=_("受け取る") if target.state == TargetState.PENDING_RECEIPT else _("回答する"),
            from_=_("事務局"),
            link=reverse("target", args=[target.pk]),
            state=target.state,
            state_label=target.get_state_display(),
            due_on=target.due_on,
            left=calendar.working_days_between(on, target.due_on),
        )


def _to_respond(user: User, on: date) -> Iterator[Work]:
    opinions = Opinion.objects.filter(
        state=OpinionState.RECEIVED, section__in=sections_of(user, on)
    ).select_related("section", "revision")
    for opinion in opinions[:LIMIT]:
        yield Work(
            what=_("意見第%(number)d号（%(revision)s）")
            % {"number": opinion.number, "revision": opinion.revision.title},
            act=_("市の考え方を書く"),
            from_=opinion.get_channel_display(),
            link=reverse("opinion", args=[opinion.pk]),
            state=opinion.state,
            state_label=opinion.get_state_display(),
        )


def _steered(user: User) -> QuerySet[Revision]:
    return granted(Revision.objects.all(), "steer_revision", user)


def _to_accept(user: User) -> Iterator[Work]:
    targets = InquiryTarget.objects.filter(
        state__in=TO_ACCEPT, inquiry__state=InquiryState.ISSUED, revision__in=_steered(user)
    )
    for target in targets.select_related("inquiry", "section").order_by("answered_at")[:LIMIT]:
        answered = era_short(in_tokyo(target.answered_at)) if target.answered_at else ""
        yield Work(
            what=target.inquiry.title,
            act=_("%sの回答を確かめて受理する") % answered,
            from_=target.section.name,
            link=reverse("target", args=[target.pk]),
            state=target.state,
            state_label=target.get_state_display(),
        )


def _to_minute(user: User) -> Iterator[Work]:
    meetings = Meeting.objects.filter(
        state=MeetingState.CLOSED,
        minutes_state=MinutesState.DRAFTING,
        revision__in=_steered(user),
    )
    for meeting in meetings.select_related("body")[:LIMIT]:
        yield Work(
            what=meeting.title,
            act=_("議事録を作る"),
            from_=meeting.body.name,
            link=reverse("meeting", args=[meeting.pk]),
            state=meeting.minutes_state,
            state_label=meeting.get_minutes_state_display(),
        )


def _to_publish(user: User) -> Iterator[Work]:
    comments = PublicComment.objects.filter(
        state__in=[CommentState.CLOSED, CommentState.ANSWERING], revision__in=_steered(user)
    )
    for comment in comments[:LIMIT]:
        yield Work(
            what=comment.title,
            act=_("意見をまとめて結果を公表する"),
            from_=_("パブリックコメント"),
            link=reverse("public_comment", args=[comment.pk]),
            state=comment.state,
            state_label=comment.get_state_display(),
        )


def _to_move(user: User, on: date, calendar: Calendar) -> Iterator[Work]:
    for stage in stages_due(user, on)[:LIMIT]:
        begins = stage.state == StageState.PLANNED
        due_on = stage.planned_from if begins else stage.planned_until
        yield Work(
            what=_("段階「%s」") % stage.name,
            act=_("始める") if begins else _("終える"),
            from_=stage.case.revision.title,
            link=reverse("stage", args=[stage.pk]),
            state=stage.state,
            state_label=stage.get_state_display(),
            due_on=due_on,
            left=calendar.working_days_between(on, due_on) if due_on else None,
        )
