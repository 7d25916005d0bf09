"""From the outbox to people: at least once by mail, exactly once on screen."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import OperationalError, connection

from notifications.channels.email import Line, Outcome
from notifications.hooks.parts import queue_hooks
from notifications.models import Delivery
from notifications.moments import next_digest, next_try
from notifications.queries import recipients
from notifications.queries_mail import Mail, around, dues_of, mails_of, needless, waiting_mails
from notifications.sending import ATTEMPTS, IN_HAND, INTERRUPTED, TAKEN
from notifications.states import ChannelCode, Way
from notifications.untold import due_events, note_told, put_off
from notifications.urgency import is_urgent, topic_of
from workflow.deadline.queries import calendar
from workflow.ledger.command import command, move
from workflow.models import OutboxEvent
from workflow.outbox.backoff import FIRST_PAUSE, pause
from workflow.outbox.queue import claim

EVENTS = 20
MAILS = 50
SETTLED = 10
"""Mails of which it is written at once that they were sent."""
DOUBTS = 2
"""How often a mail may have arrived without our knowing; who wants it once more sends it anew."""
SLOW = 4
"""What may have arrived is sent again as after so many failures: in half an hour."""
LEASE = timedelta(minutes=5)
"""A batch takes no longer: email.BUDGET, and a mail that was begun, of at most ten answers of the
server that come within EMAIL_TIMEOUT each, and within smtp.SCANNED times as long after its text.
Then another worker sends what is left."""

HAND = (
    f"UPDATE {Delivery._meta.db_table} SET handed = handed + 1"  # noqa: S608
    " WHERE next_at = %s AND id IN (%s, %s)"
)
"""Written out, since it is asked for every mail: put together by Django it costs five times as
much."""
UNAWAITED = " AND set_config('synchronous_commit', 'off', true) = 'off'"
"""PostgreSQL does not wait for its disk. What is committed is the server's, and seen by all,
whatever becomes of the process that asked. Only a server that itself falls within its next second
forgets it: then what went since the last _settle(), SETTLED mails at most, goes once more."""

log = logging.getLogger(__name__)


def fan_out(*, at: datetime) -> int:
    """Turn waiting events into deliveries, once for each person and channel. Return how many.

    A batch that fails is told one by one; an event that fails alone is logged, put off and keeps
    back no other.
    """
    waiting = list(due_events(at).values_list("pk", flat=True))
    return sum(_fan_out_some(waiting[n : n + EVENTS], at) for n in range(0, len(waiting), EVENTS))


def send_mails(*, at: datetime, limit: int = MAILS) -> int:
    """Send waiting mails, no lock held meanwhile. Return how many went out.

    Before a mail is handed over, it is written down that it is, and that the one before was taken
    in. Whoever finds what a process left that died knows so of each mail but the one that it was
    at. That is sent once more, with the same Message-ID, and then given up.
    """
    mails, sent = _lease(at, limit), 0
    if not mails:
        return 0
    done: list[Outcome] = []
    with closing(Line(around(mails, at))) as line:
        while mails and not line.is_over:
            mail = mails.pop(0)
            if _hand(mail, done[-1:], at):
                done.append(line.send(mail))
            if done and (done[-1].error or len(done) == SETTLED):
                sent += _settle(done, at)
                done = []
        sent += _settle(done, at)
        _release(mails, _quietly(at + FIRST_PAUSE) if line.is_gone else at, at)
    return sent


def _fan_out_some(ids: list[int], at: datetime) -> int:
    try:
        return _fan_out(ids, at)
    except OperationalError:  # it is the database that fails
        raise
    except Exception as failed:
        if len(ids) == 1:
            log.exception("notifications.event_failed: %d", ids[0])
            put_off(ids[0], type(failed).__name__, at)
            return 0
    return sum(_fan_out_some([pk], at) for pk in ids)


@command
def _fan_out(ids: list[int], at: datetime) -> int:
    events = claim(due_events(at).filter(pk__in=ids))
    Delivery.objects.bulk_create(_deliveries(events, at), ignore_conflicts=True, batch_size=500)
    queue_hooks(events, at)
    OutboxEvent.objects.filter(pk__in=[e.pk for e in events]).update(fanned_out_at=at)
    note_told(events, at)
    return len(events)


def _deliveries(events: list[OutboxEvent], at: datetime) -> Iterator[Delivery]:
    told, dues = recipients(events), dues_of(events, at)
    for event in events:
        urgent = is_urgent(event, dues.left(event))
        for user, wish in told[event.pk].items():
            shown = Delivery(event=event, user_id=user, channel=ChannelCode.APP)
            shown.send(at=at)
            yield shown
            if (way := wish.way(topic_of(event.kind))) != Way.APP:
                mail = Delivery(event=event, user_id=user, channel=ChannelCode.EMAIL, next_at=at)
                if way == Way.DIGEST and not urgent:
                    mail.hold(until=next_digest(at, wish.hour, dues.days))
                yield mail


@command
def _lease(at: datetime, limit: int) -> list[Mail]:
    """Keep mails from other workers for a while; end those that are not to be sent any more.

    What has failed before comes last: whatever it does to this process, the others are sent.
    """
    due = waiting_mails(at).select_for_update(skip_locked=True)
    leased = [delivery.pk for delivery in due[:limit]]
    Delivery.objects.filter(pk__in=leased).update(next_at=at + LEASE)
    mails = mails_of(leased)
    unwanted = needless([row for mail in mails for row in mail.told])
    wanted = []
    for mail in mails:
        if left := _left_behind(mail):
            _end(left, at)
        elif unwanted.issuperset(row.pk for row in mail.told):
            _move(mail.told, lambda row: row.drop())
        else:
            wanted.append(mail)
    return sorted(wanted, key=lambda mail: mail.leader.attempts)


def _left_behind(mail: Mail) -> Outcome | None:
    """Return what became of a mail whose process died before it wrote that."""
    if mail.leader.handed >= TAKEN:
        return Outcome(mail)
    died_in_it = mail.leader.handed == IN_HAND
    return Outcome(mail, INTERRUPTED, is_doubtful=True) if died_in_it else None


def _hand(mail: Mail, before: Sequence[Outcome], at: datetime) -> bool:
    """Write that a mail is in hand, and that the one before was taken in.

    False when it is ours no more: this process slept, and another took over.
    """
    ids = [mail.leader.pk, *(done.mail.leader.pk for done in before)]
    leased = connection.ops.adapt_datetimefield_value(at + LEASE)
    mark = HAND + UNAWAITED if connection.vendor == "postgresql" else HAND
    with connection.cursor() as cursor:
        cursor.execute(mark, [leased, ids[0], ids[-1]])
        return bool(cursor.rowcount == len(ids))


@command
def _settle(done: Sequence[Outcome], at: datetime) -> int:
    """Write what became of some mails, and so of all that they tell. Return how many went out."""
    ids = [row.pk for outcome in done for row in outcome.mail.told]
    locked = Delivery.objects.filter(pk__in=ids).order_by("pk").select_for_update()
    now = {row.pk: row for row in locked}
    for outcome in done:
        told = [now[row.pk] for row in outcome.mail.told]
        if told[0].next_at == at + LEASE:  # else it took so long that another took over
            _end(replace(outcome, mail=Mail(told[0], told)), at)
    return sum(not outcome.error for outcome in done)


def _end(done: Outcome, at: datetime) -> None:
    """A mail that will be tried again moves its leader alone."""
    leader, told = done.mail.leader, done.mail.told
    leader.doubts += done.is_doubtful
    tries = max(leader.attempts + 1, SLOW if done.is_doubtful else 0)
    if not done.error:
        _move(told, lambda row: row.send(at=at))
    elif done.is_final or leader.attempts + 1 >= ATTEMPTS or leader.doubts >= DOUBTS:
        _move(told, lambda row: row.give_up(error=done.error, at=at))
        log.error("notifications.mail_given_up: %d", leader.pk)
    else:
        leader.retry(next_at=_quietly(at + pause(tries, seed=leader.pk)), error=done.error)
        move(leader)


def _quietly(at: datetime) -> datetime:
    """What could not go at once goes when the office works."""
    return next_try(at, calendar())


def _move(told: Sequence[Delivery], how: Callable[[Delivery], None]) -> None:
    for row in told:
        how(row)
        move(row)


@command
def _release(untried: Sequence[Mail], again_at: datetime, at: datetime) -> None:
    """Give back what was leased at `at`, and was not tried."""
    ids = [mail.leader.pk for mail in untried]
    Delivery.objects.filter(pk__in=ids, next_at=at + LEASE).update(next_at=again_at)
