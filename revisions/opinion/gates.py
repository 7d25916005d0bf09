"""いつ: what an opinion and its answer need."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from revisions.opinion.models import Opinion
from revisions.opinion.queries import same_wording, undisposed
from revisions.opinion.states import Channel, Disposition, Medium
from revisions.plan.models import Revision
from workflow.errors import Invalid, Missing, Unmet
from workflow.path.models import Stage

LONGEST = 20_000
"""Characters of an opinion."""


def page(opinion: Opinion) -> str:
    return f"/opinions/{opinion.pk}/"


def check_stage_hears(stage: Stage) -> None:
    if stage.opened_on is None:
        missing = [Missing(_("「%s」を始める") % stage.name, f"/stages/{stage.pk}/")]
        raise Unmet(_("段階が始まっていないため、意見を受け付けられません。"), missing)


def check_received(*, channel: str, medium: str, received_on: date, on: date) -> None:
    if channel not in Channel.values:
        raise Invalid(_("誰の意見かを選んでください。"), field="channel")
    if medium not in Medium.values:
        raise Invalid(_("受付の方法を選んでください。"), field="medium")
    if received_on > on:
        raise Invalid(_("受付日は、今日までの日にしてください。"), field="received_on")


def check_wording(text: str) -> None:
    if not 0 < len(text.strip()) <= LONGEST:
        raise Invalid(_("意見を2万字までで入力してください。"), field="text")


def check_not_keyed_in(stage: Stage, same_as: int | None, **said: Any) -> None:
    """The same words of the same person on one day are one opinion: a second click enters no more.

    same_as  number of the latest one like it, given when it is meant to be somebody else's
    """
    last = same_wording(stage, **said).last()
    if last and last.number != same_as:
        told = _(
            "同じ日に届いた同じ文の意見を、第%(number)d号としてすでに受け付けています。"
            "別の人の意見であるときだけ、ここに%(number)dと入力して受け付けてください。"
        )
        raise Invalid(told % {"number": last.number}, field="same_as")


def check_answer(disposition: str, response: str, summary: str) -> None:
    """An answer has its class, its words, and the summary that is published with it."""
    required: Mapping[str, tuple[str, str]] = {
        "disposition": (disposition, _("対応区分を選んでください。")),
        "response": (response, _("市の考え方を入力してください。")),
        "summary": (summary, _("公表する意見の要旨を入力してください。")),
    }
    for field, (value, message) in required.items():
        if not value.strip():
            raise Invalid(message, field=field)
    if disposition not in Disposition.values:
        raise Invalid(_("対応区分を一覧から選んでください。"), field="disposition")


def check_similar(opinion: Opinion, first: Opinion) -> None:
    """Like opinions point to one that points to nothing, of the same revision."""
    if first.pk == opinion.pk or first.revision_id != opinion.revision_id:
        raise Invalid(_("同じ改定の、別の意見を選んでください。"), field="similar_to")
    if first.similar_to_id or opinion.similar.exists():
        raise Invalid(
            _("まとめ先は、ほかの意見にまとめられていないものにしてください。"), field="similar_to"
        )


def check_disposed(revision: Revision) -> None:
    """raises  Unmet, with every opinion that has no approved answer"""
    if missing := [
        Missing(_("意見第%d号の対応を決め、承認する") % opinion.number, page(opinion))
        for opinion in undisposed(revision)
    ]:
        raise Unmet(_("対応の決まっていない意見があります。"), missing)
