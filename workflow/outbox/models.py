from django.db import models


class OutboxEvent(models.Model):
    """送信待ち: somebody is to be told of an entry, once its transaction has committed."""

    entry = models.ForeignKey("workflow.AuditEntry", on_delete=models.PROTECT)
    kind = models.CharField(max_length=60)
    groups = models.JSONField(default=list)
    users = models.JSONField(default=list)
    link = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    fanned_out_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], name="outbox_pending", condition=models.Q(fanned_out_at=None)
            )
        ]


class TaskRun(models.Model):
    """巡回の脈: how the last run of a task that beat starts went.

    finished_at  None while it runs, and when its process died
    handled      how many it dealt with
    error        the name of what stopped it; "" when nothing did
    """

    name = models.CharField(max_length=60, unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    handled = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=80, blank=True)
