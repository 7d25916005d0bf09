"""市民の画面: what is asked, the whole plan, and a form. No session; the calendar rules."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from revisions.plan.leaves import sheets_of, title_of
from revisions.public_comment import commands, period
from revisions.public_comment.forms import OpinionForm
from revisions.public_comment.models import PublicComment, Submission
from revisions.public_comment.queries import Phase, phase_on, published_opinions, shown
from workflow.access import Audience, audience
from workflow.audit.chain import canonical, digest
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid
from workflow.people.http import sender

PHASES = {
    "announced": (gettext_lazy("予告"), "waiting"),
    "accepting": (gettext_lazy("募集中"), "active"),
    "closed": (gettext_lazy("受付は終わりました"), "neutral"),
    "published": (gettext_lazy("結果を公表しました"), "done"),
    "stopped": (gettext_lazy("中止"), "off"),
}


@audience(Audience.ANYONE)
@require_safe
def public_index(request: HttpRequest) -> HttpResponse:
    today = in_tokyo(timezone.now())
    rows = [(comment, *_state(phase_on(comment, today))) for comment in shown()]
    return render(request, "public_comment/public_index.html", {"rows": rows} | _frame())


@audience(Audience.ANYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def public_page(request: HttpRequest, comment_id: int) -> HttpResponse:
    found = get_object_or_404(shown().defer("version__content"), pk=comment_id)
    if request.method != "POST":
        return _unless_kept(request, found)
    form, status = OpinionForm(request.POST), 422
    if form.is_valid():
        try:
            done = commands.submit_opinion(
                comment_id=comment_id,
                sender=sender(request),
                at=timezone.now(),
                **form.opinion(),
            )
        except Invalid as refusal:
            form.add_error(refusal.field or None, str(refusal))
            status = refusal.status
        else:
            url = reverse("public_received", args=[comment_id, done.key])
            return HttpResponseRedirect(url, status=303)
    return _page(request, found, form, status)


@audience(Audience.ANYONE)
@require_safe
def public_received(request: HttpRequest, comment_id: int, receipt: str) -> HttpResponse:
    received = Submission.objects.select_related("comment", "opinion").only(
        "key", "at", "comment__title", "opinion__number"
    )
    context = {"received": get_object_or_404(received, comment=comment_id, key=receipt)}
    return render(request, "public_comment/public_received.html", context | _frame())


def _unless_kept(request: HttpRequest, found: PublicComment) -> HttpResponse:
    """Answer 304 to who has the page as it is; ask to be asked each time, as the calendar turns.

    A page with the form holds the reader's own token: nobody else may keep it, and it is theirs
    only as long as their cookie is.
    """
    phase = phase_on(found, in_tokyo(timezone.now()))
    has_form = phase == "accepting"
    if has_form:
        get_token(request)  # sends the cookie again, so that it lives as long as the page
    own = request.META["CSRF_COOKIE"] if has_form else ""
    made_of = [found.key, found.chain_head, phase, get_language(), static("kaitei.css"), own]
    etag = f'W/"{digest(canonical(made_of))}"'
    response = get_conditional_response(request, etag=etag) or _page(
        request, found, OpinionForm(initial={"form_id": uuid4()})
    )
    response["ETag"] = etag
    patch_cache_control(response, no_cache=True, **{"private" if has_form else "public": True})
    return response


def _page(
    request: HttpRequest, found: PublicComment, form: OpinionForm, status: int = 200
) -> HttpResponse:
    if found.version is None:
        raise Http404
    phase = phase_on(found, in_tokyo(timezone.now()))
    label, tone = _state(phase)
    context = {
        "comment": found,
        "phase": phase,
        "label": label,
        "tone": tone,
        "days": period.days(found.first_on, found.last_on),
        "form": form if phase == "accepting" or form.is_bound else None,
        "opinions": published_opinions(found) if phase == "published" else [],
        "plan_title": title_of(found.version),
        "sheets": sheets_of(found.version, "public_comment/public_sheets.html"),
        "crumbs": [(reverse("public_index"), _("パブリックコメント"))],
    }
    template = "public_comment/public_page.html"
    return render(request, template, context | _frame(), status=status)


def _state(phase: Phase) -> tuple[str, str]:
    label, tone = PHASES[phase]
    return str(label), tone


def _frame() -> dict[str, Any]:
    return {
        "city_name": settings.CITY_NAME,
        "contact": _("問い合わせ：%(city)s %(section)s")
        % {"city": settings.CITY_NAME, "section": settings.PUBLIC_CONTACT},
        "home_url": reverse("public_index"),
    }
