"""自分の仕事: everything that waits for a person, from every slice, in one list."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from revisions.cycle.queries import stages_due
from revisions.desk.inquiries import to_accept, to_answer, to_take_over
from revisions.desk.work import LIMIT, SOON, Work, steered
from revisions.inquiry.parts import KIND as ANSWER
from revisions.meeting.models import Meeting
from revisions.meeting.states import MeetingState, MinutesState
from revisions.opinion.models import Opinion
from revisions.opinion.states import OpinionState
from revisions.public_comment.models import PublicComment
from revisions.public_comment.queries import answers_due
from revisions.public_comment.states import CommentState
from workflow.access import granted
from workflow.authority.states import StepRole
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.parts_remind import page
from workflow.deadline.registry import kind_of as kind_of_deadline
from workflow.deadline.registry import label_of
from workflow.deadline.states import DeadlineState
from workflow.people.models import Deputy, User
from workflow.people.queries import posts_held, sections_of
from workflow.signoff.capacity import capacity_of
from workflow.signoff.kinds import kind_of
from workflow.signoff.models import Step
from workflow.signoff.queries import returned
from workflow.signoff.queries_inbox import STEP_ORDERS, Sort, Tab, due_of, tab_of, waiting

VERBS: dict[str, Promise] = {
    StepRole.LINE: gettext_lazy("読んで承認する"),
    StepRole.CONCURRENCE: gettext_lazy("読んで合議に答える"),
    StepRole.DECIDER: gettext_lazy("読んで決裁する"),
    StepRole.SIGNER: gettext_lazy("読んで署名する"),
    Tab.REVIEW: gettext_lazy("後閲する"),
    Tab.INFORMED: gettext_lazy("供覧を読む"),
}
"""By the role, where it is one's turn; by the list, where one only reads."""

PUBLISHING: dict[str, Promise] = {
    CommentState.CLOSED: gettext_lazy("取りまとめを始めるか、結果を公表する"),
    CommentState.ANSWERING: gettext_lazy("意見をまとめて結果を公表する"),
}


def work_of(user: User, on: date, calendar: Calendar) -> list[Work]:
    """Return what waits for the user, the most urgent first, what has no date last."""
    found = [
        *_to_sign(user, on, calendar),
        *_to_redraft(user),
        *to_answer(user, on, calendar),
        *_to_respond(user, on),
        *to_take_over(user, on, calendar),
        *to_accept(user),
        *_to_minute(user),
        *_to_publish(user, on, calendar),
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


def _to_sign(user: User, on: date, calendar: Calendar) -> Iterator[Work]:
    capacity = capacity_of(user, on)
    steps = waiting(capacity).order_by(*STEP_ORDERS[Sort.URGENT])
    for step in steps.select_related("request__drafter_post", "post")[:LIMIT]:
        due_on = due_of(step)
        yield Work(
            what=step.request.title,
            act=_verb(step, capacity.acting_for(step.post_id)),
            from_=step.request.drafter_post.name,
            link=reverse("request", args=[step.request_id]),
            state=step.state,
            state_label=step.word,
            due_on=due_on,
            left=calendar.working_days_between(on, due_on) if due_on else None,
        )


def _verb(step: Step, lent: Deputy | None) -> str:
    """What there is to do, and for whom when it is somebody else's."""
    if lent:
        words = {"post": lent.post.name, "kind": lent.get_kind_display()}
        return _("%(post)sの%(kind)sとして、読んで決裁する") % words
    tab = tab_of(step)
    return str(VERBS[step.role if tab == Tab.TURN else tab])


def _to_redraft(user: User) -> Iterator[Work]:
    """Not the answers to inquiries: their sections are asked for those (to_answer)."""
    others = returned(user).exclude(kind=ANSWER)
    for request in others.select_related("drafter_post")[:LIMIT]:
        yield Work(
            what=request.title,
            act=_("直して出し直す"),
            from_=_("決裁"),
            link=kind_of(request).redraft(request),
            state="returned",
            state_label=_("差戻し"),
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


def _to_minute(user: User) -> Iterator[Work]:
    meetings = Meeting.objects.filter(
        state=MeetingState.CLOSED,
        minutes_state=MinutesState.DRAFTING,
        revision__in=steered(user),
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


def _to_publish(user: User, on: date, calendar: Calendar) -> Iterator[Work]:
    """Until answering began, by the day of its deadline."""
    comments = PublicComment.objects.filter(state__in=PUBLISHING, revision__in=steered(user))
    found = list(comments[:LIMIT])
    due = answers_due(found) if found else {}
    for comment in found:
        due_on = due.get(comment.key)
        yield Work(
            what=comment.title,
            act=str(PUBLISHING[comment.state]),
            from_=_("パブリックコメント"),
            link=reverse("public_comment", args=[comment.pk]),
            state=comment.state,
            state_label=comment.get_state_display(),
            due_on=due_on,
            left=calendar.working_days_between(on, due_on) if due_on else None,
        )


def _to_move(user: User, on: date, calendar: Calendar) -> Iterator[Work]:
    """What is due within a few open days; kinds that nothing else ends are ended on their page."""
    for deadline in stages_due(user, calendar.working_day_after(on, SOON))[:LIMIT]:
        due_on = in_tokyo(deadline.due_at)
        late = due_on < on  # the sweep writes it down in the morning
        state = DeadlineState.PASSED if late else DeadlineState.OPEN
        yield Work(
            what=deadline.title,
            act=label_of(deadline.kind),
            from_=_("日程"),
            link=page(deadline) if kind_of_deadline(deadline.kind).done else deadline.link,
            state=state,
            state_label=str(state.label),
            due_on=due_on,
            left=calendar.working_days_between(on, due_on),
        )
