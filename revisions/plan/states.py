from django.db import models
from django.utils.translation import gettext_lazy as _


class RevisionKind(models.TextChoices):
    NEW_PLAN = "new_plan", _("策定")
    ANNUAL_REVIEW = "annual_review", _("毎年度見直し")
    MIDTERM_REVIEW = "midterm_review", _("中間見直し")


class RevisionState(models.TextChoices):
    DRAFTING = "drafting", _("起案中")
    CONSULTING = "consulting", _("協議中")
    ADOPTED = "adopted", _("策定済")
    SUPERSEDED = "superseded", _("旧版")
    WITHDRAWN = "withdrawn", _("取下げ")


RUNNING = (RevisionState.DRAFTING, RevisionState.CONSULTING)


class ProjectStatus(models.TextChoices):
    NEW = "new", _("新規")
    CONTINUED = "continued", _("継続")


class SectionRole(models.TextChoices):
    LEAD = "lead", _("主管課等")
    RELATED = "related", _("関係課等")


class Level(models.TextChoices):
    """What of a plan a change touches."""

    PLAN = "plan", _("基本理念・基本方針")
    PROGRAM = "program", _("事業推進計画")
    PROJECT = "project", _("個別事業")


OPEN_TO_CHANGE = {
    RevisionKind.NEW_PLAN: (Level.PLAN, Level.PROGRAM, Level.PROJECT),
    RevisionKind.MIDTERM_REVIEW: (Level.PROGRAM, Level.PROJECT),
    RevisionKind.ANNUAL_REVIEW: (Level.PROJECT,),
}
"""What a kind of revision may change: a review that touched more would be another plan."""
