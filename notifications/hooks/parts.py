from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from notifications.hooks.models import HookDelivery, Webhook
from workflow.models import OutboxEvent


def queue_hooks(events: Sequence[OutboxEvent], at: datetime) -> None:
    """Let every webhook that wants it be told of each event, once."""
    if not settings.WEBHOOK_HOSTS:
        return
    hooks = list(Webhook.objects.filter(active=True))
    rows = [
        HookDelivery(event=event, hook=hook, next_at=at)
        for event in events
        for hook in hooks
        if hook.wants(event.kind)
    ]
    HookDelivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
