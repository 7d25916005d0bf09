"""Writes on the path. Usable only inside a command, under the lock of the row that holds the case.

A stage that is moved here is saved by the command's record(); rows that are new are saved here.
What departs from the route is a deviation (逸脱) and needs a reason. What is kept is in Japanese,
in whatever language the screen is.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.errors import Invalid
from workflow.path.gates import check_near
from workflow.path.models import Case, Deviation, Round, Stage
from workflow.path.queries import is_shortened, returnable, rounded, waits_for
from workflow.path.routes import ROUTES, Leg
from workflow.path.states import (
    ASKS,
    OUTCOMES,
    DeviationKind,
    Outcome,
    Precision,
    StageKind,
    StageState,
)
from workflow.people.models import Body, User


def lay(route_code: str, *, title: str, starts_on: date, calendar: Calendar) -> Case:
    """Copy a route into a case of its own and propose dates from `starts_on` on.

    raises  Invalid when there is no such route, or the city lacks one of its bodies
    """
    if not connection.in_atomic_block:
        raise RuntimeError("lay() belongs inside a command")
    if route_code not in ROUTES:
        raise Invalid(_("経路を選び直してください。"), field="route")
    legs = ROUTES[route_code].legs
    case = Case.objects.create(route=route_code, title=title)
    rounds = _rounds(case, legs)
    bodies = _bodies(legs)
    stage, free = None, calendar.working_day_before(starts_on, 1)
    for order, leg in enumerate(legs, 1):
        first = calendar.working_day_after(free, leg.lead + 1)
        free = calendar.working_day_after(first, leg.length - 1)
        if leg.kind == StageKind.PUBLIC_COMMENT:
            free = max(free, first + timedelta(days=settings.COMMENT_MINIMUM_DAYS - 1))
        stage = Stage.objects.create(
            case=case,
            round=rounds[leg.round],
            order=order,
            kind=leg.kind,
            asks=leg.asks,
            name=leg.name,
            body=bodies.get(leg.body),
            after=stage,
            lead=leg.lead,
            length=leg.length,
            planned_from=first,
            planned_until=free,
        )
    return case


def plan(
    stage: Stage,
    first: date,
    last: date,
    precision: str,
    calendar: Calendar,
    *,
    by: User,
    at: datetime,
    reason: str = "",
) -> None:
    """Set the dates of a planned stage; to the month, they are its first and last day.

    raises  Invalid (planned_until) when last is before first; (planned_from, planned_until) when
            it is many years away;
            Invalid (reason) when it gets shorter than its route says and no reason is given
    """
    check_near(first, at, "planned_from")
    check_near(last, at, "planned_until")
    if last < first:
        raise Invalid(_("終わりの日は、始めの日以後にしてください。"), field="planned_until")
    if last < in_tokyo(at):
        past = _("「%s」の日が過ぎています。今日以後の日にしてください。") % stage.name
        raise Invalid(past, field="planned_until")
    first, last = rounded(first, last, precision)
    if precision == Precision.DAY and is_shortened(stage, first, last, calendar):
        what = f"標準の{stage.length}開庁日より短い期間"
        _deviate(stage, DeviationKind.SHORTENED, what, reason, by, at)
    stage.planned_from, stage.planned_until, stage.precision = first, last, precision


def add(
    previous: Stage,
    *,
    kind: str,
    asks: str,
    name: str,
    body: Body | None,
    by: User,
    at: datetime,
    reason: str,
) -> Stage:
    """Put one more stage on the path, right after `previous`; what followed that now follows it.

    raises  Invalid when such a stage cannot be, or (reason) when no reason is given
    """
    _check_can_be(previous, kind, asks, name, body)
    _make_room(previous, 1)
    stage = Stage.objects.create(
        case_id=previous.case_id,
        round=previous.round,
        order=previous.order + 1,
        kind=kind,
        asks=asks,
        name=name,
        body=body,
        after=previous,
    )
    _followers(previous).exclude(pk=stage.pk).update(after=stage)
    _deviate(stage, DeviationKind.ADDED, "経路にない段階の追加", reason, by, at)
    return stage


def open_(stage: Stage, *, by: User, at: datetime, reason: str = "") -> None:
    """Begin a stage.

    raises  Invalid (reason) before its predecessor has ended, unless a reason is given
    """
    stage.open(on=in_tokyo(at))
    if ahead := waits_for(stage):
        what = f"「{ahead.name}」の終了前の開始"
        _deviate(stage, DeviationKind.ORDER, what, reason, by, at)


def conclude(stage: Stage, *, outcome: str, remarks: str, at: datetime) -> None:
    """End a stage with an outcome that answers what was asked of it.

    raises  Invalid (outcome)
    """
    if outcome not in OUTCOMES[stage.asks]:
        possible = "、".join(str(o.label) for o in OUTCOMES[stage.asks])
        message = _("%(asks)sを求める段階の結果は、%(possible)sから選んでください。")
        asks = stage.get_asks_display()
        raise Invalid(message % {"asks": asks, "possible": possible}, field="outcome")
    stage.conclude(outcome=Outcome(outcome), remarks=remarks, on=in_tokyo(at), at=at)


def send_back(
    stage: Stage,
    *,
    to_id: int,
    between: Iterable[int] = (),
    stages: Sequence[Stage],
    reason: str,
    at: datetime,
) -> list[Stage]:
    """Return to an earlier stage (差戻し): run it, those chosen between, and this one again.

    stages  the path of the case
    returns the new runs, in a new round, in which also the rest of the round goes on
    raises  Invalid (to_stage) unless `to_id` and `between` can be run again
    """
    _require(reason, _("差戻しの理由を書いてください。"))
    stage.send_back(reason=reason, on=in_tokyo(at), at=at)
    again = [*_chosen(stage, stages, to_id, set(between)), stage]
    round_ = _round_after(stage.round)
    _make_room(stage, len(again))
    new = stage
    for order, old in enumerate(again, stage.order + 1):
        new = _run_again(old, after=new, round_=round_, order=order)
    runs = list(round_.stages.order_by("order"))
    _followers(stage).exclude(pk=runs[0].pk).update(after=new)
    Stage.objects.filter(round=stage.round, state=StageState.PLANNED, order__gt=new.order).update(
        round=round_
    )
    return runs


def skip(stage: Stage, *, by: User, at: datetime, reason: str) -> None:
    """省略."""
    stage.skip(reason=reason, on=in_tokyo(at), at=at)
    _deviate(stage, DeviationKind.SKIPPED, "段階の省略", reason, by, at)


def cancel(stage: Stage, *, by: User, at: datetime, reason: str) -> None:
    """中止: the path goes on without it."""
    stage.cancel(reason=reason, on=in_tokyo(at), at=at)
    _deviate(stage, DeviationKind.SKIPPED, "段階の中止", reason, by, at)


def abandon(stages: Iterable[Stage], *, reason: str, at: datetime) -> list[Stage]:
    """End what has not ended, because the whole case ends."""
    left = [s for s in stages if s.state in (StageState.PLANNED, StageState.OPEN)]
    for stage in left:
        stage.cancel(reason=reason, on=in_tokyo(at), at=at)
    return left


def _rounds(case: Case, legs: Iterable[Leg]) -> dict[str, Round]:
    names = dict.fromkeys(leg.round for leg in legs)
    return {
        name: Round.objects.create(case=case, number=number, name=name)
        for number, name in enumerate(names, 1)
    }


def _bodies(legs: Iterable[Leg]) -> dict[str, Body]:
    codes = {leg.body for leg in legs if leg.body}
    bodies = {body.code: body for body in Body.objects.filter(code__in=codes)}
    if lacking := codes - bodies.keys():
        message = _("この経路に要る会議体（%(codes)s）が登録されていません。")
        raise Invalid(message % {"codes": "、".join(sorted(lacking))}, field="route")
    return bodies


def _chosen(stage: Stage, stages: Sequence[Stage], to_id: int, between: set[int]) -> list[Stage]:
    earlier = returnable(stage, stages)
    start = next((n for n, s in enumerate(earlier) if s.pk == to_id), None)
    if start is None or between - {s.pk for s in earlier[start:]}:
        raise Invalid(_("差戻し先は、前に終わった段階から選んでください。"), field="to_stage")
    return [s for s in earlier[start:] if s.pk == to_id or s.pk in between]


def _round_after(round_: Round) -> Round:
    """Insert a round; from the last one down, since two may never share a number."""
    later = Round.objects.filter(case=round_.case_id, number__gt=round_.number)
    for moved in later.order_by("-number"):
        moved.number += 1
        moved.save()
    name = f"{round_.name}（再）"
    return Round.objects.create(case_id=round_.case_id, number=round_.number + 1, name=name)


def _run_again(old: Stage, *, after: Stage, round_: Round, order: int) -> Stage:
    return Stage.objects.create(
        case_id=old.case_id,
        round=round_,
        order=order,
        kind=old.kind,
        asks=old.asks,
        name=old.name,
        body=old.body,
        after=after,
        rerun_of=old,
        lead=old.lead,
        length=old.length,
    )


def _check_can_be(previous: Stage, kind: str, asks: str, name: str, body: Body | None) -> None:
    if StageKind.ADOPTION in (previous.kind, kind):
        raise Invalid(
            _("策定は経路の最後に一度だけです。前の段階を選び直してください。"), field="kind"
        )
    if asks not in ASKS.get(kind, ()):
        raise Invalid(_("この種類の段階では、選んだことを求められません。"), field="asks")
    if kind == StageKind.MEETING and body is None:
        raise Invalid(_("会議を開く会議体を選んでください。"), field="body")
    if body is not None and kind not in (StageKind.MEETING, StageKind.REPORT):
        raise Invalid(_("会議体を選べるのは、会議と報告の段階だけです。"), field="body")
    if not name.strip():
        raise Invalid(_("段階の名前を入力してください。"), field="name")


def _make_room(stage: Stage, count: int) -> None:
    later = Stage.objects.filter(case=stage.case_id, order__gt=stage.order)
    later.update(order=F("order") + count)


def _followers(stage: Stage) -> QuerySet[Stage]:
    return Stage.objects.filter(after=stage, state=StageState.PLANNED)


def _deviate(
    stage: Stage, kind: DeviationKind, what: str, reason: str, by: User, at: datetime
) -> None:
    message = _("経路からの逸脱（%(what)s）になります。理由を書いてください。")
    _require(reason, message % {"what": what})
    Deviation.objects.create(stage=stage, kind=kind, what=what, reason=reason, by=by, at=at)


def _require(reason: str, message: str) -> None:
    if not reason.strip():
        raise Invalid(message, field="reason")
