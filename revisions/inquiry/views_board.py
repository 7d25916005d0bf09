"""進捗のボード: how an inquiry stands, by section and by sheet, and how all of them stand."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from revisions.inquiry.acts import offered
from revisions.inquiry.commands_board import mark_seen
from revisions.inquiry.forms_board import BoardFilter, SeenForm
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.policies_board import check_can_see_board, check_oversees_inquiries
from revisions.inquiry.queries_board import (
    BY_SECTION,
    Counts,
    boards_of,
    chosen_of,
    counted,
    counted_each,
    marked,
    with_news,
    with_visit,
)
from revisions.inquiry.reading_board import Days, Matrix, columns_of, in_words, rows_of
from revisions.inquiry.states import InquiryKind, InquiryState, TargetState
from revisions.inquiry.views import crumbs, see
from workflow.access import Audience, audience
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.http import calendar_of
from workflow.people.http import SignedInRequest
from workflow.people.models import Department
from workflow.people.states import UserKind
from workflow.signoff.pages import page_of

Targets = QuerySet[InquiryTarget]

PAGE, SHEETS = 50, 50
"""Rows of a page: addressees, sheets."""


@audience(Audience.STAFF)
@require_safe
def boards(request: SignedInRequest) -> HttpResponse:
    """Every inquiry that runs × departments."""
    check_oversees_inquiries(request.user)
    found, days = list(boards_of(request.user)), _days(request)
    counts = counted_each(found, days.today)
    asked = {department for _inquiry, department in counts}
    departments = Department.objects.filter(pk__in=asked)
    rows = []
    for each in found:
        across = [(d, counts.get((each.pk, d.pk))) for d in departments]
        total = sum((c for _department, c in across if c), Counts())
        told = [(d, c, in_words(c) if c else "") for d, c in across]
        rows.append((each, days.left(each.due_on), total, told))
    return render(request, "inquiry/boards.html", {"departments": departments, "rows": rows})


@audience(Audience.STAFF)
@require_safe
def board(request: SignedInRequest, inquiry_id: int) -> HttpResponse:
    """An inquiry by section, with what is done to many of them."""
    found, days = board_of(request, inquiry_id), _days(request)
    if found.state == InquiryState.PREPARING:
        return redirect("inquiry", found.pk)
    targets = with_news(found, request.user, found.seen)
    context, chosen = _frame(request, found, targets, days, "board")
    at = {name: request.GET.get(name, "") for name in ("before", "after")}
    page = page_of(chosen.select_related("section__department"), BY_SECTION, size=PAGE, **at)
    context |= {
        "rows": rows_of(found, page.rows, request.user, found.seen, days),
        "shown": len(page.rows),
        "before": page.before,
        "after": page.after,
        "acts": offered(found, steers=context["steers"]),
    }
    return render(request, "inquiry/board.html", context)


@audience(Audience.STAFF)
@require_safe
def board_sheets(request: SignedInRequest, inquiry_id: int) -> HttpResponse:
    """An inquiry by sheet: what each section that leads it answers."""
    found, days = board_of(request, inquiry_id), _days(request)
    if found.state == InquiryState.PREPARING or found.kind != InquiryKind.PROJECTS:
        return redirect("inquiry", found.pk)
    targets = with_news(found, request.user, found.seen)
    context, chosen = _frame(request, found, targets, days, "board_sheets")
    rows = Matrix(found, marked(targets, chosen), days).rows()
    if context["clear_url"]:
        rows = [row for row in rows if row.is_chosen]
    first = _first(request, len(rows))
    shown = rows[first : first + SHEETS]
    columns = columns_of(shown)
    counts = {row.code: row.counts for row, _overdue in context["departments"]}
    context |= {
        "columns": [(d, c := counts.get(d.code), in_words(c) if c else "") for d in columns],
        "sheets": [(row, [(d, row.under(d)) for d in columns]) for row in shown],
        "shown": len(shown),
        "every": len(rows),
        "before": first or None,
        "after": first + SHEETS if first + SHEETS < len(rows) else None,
    }
    return render(request, "inquiry/board_sheets.html", context)


@audience(Audience.STAFF)
@require_POST
def see_board(request: SignedInRequest, inquiry_id: int) -> HttpResponse:
    """Note that what the page showed has been seen."""
    found, form = board_of(request, inquiry_id), SeenForm(request.POST)
    if form.is_valid():
        upto = min(form.cleaned_data["upto"], found.latest)
        mark_seen(inquiry_id=inquiry_id, upto=upto, by=request.user, at=timezone.now())
        messages.success(request, gettext("ここまでの動きを、見たことにしました。"))
    return see(reverse("board", args=[inquiry_id]))


def board_of(request: SignedInRequest, inquiry_id: int) -> Any:
    """Return an inquiry as with_visit() has it, to those who may see how it stands."""
    found = get_object_or_404(with_visit(request.user, timezone.now()), pk=inquiry_id)
    check_can_see_board(request.user, found)
    return found


def _days(request: SignedInRequest) -> Days:
    return Days(in_tokyo(timezone.now()), calendar_of(request))


def _frame(
    request: SignedInRequest, found: Any, targets: Targets, days: Days, here: str
) -> tuple[dict[str, Any], Targets]:
    """Return what both pages of a board show, and the addressees that were asked for."""
    departments = counted(found, targets, days.today)
    total = sum((row.counts for row in departments), Counts())
    form = BoardFilter(request.GET, departments=[(row.code, row.name) for row in departments])
    chosen = form.chosen()
    return {
        "inquiry": found,
        "steers": request.user.kind == UserKind.STAFF,
        "filter": form,
        "clear_url": request.path if any(chosen.values()) else "",
        "departments": [(row, days.overdue(row.counts)) for row in departments],
        "total": total,
        "longest": days.overdue(total),
        "states": [(s.value, s.label, total.states[s]) for s in TargetState if s in total.states],
        "left": days.left(found.due_on),
        "tabs": _tabs(found, here),
        "label": gettext("進捗の見方"),
        "crumbs": crumbs(found, found.revision, (reverse("inquiry", args=[found.pk]), found.title)),
    }, chosen_of(targets, days.today, days.calendar, **chosen)


def _tabs(found: Inquiry, here: str) -> list[tuple[str, str, bool]]:
    words = {"board": gettext("課ごと")}
    if found.kind == InquiryKind.PROJECTS:
        words["board_sheets"] = gettext("事業ごと")
    return [(reverse(name, args=[found.pk]), word, name == here) for name, word in words.items()]


def _first(request: SignedInRequest, total: int) -> int:
    """Return the place of the first sheet to show; nonsense is the beginning."""
    after, before = (request.GET.get(name, "") for name in ("after", "before"))
    first = int(after) if after.isdecimal() else int(before) - SHEETS if before.isdecimal() else 0
    return max(first, 0) if first < total else 0
