"""改定の進行を読む."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from revisions.cycle.models import Proposal
from revisions.meeting.models import Meeting
from revisions.plan.models import Plan, PlanVersion, ProjectSection, Revision
from revisions.plan.states import BEGIN, END, NOTICE, PAPER, RUNNING, SectionRole
from workflow.access import granted
from workflow.authority.states import Scope
from workflow.deadline.calendar import Calendar, end_of_day
from workflow.deadline.models import Deadline
from workflow.deadline.queries import running_of
from workflow.ledger.read import Read
from workflow.path.models import Stage
from workflow.people.models import User
from workflow.people.queries import sections_of
from workflow.signoff.states import RequestState

PROPOSAL = "revision.proposal"
"""The matter of a 伺い in a table of decisions; finer with the kind of its stage."""

UNDECIDED = (RequestState.DRAFT, RequestState.CIRCULATING)


def _with_work(stage: int) -> QuerySet[Stage]:
    here: Any = {"stage": OuterRef("pk")}
    undecided = Proposal.objects.filter(request__state__in=UNDECIDED, **here)
    work = {"meets": Exists(Meeting.objects.filter(**here)), "undecided": Exists(undecided)}
    return Stage.objects.filter(pk=stage).annotate(**work)


WITH_WORK = Read(_with_work, stage=int)
"""A stage with `meets`, it has a meeting, and `undecided`, a proposal is on its way."""


def decided_version(adoption: Stage) -> PlanVersion | None:
    """Return the version of the plan that was decided on last."""
    proposal = last_decided(adoption)
    return proposal.version if proposal else None


def last_decided(stage: Stage) -> Proposal | None:
    """Return the proposal that stands: a paper decision counts from its own day (決裁日)."""
    decided = stage.proposals.filter(request__state=RequestState.DECIDED)
    return decided.select_related("version").order_by("-request__decided_on", "-pk").first()


def startable_plans(user: User, on: date) -> QuerySet[Plan]:
    """Return the plans without a running revision whose secretariat the user belongs to."""
    last = Revision.objects.filter(plan=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    plans = Plan.objects.annotate(last=Subquery(last)).exclude(revisions__state__in=RUNNING)
    mine = Q(last__in=granted(Revision.objects.all(), "steer_revision", user).values("pk"))
    if sections_of(user, on).filter(code=settings.SECRETARIAT_SECTION).exists():
        mine |= Q(last=None)
    return plans.filter(mine).order_by("code")


def stages_due(user: User, until: date) -> QuerySet[Deadline]:
    """Return what the user's secretariat has to do about stages up to a day, the oldest first."""
    kinds = [BEGIN, END, NOTICE, PAPER]
    return running_of(user).filter(kind__in=kinds, due_at__lte=end_of_day(until))


def matter_of(stage: Stage) -> str:
    return f"{PROPOSAL}:{stage.kind}"


def scope_of(revision: Revision) -> Scope:
    """Return whom the draft concerns, by the sections that lead its projects."""
    leads = ProjectSection.objects.filter(
        project__revision=revision, project__is_discontinued=False, role=SectionRole.LEAD
    ).exclude(section=None)
    found = set(leads.values_list("section", "section__department"))
    if len({department for _section, department in found}) > 1:
        return Scope.SEVERAL_DEPARTMENTS
    return Scope.SEVERAL_SECTIONS if len(found) > 1 else Scope.ONE_SECTION


def proposed_day(stage: Stage, today: date, calendar: Calendar) -> date | None:
    """Return by when a 伺い of a stage is to be decided: the last open day of its plan, while that
    is ahead."""
    if stage.planned_until is None:
        return None
    day = calendar.previous_working_day(stage.planned_until)
    return day if day >= today else None
