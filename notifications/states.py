from django.db import models
from django.utils.translation import gettext_lazy as _


class ChannelCode(models.TextChoices):
    APP = "app", _("画面")
    EMAIL = "email", _("電子メール")


class DeliveryState(models.TextChoices):
    QUEUED = "queued", _("送信待ち")
    SENT = "sent", _("送信済")
    RETRYING = "retrying", _("再送待ち")
    DEAD = "dead", _("送信不能")
