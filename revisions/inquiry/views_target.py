"""照会先の画面: what one section was asked and answers, for the section and for the secretariat."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_fsm import can_proceed

from revisions.inquiry import reading
from revisions.inquiry.forms import AcceptForm, ExtendForm, RemarkForm, ReturnForm, SubmitForm
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.policies import check_can_answer, check_can_see
from revisions.inquiry.queries import Sheets, days_left, sheets_of
from revisions.inquiry.states import TO_ACCEPT, WRITING, InquiryKind, TargetState
from revisions.inquiry.views import crumbs, see
from revisions.plan.content import numbers
from revisions.plan.queries import draft_sheets
from workflow.access import Audience, allowed, audience, groups_with, holds
from workflow.audit.queries import history_of
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.queries import calendar
from workflow.errors import Invalid
from workflow.people.http import SignedInRequest
from workflow.people.models import Section
from workflow.signoff.forms import ReasonForm
from workflow.signoff.models import Request
from workflow.signoff.queries import readable, steps_now

RELATED = (
    "inquiry__stage",
    "inquiry__version",
    "revision__plan",
    "section__department",
    "received_by",
    "request",
)
FORMS: dict[str, type[Form]] = {
    "submit": SubmitForm,
    "accept": AcceptForm,
    "return": ReturnForm,
    "waive": ReasonForm,
    "extend": ExtendForm,
}


@audience(Audience.STAFF)
@require_safe
def target(request: SignedInRequest, target_id: int) -> HttpResponse:
    return show(request, visible(request, target_id))


def visible(request: SignedInRequest, target_id: int) -> InquiryTarget:
    """Return a target that the user may see; to others it isn't there."""
    found = get_object_or_404(InquiryTarget.objects.select_related(*RELATED), pk=target_id)
    if not allowed(check_can_see, request.user, found):
        raise Http404
    return found


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
) -> HttpResponse:
    """Do one act and come back to the page; a bad form comes back with what was typed.

    name    under which the page has the form
    act     takes target_id and what the form gives
    done    what is said then; nothing where the page shows it at `anchor`
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
            return see(reverse("target", args=[target_id]) + anchor)
    return show(request, found, {name: form})


def show(
    request: SignedInRequest, found: InquiryTarget, failed: dict[str, Form] | None = None
) -> HttpResponse:
    today, sheets = in_tokyo(timezone.now()), sheets_of(found)
    steers = holds(request.user, *_steer(found))
    receives = found.state == TargetState.PENDING_RECEIPT and may_answer(request, found)
    writing = found.state in WRITING and may_answer(request, found)
    remarks = list(found.remarks.all())
    context = {
        "target": found,
        "inquiry": found.inquiry,
        "asks_sheets": found.inquiry.kind == InquiryKind.PROJECTS,
        "asked_by": Section.objects.filter(group__in=groups_with(*_steer(found))),
        "left": days_left(found, today, calendar()),
        "can_receive": receives,
        "writing": writing,
        "steers": steers,
        "to_accept": steers and found.state in TO_ACCEPT,
        "can_extend": steers and can_proceed(found.extend),
        "can_waive": steers and can_proceed(found.waive),
        "seen": {"seen": found.chain_length},
        "over": {"seen": found.chain_length, "over": "on"},
        "remarks": _with_numbers(remarks, sheets),
        "is_empty": not sheets.own and not sheets.answers and not remarks,
        "history": history_of(found.key),
        "failed": next(iter((failed or {}).values()), None),
        "crumbs": crumbs(found.inquiry, found.revision, *_to_list(found, steers)),
        **_sheets(found, sheets, writing, failed or {}),
        **_approval(request, found),
        **_acceptance(found, sheets, steers),
        **_forms(found, sheets, failed or {}),
    }
    return render(request, "inquiry/target.html", context, status=422 if failed else 200)


def _steer(found: InquiryTarget) -> tuple[str, Any]:
    return "steer_revision", found.revision


def _to_list(found: InquiryTarget, steers: bool) -> list[tuple[str, str]]:
    link = (reverse("inquiry", args=[found.inquiry_id]), found.inquiry.title)
    return [link] if steers else []


def _sheets(
    found: InquiryTarget, sheets: Sheets, writing: bool, failed: dict[str, Form]
) -> dict[str, Any]:
    """The rows of sheets; while the section writes, each with its own form to discontinue it."""
    own = reading.own_rows(sheets)
    if writing:
        for row in own:
            name = f"discontinue-{row['uid']}"
            row["form"] = failed.get(name) or ReasonForm(
                initial={"seen": found.chain_length}, auto_id=f"{name}_%s"
            )
    return {
        "own": own,
        "added": reading.added_rows(sheets),
        "shared": reading.shared_rows(sheets),
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
    """What the draft has become since the section saw it, where that matters."""
    moves = any(answer.before and answer.kind != "unchanged" for answer in sheets.answers.values())
    if not (steers and moves and found.state in TO_ACCEPT):
        return {}
    clashes = reading.clashes(*draft_sheets(found.revision), sheets)
    return {"clashes": clashes, "gone": any(row["gone"] for row in clashes)}


def _forms(found: InquiryTarget, sheets: Sheets, failed: dict[str, Form]) -> dict[str, Form]:
    """One form an act, those that failed as they were typed."""
    seen = {"seen": found.chain_length}
    forms: dict[str, Form] = {
        f"{name}_form": form(initial=seen, auto_id=f"{name}_%s") for name, form in FORMS.items()
    }
    forms["remark_form"] = remark_form(sheets, initial=seen)
    return forms | {f"{name}_form": form for name, form in failed.items()}


def remark_form(sheets: Sheets, *args: Any, **kwargs: Any) -> RemarkForm:
    """The form for an opinion on any project of the plan, by number."""
    return RemarkForm(*args, projects=_projects(sheets), auto_id="remark_%s", **kwargs)


def _with_numbers(remarks: list[Any], sheets: Sheets) -> list[tuple[Any, str]]:
    """Pair each remark with the number and name of the project it is about."""
    names = dict(_projects(sheets))
    whole = _("計画の全体、またはその他")
    return [(remark, names.get(remark.project_uid, whole)) for remark in remarks]


def _projects(sheets: Sheets) -> list[tuple[str, str]]:
    """Return (uid, number and name) of every project of the plan, in its order."""
    names = {sheet["uid"]: sheet["name"] for sheet in sheets.content["projects"]}
    return [(uid, f"{number} {names[uid]}") for uid, number in numbers(sheets.content).items()]
