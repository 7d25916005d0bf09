from django.utils.translation import gettext_lazy as _

from revisions.cycle.parts import PROPOSAL
from workflow.signoff.kinds import Kind, nothing, register

register(Kind(PROPOSAL, _("伺い"), decided=nothing))
