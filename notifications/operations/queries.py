"""運用の状態: when each periodic task last ran, what waits and since when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, QuerySet

from notifications.hooks.queries import waiting_hooks
from notifications.models import Delivery, HookDelivery, Untold
from notifications.queries_mail import waiting_mails
from notifications.sending import WAITING
from notifications.states import DeliveryState
from workflow.deadline.queries import stuck, to_remind
from workflow.models import TaskRun
from workflow.outbox.queue import length, waiting_events

DAY = timedelta(days=1)
SOON, SLACK, SHARE = timedelta(seconds=30), timedelta(minutes=5), 24
"""A task is late by two of its periods, half a minute at least and five at most; one that is at it
may be, by five minutes; that of a day by a part of it."""
LONGEST_RUN = timedelta(hours=1)
PATIENCE = 0.5  # seconds for the broker's answer

LIMITS = {
    "outbox": timedelta(minutes=2),
    "deadlines": timedelta(minutes=5),
    "mails": timedelta(minutes=15),
    "webhooks": timedelta(minutes=15),
}
"""How long something may wait for its turn."""
SEVERAL = 3
"""People whose mails fail: one has a wrong address, so many have no mail server."""
STUBBORN = 3
"""Failures after which it is not a moment's: a quarter of an hour has passed."""


@dataclass(frozen=True)
class Task:
    """A periodic task and its last run, if there was one."""

    name: str
    every: timedelta
    run: TaskRun | None
    at: datetime

    @property
    def is_late(self) -> bool:
        """One that has not run yet is late when it runs every few seconds: all may be new."""
        if self.run is None:
            return self.every < SLACK
        return self.at - self.run.started_at > self.every + self._slack

    @property
    def _slack(self) -> timedelta:
        longest = max(SLACK, self.every / SHARE)
        is_at_it = self.run is not None and self.run.finished_at is None
        return longest if is_at_it else min(max(2 * self.every, SOON), longest)

    @property
    def is_stuck(self) -> bool:
        run = self.run
        unfinished = run is not None and run.finished_at is None
        return unfinished and self.at - run.started_at > LONGEST_RUN  # type: ignore[union-attr]

    @property
    def is_well(self) -> bool:
        return not (self.is_late or self.is_stuck or (self.run and self.run.error))


@dataclass(frozen=True)
class Lag:
    """What waits for its turn: how many, and since when the longest."""

    name: str
    count: int
    since: datetime | None
    at: datetime

    @property
    def age(self) -> timedelta:
        return max(self.at - self.since, timedelta()) if self.since else timedelta()

    @property
    def is_well(self) -> bool:
        return self.age <= LIMITS[self.name]


@dataclass(frozen=True)
class Failing:
    """What is tried again: how many, and the error that most of them have.

    worst     id of the one that has failed most often; None where that is not asked
    attempts  how often in a row that has failed
    """

    name: str
    count: int
    error: str
    is_well: bool
    worst: int | None = None
    attempts: int = 0


@dataclass(frozen=True)
class State:
    """All of it, but for what is asked of the broker."""

    at: datetime
    tasks: list[Task]
    lags: list[Lag]
    failing: list[Failing]
    dead: dict[str, int]

    @cached_property
    def queued(self) -> int | None:
        """How many messages wait at the broker; None when it does not say."""
        return length(PATIENCE)

    @property
    def is_well(self) -> bool:
        parts: list[Task | Lag | Failing] = [*self.tasks, *self.lags, *self.failing]
        return all(part.is_well for part in parts)

    @property
    def is_standing(self) -> bool:
        """Nothing of what runs every few seconds does so any more: a process stands."""
        return all(task.is_late for task in self.tasks if task.every <= SOON)


def tasks_at(at: datetime) -> list[Task]:
    runs = {run.name: run for run in TaskRun.objects.all()}
    return [
        Task(name, _every(entry["schedule"]), runs.get(name), at)
        for name, entry in settings.CELERY_BEAT_SCHEDULE.items()
    ]


def state_at(at: datetime) -> State:
    return State(
        at=at,
        tasks=tasks_at(at),
        lags=[
            _lag("outbox", waiting_events().filter(untold=None).order_by(), "entry__at", at),
            _lag("deadlines", to_remind(at), "next_at", at),
            _lag("mails", waiting_mails(at).order_by(), "next_at", at),
            _lag("webhooks", waiting_hooks(at).order_by(), "next_at", at),
        ],
        failing=[
            _failing("mails", Delivery.objects.filter(leader=None), "user", SEVERAL),
            _failing("webhooks", HookDelivery.objects.filter(attempts__gte=STUBBORN), "hook", 1),
            _untellable("deadlines", stuck()),
            _untellable("events", Untold.objects.filter(state__in=[*WAITING, DeliveryState.DEAD])),
        ],
        dead={
            "email": Delivery.objects.filter(state=DeliveryState.DEAD, leader=None).count(),
            "webhook": HookDelivery.objects.filter(state=DeliveryState.DEAD).count(),
            "event": Untold.objects.filter(state=DeliveryState.DEAD).count(),
        },
    )


def _every(schedule: Any) -> timedelta:
    """A time of the day comes once a day."""
    return timedelta(seconds=schedule) if isinstance(schedule, int | float) else DAY


def _lag(name: str, rows: QuerySet[Any], column: str, at: datetime) -> Lag:
    found = rows.aggregate(count=Count("pk"), since=Min(column))
    return Lag(name, found["count"], found["since"], at)


def _failing(name: str, rows: QuerySet[Any], whose: str, many: int) -> Failing:
    """many   receivers of whom it is no longer a matter of their own"""
    rows = rows.filter(state=DeliveryState.RETRYING)
    found = rows.aggregate(count=Count("pk"), receivers=Count(whose, distinct=True))
    errors = rows.values_list("error").annotate(n=Count("pk")).order_by("-n")
    error = errors.first()[0] if found["count"] else ""
    return Failing(name, found["count"], error, is_well=found["receivers"] < many)


def _untellable(name: str, rows: QuerySet[Any]) -> Failing:
    """Of what people are not told at all, each is one too many."""
    worst = rows.order_by("-attempts", "pk").first()
    if worst is None:
        return Failing(name, 0, "", is_well=True)
    return Failing(name, rows.count(), worst.error, False, worst.pk, worst.attempts)
