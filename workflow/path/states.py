"""段階: kinds, what is asked of a stage, and which outcomes answer that."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StageKind(models.TextChoices):
    INQUIRY = "inquiry", _("庁内照会")
    MEETING = "meeting", _("会議")
    REPORT = "report", _("報告")
    PUBLIC_COMMENT = "public_comment", _("パブリックコメント")
    ADOPTION = "adoption", _("策定")


class Asks(models.TextChoices):
    ANSWERS = "answers", _("回答")
    CONSULTATION = "consultation", _("協議")
    HEARING = "hearing", _("意見聴取")
    REPORT = "report", _("報告")
    REPORT_AND_HEARING = "report_and_hearing", _("報告・意見聴取")
    APPROVAL = "approval", _("承認")
    COMMENTS = "comments", _("意見募集")
    DECISION = "decision", _("決裁")


class Outcome(models.TextChoices):
    ANSWERED = "answered", _("回答済")
    AGREED = "agreed", _("協議済")
    AGREED_WITH_REMARKS = "agreed_with_remarks", _("意見を付して協議済")
    HEARD = "heard", _("意見聴取済")
    REPORTED = "reported", _("報告済")
    APPROVED = "approved", _("承認")
    COMMENTS_PUBLISHED = "comments_published", _("結果公表済")
    ADOPTED = "adopted", _("策定")


OUTCOMES: dict[str, tuple[Outcome, ...]] = {
    Asks.ANSWERS: (Outcome.ANSWERED,),
    Asks.CONSULTATION: (Outcome.AGREED, Outcome.AGREED_WITH_REMARKS),
    Asks.HEARING: (Outcome.HEARD,),
    Asks.REPORT: (Outcome.REPORTED,),
    Asks.REPORT_AND_HEARING: (Outcome.REPORTED,),
    Asks.APPROVAL: (Outcome.APPROVED,),
    Asks.COMMENTS: (Outcome.COMMENTS_PUBLISHED,),
    Asks.DECISION: (Outcome.ADOPTED,),
}


class StageState(models.TextChoices):
    PLANNED = "planned", _("予定")
    OPEN = "open", _("進行中")
    CONCLUDED = "concluded", _("終了")
    SENT_BACK = "sent_back", _("差戻し")
    SKIPPED = "skipped", _("省略")
    CANCELLED = "cancelled", _("中止")


class Precision(models.TextChoices):
    DAY = "day", _("日")
    MONTH = "month", _("月")


class DeviationKind(models.TextChoices):
    """逸脱: how a run departs from its route."""

    ORDER = "order", _("順序")
    ADDED = "added", _("追加")
    SKIPPED = "skipped", _("省略")
    SHORTENED = "shortened", _("期間の短縮")


PASSED_OVER = (StageState.SKIPPED, StageState.CANCELLED)
ENDED = (StageState.CONCLUDED, StageState.SENT_BACK, *PASSED_OVER)

ASKS: dict[str, tuple[Asks, ...]] = {
    StageKind.INQUIRY: (Asks.ANSWERS,),
    StageKind.MEETING: (Asks.CONSULTATION, Asks.HEARING, Asks.APPROVAL),
    StageKind.REPORT: (Asks.REPORT, Asks.REPORT_AND_HEARING),
    StageKind.PUBLIC_COMMENT: (Asks.COMMENTS,),
    StageKind.ADOPTION: (Asks.DECISION,),
}
