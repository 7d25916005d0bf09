"""人事異動: prepare it, see what it would change, leave it to its day."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workflow.access import Audience, audience
from workflow.administration.forms import WithdrawForm
from workflow.administration.forms_transfer import MoveForm, PasteForm, ReviseForm, TransferForm
from workflow.administration.pages import attempt, refuse, show, tabs_of
from workflow.audit.queries import history_of
from workflow.deadline.calendar import in_tokyo
from workflow.people.http import SignedInRequest
from workflow.people.policies import check_is_personnel
from workflow.transfer import commands
from workflow.transfer.gates import Unfit
from workflow.transfer.models import TransferLine
from workflow.transfer.preview import preview
from workflow.transfer.queries import faults, lines_of, transfers

OPEN = ("preparing", "scheduled")


@audience(Audience.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_list(request: SignedInRequest) -> HttpResponse:
    """Every transfer, the latest first; a new one is sent here too."""
    today = in_tokyo(timezone.now())
    check_is_personnel(request.user, today)
    form = TransferForm(request.POST or None)

    def act(given: dict[str, Any]) -> HttpResponse:
        made = commands.prepare(**given, by=request.user, at=timezone.now())
        messages.success(request, _("準備を始めました。異動する人を加えてください。"))
        return redirect("transfer", transfer_id=made.pk)

    context = {"transfers": transfers()[:100], "tabs": tabs_of(request.user, "transfers", today)}
    page = "administration/transfers.html"
    return attempt(request, form, act) or show(request, page, form, **context)


@audience(Audience.OFFICE)
@require_safe
def transfer(request: SignedInRequest, transfer_id: int) -> HttpResponse:
    return _page(request, transfer_id)


@audience(Audience.OFFICE)
@require_POST
def revise_transfer(request: SignedInRequest, transfer_id: int) -> HttpResponse:
    form = ReviseForm(request.POST, auto_id="revise_%s")

    def act(given: dict[str, Any]) -> HttpResponse:
        commands.revise(transfer_id=transfer_id, **given, by=request.user, at=timezone.now())
        return _done(request, transfer_id, _("名称と発令の日を直しました。"))

    return attempt(request, form, act) or _page(request, transfer_id, revise_form=form)


@audience(Audience.OFFICE)
@require_POST
def add_line(request: SignedInRequest, transfer_id: int) -> HttpResponse:
    form = MoveForm(request.POST)
    if form.is_valid():
        given = {"moves": [form.move()], "seen": form.cleaned_data["seen"]}
        try:
            commands.add_lines(transfer_id=transfer_id, **given, by=request.user, at=timezone.now())
            return _done(request, transfer_id, _("加えました。"))
        except Unfit as refused:
            refuse(form, refused)
    return _page(request, transfer_id, move_form=form)


@audience(Audience.OFFICE)
@require_POST
def paste_lines(request: SignedInRequest, transfer_id: int) -> HttpResponse:
    form = PasteForm(request.POST, auto_id="paste_%s")
    if form.is_valid():
        given = {"moves": form.moves, "seen": form.cleaned_data["seen"]}
        try:
            made = commands.add_lines(
                transfer_id=transfer_id, **given, by=request.user, at=timezone.now()
            )
            return _done(request, transfer_id, _("%d行を加えました。") % len(made))
        except Unfit as refused:
            form.refuse_moves({place: fault.text for place, fault in refused.faults.items()})
    return _page(request, transfer_id, paste_form=form)


@audience(Audience.OFFICE)
@require_POST
def remove_line(request: SignedInRequest, line_id: int) -> HttpResponse:
    pk = get_object_or_404(TransferLine, pk=line_id).transfer_id
    commands.remove_line(line_id=line_id, by=request.user, at=timezone.now())
    return _done(request, pk, _("外しました。"))


@audience(Audience.OFFICE)
@require_POST
def schedule_transfer(request: SignedInRequest, transfer_id: int) -> HttpResponse:
    return _act(
        request,
        transfer_id,
        commands.schedule,
        _("予約しました。発令の日まで、本人には知らされません。"),
    )


@audience(Audience.OFFICE)
@require_POST
def reopen_transfer(request: SignedInRequest, transfer_id: int) -> HttpResponse:
    return _act(request, transfer_id, commands.reopen, _("準備に戻しました。"))


@audience(Audience.OFFICE)
@require_POST
def apply_transfer(request: SignedInRequest, transfer_id: int) -> HttpResponse:
    return _act(request, transfer_id, commands.apply, _("発令し、全員に知らせました。"))


@audience(Audience.OFFICE)
@require_POST
def cancel_transfer(request: SignedInRequest, transfer_id: int) -> HttpResponse:
    form = WithdrawForm(request.POST, auto_id="cancel_%s")

    def act(given: dict[str, Any]) -> HttpResponse:
        commands.cancel(transfer_id=transfer_id, **given, by=request.user, at=timezone.now())
        return _done(request, transfer_id, _("中止しました。"))

    return attempt(request, form, act) or _page(request, transfer_id, cancel_form=form)


def _act(
    request: SignedInRequest, transfer_id: int, command: Callable[..., object], done: str
) -> HttpResponse:
    command(transfer_id=transfer_id, by=request.user, at=timezone.now())
    return _done(request, transfer_id, done)


def _done(request: SignedInRequest, transfer_id: int, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("transfer", transfer_id=transfer_id)


def _page(request: SignedInRequest, transfer_id: int, **failed: Form) -> HttpResponse:
    """One transfer; a form that failed comes back as it was typed."""
    today = in_tokyo(timezone.now())
    check_is_personnel(request.user, today)
    found = get_object_or_404(transfers(), pk=transfer_id)
    lines = lines_of(found)
    open_ = found.state in OPEN
    seen = {"seen": found.chain_length}
    named = {"title": found.title, "effective_on": found.effective_on}
    wrong = faults(lines, found.effective_on) if open_ else [None] * len(lines)
    context = {
        "transfer": found,
        "lines": list(zip(lines, wrong, strict=True)),
        "misfits": sum(fault is not None for fault in wrong),
        "preview": preview(found, lines) if open_ else None,
        "due": found.effective_on <= today,
        "history": history_of(found.key),
        "seen": seen,
        "crumbs": [(reverse("transfers"), _("人事異動"))],
        "revise_form": ReviseForm(initial=seen | named, auto_id="revise_%s"),
        "move_form": MoveForm(initial=seen),
        "paste_form": PasteForm(initial=seen, auto_id="paste_%s"),
        "cancel_form": WithdrawForm(auto_id="cancel_%s"),
        **failed,
    }
    page = "administration/transfer.html"
    return render(request, page, context, status=422 if failed else 200)
