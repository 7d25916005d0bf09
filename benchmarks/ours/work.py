"""Requests and stages to act on, made by the project's own writes."""

import os
from datetime import UTC, date, datetime
from functools import cache
from itertools import count, cycle, islice
from typing import Any

from django.db import transaction

from revisions.cycle import commands as cycle_commands
from revisions.models import Plan
from workflow.authority.line import Turn
from workflow.authority.states import StepRole
from workflow.models import Appointment, Post, Stage, User
from workflow.path.queries import stages_of
from workflow.path.states import StageKind
from workflow.signoff import parts
from workflow.signoff.kinds import Kind, nothing, register
from workflow.signoff.models import Request

AT = datetime(2026, 11, 24, 3, 0, 0, 123456, tzinfo=UTC)
TODAY = date(2026, 11, 24)
LINE = ("joho-kacho", "bunsho-kacho", "zaisan-kacho", "somu-bucho", "seisaku-bucho", "shicho")
DRAFTER = "joho-tanto"
ROUTE = "hadano_2020"  # 15 stages, some of them reports
BODY = "庁内のネットワーク機器の更新について、次のとおり実施してよろしいか伺います。\n" * 20

register(Kind("bench", "測定", decided=nothing))
_number = count(1)


@cache
def post(code: str) -> Post:
    return Post.objects.select_related("group").get(code=code)


@cache
def holder(post_id: int) -> User:
    return Appointment.objects.on(TODAY).select_related("user").get(post=post_id).user


@cache
def drafter() -> User:
    return holder(post(DRAFTER).pk)


def requests(n: int, *, steps: int = len(LINE)) -> list[tuple[Request, list[Any]]]:
    """Return circulating requests with their steps in order: the last one's decides."""
    line = [
        Turn(order, StepRole.DECIDER if order == steps else StepRole.LINE, post(code))
        for order, code in enumerate(islice(cycle(LINE), steps), 1)
    ]
    with transaction.atomic():
        made = [_request(line) for _ in range(n)]
    return [(request, list(request.steps.order_by("order"))) for request in made]


def _request(line: list[Turn]) -> Request:
    return parts.circulate(
        kind="bench",
        title="基幹系ネットワーク機器の更新について（伺い）",
        link="/",
        part_of="",
        body=f"{BODY}{next(_number)} {drafter().pk} {datetime.now(UTC)}",
        drafter=drafter(),
        post=post(DRAFTER),
        steps=line,
        at=AT,
    )


def stages(n: int) -> list[Stage]:
    """Return open report stages, each of a revision and a plan of its own; what follows them has no
    days yet, so that no act gives a new row its name.
    """
    found = [next(s for s in _path() if s.kind == StageKind.REPORT) for _ in range(n)]
    Stage.objects.filter(after__in=found).update(planned_from=None, planned_until=None)
    for stage in found:
        cycle_commands.open_stage(stage_id=stage.pk, reason="測定のため", by=drafter(), at=AT)
    return found


def _path() -> list[Stage]:
    code = f"bench-{os.getpid()}-{next(_number)}"
    plan = Plan.objects.create(code=code, title="測定計画", first_year=2026, last_year=2030)
    revision = cycle_commands.start_revision(
        plan_id=plan.pk,
        kind="new_plan",
        route=ROUTE,
        title="次期計画の策定",
        starts_on=TODAY,
        by=drafter(),
        at=AT,
    )
    return stages_of(revision.case_id)
