"""一事業の回答: the sheet as a form beside the sheet as it is, and what the answer changes."""

from dataclasses import dataclass
from secrets import token_hex
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
from revisions.inquiry.commands_drafts import save_fields
from revisions.inquiry.duties import Sheet, programs
from revisions.inquiry.forms import DiscontinueForm, ForwardForm, WhyForm
from revisions.inquiry.gates_drafts import TooMuchTyped, WrittenMeanwhile
from revisions.inquiry.models import InquiryTarget, SheetAnswer
from revisions.inquiry.models_between import Consent
from revisions.inquiry.models_drafts import AnswerDraft
from revisions.inquiry.queries import Sheets, consents_asked, consents_of, sheets_of
from revisions.inquiry.queries_drafts import base_of, drafts_of, present
from revisions.inquiry.reading_between import consent_rows, consent_words
from revisions.inquiry.reading_drafts import answered, clash, clashes, labels, latest, written
from revisions.inquiry.rows import Values
from revisions.inquiry.states import WRITING, AnswerKind, InquiryKind
from revisions.inquiry.typed import Page, as_initial, marks
from revisions.inquiry.views import crumbs, see
from revisions.inquiry.views_drafts import page_of
from revisions.inquiry.views_target import may_answer, visible
from revisions.plan.forms import SheetForm
from revisions.plan.reading import bare_page, sheet_page
from workflow.access import Audience, audience
from workflow.audit.chain import canonical
from workflow.errors import Invalid
from workflow.people.http import SignedInRequest
from workflow.people.models import Section
from workflow.signoff.forms import ReasonForm

NEW = "new"
"""Stands in the address for a project to be added that has no answer yet."""


@dataclass(frozen=True)
class Asked:
    """One sheet of a target: `own` as the section was shown it, `answer` if there is one.

    drafts  what is typed over them and not answered, by field
    """

    target: InquiryTarget
    sheets: Sheets
    uid: str
    writing: bool
    drafts: dict[str, AnswerDraft]

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

    @property
    def latest(self) -> Values:
        """What the fields say now, answered or not."""
        return latest(base_of(self.target, self.sheets, self.uid), self.drafts)


@audience(Audience.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: SignedInRequest, target_id: int, uid: str) -> HttpResponse:
    asked = asked_of(request, target_id, uid)
    if not asked.writing or asked.shared:
        return show(request, asked)
    if request.method != "POST":
        values = asked.latest
        made_of = marks(values) | {"page": token_hex(8)}
        return show(request, asked, is_fresh=True, **_forms(asked, Page(values, made_of)))
    if "settle" in request.POST:
        return _settle(request, asked, page_of(request.POST))
    form, why = _sheet_form(asked, request.POST), _why_form(asked, request.POST)
    if form.wants_more():
        typed = _why_form(asked, initial=request.POST.dict())
        return show(request, asked, form=form.with_more_rows(), why=typed)
    return _save(request, asked, form, why)


def asked_of(request: SignedInRequest, target_id: int, uid: str) -> Asked:
    target = visible(request, target_id)
    writing = target.state in WRITING and may_answer(request, target)
    drafts = drafts_of(target, uid) if writing else {}
    asked = Asked(target, sheets_of(target), uid, writing, drafts)
    if not asked.is_there:
        raise Http404
    return asked


def _save(request: SignedInRequest, asked: Asked, form: SheetForm, why: WhyForm) -> HttpResponse:
    """Answer with what was typed; what is refused comes back as it was typed, and may be resent."""
    if not form.is_valid() & why.is_valid():
        return show(request, asked, status=422, form=form, why=why)
    page = page_of(request.POST)
    try:
        saved = commands.answer_sheet(
            target_id=asked.target.pk,
            uid=asked.uid if asked.uid != NEW else "",
            kind=AnswerKind.EDIT if asked.own else AnswerKind.ADD,
            sheet=form.sheet(),
            place=why.cleaned_data.get("place", ""),
            reason=why.cleaned_data["reason"],
            page=page,
            by=request.user,
            at=timezone.now(),
        )
    except Invalid as refused:
        if refused.field in why.fields:
            why.add_error(refused.field, str(refused))
        else:
            form.refuse(refused.field, str(refused))
        return show(request, asked, status=422, form=form, why=why)
    except WrittenMeanwhile as met:
        return _show_both(request, asked, page, met)
    messages.success(request, _("保存しました。変更の内容を確かめてください。"))
    return see(reverse("sheet_answer", args=[asked.target.pk, saved.uid]))


def _show_both(
    request: SignedInRequest, asked: Asked, page: Page, met: WrittenMeanwhile
) -> HttpResponse:
    """Take in what only others wrote; where both did, keep what was typed and show both texts."""
    asked = asked_of(request, asked.target.pk, asked.uid)
    page = page.with_theirs({field: met.latest.get(field, "") for field in met.moved})
    who = answered(asked.target, asked.uid)
    both = [
        clash(field, page, met.latest.get(field, ""), asked.drafts.get(field, who))
        for field in met.clashes
    ]
    told = _forms(asked, page) | {"clashes": both, "taken": labels(met.moved, met.latest)}
    return show(request, asked, status=409, **told)


def _settle(request: SignedInRequest, asked: Asked, page: Page) -> HttpResponse:
    """Settle one field in which two wrote: with their text, with one's own, or with both in it."""
    how, field, seen = [*request.POST["settle"].split("-"), "", ""][:3]
    if field not in page.at_stake:
        raise Http404
    page = page.settled(field, how, asked.latest.get(field, ""), seen)
    try:
        kept = save_fields(
            target_id=asked.target.pk, uid=asked.uid, page=page, by=request.user, at=timezone.now()
        )
    except TooMuchTyped as no:
        return show(request, asked, status=422, **_forms(asked, page), long=no.texts)
    forms = _forms(asked, page.after(kept.saved))
    _open_at(forms["form"], field)
    met = clashes(asked.target, asked.uid, page, kept.clashes)
    return show(request, asked, **forms, clashes=met)


def _open_at(form: SheetForm, field: str) -> None:
    """Let the page open where a field was settled."""
    *row, column = field.split("/")
    rows = [found for found in form.rows[row[0]] if found["ROW"].value() == row[1]] if row else []
    for part in rows or [form]:
        if column in part.fields:
            part.fields[column].widget.attrs["autofocus"] = True


def _forms(asked: Asked, page: Page) -> dict[str, Any]:
    """The page's forms, saying what it says and unchecked."""
    was = {"was": canonical(page.made_of)}
    initial = as_initial(page.typed)
    why = _why_form(asked, initial=initial | was)
    return {"form": _sheet_form(asked, initial=initial), "why": why}


def _sheet_form(asked: Asked, data: Any = None, **initial: Any) -> SheetForm:
    before = asked.answer.proposed if asked.answer else None
    plan = asked.target.revision.plan
    return SheetForm(data, plan=plan, sheet=before or asked.own, **initial)


def _why_form(asked: Asked, data: Any = None, initial: dict[str, Any] | None = None) -> WhyForm:
    places = None if asked.own else programs(asked.sheets.content)
    return WhyForm(data, initial=initial, places=places)


def show(
    request: SignedInRequest, asked: Asked, *, status: int = 200, **forms: Any
) -> HttpResponse:
    target, sheets, answer = asked.target, asked.sheets, asked.answer
    seen = {"seen": target.chain_length}
    left = [sheet for sheet in sheets.unanswered if sheet["uid"] != asked.uid]
    context = {
        "target": target,
        "asked": asked,
        "is_shared": asked.uid != NEW,
        "drafts": written(asked.drafts, asked.latest),
        "shown": canonical(marks(asked.latest)) if asked.drafts else "",
        "here": present(target, timezone.now()).get(asked.uid, []) if asked.writing else [],
        "page": _page(asked),
        "now": reading.in_words(asked.own, sheets) if asked.own else [],
        "change": reading.change(answer, sheets) if answer else None,
        "seen": seen,
        "discontinue_form": DiscontinueForm(initial=seen, auto_id="discontinue_%s"),
        "forward": sheets.forwards.get(asked.uid),
        "forward_form": forward_form(target, initial=seen),
        **_joint(request, asked),
        "next": left[0] if left else None,
        "crumbs": crumbs(
            target.inquiry,
            target.revision,
            (reverse("target", args=[target.pk]), f"{target.inquiry}（{target.section}）"),
        ),
        **forms,
    }
    return render(request, "inquiry/sheet.html", context, status=status)


def forward_form(target: InquiryTarget, *args: Any, **kwargs: Any) -> ForwardForm:
    others = Section.objects.exclude(pk=target.section_id).select_related("department")
    sections = [
        (row.pk, f"{row.department.name}　{row.name}")
        for row in others.order_by("department__order", "order")
    ]
    return ForwardForm(*args, sections=sections, auto_id="forward_%s", **kwargs)


def _joint(request: SignedInRequest, asked: Asked) -> dict[str, Any]:
    """共管: what the other leads say of the section's answer, or what it is itself asked to say."""
    target = asked.target
    if asked.shared:
        found = consents_asked(target).filter(answer__uid=asked.uid).first()
        return _asked_to_say(request, asked, found) if found else {}
    said = consent_rows(consents_of(target).filter(answer__uid=asked.uid))
    rows = said.get(asked.uid, [])
    for row in rows:
        name = f"instead_{row['consent'].pk}"
        seen = {"seen": target.chain_length}
        row["form"] = ReasonForm(initial=seen, auto_id=f"{name}_%s")
    return {"consents": rows, "can_decide": target.is_steered and target.state in WRITING}


def _asked_to_say(request: SignedInRequest, asked: Asked, consent: Consent) -> dict[str, Any]:
    first = consent.answer.target
    seen = {"seen": first.chain_length}
    word, tone = consent_words(consent)
    says = first.state in WRITING and may_answer(request, asked.target)
    return {
        "consent": consent,
        "consent_word": word,
        "consent_tone": tone,
        "proposed": reading.change(consent.answer, asked.sheets),
        "can_say": says,
        "first_seen": seen,
        "object_form": ReasonForm(initial=seen, auto_id="object_%s"),
    }


def _page(asked: Asked) -> dict[str, Any] | None:
    """The sheet to be read: as the section was shown it, or as it would have it added."""
    content = asked.sheets.content
    if asked.own or asked.shared:
        return sheet_page(content, asked.uid)
    if asked.answer:
        sheet = asked.answer.proposed
        return bare_page(sheet, plan=content["plan"], names=content["sections"])
    return None
