from django.db import models
from django.utils.translation import gettext_lazy as _

from workflow.authority.states import StepRole


class RequestState(models.TextChoices):
    DRAFT = "draft", _("起案中")
    CIRCULATING = "circulating", _("決裁中")
    DECIDED = "decided", _("決裁済")
    REJECTED = "rejected", _("否決")
    WITHDRAWN = "withdrawn", _("取下げ")


class StepState(models.TextChoices):
    WAITING = "waiting", _("順番待ち")
    ACTIVE = "active", _("決裁待ち")
    HELD = "held", _("保留")
    APPROVED = "approved", _("承認")
    CONCURRED = "concurred", _("同意")
    DISSENTED = "dissented", _("不同意")
    SENT_BACK = "sent_back", _("差戻し")
    REJECTED = "rejected", _("否決")
    POST_REVIEW_DUE = "post_review_due", _("後閲待ち")
    POST_REVIEWED = "post_reviewed", _("後閲済")
    READ = "read", _("供覧済")
    CLOSED = "closed", _("終了")


class Meaning(models.TextChoices):
    """What a signature says."""

    APPROVED = "approved", _("承認")
    PULLED_UP = "pulled_up", _("引き上げ承認")
    CONCURRED = "concurred", _("同意")
    CONCURRED_WITH_OPINION = "concurred_with_opinion", _("意見を付けて同意")
    DISSENTED = "dissented", _("不同意")
    SENT_BACK = "sent_back", _("差戻し")
    REJECTED = "rejected", _("否決")
    PULLED_BACK = "pulled_back", _("引戻し")
    POST_REVIEWED = "post_reviewed", _("後閲")


# What a role lets its holder do
SIGNING = (StepRole.LINE, StepRole.DECIDER, StepRole.SIGNER)
PULLING = (StepRole.LINE, StepRole.DECIDER)
RETURNING = (*PULLING, StepRole.CONCURRENCE)
DECIDING = (StepRole.DECIDER, StepRole.SIGNER)
GATING = (*SIGNING, StepRole.CONCURRENCE)
"""Roles that a circulation waits for; 供覧 and 後閲 block nothing."""

# Where a step stands
TURN = (StepState.ACTIVE, StepState.HELD)
OPEN = (StepState.WAITING, *TURN)
AGREED = (StepState.APPROVED, StepState.CONCURRED)
SIGNED = (*AGREED, StepState.DISSENTED)

WORDS = {
    (StepRole.DECIDER, StepState.APPROVED): _("決裁"),
    (StepRole.SIGNER, StepState.ACTIVE): _("署名待ち"),
    (StepRole.SIGNER, StepState.APPROVED): _("署名"),
    (StepRole.CONCURRENCE, StepState.ACTIVE): _("合議中"),
    (StepRole.INFORMED, StepState.WAITING): _("決裁後に供覧"),
    (StepRole.INFORMED, StepState.ACTIVE): _("供覧中"),
    (StepRole.REVIEW, StepState.WAITING): _("決裁後に後閲"),
}
"""Where an office has a word of its own for a state in a role."""
