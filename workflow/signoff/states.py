from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestState(models.TextChoices):
    DRAFT = "draft", _("起案中")
    CIRCULATING = "circulating", _("決裁中")
    DECIDED = "decided", _("決裁済")
    REJECTED = "rejected", _("否決")
    WITHDRAWN = "withdrawn", _("取下げ")


class StepState(models.TextChoices):
    WAITING = "waiting", _("順番待ち")
    ACTIVE = "active", _("決裁待ち")
    APPROVED = "approved", _("承認")
    SENT_BACK = "sent_back", _("差戻し")
    REJECTED = "rejected", _("否決")
    CLOSED = "closed", _("終了")


class StepRole(models.TextChoices):
    LINE = "line", _("回議")
    CONCURRENCE = "concurrence", _("合議")
    DECIDER = "decider", _("決裁")
    SIGNER = "signer", _("署名")


class Meaning(models.TextChoices):
    """What a signature says."""

    APPROVED = "approved", _("承認")
    SENT_BACK = "sent_back", _("差戻し")
    REJECTED = "rejected", _("否決")
    PULLED_BACK = "pulled_back", _("引戻し")
