"""事務局の修正: the secretariat corrects an answer, both texts side by side."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from revisions.inquiry import reading
from revisions.inquiry.commands_mend import mend_answer
from revisions.inquiry.models import InquiryTarget, SheetAnswer
from revisions.inquiry.queries import Sheets, sheets_of
from revisions.inquiry.states import TO_ACCEPT
from revisions.inquiry.views import crumbs, see
from revisions.inquiry.views_target import visible
from revisions.plan.content import numbers
from revisions.plan.forms import SheetForm
from revisions.plan.policies import check_can_steer
from workflow.access import Audience, audience
from workflow.audit.queries import since
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid, Stale
from workflow.people.http import SignedInRequest
from workflow.signoff.forms import ReasonForm


@audience(Audience.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: SignedInRequest, target_id: int, uid: str) -> HttpResponse:
    target = visible(request, target_id)
    check_can_steer(request.user, target.revision, in_tokyo(timezone.now()))
    sheets = sheets_of(target)
    answer = sheets.answers.get(uid)
    if answer is None or target.state not in TO_ACCEPT:
        raise Http404
    before = answer.proposed or answer.before
    form = SheetForm(request.POST or None, plan=target.revision.plan, sheet=before)
    seen = {"seen": target.chain_length}
    reason = ReasonForm(request.POST or None, initial=seen, auto_id="mend_%s")
    if form.wants_more():
        form = form.with_more_rows()
        reason = ReasonForm(initial=request.POST.dict(), auto_id="mend_%s")
    elif form.is_valid() and reason.is_valid():
        try:
            mend_answer(
                target_id=target_id,
                uid=uid,
                sheet=form.sheet(),
                by=request.user,
                at=timezone.now(),
                **reason.cleaned_data,
            )
        except Invalid as refused:
            form.refuse(refused.field, str(refused))
        except Stale as stale:
            typed = request.POST.dict() | seen
            reason = ReasonForm(typed, auto_id="mend_%s")
            meanwhile = since(stale.subject, stale.seen)
            return _page(request, target, sheets, answer, form, reason, meanwhile)
        else:
            messages.success(request, _("回答を直しました。直す前の言葉も残り、課に知らせました。"))
            return see(reverse("target", args=[target_id]) + "#mended")
    return _page(request, target, sheets, answer, form, reason)


def _page(
    request: SignedInRequest,
    target: InquiryTarget,
    sheets: Sheets,
    answer: SheetAnswer,
    form: SheetForm,
    reason: ReasonForm,
    meanwhile: Any = None,
) -> HttpResponse:
    before = answer.proposed or answer.before
    context: dict[str, Any] = {
        "target": target,
        "uid": answer.uid,
        "number": numbers(sheets.content).get(answer.uid, answer.place),
        "name": before["name"],
        "form": form,
        "why": reason,
        "meanwhile": meanwhile,
        "answered": reading.in_words(before, sheets),
        "crumbs": crumbs(
            target.inquiry,
            target.revision,
            (reverse("target", args=[target.pk]), f"{target.inquiry}（{target.section}）"),
        ),
    }
    bad = form.is_bound and bool(form.errors or reason.errors)
    status = 409 if meanwhile else 422 if bad else 200
    return render(request, "inquiry/mend.html", context, status=status)
