"""意見公募の画面: the secretariat prepares, announces, and publishes what came of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from revisions.opinion.states import Channel
from revisions.plan.models import Revision
from revisions.plan.policies import check_can_steer
from revisions.plan.queries import readable_revisions
from revisions.public_comment import commands, period
from revisions.public_comment.forms import CommentForm, PublishForm
from revisions.public_comment.gates import missing_answers, page
from revisions.public_comment.models import PublicComment
from revisions.public_comment.parts import new
from revisions.public_comment.queries import counts_of, phase_on, state_on
from revisions.public_comment.states import CommentState as S
from workflow.access import Audience, audience, holds
from workflow.audit.queries import history_of
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid
from workflow.path.models import Stage
from workflow.people.http import SignedInRequest
from workflow.signoff.forms import Act


@audience(Audience.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: SignedInRequest, stage_id: int) -> HttpResponse:
    stage = get_object_or_404(Stage, pk=stage_id)
    revision = get_object_or_404(Revision, case=stage.case_id)
    check_can_steer(request.user, revision, in_tokyo(timezone.now()))
    found = PublicComment.objects.filter(stage=stage).first()
    if found and found.state != S.PREPARING:
        return redirect("public_comment", found.pk)
    form = CommentForm(request.POST or None, initial=_worded(found, stage))
    if form.is_valid():
        with _errors_on(form):
            made = commands.prepare_comment(
                stage_id=stage_id, by=request.user, at=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("保存しました。内容を確かめて予告してください。"))
            return _see(page(made))
    context = {
        "form": form,
        "stage": stage,
        "rule": found or new(revision, stage),
        "crumbs": _crumbs(revision, stage),
    }
    return render(request, "public_comment/prepare.html", context, status=_status(form))


@audience(Audience.STAFF)
@require_safe
def public_comment(request: SignedInRequest, comment_id: int) -> HttpResponse:
    return _show(request, _find(request, comment_id))


@audience(Audience.STAFF)
@require_POST
def announce(request: SignedInRequest, comment_id: int) -> HttpResponse:
    return _act(request, comment_id, Act, commands.announce, _("予告しました。"))


@audience(Audience.STAFF)
@require_POST
def start_answering(request: SignedInRequest, comment_id: int) -> HttpResponse:
    done = _("取りまとめを始めました。")
    return _act(request, comment_id, Act, commands.start_answering, done)


@audience(Audience.STAFF)
@require_POST
def publish(request: SignedInRequest, comment_id: int) -> HttpResponse:
    return _act(request, comment_id, PublishForm, commands.publish, _("結果を公表しました。"))


def _act(
    request: SignedInRequest,
    comment_id: int,
    form_class: type[Form],
    command: Callable[..., Any],
    done: str,
) -> HttpResponse:
    found = _find(request, comment_id)
    form = form_class(request.POST, auto_id="publish_%s")
    if form.is_valid():
        with _errors_on(form):
            command(comment_id=comment_id, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, done)
            return _see(page(found))
    return _show(request, found, failed=form)


def _show(
    request: SignedInRequest, found: PublicComment, failed: Form | None = None
) -> HttpResponse:
    today = in_tokyo(timezone.now())
    missing = missing_answers(found)
    shown = {"seen": found.chain_length}
    publishing = failed if isinstance(failed, PublishForm) else PublishForm(initial=shown)
    context = {
        "comment": found,
        "days": period.days(found.first_on, found.last_on),
        "phase": phase_on(found, today),
        "state": state_on(found, today),
        "counts": counts_of(found),
        "missing": missing,
        "may_steer": holds(request.user, "steer_revision", found.revision),
        "blocked": _("承認されていない回答があります。") if missing else "",
        "over": found.version is not None and today > found.last_on,
        "seen": shown,
        "failed": failed,
        "publish_form": publishing,
        "intake_url": _intake(found),
        "history": history_of(found.key),
        "crumbs": _crumbs(found.revision, found.stage),
    }
    status = 422 if failed else 200
    return render(request, "public_comment/public_comment.html", context, status=status)


def _find(request: SignedInRequest, comment_id: int) -> PublicComment:
    comments = PublicComment.objects.select_related("revision", "stage", "version")
    readable = comments.filter(revision__in=readable_revisions(request.user))
    return get_object_or_404(readable.defer("version__content"), pk=comment_id)


def _intake(found: PublicComment) -> str:
    """Return where an opinion on paper is keyed in, with what is known of it filled in."""
    known = urlencode({"stage_id": found.stage_id, "channel": Channel.CITIZEN})
    return f"{reverse('new_opinion', args=[found.revision_id])}?{known}"


def _worded(found: PublicComment | None, stage: Stage) -> dict[str, Any]:
    """Return what the form starts from: what was prepared, or what the path has planned."""
    if found:
        names = ("title", "text", "first_on", "last_on", "short_reason")
        return {"seen": found.chain_length} | {name: getattr(found, name) for name in names}
    return {"seen": 0, "first_on": stage.planned_from, "last_on": stage.planned_until}


def _crumbs(revision: Revision, stage: Stage) -> list[tuple[str, str]]:
    return [
        (f"/revisions/{revision.pk}/", revision.title),
        (f"/stages/{stage.pk}/", stage.name),
    ]


@contextmanager
def _errors_on(form: Form) -> Iterator[None]:
    """Turn a command's Invalid into an error beside its field."""
    try:
        yield
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _status(form: Form) -> int:
    return 422 if form.errors else 200


def _see(url: str) -> HttpResponse:
    return HttpResponseRedirect(url, status=303)
