"""What the commands of a revision's path share. Usable only inside a command."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from revisions.cycle.models import Proposal
from revisions.cycle.queries import PROPOSAL, UNDECIDED, matter_of, scope_of
from revisions.inquiry.parts import call_off as call_off_inquiry
from revisions.meeting.parts import call_off as call_off_meetings
from revisions.meeting.parts_minutes import call_off_minutes
from revisions.plan.models import Plan, PlanVersion, Revision
from revisions.plan.states import RevisionState
from revisions.public_comment.parts import call_off as call_off_comment
from workflow.access import groups_with
from workflow.audit.models import AuditEntry
from workflow.audit.trail import record
from workflow.authority.about import About
from workflow.authority.changes import check_keeps
from workflow.authority.laying import route
from workflow.authority.line import Line, Turn
from workflow.authority.resolve import Facts
from workflow.authority.states import Flag, StepRole
from workflow.errors import Invalid
from workflow.ledger.read import Read
from workflow.outbox.queue import emit
from workflow.path.models import Stage
from workflow.path.queries import stages_of
from workflow.path.states import StageState
from workflow.people.models import Post, User
from workflow.people.states import Rank
from workflow.signoff import parts as signoff
from workflow.signoff.models import Request
from workflow.signoff.states import RequestState

Asked = tuple[int, str, int] | tuple[int, str, int, int]
"""A turn as it was asked for: order, role, id of a post, and how many of its order must sign."""


class Said(NamedTuple):
    """What a proposal says of itself beside its text.

    scope      "" is what the draft's sections make of it
    deviation  why somebody whom the rule lets sign is left out
    retention  "" is what the rule says
    """

    flags: Sequence[str] = ()
    amount: int | None = None
    scope: str = ""
    deviation: str = ""
    retention: str = ""
    disclosure: str = ""
    disclosure_ground: str = ""

    def about(self, by_rule: About) -> About:
        """Return what is kept of it, over what the rule that lays the line says."""
        return replace(
            by_rule,
            flags=sorted(self.flags),
            amount=self.amount,
            retention=self.retention or by_rule.retention,
            disclosure=self.disclosure,
            disclosure_ground=self.disclosure_ground.strip(),
        )


UNSAID = Said()


class Routed(NamedTuple):
    """departs tells, in words, how the line falls short of the rule; "" when it does not."""

    line: Line
    about: About
    departs: str = ""


def _revision(**which: int) -> QuerySet[Revision]:
    revisions = Revision.objects.select_for_update(of=("self",)).select_related("plan")
    return revisions.filter(**which)


REVISION = Read(lambda revision: _revision(pk=revision), revision=int)
REVISION_OF_STAGE = Read(lambda stage: _revision(case__stages=stage), stage=int)
REVISION_OF_REQUEST = Read(lambda request: _revision(proposals__request=request), request=int)


def lock(stage_id: int) -> tuple[Revision, Stage, list[Stage]]:
    """Lock a revision and the stages of its path; return it, the stage meant, and all of them."""
    revision = REVISION_OF_STAGE.get(stage=stage_id)
    stages = stages_of(revision.case_id, lock=True)
    return revision, next(s for s in stages if s.pk == stage_id), stages


def lock_all(revision_id: int) -> tuple[Revision, list[Stage]]:
    revision = REVISION.get(revision=revision_id)
    return revision, stages_of(revision.case_id, lock=True)


def lock_requests(revision: Revision) -> None:
    """Lock all that is under way in a revision, in the order in which まとめて承認 locks."""
    asked = Request.objects.filter(part_of=revision.key, state__in=UNDECIDED).order_by("pk")
    list(asked.select_for_update(of=("self",)).values_list("pk"))


def staff_groups() -> QuerySet[Group]:
    """Return the groups of every section, and of the posts above sections (市長, 部長…)."""
    above = Q(post__section=None) & ~Q(post__rank=Rank.COMMISSIONED)
    return Group.objects.filter(Q(section__isnull=False) | (Q(post__isnull=False) & above))


def enter(verb: str, revision: Revision, stage: Stage, **more: Any) -> AuditEntry:
    """Chain the move of a stage to its revision."""
    place = {"stage": stage.pk, "name": stage.name, "round": stage.round.name}
    return record(verb, revision, stage, **{"after": stage.state} | place | more)


def tell_secretariat(entry: AuditEntry, revision: Revision, stage: Stage, reason: str = "") -> None:
    emit(
        entry,
        to=groups_with("steer_revision", revision),
        link=f"/stages/{stage.pk}/",
        title=revision.title,
        stage=stage.name,
        reason=reason,
    )


def tell_readers(entry: AuditEntry, revision: Revision) -> None:
    emit(
        entry,
        to=groups_with("read_revision", revision),
        link=f"/revisions/{revision.pk}/",
        title=revision.title,
    )


def version_label(stage: Stage) -> str:
    """Name a version after the hand-over that it was made for."""
    return f"{stage.round.name}・{stage.name}"


def routed(
    revision: Revision,
    stage: Stage,
    steps: Iterable[Asked],
    *,
    said: Said = UNSAID,
    post: Post,
    on: date,
) -> Routed:
    """Hold a line that was asked for against the table in force; without one it stands as it is.

    raises  Invalid (steps, flags, deviation); Unmet when no rule takes the matter
    """
    line = resolve(steps)
    if not set(said.flags) <= set(Flag.values):
        raise Invalid(_("区分を選び直してください。"), field="flags")
    scope = said.scope or scope_of(revision)
    facts = Facts(matter_of(stage), frozenset(said.flags), said.amount, scope)
    laid = route(facts, drafter=post, on=on)
    if laid is None:
        return Routed(line, said.about(About()))
    without = "、".join(post.name for post in check_keeps(laid, line, said.deviation))
    departs = f"{without}を経路から外す（理由：{said.deviation}）" if without else ""
    return Routed(line, said.about(laid.about(facts)), departs)


def resolve(turns: Iterable[Asked]) -> Line:
    """Resolve the posts of a circulation.

    raises  Invalid (steps) unless one decider stands alone, with nobody behind but the informed
    """
    turns = sorted(turns)
    posts = Post.objects.in_bulk([turn[2] for turn in turns])
    deciders = [turn[0] for turn in turns if turn[1] == StepRole.DECIDER]
    if not turns or len(posts) < len(turns):
        raise Invalid(_("回議先の職を選び直してください。"), field="steps")
    if len(deciders) != 1 or not all(_in_place(*turn[:2], deciders[0]) for turn in turns):
        raise Invalid(_("決裁者は、最後に一人だけ置いてください。"), field="steps")
    return [Turn(turn[0], StepRole(turn[1]), posts[turn[2]], *turn[3:]) for turn in turns]


def _in_place(order: int, role: str, decided: int) -> bool:
    if role == StepRole.DECIDER:
        return True
    return order > decided if role == StepRole.INFORMED else order < decided


def circulate(
    revision: Revision,
    stage: Stage,
    version: PlanVersion,
    *,
    title: str,
    text: str,
    asked_for_on: date | None,
    way: Routed,
    by: User,
    post: Post,
    at: datetime,
) -> Proposal:
    """Send a proposal round, or again when it came back."""
    body = wording(revision, stage, version, title=title, text=text, departs=way.departs)
    sent: dict[str, Any] = {"body": body, "steps": way.line, "about": way.about, "at": at}
    drafts = stage.proposals.filter(request__state=RequestState.DRAFT)
    if proposal := drafts.filter(request__corrects=None).first():
        request = Request.objects.select_for_update(of=("self",)).get(pk=proposal.request_id)
        request.title, request.link = title, f"/versions/{version.pk}/"
        request.asked_for_on = asked_for_on
        signoff.recirculate(request, by=by, post=post, **sent)
        proposal.version, proposal.text = version, text
        proposal.save()
        return proposal
    request = signoff.circulate(
        kind=PROPOSAL,
        title=title,
        link=f"/versions/{version.pk}/",
        part_of=revision.key,
        asked_for_on=asked_for_on,
        drafter=by,
        post=post,
        **sent,
    )
    return Proposal.objects.create(
        revision=revision, stage=stage, version=version, request=request, text=text
    )


def wording(
    revision: Revision,
    stage: Stage,
    version: PlanVersion,
    *,
    title: str,
    text: str,
    departs: str = "",
) -> str:
    """Return what the leaders sign: the proposal, bound to a version by its digest. Japanese."""
    with override(settings.LANGUAGE_CODE):
        asks = stage.get_asks_display()
    head = [
        ("件名", title),
        ("計画", revision.plan.title),
        ("改定", revision.title),
        ("段階", f"{stage.round.name} {stage.name}（{asks}）"),
        ("計画案", f"第{version.number}版"),
        ("SHA-256", version.sha256),
    ]
    if departs:
        head.append(("経路の変更", departs))
    return "\n".join(f"{term}：{said}" for term, said in head) + f"\n\n{text}\n"


def supersede(plan: Plan, *, by: User, post: Post, at: datetime) -> None:
    """旧版: the revision that was the plan until now."""
    adopted = Revision.objects.filter(plan=plan, state=RevisionState.ADOPTED)
    for old in adopted.select_for_update(of=("self",)):
        before = old.state
        old.supersede()
        record("revision.superseded", old, by=by, post=post, at=at, before=before, after=old.state)


def call_off(stage: Stage, *, by: User, post: Post, at: datetime, reason: str) -> None:
    """End what hangs on a stage that ends without its outcome."""
    call_off_inquiry(stage, by=by, post=post, at=at, reason=reason)
    undecided = Request.objects.filter(proposal__stage=stage, state__in=UNDECIDED)
    for request in undecided.select_for_update(of=("self",)).order_by("pk"):
        signoff.withdraw(request, by=by, post=post, at=at, reason=reason)
    call_off_meetings(stage, by=by, post=post, at=at, reason=reason)
    if stage.state == StageState.CANCELLED:  # sent back, its meeting was held and counts
        call_off_minutes(stage.meetings.all(), by=by, post=post, at=at, reason=reason)
    call_off_comment(stage, by=by, post=post, at=at, reason=reason)
