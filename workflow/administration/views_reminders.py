"""督促の規則と執務時間: in plain words, and tried on real days before they are saved."""

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from workflow.access import Audience, allowed, audience
from workflow.administration.forms_reminders import (
    HoursForm,
    Lines,
    RuleForm,
    initial_of,
    steps_typed,
)
from workflow.administration.pages import attempt, refuse, show, tabs_of
from workflow.audit.models import AuditEntry
from workflow.audit.queries import told
from workflow.deadline import commands_rules as commands
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.gates_rules import check_steps
from workflow.deadline.models import OfficeHours, ReminderRule
from workflow.deadline.policies import check_can_keep_rules
from workflow.deadline.preview import Preview, preview
from workflow.deadline.queries import (
    Steps,
    acts_on_hours,
    as_json,
    rules,
    running_by_kind,
    steps_in_force,
)
from workflow.deadline.registry import has_receipt, kinds, label_of
from workflow.deadline.schedule import Hours
from workflow.deadline.words import rule_words
from workflow.errors import Invalid
from workflow.people.http import SignedInRequest
from workflow.people.models import Section
from workflow.people.policies import check_can_administer


@audience(Audience.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: SignedInRequest) -> HttpResponse:
    """Every rule in plain words, and the hours; these the administrator changes here."""
    today = in_tokyo(timezone.now())
    check_can_keep_rules(request.user, today)
    kept = list(OfficeHours.objects.filter(in_force=True))
    city = next((row for row in kept if row.group_id is None), None) or Hours()
    initial: dict[str, Any] = {"seen": acts_on_hours()}
    initial |= {name: getattr(city, name) for name in ("opens", "closes", "remind_at")}
    form = HoursForm(request.POST or None, initial=initial)

    def act(given: dict[str, Any]) -> HttpResponse:
        section = given.pop("section_id")
        commands.set_hours(section=section, **given, by=request.user, at=timezone.now())
        messages.success(request, _("執務時間を定めました。督促の時も計算し直しました。"))
        return redirect("reminders")

    kept_rules, in_force, count = rules(), steps_in_force(), running_by_kind()
    own = {row.group_id: row for row in kept if row.group_id}
    sections = Section.objects.filter(group__in=own)
    return attempt(request, form, act) or show(
        request,
        "administration/reminders.html",
        form,
        rules=[
            (
                code,
                label_of(code),
                kept_rules.get(code),
                code in in_force,
                _words(code, in_force),
                count.get(code, 0),
            )
            for code in ["", *(kind.code for kind in kinds())]
        ],
        city=city,
        own=[(section, own[section.group_id]) for section in sections],
        may_set_hours=allowed(check_can_administer, request.user),
        tabs=tabs_of(request.user, "reminders", today),
    )


@audience(Audience.ADMIN)
@require_POST
def remove_hours(request: SignedInRequest, hours_id: int) -> HttpResponse:
    hours = get_object_or_404(OfficeHours, pk=hours_id, group__isnull=False)
    section = get_object_or_404(Section, group=hours.group)
    commands.remove_hours(section=section, by=request.user, at=timezone.now())
    messages.success(request, _("%sの執務時間を市と同じにしました。") % section.name)
    return redirect("reminders")


@audience(Audience.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def reminder_rule(request: SignedInRequest) -> HttpResponse:
    """One rule; what was typed is tried on real days, and saved only as it was tried."""
    now, kept_rules = timezone.now(), rules()
    check_can_keep_rules(request.user, in_tokyo(now))
    kind = request.GET.get("kind", "")
    if kind and kind not in {known.code for known in kinds()}:
        raise Http404
    in_force, kept = steps_in_force(), kept_rules.get(kind)
    standing, number = _steps(kind, in_force), kept.number if kept else 0
    own = bool(kind) and kind in in_force
    dropping = own and not {"others", "drop"}.isdisjoint(request.POST)
    form = RuleForm(request.POST or None, initial={"seen": number})
    typed = {"data": request.POST} if form.is_bound else {"initial": initial_of(standing)}
    lines = Lines(**typed, form_kwargs={"kind": kind})
    steps = _of_all_others(kind, form, in_force) if dropping else _typed(kind, form, lines)
    if steps and _is_as_tried(request, form, steps):
        who = {"by": request.user, "at": now, "seen": form.cleaned_data["seen"]}
        if _keep(form, kind, () if dropping else steps, **who):
            messages.success(request, _("督促の規則を定めました。これからの督促に使われます。"))
            return redirect("reminders")
    tried: Preview | None = None
    if steps and not form.errors:
        tried = preview(kind, steps, request.user, now, form.cleaned_data["due_on"])
    if tried and {"set", "drop"} & request.POST.keys():
        messages.warning(
            request,
            _(
                "まだ定めていません。変えたあとの規則で知らせる時を確かめて、もう一度押してください。"
            ),
        )
    context = {
        "kind": kind,
        "label": label_of(kind),
        "own": own,
        "dropping": dropping,
        "words": rule_words(steps or standing),
        "form": form,
        "lines": lines,
        "receipt": has_receipt(kind),
        "tried": tried,
        "digest": _digest(steps) if tried else "",
        "history": _history(kind),
        "tabs": tabs_of(request.user, "reminders", in_tokyo(now)),
    }
    wrong = request.method == "POST" and tried is None
    return render(
        request, "administration/reminder_rule.html", context, status=422 if wrong else 200
    )


def _typed(kind: str, form: RuleForm, lines: Any) -> Steps:
    """Return the lines as they were sent, none when something is wrong with them."""
    if not (form.is_bound and form.is_valid() & lines.is_valid()):
        return ()
    steps = steps_typed(lines)
    try:
        check_steps(kind, steps)
    except Invalid as refused:
        refuse(form, refused)
        return ()
    return steps


def _of_all_others(kind: str, form: RuleForm, in_force: dict[str, Steps]) -> Steps:
    return _steps(kind, {"": in_force[""]}) if form.is_valid() else ()


def _is_as_tried(request: SignedInRequest, form: RuleForm, steps: Steps) -> bool:
    """Tell whether it is to be kept, and is what was tried just before."""
    keeps = not {"set", "drop"}.isdisjoint(request.POST)
    return keeps and bool(form.cleaned_data["previewed"] == _digest(steps))


def _keep(form: RuleForm, kind: str, steps: Steps, **who: Any) -> bool:
    """steps  none: that of all the others is the kind's too"""
    try:
        if steps:
            commands.set_rule(kind=kind, steps=steps, **who)
        else:
            commands.drop_rule(kind=kind, **who)
    except Invalid as refused:
        refuse(form, refused)
        return False
    return True


def _digest(steps: Steps) -> str:
    return hashlib.sha256(json.dumps(as_json(steps)).encode()).hexdigest()


def _steps(kind: str, in_force: dict[str, Steps]) -> Steps:
    steps = in_force.get(kind) or in_force[""]
    return tuple(step for step in steps if has_receipt(kind) or not step.unreceived)


def _words(kind: str, in_force: dict[str, Steps]) -> list[str]:
    return rule_words(_steps(kind, in_force))


def _history(kind: str) -> list[dict[str, Any]]:
    whole = ReminderRule(kind=kind).within
    return told(AuditEntry.objects.filter(within_key=whole).order_by("-pk")[:50])
