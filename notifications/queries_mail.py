"""What a mail has to know: what waits, what is due when, and what needs no mail any more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from notifications.catalog import Notice
from notifications.models import Delivery
from notifications.overtaken import overtaken, unasked
from notifications.queries import names_of, wishes
from notifications.sending import WAITING
from notifications.states import ChannelCode, DeliveryState, Way
from notifications.turns import TURNS
from notifications.urgency import day_of, topic_of
from workflow.audit.models import key_of
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.queries import calendar, running
from workflow.models import Deadline, OutboxEvent, Request, User
from workflow.signoff.queries_inbox import due_of, with_due
from workflow.signoff.states import RequestState

SIGNED = frozenset({"sign", "again", "pull_up", "vacant"})
"""Acts that nobody is asked for once the request circulates no more."""


@dataclass(frozen=True)
class Mail:
    """One mail: the delivery that leads it, and all that it tells, the leader first."""

    leader: Delivery
    told: Sequence[Delivery]

    @property
    def is_digest(self) -> bool:
        return self.leader.digest_on is not None


@dataclass(frozen=True)
class Dues:
    """on   the day by which what an event (id) asks for is due, where there is one"""

    today: date
    days: Calendar
    on: dict[int, date]

    def left(self, event: OutboxEvent) -> int | None:
        """Open days until then; below 0 when the day is over."""
        due = self.on.get(event.pk)
        if due is None:
            return None
        left = self.days.working_days_between(self.today, due)
        return min(left, -1) if due < self.today else left


@dataclass(frozen=True)
class Around:
    """What the texts of some mails need besides their rows.

    names    of the groups (ids)
    notices  the words of each event (id), once they are made
    """

    dues: Dues
    names: dict[int, str]
    notices: dict[int, Notice] = field(default_factory=dict)


def around(mails: Iterable[Mail], at: datetime) -> Around:
    events = [row.event for mail in mails for row in mail.told]
    return Around(dues_of(events, at), names_of(events))


def waiting_mails(at: datetime) -> QuerySet[Delivery]:
    """Return the mails whose turn has come, the longest waiting first."""
    mails = Delivery.objects.filter(state__in=WAITING, leader=None, channel=ChannelCode.EMAIL)
    return mails.filter(next_at__lte=at).order_by("next_at", "id")


def held_mails(at: datetime) -> QuerySet[Delivery]:
    """Return what the digests of by now are made of."""
    return Delivery.objects.filter(state=DeliveryState.HELD, next_at__lte=at)


def whose_digest(at: datetime) -> QuerySet[User]:
    return User.objects.filter(pk__in=held_mails(at).values("user")).order_by("pk")


def with_read(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Annotate `seen`, whether the person has read it on screen; bring what a text needs."""
    shown = Delivery.objects.filter(
        event=OuterRef("event"),
        user=OuterRef("user"),
        channel=ChannelCode.APP,
        read_at__isnull=False,
    )
    rows = deliveries.annotate(seen=Exists(shown)).select_related("event__entry", "user")
    return rows.prefetch_related("user__groups")


def mails_of(leaders: Iterable[int]) -> list[Mail]:
    """Return the mails that these deliveries (ids) lead, with what follows them."""
    leaders = list(leaders)
    rows = Delivery.objects.filter(Q(pk__in=leaders) | Q(leader__in=leaders))
    told: dict[int, list[Delivery]] = {pk: [] for pk in leaders}
    for row in with_read(rows).order_by("pk"):
        told[row.leader_id or row.pk].append(row)
    return [Mail(rows[0], rows) for rows in map(_leader_first, told.values())]


def needless(deliveries: Sequence[Delivery]) -> set[int]:
    """Return which (ids) of with_read() need no mail: read, settled, or not wished for."""
    wished = wishes({row.user_id for row in deliveries})
    done, moot = settled([row.event for row in deliveries]), unasked(deliveries)
    return {
        row.pk
        for row in deliveries
        if row.seen  # type: ignore[attr-defined]
        or row.event_id in done
        or row.pk in moot
        or row.user_id not in wished
        or wished[row.user_id].way(topic_of(row.event.kind)) == Way.APP
    }


def dues_of(events: Sequence[OutboxEvent], at: datetime) -> Dues:
    found = {event.pk: day_of(event.facts.get("due_on")) for event in events}
    turns = _about(Request, (event for event in events if event.facts.get("act") in TURNS))
    if turns:
        requests = with_due(Request.objects.filter(pk__in=turns.values()))
        asked = {request.pk: due_of(request) for request in requests}
        found |= {pk: asked.get(request) for pk, request in turns.items()}
    return Dues(in_tokyo(at), calendar(), {pk: day for pk, day in found.items() if day})


def settled(events: Sequence[OutboxEvent]) -> set[int]:
    """Return which events (ids) ask for what is done, or tell of what is not so any more."""
    return _past_reminders(events) | _past_turns(events) | overtaken(events)


def _past_reminders(events: Sequence[OutboxEvent]) -> set[int]:
    told = _about(Deadline, events)
    if not told:
        return set()
    due = {row.pk: in_tokyo(row.due_at) for row in running().filter(pk__in=told.values())}
    said = {event.pk: day_of(event.facts.get("due_on")) for event in events}
    return {
        pk
        for pk, deadline in told.items()
        if deadline not in due or (said[pk] and said[pk] != due[deadline])
    }


def _past_turns(events: Sequence[OutboxEvent]) -> set[int]:
    turns = _about(Request, (event for event in events if event.facts.get("act") in SIGNED))
    if not turns:
        return set()
    going = Request.objects.filter(pk__in=turns.values(), state=RequestState.CIRCULATING)
    circulating = set(going.values_list("pk", flat=True))
    return {pk for pk, request in turns.items() if request not in circulating}


def _about(model: type[Model], events: Iterable[OutboxEvent]) -> dict[int, int]:
    """Return event id → id of the row of `model` that its entry is about."""
    prefix = key_of(model, 0).removesuffix("0")
    return {
        event.pk: int(event.entry.subject.removeprefix(prefix))
        for event in events
        if event.entry.subject.startswith(prefix)
    }


def _leader_first(rows: list[Delivery]) -> list[Delivery]:
    return sorted(rows, key=lambda row: row.leader_id is not None)
