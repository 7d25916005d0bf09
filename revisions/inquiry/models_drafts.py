"""下書き: what is typed and not answered yet, and who has which sheet open."""

from django.conf import settings
from django.db import models

from revisions.inquiry.models import InquiryTarget
from workflow.people.models import Post

UID = 20
"""Characters of a uid, at most."""


class AnswerDraft(models.Model):
    """下書き: what somebody of the section typed into one field of a sheet, not answered yet.

    No state, so no entry is made of it: it is shared while it is written (ADR 0011).
    field, value, page  as in typed.py
    """

    target = models.ForeignKey(InquiryTarget, on_delete=models.PROTECT, related_name="drafts")
    uid = models.SlugField(max_length=UID)
    field = models.CharField(max_length=40)
    value = models.JSONField()
    page = models.CharField(max_length=16, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["uid", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["target", "uid", "field"], name="one_draft_a_field")
        ]


class Presence(models.Model):
    """いま開いている人: who had the form of a sheet open, and when last. Kept a minute."""

    target = models.ForeignKey(InquiryTarget, on_delete=models.CASCADE, related_name="+")
    uid = models.SlugField(max_length=UID)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "uid", "user"], name="once_a_sheet")
        ]
