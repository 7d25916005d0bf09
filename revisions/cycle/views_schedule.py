"""日程の画面: planned beside actual, what slips, and a plan counted back from the adoption."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from revisions.cycle.commands_schedule import schedule_revision
from revisions.cycle.forms_schedule import DaysForm, MonthForm, SlipForm, initial_of
from revisions.cycle.planning import Days, known, month_of, timetable
from revisions.cycle.timetable import Line, lines_of, told
from revisions.cycle.views import crumbs, errors_on, find, see, sees_all, tabs
from revisions.plan.gates import check_running
from revisions.plan.models import Revision
from revisions.plan.policies import check_can_steer
from revisions.plan.states import RUNNING
from workflow.access import Audience, allowed, audience
from workflow.audit.queries import since
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.era import era_month
from workflow.errors import Missing, Stale
from workflow.path.models import Stage
from workflow.path.queries import stages_of
from workflow.path.schedule import Moved, Timetable, slip
from workflow.path.states import StageState
from workflow.people.http import SignedInRequest


@audience(Audience.SIGNED_IN)
@require_safe
def schedule(request: SignedInRequest, revision_id: int) -> HttpResponse:
    """The timetable, and on asking what moves when a stage is late: it changes nothing."""
    found, today = find(request, revision_id), in_tokyo(timezone.now())
    stages = stages_of(found.case_id)
    facts, month = known(stages, today), month_of(stages) if found.state in RUNNING else None
    table = timetable(stages, facts, max(month, today.replace(day=1))) if month else None
    form = SlipForm(request.GET if "stage" in request.GET else None, stages=stages)
    moved = _slipped(table, form)
    lines = lines_of(stages, table, today, held=facts.held, moved=moved or ())
    impossible, minded = told(lines)
    context = {
        "revision": found,
        "today": today,
        "lines": lines,
        "calendar": facts.calendar,
        "table": table,
        "impossible": [*_passed(month, today), *impossible],
        "minded": minded,
        "form": form,
        "moved": moved,
        "adoption": _adoption(table, moved),
        "may_plan": found.state in RUNNING and allowed(check_can_steer, request.user, found, today),
        "tabs": tabs(found, "schedule", sees_all(request.user, found, today)),
        "crumbs": crumbs(found),
    }
    status = 422 if form.errors else 200
    return render(request, "cycle/schedule.html", context, status=status)


@audience(Audience.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_schedule(request: SignedInRequest, revision_id: int) -> HttpResponse:
    """A proposal, with everything that is wrong with it, before anything is saved."""
    found, today = find(request, revision_id), in_tokyo(timezone.now())
    check_can_steer(request.user, found, today)
    check_running(found)
    desk = Desk(found, stages_of(found.case_id), today)
    if request.method == "POST":
        return _planned(request, desk)
    asked = MonthForm(request.GET if "month" in request.GET else None, today=today)
    if not asked.is_valid():
        if not asked.is_bound:
            asked = MonthForm(initial={"month": month_of(desk.stages)}, today=today)
        return _show(request, desk, {"asked": asked}, status=422 if asked.is_bound else 200)
    table = desk.table(asked.cleaned_data["month"], {})
    form = desk.proposal(table, asked.cleaned_data, {})
    return _show(request, desk, desk.laid(table, form))


def _planned(request: SignedInRequest, desk: "Desk") -> HttpResponse:
    """Save what the page showed; what was typed since is reckoned with first, and shown again."""
    form = DaysForm(request.POST, **desk.fields)
    if not form.is_valid():
        table = desk.table(form.cleaned_data.get("month") or desk.today, {})
        return _show(request, desk, desk.laid(table, form), status=422)
    more: dict[str, Any] = {"again": "apply" in request.POST}
    given, by_hand = form.cleaned_data, form.by_hand()
    if "apply" in request.POST and form.is_as_shown():
        try:
            if _applied(request, desk, form):
                return see("schedule", desk.revision.pk)
        except Stale as stale:
            more = {"meanwhile": since(stale.subject, stale.seen)}
            given = given | {"seen": desk.revision.chain_length}
    table = desk.table(given["month"], by_hand)
    if form.errors:
        return _show(request, desk, desk.laid(table, form), status=422)
    laid = desk.laid(table, desk.proposal(table, given, by_hand)) | more
    return _show(request, desk, laid, status=409 if "meanwhile" in more else 200)


def _applied(request: SignedInRequest, desk: "Desk", form: DaysForm) -> bool:
    given = form.cleaned_data
    with errors_on(form):
        schedule_revision(
            revision_id=desk.revision.pk,
            days=form.days(),
            reason=given["reason"],
            seen=given["seen"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("日程を決めました。"))
    return not form.errors


class Desk:
    """A revision whose days are being laid out, and what is known about it."""

    def __init__(self, revision: Revision, stages: list[Stage], today: date) -> None:
        self.revision, self.stages, self.today = revision, stages, today
        self.facts = known(stages, today)
        self.to_plan = [stage for stage in stages if stage.state == StageState.PLANNED]
        self.fields: dict[str, Any] = {
            "stages": self.to_plan,
            "settled": self.facts.settled,
            "least": self.facts.least,
            "today": today,
        }

    def table(self, month: date, by_hand: dict[int, Days]) -> Timetable | None:
        return timetable(self.stages, self.facts, month, by_hand=by_hand)

    def proposal(
        self, table: Timetable | None, given: dict[str, Any], by_hand: dict[int, Days]
    ) -> DaysForm:
        dates = table.dates if table else {}
        days = {s.pk: (dates[s.pk].first, dates[s.pk].last) for s in self.to_plan}
        seen = given.get("seen", self.revision.chain_length)
        kept = {"seen": seen, "reason": given.get("reason", ""), "month": given["month"]}
        return DaysForm(initial=kept | initial_of(days, by_hand), **self.fields)

    def laid(self, table: Timetable | None, form: DaysForm) -> dict[str, Any]:
        lines = lines_of(self.stages, table, self.today, held=self.facts.held)
        impossible, minded = told(lines)
        return {
            "form": form,
            "lines": [line for line in lines if line.dates],
            "closed": self._closed(lines),
            "table": table,
            "impossible": impossible,
            "minded": minded,
            "may_plan": True,
            "asked": MonthForm(initial={"month": form["month"].value()}, today=self.today),
        }

    def _closed(self, lines: Iterable[Line]) -> set[date]:
        """A public comment is counted in calendar days, and may end on a day that is closed."""
        found = {
            day
            for line in lines
            if line.dates
            for day in (line.dates.first, line.dates.last, line.latest)
        }
        return {day for day in found if day and self.facts.calendar.is_closed(day)}


def _show(
    request: SignedInRequest, desk: Desk, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    way = [*crumbs(desk.revision), (reverse("schedule", args=[desk.revision.pk]), _("日程"))]
    context |= {"revision": desk.revision, "crumbs": way}
    return render(request, "cycle/plan_schedule.html", context, status=status)


def _passed(month: date | None, today: date) -> list[Missing]:
    """Say that what is shown is counted back from another month than the planned one."""
    if month is None or month >= today.replace(day=1):
        return []
    told = _("決めてある策定の月（%s）が過ぎています。遅くともの日は、今月の末から数えています。")
    return [Missing(told % era_month(month))]


def _slipped(table: Timetable | None, form: SlipForm) -> tuple[Moved, ...] | None:
    """None when nothing was asked."""
    if table is None or not form.is_bound or not form.is_valid():
        return None
    return slip(table, form.cleaned_data["stage"], form.cleaned_data["days"])


def _adoption(table: Timetable | None, moved: Sequence[Moved] | None) -> Moved | None:
    last = table.jobs[-1].key if table else None
    return next((each for each in moved or () if each.key == last), None)
