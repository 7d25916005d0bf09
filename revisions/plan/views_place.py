"""掲載先を変える画面: a project moves, is relisted, or is no longer."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from revisions.plan import commands_place as commands
from revisions.plan.content import Content, placements
from revisions.plan.content import number_text as text
from revisions.plan.forms_place import SlotForm, UnlistForm, slots
from revisions.plan.models import Revision
from revisions.plan.queries import content_of, fingerprint, places_of
from revisions.plan.views_draft import crumbs, form_page, see, sheet_page, steered
from workflow.access import Audience, audience
from workflow.errors import Invalid
from workflow.people.http import SignedInRequest


@audience(Audience.STAFF)
@form_page
def move(request: SignedInRequest, revision_id: int, uid: str) -> HttpResponse:
    """Move what stands at ?at=, a relisting too; without it the original."""
    revision = steered(request, revision_id)
    content, places = content_of(revision), _places(revision, uid)
    place = request.GET.get("at") or next(iter(_originals(content, uid)), "")
    if place not in places:
        raise Http404
    elsewhere = [_program(other) for other in places if other != place]
    form = SlotForm(
        request.POST or None,
        initial={"seen": fingerprint(places_of(revision))},
        slots=slots(content, moving=place, without=elsewhere),
    )

    def act(**given: Any) -> None:
        commands.move_project(place=place, **given)

    title, done = _("場所を変える"), _("場所を変えました。番号を付け直しました。")
    return _slot_page(request, revision, uid, form, act, title=title, done=done, place=place)


@audience(Audience.STAFF)
@form_page
def relist(request: SignedInRequest, revision_id: int, uid: str) -> HttpResponse:
    revision = steered(request, revision_id)
    content, places = content_of(revision), _places(revision, uid)
    form = SlotForm(
        request.POST or None,
        initial={"seen": fingerprint(places_of(revision))},
        slots=slots(content, without=[_program(place) for place in places]),
    )
    title, done = _("再掲する"), _("再掲しました。番号を付け直しました。")
    return _slot_page(request, revision, uid, form, commands.relist_project, title=title, done=done)


@audience(Audience.STAFF)
@require_POST
def unlist(request: SignedInRequest, revision_id: int, uid: str) -> HttpResponse:
    revision = steered(request, revision_id)
    form = UnlistForm(request.POST, auto_id="unlist_%s")
    if not form.is_valid():
        return sheet_page(request, revision, uid, unlist_form=form)
    commands.unlist_project(
        revision_id=revision.pk, uid=uid, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("再掲をやめました。後ろの番号を詰めました。"))
    return see(reverse("sheet", args=[revision.pk, uid]))


def _slot_page(
    request: SignedInRequest,
    revision: Revision,
    uid: str,
    form: SlotForm,
    act: Callable[..., Any],
    *,
    title: str,
    done: str,
    place: str = "",
) -> HttpResponse:
    back = reverse("sheet", args=[revision.pk, uid])
    if form.is_valid():
        try:
            act(
                revision_id=revision.pk,
                uid=uid,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, done)
            return see(back)
    name = revision.projects.get(uid=uid).name
    context = {
        "title": title,
        "revision": revision,
        "name": name,
        "place": place,
        "form": form,
        "back": back,
        "crumbs": [*crumbs(revision), (back, name)],
    }
    return render(request, "plan/slot.html", context, status=422 if form.errors else 200)


def _places(revision: Revision, uid: str) -> list[str]:
    """Return every place where a project of the draft stands."""
    if found := [place for place, there in places_of(revision).items() if there == uid]:
        return found
    raise Http404


def _originals(content: Content, uid: str) -> list[str]:
    return [
        text(path)
        for path, placement in placements(content)
        if placement["project"] == uid and not placement.get("relisted")
    ]


def _program(place: str) -> str:
    """1-2-(3) → 1-2."""
    return place.rpartition("-")[0]
