from django.db import models
from django.utils.translation import gettext_lazy as _


class DeadlineState(models.TextChoices):
    OPEN = "open", _("期限前")
    PASSED = "passed", _("期限超過")
    MET = "met", _("対応済")
    LIFTED = "lifted", _("解除")


class When(models.TextChoices):
    """Values are those of schedule.WHENS."""

    BEFORE = "before", _("期限の前")
    ON = "on", _("期限の日")
    LATE = "late", _("期限を過ぎて")


class Tier(models.TextChoices):
    """Values are those of schedule.TIERS."""

    HOLDER = "holder", _("担当")
    CHIEF = "chief", _("課長")
    COORDINATING = "coordinating", _("庶務担当課")
    SECRETARIAT = "secretariat", _("事務局")
    DIRECTOR = "director", _("部長")


RUNNING = (DeadlineState.OPEN, DeadlineState.PASSED)
