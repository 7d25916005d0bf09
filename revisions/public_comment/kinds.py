"""意見公募: its deadline, whose day follows the calendar alone, and the ends of its period.

Registered by revisions/kinds.py.
"""

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from revisions.public_comment.gates import page
from revisions.public_comment.models import PublicComment
from revisions.public_comment.queries import DEADLINE, STOPPED
from revisions.public_comment.states import CommentState
from workflow.deadline.registry import Kind, Planned, register, register_planners

register(
    Kind(
        DEADLINE,
        _("意見の取りまとめ（意見公募）"),
        act=_("募集が終わったら、取りまとめを始めるか、結果を公表してください。"),
        own_day=True,
        onward=True,
    )
)


def planned(days: Collection[date]) -> Iterator[Planned]:
    """The first and the last day of a period: those between count, open or closed."""
    announced = gettext(
        "公表した期間は変わりません。閉まる窓口に代わる出し方を、市民に知らせます。"
    )
    to_do = {
        CommentState.PREPARING: gettext("募集の期間を改めるか、このまま閉庁日も数えます。"),
        CommentState.ANNOUNCED: announced,
        CommentState.ACCEPTING: announced,
    }
    ends = Q(first_on__in=days) | Q(last_on__in=days)
    found = PublicComment.objects.filter(ends, state__in=to_do)
    for comment in found.exclude(stage__state__in=STOPPED):
        state = CommentState(comment.state)
        edges = {comment.first_on: gettext("意見募集の初日（%s）")}
        edges[comment.last_on] = gettext("意見募集の最終日（%s）")
        for day in edges.keys() & set(days):
            what = edges[day] % state.label
            yield Planned(day, comment.title, what, to_do[state], page(comment))


register_planners(planned)
