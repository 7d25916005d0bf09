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

BEGIN, END, NOTICE, PAPER = "stage.begin", "stage.end", "stage.notice", "stage.paper"
"""Deadlines of a stage: that it begins when it is its turn, that it ends when it runs; that its
body is convened, that the paper (原稿) of the 広報紙 which announces it is handed in.
"""


class ProjectStatus(models.TextChoices):
    NEW = "new", _("新規")
    CONTINUED = "continued", _("継続")


class DropReason(models.TextChoices):
    """Why a project is not carried over (継承しない理由の区分)."""

    ACHIEVED = "achieved", _("達成")
    MERGED = "merged", _("統合")
    MOVED = "moved", _("移管")
    ABOLISHED = "abolished", _("廃止")
    OTHER = "other", _("その他")


class SectionRole(models.TextChoices):
    LEAD = "lead", _("主管課等")
    RELATED = "related", _("関係課等")


class Level(models.TextChoices):
    """What of a plan a change touches."""

    PLAN = "plan", _("基本理念・基本方針")
    PROGRAM = "program", _("事業推進計画")
    PROJECT = "project", _("個別事業")


class ChangeKind(models.TextChoices):
    """What a change did to the draft."""

    EDIT = "edit", _("修正")
    ADD = "add", _("新規掲載")
    DISCONTINUE = "discontinue", _("廃止")
    MOVE = "move", _("移動")
    RENUMBER = "renumber", _("番号の変更")
    RELIST = "relist", _("再掲")
    UNLIST = "unlist", _("再掲の取りやめ")
    MERGE = "merge", _("統合")
    SPLIT = "split", _("分割")
    HEADING = "heading", _("見出しの修正")


class Origin(models.TextChoices):
    """What a change came of."""

    ANSWER = "answer", _("照会回答")
    OPINION = "opinion", _("意見")
    SECRETARIAT = "secretariat", _("事務局修正")


OPEN_TO_CHANGE = {
    RevisionKind.NEW_PLAN: (Level.PLAN, Level.PROGRAM, Level.PROJECT),
    RevisionKind.MIDTERM_REVIEW: (Level.PROGRAM, Level.PROJECT),
    RevisionKind.ANNUAL_REVIEW: (Level.PROJECT,),
}
"""What a kind of revision may change: a review that touched more would be another plan."""
