"""下書きの画面: a form keeps itself as it is typed, and shows who else has it open."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from revisions.inquiry import commands_drafts as commands
from revisions.inquiry.gates_drafts import TooMuchTyped
from revisions.inquiry.limits import TooLong
from revisions.inquiry.queries_drafts import drafts_of, present
from revisions.inquiry.reading_drafts import beside, clashes
from revisions.inquiry.typed import TABLES, TEXTS, WHY, Marks, Page, from_post
from revisions.inquiry.views import see
from workflow.access import Audience, audience
from workflow.audit.chain import canonical
from workflow.errors import Invalid
from workflow.people.http import SignedInRequest

PLACES = (*TEXTS, *WHY, *TABLES)
"""The fields beside which a page says that what was typed is too long."""

_MARK = re.compile("[0-9a-f]{0,16}")


@audience(Audience.STAFF)
@require_POST
def keep(request: SignedInRequest, target_id: int, uid: str) -> HttpResponse:
    """Answer with what the page puts in its place: what was kept, and both texts where two wrote.

    Made without the request, whose context would read what a whole page shows around itself.
    X-Kept  all, or some
    """
    page, at = page_of(request.POST), timezone.now()
    try:
        kept = commands.save_fields(target_id=target_id, uid=uid, page=page, by=request.user, at=at)
    except TooMuchTyped as no:
        return _told({"was": canonical(page.made_of), "refused": no, **_long(request, no.texts)})
    met = clashes(kept.target, uid, page, kept.clashes)
    shown = {row["key"] for row in met} == set(request.POST.getlist("clash"))
    context = {
        "at": at,
        "user": request.user,
        "saved": kept.saved,
        "was": canonical(page.after(kept.saved).made_of),
        "clashes": met,
        "shown": shown,
        "beside": beside(page, drafts_of(kept.target, uid)),
        **_long(request, {}),
    }
    return _told(context, kept="some" if met else "all")


def _told(context: dict[str, Any], kept: str = "some") -> HttpResponse:
    html = render_to_string("inquiry/kept.html", context)
    return HttpResponse(html, headers={"X-Kept": kept})


def _long(request: SignedInRequest, texts: Mapping[str, TooLong]) -> dict[str, Any]:
    """What stands beside the fields, each told once: nothing where the page shows it already."""
    if set(texts) == set(request.POST.getlist("long")):
        return {}
    return {"long": [(name, texts.get(name)) for name in PLACES]}


@audience(Audience.STAFF)
@require_POST
def discard(request: SignedInRequest, target_id: int, uid: str) -> HttpResponse:
    commands.discard_drafts(
        target_id=target_id,
        uid=uid,
        shown=_marks(request.POST, "shown"),
        by=request.user,
        at=timezone.now(),
    )
    return see(reverse("sheet_answer", args=[target_id, uid]))


@audience(Audience.STAFF)
@require_POST
def come(request: SignedInRequest, target_id: int, uid: str) -> HttpResponse:
    at = timezone.now()
    target = commands.come(target_id=target_id, uid=uid, by=request.user, at=at)
    here = {"here": present(target, at).get(uid, [])}
    return HttpResponse(render_to_string("inquiry/here.html", here))


def page_of(post: Mapping[str, str]) -> Page:
    """Return the page of a sheet that was sent.

    raises  Invalid when it doesn't say what it was made of
    """
    try:
        typed = from_post(post)
    except ValueError:
        raise _unknown() from None
    return Page(typed, _marks(post, "was"))


def _marks(post: Mapping[str, str], name: str) -> Marks:
    try:
        found = json.loads(post.get(name, ""))
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(map(_is_mark, found.values())):
        raise _unknown()
    return found


def _unknown() -> Invalid:
    return Invalid(_("画面を開き直してから、もう一度お試しください。"))


def _is_mark(value: object) -> bool:
    return isinstance(value, str) and _MARK.fullmatch(value) is not None
