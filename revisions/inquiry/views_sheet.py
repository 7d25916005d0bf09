"""一事業の回答: the sheet as a form beside the sheet as it is, and what the answer changes."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from revisions.inquiry import commands_answer as commands
from revisions.inquiry import reading
from revisions.inquiry.duties import Sheet, programs
from revisions.inquiry.forms import WhyForm
from revisions.inquiry.models import InquiryTarget, SheetAnswer
from revisions.inquiry.queries import Sheets, sheets_of
from revisions.inquiry.states import WRITING, AnswerKind, InquiryKind
from revisions.inquiry.views import crumbs, see
from revisions.inquiry.views_target import may_answer, visible
from revisions.plan.forms import SheetForm
from revisions.plan.reading import bare_page, sheet_page
from revisions.plan.states import ProjectStatus
from workflow.access import Audience, audience
from workflow.audit.queries import since
from workflow.errors import Invalid, Stale
from workflow.people.http import SignedInRequest
from workflow.signoff.forms import ReasonForm

NEW = "new"
"""Stands in the address for a project to be added that has no answer yet."""


@dataclass(frozen=True)
class Asked:
    """One sheet of a target: `own` as the section was shown it, `answer` if there is one."""

    target: InquiryTarget
    sheets: Sheets
    uid: str
    writing: bool

    @property
    def own(self) -> Sheet | None:
        return self.sheets.own_sheet(self.uid)

    @property
    def answer(self) -> SheetAnswer | None:
        return self.sheets.answers.get(self.uid)

    @property
    def shared(self) -> dict[str, Any] | None:
        rows = reading.shared_rows(self.sheets)
        return next((row for row in rows if row["uid"] == self.uid), None)

    @property
    def is_there(self) -> bool:
        new = self.uid == NEW and self.writing and self.target.inquiry.kind == InquiryKind.PROJECTS
        return bool(self.own or self.answer or self.shared or new)


@audience(Audience.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: SignedInRequest, target_id: int, uid: str) -> HttpResponse:
    target = visible(request, target_id)
    writing = target.state in WRITING and may_answer(request, target)
    asked = Asked(target, sheets_of(target), uid, writing)
    if not asked.is_there:
        raise Http404
    if not writing or asked.shared:
        return _show(request, asked)
    form, why = _sheet_form(request, asked), _why_form(asked, request.POST or None)
    if form.wants_more():
        typed = _why_form(asked, initial=request.POST.dict())
        return _show(request, asked, form=form.with_more_rows(), why=typed)
    if request.method == "POST":
        return _save(request, asked, form, why)
    return _show(request, asked, form=form, why=why)


def _save(request: SignedInRequest, asked: Asked, form: SheetForm, why: WhyForm) -> HttpResponse:
    """Answer with what was typed; what is refused comes back as it was typed, and may be resent."""
    if not form.is_valid() & why.is_valid():
        return _show(request, asked, status=422, form=form, why=why)
    try:
        saved = commands.answer_sheet(
            target_id=asked.target.pk,
            uid=asked.uid if asked.uid != NEW else "",
            kind=AnswerKind.EDIT if asked.own else AnswerKind.ADD,
            sheet=form.sheet(),
            by=request.user,
            at=timezone.now(),
            **why.cleaned_data,
        )
    except Invalid as refused:
        if refused.field in why.fields:
            why.add_error(refused.field, str(refused))
        else:
            form.refuse(refused.field, str(refused))
        return _show(request, asked, status=422, form=form, why=why)
    except Stale as stale:
        again = _why_form(asked, request.POST.dict() | {"seen": asked.target.chain_length})
        told = {"meanwhile": since(stale.subject, stale.seen)}
        return _show(request, asked, status=409, form=form, why=again, **told)
    messages.success(request, _("保存しました。変更の内容を確かめてください。"))
    return see(reverse("sheet_answer", args=[asked.target.pk, saved.uid]))


def _sheet_form(request: SignedInRequest, asked: Asked) -> SheetForm:
    """The sheet as answered so far, or as it is; a new one is the section's own."""
    proposed = asked.answer.proposed if asked.answer else None
    given: dict[str, Any] = {"sheet": proposed or asked.own}
    if given["sheet"] is None:
        lead = [{"section": asked.target.section.code}]
        given["initial"] = {"status": ProjectStatus.NEW, "lead": lead}
    return SheetForm(request.POST or None, plan=asked.target.revision.plan, **given)


def _why_form(asked: Asked, data: Any = None, initial: dict[str, Any] | None = None) -> WhyForm:
    answer = asked.answer
    seen = {"seen": asked.target.chain_length}
    said = {"reason": answer.reason, "place": answer.place} if answer else {}
    places = None if asked.own else programs(asked.sheets.content)
    return WhyForm(data, initial=initial or seen | said, places=places)


def _show(
    request: SignedInRequest, asked: Asked, *, status: int = 200, **forms: Any
) -> HttpResponse:
    target, sheets, answer = asked.target, asked.sheets, asked.answer
    seen = {"seen": target.chain_length}
    left = [sheet for sheet in sheets.unanswered if sheet["uid"] != asked.uid]
    context = {
        "target": target,
        "asked": asked,
        "page": _page(asked),
        "now": reading.in_words(asked.own, sheets) if asked.own else [],
        "change": reading.change(answer, sheets) if answer else None,
        "seen": seen,
        "discontinue_form": ReasonForm(initial=seen, auto_id="discontinue_%s"),
        "next": left[0] if left else None,
        "crumbs": crumbs(
            target.inquiry,
            target.revision,
            (reverse("target", args=[target.pk]), f"{target.inquiry}（{target.section}）"),
        ),
        **forms,
    }
    return render(request, "inquiry/sheet.html", context, status=status)


def _page(asked: Asked) -> dict[str, Any] | None:
    """The sheet to be read: as the section was shown it, or as it would have it added."""
    content = asked.sheets.content
    if asked.own or asked.shared:
        return sheet_page(content, asked.uid)
    if asked.answer:
        sheet = asked.answer.proposed
        return bare_page(sheet, plan=content["plan"], names=content["sections"])
    return None
