"""From the outbox to people: at least once by mail, exactly once on screen."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django_fsm import can_proceed

from notifications.channels import email
from notifications.channels.email import Outcome
from notifications.hooks.parts import queue_hooks
from notifications.models import Delivery
from notifications.moments import next_digest
from notifications.queries import recipients
from notifications.queries_mail import Mail, around, dues_of, mails_of, needless, waiting_mails
from notifications.sending import ATTEMPTS, FIRST_PAUSE, pause
from notifications.states import ChannelCode, Way
from notifications.urgency import is_urgent, topic_of
from workflow.ledger.command import command, move
from workflow.models import OutboxEvent
from workflow.outbox.queue import claim

EVENTS = 20
MAILS = 50
SETTLED = 10
"""Mails whose outcome is written at once: so many may be repeated when a process dies."""
LEASE = timedelta(minutes=5)
"""A batch takes no longer: email.BUDGET, and a mail that was begun, of at most ten answers of the
server that come within EMAIL_TIMEOUT each. Then another worker sends what is left."""

log = logging.getLogger(__name__)


@command
def fan_out(*, at: datetime, limit: int = EVENTS) -> int:
    """Turn waiting events into deliveries, once for each person and channel. Return how many."""
    events = claim(limit)
    Delivery.objects.bulk_create(_deliveries(events, at), ignore_conflicts=True, batch_size=500)
    queue_hooks(events, at)
    OutboxEvent.objects.filter(pk__in=[e.pk for e in events]).update(fanned_out_at=at)
    return len(events)


def send_mails(*, at: datetime, limit: int = MAILS) -> int:
    """Send waiting mails, no lock held meanwhile. Return how many went out.

    Whatever is not settled, since the process died, is sent once its lease ends; a mail sent twice
    has the same Message-ID.
    """
    mails, sent, again_at = _lease(at, limit), 0, at
    untried = {mail.leader.pk for mail in mails}
    outcomes = email.send_each(mails, around(mails, at))
    while some := list(islice(outcomes, SETTLED)):
        _settle(some, at)
        untried -= {outcome.mail.leader.pk for outcome in some}
        sent += sum(not outcome.error for outcome in some)
        again_at = at + FIRST_PAUSE if some[-1].server_is_gone else at
    if untried:
        _release(untried, again_at, at)
    return sent


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
    """Keep mails from other workers for a while; drop those that nobody needs any more."""
    due = waiting_mails(at).select_for_update(skip_locked=True)
    leased = [delivery.pk for delivery in due[:limit]]
    Delivery.objects.filter(pk__in=leased).update(next_at=at + LEASE)
    mails = mails_of(leased)
    unwanted = needless([row for mail in mails for row in mail.told])
    wanted = []
    for mail in mails:
        if unwanted.issuperset(row.pk for row in mail.told):
            for row in mail.told:
                row.drop()
                move(row)
        else:
            wanted.append(mail)
    return wanted


@command
def _settle(outcomes: list[Outcome], at: datetime) -> None:
    """Write what became of some mails, and so of all that they tell."""
    ids = [row.pk for outcome in outcomes for row in outcome.mail.told]
    locked = Delivery.objects.filter(pk__in=ids).order_by("pk").select_for_update()
    now = {row.pk: row for row in locked}
    for outcome in outcomes:
        leader = now[outcome.mail.leader.pk]
        if can_proceed(leader.retry):  # else the lease ran out, and another worker was quicker
            for row in _moved(leader, [now[row.pk] for row in outcome.mail.told], outcome, at):
                move(row)


def _moved(
    leader: Delivery, told: list[Delivery], outcome: Outcome, at: datetime
) -> list[Delivery]:
    """A mail that will be tried again moves its leader alone."""
    attempts = leader.attempts + 1
    if outcome.error and attempts < ATTEMPTS and not outcome.is_final:
        leader.retry(next_at=at + pause(attempts, seed=leader.pk), error=outcome.error)
        return [leader]
    for row in told:
        if outcome.error:
            row.give_up(error=outcome.error, at=at)
        else:
            row.send(at=at)
    if outcome.error:
        log.error("notifications.mail_given_up: %d", leader.pk)
    return told


@command
def _release(untried: set[int], again_at: datetime, at: datetime) -> None:
    """Give back what was leased at `at`, and was not tried."""
    Delivery.objects.filter(pk__in=untried, next_at=at + LEASE).update(next_at=again_at)
