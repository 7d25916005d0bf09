"""Acts of the demo city's people, on given days, through the same commands that officers use."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import cache

from revisions.cycle import commands as cycle
from revisions.cycle import commands_adoption as adoptions
from revisions.cycle.parts import Said
from revisions.cycle.queries import proposed_day
from revisions.meeting import commands as meetings
from revisions.meeting import commands_minutes as minutes
from revisions.meeting.models import Meeting
from revisions.meeting.queries import needs_signing, rule_at
from revisions.meeting.states import ItemOutcome, Presence
from revisions.plan.models import Revision
from workflow.authority.states import Disclosure, StepRole
from workflow.deadline.calendar import TOKYO, in_tokyo
from workflow.deadline.queries import calendar
from workflow.models import Post, Request, Stage, Step, User
from workflow.path.queries import rounded
from workflow.path.states import Outcome
from workflow.people.queries import holders
from workflow.signoff import commands as signoff
from workflow.signoff.states import StepState

SECRETARY = "joho-tanto"

OUTCOMES = {
    Outcome.AGREED: ItemOutcome.AGREED,
    Outcome.AGREED_WITH_REMARKS: ItemOutcome.AGREED_WITH_REMARKS,
    Outcome.HEARD: ItemOutcome.HEARD,
    Outcome.REPORTED: ItemOutcome.REPORTED,
    Outcome.APPROVED: ItemOutcome.AGREED,
}


def when(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=TOKYO)


@cache
def who(username: str) -> User:
    return User.objects.get(username=username)


def stage_of(revision: Revision, name: str) -> Stage:
    return Stage.objects.select_related("body").get(case=revision.case_id, name=name, rerun=None)


def lay_out(revision: Revision, rows: Iterable[tuple[str, date, date, str]], at: datetime) -> None:
    """Plan stages (name, first and last day, precision), but for those that already stand there."""
    for name, first, last, precision in rows:
        stage = stage_of(revision, name)
        days = rounded(first, last, precision)
        if (stage.planned_from, stage.planned_until, stage.precision) != (*days, precision):
            cycle.plan_stage(
                stage_id=stage.pk,
                planned_from=first,
                planned_until=last,
                precision=precision,
                by=who(SECRETARY),
                at=at,
            )


def sign_all(request: Request | None, at: datetime, *, until: str = "") -> None:
    """Let everybody on the line sign in turn, up to but not including the post `until`."""
    while request and (step := _turn(request)):
        if step.post.code == until:
            return
        signer = holders(step.post, in_tokyo(at))[0]
        sign = signoff.concur if step.role == StepRole.CONCURRENCE else signoff.approve
        sign(step_id=step.pk, by=signer, at=at)


def _turn(request: Request) -> Step | None:
    return request.steps.filter(state=StepState.ACTIVE).select_related("post").first()


def call_meeting(
    stage: Stage, day: date, *, agenda: str, place: str, called_on: date, hour: int = 10
) -> Meeting:
    """Plan a meeting of the stage's body and send it its papers."""
    at, by = when(called_on), who(SECRETARY)
    if stage.body is None:
        raise ValueError(f"{stage} has no body that could meet")
    meeting = meetings.plan_meeting(
        stage_id=stage.pk,
        body_id=stage.body.pk,
        held_on=day,
        starts_at=time(hour),
        place=place,
        title=stage.name,
        by=by,
        at=at,
    )
    return meetings.convene(meeting_id=meeting.pk, agenda=[(agenda, False)], by=by, at=at)


def hold(
    stage: Stage,
    day: date,
    *,
    agenda: str,
    called_on: date,
    outcome: Outcome,
    minutes_text: str,
    absent: Sequence[str] = (),
    place: str = "本庁舎 議会第1会議室",
    reason: str = "",
) -> Meeting:
    """Open the stage, hold its meeting, sign its minutes and conclude it, all on the day."""
    by = who(SECRETARY)
    meeting = call_meeting(stage, day, agenda=agenda, place=place, called_on=called_on)
    cycle.open_stage(stage_id=stage.pk, by=by, at=when(day, 9), reason=reason)
    _attend(meeting, absent, at=when(day, 10))
    meetings.start(meeting_id=meeting.pk, by=by, at=when(day, 10))
    for item in meeting.items.all():
        meetings.record_item(
            meeting_id=meeting.pk,
            item_id=item.pk,
            outcome=OUTCOMES[outcome],
            by=by,
            at=when(day, 11),
        )
    meetings.close(meeting_id=meeting.pk, by=by, at=when(day, 11, 30))
    _keep_minutes(meeting, minutes_text, day)
    cycle.conclude_stage(stage_id=stage.pk, outcome=outcome, by=by, at=when(day, 17))
    return meeting


def _attend(meeting: Meeting, absent: Sequence[str], at: datetime) -> None:
    presences = {
        row.post_id: (Presence.ABSENT if row.post.code in absent else Presence.PRESENT, "")
        for row in meeting.attendance.select_related("post")
    }
    meetings.set_attendance(meeting_id=meeting.pk, presences=presences, by=who(SECRETARY), at=at)


def _keep_minutes(meeting: Meeting, text: str, day: date) -> None:
    by = who(SECRETARY)
    minutes.edit_minutes(meeting_id=meeting.pk, text=text, by=by, at=when(day, 14))
    second = _second_signer(meeting)
    fixed = minutes.fix_minutes(
        meeting_id=meeting.pk,
        second_id=second.pk if second else None,
        by=by,
        at=when(day, 15),
    )
    sign_all(fixed.request, when(day, 16))


def _second_signer(meeting: Meeting) -> Post | None:
    """The member that the chair names: the first who attended beside the chair and the deputy."""
    if not needs_signing(rule_at(meeting)):
        return None
    row = meeting.attendance.select_related("post").filter(role="member", presence=Presence.PRESENT)
    return row[0].post


def propose(
    stage: Stage,
    *,
    title: str,
    text: str,
    line: Sequence[str],
    at: datetime,
    amount: int | None = None,
    informed: Sequence[str] = (),
) -> Request:
    """Ask for a decision; the last of `line` decides. "a+b" sign side by side (合議)."""
    posts = {post.code: post.pk for post in Post.objects.all()}
    steps = [
        (order, _role(order, codes, len(line)), posts[code])
        for order, codes in enumerate(line, 1)
        for code in codes.split("+")
    ]
    steps += [(len(line) + 1, StepRole.INFORMED, posts[code]) for code in informed]
    proposal = adoptions.propose(
        stage_id=stage.pk,
        title=title,
        text=text,
        steps=steps,
        said=Said(amount=amount, disclosure=Disclosure.OPEN),
        due_on=proposed_day(stage, in_tokyo(at), calendar()),
        by=who(SECRETARY),
        at=at,
    )
    return proposal.request


def _role(order: int, codes: str, last: int) -> StepRole:
    if order == last:
        return StepRole.DECIDER
    return StepRole.CONCURRENCE if "+" in codes else StepRole.LINE
