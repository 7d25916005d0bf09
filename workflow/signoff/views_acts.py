"""決裁の操作: parse, call one command, come back to the page."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from workflow.access import Audience, audience
from workflow.authority.states import StepRole
from workflow.deadline.calendar import in_tokyo
from workflow.people.http import SignedInRequest
from workflow.people.models import User
from workflow.signoff import commands, commands_aside
from workflow.signoff.circulation import returnable
from workflow.signoff.forms import Act, SendBackForm
from workflow.signoff.models import Request, Step
from workflow.signoff.offers import FORMS
from workflow.signoff.queries import steps_of
from workflow.signoff.queries_inbox import IN_TAB, Tab, inbox
from workflow.signoff.states import RETURNING, StepState
from workflow.signoff.views import page

Command = Callable[..., Request]

COMMANDS: dict[str, tuple[Command, Promise]] = {
    "approve": (commands.approve, _("承認しました。")),
    "pull_up": (commands.pull_up, _("引き上げて承認しました。飛ばした人には後閲が届きます。")),
    "concur": (commands.concur, _("同意しました。")),
    "dissent": (commands.dissent, _("同意しない旨を残しました。理由は決裁者に示されます。")),
    "send_back": (commands.send_back, _("先に署名した人に差し戻しました。")),
    "reject": (commands.reject, _("否決しました。")),
    "hold": (commands_aside.hold, _("保留しました。")),
    "resume": (commands_aside.resume, _("保留を解きました。")),
    "post_review": (commands_aside.post_review, _("後閲を済ませました。")),
    "read": (commands_aside.read, _("読んだことを記録しました。")),
    "comment": (commands_aside.comment, _("意見を残しました。")),
    "pull_back": (commands.pull_back, _("引き戻しました。")),
    "withdraw": (commands.withdraw, _("取り下げました。")),
}

ENDED: dict[tuple[str, str], Promise] = {
    ("approve", "decided"): _("決裁しました。"),
    ("pull_up", "decided"): _("引き上げて決裁しました。飛ばした人には後閲が届きます。"),
    ("send_back", "draft"): _("起案者に差し戻しました。"),
}
"""What is said when the act ended the circulation."""

SIGNED = _("署名しました。")


@audience(Audience.SIGNED_IN)
@require_POST
def on_step(request: SignedInRequest, step_id: int, act: str) -> HttpResponse:
    step = get_object_or_404(Step.objects.select_related("request"), pk=step_id)
    signs = step.role == StepRole.SIGNER
    on = {"step_id": step_id}
    return _do(request, step.request_id, act, _form(request, act, step), on, signs=signs)


@audience(Audience.SIGNED_IN)
@require_POST
def on_request(request: SignedInRequest, request_id: int, act: str) -> HttpResponse:
    return _do(request, request_id, act, _form(request, act), {"request_id": request_id})


def _form(request: SignedInRequest, act: str, step: Step | None = None) -> Form:
    """The form of the act; a send-back knows to whom one can send back."""
    auto_id = f"{act}_%s"
    if step is None or act != "send_back":
        return FORMS.get(act, Act)(request.POST, auto_id=auto_id)
    today = in_tokyo(timezone.now())
    steps = list(steps_of(step.request, request.user, today).filter(attempt=step.attempt))
    targets = returnable(step, steps) if step.role in RETURNING else []
    return SendBackForm(request.POST, auto_id=auto_id, targets=targets)


def _next(user: User, done_with: int, on: date) -> str:
    """Return where what waits next for the user is signed; "" where nothing does."""
    waiting = inbox(user, on).filter(IN_TAB[Tab.TURN], state=StepState.ACTIVE)
    step = waiting.exclude(request=done_with).first()
    return reverse("request", args=[step.request_id]) if step else ""


def _do(
    request: SignedInRequest,
    request_id: int,
    act: str,
    form: Form,
    on: dict[str, int],
    *,
    signs: bool = False,
) -> HttpResponse:
    """Do the act and come back to the page; a bad form comes back with what was typed.

    signs  it is signed for what it says, as minutes are, and nothing is decided by it
    """
    if not form.is_valid():
        return page(request, request_id, failed=form, act=act)
    command, done = COMMANDS[act]
    after = command(**on, by=request.user, at=timezone.now(), **form.cleaned_data)
    said = str(SIGNED if signs and act == "approve" else ENDED.get((act, after.state), done))
    following = _next(request.user, request_id, in_tokyo(timezone.now()))
    messages.success(request, said, extra_tags=following)
    response = redirect("request", request_id=request_id)
    response.status_code = 303
    return response
