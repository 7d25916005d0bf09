from django.db import models
from django.utils.translation import gettext_lazy as _

DEADLINE = "inquiry.answer"
"""The kind of the deadlines of addressees."""


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
    COMPILING = "compiling", _("庶務担当課まとめ中")
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


class Tier(models.TextChoices):
    """Who an answer lies with on its way up; each has a day of its own."""

    DRAFT = "draft", _("課の案")
    CHIEF = "chief", _("課長の確認")
    COMPILING = "compiling", _("庶務担当課のまとめ")
    SECRETARIAT = "secretariat", _("事務局の確認")


class ForwardState(models.TextChoices):
    OPEN = "open", _("転送の返事待ち")
    TAKEN = "taken", _("引受済")
    DECLINED = "declined", _("引き受けず")
    WITHDRAWN = "withdrawn", _("取下げ")


class QuestionKind(models.TextChoices):
    TEXT = "text", _("文章")
    NUMBER = "number", _("数値")
    CHOICE = "choice", _("選択")
    DATE = "date", _("日付")
    TABLE = "table", _("表")
    FILE = "file", _("ファイル")


WAITING = (TargetState.UNDELIVERED, TargetState.PENDING_RECEIPT)
WRITING = (TargetState.RECEIVED, TargetState.RETURNED)
TO_ACCEPT = (TargetState.ANSWERED, TargetState.NOT_APPLICABLE)
DONE = (TargetState.ACCEPTED, TargetState.WAIVED)
COMPILED = (TargetState.COMPILING, *TO_ACCEPT, *DONE)
UNANSWERED = (*WAITING, *WRITING, TargetState.IN_REVIEW, TargetState.COMPILING)
EXTENDABLE = (TargetState.PENDING_RECEIPT, *WRITING, TargetState.IN_REVIEW, TargetState.COMPILING)
LIES_WITH: dict[str, Tier] = {
    TargetState.IN_REVIEW: Tier.CHIEF,
    TargetState.COMPILING: Tier.COMPILING,
    **dict.fromkeys((*TO_ACCEPT, *DONE), Tier.SECRETARIAT),
}
"""Every other state: with the section that drafts."""
