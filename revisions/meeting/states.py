from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("予定")
    CONVENED = "convened", _("招集済")
    IN_SESSION = "in_session", _("開会中")
    CLOSED = "closed", _("閉会")
    ADJOURNED = "adjourned", _("流会")
    CANCELLED = "cancelled", _("中止")


class MinutesState(models.TextChoices):
    DRAFTING = "drafting", _("作成中")
    FIXED = "fixed", _("確定")
    SIGNED = "signed", _("署名済")


class Presence(models.TextChoices):
    UNKNOWN = "unknown", _("未確認")
    PRESENT = "present", _("出席")
    ABSENT = "absent", _("欠席")
    PROXY = "proxy", _("代理出席")


class ItemOutcome(models.TextChoices):
    AGREED = "agreed", _("了承")
    AGREED_WITH_REMARKS = "agreed_with_remarks", _("意見を付して了承")
    HEARD = "heard", _("意見聴取")
    REPORTED = "reported", _("報告")
    CARRIED = "carried", _("可決")
    LOST = "lost", _("否決")
