"""What a webhook must be like."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from notifications.hooks.areas import AREAS
from notifications.hooks.models import Webhook
from notifications.hooks.target import origins, target_of
from workflow.errors import Invalid, Unmet


def check_words(name: str, url: str, areas: Sequence[str], hook: Webhook | None = None) -> None:
    """hook  the one that is changed; None for a new one"""
    others = Webhook.objects.exclude(pk=hook.pk) if hook else Webhook.objects.all()
    if not name:
        raise Invalid(_("名称を入れてください。"), field="name")
    if others.filter(name=name).exists():
        raise Invalid(_("同じ名称の送り先があります。"), field="name")
    if not areas or not set(areas) <= AREAS.keys():
        raise Invalid(_("知らせる分野を1つ以上選んでください。"), field="areas")
    check_address(url)


def check_address(url: str) -> None:
    try:
        target = target_of(url)
    except ValueError:
        raise Invalid(
            _("https:// から始まるURLを入れてください。利用者名や # は入れられません。"),
            field="url",
        ) from None
    if target.origin not in origins(settings.WEBHOOK_HOSTS):
        message = _("%s へは送れません。システムの設定 WEBHOOK_HOSTS にある相手だけに送れます。")
        raise Invalid(message % target.netloc, field="url")


def check_active(hook: Webhook) -> None:
    if not hook.active:
        raise Unmet(_("この送り先は、すでに止めてあります。"))


def check_stopped(hook: Webhook) -> None:
    if hook.active:
        raise Unmet(_("この送り先は、すでに動いています。"))
