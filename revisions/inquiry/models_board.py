"""進捗のボード: how far somebody has seen what happened to an inquiry."""

from django.conf import settings
from django.db import models

from revisions.inquiry.models import Inquiry


class BoardVisit(models.Model):
    """ここまで見た. upto: id of the last entry of the trail that they have seen."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="+")
    upto = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "inquiry"], name="one_visit_a_person")
        ]
