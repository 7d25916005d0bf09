from django.db import models
from django.utils.translation import gettext_lazy as _


class TransferState(models.TextChoices):
    PREPARING = "preparing", _("準備中")
    SCHEDULED = "scheduled", _("予約済")
    APPLIED = "applied", _("発令済")
    CANCELLED = "cancelled", _("中止")
