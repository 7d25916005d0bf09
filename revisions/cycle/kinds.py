from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from revisions.cycle.parts import PROPOSAL
from workflow.signoff.kinds import Kind, nothing, register
from workflow.signoff.models import Request


def _redraft(request: Request) -> str:
    return reverse("propose", args=[request.proposal.stage_id])


register(Kind(PROPOSAL, _("伺い"), decided=nothing, redraft=_redraft))
