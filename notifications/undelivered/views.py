"""届かなかった通知: one screen for the secretariat and the administrator."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from notifications.undelivered import commands
from notifications.undelivered.forms import ActForm, ChannelForm
from notifications.undelivered.policies import (
    check_can_clear_undelivered,
    check_can_see_address,
    check_can_see_undelivered,
)
from notifications.undelivered.queries import dead, in_rows, keepers, listed
from notifications.undelivered.states import Channel
from workflow.access import Audience, allowed, audience
from workflow.administration.pages import tabs_of as tabs_of_administration
from workflow.deadline.calendar import in_tokyo
from workflow.people.http import SignedInRequest
from workflow.people.policies import check_can_administer
from workflow.signoff.pages import page_of
from workflow.signoff.views_inbox import tabs_of as tabs_of_requests

PAGE = 50
MOST = 1_000
"""Sent anew by one press; whoever has more presses again."""

ACTS = [
    ("resend", gettext_lazy("再送する"), gettext_lazy("いまから送り直します。"), "primary"),
    (
        "withdraw",
        gettext_lazy("取り下げる"),
        gettext_lazy("送らずに一覧から除きます。理由が要ります。"),
        "negative",
    ),
]


@audience(Audience.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def undelivered(request: SignedInRequest) -> HttpResponse:
    check_can_see_undelivered(request.user)
    if request.method == "POST":
        return _act(request)
    form = ChannelForm(request.GET)
    channel = form.cleaned_data["channel"] if form.is_valid() else Channel.EMAIL
    return _show(request, channel, ActForm())


def _act(request: SignedInRequest) -> HttpResponse:
    check_can_clear_undelivered(request.user)
    form = ActForm(request.POST)
    if not form.is_valid():
        asked = form.cleaned_data.get("channel") or Channel.EMAIL
        return _show(request, asked, form, status=422)
    given = form.cleaned_data
    channel: Channel = given["channel"]
    who: Any = {"by": request.user, "at": timezone.now()}
    if given["act"] == "withdraw":
        picked, words = given["ids"], _("%d件を取り下げました。")
        done = commands.withdraw(channel=channel, picked=picked, reason=given["reason"], **who)
    else:
        picked = given["ids"] if given["act"] == "resend" else _all(request, **given)
        words = _("%d件を再送します。結果は数分後にここで確かめてください。")
        done = commands.resend(channel=channel, picked=picked, **who)
    _tell(request, words, done, len(picked))
    response = redirect(f"{reverse('undelivered')}?channel={channel}")
    response.status_code = 303
    return response


def _all(
    request: SignedInRequest, *, channel: Channel, until: int | None, **_: Any
) -> dict[int, int]:
    rows = dead(request.user, channel).filter(pk__lte=until or 0).order_by("pk")
    return {row.pk: row.stamp for row in rows[:MOST]}


def _tell(request: SignedInRequest, words: str, done: int, picked: int) -> None:
    if done:
        messages.success(request, words % done)
    if done < picked or not picked:
        left = _("%d件は、すでに再送か取下げが済んでいたため、何もしていません。")
        messages.info(request, left % (picked - done))


def _show(
    request: SignedInRequest, channel: Channel, form: ActForm, status: int = 200
) -> HttpResponse:
    at = {name: request.GET.get(name, "") for name in ("before", "after")}
    found = dead(request.user, channel)
    mends = allowed(check_can_administer, request.user)
    page = page_of(listed(found, channel), ["-pk"], size=PAGE, **at)
    newest = found.order_by("-pk").values_list("pk", flat=True).first()
    context = {
        "tabs": _tabs(request),
        "channels": _channels(request, channel),
        "channel": channel,
        "rows": in_rows(
            page.rows,
            channel,
            sees=partial(allowed, check_can_see_address, request.user),
            mends=mends,
        ),
        "linked": not mends,
        "keepers": [] if mends else keepers(),
        "ticked": set(request.POST.getlist("ids")),
        "acts": ACTS if allowed(check_can_clear_undelivered, request.user) else [],
        "all": {"act": "resend_all", "channel": channel.value, "until": newest or ""},
        "form": form,
        "shown": len(page.rows),
        "before": page.before,
        "after": page.after,
    }
    return render(request, "notifications/undelivered.html", context, status=status)


def _channels(request: SignedInRequest, here: Channel) -> list[tuple[str, str, bool]]:
    """Return the channels as tabs, each with how many lie in it."""
    return [
        (
            f"?channel={channel}",
            _("%(channel)s（%(n)d件）")
            % {"channel": channel.label, "n": dead(request.user, channel).count()},
            channel == here,
        )
        for channel in Channel
    ]


def _tabs(request: SignedInRequest) -> list[tuple[str, str, bool]]:
    if allowed(check_can_administer, request.user):
        return tabs_of_administration(request.user, "undelivered", in_tokyo(timezone.now()))
    return tabs_of_requests(request.user, "undelivered", {})
