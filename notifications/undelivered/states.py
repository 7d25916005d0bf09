from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """By what it should have been told."""

    EMAIL = "email", _("電子メール")
    WEBHOOK = "webhook", _("外部連携")
