from django.db import models
from django.utils.translation import gettext_lazy as _


class ChannelCode(models.TextChoices):
    APP = "app", _("画面")
    EMAIL = "email", _("電子メール")


class DeliveryState(models.TextChoices):
    HELD = "held", _("まとめ待ち")
    QUEUED = "queued", _("送信待ち")
    SENT = "sent", _("送信済")
    RETRYING = "retrying", _("再送待ち")
    DEAD = "dead", _("送信不能")
    WITHDRAWN = "withdrawn", _("取下げ")
    DROPPED = "dropped", _("送信不要")


class Topic(models.TextChoices):
    """What a person chooses a way for."""

    DEADLINE = "deadline", _("期限と督促")
    SIGNOFF = "signoff", _("決裁")
    INQUIRY = "inquiry", _("照会と回答")
    OTHER = "other", _("会議、意見、改定の進行など")


class Way(models.TextChoices):
    """How a person is told besides on screen, where everything is told at once."""

    DIGEST = "digest", _("一日一通にまとめる（急ぐものはすぐに）")
    AT_ONCE = "at_once", _("すべて、すぐに")
    APP = "app", _("画面だけ")
