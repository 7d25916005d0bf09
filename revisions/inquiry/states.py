from django.db import models
from django.utils.translation import gettext_lazy as _


class InquiryKind(models.TextChoices):
    PROJECTS = "projects", _("掲載事業の照会")
    OPINIONS = "opinions", _("素案への意見照会")


class InquiryState(models.TextChoices):
    PREPARING = "preparing", _("準備中")
    ISSUED = "issued", _("照会中")
    CLOSED = "closed", _("締切")


class TargetState(models.TextChoices):
    UNDELIVERED = "undelivered", _("未配信")
    PENDING_RECEIPT = "pending_receipt", _("受取待ち")
    RECEIVED = "received", _("受取済")
    IN_REVIEW = "in_review", _("課長確認中")
    ANSWERED = "answered", _("回答済")
    NOT_APPLICABLE = "not_applicable", _("該当なし")
    RETURNED = "returned", _("差戻し")
    ACCEPTED = "accepted", _("受理済")
    WAIVED = "waived", _("回答不要")


class AnswerKind(models.TextChoices):
    UNCHANGED = "unchanged", _("変更なし")
    EDIT = "edit", _("変更する")
    DISCONTINUE = "discontinue", _("廃止する")
    ADD = "add", _("新たに掲載する")


WAITING = (TargetState.UNDELIVERED, TargetState.PENDING_RECEIPT)
WRITING = (TargetState.RECEIVED, TargetState.RETURNED)
TO_ACCEPT = (TargetState.ANSWERED, TargetState.NOT_APPLICABLE)
DONE = (TargetState.ACCEPTED, TargetState.WAIVED)
UNANSWERED = (*WAITING, *WRITING, TargetState.IN_REVIEW)
