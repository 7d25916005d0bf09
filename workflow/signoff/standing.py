"""決裁欄の期限を読む: who can act on a turn on a day, where its holder is away (代決・職務代理)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import F

from workflow.audit.models import key_of
from workflow.authority.states import StepRole
from workflow.deadline.models import Deadline
from workflow.deadline.registry import Acting
from workflow.deadline.schedule import Step as Line
from workflow.signoff.deputising import next_in_line
from workflow.signoff.models import Request, Step
from workflow.signoff.queries import as_on, deputies_of

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
    keys = {row.subject: row.pk for row in deadlines}
    turns = as_on(Step.objects.filter(pk__in=[_pk(key) for key in keys]), None, on)
    away = [s for s in turns.select_related("request") if s.away or not s.manned]
    acting = _deciding([s for s in away if s.role == StepRole.DECIDER], on)
    return {keys[key_of(Step, s.pk)]: acting.get(s.pk) for s in away}


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


def _pk(key: str) -> int:
    return int(key.rpartition(":")[2])
