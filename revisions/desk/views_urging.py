"""督促の一覧: on screen, on paper, as a file; for a city in which one rings up, or has no mail."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from revisions.desk.forms import UrgingFilter
from revisions.desk.policies import check_can_urge
from revisions.desk.queries_urging import Owing, owed, owing
from revisions.inquiry.workbook.http import attachment
from workflow.access import Audience, audience
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.era import era_date
from workflow.deadline.http import calendar_of
from workflow.deadline.models import Deadline
from workflow.people.http import SignedInRequest
from workflow.tables import Encoding, to_csv

SHOWN = 500
PART = 500
"""Rows of the file that are read and sent at once."""


@audience(Audience.STAFF)
@require_safe
def urging(request: SignedInRequest) -> HttpResponse:
    asked = request.GET.urlencode()
    offered = [
        (_("印刷する"), f"{reverse('urging_print')}?{asked}"),
        (_("CSV（UTF-8）"), f"{reverse('urging_csv')}?{asked}"),
        (_("CSV（Shift_JIS）"), f"{reverse('urging_csv')}?{asked}&encoding=cp932"),
    ]
    return _page(request, "desk/urging.html", exports=offered, most=SHOWN)


@audience(Audience.STAFF)
@require_safe
def urging_print(request: SignedInRequest) -> HttpResponse:
    back = f"{reverse('urging')}?{request.GET.urlencode()}"
    return _page(request, "desk/urging_print.html", back_url=back)


@audience(Audience.STAFF)
@require_safe
def urging_csv(request: SignedInRequest) -> StreamingHttpResponse:
    """All of what the list shows."""
    at, days = timezone.now(), calendar_of(request)
    rows = owed(_asked(request, at, days).iterator(PART), in_tokyo(at), days)
    encoding = Encoding.CP932 if request.GET.get("encoding") == "cp932" else Encoding.UTF8
    name = f"{_('督促の一覧')}-{in_tokyo(at).isoformat()}.csv"
    file = to_csv(chain([[_head()]], _parts(rows)), encoding)
    return StreamingHttpResponse(file, content_type="text/csv", headers=attachment(name))


def _page(request: SignedInRequest, template: str, **context: object) -> HttpResponse:
    at, days = timezone.now(), calendar_of(request)
    found = _asked(request, at, days)
    limit = context.get("most")
    rows = list(owed(found[:limit], in_tokyo(at), days))
    context |= {
        "rows": rows,
        "total": found.count() if len(rows) == limit else len(rows),
        "filter": UrgingFilter(request.GET, auto_id="filter_%s"),
        "clear_url": request.path if request.GET else "",
        "at": at,
    }
    return render(request, template, context)


def _asked(request: SignedInRequest, at: datetime, days: Calendar) -> QuerySet[Deadline]:
    check_can_urge(request.user)
    return owing(request.user, at, days, **UrgingFilter(request.GET).chosen())


def _parts(rows: Iterator[Owing]) -> Iterator[list[list[object]]]:
    while part := [_line(row) for row in islice(rows, PART)]:
        yield part


def _head() -> list[str]:
    return [
        _("部"),
        _("課・職"),
        _("内線"),
        _("件名"),
        _("期限"),
        _("期限（元号）"),
        _("超過（開庁日）"),
        _("最後に知らせた日時"),
        _("どの期限か"),
    ]


def _line(row: Owing) -> list[object]:
    return [
        row.department,
        row.who,
        row.extension,
        row.what,
        row.due_on.isoformat(),
        era_date(row.due_on),
        max(-row.left, 0),
        f"{localtime(row.told_at):%Y-%m-%d %H:%M}" if row.told_at else "",
        row.due_of,
    ]
