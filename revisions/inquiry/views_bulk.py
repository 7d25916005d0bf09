"""選んだ課をまとめて: what is asked first, the act, and of each how it went."""

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from revisions.inquiry.acts import ACTS, BulkAct
from revisions.inquiry.commands_bulk import Outcome
from revisions.inquiry.forms_bulk import PickedForm
from revisions.inquiry.models import Inquiry
from revisions.inquiry.views import Crumbs, crumbs, inquiry_of, see
from revisions.plan.policies import check_can_steer
from workflow.access import Audience, audience
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid, Missing, Unmet, why
from workflow.people.http import SignedInRequest


@audience(Audience.STAFF)
@require_POST
def act_on(request: SignedInRequest, inquiry_id: int, page: str) -> HttpResponse:
    """Do one act to each that was picked. A bad answer, or one refused for all, comes back.

    page  the list that they were picked from, to which it leads back as it was filtered
    """
    found = inquiry_of(inquiry_id)
    check_can_steer(request.user, found.revision, in_tokyo(timezone.now()))
    name, picked = request.POST.get("act", ""), PickedForm(request.POST)
    if name not in ACTS:
        raise Http404
    back = _back(request, found, page)
    if not picked.is_valid():
        messages.error(request, _("課を1つ以上選んでください。"))
        return see(back)
    act = ACTS[name]
    form = _form(request, act)
    if not form.is_valid():
        return _ask(request, found, name, form, picked, back)
    given = dict(form.cleaned_data)
    outcome = act.command(
        inquiry_id=found.pk, picked=given.pop("ids"), by=request.user, at=timezone.now(), **given
    )
    if no := _for_all(outcome, form):
        form.add_error(no.field, str(no))
        return _ask(request, found, name, form, picked, back)
    if not outcome.refused:
        messages.success(request, act.done % len(outcome.done))
        return see(back)
    return _told(request, found, act, outcome, back)


def _form(request: SignedInRequest, act: BulkAct) -> Form:
    """What is asked before the act: empty until it was answered."""
    if act.form is PickedForm or "answered" in request.POST:
        return act.form(request.POST)
    return act.form(initial={"ids": request.POST.getlist("ids")})


def _for_all(outcome: Outcome, form: Form) -> Invalid | None:
    """Return what is wrong with the answer, where nothing was done because of it."""
    wrong = [no for no in outcome.refused.values() if isinstance(no, Invalid)]
    fitting = (no for no in wrong if no.field in form.fields)
    return next(fitting, None) if not outcome.done else None


def _ask(
    request: SignedInRequest,
    found: Inquiry,
    name: str,
    form: Form,
    picked: PickedForm,
    back: str,
) -> HttpResponse:
    ids = picked.cleaned_data["ids"]
    context = {
        "act": ACTS[name],
        "name": name,
        "form": form,
        "targets": found.targets.select_related("section").filter(pk__in=ids),
        "back": back,
        "crumbs": _crumbs(found, back),
    }
    return render(request, "inquiry/bulk.html", context, status=422 if form.is_bound else 200)


def _told(
    request: SignedInRequest, found: Inquiry, act: BulkAct, outcome: Outcome, back: str
) -> HttpResponse:
    """Say of each how it went: those refused with the reason and where it is mended."""
    targets = found.targets.select_related("section").in_bulk([*outcome.done, *outcome.refused])
    context = {
        "inquiry": found,
        "act": act,
        "done": [targets[pk] for pk in outcome.done],
        "refused": [
            (targets[pk], *_reason(no)) for pk, no in outcome.refused.items() if pk in targets
        ],
        "back": back,
        "crumbs": _crumbs(found, back),
    }
    return render(request, "inquiry/bulk_done.html", context)


def _reason(no: Exception) -> tuple[str, tuple[Missing, ...]]:
    """Return why, and what is to be done first with its links."""
    return (str(no), no.missing) if isinstance(no, Unmet) else (why(no), ())


def _crumbs(found: Inquiry, back: str) -> Crumbs:
    return crumbs(found, found.revision, (back, found.title))


def _back(request: SignedInRequest, found: Inquiry, page: str) -> str:
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return reverse(page, args=[found.pk]) + query
