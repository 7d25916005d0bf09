from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """By what it should have been told. EVENT: nobody was told by anything."""

    EMAIL = "email", _("電子メール")
    WEBHOOK = "webhook", _("外部連携")
    EVENT = "event", _("配信前")
