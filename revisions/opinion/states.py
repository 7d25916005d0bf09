from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """Whose opinion it is."""

    SECTION = "section", _("庁内")
    BODY = "body", _("会議体")
    COMMITTEE = "committee", _("委員会")
    COUNCILLOR = "councillor", _("議員")
    CITIZEN = "citizen", _("市民")


class Medium(models.TextChoices):
    """How it came in."""

    WEB = "web", _("ウェブ")
    MAIL = "mail", _("電子メール")
    FAX = "fax", _("ファクス")
    POST = "post", _("郵送")
    COUNTER = "counter", _("窓口")
    MEETING = "meeting", _("会議")


class OpinionState(models.TextChoices):
    RECEIVED = "received", _("受付")
    DRAFTED = "drafted", _("回答案作成済")
    APPROVED = "approved", _("回答承認済")
    PUBLISHED = "published", _("公表済")


class Disposition(models.TextChoices):
    """対応区分."""

    REFLECTED = "reflected", _("反映")
    PARTLY = "partly", _("一部反映")
    INCLUDED = "included", _("盛込済")
    NOTED = "noted", _("参考")
    DIFFICULT = "difficult", _("反映困難")
    OTHER = "other", _("その他")
