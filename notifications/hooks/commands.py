"""外部連携の送り先: what the administrator does with webhooks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from notifications.hooks.gates import check_active, check_stopped, check_words
from notifications.hooks.models import Webhook
from workflow.audit.trail import check_seen, record
from workflow.ledger.command import command
from workflow.people.models import User
from workflow.people.policies import check_can_administer

BOTH_SIGN = timedelta(days=1)
"""Time to put the new secret into the other system."""


@command
def register_webhook(
    *, name: str, url: str, areas: Sequence[str], by: User | None, at: datetime
) -> Webhook:
    """Tell another system of what happens from now on (登録). Its secret is in secret_of()."""
    check_can_administer(by)  # check
    name = name.strip()
    check_words(name, url, areas)

    hook = Webhook(name=name, url=url, areas=sorted(areas), salt=token_hex(16))  # move
    record("webhook.registered", hook, by=by, at=at, **_told(hook))  # record
    return hook


@command
def change_webhook(
    *,
    webhook_id: int,
    name: str,
    url: str,
    areas: Sequence[str],
    seen: int | None = None,
    by: User | None,
    at: datetime,
) -> Webhook:
    """Send elsewhere, or of other areas (変更). What waits goes to the new address."""
    hook = _lock(webhook_id)  # lock

    check_can_administer(by)  # check
    check_seen(hook, seen)
    name = name.strip()
    check_words(name, url, areas, hook)

    before = hook.url
    hook.name, hook.url, hook.areas = name, url, sorted(areas)  # move

    words: Any = {"before": before, "after": url}
    record("webhook.changed", hook, by=by, at=at, **words, **_told(hook))  # record
    return hook


@command
def renew_secret(
    *, webhook_id: int, seen: int | None = None, by: User | None, at: datetime
) -> Webhook:
    """Sign with another secret (秘密鍵の再発行), for a day with the former one too.

    Renewed twice at once, the first one signs nothing more.
    """
    hook = _lock(webhook_id)  # lock

    check_can_administer(by)  # check
    check_seen(hook, seen)

    hook.former_salt, hook.salt = hook.salt, token_hex(16)  # move
    hook.former_until = at + BOTH_SIGN
    record("webhook.secret_renewed", hook, by=by, at=at)  # record
    return hook


@command
def stop_webhook(*, webhook_id: int, by: User | None, at: datetime) -> Webhook:
    """Tell it nothing more (停止). What waits stays until it is started again."""
    hook = _lock(webhook_id)  # lock

    check_can_administer(by)  # check
    check_active(hook)

    hook.active = False  # move
    record("webhook.stopped", hook, by=by, at=at)  # record
    return hook


@command
def start_webhook(*, webhook_id: int, by: User | None, at: datetime) -> Webhook:
    """Tell it of what happens again (再開), and of what waited when it was stopped."""
    hook = _lock(webhook_id)  # lock

    check_can_administer(by)  # check
    check_stopped(hook)

    hook.active = True  # move
    record("webhook.started", hook, by=by, at=at)  # record
    return hook


def _lock(pk: int) -> Webhook:
    return Webhook.objects.select_for_update().get(pk=pk)


def _told(hook: Webhook) -> dict[str, Any]:
    return {"name": hook.name, "url": hook.url, "areas": hook.areas}
