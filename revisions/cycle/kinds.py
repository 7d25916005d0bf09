"""伺い: where it is mended, how a decided one is corrected; who steers; stages to come.

Registered by revisions/kinds.py.
"""

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from revisions.cycle.gates import check_can_correct
from revisions.cycle.models import Proposal
from revisions.cycle.parts import PROPOSAL, REVISION_OF_REQUEST, wording
from revisions.cycle.queries import matter_of, scope_of
from revisions.plan.models import Revision
from revisions.plan.states import BEGIN, END, NOTICE, PAPER, RUNNING
from workflow.access import first_holders, granted
from workflow.audit.models import key_of
from workflow.authority.resolve import Facts
from workflow.deadline import registry
from workflow.deadline.registry import Planned, register_askers, register_planners
from workflow.deadline.schedule import Step
from workflow.path.models import Stage
from workflow.path.states import Precision, StageState
from workflow.people.models import User
from workflow.signoff.kinds import Correction, Kind, nothing, register
from workflow.signoff.models import Request
from workflow.signoff.oversight import oversee


def _redraft(request: Request) -> str:
    return reverse("propose", args=[request.proposal.stage_id])


def _lock(request_id: int) -> None:
    """A stage neither ends nor gets another proposal meanwhile: both take this lock."""
    REVISION_OF_REQUEST.get(request=request_id)


def _text(request: Request) -> str:
    return request.proposal.text


def _check(request: Request) -> None:
    check_can_correct(request.proposal)


def _body(request: Request, text: str) -> str:
    """The same version of the plan, asked for in other words."""
    old = request.proposal
    title = _first(request).title
    return wording(old.revision, old.stage, old.version, title=title, text=text)


def _first(request: Request) -> Request:
    """Return what was corrected first: its title is the matter's, without 訂正 before it."""
    while request.corrects:
        request = request.corrects
    return request


def _facts(request: Request) -> Facts:
    """Its stage is the matter; the draft may concern others by now."""
    proposal = request.proposal
    scope = scope_of(proposal.revision)
    return Facts(matter_of(proposal.stage), frozenset(request.flags), request.amount, scope)


def _circulated(request: Request, correction: Request, *, text: str) -> None:
    old = request.proposal
    place = {"revision": old.revision, "stage": old.stage, "version": old.version, "text": text}
    Proposal.objects.update_or_create(request=correction, defaults=place)


CORRECTION = Correction(
    lock=_lock, check=_check, text=_text, body=_body, facts=_facts, circulated=_circulated
)

register(
    Kind(
        PROPOSAL,
        _("伺い"),
        decided=nothing,
        redraft=_redraft,
        numbered=True,
        correction=CORRECTION,
    )
)


def _steered(user: User) -> list[str]:
    steered = granted(Revision.objects.all(), "steer_revision", user)
    return [key_of(Revision, pk) for pk in steered.values_list("pk", flat=True)]


oversee(_steered)


def _secretariats(keys: Collection[str]) -> dict[str, int]:
    prefix = key_of(Revision, 0).removesuffix("0")
    pks = [int(key.removeprefix(prefix)) for key in keys if key.startswith(prefix)]
    steering = first_holders("steer_revision", Revision, pks)
    return {key_of(Revision, pk): group for pk, group in steering.items()}


register_askers(_secretariats)


RULE = (
    Step("before", 3),
    Step("on"),
    Step("late", 1, every=5),
    Step("late", 5, to="chief"),
    Step("late", 10, every=10, to="director"),
)
"""The 事務局 reminds itself: between it and its 課長 there is nobody."""

AHEAD = (
    Step("before", 5),
    Step("before", 2),
    Step("on"),
    Step("late", 1, every=3),
    Step("late", 2, to="chief"),
)
"""What is not made known in time can't be caught up."""

for kind in (
    registry.Kind(
        BEGIN,
        _("段階の開始"),
        act=_("段階を始めてください。遅れるときは、日程を改めてください。"),
        told=True,
        steps=RULE,
    ),
    registry.Kind(
        END,
        _("段階の終了"),
        act=_("結果を登録して段階を終えてください。続くときは、日程を改めてください。"),
        told=True,
        steps=RULE,
    ),
    registry.Kind(
        NOTICE,
        _("会議の招集"),
        act=_("会議を招集してください。間に合わないときは、開く日を改めてください。"),
        done=_("招集したことを記録する"),
        told=True,
        steps=AHEAD,
    ),
    registry.Kind(
        PAPER,
        _("広報紙の原稿"),
        act=_("予告の原稿を広報紙の担当に渡し、渡したことを記録してください。"),
        done=_("原稿を渡したことを記録する"),
        told=True,
        steps=AHEAD,
        opens=(),
    ),
):
    registry.register(kind)


def planned(days: Collection[date]) -> Iterator[Planned]:
    """What only the timetable says: a meeting or a period has its own day."""
    ends = Q(planned_from__in=days) | Q(planned_until__in=days)
    stages = Stage.objects.filter(ends, state=StageState.PLANNED, precision=Precision.DAY)
    found = stages.filter(
        case__revision__state__in=RUNNING, meetings=None, public_comment=None, inquiry=None
    )
    to_do = gettext("日程を組み直します。組み直すまで、予定の日は変わりません。")
    for stage in found.select_related("case__revision"):
        revision = stage.case.revision
        title, link = f"{revision.title}　{stage.name}", f"/revisions/{revision.pk}/schedule/"
        for day in days:
            if day in (stage.planned_from, stage.planned_until):
                yield Planned(day, title, gettext("段階の予定"), to_do, link)


register_planners(planned)
