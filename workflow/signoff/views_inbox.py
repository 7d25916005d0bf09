"""決裁の一覧の画面: what waits, what came back, what is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from workflow.access import Audience, allowed, audience
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.http import calendar_of
from workflow.people.http import SignedInRequest
from workflow.people.models import Deputy, User
from workflow.signoff import commands_bulk
from workflow.signoff.capacity import Capacity, capacity_of
from workflow.signoff.forms_inbox import InboxFilter, PickedForm, soon
from workflow.signoff.kinds import Kind, kind_of
from workflow.signoff.models import Request, Step
from workflow.signoff.oversight import check_can_oversee
from workflow.signoff.pages import Page, page_of
from workflow.signoff.queries import opened, readable
from workflow.signoff.queries_inbox import (
    DONE_ORDER,
    OF_STEPS,
    REQUEST_ORDER,
    STEP_ORDERS,
    WAITING,
    Sort,
    Tab,
    counts,
    due_of,
    of_whom,
    places_of,
    requests_of,
    sought,
    steps_of,
)

PAGE = 50

Between = Callable[[date, date], int]

EMPTY = {
    Tab.TURN: (
        _("決裁を待っているものはありません"),
        _("順番が来ると、ここと「お知らせ」に出ます。"),
    ),
    Tab.REVIEW: (
        _("後閲するものはありません"),
        _("不在のあいだに代わりの人が決裁すると、ここに出ます。"),
    ),
    Tab.INFORMED: (
        _("供覧されているものはありません"),
        _("決裁のあとで回覧されると、ここに出ます。"),
    ),
    Tab.RETURNED: (
        _("戻ってきた起案はありません"),
        _("差し戻されたり、自分で引き戻したりすると、ここに出ます。"),
    ),
    Tab.DRAFTED: (
        _("起案したものはありません"),
        _("伺いや回答を回すと、ここでどこまで進んだかが分かります。"),
    ),
    Tab.DONE: (_("まだありません"), _("承認や差戻しをすると、ここに残ります。")),
    Tab.INVOLVED: (
        _("まだありません"),
        _("自分や課が起案した決裁、署名する決裁が、ここに出ます。"),
    ),
}


@dataclass(frozen=True)
class Bulk:
    """What is done to all that is ticked in a list, and how it is told afterwards."""

    url: str
    verb: Any
    says: Any
    title: Any
    lead: Any
    none: Any

    @property
    def acts(self) -> list[tuple[str, Any, Any, str]]:
        return [(self.url, self.verb, self.says, "primary")]


APPROVE = Bulk(
    "approve_all",
    _("まとめて承認する"),
    _("開封した件に、1件ずつ署名を残します。できなかった件は、理由とともに示します。"),
    _("まとめて承認した結果"),
    _(
        "1件ごとに署名と記録を残しました。ほかの仕事を動かす決裁（照会への回答、議事録の署名など）と"
        "代理の決裁は、1件ずつ別に処理しています。"
    ),
    _("承認した件はありません"),
)
READ = Bulk(
    "read_all",
    _("確認済みにする"),
    _(
        "開封した件に、1件ずつ記録を残します（後閲は署名）。できなかった件は、理由とともに示します。"
    ),
    _("まとめて確認した結果"),
    _("1件ごとに記録を残しました。後閲には、署名も残っています。"),
    _("確認済みにした件はありません"),
)
BULK = {Tab.TURN: APPROVE, Tab.REVIEW: READ, Tab.INFORMED: READ}


CHIPS = {
    "overdue": ({"urgency": "overdue"}, _("期限超過"), "bad"),
    "soon": ({"urgency": "soon"}, _("期限が近い"), "warn"),
    "lent": ({"whose": "lent"}, _("代理の件"), "waiting"),
    "held": ({"step": "held"}, _("保留中"), "off"),
}


@dataclass(frozen=True)
class Row:
    """One line of a list; `at` names the posts at which a request lies."""

    request: Request
    step: Step | None
    lent: Deputy | None
    kind: Kind
    at: str
    opened: bool
    due_on: date | None
    left: int | None
    since: date | None
    waited: int | None


@audience(Audience.SIGNED_IN)
@require_safe
def requests(request: SignedInRequest, tab: Tab) -> HttpResponse:
    today, days = in_tokyo(timezone.now()), calendar_of(request)
    capacity = capacity_of(request.user, today)
    form = InboxFilter(request.GET, tab=tab)
    chosen = form.chosen(today, days)
    found = counts(capacity, today, soon(today, days))
    page = _page(request, tab, capacity, form.order, chosen)
    context = {
        "tab": tab,
        "title": tab.label,
        "tabs": tabs_of(request.user, tab, found),
        "filter": form,
        "clear_url": request.path if chosen else "",
        "rows": _rows(page.rows, tab, capacity, days),
        "steps": tab in OF_STEPS,
        "picks": BULK.get(tab),
        "chips": _chips(found) if tab == Tab.TURN else [],
        "shown": len(page.rows),
        "before": page.before,
        "after": page.after,
        "empty": EMPTY[tab],
    }
    return render(request, "signoff/requests.html", context)


@audience(Audience.SIGNED_IN)
@require_POST
def approve_all(request: SignedInRequest) -> HttpResponse:
    """Approve what was ticked, and tell of each how it went."""
    return _for_all(request, APPROVE, commands_bulk.approve_all)


@audience(Audience.SIGNED_IN)
@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    """Leave of what was ticked that it was read, and tell of each how it went."""
    return _for_all(request, READ, commands_bulk.read_all)


def _for_all(
    request: SignedInRequest, bulk: Bulk, act: Callable[..., commands_bulk.Outcome]
) -> HttpResponse:
    form, back = PickedForm(request.POST), request.POST.get("tab")
    tab = Tab(back) if back in BULK else Tab.TURN
    if not form.is_valid():
        messages.error(request, gettext("件を1つ以上選んでください。"))
        return redirect(_address(tab))
    picked, now = form.cleaned_data["ids"], timezone.now()
    outcome = act(step_ids=picked, by=request.user, at=now)
    seen = readable(Request.objects.all(), request.user, in_tokyo(now))
    steps = Step.objects.filter(request__in=seen).select_related("request", "post").in_bulk(picked)
    refused = outcome.refused.items()
    context = {
        "done": [steps[pk] for pk in outcome.done],
        "refused": [(steps[pk], reason) for pk, reason in refused if pk in steps],
        "bulk": bulk,
        "back": _address(tab),
        "back_to": gettext("「%s」へ戻る") % tab.label,
        "crumbs": [(reverse("requests"), gettext("決裁"))],
    }
    return render(request, "signoff/done_all.html", context)


def _page(
    request: SignedInRequest,
    tab: Tab,
    capacity: Capacity,
    order: Sort,
    chosen: dict[str, Any],
) -> Page[Any]:
    at = {name: request.GET.get(name, "") for name in ("before", "after")}
    if tab not in OF_STEPS:
        rows = sought(requests_of(tab, capacity), **chosen)
        return page_of(rows, REQUEST_ORDER, size=PAGE, **at)
    keys = DONE_ORDER if tab == Tab.DONE else STEP_ORDERS[order]
    found = of_whom(steps_of(tab, capacity), capacity, chosen.pop("whose", ""))
    steps = sought(found, request="request__", **chosen)
    return page_of(steps, keys, size=PAGE, **at)


def _rows(found: list[Any], tab: Tab, capacity: Capacity, days: Calendar) -> list[Row]:
    read = opened(capacity.user, [s.request for s in found]) if tab in WAITING else set()
    places = {} if tab in OF_STEPS else places_of(found)
    between = cache(days.working_days_between)  # rows share their days
    return [_row(row, read, places, capacity, between) for row in found]


def _row(
    found: Step | Request,
    read: set[int],
    places: Mapping[int, str],
    capacity: Capacity,
    between: Between,
) -> Row:
    on = capacity.on
    step = found if isinstance(found, Step) else None
    request = found if isinstance(found, Request) else found.request
    due_on = None if request.ended_at else due_of(found)
    since = _day(getattr(found, "since", request.submitted_at))
    return Row(
        request=request,
        step=step,
        lent=capacity.acting_for(step.post_id) if step else None,
        kind=kind_of(request),
        at=places.get(request.pk, ""),
        opened=request.pk in read,
        due_on=due_on,
        left=between(on, due_on) if due_on else None,
        since=since,
        waited=between(since, on) if since else None,
    )


def _day(moment: Any) -> date | None:
    return in_tokyo(moment) if moment else None


def tabs_of(user: User, current: str, waits: Mapping[str, int]) -> list[tuple[str, str, bool]]:
    """Return the lists as tabs, each with how many wait in it."""
    tabs = [(_address(tab), str(tab.label), str(tab)) for tab in Tab]
    if allowed(check_can_oversee, user):
        tabs.append((reverse("stagnation"), gettext("滞留一覧"), "stagnation"))
        tabs.append((reverse("undelivered"), gettext("届かなかった通知"), "undelivered"))
    return [
        (url, f"{word}（{waits[name]}）" if waits.get(name) else word, name == current)
        for url, word, name in tabs
    ]


def _address(tab: Tab) -> str:
    return reverse("requests" if tab == Tab.TURN else f"requests_{tab}")


def _chips(found: dict[str, int]) -> list[tuple[str, str, str, int]]:
    return [
        (f"?{urlencode(asked)}", str(word), tone, found[name])
        for name, (asked, word, tone) in CHIPS.items()
        if found[name]
    ]
