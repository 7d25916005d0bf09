from django.conf import settings
from django.db import models

from workflow.audit.chain import GENESIS


class Audited(models.Model):
    """A row that heads a chain of audit entries. Its lock is the chain's lock."""

    chain_length = models.PositiveIntegerField(default=0, editable=False)
    chain_head = models.CharField(max_length=64, default=GENESIS, editable=False)

    class Meta:
        abstract = True

    @property
    def key(self) -> str:
        return key_of(type(self), self.pk)

    @property
    def within(self) -> str:
        """Key of the whole that this row is a part of; its history is read by it."""
        return self.key


class Evidence(models.Model):
    """Rows written once. The database refuses UPDATE, DELETE and TRUNCATE (audit/triggers.py)."""

    class Meta:
        abstract = True


class AuditEntry(Evidence):
    """証跡: one thing that happened, stored as the text that was hashed."""

    subject = models.CharField(max_length=80)
    seq = models.PositiveIntegerField()
    within_key = models.CharField(max_length=80)
    verb = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()
    body = models.TextField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "seq"], name="audit_one_entry_per_seq")
        ]
        indexes = [models.Index(fields=["within_key", "id"], name="audit_history")]


def key_of(model: type[models.Model], pk: int) -> str:
    return f"{model._meta.label_lower}:{pk}"
