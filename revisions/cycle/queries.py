"""改定の進行を読む."""

from revisions.plan.models import PlanVersion
from revisions.plan.states import RevisionState
from workflow.path.models import Stage
from workflow.signoff.states import RequestState

RUNNING = (RevisionState.DRAFTING, RevisionState.CONSULTING)
UNDECIDED = (RequestState.DRAFT, RequestState.CIRCULATING)


def decided_version(adoption: Stage) -> PlanVersion | None:
    """Return the version of the plan that was decided on last."""
    decided = adoption.proposals.filter(request__state=RequestState.DECIDED)
    proposal = decided.select_related("version").order_by("-pk").first()
    return proposal.version if proposal else None
