"""人事異動: what the personnel section does, and what happens on the day."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.policies import check_is_the_clock
from workflow.errors import Invalid, Unmet
from workflow.ledger.command import command
from workflow.outbox.queue import emit
from workflow.people.models import User
from workflow.people.policies import check_is_personnel
from workflow.people.queries import administrators, personnel_group
from workflow.transfer import parts
from workflow.transfer.gates import (
    Move,
    check_all_fit,
    check_day_has_come,
    check_moves,
    check_title,
    misfits,
    page,
)
from workflow.transfer.models import Transfer, TransferLine
from workflow.transfer.queries import lines_of


@command
def prepare(*, title: str, effective_on: date, by: User | None, at: datetime) -> Transfer:
    """異動の準備. Nobody concerned is told before the day (内示の前)."""
    post = check_is_personnel(by, in_tokyo(at))  # check
    transfer = Transfer(title=check_title(title), effective_on=effective_on)  # move
    facts = parts.called(transfer)
    record(  # record
        "transfer.prepared", transfer, by=by, post=post, at=at, after=transfer.state, **facts
    )
    return transfer


@command
def revise(
    *,
    transfer_id: int,
    title: str,
    effective_on: date,
    by: User | None,
    at: datetime,
    seen: int | None = None,
) -> Transfer:
    """名称と発令の日を直す. Lines that do not fit the new day are mended before 予約."""
    transfer = _lock(transfer_id)  # lock
    post = check_is_personnel(by, in_tokyo(at))  # check
    check_seen(transfer, seen)
    title, was = check_title(title), parts.called(transfer)
    transfer.edit()  # move
    transfer.title, transfer.effective_on = title, effective_on
    facts = parts.called(transfer)
    record("transfer.revised", transfer, by=by, post=post, at=at, was=was, **facts)  # record
    return transfer


@command
def add_lines(
    *,
    transfer_id: int,
    moves: Sequence[Move],
    by: User | None,
    at: datetime,
    seen: int | None = None,
) -> list[TransferLine]:
    """異動する人を加える: all of them, or none and every one's fault.

    raises  Unfit
    """
    transfer = _lock(transfer_id)  # lock
    post = check_is_personnel(by, in_tokyo(at))  # check
    check_seen(transfer, seen)
    transfer.edit()  # move
    lines = check_moves(transfer, moves)
    TransferLine.objects.bulk_create(lines, batch_size=500)
    record(  # record
        "transfer.lines_added",
        transfer,
        by=by,
        post=post,
        at=at,
        lines=[parts.told(line) for line in lines],
    )
    return lines


@command
def remove_line(*, line_id: int, by: User | None, at: datetime) -> Transfer:
    """異動する人を外す."""
    transfer = _lock(TransferLine.objects.get(pk=line_id).transfer_id)  # lock
    post = check_is_personnel(by, in_tokyo(at))  # check
    transfer.edit()  # move
    line = next(line for line in lines_of(transfer) if line.pk == line_id)
    facts = parts.told(line)
    line.delete()
    record("transfer.line_removed", transfer, by=by, post=post, at=at, lines=[facts])  # record
    return transfer


@command
def schedule(
    *, transfer_id: int, by: User | None, at: datetime, seen: int | None = None
) -> Transfer:
    """異動の予約: it is carried out on its day by itself."""
    transfer = _lock(transfer_id)  # lock
    post = check_is_personnel(by, in_tokyo(at))  # check
    check_seen(transfer, seen)
    before = transfer.state
    transfer.schedule()  # move
    check_all_fit(transfer, lines_of(transfer))
    record(  # record
        "transfer.scheduled",
        transfer,
        by=by,
        post=post,
        at=at,
        before=before,
        after=transfer.state,
    )
    return transfer


@command
def reopen(*, transfer_id: int, by: User | None, at: datetime) -> Transfer:
    """予約の取消し: its lines can be changed again."""
    transfer = _lock(transfer_id)  # lock
    post = check_is_personnel(by, in_tokyo(at))  # check
    before = transfer.state
    transfer.reopen()  # move
    record(  # record
        "transfer.reopened", transfer, by=by, post=post, at=at, before=before, after=transfer.state
    )
    return transfer


@command
def cancel(*, transfer_id: int, reason: str, by: User | None, at: datetime) -> Transfer:
    """異動の中止."""
    transfer = _lock(transfer_id)  # lock
    post = check_is_personnel(by, in_tokyo(at))  # check
    if not reason.strip():
        raise Invalid(_("理由を入力してください。"), field="reason")
    before = transfer.state
    transfer.cancel(at=at)  # move
    record(  # record
        "transfer.cancelled",
        transfer,
        by=by,
        post=post,
        at=at,
        before=before,
        after=transfer.state,
        reason=reason.strip(),
    )
    return transfer


@command
def apply(*, transfer_id: int, by: User | None = None, at: datetime) -> Transfer:
    """発令: everybody in it changes posts at once, on the day by the clock, by hand when late.

    raises  Unmet, naming every line that does not fit; then nothing has changed
    """
    transfer = _lock(transfer_id)  # lock
    lines = lines_of(transfer)
    users = _lock_users(lines)
    post = check_is_personnel(by, in_tokyo(at))  # check
    before = transfer.state
    transfer.apply(at=at)  # move
    check_day_has_come(transfer, in_tokyo(at))
    check_all_fit(transfer, lines)
    parts.carry_out(transfer, lines, users, by=by, post=post, at=at)
    record(  # record
        "transfer.applied",
        transfer,
        by=by,
        post=post,
        at=at,
        before=before,
        after=transfer.state,
        lines=[parts.told(line) for line in lines],
    )
    parts.tell_everybody(transfer, lines, users, by=by, post=post, at=at)  # tell
    return transfer


@command
def report_failure(*, transfer_id: int, by: User | None = None, at: datetime) -> Transfer:
    """発令の失敗: tell who administers which lines stand in the way, once a day."""
    transfer = _lock(transfer_id)  # lock
    check_is_the_clock(by)  # check
    today = in_tokyo(at)
    wrong = misfits(transfer, lines_of(transfer))
    if not wrong or transfer.failed_on == today:
        raise Unmet(_("知らせることはありません。"))
    before = transfer.state
    transfer.fail(on=today)  # move
    entry = record(  # record
        "transfer.failed", transfer, by=by, at=at, before=before, after=transfer.state, lines=wrong
    )
    emit(  # tell
        entry,
        to=[personnel_group()],
        users=administrators(),
        link=page(transfer),
        title=transfer.title,
        reason="、".join(wrong),
    )
    return transfer


def _lock(pk: int) -> Transfer:
    return Transfer.objects.select_for_update().get(pk=pk)


def _lock_users(lines: Sequence[TransferLine]) -> dict[int, User]:
    """Everybody by id, in the order in which people are always locked."""
    users = User.objects.filter(pk__in={line.user_id for line in lines})
    return {user.pk: user for user in users.select_for_update().order_by("pk")}
