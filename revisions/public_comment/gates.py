"""いつ: what a period needs, what a submission needs, and what must be so before publication."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from revisions.opinion.states import OpinionState
from revisions.public_comment import period
from revisions.public_comment.models import PublicComment
from revisions.public_comment.queries import opinions_of, phase_on
from revisions.public_comment.states import CommentState
from workflow.deadline.days import day_words, period_words
from workflow.errors import Invalid, Missing, Unmet
from workflow.path.models import Stage
from workflow.path.states import ENDED, StageKind

LONGEST = 5_000
"""Characters of an opinion."""

LENGTHS = {"name": 80, "address": 200, "contact": 120, "place": 120}
"""Characters of what else a citizen may say."""


def page(comment: PublicComment) -> str:
    return f"/comments/{comment.pk}/"


def prepare_page(stage_id: int) -> str:
    return f"/stages/{stage_id}/comment/"


def check_stage_takes_comments(stage: Stage) -> None:
    if stage.kind != StageKind.PUBLIC_COMMENT:
        raise Invalid(_("意見募集を行う段階ではありません。"))
    if stage.state in ENDED:
        raise Unmet(_("この段階は終わっているため、意見募集を行えません。"))


def check_title(title: str) -> None:
    if not title.strip():
        raise Invalid(_("意見募集の件名を入力してください。"), field="title")


def check_ahead(first_on: date, today: date, field: str = "first_on") -> None:
    if first_on < today:
        told = _("募集の初日（%s）を過ぎています。今日以後の日にしてください。")
        raise Invalid(told % day_words(first_on), field=field)


def is_short(first_on: date, last_on: date, minimum: int) -> bool:
    return period.missing(first_on, last_on, minimum=minimum) > 0


def check_period(first_on: date, last_on: date, minimum: int, short_reason: str) -> None:
    """Refuse a period that is shorter than the city's rules ask for, unless a reason is given."""
    if last_on < first_on:
        raise Invalid(_("募集の最終日が初日より前です。"), field="last_on")
    missing = period.missing(first_on, last_on, minimum=minimum)
    if missing and not short_reason.strip():
        day = day_words(period.last_day(first_on, minimum))
        told = {"minimum": minimum, "missing": missing, "day": day}
        raise Invalid(
            _(
                "募集期間が%(minimum)d日に%(missing)d日足りません。最終日を%(day)s以降にするか、"
                "短くする理由を公表してください。"
            )
            % told,
            field="last_on",
        )


def shortest(comment: PublicComment | None) -> int:
    """Return the least days: the city's, or fewer where the reason for it will be published."""
    if comment is None:
        return settings.COMMENT_MINIMUM_DAYS
    return min(comment.minimum_days, period.days(comment.first_on, comment.last_on))


def too_few(first: date, last: date, least: int) -> str:
    """Say that a stage cannot be planned so short; "" when it can, or ends before it begins.

    A shorter period needs a reason that citizens read, and so is laid down with that.
    """
    if last < first or not is_short(first, last, least):
        return ""
    words = {"days": least, "last": day_words(period.last_day(first, least))}
    return (
        _(
            "募集は初日を含めて%(days)s日以上とし、%(last)s以後に終えてください。"
            "短くするときは、意見募集の準備で、期間と公表する理由を決めます。"
        )
        % words
    )


def check_days_of_stage(
    stage: Stage, days: tuple[date, date] | None, comment: PublicComment | None, today: date
) -> None:
    """Refuse days of a stage that its public comment could not have.

    days    None when only the month is planned
    raises  Unmet with the page of the comment; Invalid (planned_from, planned_until)
    """
    if comment and comment.state != CommentState.PREPARING:
        _check_same(stage, days, comment)
    elif comment and days is None:
        missing = Missing(_("意見募集の期間を改める"), prepare_page(stage.pk))
        told = _("「%s」は意見募集の期間が準備されているため、日まで決めてください。")
        raise Unmet(told % stage.name, [missing])
    elif days:
        check_ahead(days[0], today, "planned_from")
        if few := too_few(*days, shortest(comment)):
            raise Invalid(few, field="planned_until")


def _check_same(stage: Stage, days: tuple[date, date] | None, comment: PublicComment) -> None:
    period_ = (comment.first_on, comment.last_on)
    if days != period_:
        words = {"stage": stage.name, "days": period_words(*period_)}
        told = _("「%(stage)s」の日程は、予告した募集の期間（%(days)s）から変えられません。")
        raise Unmet(told % words, [Missing(_("意見募集を確かめる"), page(comment))])


def check_accepting(comment: PublicComment, today: date) -> None:
    """Refuse outside the period, by the calendar alone; a form error, so that nothing is lost."""
    match phase_on(comment, today):
        case "accepting":
            return
        case "announced":
            raise Invalid(_("受付は%sからです。") % day_words(comment.first_on))
        case "closed" | "published":
            raise Invalid(_("受付は%sに終わりました。") % day_words(comment.last_on))
        case _other:
            raise Invalid(_("この意見募集は、受付をしていません。"))


def check_wording(text: str, said: Mapping[str, str]) -> None:
    if not text.strip():
        raise Invalid(_("意見を入力してください。"), field="text")
    if len(text) > LONGEST:
        told = {"over": len(text) - LONGEST, "longest": LONGEST}
        message = _("意見は%(longest)s文字までです。%(over)s文字減らしてください。")
        raise Invalid(message % told, field="text")
    for field, longest in LENGTHS.items():
        if len(said.get(field, "")) > longest:
            raise Invalid(_("%s文字までで入力してください。") % longest, field=field)


def check_answered(comment: PublicComment) -> None:
    """Refuse while an answer is not approved. No opinion at all is a normal result."""
    if missing := missing_answers(comment):
        raise Unmet(_("回答が承認されていない意見があります。"), missing)


def missing_answers(comment: PublicComment) -> list[Missing]:
    answered = (OpinionState.APPROVED, OpinionState.PUBLISHED)
    opinions = opinions_of(comment).exclude(state__in=answered).order_by("number")
    what = _("意見第%d号への市の考え方を承認する")
    return [Missing(what % opinion.number, f"/opinions/{opinion.pk}/") for opinion in opinions]


def check_comment_done(stage: Stage) -> None:
    """Refuse until the results are published.

    raises  Unmet, with everything that is missing
    """
    if missing := missing_for_comment(stage):
        raise Unmet(_("「%s」を終えるには、先に済ませることがあります。") % stage.name, missing)


def missing_for_comment(stage: Stage) -> list[Missing]:
    comment = PublicComment.objects.filter(stage=stage).first()
    if comment is None:
        return [Missing(_("意見募集を準備する"), prepare_page(stage.pk))]
    if comment.state == CommentState.PUBLISHED:
        return []
    publication = Missing(_("意見募集の結果を公表する"), page(comment))
    return [*missing_answers(comment), publication]
