"""意見公募: what the secretariat, the calendar and citizens do."""

from datetime import date, datetime

from django.conf import settings

from revisions.opinion.parts import receive_opinion
from revisions.opinion.states import Channel, Medium
from revisions.plan.models import Revision
from revisions.plan.parts import freeze
from revisions.plan.policies import check_can_steer
from revisions.public_comment import gates, parts, queries
from revisions.public_comment.gates import page
from revisions.public_comment.models import PublicComment, Submission
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.parts import meet
from workflow.errors import TooMany
from workflow.ledger.command import command
from workflow.outbox.queue import emit
from workflow.path.gates import check_near
from workflow.path.models import Stage
from workflow.people.models import User


@command
def prepare_comment(
    *,
    stage_id: int,
    title: str,
    text: str = "",
    first_on: date,
    last_on: date,
    short_reason: str = "",
    by: User,
    at: datetime,
    seen: int | None = None,
) -> PublicComment:
    """Lay down title and period of a stage's public comment, or change them until announced.

    The period is then the days of the stage.
    """
    revisions = Revision.objects.select_for_update(of=("self",))
    revision = revisions.get(case__stages=stage_id)  # lock
    stage = Stage.objects.select_related("round").get(pk=stage_id)
    comment = parts.lock_of(stage) or parts.new(revision, stage)
    comment.revision, comment.stage = revision, stage

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_seen(comment, seen)
    gates.check_stage_takes_comments(stage)
    gates.check_title(title)
    gates.check_ahead(first_on, in_tokyo(at))
    check_near(last_on, at, "last_on")
    gates.check_period(first_on, last_on, comment.minimum_days, short_reason)

    before = comment.state if comment.pk else ""
    short = gates.is_short(first_on, last_on, comment.minimum_days)
    comment.prepare(  # move
        title=title.strip(),
        text=text,
        first_on=first_on,
        last_on=last_on,
        short_reason=short_reason.strip() if short else "",
    )

    record(  # record
        "public_comment.prepared",
        comment,
        by=by,
        post=post,
        at=at,
        before=before,
        after=comment.state,
        **parts.facts(comment),
    )
    parts.plan_stage(comment, by=by, post=post, at=at)
    return comment


@command
def announce(*, comment_id: int, by: User, at: datetime, seen: int | None = None) -> PublicComment:
    """Show the plan as it is now to the public (予告); from its first day on it takes opinions."""
    comment = parts.lock(comment_id)  # lock

    post = check_can_steer(by, comment.revision, in_tokyo(at))  # check
    check_seen(comment, seen)
    gates.check_stage_takes_comments(comment.stage)
    gates.check_ahead(comment.first_on, in_tokyo(at))

    before = comment.state
    label = f"{comment.title} 公表資料"
    version = freeze(comment.revision, label=label, by=by, at=at)
    comment.announce(version=version)  # move
    if comment.short_reason:
        parts.note_shortening(comment, by=by, at=at)
    parts.set_answering_deadline(comment, by=by, at=at)

    entry = record(  # record
        "public_comment.announced",
        comment,
        by=by,
        post=post,
        at=at,
        before=before,
        after=comment.state,
        version=version.sha256,
        **parts.facts(comment),
    )
    emit(entry, to=parts.secretariat(comment), link=page(comment), **parts.facts(comment))  # tell
    parts.plan_stage(comment, by=by, post=post, at=at)
    return comment


@command
def turn(*, comment_id: int, by: User | None, at: datetime) -> PublicComment:
    """Let the state follow the calendar: begin on the first day, close after the last."""
    comment = parts.lock(comment_id)  # lock
    parts.catch_up(comment, at=at)  # move, record, tell
    return comment


@command
def submit_opinion(
    *,
    comment_id: int,
    form_id: str,
    text: str,
    name: str = "",
    address: str = "",
    contact: str = "",
    place: str = "",
    sender: str,
    by: User | None = None,
    at: datetime,
) -> Submission:
    """Receive a citizen's opinion by the web form (意見の提出).

    form_id  of the form that was shown: the same wording sent twice from it is one opinion
    sender   network address; kept only as a keyed digest of the day, until the period is over
    raises   Invalid outside the period and for wording that can't be taken; TooMany
    """
    comment = parts.lock(comment_id)  # lock
    key = parts.key_of(comment, form_id, text)
    if done := Submission.objects.filter(key=key).first():
        return done

    on, who = in_tokyo(at), parts.disguise(sender, in_tokyo(at))
    submitter = {"name": name, "address": address, "contact": contact}
    gates.check_accepting(comment, on)  # check
    gates.check_wording(text, submitter | {"place": place})
    if queries.sent_last_hour(who, at) >= settings.OPINIONS_PER_HOUR:
        raise TooMany

    opinion = receive_opinion(  # move, record, tell
        comment.revision,
        stage=comment.stage,
        channel=Channel.CITIZEN,
        medium=Medium.WEB,
        received_on=on,
        text=text,
        place=place,
        submitter=submitter,
        by=by,
        at=at,
    )
    return Submission.objects.create(comment=comment, opinion=opinion, key=key, sender=who, at=at)


@command
def start_answering(
    *, comment_id: int, by: User, at: datetime, seen: int | None = None
) -> PublicComment:
    """Begin to draft the city's answers (取りまとめ), once the period is over."""
    comment = parts.lock(comment_id)  # lock

    post = check_can_steer(by, comment.revision, in_tokyo(at))  # check
    check_seen(comment, seen)
    parts.catch_up(comment, at=at)

    before = comment.state
    comment.answer()  # move
    meet(comment, queries.DEADLINE, by=by, at=at)

    record(  # record
        "public_comment.answering_started",
        comment,
        by=by,
        post=post,
        at=at,
        before=before,
        after=comment.state,
    )
    return comment


@command
def publish(
    *, comment_id: int, result: str, by: User, at: datetime, seen: int | None = None
) -> PublicComment:
    """Publish every opinion's summary and answer together (結果公表); keep the draft as it is."""
    comment = parts.lock(comment_id)  # lock
    opinions = list(queries.opinions_of(comment).select_for_update(of=("self",)))

    post = check_can_steer(by, comment.revision, in_tokyo(at))  # check
    check_seen(comment, seen)
    gates.check_answered(comment)
    parts.catch_up(comment, at=at)

    before = comment.state
    comment.publish(result=result, at=at)  # move
    label = f"{comment.title} 結果公表"
    version = freeze(comment.revision, label=label, by=by, at=at)
    parts.publish_opinions(opinions, by=by, post=post, at=at)
    meet(comment, queries.DEADLINE, by=by, at=at)

    entry = record(  # record
        "public_comment.published",
        comment,
        by=by,
        post=post,
        at=at,
        before=before,
        after=comment.state,
        opinions=len(opinions),
        version=version.sha256,
        **parts.facts(comment),
    )
    told = [*parts.secretariat(comment), *parts.answering_sections(opinions)]
    emit(entry, to=told, link=page(comment), **parts.facts(comment))  # tell
    return comment
