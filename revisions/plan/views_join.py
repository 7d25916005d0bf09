"""統合・分割の画面: two projects of the draft become one, or one becomes two."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from revisions.plan import commands_join as commands
from revisions.plan.cells import initial_of
from revisions.plan.content import numbers
from revisions.plan.diff import sheet_fields
from revisions.plan.forms import ReasonForm, SheetForm
from revisions.plan.forms_decide import DecideForm
from revisions.plan.forms_place import Groups, OtherForm, SlotForm, slots
from revisions.plan.merging import Choice, changed_fields, joined
from revisions.plan.models import Revision
from revisions.plan.queries import Sheet, content_of, fingerprint
from revisions.plan.views_draft import crumbs, form_page, see, steered
from workflow.access import Audience, audience
from workflow.differences import text_diff
from workflow.errors import Invalid
from workflow.people.http import SignedInRequest

ALONE = "notes"
"""Remarks on the source are kept of both: nobody has to choose."""


@audience(Audience.STAFF)
@form_page
def merge(request: SignedInRequest, revision_id: int, uid: str) -> HttpResponse:
    """Let the project of ?other= go into this one."""
    revision = steered(request, revision_id)
    content = content_of(revision)
    sheets = {sheet["uid"]: sheet for sheet in content["projects"]}
    if uid not in sheets:
        raise Http404
    places = numbers(content)
    others = [(u, f"{n} {sheets[u]['name']}") for u, n in places.items() if u != uid]
    other = OtherForm(request.GET or None, others=others)
    if not other.is_valid():
        return _ask_other(request, revision, sheets[uid], other)
    into, taken = sheets[uid], sheets[other.cleaned_data["other"]]
    form = _decide_form(request, revision, into, taken)
    why = ReasonForm(request.POST or None)
    seen = request.POST.get("seen") or fingerprint([into, taken])
    if request.method == "POST" and form.is_valid() & why.is_valid():
        try:
            commands.merge_projects(
                revision_id=revision.pk,
                uid=uid,
                other=taken["uid"],
                choices=form.choices() | _kept(into, taken),
                seen=seen,
                by=request.user,
                at=timezone.now(),
                **why.cleaned_data,
            )
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("統合しました。後ろの番号を詰めました。"))
            return see(reverse("sheet", args=[revision.pk, uid]))
    context = {
        "taken": taken,
        "places": (places[into["uid"]], places[taken["uid"]]),
        "form": form,
        "parts": [*form.parts, why],
        "questions": _questions(form, into, taken, content["sections"]),
        "why": why,
        "seen": seen,
        **_around(revision, into),
    }
    status = 422 if form.errors or why.errors else 200
    return render(request, "plan/merge.html", context, status=status)


def _kept(into: Sheet, taken: Sheet) -> dict[str, Choice]:
    if into[ALONE] == taken[ALONE]:
        return {}
    return {ALONE: Choice("own", joined(ALONE, into[ALONE], taken[ALONE]))}


def _ask_other(
    request: SignedInRequest, revision: Revision, into: Sheet, form: OtherForm
) -> HttpResponse:
    context = {"form": form, **_around(revision, into)}
    return render(request, "plan/merge_other.html", context, status=422 if form.errors else 200)


def _decide_form(
    request: SignedInRequest, revision: Revision, into: Sheet, taken: Sheet
) -> DecideForm:
    """Own words start from both, one below the other; the name from the one that stays."""
    fields = [field for field in changed_fields(into, taken) if field != ALONE]
    both = {field: joined(field, into[field], taken[field]) for field in fields}
    return DecideForm(
        request.POST or None,
        plan=revision.plan,
        fields=fields,
        sides={
            "into": _("「%s」の言葉にする") % into["name"],
            "taken": _("「%s」の言葉にする") % taken["name"],
        },
        own=into | both | {"name": into["name"]},
        prefix="merge",
    )


def _questions(
    form: DecideForm, into: Sheet, taken: Sheet, names: dict[str, str]
) -> list[dict[str, Any]]:
    one, other = (sheet_fields(sheet, names=names) for sheet in (into, taken))
    labels = into["name"], taken["name"]
    return [
        question
        | {
            "sides": [
                (labels[0], text_diff(one[question["name"]], one[question["name"]])),
                (labels[1], text_diff(other[question["name"]], other[question["name"]])),
            ]
        }
        for question in form.questions()
    ]


@audience(Audience.STAFF)
@form_page
def split(request: SignedInRequest, revision_id: int, uid: str) -> HttpResponse:
    revision = steered(request, revision_id)
    content = content_of(revision)
    before = next((sheet for sheet in content["projects"] if sheet["uid"] == uid), None)
    if before is None:
        raise Http404
    stays, new, slot = forms = _split_forms(request, revision, before, slots(content))
    status = 200
    if stays.wants_more() or new.wants_more():
        stays, new = stays.with_more_rows(), new.with_more_rows()
        slot.is_bound, slot.initial = False, {bound.name: bound.data for bound in slot}
    elif request.method == "POST":
        status = 422
        if stays.is_valid() & new.is_valid() & slot.is_valid():
            try:
                return _split(request, revision, uid, *forms)
            except Invalid as refused:
                (slot if refused.field in slot.fields else new).add_error(None, str(refused))
    context = {
        "stays": stays,
        "new": new,
        "slot": slot,
        "parts": [*stays.parts, *new.parts, slot],
        **_around(revision, before),
    }
    return render(request, "plan/split.html", context, status=status)


def _split_forms(
    request: SignedInRequest, revision: Revision, before: Sheet, places: Groups
) -> tuple[SheetForm, SheetForm, SlotForm]:
    """What stays, what goes, both as the sheet is now, and where it goes."""
    data, copy = request.POST or None, {**initial_of(before), "name": ""}
    return (
        SheetForm(data, plan=revision.plan, sheet=before),
        SheetForm(data, plan=revision.plan, initial=copy, prefix="new"),
        SlotForm(data, initial={"seen": fingerprint(before)}, slots=places),
    )


def _split(
    request: SignedInRequest,
    revision: Revision,
    uid: str,
    stays: SheetForm,
    new: SheetForm,
    slot: SlotForm,
) -> HttpResponse:
    added = commands.split_project(
        revision_id=revision.pk,
        uid=uid,
        sheet=stays.sheet(),
        new=new.sheet(),
        by=request.user,
        at=timezone.now(),
        **slot.cleaned_data,
    )
    messages.success(request, _("分けました。新しい個別事業を確かめてください。"))
    return see(reverse("sheet", args=[revision.pk, added]))


def _around(revision: Revision, sheet: Sheet) -> dict[str, Any]:
    back = reverse("sheet", args=[revision.pk, sheet["uid"]])
    chain = [*crumbs(revision), (back, sheet["name"])]
    return {"revision": revision, "sheet": sheet, "back": back, "crumbs": chain}
