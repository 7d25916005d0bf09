"""What was given up, reached by failing as often as it takes."""

from datetime import timedelta
from typing import Any

from notifications.dispatch import fan_out
from notifications.models import Delivery, HookDelivery, Preference, Untold
from notifications.sending import ATTEMPTS, WAITING, Sending
from notifications.states import DeliveryState, Topic, Way
from notifications.untold import put_off
from tests.factories import NOON, section, user
from tests.notifications.factories import event
from workflow.audit.trail import record
from workflow.ledger.command import command
from workflow.models import User
from workflow.outbox.queue import emit

REFUSED = "SMTPRecipientsRefused: {'joho-kacho@example.jp': (550, b'')}"


def fail(kind: type[Sending], error: str, **which: Any) -> list[Any]:
    """Give up every waiting delivery of the kind, or those that are meant."""
    rows = list(kind._default_manager.filter(state__in=WAITING, **which).order_by("pk"))
    for row in rows:
        for attempt in range(1, ATTEMPTS):
            row.retry(next_at=NOON + timedelta(minutes=attempt), error=error)
        row.give_up(error=error, at=NOON + timedelta(minutes=ATTEMPTS))
        row.save()
    return rows


def dead_mails(count: int = 1, error: str = REFUSED, **asked: Any) -> list[Delivery]:
    """Mails to the two people of 情報システム課, `count` events each."""
    for who in User.objects.filter(groups=section("joho").group):
        at_once = {"ways": dict.fromkeys(Topic.values, Way.AT_ONCE)}
        Preference.objects.update_or_create(user=who, defaults=at_once)
    for _ in range(count):
        event(to=[section("joho").group], **asked)
    while fan_out(at=NOON):
        pass
    return fail(Delivery, error, channel="email")


def dead_hooks(count: int = 1, error: str = "status_500") -> list[HookDelivery]:
    for _ in range(count):
        event()
    while fan_out(at=NOON):
        pass
    return fail(HookDelivery, error)


def dead_events(count: int = 1, error: str = "ValueError") -> list[Untold]:
    """Events for 情報システム課 and the mayor of which nobody was told."""
    asked = {"to": [section("joho").group], "users": [user("shicho").pk]}
    ids = [event(**asked).pk for _ in range(count)]
    for pk in ids:
        while not Untold.objects.filter(event=pk, state=DeliveryState.DEAD).exists():
            row = Untold.objects.filter(event=pk).first()
            put_off(pk, error, row.next_at if row and row.next_at else NOON)
    return list(Untold.objects.filter(event__in=ids).order_by("pk"))


@command
def about(subject: Any) -> None:
    """Tell 情報システム課 of something within the whole that `subject` belongs to."""
    entry = record("stage.opened", subject, by=None, at=NOON)
    emit(entry, to=[section("joho").group], link="/", title=str(subject))
