"""決裁欄の期限を読む: who can act on a turn on a day, where its holder is away (代決・職務代理)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import F, QuerySet

from workflow.authority.states import StepRole
from workflow.deadline.models import Deadline
from workflow.deadline.registry import Acting
from workflow.deadline.schedule import Step as Line
from workflow.signoff.deputising import next_in_line
from workflow.signoff.models import Request, Step
from workflow.signoff.queries import as_on, deputies_of
from workflow.signoff.states import GATING, TURN, RequestState

DEADLINE = "signoff.turn"
RULE = (
    Line("before", 1),
    Line("on"),
    Line("late", 1, every=3),
    Line("late", 2, to="chief"),
    Line("late", 3, to="coordinating"),
    Line("late", 5, to="secretariat"),
    Line("late", 7, every=7, to="director"),
)
"""A turn is short and holds up all that follow, so it is told of sooner than other deadlines."""


def page(request: Request) -> str:
    return f"/requests/{request.pk}/"


def acting_at(deadlines: Collection[Deadline], on: date) -> Acting:
    """Return who can act on the turns whose holder is away on the day. Three statements at most."""
    pks = {row.pk: int(row.subject.rpartition(":")[2]) for row in deadlines}
    turns = {step.pk: step for step in _away(Step.objects.filter(pk__in=pks.values()), on)}
    return _acting({row: turns[pk] for row, pk in pks.items() if pk in turns}, on)


def acting_on_matter(deadlines: Collection[Deadline], on: date) -> Acting:
    """As acting_at(), of what requests that run are about: whose turn it is may be away."""
    rows = {row.subject: row for row in deadlines}
    running = Request.objects.filter(
        state=RequestState.CIRCULATING,
        part_of__in={row.part_of for row in deadlines},
        matter__in=rows,
    )
    steps = Step.objects.filter(request__in=running, attempt=F("request__attempt"))
    away = _away(steps.filter(state__in=TURN, role__in=GATING), on)
    turns = {rows[step.request.matter].pk: step for step in away}
    held = {row.pk: row.group_id for row in deadlines}
    return _acting({pk: s for pk, s in turns.items() if s.post.group_id == held[pk]}, on)


def _away(steps: QuerySet[Step], on: date) -> list[Step]:
    found = as_on(steps, None, on).select_related("request", "post")
    return [step for step in found if step.away or not step.manned]


def _acting(turns: Mapping[int, Step], on: date) -> Acting:
    """turns  by deadline (id)"""
    deciding = _deciding([s for s in turns.values() if s.role == StepRole.DECIDER], on)
    return {pk: deciding.get(step.pk) for pk, step in turns.items()}


def _deciding(steps: Collection[Step], on: date) -> Mapping[int, int]:
    """Return by step (id) the group of who decides in its place, where somebody may."""
    if not steps:
        return {}
    standbys, lines = deputies_of(steps, None, on), _lines(steps, on)
    found = {s.pk: next_in_line(s, standbys[s.pk], lines[s.request_id], on) for s in steps}
    return {pk: rule.deputy.group_id for pk, rule in found.items() if rule}


def _lines(steps: Iterable[Step], on: date) -> Mapping[int, list[Step]]:
    requests = {s.request_id: s.request for s in steps}
    lines: dict[int, list[Step]] = {pk: [] for pk in requests}
    running = Step.objects.filter(request__in=requests, attempt=F("request__attempt"))
    for step in as_on(running, None, on).order_by("request", "order", "pk"):
        step.request = requests[step.request_id]
        lines[step.request_id].append(step)
    return lines
