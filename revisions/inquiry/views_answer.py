"""照会に回答する: what a section does on the page of what it was asked."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from revisions.inquiry import commands_answer as commands
from revisions.inquiry.forms import DiscontinueForm, SubmitForm
from revisions.inquiry.models import Remark
from revisions.inquiry.queries import sheets_of
from revisions.inquiry.states import AnswerKind
from revisions.inquiry.views_target import do, remark_form, visible
from workflow.access import Audience, audience
from workflow.people.http import SignedInRequest
from workflow.signoff.forms import Act


@audience(Audience.STAFF)
@require_POST
def receive(request: SignedInRequest, target_id: int) -> HttpResponse:
    done = _("受け取りました。続けて回答してください。")
    return do(request, target_id, "act", Act(request.POST), commands.receive, done)


@audience(Audience.STAFF)
@require_POST
def rest_unchanged(request: SignedInRequest, target_id: int) -> HttpResponse:
    done = _("残りをすべて「変更なし」にしました。")
    form = Act(request.POST)
    return do(request, target_id, "act", form, commands.answer_all_unchanged, done)


@audience(Audience.STAFF)
@require_POST
def unchanged(request: SignedInRequest, target_id: int, uid: str) -> HttpResponse:
    def act(**given: Any) -> None:
        commands.answer_sheet(uid=uid, kind=AnswerKind.UNCHANGED, **given)

    return do(request, target_id, "act", Act(request.POST), act, anchor=f"#sheet-{uid}")


@audience(Audience.STAFF)
@require_POST
def discontinue(request: SignedInRequest, target_id: int, uid: str) -> HttpResponse:
    def act(**given: Any) -> None:
        commands.answer_sheet(uid=uid, kind=AnswerKind.DISCONTINUE, **given)

    name = f"discontinue-{uid}"
    form = DiscontinueForm(request.POST, auto_id=f"{name}_%s")
    return do(request, target_id, name, form, act, anchor=f"#sheet-{uid}")


@audience(Audience.STAFF)
@require_POST
def remove_answer(request: SignedInRequest, target_id: int, uid: str) -> HttpResponse:
    def act(**given: Any) -> None:
        commands.remove_answer(uid=uid, **given)

    done = _("回答を取り消しました。")
    return do(request, target_id, "act", Act(request.POST), act, done, f"#sheet-{uid}")


@audience(Audience.STAFF)
@require_POST
def add_remark(request: SignedInRequest, target_id: int) -> HttpResponse:
    form = remark_form(sheets_of(visible(request, target_id)), request.POST)
    return do(request, target_id, "remark", form, commands.add_remark, anchor="#remarks")


@audience(Audience.STAFF)
@require_POST
def remove_remark(request: SignedInRequest, target_id: int, remark_id: int) -> HttpResponse:
    remark = get_object_or_404(Remark, pk=remark_id, target=target_id)

    def act(target_id: int, **given: Any) -> None:
        commands.remove_remark(remark_id=remark.pk, **given)

    done = _("意見を取り消しました。")
    return do(request, target_id, "act", Act(request.POST), act, done, "#remarks")


@audience(Audience.STAFF)
@require_POST
def submit(request: SignedInRequest, target_id: int) -> HttpResponse:
    form = SubmitForm(request.POST, auto_id="submit_%s")
    done = _("課長の確認に回しました。承認されると、庶務担当課または事務局に回答が届きます。")
    return do(request, target_id, "submit", form, commands.submit, done)
