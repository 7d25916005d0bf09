"""滞留一覧: where the requests that somebody watches over lie, and since when."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import chain
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflow.access import Audience, audience
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.era import era_date
from workflow.deadline.http import calendar_of
from workflow.people.http import SignedInRequest
from workflow.signoff.forms_stagnation import EncodingForm, StagnationFilter
from workflow.signoff.kinds import kind_of
from workflow.signoff.models import Request, Step
from workflow.signoff.oversight import check_can_oversee
from workflow.signoff.pages import all_of, page_of
from workflow.signoff.queries_inbox import due_of, sought
from workflow.signoff.queries_stagnation import (
    ORDER,
    AtPost,
    at_posts,
    by_post,
    lying,
    sent_back,
    unattended,
)
from workflow.signoff.views_inbox import tabs_of
from workflow.tables import Encoding, to_csv

PAGE = 50
PART = 500
"""Rows of the file that are read and sent at once."""


@dataclass(frozen=True)
class Lying:
    """One request at one post."""

    step: Step
    kind: str
    at_post: AtPost
    since: date
    days: int
    due_on: date | None
    left: int | None
    unattended: bool

    @property
    def request(self) -> Request:
        return self.step.request

    @property
    def absence(self) -> str:
        if self.unattended:
            return _("欠員（代わる人なし）")
        if self.at_post.vacant:
            return _("欠員")
        return _("不在") if self.at_post.away_until else ""


@audience(Audience.STAFF)
@require_safe
def stagnation(request: SignedInRequest) -> HttpResponse:
    check_can_oversee(request.user)
    today, days = in_tokyo(timezone.now()), calendar_of(request)
    steps = lying(request.user)
    posts = by_post(steps)
    form = StagnationFilter(request.GET, posts=[(row["post"], row["post__name"]) for row in posts])
    chosen = form.chosen()
    nobody = _nobody(steps, today)
    at = {name: request.GET.get(name, "") for name in ("before", "after")}
    page = page_of(_sought(steps, nobody, **chosen), ORDER, size=PAGE, **at)
    back = [(row, row.since) for row in sent_back(request.user, today)[:PAGE]]  # type: ignore[attr-defined]
    context = {
        "tabs": tabs_of(request.user, "stagnation", {}),
        "filter": form,
        "clear_url": request.path if chosen else "",
        "exports": _exports(request),
        "posts": [(row, _waited(row["oldest"], today, days)) for row in posts],
        "total": sum(row["n"] for row in posts),
        "unattended": len(nobody),
        "rows": list(_rows(page.rows, nobody, today, days)),
        "back": [(row, since, _waited(since, today, days)) for row, since in back],
        "shown": len(page.rows),
        "before": page.before,
        "after": page.after,
    }
    return render(request, "signoff/stagnation.html", context)


@audience(Audience.STAFF)
@require_safe
def stagnation_csv(request: SignedInRequest) -> StreamingHttpResponse:
    """What the list shows, all pages of it."""
    check_can_oversee(request.user)
    today = in_tokyo(timezone.now())
    steps = lying(request.user)
    posts = [(row["post"], row["post__name"]) for row in by_post(steps)]
    chosen, nobody = StagnationFilter(request.GET, posts=posts).chosen(), _nobody(steps, today)
    found, days = _sought(steps, nobody, **chosen), calendar_of(request)
    parts = all_of(found, ORDER, size=PART)
    lines = (map(_line, _rows(some, nobody, today, days)) for some in parts)
    encoding = EncodingForm(request.GET)
    file = to_csv(
        chain([[_head()]], lines),
        encoding.cleaned_data["encoding"] if encoding.is_valid() else Encoding.UTF8,
    )
    name = f"{_('滞留一覧')}-{today.isoformat()}.csv"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return StreamingHttpResponse(
        file, content_type="text/csv", headers={"Content-Disposition": disposition or ""}
    )


def _nobody(steps: QuerySet[Step], today: date) -> set[int]:
    return set(unattended(steps, today).order_by().values_list("pk", flat=True))


def _sought(
    steps: QuerySet[Step], nobody: Collection[int], *, who: str = "", **chosen: Any
) -> QuerySet[Step]:
    return sought(steps.filter(pk__in=nobody) if who else steps, request="request__", **chosen)


def _rows(
    steps: Iterable[Step], nobody: Collection[int], today: date, days: Calendar
) -> Iterable[Lying]:
    people, between = at_posts(today), cache(days.working_days_between)
    for step in steps:
        since, due_on = in_tokyo(cast(datetime, step.activated_at)), due_of(step)
        yield Lying(
            step=step,
            kind=str(kind_of(step.request).label),
            at_post=people[step.post_id],
            since=since,
            days=between(since, today),
            due_on=due_on,
            left=between(today, due_on) if due_on else None,
            unattended=step.pk in nobody,
        )


def _head() -> list[str]:
    return [
        _("件名"),
        _("種類"),
        _("起案課"),
        _("起案者"),
        _("いまある職"),
        _("その職にある人"),
        _("不在・欠員"),
        _("区分"),
        _("状態"),
        _("届いた日"),
        _("届いた日（元号）"),
        _("滞留（開庁日）"),
        _("回付の回数"),
        _("期限"),
    ]


def _line(row: Lying) -> list[object]:
    return [
        row.request.title,
        row.kind,
        str(row.request.drafter_post.section or row.request.drafter_post),
        row.request.drafter.name,
        row.step.post.name,
        row.at_post.names,
        row.absence,
        row.step.get_role_display(),
        row.step.get_state_display(),
        row.since.isoformat(),
        era_date(row.since),
        row.days,
        row.request.attempt,
        row.due_on.isoformat() if row.due_on else "",
    ]


def _waited(since: Any, today: date, days: Calendar) -> int | None:
    return days.working_days_between(in_tokyo(since), today) if since else None


def _exports(request: SignedInRequest) -> list[tuple[str, str]]:
    address, asked = reverse("stagnation_csv"), request.GET.copy()
    offered = {Encoding.UTF8: _("CSV（UTF-8）"), Encoding.CP932: _("CSV（Shift_JIS）")}
    found = []
    for encoding, words in offered.items():
        asked["encoding"] = encoding.value
        found.append((words, f"{address}?{asked.urlencode()}"))
    return found
