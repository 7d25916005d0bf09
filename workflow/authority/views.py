"""決裁区分表の画面: the table in force, for all staff."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from workflow.access import Audience, audience
from workflow.authority.queries import rules_of, table_on, tables_on
from workflow.authority.reading_out import shown
from workflow.deadline.calendar import in_tokyo
from workflow.people.http import SignedInRequest
from workflow.people.queries import posts_held


@audience(Audience.STAFF)
@require_safe
def decision_table(request: SignedInRequest) -> HttpResponse:
    """The table in force today for the reader's post, or of an ?organ; on paper with ?print."""
    today = in_tokyo(timezone.now())
    asked = request.GET.get("organ")
    post, in_force = posts_held(request.user, today).first(), tables_on(today)
    table = table_on(today, post) if asked is None else in_force.get(asked)
    rules = shown(rules_of(table)) if table else []
    page = "authority/print.html" if "print" in request.GET else "authority/table.html"
    others = [other for other in in_force.values() if other != table]
    context = {"table": table, "rules": rules, "today": today, "others": others}
    return render(request, page, context)
