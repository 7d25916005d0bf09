"""下書きの画面: a form keeps itself as it is typed, and shows who else has it open."""

import json
import re
from collections.abc import Mapping

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from revisions.inquiry import commands_drafts as commands
from revisions.inquiry.queries_drafts import drafts_of, present
from revisions.inquiry.reading_drafts import beside, clashes
from revisions.inquiry.typed import Marks, Page, from_post
from revisions.inquiry.views import see
from workflow.access import Audience, audience
from workflow.audit.chain import canonical
from workflow.errors import Invalid
from workflow.people.http import SignedInRequest

_MARK = re.compile("[0-9a-f]{0,16}")


@audience(Audience.STAFF)
@require_POST
def keep(request: SignedInRequest, target_id: int, uid: str) -> HttpResponse:
    """Answer with what the page puts in its place: what was kept, and both texts where two wrote.

    Made without the request, whose context would read what a whole page shows around itself.
    X-Kept  all, or some
    """
    page, at = page_of(request.POST), timezone.now()
    kept = commands.save_fields(target_id=target_id, uid=uid, page=page, by=request.user, at=at)
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
    }
    answer = HttpResponse(render_to_string("inquiry/kept.html", context))
    answer["X-Kept"] = "some" if met else "all"
    return answer


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
    return Page(from_post(post), _marks(post, "was"))


def _marks(post: Mapping[str, str], name: str) -> Marks:
    try:
        found = json.loads(post.get(name, ""))
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(map(_is_mark, found.values())):
        raise Invalid(_("画面を開き直してから、もう一度お試しください。"))
    return found


def _is_mark(value: object) -> bool:
    return isinstance(value, str) and _MARK.fullmatch(value) is not None
