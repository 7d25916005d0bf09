from django.db import models
from django.utils.translation import gettext_lazy as _


class CommentState(models.TextChoices):
    PREPARING = "preparing", _("準備中")
    ANNOUNCED = "announced", _("予告")
    ACCEPTING = "accepting", _("募集中")
    CLOSED = "closed", _("締切")
    ANSWERING = "answering", _("対応中")
    PUBLISHED = "published", _("結果公表")
