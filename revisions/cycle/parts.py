"""What the commands of a revision's path share. Usable only inside a command."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from revisions.cycle.models import Proposal
from revisions.cycle.queries import UNDECIDED
from revisions.inquiry.parts import call_off as call_off_inquiry
from revisions.meeting.parts import call_off as call_off_meetings
from revisions.plan.models import Plan, PlanVersion, Revision
from revisions.plan.states import RevisionState
from revisions.public_comment.parts import call_off as call_off_comment
from workflow.access import groups_with
from workflow.audit.models import AuditEntry
from workflow.audit.trail import record
from workflow.errors import Invalid
from workflow.outbox.queue import emit
from workflow.path.models import Stage
from workflow.path.queries import stages_of
from workflow.people.models import Post, User
from workflow.people.states import Rank
from workflow.signoff import parts as signoff
from workflow.signoff.models import Request
from workflow.signoff.states import RequestState, StepRole

PROPOSAL = "revision.proposal"

Turn = tuple[int, str, int]
Line = Sequence[tuple[int, StepRole, Post]]


def lock_revision(**which: int) -> Revision:
    revisions = Revision.objects.select_for_update(of=("self",)).select_related("plan")
    return revisions.get(**which)


def lock(stage_id: int) -> tuple[Revision, Stage, list[Stage]]:
    """Lock a revision and the stages of its path; return it, the stage meant, and all of them."""
    revision = lock_revision(case__stages=stage_id)
    stages = stages_of(revision.case_id, lock=True)
    return revision, next(s for s in stages if s.pk == stage_id), stages


def lock_all(revision_id: int) -> tuple[Revision, list[Stage]]:
    revision = lock_revision(pk=revision_id)
    return revision, stages_of(revision.case_id, lock=True)


def staff_groups() -> QuerySet[Group]:
    """Return the groups of every section, and of the posts above sections (市長, 部長…)."""
    above = Q(post__section=None) & ~Q(post__rank=Rank.COMMISSIONED)
    return Group.objects.filter(Q(section__isnull=False) | (Q(post__isnull=False) & above))


def enter(verb: str, revision: Revision, stage: Stage, **more: Any) -> AuditEntry:
    """Chain the move of a stage to its revision."""
    place = {"stage": stage.pk, "name": stage.name, "round": stage.round.name}
    return record(verb, revision, stage, **{"after": stage.state} | place | more)


def tell_secretariat(entry: AuditEntry, revision: Revision, stage: Stage) -> None:
    emit(
        entry,
        to=groups_with("steer_revision", revision),
        link=f"/stages/{stage.pk}/",
        title=revision.title,
        stage=stage.name,
    )


def tell_readers(entry: AuditEntry, revision: Revision) -> None:
    emit(
        entry,
        to=groups_with("read_revision", revision),
        link=f"/revisions/{revision.pk}/",
        title=revision.title,
    )


def dates(stage: Stage) -> str:
    return f"{stage.planned_from or ''}～{stage.planned_until or ''}"


def version_label(stage: Stage) -> str:
    """Name a version after the hand-over that it was made for."""
    return f"{stage.round.name}・{stage.name}"


def resolve(turns: Iterable[Turn]) -> Line:
    """Resolve the posts of a circulation.

    raises  Invalid (steps) unless one decider stands alone at its end
    """
    turns = sorted(turns)
    posts = Post.objects.in_bulk([post_id for _order, _role, post_id in turns])
    deciders = [order for order, role, _post in turns if role == StepRole.DECIDER]
    if not turns or len(posts) < len(turns):
        raise Invalid(_("回議先の職を選び直してください。"), field="steps")
    if len(deciders) != 1 or [order for order, _role, _post in turns if order >= deciders[0]][1:]:
        raise Invalid(_("決裁者は、最後に一人だけ置いてください。"), field="steps")
    return [(order, StepRole(role), posts[post_id]) for order, role, post_id in turns]


def circulate(
    revision: Revision,
    stage: Stage,
    version: PlanVersion,
    *,
    title: str,
    text: str,
    line: Line,
    by: User,
    post: Post,
    at: datetime,
) -> Proposal:
    """Send a proposal round, or again when it came back."""
    body = wording(revision, stage, version, title=title, text=text)
    if proposal := stage.proposals.filter(request__state=RequestState.DRAFT).first():
        request = Request.objects.select_for_update(of=("self",)).get(pk=proposal.request_id)
        request.title, request.link = title, f"/versions/{version.pk}/"
        signoff.recirculate(request, body=body, steps=line, by=by, post=post, at=at)
        proposal.version, proposal.text = version, text
        proposal.save()
        return proposal
    request = signoff.circulate(
        kind=PROPOSAL,
        title=title,
        link=f"/versions/{version.pk}/",
        part_of=revision.key,
        body=body,
        drafter=by,
        post=post,
        steps=line,
        at=at,
    )
    return Proposal.objects.create(
        revision=revision, stage=stage, version=version, request=request, text=text
    )


def wording(
    revision: Revision, stage: Stage, version: PlanVersion, *, title: str, text: str
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
    for request in undecided.select_for_update(of=("self",)):
        signoff.withdraw(request, by=by, post=post, at=at, reason=reason)
    call_off_meetings(stage, by=by, post=post, at=at, reason=reason)
    call_off_comment(stage, by=by, post=post, at=at, reason=reason)
