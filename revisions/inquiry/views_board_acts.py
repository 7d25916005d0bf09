"""ボードで選んだ課をまとめて: what is asked first, the act, and of each how it went."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from revisions.inquiry.commands_board import Outcome, accept_each, remind_each, return_each
from revisions.inquiry.forms import PickedForm
from revisions.inquiry.forms_board import BulkReturnForm
from revisions.inquiry.models import Inquiry
from revisions.inquiry.views import Crumbs, crumbs, see
from revisions.inquiry.views_board import board_of
from revisions.plan.policies import check_can_steer
from workflow.access import Audience, audience
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid, Missing, Unmet, why
from workflow.people.http import SignedInRequest


@dataclass(frozen=True)
class Bulk:
    """What is done to each, what is asked first, and how the page of it is called."""

    command: Callable[..., Outcome]
    form: type[PickedForm]
    title: Any
    done: Any
    says: Any = ""


ACTS = {
    "accept": Bulk(
        accept_each,
        PickedForm,
        gettext_lazy("受理する"),
        gettext_lazy("%d課の回答を受理しました。"),
    ),
    "remind": Bulk(
        remind_each, PickedForm, gettext_lazy("督促する"), gettext_lazy("%d課に督促しました。")
    ),
    "return": Bulk(
        return_each,
        BulkReturnForm,
        gettext_lazy("差し戻す"),
        gettext_lazy("%d課の回答を差し戻しました。"),
        gettext_lazy("課は、直してもう一度課長の確認に回します。理由と期限を課に知らせます。"),
    ),
}


@audience(Audience.STAFF)
@require_POST
def act_on(request: SignedInRequest, inquiry_id: int) -> HttpResponse:
    """Do one act to each that was picked. A bad answer, or one refused for all, comes back."""
    found = board_of(request, inquiry_id)
    check_can_steer(request.user, found.revision, in_tokyo(timezone.now()))
    name, picked = request.POST.get("act", ""), PickedForm(request.POST)
    if name not in ACTS:
        raise Http404
    if not picked.is_valid():
        messages.error(request, _("課を1つ以上選んでください。"))
        return see(_back(request, found))
    act = ACTS[name]
    form = _form(request, act)
    if not form.is_valid():
        return _ask(request, found, name, form)
    given = dict(form.cleaned_data)
    outcome = act.command(
        inquiry_id=found.pk, picked=given.pop("ids"), by=request.user, at=timezone.now(), **given
    )
    if no := _for_all(outcome, form):
        form.add_error(no.field, str(no))
        return _ask(request, found, name, form)
    if not outcome.refused:
        messages.success(request, act.done % len(outcome.done))
        return see(_back(request, found))
    return _told(request, found, act, outcome)


def _form(request: SignedInRequest, act: Bulk) -> Form:
    """What is asked before the act: empty until it was answered."""
    if act.form is PickedForm or "answered" in request.POST:
        return act.form(request.POST)
    return act.form(initial={"ids": request.POST.getlist("ids")})


def _for_all(outcome: Outcome, form: Form) -> Invalid | None:
    """Return what is wrong with the answer, where nothing was done because of it."""
    wrong = [no for no in outcome.refused.values() if isinstance(no, Invalid)]
    fitting = (no for no in wrong if no.field in form.fields)
    return next(fitting, None) if not outcome.done else None


def _ask(request: SignedInRequest, found: Inquiry, name: str, form: Form) -> HttpResponse:
    ids = PickedForm(request.POST)
    ids.is_valid()
    context = {
        "act": ACTS[name],
        "name": name,
        "form": form,
        "targets": found.targets.select_related("section").filter(pk__in=ids.cleaned_data["ids"]),
        "back": _back(request, found),
        "crumbs": _crumbs(found),
    }
    return render(request, "inquiry/bulk.html", context, status=422 if form.is_bound else 200)


def _told(request: SignedInRequest, found: Inquiry, act: Bulk, outcome: Outcome) -> HttpResponse:
    """Say of each how it went: those refused with the reason and where it is mended."""
    targets = found.targets.select_related("section").in_bulk([*outcome.done, *outcome.refused])
    context = {
        "inquiry": found,
        "act": act,
        "done": [targets[pk] for pk in outcome.done],
        "refused": [
            (targets[pk], *_reason(no)) for pk, no in outcome.refused.items() if pk in targets
        ],
        "back": _back(request, found),
        "crumbs": _crumbs(found),
    }
    return render(request, "inquiry/board_done.html", context)


def _reason(no: Exception) -> tuple[str, tuple[Missing, ...]]:
    """Return why, and what is to be done first with its links."""
    return (str(no), no.missing) if isinstance(no, Unmet) else (why(no), ())


def _crumbs(found: Inquiry) -> Crumbs:
    inquiry, board = (reverse(name, args=[found.pk]) for name in ("inquiry", "board"))
    return crumbs(found, found.revision, (inquiry, found.title), (board, _("進捗のボード")))


def _back(request: SignedInRequest, found: Inquiry) -> str:
    """The list as it was filtered."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return reverse("board", args=[found.pk]) + query
