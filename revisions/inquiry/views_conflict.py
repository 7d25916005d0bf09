"""食い違いを決める: where the draft has gone another way, what stands is chosen word by word."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from revisions.inquiry import reading
from revisions.inquiry.commands_accept import accept
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.queries import Sheets, sheets_of
from revisions.inquiry.queries_conflict import Clash, clashes_of, clashing_words
from revisions.inquiry.reading_conflict import typed_in
from revisions.inquiry.states import TO_ACCEPT
from revisions.inquiry.views import crumbs, see
from revisions.inquiry.views_target import visible
from revisions.plan.forms_decide import DecideForm
from revisions.plan.merging import field_of
from revisions.plan.policies import check_can_steer
from revisions.plan.queries import draft_sheets, fingerprint
from workflow.access import Audience, audience
from workflow.audit.queries import since
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid, Stale
from workflow.people.http import SignedInRequest
from workflow.signoff.forms import Act


@dataclass(frozen=True)
class Asked:
    """What is to be decided: each clash with its form, and the names of sections by code."""

    target: InquiryTarget
    sheets: Sheets
    names: dict[str, str]
    forms: list[tuple[Clash, DecideForm]]

    @property
    def is_open(self) -> bool:
        return self.target.state in TO_ACCEPT and bool(self.forms)

    @property
    def drafted(self) -> str:
        return fingerprint(clashing_words(clash for clash, _form in self.forms))

    @property
    def parts(self) -> list[Any]:
        return [part for _clash, form in self.forms for part in form.parts]


@audience(Audience.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: SignedInRequest, target_id: int) -> HttpResponse:
    target = visible(request, target_id)
    check_can_steer(request.user, target.revision, in_tokyo(timezone.now()))
    asked = _asked(request, target)
    if request.method == "POST":
        return _decide(request, asked)
    return _show(request, asked) if asked.is_open else redirect("target", target_id)


def _asked(request: SignedInRequest, target: InquiryTarget) -> Asked:
    sheets, (drafted, names) = sheets_of(target), draft_sheets(target.revision)
    clashes = clashes_of({sheet["uid"]: sheet for sheet in drafted}, sheets.answers.values())
    forms = [(clash, _form(request, target, clash)) for clash in clashes]
    return Asked(target, sheets, sheets.content["sections"] | names, forms)


def _form(request: SignedInRequest, target: InquiryTarget, clash: Clash) -> DecideForm:
    """Nothing is chosen beforehand: neither side wins by itself."""
    answer = clash.answer
    sides = {"draft": _("いまの計画案のまま"), "answer": _("課の回答のとおり")}
    if clash.draft is None:
        sides = {"draft": _("廃止のままにする")}
    elif not answer.proposed:
        sides = {"draft": _("廃止しない"), "answer": _("課の回答のとおり廃止する")}
    return DecideForm(
        request.POST or None,
        plan=target.revision.plan,
        fields=clash.fields,
        sides=sides,
        own=answer.proposed,
        parts=reading.clash_parts(clash),
        prefix=f"clash-{answer.uid}",
    )


def _decide(request: SignedInRequest, asked: Asked) -> HttpResponse:
    """Accept with what was chosen; what is refused comes back as it was chosen and typed."""
    act, drafted = Act(request.POST), request.POST.get("drafted", "")
    if not asked.is_open:
        return _over(request, asked)
    if drafted != asked.drafted:
        return _show(request, asked, status=409)
    if not all([act.is_valid(), *[form.is_valid() for _clash, form in asked.forms]]):
        return _show(request, asked, status=422)
    try:
        accept(
            target_id=asked.target.pk,
            decided={clash.answer.uid: form.choices() for clash, form in asked.forms},
            drafted=drafted,
            by=request.user,
            at=timezone.now(),
            **act.cleaned_data,
        )
    except Invalid as refused:
        return _show(request, asked, status=422, problem=str(refused))
    except Stale:
        asked = _asked(request, visible(request, asked.target.pk))
        return _show(request, asked, status=409) if asked.is_open else _over(request, asked)
    messages.success(request, _("決めた言葉で受理しました。"))
    return see(reverse("target", args=[asked.target.pk]))


def _over(request: SignedInRequest, asked: Asked) -> HttpResponse:
    """Say that it was decided meanwhile, and by whom, with what was chosen and typed here."""
    target, seen = asked.target, request.POST.get("seen", "")
    shown = int(seen) if seen.isdecimal() else target.chain_length
    told = {"state": target.get_state_display()}
    context = {
        "title": Stale.title,
        "reason": _("食い違いは、もう決められているか、なくなりました（今は%(state)s）。") % told
        + _("この操作は行っていません。直すときは、計画案のシートから直せます。"),
        "meanwhile": since(target.key, min(shown, target.chain_length)),
        "what_next": [
            (_("回答を開く"), reverse("target", args=[target.pk])),
            (_("計画案を開く"), reverse("draft", args=[target.revision_id])),
        ],
        "kept": typed_in(request.POST, asked.sheets),
    }
    return render(request, "errors/refused.html", context, status=409)


def _show(
    request: SignedInRequest, asked: Asked, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    target = asked.target
    answer_url = reverse("target", args=[target.pk])
    context = {
        "target": target,
        "rows": _rows(asked),
        "parts": asked.parts,
        "problem": problem,
        "has_moved": status == 409,
        "seen": target.chain_length,
        "drafted": asked.drafted,
        "back": answer_url,
        "crumbs": crumbs(
            target.inquiry,
            target.revision,
            (answer_url, f"{target.inquiry}（{target.section}）"),
        ),
    }
    return render(request, "inquiry/conflicts.html", context, status=status)


def _rows(asked: Asked) -> list[dict[str, Any]]:
    """Each clash with its questions, and each question with every wording and who wrote it."""
    clashes = [clash for clash, _form in asked.forms]
    causes = reading.last_changes(asked.target.revision, clashes)
    rows = []
    for clash, form in asked.forms:
        words = reading.clash_words(clash, asked.names)
        questions = [
            question
            | words.get(question["name"], {})
            | {"cause": causes.get((clash.answer.uid, field_of(question["name"])))}
            for question in form.questions()
        ]
        row = {"form": form, "questions": questions, "stake": reading.at_stake(clash, asked.names)}
        rows.append(reading.clash_row(clash, asked.sheets) | row)
    return rows
