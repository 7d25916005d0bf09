"""Writes of a public comment. Usable only inside a command."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.utils.crypto import salted_hmac

from revisions.opinion.models import Opinion
from revisions.plan.models import Revision
from revisions.plan.parts_days import dates, moves, tell_days
from revisions.plan.parts_stages import follow
from revisions.public_comment import period
from revisions.public_comment.gates import is_short, page
from revisions.public_comment.models import PublicComment
from revisions.public_comment.queries import DEADLINE, STOPPED, answers_due
from revisions.public_comment.states import CommentState as S
from workflow.access import groups_with
from workflow.audit.chain import digest
from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.parts import lift, set_deadline
from workflow.deadline.queries import calendar
from workflow.outbox.queue import emit
from workflow.path import parts as path
from workflow.path.models import Deviation, Stage
from workflow.path.queries import stages_of
from workflow.path.states import DeviationKind, Precision, StageKind
from workflow.people.models import Post, User


def lock(comment_id: int) -> PublicComment:
    """Lock a public comment under its revision, which numbers opinions and keeps the stage."""
    revision = Revision.objects.select_for_update(of=("self",)).get(comments=comment_id)
    comments = PublicComment.objects.select_for_update(of=("self",))
    comment = comments.select_related("stage", "version").get(pk=comment_id)
    comment.revision = revision
    return comment


def lock_of(stage: Stage) -> PublicComment | None:
    comments = PublicComment.objects.select_for_update(of=("self",)).select_related("revision")
    return comments.filter(stage=stage).first()


def new(revision: Revision, stage: Stage) -> PublicComment:
    """Return an unsaved public comment under the city's rule of the least days."""
    return PublicComment(
        revision=revision,
        stage=stage,
        minimum_days=settings.COMMENT_MINIMUM_DAYS,
        minimum_source=settings.COMMENT_MINIMUM_SOURCE,
    )


def follow_stage(stage: Stage, *, by: User, post: Post, at: datetime, reason: str) -> None:
    """Let the period of a comment that is prepared be the new days of its stage."""
    comment = lock_of(stage) if stage.kind == StageKind.PUBLIC_COMMENT else None
    first, last = stage.planned_from, stage.planned_until
    if not comment or not first or not last or (comment.first_on, comment.last_on) == (first, last):
        return
    short = is_short(first, last, comment.minimum_days)
    comment.prepare(
        title=comment.title,
        text=comment.text,
        first_on=first,
        last_on=last,
        short_reason=comment.short_reason if short else "",
    )
    record(
        "public_comment.prepared",
        comment,
        by=by,
        post=post,
        at=at,
        before=comment.state,
        after=comment.state,
        reason=reason,
        **facts(comment),
    )


def facts(comment: PublicComment) -> dict[str, Any]:
    return {
        "title": comment.title,
        "first_on": comment.first_on.isoformat(),
        "last_on": comment.last_on.isoformat(),
        "days": period.days(comment.first_on, comment.last_on),
    }


def plan_stage(comment: PublicComment, *, by: User, post: Post, at: datetime) -> None:
    """Let the period be the days of the stage: what was planned gives way, and new days are told.

    Whoever prepares or announces a comment holds the lock of its revision.
    """
    stage, revision, before = comment.stage, comment.revision, dates(comment.stage)
    path.plan(stage, comment.first_on, comment.last_on, Precision.DAY, calendar(), by=by, at=at)
    if dates(stage) == before:
        return
    path_now = stages_of(revision.case_id, moved=[stage])
    follow(revision, path_now, by=by, at=at, replanned=True)
    reason = "意見募集の期間に合わせる。"
    entry = record(
        "stage.planned",
        revision,
        stage,
        by=by,
        post=post,
        at=at,
        before=before,
        after=dates(stage),
        reason=reason,
        stage=stage.pk,
        name=stage.name,
        round=stage.round.name,
    )
    tell_days(entry, revision, moves([stage], {stage.pk: before}), reason=reason)


def secretariat(comment: PublicComment) -> list[Group]:
    return groups_with("steer_revision", comment.revision)


def set_answering_deadline(comment: PublicComment, *, by: User, at: datetime) -> None:
    """The secretariat begins to answer on the working day after the last day."""
    for group in secretariat(comment)[:1]:
        set_deadline(
            subject=comment,
            kind=DEADLINE,
            title=f"「{comment.title}」の取りまとめを始める",
            link=page(comment),
            group=group,
            due_on=calendar().working_day_after(comment.last_on, 1),
            asked_by=group,
            by=by,
            at=at,
        )


def note_shortening(comment: PublicComment, *, by: User, at: datetime) -> None:
    """A period shorter than the rule is a departure from the route (逸脱)."""
    what = f"意見募集期間を{comment.minimum_days}日より短くした"
    Deviation.objects.create(
        stage=comment.stage,
        kind=DeviationKind.SHORTENED,
        what=what,
        reason=comment.short_reason,
        by=by,
        at=at,
    )


def catch_up(comment: PublicComment, *, at: datetime) -> None:
    """Bring a locked public comment's state up to the calendar; nothing when it is."""
    if comment.stage.state in STOPPED:
        return
    today = in_tokyo(at)
    if comment.state == S.ANNOUNCED and comment.first_on <= today:
        comment.begin()
        _turned("public_comment.begun", comment, before=S.ANNOUNCED, at=at)
    if comment.state == S.ACCEPTING and comment.last_on < today:
        comment.close()
        comment.submissions.update(sender="")
        due = answers_due([comment]).get(comment.key)
        days = {"due_on": due.isoformat()} if due else {}
        _turned("public_comment.closed", comment, before=S.ACCEPTING, at=at, **days)


def call_off(stage: Stage, *, by: User, post: Post, at: datetime, reason: str) -> None:
    """Expect no answers any more of a stage that ends without its result."""
    if comment := lock_of(stage):
        comment.submissions.update(sender="")
        lift(comment, DEADLINE, by=by, at=at)


def publish_opinions(opinions: Iterable[Opinion], *, by: User, post: Post, at: datetime) -> None:
    for opinion in opinions:
        before = opinion.state
        opinion.publish()
        record(
            "opinion.published",
            opinion,
            by=by,
            post=post,
            at=at,
            before=before,
            after=opinion.state,
        )


def answering_sections(opinions: Iterable[Opinion]) -> list[Group]:
    sections = {opinion.section_id for opinion in opinions if opinion.section_id}
    return list(Group.objects.filter(section__in=sections))


def disguise(address: str, on: date) -> str:
    """Return what tells one address from another for a day, and never which it is."""
    return salted_hmac("public_comment.sender", f"{on} {address}", algorithm="sha256").hexdigest()


def key_of(comment: PublicComment, form_id: str, text: str) -> str:
    """The same wording from the same form is one opinion; changed wording is another."""
    return digest(f"{comment.pk}\n{form_id}\n{text}")


def _turned(verb: str, comment: PublicComment, *, before: str, at: datetime, **told: Any) -> None:
    entry = record(verb, comment, by=None, at=at, before=before, after=comment.state)
    emit(entry, to=secretariat(comment), link=page(comment), **facts(comment), **told)
