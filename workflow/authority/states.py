from django.db import models
from django.utils.translation import gettext_lazy as _


class StepRole(models.TextChoices):
    LINE = "line", _("回議")
    CONCURRENCE = "concurrence", _("合議")
    DECIDER = "decider", _("決裁")
    SIGNER = "signer", _("署名")
    INFORMED = "informed", _("供覧")
    REVIEW = "review", _("後閲")


class Flag(models.TextChoices):
    """What takes a matter out of its usual 専決 and bars a 代決."""

    IMPORTANT = "important", _("重要")
    UNUSUAL = "unusual", _("異例")
    PRECEDENT = "precedent", _("先例となる")
    DISPUTED = "disputed", _("紛議がある")


class Scope(models.TextChoices):
    """Whom a matter concerns."""

    ONE_SECTION = "one_section", _("一つの課")
    SEVERAL_SECTIONS = "several_sections", _("同じ部の複数の課")
    SEVERAL_DEPARTMENTS = "several_departments", _("複数の部")


class Retention(models.TextChoices):
    """保存期間."""

    ONE = "1", _("1年")
    THREE = "3", _("3年")
    FIVE = "5", _("5年")
    TEN = "10", _("10年")
    THIRTY = "30", _("30年")
    STANDING = "standing", _("常用")


class Disclosure(models.TextChoices):
    """公開区分. What is not wholly open says on what ground."""

    OPEN = "open", _("公開")
    PARTLY = "partly", _("部分公開")
    CLOSED = "closed", _("非公開")
