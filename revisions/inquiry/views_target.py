"""照会先の画面: what one section was asked and answers, for the section and for the secretariat."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_fsm import can_proceed

from revisions.inquiry import reading
from revisions.inquiry.duties import other_leads
from revisions.inquiry.forms import (
    AskExtensionForm,
    DiscontinueForm,
    ExtendForm,
    RemarkForm,
    ReopenForm,
    ReturnForm,
    SubmitForm,
)
from revisions.inquiry.gates_submit import missing_to_submit
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_between import Mending
from revisions.inquiry.naming import due_of
from revisions.inquiry.policies import check_can_answer, check_can_compile, check_can_see
from revisions.inquiry.queries import Sheets, consents_of, open_days_left, paper_of, sheets_of
from revisions.inquiry.queries_conflict import clashes_of
from revisions.inquiry.queries_drafts import present, with_drafts
from revisions.inquiry.queries_tiers import with_asked
from revisions.inquiry.reading_between import (
    consent_rows,
    consent_words,
    has_tiers,
    mended,
    tiers,
)
from revisions.inquiry.reading_decided import decided_rows
from revisions.inquiry.states import (
    EXTENDABLE,
    TO_ACCEPT,
    WRITING,
    InquiryKind,
    InquiryState,
    TargetState,
)
from revisions.inquiry.views import crumbs, see
from revisions.plan.models import Revision
from revisions.plan.queries import draft_sheets
from workflow.access import Audience, allowed, audience, groups_holding, held
from workflow.audit.queries import history_of
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.http import calendar_of
from workflow.errors import Invalid
from workflow.people.http import SignedInRequest
from workflow.people.models import Section
from workflow.people.queries import chiefs
from workflow.signoff.forms import Act, ReasonForm
from workflow.signoff.models import Request
from workflow.signoff.queries import readable, steps_now

RELATED = (
    "inquiry__stage",
    "inquiry__version",
    "revision__plan",
    "section__department",
    "received_by",
    "request",
    "coordinator",
    "version",
)
MENDED: dict[str, Any] = {"is_mended": Exists(Mending.objects.filter(target=OuterRef("pk")))}
FORMS: dict[str, type[Form]] = {
    "submit": SubmitForm,
    "accept": Act,
    "return": ReturnForm,
    "waive": ReasonForm,
    "extend": ExtendForm,
    "ask_extension": AskExtensionForm,
    "decline_extension": ReasonForm,
    "hand_back": ReasonForm,
    "reopen": ReopenForm,
}


@audience(Audience.STAFF)
@require_safe
def target(request: SignedInRequest, target_id: int) -> HttpResponse:
    return show(request, visible(request, target_id))


def visible(request: SignedInRequest, target_id: int) -> InquiryTarget:
    """Return a target that the user may see; to others it isn't there."""
    rights = {
        "is_steered": held(request.user, "steer_revision", Revision, "revision"),
        "is_asked": held(request.user, "answer_inquirytarget", InquiryTarget, "pk"),
        "has_chief": Exists(chiefs().filter(section=OuterRef("section"))),
    }
    targets = with_asked(InquiryTarget.objects.annotate(**MENDED, **rights))
    found: Any = get_object_or_404(targets.select_related(*RELATED), pk=target_id)
    if not (found.is_steered or found.is_asked or allowed(check_can_see, request.user, found)):
        raise Http404
    return cast(InquiryTarget, found)


def may_answer(request: SignedInRequest, found: InquiryTarget) -> bool:
    return allowed(check_can_answer, request.user, found, in_tokyo(timezone.now()))


def do(
    request: SignedInRequest,
    target_id: int,
    name: str,
    form: Form,
    act: Callable[..., Any],
    done: str = "",
    anchor: str = "",
    back: str = "",
) -> HttpResponse:
    """Do one act and come back to the page; a bad form comes back with what was typed.

    name    under which the page has the form
    act     takes target_id and what the form gives
    done    what is said then; nothing where the page shows it at `anchor`
    back    where the act leads instead
    """
    found = visible(request, target_id)
    if form.is_valid():
        try:
            act(target_id=target_id, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            if done:
                messages.success(request, done)
            return see((back or reverse("target", args=[target_id])) + anchor)
    return show(request, found, {name: form})


def show(
    request: SignedInRequest, found: InquiryTarget, failed: dict[str, Form] | None = None
) -> HttpResponse:
    today, days = in_tokyo(timezone.now()), calendar_of(request)
    sheets, paper = sheets_of(found), paper_of(found)
    steers, running = found.is_steered, found.inquiry.state == InquiryState.ISSUED
    answers = found.state in EXTENDABLE and may_answer(request, found)
    writing = found.state in WRITING and answers
    remarks, typed = list(found.remarks.all()), with_drafts(found) if writing else []
    history = history_of(found.key)
    context = {
        "target": found,
        "inquiry": found.inquiry,
        "asks_sheets": found.inquiry.kind == InquiryKind.PROJECTS,
        "asked_by": Section.objects.filter(group__in=_steering(found)),
        "due": due_of(found, lambda day: open_days_left(day, today, days)),
        "tiers": tiers(found, days) if has_tiers(found) else [],
        "missing": missing_to_submit(found, sheets, paper, typed, has_chief=found.has_chief)
        if writing
        else [],
        "can_receive": found.state == TargetState.PENDING_RECEIPT and answers,
        "can_ask": running and answers and found.wanted_on is None,
        "can_compile": _compiles(request, found),
        "can_reopen": running and steers and can_proceed(found.reopen),
        "writing": writing,
        "steers": steers,
        "to_accept": steers and found.state in TO_ACCEPT,
        "can_extend": steers and can_proceed(found.extend),
        "can_waive": steers and can_proceed(found.waive),
        "seen": {"seen": found.chain_length},
        "remarks": reading.with_numbers(remarks, sheets),
        "is_empty": not (sheets.own or sheets.answers or remarks or paper.values),
        "questions": reading.question_rows(paper),
        "unsaid": paper.unanswered,
        "answered_any": bool(paper.values),
        "asked_as": _why_asked(found),
        "history": history,
        "reopened": _reopened(history),
        "failed": next(iter((failed or {}).values()), None),
        "crumbs": crumbs(found.inquiry, found.revision, *_to_list(found, steers)),
        "mended": mended(found.mendings.select_related("by"), sheets) if found.is_mended else [],
        "decided": decided_rows(found, sheets),
        **_sheets(found, sheets, typed, writing, failed or {}),
        **_approval(request, found),
        **_acceptance(found, sheets, steers),
        **_forms(found, sheets, failed or {}),
    }
    return render(request, "inquiry/target.html", context, status=422 if failed else 200)


def _reopened(history: Iterable[dict[str, Any]]) -> bool:
    """Whether what came back last was reopened, not returned."""
    back = (entry["verb"] for entry in history if entry["after"] == TargetState.RETURNED)
    return next(back, "") == "inquiry.reopened"


def _steering(found: InquiryTarget) -> QuerySet[Group]:
    return groups_holding("steer_revision", Revision, found.revision_id)


def _compiles(request: SignedInRequest, found: InquiryTarget) -> bool:
    if found.state != TargetState.COMPILING:
        return False
    return allowed(check_can_compile, request.user, found, in_tokyo(timezone.now()))


def _why_asked(found: InquiryTarget) -> list[str]:
    """Return the names of the choices by which the section is asked."""
    names = dict(found.inquiry.addressed.get("choices", ()))
    return [names[choice] for choice in found.asked_as]


def _to_list(found: InquiryTarget, steers: bool) -> list[tuple[str, str]]:
    link = (reverse("inquiry", args=[found.inquiry_id]), found.inquiry.title)
    return [link] if steers else []


def _sheets(
    found: InquiryTarget,
    sheets: Sheets,
    typed: list[str],
    writing: bool,
    failed: dict[str, Form],
) -> dict[str, Any]:
    """The rows of sheets; while the section writes, each with its own form to discontinue it."""
    own, added = reading.own_rows(sheets), reading.added_rows(sheets)
    shared = reading.shared_rows(sheets)
    joint = any(other_leads(found.section.code, a.before) for a in sheets.answers.values())
    said = consent_rows(consents_of(found)) if joint else {}
    asked = {c.answer.uid: c for c in found.consents.select_related("answer")} if shared else {}
    for row in own:
        row["consents"], row["forward"] = said.get(row["uid"]), sheets.forwards.get(row["uid"])
    for row in shared:
        if row["uid"] in asked:
            row["word"], row["tone"] = consent_words(asked[row["uid"]])
    if writing:
        here = present(found, timezone.now())
        for row in [*own, *added]:
            row |= {"here": here.get(row["uid"]), "has_draft": row["uid"] in typed}
        for row in own:
            name = f"discontinue-{row['uid']}"
            row["form"] = failed.get(name) or DiscontinueForm(
                initial={"seen": found.chain_length}, auto_id=f"{name}_%s"
            )
    return {
        "own": own,
        "added": added,
        "shared": shared,
        "changes": reading.changes(sheets),
        "unanswered": len(sheets.unanswered),
        "answered": len(sheets.own) - len(sheets.unanswered),
    }


def _approval(request: SignedInRequest, found: InquiryTarget) -> dict[str, Any]:
    """決裁欄 of the answer, and whether its page is the user's to open."""
    if found.request is None:
        return {}
    same = readable(Request.objects.all(), request.user, in_tokyo(timezone.now()))
    return {
        "steps": steps_now(found.request),
        "opens_request": same.filter(pk=found.request.pk).exists(),
    }


def _acceptance(found: InquiryTarget, sheets: Sheets, steers: bool) -> dict[str, Any]:
    """Where the draft has gone another way since the section saw it, when that matters."""
    moves = any(answer.before and answer.kind != "unchanged" for answer in sheets.answers.values())
    if not (steers and moves and found.state in TO_ACCEPT):
        return {}
    draft = {sheet["uid"]: sheet for sheet in draft_sheets(found.revision)[0]}
    clashes = clashes_of(draft, sheets.answers.values())
    return {"clashes": [reading.clash_row(clash, sheets) for clash in clashes]}


def _forms(found: InquiryTarget, sheets: Sheets, failed: dict[str, Form]) -> dict[str, Form]:
    """One form an act, those that failed as they were typed."""
    seen = {"seen": found.chain_length}
    forms: dict[str, Form] = {
        f"{name}_form": form(initial=seen, auto_id=f"{name}_%s") for name, form in FORMS.items()
    }
    wanted = {"due_on": found.wanted_on}
    forms["extend_form"] = ExtendForm(initial=seen | wanted, auto_id="extend_%s")
    forms["remark_form"] = remark_form(sheets, initial=seen)
    return forms | {f"{name}_form": form for name, form in failed.items()}


def remark_form(sheets: Sheets, *args: Any, **kwargs: Any) -> RemarkForm:
    """The form for an opinion on a project, by number."""
    projects = [row for row in reading.projects_of(sheets) if row[0] in sheets.remarkable]
    whole = len(projects) == len(sheets.content["projects"])
    return RemarkForm(*args, projects=projects, whole=whole, auto_id="remark_%s", **kwargs)
