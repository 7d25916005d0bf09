"""不在・代理: who is away, and who acts then by which rule."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from workflow.audit.trail import record
from workflow.errors import Invalid
from workflow.ledger.command import command
from workflow.outbox.queue import emit
from workflow.people import parts
from workflow.people.models import Absence, Deputy, Post, User
from workflow.people.policies import check_can_report, check_is_personnel
from workflow.people.queries import deputies_of
from workflow.people.states import DeputyKind

PAGE = "/absences/"


@command
def register_deputy(
    *,
    post_id: int,
    deputy_id: int,
    kind: str,
    order: int = 1,
    since: date,
    until: date | None = None,
    scope: Sequence[str] = (),
    source: str,
    by: User | None,
    at: datetime,
) -> Deputy:
    """代決者・職務代理者の登録.

    scope   kinds of request that it is for; empty for all
    source  text of the rule
    """
    post = _lock_post(post_id)  # lock
    capacity = check_is_personnel(by, localdate(at))  # check
    deputy = Deputy(
        post=post,
        deputy=Post.objects.get(pk=deputy_id),
        kind=kind,
        order=order,
        since=since,
        until=until,
        scope=list(scope),
        source=source.strip(),
    )
    _check_deputy(deputy)
    record(  # move, record
        "people.deputy_registered", deputy, by=by, post=capacity, at=at, **_facts(deputy)
    )
    return deputy


@command
def end_deputy(*, deputy_id: int, until: date, by: User | None, at: datetime) -> Deputy:
    """代理の登録の終了. A registration that has not begun is taken back by an earlier day."""
    deputies = Deputy.objects.select_related("post", "deputy")
    deputy = deputies.select_for_update(of=("self",)).get(pk=deputy_id)  # lock
    capacity = check_is_personnel(by, localdate(at))  # check
    _check_end(deputy, until, localdate(at))
    if until < deputy.since:  # move
        deputy.in_force = False
    else:
        deputy.until = until
    record(  # record
        "people.deputy_ended", deputy, by=by, post=capacity, at=at, **_facts(deputy)
    )
    return deputy


@command
def register_absence(
    *, post_id: int, since: date, until: date, reason: str, by: User | None, at: datetime
) -> Absence:
    """不在の登録. Those who are registered to act for the post are told."""
    post = _lock_post(post_id)  # lock
    capacity = check_can_report(by, post, localdate(at))  # check
    _require(reason)
    _check_away(post, since, until, localdate(at))
    absence = Absence(post=post, since=since, until=until, reason=reason.strip())  # move
    days = parts.days_of(absence)
    entry = record(  # record
        "people.absence_registered",
        absence,
        by=by,
        post=capacity,
        at=at,
        reason=absence.reason,
        absent=post.name,
        **days,
    )
    to = [deputy.deputy.group for deputy in deputies_of(post, since)]
    emit(entry, to=[post.group, *to], link=PAGE, title=post.name, **days)  # tell
    return absence


@command
def withdraw_absence(*, absence_id: int, reason: str, by: User | None, at: datetime) -> Absence:
    """不在の取消し. Days that are over stay: others acted on them."""
    absences = Absence.objects.select_related("post__group")
    absence = absences.select_for_update(of=("self",)).get(pk=absence_id)  # lock
    today = localdate(at)
    capacity = check_can_report(by, absence.post, today)  # check
    _require(reason)
    if not absence.in_force or absence.until < today:
        raise Invalid(_("この不在は、すでに終わっています。"))
    entry = parts.withdraw_absence(  # move, record
        absence, on=today, by=by, post=capacity, at=at, reason=reason.strip()
    )
    to = [deputy.deputy.group for deputy in deputies_of(absence.post, today)]
    emit(entry, to=[absence.post.group, *to], link=PAGE, title=absence.post.name)  # tell
    return absence


def _lock_post(pk: int) -> Post:
    """The post's lock keeps two registrations from overlapping each other."""
    posts = Post.objects.select_related("group")
    return posts.select_for_update(no_key=True, of=("self",)).get(pk=pk)


def _check_deputy(deputy: Deputy) -> None:
    if deputy.kind not in DeputyKind.values:
        raise Invalid(_("代決か職務代理かを選んでください。"), field="kind")
    if deputy.deputy == deputy.post:
        raise Invalid(_("自分自身を代理にはできません。"), field="deputy")
    if deputy.order < 1:
        raise Invalid(_("順位は1以上で入力してください。"), field="order")
    if not deputy.source:
        raise Invalid(_("根拠とする規程を入力してください。"), field="source")
    _check_order(deputy.since, deputy.until)
    same = _overlapping(Deputy.objects.filter(post=deputy.post, kind=deputy.kind), deputy)
    if taken := same.filter(order=deputy.order).select_related("deputy").first():
        message = _("その期間の第%(order)d順位には、%(deputy)sが登録されています。")
        raise Invalid(message % {"order": deputy.order, "deputy": taken.deputy}, field="order")
    if same.filter(deputy=deputy.deputy).exists():
        raise Invalid(_("その期間は、すでにこの職が登録されています。"), field="deputy")


def _check_end(deputy: Deputy, until: date, today: date) -> None:
    if not deputy.in_force:
        raise Invalid(_("この登録は、すでに取り消されています。"), field="until")
    if until < deputy.since <= today:
        raise Invalid(_("終わりの日は、始まりの日以後にしてください。"), field="until")
    if deputy.until and until > deputy.until:
        raise Invalid(_("期間を延ばすときは、新しく登録してください。"), field="until")


def _check_away(post: Post, since: date, until: date, today: date) -> None:
    _check_order(since, until)
    if until < today:
        raise Invalid(_("過ぎた日の不在は登録できません。"), field="until")
    if _overlapping(Absence.objects.filter(post=post), Absence(since=since, until=until)).exists():
        raise Invalid(_("その期間と重なる不在が、すでに登録されています。"), field="since")


def _check_order(since: date, until: date | None) -> None:
    if until and until < since:
        raise Invalid(_("終わりの日は、始まりの日以後にしてください。"), field="until")


def _overlapping(rows: QuerySet[Any], new: Deputy | Absence) -> QuerySet[Any]:
    others = rows.filter(in_force=True).exclude(until__lt=new.since)
    return others.filter(since__lte=new.until) if new.until else others


def _require(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("理由を入力してください。"), field="reason")


def _facts(deputy: Deputy) -> dict[str, Any]:
    return {
        "principal": deputy.post.name,
        "deputy": deputy.deputy.name,
        "kind": deputy.kind,
        "order": deputy.order,
        "since": deputy.since.isoformat(),
        "until": deputy.until.isoformat() if deputy.until else "",
        "scope": deputy.scope,
        "source": deputy.source,
        "in_force": deputy.in_force,
    }
