"""整合性の確認: what is wrong in a draft or has to be settled, each with where it is mended."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from revisions.plan.consistency import Finding
from revisions.plan.forms import SheetForm
from revisions.plan.models import Revision
from revisions.plan.queries import content_of, findings_of
from revisions.plan.reading import Page, found_rows
from revisions.plan.views_draft import crumbs, steered
from workflow.access import Audience, audience
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.days import fiscal_year_words
from workflow.people.http import SignedInRequest


@audience(Audience.STAFF)
@require_safe
def draft_check(request: SignedInRequest, revision_id: int) -> HttpResponse:
    revision = steered(request, revision_id)
    content = content_of(revision)
    rows = found_rows(content, findings_of(content, in_tokyo(timezone.now())), _said)
    for row in rows:
        row["url"] = _mended_at(revision, row) if row["uid"] else ""
    context = {"revision": revision, "rows": rows, "crumbs": crumbs(revision)}
    return render(request, "plan/draft_check.html", context)


def _said(finding: Finding) -> str:
    return finding.said(gettext, fiscal_year_words)


def _mended_at(revision: Revision, row: Page) -> str:
    """The field of the sheet's form, or the table of inputs."""
    page = reverse("edit_sheet", args=[revision.pk, row["uid"]])
    return f"{page}#{'id_' if row['field'] in SheetForm.base_fields else ''}sheet-{row['field']}"
