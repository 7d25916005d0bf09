"""計画の画面: the plan as adopted, its versions, and what changed between two."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from revisions.plan import reading
from revisions.plan.content import Content
from revisions.plan.forms import ChartFilter, PickForm
from revisions.plan.leaves import changes_of, comparison, counted, sheets_of
from revisions.plan.models import Plan, PlanVersion, Revision
from revisions.plan.queries import (
    current_content,
    readable_revisions,
    readable_versions,
)
from revisions.plan.states import RUNNING
from workflow.access import Audience, audience, belongs
from workflow.people.http import SignedInRequest


@audience(Audience.STAFF)
@require_safe
def plans(request: SignedInRequest) -> HttpResponse:
    running = readable_revisions(request.user).filter(state__in=RUNNING)
    found = Plan.objects.select_related("current__revision").defer("current__content")
    rows = found.prefetch_related(Prefetch("revisions", queryset=running, to_attr="running"))
    return render(request, "plan/plans.html", {"plans": rows.order_by("code")})


@audience(Audience.STAFF)
@require_safe
def plan(request: SignedInRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Plan.objects.select_related("current__revision"), code=code)
    content = current_content(found)
    versions = list(_versions(request, found))
    context = {
        "plan": found,
        "version": found.current,
        "content": content,
        "running": readable_revisions(request.user).filter(plan=found, state__in=RUNNING).first(),
        "versions": versions,
        "picker": picker(versions),
        "crumbs": [(reverse("plans"), _("計画"))],
        **(charted(request, content) if content else {}),
    }
    return render(request, "plan/plan.html", context)


@audience(Audience.SIGNED_IN)
@require_safe
def version(request: SignedInRequest, version_id: int) -> HttpResponse:
    found = readable_version(request, version_id)
    context = {
        "version": found,
        "sheets": sheets_of(found, "plan/version_sheets.html"),
        "picker": picker(list(_versions(request, found.plan)), found),
        "crumbs": _crumbs(request, found.plan),
    }
    return render(request, "plan/version.html", context)


@audience(Audience.SIGNED_IN)
@require_safe
def version_json(request: SignedInRequest, version_id: int) -> HttpResponse:
    """The very bytes that the digest is of."""
    found = readable_version(request, version_id)
    name = f"{found.plan.code}-{found.number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(found.content.encode(), content_type="application/json", headers=headers)


@audience(Audience.SIGNED_IN)
@require_safe
def compare(request: SignedInRequest, version_id: int, other_id: int) -> HttpResponse:
    before, after = readable_version(request, version_id), readable_version(request, other_id)
    if before.plan_id != after.plan_id:
        raise Http404
    side_by_side = "side" in request.GET
    context = {
        "before": before,
        "after": after,
        "changes": comparison(before, after, side_by_side=side_by_side),
        "counts": counted(changes_of(before, after)),
        "side_by_side": side_by_side,
        "picker": picker(list(_versions(request, after.plan)), before, after),
        "crumbs": [
            *_crumbs(request, after.plan),
            (reverse("version", args=[after.pk]), str(after)),
        ],
    }
    return render(request, "plan/compare.html", context)


@audience(Audience.SIGNED_IN)
@require_safe
def compare_pick(request: SignedInRequest, code: str) -> HttpResponse:
    """Send the two versions chosen to their comparison, the older one first."""
    found = get_object_or_404(Plan, code=code)
    versions = list(_versions(request, found))
    if not versions:
        raise Http404
    form = PickForm(request.GET, versions=versions)
    if not form.is_valid():
        context = {"plan": found, "picker": form, "crumbs": _crumbs(request, found)}
        return render(request, "plan/pick.html", context, status=422)
    chosen = set(form.cleaned_data.values())
    pair = [v.pk for v in reversed(versions) if v.pk in chosen]
    return HttpResponseRedirect(reverse("compare", args=[pair[0], pair[-1]]))


def charted(
    request: SignedInRequest, content: Content, changed: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The chart of a content as the address filters it, and the filter.

    changed  uid → what its place in the chart carries as `changed`
    """
    form = ChartFilter(request.GET, sections=reading.sections_on(content))
    chosen = form.chosen()
    return {
        "filter": form,
        "is_filtered": any(chosen.values()),
        "clear_url": request.path if any(chosen.values()) else "",
        "chart": reading.chart(content, **chosen, changed=changed or {}),
    }


def picker(versions: list[PlanVersion], *chosen: PlanVersion) -> PickForm | None:
    """Return the choice of two of the versions (newest first); None when there is only one.

    chosen  two; or one, beside which the version before it stands; or none, for the latest two
    """
    if len(versions) < 2:
        return None
    later = chosen[-1] if chosen else versions[0]
    earlier = next((v for v in versions if v.number < later.number), None)
    before, after = chosen if len(chosen) == 2 else (earlier or later, later)
    if before.pk == after.pk:
        after = versions[0]
    return PickForm(versions=versions, initial={"before": before.pk, "after": after.pk})


def readable_version(request: SignedInRequest, version_id: int) -> PlanVersion:
    versions = readable_versions(request.user).select_related("plan", "revision", "made_by")
    return get_object_or_404(versions, pk=version_id)


def _versions(request: SignedInRequest, plan: Plan) -> Any:
    """The readable versions of a plan, newest first, without their contents."""
    found = readable_versions(request.user).filter(plan=plan).defer("content")
    return found.select_related("revision").order_by("-number")


def _crumbs(request: SignedInRequest, plan: Plan) -> list[tuple[str, str]]:
    if not belongs(request.user, Audience.STAFF):
        return []
    return [(reverse("plans"), _("計画")), (reverse("plan", args=[plan.code]), plan.title)]


def readable_revision(request: SignedInRequest, revision_id: int) -> Revision:
    revisions = readable_revisions(request.user).select_related("plan", "base")
    return get_object_or_404(revisions, pk=revision_id)
