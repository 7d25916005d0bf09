"""決裁の一覧を読む: what waits for a person and what they did, each by an index of its own."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar, cast

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate
from django.utils.translation import gettext_lazy as _

from workflow.authority.states import StepRole
from workflow.deadline.calendar import TOKYO
from workflow.deadline.models import Deadline
from workflow.deadline.states import RUNNING
from workflow.people.models import User
from workflow.people.queries import sections_of
from workflow.people.states import UserKind
from workflow.signoff.capacity import Capacity, capacity_of
from workflow.signoff.models import Request, Step
from workflow.signoff.queries import returned
from workflow.signoff.search import having
from workflow.signoff.states import GATING, OPEN, TURN, StepState

M = TypeVar("M", bound=Model)

NEVER = date(9999, 12, 31)
"""Stands for no due day: it comes last, and a page can end on it."""

_NEVER = Value(NEVER, output_field=DateField())

WAITS = (*TURN, StepState.POST_REVIEW_DUE)
"""States of a step that waits for somebody; the index step_inbox holds these."""


class Tab(TextChoices):
    """What a list holds."""

    TURN = "turn", _("決裁待ち")
    REVIEW = "review", _("後閲")
    INFORMED = "informed", _("供覧")
    RETURNED = "returned", _("差戻し")
    DRAFTED = "drafted", _("自分の起案")
    DONE = "done", _("済み")
    INVOLVED = "involved", _("関係する決裁")


WAITING = (Tab.TURN, Tab.REVIEW, Tab.INFORMED)
OF_STEPS = (*WAITING, Tab.DONE)


class Sort(TextChoices):
    URGENT = "urgent", _("急ぐ順")
    WAITING = "waiting", _("長く待っている順")
    NEWEST = "newest", _("新しい順")
    TITLE = "title", _("件名順")


STEP_ORDERS = {
    Sort.URGENT: ("due_on", "since", "pk"),
    Sort.WAITING: ("since", "pk"),
    Sort.NEWEST: ("-since", "-pk"),
    Sort.TITLE: ("request__title", "pk"),
}
DONE_ORDER = ("-acted_at", "-pk")
REQUEST_ORDER = ("-pk",)


class Urgency(TextChoices):
    OVERDUE = "overdue", _("期限超過")
    SOON = "soon", _("期限が近い")


IN_TAB = {
    Tab.REVIEW: Q(state=StepState.POST_REVIEW_DUE) | Q(role=StepRole.REVIEW),
    Tab.INFORMED: Q(role=StepRole.INFORMED),
}
IN_TAB[Tab.TURN] = ~IN_TAB[Tab.REVIEW] & ~IN_TAB[Tab.INFORMED]


def waiting(capacity: Capacity) -> QuerySet[Step]:
    """Return all that waits for the person, with `due_on` and `since`.

    due_on  of a turn; nobody waits for what is only read (供覧・後閲)
    since   their turn came, or, where it was passed over, the circulation began
    """
    steps = Step.objects.filter(capacity.theirs, state__in=WAITS)
    began = Coalesce("activated_at", "request__submitted_at")
    of_turn = When(IN_TAB[Tab.TURN], then=_due("request__"))
    return steps.annotate(since=began, due_on=Case(of_turn, default=_NEVER))


def inbox(user: User, on: date) -> QuerySet[Step]:
    return waiting(capacity_of(user, on)).order_by(*STEP_ORDERS[Sort.URGENT])


def tab_of(step: Step) -> Tab:
    """Return the list that a waiting step stands in."""
    if step.role == StepRole.INFORMED:
        return Tab.INFORMED
    reviewed = step.role == StepRole.REVIEW or step.state == StepState.POST_REVIEW_DUE
    return Tab.REVIEW if reviewed else Tab.TURN


def steps_of(tab: Tab, capacity: Capacity) -> QuerySet[Step]:
    """Return the steps of a list, each with `due_on` and `goes_on`: others sign besides."""
    if tab == Tab.DONE:
        acted = Step.objects.filter(acted_by=capacity.user).exclude(state=StepState.HELD)
        steps = with_due(acted, "request__")
    else:
        steps = waiting(capacity).filter(IN_TAB[tab])
    return steps.select_related("post", "request__drafter_post__section").annotate(goes_on=_left())


def of_whom(steps: QuerySet[Step], capacity: Capacity, whose: str) -> QuerySet[Step]:
    """Return the items of the person's own posts ("own"), of others ("lent"), or all."""
    if whose == "own":
        return steps.filter(capacity.posts)
    return steps.filter(capacity.lent).exclude(capacity.posts) if whose == "lent" else steps


def requests_of(tab: Tab, capacity: Capacity) -> QuerySet[Request]:
    """Return the requests of a list, with `due_on`."""
    if tab == Tab.INVOLVED:
        found = involved(capacity)
    elif tab == Tab.RETURNED:
        found = returned(capacity.user)
    else:
        found = Request.objects.filter(drafter=capacity.user)
    return with_due(found).select_related("drafter_post__section")


def involved(capacity: Capacity) -> QuerySet[Request]:
    """Return what readable() lets the person read, but found from their side, by index."""
    user, on = capacity.user, capacity.on
    if user.kind == UserKind.AUDITOR:
        return Request.objects.all()
    colleagues = Request.objects.filter(drafter_post__section__in=sections_of(user, on))
    reached = ~Q(role=StepRole.INFORMED) | Q(state__in=[StepState.ACTIVE, StepState.READ])
    ids = (
        Request.objects.filter(drafter=user)
        .values("pk")
        .union(
            colleagues.values("pk"),
            Step.objects.filter(reached, capacity.posts).order_by().values("request"),
            Step.objects.filter(acted_by=user).order_by().values("request"),
        )
    )
    return Request.objects.filter(pk__in=ids)


def places_of(requests: Iterable[Request]) -> dict[int, str]:
    """Return at which posts running requests lie, by id."""
    turn = Step.objects.filter(state__in=TURN, role__in=GATING, attempt=F("request__attempt"))
    found: dict[int, list[str]] = {}
    steps = turn.filter(request__in=[r.pk for r in requests]).order_by("order", "pk")
    for request_id, post in steps.values_list("request", "post__name"):
        found.setdefault(request_id, []).append(post)
    return {request_id: "、".join(posts) for request_id, posts in found.items()}


def counts(capacity: Capacity, today: date, soon: date) -> dict[str, int]:
    """Return how many wait in each list, and how many of those to sign are urgent, lent or held.

    soon  last day that is near
    Two statements.
    """
    turn = IN_TAB[Tab.TURN]
    asked = {str(tab): IN_TAB[tab] for tab in WAITING} | {
        "overdue": turn & Q(due_on__lt=today),
        "soon": turn & Q(due_on__range=(today, soon)),
        "lent": turn & ~capacity.posts,
        "held": turn & Q(state=StepState.HELD),
    }
    found = waiting(capacity).aggregate(
        **{name: Count("pk", filter=q) for name, q in asked.items()}
    )
    return found | {str(Tab.RETURNED): requests_of(Tab.RETURNED, capacity).count()}


def with_due(rows: QuerySet[M], request: str = "") -> QuerySet[M]:
    """Annotate `due_on`: the running deadline of the matter, else the day asked for, else NEVER.

    request  how to get from a row to its request
    """
    return cast(QuerySet[M], rows.annotate(due_on=_due(request)))


def _due(request: str) -> Coalesce:
    deadline = Deadline.objects.filter(
        subject=OuterRef(f"{request}matter"), state__in=RUNNING
    ).order_by("due_at")
    day = Subquery(deadline.annotate(day=TruncDate("due_at", tzinfo=TOKYO)).values("day")[:1])
    return Coalesce(day, F(f"{request}asked_for_on"), _NEVER)


def due_of(row: Any) -> date | None:
    """Return the day that with_due() found."""
    return None if row.due_on == NEVER else row.due_on


def sought(rows: QuerySet[M], *, request: str = "", words: str = "", **asked: Any) -> QuerySet[M]:
    """Return those with every word in their title, number or section, and with what is asked.

    request  how to get from a row to its request
    asked    kind, section (of the drafter), state (of the request), role, step, post,
             due_from, due_until
    """
    paths = {
        "kind": f"{request}kind",
        "section": f"{request}drafter_post__section",
        "state": f"{request}state",
        "role": "role",
        "step": "state",
        "post": "post",
        "due_from": "due_on__gte",
        "due_until": "due_on__lte",
    }
    rows = rows.filter(**{paths[name]: value for name, value in asked.items()})
    told = (F(f"{request}title"), F(f"{request}drafter_post__section__name"), _number(request))
    return having(rows, words, *told)


def _number(request: str) -> Case:
    """文書番号 as it is written: 情シ第12号; null before the decision."""
    number = Cast(f"{request}document_number", CharField())
    written = Concat(f"{request}symbol", Value("第"), number, Value("号"))
    return Case(When(**{f"{request}document_number__isnull": False}, then=written))


def _left() -> Exists:
    """Whether somebody else is still to sign in the same circulation."""
    others = Step.objects.filter(
        request=OuterRef("request"),
        attempt=OuterRef("attempt"),
        state__in=OPEN,
        role__in=GATING,
    )
    return Exists(others.exclude(pk=OuterRef("pk")))
