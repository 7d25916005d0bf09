from datetime import date, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from workflow.audit.trail import check_seen, record
from workflow.errors import Invalid
from workflow.ledger.command import command
from workflow.people.gates import check_can_suspend, check_fits, check_suspended
from workflow.people.models import Appointment, Post, User
from workflow.people.parts import refresh_memberships
from workflow.people.policies import check_can_administer
from workflow.people.states import UserKind


@command
def create_user(
    *,
    username: str,
    name: str,
    kind: str = UserKind.STAFF,
    email: str = "",
    password: str = "",
    by: User | None,
    at: datetime,
) -> User:
    """利用者の登録. Without a password nobody can sign in until one is set."""
    check_can_administer(by)  # check
    user = User(username=username, name=name, kind=kind, email=email)
    user.set_password(password or None)  # move
    _check_user(user, password)
    record("people.created", user, by=by, at=at, username=username, kind=kind)  # record
    return user


@command
def set_email(
    *, user_id: int, email: str, by: User | None, at: datetime, seen: int | None = None
) -> User:
    """電子メールの宛先: "" for somebody who reads on screen alone. The trail keeps no address.

    seen    as in check_seen()
    raises  Invalid (email), Stale
    """
    user = User.objects.select_for_update().get(pk=user_id)  # lock

    check_can_administer(by)  # check
    check_seen(user, seen)
    if email == user.email:
        raise Invalid(_("いまの宛先と同じです。"), field="email")

    user.email = email  # move
    _check_user(user, "")

    record("people.email_set", user, by=by, at=at)  # record
    return user


@command
def appoint(
    *,
    user_id: int,
    post_id: int,
    since: date,
    until: date | None = None,
    is_concurrent: bool = False,
    by: User | None,
    at: datetime,
) -> Appointment:
    """発令. The post's rights come with the day, at once when it has come already."""
    user = User.objects.select_for_update().get(pk=user_id)  # lock
    check_can_administer(by)  # check
    post = Post.objects.get(pk=post_id)
    check_fits(user, post)
    _check_span(user, post, since, until)
    appointment = Appointment.objects.create(  # move
        user=user, post=post, since=since, until=until, is_concurrent=is_concurrent
    )
    refresh_memberships(localdate(at), only=[user.pk])
    record("people.appointed", user, by=by, at=at, **_facts(appointment))  # record
    return appointment


@command
def end_appointment(
    *, appointment_id: int, until: date, by: User | None, at: datetime
) -> Appointment:
    """発令の終了. `until` is the last day; the rights go with the next one."""
    appointments = Appointment.objects.select_related("user", "post")
    appointment = appointments.select_for_update(of=("user", "self")).get(pk=appointment_id)  # lock
    check_can_administer(by)  # check
    _check_end(appointment, until)
    appointment.until = until  # move
    appointment.save(update_fields=["until"])
    refresh_memberships(localdate(at), only=[appointment.user_id])
    record(  # record
        "people.appointment_ended", appointment.user, by=by, at=at, **_facts(appointment)
    )
    return appointment


@command
def suspend_user(
    *, user_id: int, reason: str, by: User | None, at: datetime, seen: int | None = None
) -> User:
    """利用の停止: they sign in no more, and are signed out; their posts stay theirs."""
    user = User.objects.select_for_update().get(pk=user_id)  # lock
    check_can_administer(by)  # check
    check_seen(user, seen)
    check_can_suspend(user, by=by, reason=reason)
    user.is_active = False  # move
    record("people.suspended", user, by=by, at=at, reason=reason)  # record
    return user


@command
def restore_user(
    *, user_id: int, reason: str, by: User | None, at: datetime, seen: int | None = None
) -> User:
    """利用の再開."""
    user = User.objects.select_for_update().get(pk=user_id)  # lock
    check_can_administer(by)  # check
    check_seen(user, seen)
    check_suspended(user, reason=reason)
    user.is_active = True  # move
    record("people.restored", user, by=by, at=at, reason=reason)  # record
    return user


@command
def reset_password(
    *, user_id: int, password: str, by: User | None, at: datetime, seen: int | None = None
) -> User:
    """パスワードの定め直し, for who has forgotten theirs; they are signed out."""
    user = User.objects.select_for_update().get(pk=user_id)  # lock
    check_can_administer(by)  # check
    check_seen(user, seen)
    _check_password(user, password)
    user.set_password(password)  # move
    record("people.password_reset", user, by=by, at=at)  # record
    return user


@command
def follow_appointments(*, by: User | None, at: datetime) -> None:
    """Let every group hold whom the day's appointments give. Writes no entry: it adds no fact."""
    check_can_administer(by)  # check
    refresh_memberships(localdate(at))  # move


def _check_user(user: User, password: str) -> None:
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as refused:
        field = next(iter(refused.message_dict))
        raise Invalid(" ".join(refused.messages), field=field) from refused
    if password:
        _check_password(user, password)


def _check_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as refused:
        raise Invalid(" ".join(refused.messages), field="password") from refused


def _check_span(user: User, post: Post, since: date, until: date | None) -> None:
    if until and until < since:
        raise Invalid(_("終わりの日は、始まりの日以後にしてください。"), field="until")
    others = Appointment.objects.exclude(until__lt=since).filter(user=user, post=post)
    if (others.filter(since__lte=until) if until else others).exists():
        raise Invalid(_("その期間は、すでにこの職に就いています。"), field="since")


def _check_end(appointment: Appointment, until: date) -> None:
    if until < appointment.since:
        raise Invalid(_("終わりの日は、始まりの日以後にしてください。"), field="until")
    if appointment.until and until > appointment.until:
        raise Invalid(_("任期を延ばすときは、新しい発令をしてください。"), field="until")


def _facts(appointment: Appointment) -> dict[str, Any]:
    return {
        "appointed_to": appointment.post.name,
        "since": appointment.since.isoformat(),
        "until": appointment.until.isoformat() if appointment.until else "",
        "is_concurrent": appointment.is_concurrent,
    }
