"""回答を受ける: what the secretariat does on the page of one section's answer."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from revisions.inquiry import commands
from revisions.inquiry.commands_accept import accept as accept_answer
from revisions.inquiry.forms import ExtendForm, ReturnForm
from revisions.inquiry.views_target import do
from workflow.access import Audience, audience
from workflow.people.http import SignedInRequest
from workflow.signoff.forms import Act, ReasonForm


@audience(Audience.STAFF)
@require_POST
def accept(request: SignedInRequest, target_id: int) -> HttpResponse:
    form = Act(request.POST, auto_id="accept_%s")
    return do(request, target_id, "accept", form, accept_answer, _("回答を受理しました。"))


@audience(Audience.STAFF)
@require_POST
def return_answer(request: SignedInRequest, target_id: int) -> HttpResponse:
    form = ReturnForm(request.POST, auto_id="return_%s")
    done = _("課に差し戻しました。")
    return do(request, target_id, "return", form, commands.return_answer, done)


@audience(Audience.STAFF)
@require_POST
def waive(request: SignedInRequest, target_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="waive_%s")
    return do(request, target_id, "waive", form, commands.waive, _("回答を不要としました。"))


@audience(Audience.STAFF)
@require_POST
def extend(request: SignedInRequest, target_id: int) -> HttpResponse:
    form = ExtendForm(request.POST, auto_id="extend_%s")
    return do(request, target_id, "extend", form, commands.extend, _("期限を改めました。"))
