"""What the pages of 管理 share: their tabs, and a form that is sent, refused and shown again."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from workflow.access import allowed
from workflow.deadline.policies import check_can_keep_days, check_can_keep_rules
from workflow.errors import Invalid
from workflow.people.models import User
from workflow.people.policies import check_can_administer, check_is_personnel

Tabs = list[tuple[str, str, bool]]


def tabs_of(user: User, here: str, on: date) -> Tabs:
    """Return (url, words, whether it is `here`, a URL's name) of what the user may open."""
    found = [("absences", _("不在・代理"))]
    if allowed(check_is_personnel, user, on):
        found.append(("transfers", _("人事異動")))
    if allowed(check_can_keep_days, user, on):
        found.append(("closed_days", _("閉庁日")))
    if allowed(check_can_keep_rules, user, on):
        found.append(("reminders", _("督促")))
    if allowed(check_can_administer, user):
        found = [
            ("administration", _("利用者と発令")),
            ("transfers", _("人事異動")),
            ("absences", _("不在・代理")),
            ("offices", _("組織と会議体")),
            ("section_classes", _("課の総称")),
            ("closed_days", _("閉庁日")),
            ("reminders", _("督促")),
            ("decision_tables", _("決裁区分表")),
            ("operations", _("運用の状態")),
            ("undelivered", _("届かなかった通知")),
            ("webhooks", _("外部連携")),
        ]
    return [(reverse(name), words, name == here) for name, words in found]


def attempt(
    request: HttpRequest, form: Form, act: Callable[[dict[str, Any]], HttpResponse]
) -> HttpResponse | None:
    """Do what was sent; None when nothing was, or when the form is to be shown again."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(dict(form.cleaned_data))
    except Invalid as refused:
        refuse(form, refused)
        return None


def refuse(form: Form, refused: Invalid) -> None:
    """Say it beside the field that it is about; a field of a chosen row is named …_id."""
    names = (refused.field, f"{refused.field}_id")
    form.add_error(next((name for name in names if name in form.fields), None), str(refused))


def show(request: HttpRequest, page: str, form: Form, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, page, {"form": form, **context}, status=status)
