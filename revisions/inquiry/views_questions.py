"""設問の画面: the secretariat makes the questions of an inquiry, a section answers them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from revisions.inquiry import commands_questions as commands
from revisions.inquiry.forms_questions import QuestionForm, QuestionsForm, as_typed
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.models_questions import AnswerFile, Question
from revisions.inquiry.queries import Paper, paper_of
from revisions.inquiry.states import WRITING, InquiryState, QuestionKind
from revisions.inquiry.views import crumbs, inquiry_of, see
from revisions.inquiry.views_target import may_answer, visible
from revisions.plan.policies import check_can_steer
from workflow.access import Audience, audience
from workflow.audit.queries import since
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid, Stale
from workflow.people.http import SignedInRequest
from workflow.signoff.forms import Act


@audience(Audience.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: SignedInRequest, inquiry_id: int) -> HttpResponse:
    """The questions of an inquiry that is prepared, and one more."""
    found = _steered(request, inquiry_id)
    if found.state != InquiryState.PREPARING:
        return redirect("inquiry", found.pk)
    asked = list(found.questions.select_related("on"))
    form = _form(request, found, asked)

    def add(**given: Any) -> Question:
        return commands.add_question(inquiry_id=inquiry_id, **given)

    if made := _saved(request, form, add):
        messages.success(request, _("設問を加えました。"))
        return see(reverse("questions", args=[inquiry_id]) + f"#question-{made.pk}")
    return _list(request, found, asked, form)


@audience(Audience.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SignedInRequest, question_id: int) -> HttpResponse:
    found, asked, this = _question(request, question_id)
    if found.state != InquiryState.PREPARING:
        return redirect("inquiry", found.pk)
    earlier = [q for q in asked if q.order < this.order]
    form = _form(request, found, earlier, as_typed(this, earlier))

    def edit(**given: Any) -> Question:
        return commands.edit_question(question_id=question_id, **given)

    if _saved(request, form, edit):
        messages.success(request, _("設問を直しました。"))
        return see(reverse("questions", args=[found.pk]) + f"#question-{question_id}")
    context = {
        "inquiry": found,
        "question": this,
        "form": form,
        "back": reverse("questions", args=[found.pk]),
        "crumbs": _crumbs(found, (reverse("questions", args=[found.pk]), _("設問"))),
    }
    return render(request, "inquiry/question.html", context, status=422 if form.errors else 200)


@audience(Audience.STAFF)
@require_POST
def move_question(request: SignedInRequest, question_id: int) -> HttpResponse:
    found, asked, this = _question(request, question_id)
    step = {"up": -1, "down": 1}.get(request.POST.get("to", ""))
    if step is None:
        raise Http404
    to = asked.index(this) + 1 + step
    return _act(request, found, asked, commands.move_question, question_id=question_id, to=to)


@audience(Audience.STAFF)
@require_POST
def remove_question(request: SignedInRequest, question_id: int) -> HttpResponse:
    found, asked, _this = _question(request, question_id)
    return _act(request, found, asked, commands.remove_question, question_id=question_id)


@audience(Audience.STAFF)
@require_safe
def preview_questions(request: SignedInRequest, inquiry_id: int) -> HttpResponse:
    """The questions as a section sees them; nothing can be sent."""
    found = _steered(request, inquiry_id)
    paper = Paper(list(found.questions.all()), {})
    context = {
        "inquiry": found,
        "form": QuestionsForm(paper=paper, seen=0),
        "crumbs": _crumbs(found, (reverse("questions", args=[found.pk]), _("設問"))),
    }
    return render(request, "inquiry/preview_questions.html", context)


@audience(Audience.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_questions(request: SignedInRequest, target_id: int) -> HttpResponse:
    found = visible(request, target_id)
    if not (found.state in WRITING and may_answer(request, found)):
        return redirect("target", target_id)
    paper = paper_of(found)
    if not paper.questions:
        raise Http404
    if request.method != "POST":
        return _answers(request, found, QuestionsForm(paper=paper, seen=found.chain_length))
    form = QuestionsForm(request.POST, request.FILES, paper=paper, seen=0)
    form.full_clean()
    try:
        wrong = commands.answer_questions(
            target_id=target_id,
            typed=form.typed(),
            seen=form.cleaned_data.get("seen", -1),
            by=request.user,
            at=timezone.now(),
        )
    except Stale as stale:
        told = {"meanwhile": since(stale.subject, stale.seen)}
        return _answers(request, found, _again(request, found, paper), status=409, **told)
    found = visible(request, target_id)
    after = paper_of(found)
    if wrong:
        form = _again(request, found, after)
        form.refuse(wrong)
        return _answers(request, found, form, status=422)
    newly = [q for q in after.asked if q not in paper.asked and q.pk not in after.values]
    if newly:
        messages.info(request, _("保存しました。続けて、答えに応じた設問に答えてください。"))
        return see(f"{request.path}#question-{newly[0].pk}")
    messages.success(request, _("設問への答えを保存しました。"))
    return see(reverse("target", args=[target_id]) + "#questions")


@audience(Audience.STAFF)
@require_safe
def answer_file(request: SignedInRequest, target_id: int, sha256: str) -> HttpResponse:
    """A file that a section sent; seen by whom its answer is."""
    kept = get_object_or_404(AnswerFile, target=visible(request, target_id), sha256=sha256)
    headers = {"Content-Disposition": f'attachment; filename="{sha256[:12]}.{kept.ending}"'}
    return HttpResponse(bytes(kept.body), content_type=kept.media_type, headers=headers)


def _steered(request: SignedInRequest, inquiry_id: int) -> Inquiry:
    found = inquiry_of(inquiry_id)
    check_can_steer(request.user, found.revision, in_tokyo(timezone.now()))
    return found


def _question(
    request: SignedInRequest, question_id: int
) -> tuple[Inquiry, list[Question], Question]:
    """Return the inquiry, all its questions, and this one of them."""
    this = get_object_or_404(Question, pk=question_id)
    found = _steered(request, this.inquiry_id)
    asked = list(found.questions.select_related("on"))
    return found, asked, next(q for q in asked if q.pk == question_id)


def _form(
    request: SignedInRequest,
    found: Inquiry,
    earlier: list[Question],
    start: dict[str, Any] | None = None,
) -> QuestionForm:
    return QuestionForm(
        request.POST or None,
        initial={"seen": found.chain_length} | (start or {}),
        earlier=[q for q in earlier if q.kind == QuestionKind.CHOICE],
    )


def _saved(
    request: SignedInRequest, form: QuestionForm, save: Callable[..., Question]
) -> Question | None:
    """Save what was typed; what is refused comes back beside its field."""
    if not form.is_valid():
        return None
    seen = form.cleaned_data["seen"]
    try:
        return save(asked=form.asked(), seen=seen, by=request.user, at=timezone.now())
    except Invalid as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return None


def _act(
    request: SignedInRequest,
    found: Inquiry,
    asked: list[Question],
    command: Callable[..., object],
    **given: Any,
) -> HttpResponse:
    """Do it to one question of the list; a refusal is said on the list."""
    act = Act(request.POST)
    seen = act.cleaned_data["seen"] if act.is_valid() else -1
    try:
        command(seen=seen, by=request.user, at=timezone.now(), **given)
    except Invalid as refused:
        messages.error(request, str(refused))
    return see(reverse("questions", args=[found.pk]) + f"#question-{given['question_id']}")


def _list(
    request: SignedInRequest, found: Inquiry, asked: list[Question], form: QuestionForm
) -> HttpResponse:
    context = {
        "inquiry": found,
        "questions": asked,
        "form": form,
        "back": reverse("prepare_inquiry", args=[found.stage_id]),
        "crumbs": _crumbs(found),
    }
    return render(request, "inquiry/questions.html", context, status=422 if form.errors else 200)


def _crumbs(found: Inquiry, *more: tuple[str, str]) -> list[tuple[str, str]]:
    prepare = (reverse("prepare_inquiry", args=[found.stage_id]), _("照会を準備する"))
    return crumbs(found, found.revision, prepare, *more)


def _again(request: SignedInRequest, found: InquiryTarget, paper: Paper) -> QuestionsForm:
    """The form as it was typed, to be sent again from the answer as it is now."""
    typed = request.POST.copy()
    typed["seen"] = str(found.chain_length)
    return QuestionsForm(typed, request.FILES, paper=paper, seen=found.chain_length)


def _answers(
    request: SignedInRequest,
    found: InquiryTarget,
    form: QuestionsForm,
    status: int = 200,
    **told: Any,
) -> HttpResponse:
    back = (reverse("target", args=[found.pk]), f"{found.inquiry}（{found.section}）")
    context = {
        "target": found,
        "inquiry": found.inquiry,
        "form": form,
        "back": back[0],
        "crumbs": crumbs(found.inquiry, found.revision, back),
        **told,
    }
    return render(request, "inquiry/answer_questions.html", context, status=status)
