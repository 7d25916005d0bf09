"""A workbook sent back and not yet accepted."""

from datetime import timedelta

from django.conf import settings
from django.db import models

from revisions.inquiry.models import InquiryTarget

KEPT = timedelta(days=3)
"""How long it waits to be accepted."""


class Upload(models.Model):
    """照会票の預かり: for the eyes of who sent it, until they accept it or `expires_at`."""

    target = models.ForeignKey(InquiryTarget, on_delete=models.CASCADE, related_name="uploads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target", "by"], name="one_upload_a_person")]
