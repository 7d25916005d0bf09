"""新旧対照表の画面: the official form of a comparison, to read and to take along."""

from datetime import UTC
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_safe

from revisions.documents import as_docx, as_pdf, as_xlsx
from revisions.documents.forms import SECTION, TableForm
from revisions.documents.leaves import Asked, drawn, groups_of
from revisions.documents.paper import Paper
from revisions.documents.queries import reasons_between, sections_in_order
from revisions.plan.models import PlanVersion
from revisions.plan.queries import content_of_version, readable_versions
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
    old: PlanVersion
    new: PlanVersion
    form: TableForm
    asked: Asked


@audience(Audience.SIGNED_IN)
@require_safe
def table(request: SignedInRequest, version_id: int, other_id: int) -> HttpResponse:
    found = _compared(request, version_id, other_id)
    pair = [found.new.pk, found.old.pk]
    query = request.GET.urlencode()
    urls = {kind: f"{reverse(f'table_{kind}', args=pair)}?{query}" for kind in FILES}
    context = {
        "new": found.new,
        "old": found.old,
        "form": found.form,
        "rows": drawn(found.asked),
        "files": [(words, urls[kind]) for kind, words in FILES.items()],
        "crumbs": [
            (reverse("version", args=[found.new.pk]), str(found.new)),
            (reverse("compare", args=pair[::-1]), _("新旧対照")),
        ],
    }
    return render(request, "documents/table.html", context)


@audience(Audience.SIGNED_IN)
@require_safe
def table_file(
    request: SignedInRequest, version_id: int, other_id: int, *, kind: str
) -> HttpResponse:
    """The form as a file, in Japanese whatever the screen is in."""
    draw, media_type = DRAWN[kind]
    with override(settings.LANGUAGE_CODE):
        found = _compared(request, version_id, other_id)
        file = draw(_paper(found))
        name = f"{_file_name(found)}.{kind}"
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    headers = {"Content-Disposition": disposition}
    return HttpResponse(file, content_type=media_type, headers=headers)


def _file_name(found: Compared) -> str:
    versions = f"第{found.old.number}版から第{found.new.number}版"
    return f"新旧対照表_{found.new.plan.title}_{versions}"


def _compared(request: SignedInRequest, version_id: int, other_id: int) -> Compared:
    """Read two versions of a plan by somebody who may read both."""
    versions = readable_versions(request.user).select_related("plan", "revision")
    new = get_object_or_404(versions, pk=version_id)
    old = get_object_or_404(versions, pk=other_id)
    if old.plan_id != new.plan_id:
        raise Http404
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
    return Compared(old, new, form, asked)


def _paper(found: Compared) -> Paper:
    scope, order = found.form.words()
    return Paper(
        plan=found.new.plan.title,
        new=_told(found.new),
        old=_told(found.old),
        about=_("範囲：%(scope)s　順序：%(order)s") % {"scope": scope, "order": order},
        dated=found.new.made_at.astimezone(UTC),
        groups=groups_of(found.asked),
    )


def _told(version: PlanVersion) -> str:
    day = localtime(version.made_at).date()
    words = {"n": version.number, "label": version.label, "day": f"{era_month(day)}{day.day}日"}
    return _("第%(n)d版 %(label)s（%(day)s）") % words
