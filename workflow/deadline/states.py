from django.db import models
from django.utils.translation import gettext_lazy as _


class DeadlineState(models.TextChoices):
    OPEN = "open", _("期限前")
    PASSED = "passed", _("期限超過")
    MET = "met", _("対応済")
    LIFTED = "lifted", _("解除")


RUNNING = (DeadlineState.OPEN, DeadlineState.PASSED)
