"""新旧対照表の画面: the official form of a comparison, to read and to take along."""

from datetime import UTC
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_safe

from revisions.documents import as_docx, as_pdf, as_xlsx
from revisions.documents.forms import SECTION, TableForm
from revisions.documents.leaves import Asked, drawn, groups_of
from revisions.documents.paper import Paper
from revisions.documents.queries import reasons_between, sections_in_order, working
from revisions.plan.models import PlanVersion
from revisions.plan.queries import content_of_version, readable_versions
from revisions.plan.states import RUNNING
from revisions.plan.views import readable_revision
from workflow.access import Audience, audience
from workflow.deadline.era import era_month
from workflow.people.http import SignedInRequest

FILES = {
    "pdf": gettext_lazy("PDF"),
    "docx": gettext_lazy("ワード文書"),
    "xlsx": gettext_lazy("エクセルの表"),
}
DRAWN = {
    "pdf": (as_pdf.draw, "application/pdf"),
    "docx": (
        as_docx.draw,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xlsx": (as_xlsx.draw, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class Compared(NamedTuple):
    """new: a version, or one that nobody made yet: the draft as it stands (作業中)

    address  of the table: the name of its URL, and what that takes
    crumbs   what stands above it
    """

    old: PlanVersion
    new: PlanVersion
    form: TableForm
    asked: Asked
    address: tuple[str, tuple[int, ...]]
    crumbs: list[tuple[str, str]]

    @property
    def is_working(self) -> bool:
        return self.new.pk is None


@audience(Audience.SIGNED_IN)
@require_safe
def table(request: SignedInRequest, version_id: int, other_id: int) -> HttpResponse:
    return _page(request, _versions(request, version_id, other_id))


@audience(Audience.SIGNED_IN)
@require_safe
def draft_table(request: SignedInRequest, revision_id: int) -> HttpResponse:
    """The draft as it stands beside the plan in force."""
    return _page(request, _draft(request, revision_id))


@audience(Audience.SIGNED_IN)
@require_safe
def table_file(
    request: SignedInRequest, version_id: int, other_id: int, *, kind: str
) -> HttpResponse:
    """The form as a file, in Japanese whatever the screen is in."""
    with override(settings.LANGUAGE_CODE):
        return _file(_versions(request, version_id, other_id), kind)


@audience(Audience.SIGNED_IN)
@require_safe
def draft_table_file(request: SignedInRequest, revision_id: int, *, kind: str) -> HttpResponse:
    with override(settings.LANGUAGE_CODE):
        return _file(_draft(request, revision_id), kind)


def _page(request: SignedInRequest, found: Compared) -> HttpResponse:
    name, ids = found.address
    query = request.GET.urlencode()
    urls = {kind: f"{reverse(f'{name}_{kind}', args=ids)}?{query}" for kind in FILES}
    context = {
        "new": found.new,
        "old": found.old,
        "is_working": found.is_working,
        "form": found.form,
        "rows": drawn(found.asked),
        "files": [(words, urls[kind]) for kind, words in FILES.items()],
        "crumbs": found.crumbs,
    }
    return render(request, "documents/table.html", context)


def _file(found: Compared, kind: str) -> HttpResponse:
    draw, media_type = DRAWN[kind]
    name = f"{_file_name(found)}.{kind}"
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    headers = {"Content-Disposition": disposition}
    return HttpResponse(draw(_paper(found)), content_type=media_type, headers=headers)


def _file_name(found: Compared) -> str:
    new = f"第{found.new.number}版"
    if found.is_working:
        new = f"作業中_{localtime(found.new.made_at):%Y%m%d_%H%M}"
    return f"新旧対照表_{found.new.plan.title}_第{found.old.number}版から{new}"


def _versions(request: SignedInRequest, version_id: int, other_id: int) -> Compared:
    """Read two versions of a plan by somebody who may read both; the later one is 改定後."""
    versions = readable_versions(request.user).select_related("plan", "revision")
    pair = [get_object_or_404(versions, pk=pk) for pk in (version_id, other_id)]
    old, new = sorted(pair, key=lambda version: version.number)
    if old.plan_id != new.plan_id:
        raise Http404
    crumbs = [
        (reverse("version", args=[new.pk]), str(new)),
        (reverse("compare", args=[old.pk, new.pk]), _("新旧対照")),
    ]
    return _compared(request, old, new, ("table", (new.pk, old.pk)), crumbs)


def _draft(request: SignedInRequest, revision_id: int) -> Compared:
    """Read the draft of a revision that runs, and the plan that it revises."""
    revision = readable_revision(request, revision_id)
    old = revision.plan.current
    if old is None or revision.state not in RUNNING:
        raise Http404
    crumbs = [
        (reverse("revision", args=[revision.pk]), revision.title),
        (reverse("draft", args=[revision.pk]), _("計画案")),
    ]
    new = working(revision, timezone.now())
    return _compared(request, old, new, ("draft_table", (revision.pk,)), crumbs)


def _compared(
    request: SignedInRequest,
    old: PlanVersion,
    new: PlanVersion,
    address: tuple[str, tuple[int, ...]],
    crumbs: list[tuple[str, str]],
) -> Compared:
    before, after = content_of_version(old), content_of_version(new)
    form = TableForm(request.GET, content=after)
    scope, order = form.chosen()
    asked = Asked(
        old.content,
        new.content,
        reasons=reasons_between(old, new),
        scope=scope,
        sections=sections_in_order(before, after) if order == SECTION else None,
    )
    return Compared(old, new, form, asked, address, crumbs)


def _paper(found: Compared) -> Paper:
    scope, order = found.form.words()
    return Paper(
        plan=found.new.plan.title,
        new=_taken(found.new) if found.is_working else _told(found.new),
        old=_told(found.old),
        about=_("範囲：%(scope)s　順序：%(order)s") % {"scope": scope, "order": order},
        dated=found.new.made_at.astimezone(UTC),
        groups=groups_of(found.asked),
        is_working=found.is_working,
    )


def _told(version: PlanVersion) -> str:
    words = {"n": version.number, "label": version.label, "day": _day(version)}
    return _("第%(n)d版 %(label)s（%(day)s）") % words


def _taken(draft: PlanVersion) -> str:
    """作業中の計画案（令和8年11月26日14時5分現在）."""
    at = localtime(draft.made_at)
    words = {"label": draft.label, "day": _day(draft), "hour": at.hour, "minute": at.minute}
    return _("%(label)s（%(day)s%(hour)d時%(minute)d分現在）") % words


def _day(version: PlanVersion) -> str:
    day = localtime(version.made_at).date()
    return f"{era_month(day)}{day.day}日"
