"""What a transfer does on its day. Usable only inside a command."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.outbox.queue import emit
from workflow.people.models import Absence, Appointment, Post, User
from workflow.people.parts import refresh_memberships, withdraw_absence
from workflow.people.queries import posts_of
from workflow.transfer.models import Transfer, TransferLine
from workflow.transfer.queries import DAY, appointments_around, left_by, waiting_by_post


def carry_out(
    transfer: Transfer,
    lines: Sequence[TransferLine],
    users: Mapping[int, User],
    *,
    by: User | None,
    post: Post | None,
    at: datetime,
) -> None:
    """End what is left, appoint to what is given, and let the groups follow once.

    users  everybody in `lines` by id, locked
    """
    held = appointments_around(list(users), transfer.effective_on)
    ended = []
    for line in lines:
        if leaves := left_by(line, held.get(line.user_id, []), transfer.effective_on):
            leaves.until = line.keep_until or transfer.effective_on - DAY
            ended.append(leaves)
    Appointment.objects.bulk_update(ended, ["until"], batch_size=500)
    Appointment.objects.bulk_create(
        [
            Appointment(
                user_id=line.user_id,
                post_id=line.to_post_id,
                since=transfer.effective_on,
                is_concurrent=line.is_concurrent,
            )
            for line in lines
            if line.to_post_id
        ],
        batch_size=500,
    )
    _end_absences(transfer, lines, by=by, post=post, at=at)
    refresh_memberships(in_tokyo(at), only=users)


def tell_everybody(
    transfer: Transfer,
    lines: Sequence[TransferLine],
    users: Mapping[int, User],
    *,
    by: User | None,
    post: Post | None,
    at: datetime,
) -> None:
    """Write it into everybody's own record, and tell them which posts they hold now."""
    now = posts_of(users, in_tokyo(at))
    waiting = waiting_by_post([held for posts in now.values() for held in posts])
    for pk, user in users.items():
        mine = [line for line in lines if line.user_id == pk]
        held = now.get(pk, [])
        entry = record(
            "people.transferred",
            user,
            by=by,
            post=post,
            at=at,
            transfer=transfer.pk,
            **called(transfer),
            lines=[told(line) for line in mine],
        )
        emit(
            entry,
            users=[pk],
            link="/",
            title=transfer.title,
            posts="、".join(held_post.name for held_post in held),
            waiting=sum(waiting.get(held_post.pk, 0) for held_post in held),
        )


def called(transfer: Transfer) -> dict[str, str]:
    return {"title": transfer.title, "effective_on": transfer.effective_on.isoformat()}


def told(line: TransferLine) -> dict[str, str | bool]:
    """A line in the names of now."""
    return {
        "user": line.user.name,
        "from": line.from_post.name if line.from_post else "",
        "to": line.to_post.name if line.to_post else "",
        "is_concurrent": line.is_concurrent,
        "keep_until": line.keep_until.isoformat() if line.keep_until else "",
    }


def _end_absences(
    transfer: Transfer,
    lines: Sequence[TransferLine],
    *,
    by: User | None,
    post: Post | None,
    at: datetime,
) -> None:
    """Who was absent has left: the successor is there.

    When it is late, the days that are over stay: others acted on them.
    """
    on = max(transfer.effective_on, in_tokyo(at))
    given = [line.to_post_id for line in lines if line.to_post_id]
    rows = Absence.objects.filter(post__in=given, in_force=True, until__gte=on).select_related(
        "post"
    )
    for absence in rows.select_for_update(of=("self",)):
        withdraw_absence(absence, on=on, by=by, post=post, at=at, reason=transfer.title)
