"""電子メール, for who has an address and wants it. What is told here stands on screen too."""

from collections.abc import Iterator, Sequence
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.catalog import notice_of
from notifications.models import Delivery
from notifications.queries import names_of, wants_mail, why

OF_THIS_MAIL = (SMTPRecipientsRefused, SMTPSenderRefused, SMTPDataError)
ERROR_LENGTH = 200


def send_each(deliveries: Sequence[Delivery]) -> Iterator[tuple[Delivery, str]]:
    """Send over one connection; yield each with what went wrong, or "".

    Ends early when the server itself fails: what was not tried is not yielded.
    """
    names = names_of(delivery.event for delivery in deliveries)
    server = get_connection()
    try:
        for delivery in deliveries:
            failed = _send(server, delivery, names)
            yield delivery, f"{type(failed).__name__}: {failed}"[:ERROR_LENGTH] if failed else ""
            if isinstance(failed, OSError) and not isinstance(failed, OF_THIS_MAIL):
                return
    finally:
        server.close()


def message_of(delivery: Delivery, names: dict[int, str]) -> EmailMessage:
    event, user = delivery.event, delivery.user
    notice = notice_of(event)
    text = render_to_string(
        "notifications/mail.txt",
        {
            "user": user,
            "notice": notice,
            "why": why(event, {group.pk for group in user.groups.all()}, names),
            "url": settings.BASE_URL + reverse("follow_notice", args=[event.pk]),
        },
    )
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >")
    headers = {
        "Message-ID": f"<{delivery.pk}.{event.entry.hash[:16]}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(notice.subject, text, to=[user.email], headers=headers)


def _send(server: Any, delivery: Delivery, names: dict[int, str]) -> Exception | None:
    """Return what went wrong: one mail that cannot be made must not keep back the others."""
    try:
        if not wants_mail(delivery.user):
            raise ValueError(_("電子メールを受け取らない設定です"))
        server.send_messages([message_of(delivery, names)])
    except Exception as failed:
        return failed
    return None
