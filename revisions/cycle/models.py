from django.db import models

from revisions.plan.models import PlanVersion, Revision
from workflow.path.models import Stage
from workflow.signoff.models import Request


class Proposal(models.Model):
    """伺い: the decision (決裁) that a stage asks for, over a version of the plan."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="proposals")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="proposals")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="proposal")
    text = models.TextField()

    class Meta:
        ordering = ["pk"]
