"""Excelで回答する: a section takes its workbook away, sends it back, looks, and accepts."""

from dataclasses import replace
from io import BytesIO
from secrets import token_hex
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from revisions.inquiry import reading
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.questions import unanswered
from revisions.inquiry.states import WRITING, AnswerKind
from revisions.inquiry.views import crumbs, see
from revisions.inquiry.views_target import may_answer, visible
from revisions.inquiry.workbook import commands
from revisions.inquiry.workbook.drawing import drawn
from revisions.inquiry.workbook.forms import AcceptForm, UploadForm
from revisions.inquiry.workbook.http import file_name, xlsx
from revisions.inquiry.workbook.marking import marked
from revisions.inquiry.workbook.models import Upload
from revisions.inquiry.workbook.queries import asked_of, upload_of
from revisions.inquiry.workbook.review import Review, reviewed
from revisions.inquiry.workbook.whole import paper_of
from workflow.access import Audience, audience
from workflow.audit.queries import since
from workflow.errors import Invalid, Stale
from workflow.people.http import SignedInRequest

FILE, MARKED = "照会票", "照会票（誤りの印付き）"


@audience(Audience.STAFF)
@require_safe
def download(request: SignedInRequest, target_id: int) -> HttpResponse:
    """The workbook, filled in as far as the answer is."""
    target = visible(request, target_id)
    paper = paper_of(asked_of(target), token_hex(4))
    return xlsx(drawn(paper), _file_name(FILE, target))


@audience(Audience.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: SignedInRequest, target_id: int) -> HttpResponse:
    """The place to send a workbook in, and what was read of the one sent in."""
    target = visible(request, target_id)
    if request.method != "POST":
        return _show(request, target)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, target, form)
    file = form.cleaned_data["file"]
    try:
        reviewed(target, file)
    except Invalid as refused:
        form.add_error("file", str(refused))
        return _show(request, target, form)
    file.seek(0)
    commands.upload_workbook(
        target_id=target.pk,
        name=file.name[:200],
        body=file.read(),
        by=request.user,
        at=timezone.now(),
    )
    return see(reverse("workbook", args=[target.pk]) + "#read")


@audience(Audience.STAFF)
@require_POST
def save(request: SignedInRequest, target_id: int) -> HttpResponse:
    """Accept what the page showed; what has changed since is shown anew."""
    target = visible(request, target_id)
    upload = _upload(request, target)
    review = reviewed(target, BytesIO(upload.body))
    form = AcceptForm(request.POST, clashes=review.clashes)
    is_valid, seen = form.is_valid(), form.cleaned_data.get("seen")
    if seen not in (None, target.chain_length):
        return _stale(request, target, seen)
    if not is_valid or form.cleaned_data["file"] != upload.sha256:
        return _show(request, target, accept=form)
    review = replace(review, picks=form.picks())
    if review.faults:
        return _show(request, target, accept=form, picks=form.picks())
    try:
        _accept(request, target, review, form)
    except Stale as stale:
        return _stale(request, target, stale.seen)
    messages.success(
        request,
        _("Excelの内容を回答にしました。続けて直すときは、照会票をダウンロードし直してください。"),
    )
    return see(reverse("target", args=[target.pk]))


def _accept(
    request: SignedInRequest, target: InquiryTarget, review: Review, form: AcceptForm
) -> None:
    outcome = review.outcome
    commands.save_workbook(
        target_id=target.pk,
        answers=outcome.answers,
        removed=outcome.removed,
        opinions=outcome.opinions,
        withdrawn=outcome.withdrawn,
        typed=outcome.typed,
        by=request.user,
        at=timezone.now(),
        **{name: form.cleaned_data[name] for name in ("file", "seen")},
    )


@audience(Audience.STAFF)
@require_POST
def drop(request: SignedInRequest, target_id: int) -> HttpResponse:
    target = visible(request, target_id)
    commands.drop_workbook(target_id=target.pk, by=request.user, at=timezone.now())
    messages.success(request, _("読み取った内容を取り消しました。回答は変わっていません。"))
    return see(reverse("workbook", args=[target.pk]))


@audience(Audience.STAFF)
@require_safe
def marks(request: SignedInRequest, target_id: int) -> HttpResponse:
    """The workbook as it was sent in, with what is wrong marked in it."""
    target = visible(request, target_id)
    upload = _upload(request, target)
    faults = reviewed(target, BytesIO(upload.body)).faults
    return xlsx(marked(BytesIO(upload.body), faults), _file_name(MARKED, target))


def _file_name(word: str, target: InquiryTarget) -> str:
    return file_name(word, target.section.name, target.inquiry.title)


def _upload(request: SignedInRequest, target: InquiryTarget) -> Upload:
    found = upload_of(target, request.user, timezone.now())
    if found is None:
        raise Http404
    return found


def _stale(request: SignedInRequest, target: InquiryTarget, seen: int) -> HttpResponse:
    again = visible(request, target.pk)
    return _show(request, again, status=409, meanwhile=since(again.key, seen))


def _show(
    request: SignedInRequest,
    target: InquiryTarget,
    form: UploadForm | None = None,
    *,
    accept: AcceptForm | None = None,
    picks: frozenset[str] | None = None,
    status: int = 0,
    meanwhile: Any = None,
) -> HttpResponse:
    writing = target.state in WRITING and may_answer(request, target)
    failed = form if form and form.errors else accept if accept and accept.errors else None
    context = {
        "target": target,
        "writing": writing,
        "form": form or UploadForm(),
        "failed": failed,
        "meanwhile": meanwhile,
        "crumbs": crumbs(
            target.inquiry,
            target.revision,
            (reverse("target", args=[target.pk]), f"{target.inquiry}（{target.section}）"),
        ),
        **(_read(request, target, accept, picks) if writing else {}),
    }
    status = status or (422 if form or accept else 200)
    return render(request, "inquiry/workbook.html", context, status=status)


def _read(
    request: SignedInRequest,
    target: InquiryTarget,
    accept: Form | None,
    picks: frozenset[str] | None,
) -> dict[str, Any]:
    """What was read of the workbook sent in, if there is one that can still be read."""
    upload = upload_of(target, request.user, timezone.now())
    if upload is None:
        return {}
    try:
        review = reviewed(target, BytesIO(upload.body), picks)
    except Invalid as refused:
        return {"upload": upload, "refused": str(refused)}
    initial = {"seen": target.chain_length, "file": upload.sha256}
    sheets, outcome = review.asked.sheets, review.outcome
    rows = [answer.row(target) for answer in outcome.answers]
    changed = [row for row in rows if row.kind != AnswerKind.UNCHANGED]
    names = {row["uid"]: row for row in (*reading.own_rows(sheets), *reading.added_rows(sheets))}
    return {
        "upload": upload,
        "review": review,
        "changes": [reading.change(row, sheets) for row in changed],
        "unchanged": [names[row.uid] for row in rows if row.kind == AnswerKind.UNCHANGED],
        "removed": [names[uid] for uid in outcome.removed],
        "opinions": _opinions(review),
        "said": reading.question_changes(review.asked.paper, review.values),
        "unsaid": unanswered(review.asked.paper.questions, review.values),
        "accept": accept or AcceptForm(initial=initial, clashes=review.clashes),
    }


def _opinions(review: Review) -> dict[str, Any]:
    """Opinions to be added, rewritten and withdrawn, each with the project it is about."""
    asked, outcome = review.asked, review.outcome
    names = {sheet["uid"]: sheet["name"] for sheet in asked.sheets.content["projects"]}
    about = {uid: f"{number} {names[uid]}" for uid, number in asked.numbers.items()}
    whole, was = _("計画の全体、またはその他"), {remark.pk: remark for remark in asked.remarks}
    return {
        "written": [
            (opinion, about.get(opinion.project_uid, whole), was.get(opinion.pk or 0))
            for opinion in outcome.opinions
        ],
        "withdrawn": [was[pk] for pk in outcome.withdrawn],
    }
