"""Every URL of the staff site with ids of the demo put in: for the walk and for the clock."""

import re
from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import Any
from unittest.mock import patch

from django.db.models import Model, QuerySet
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from notifications.models import Webhook
from revisions.models import (
    AgendaItem,
    AnswerFile,
    Consent,
    Forward,
    Inquiry,
    InquiryTarget,
    Meeting,
    Opinion,
    Plan,
    PlanVersion,
    Project,
    PublicComment,
    Question,
    Remark,
    Revision,
    Scan,
    Submission,
)
from workflow.access import belongs
from workflow.audit.models import key_of
from workflow.models import (
    Absence,
    Appointment,
    Body,
    ClassMember,
    ClosedDay,
    Deadline,
    DecisionTable,
    Department,
    Deputy,
    OfficeHours,
    OutboxEvent,
    Request,
    Section,
    Stage,
    Step,
    Transfer,
    TransferLine,
    User,
)

ROLES = [
    "joho-tanto",
    "joho-kacho",
    "koho-tanto",
    "koho-kacho",
    "bunsho-kacho",
    "somu-bucho",
    "fuku-shicho-a",
    "shicho",
    "iin-1",
    "kansa",
    "kanri",
]

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def _one_a(field: str, rows: QuerySet[Any]) -> list[int]:
    """Return the newest row of every value of `field`."""
    newest: dict[str, int] = {}
    for value, pk in rows.order_by("pk").values_list(field, "pk"):
        newest[value] = pk
    return sorted(newest.values())


SAMPLES: dict[str, Callable[[], list[Any]]] = {
    "revision_id": lambda: list(Revision.objects.values_list("pk", flat=True)),
    "stage_id": lambda: (
        _one_a("kind", Stage.objects.filter(state="open")) + _one_a("kind", Stage.objects.all())
    ),
    "inquiry_id": lambda: _one_a("kind", Inquiry.objects.all()),
    "target_id": lambda: _one_a("state", InquiryTarget.objects.all()),
    "forward_id": lambda: _one_a("state", Forward.objects.all()) or [1],
    "consent_id": lambda: _ends(Consent.objects.all()) or [1],
    "meeting_id": lambda: (
        _one_a("state", Meeting.objects.all()) + _one_a("body__code", Meeting.objects.all())
    ),
    "item_id": lambda: _ends(AgendaItem.objects.all())[:1],
    "comment_id": lambda: _one_a("state", PublicComment.objects.all()),
    "receipt": lambda: list(Submission.objects.values_list("key", flat=True)[:1]),
    "opinion_id": lambda: _one_a("state", Opinion.objects.all()),
    "request_id": lambda: _one_a("state", Request.objects.all()),
    "step_id": lambda: _one_a("state", Step.objects.all()),
    "version_id": lambda: _ends(PlanVersion.objects.all()),
    "other_id": lambda: _ends(PlanVersion.objects.all())[:1],
    "code": lambda: list(Plan.objects.values_list("code", flat=True)),
    "uid": lambda: list(Project.objects.order_by("uid").values_list("uid", flat=True)[:1]),
    "key": lambda: [key_of(Revision, pk) for pk in SAMPLES["revision_id"]()],
    "user_id": lambda: _one_a("kind", User.objects.all()),
    "appointment_id": lambda: _ends(Appointment.objects.all()),
    "absence_id": lambda: _ends(Absence.objects.all()),
    "deputy_id": lambda: _ends(Deputy.objects.all()),
    "transfer_id": lambda: _one_a("state", Transfer.objects.all()),
    "line_id": lambda: _ends(TransferLine.objects.all())[:1],
    "scan_id": lambda: _ends(Scan.objects.all()) or [1],
    "question_id": lambda: _ends(Question.objects.all()),
    "sha256": lambda: list(AnswerFile.objects.values_list("sha256", flat=True)[:1]) or ["none"],
    "remark_id": lambda: _ends(Remark.objects.all()) or [1],
    "event_id": lambda: _ends(OutboxEvent.objects.all()),
    "table_id": lambda: list(DecisionTable.objects.values_list("pk", flat=True)),
    "department_id": lambda: _ends(Department.objects.all())[:1],
    "section_id": lambda: _ends(Section.objects.all())[:1],
    "hook_id": lambda: _ends(Webhook.objects.all()) or [1],
    "member_id": lambda: _ends(ClassMember.objects.all()),
    "body_id": lambda: _ends(Body.objects.all())[:1],
    "token": lambda: ["none"],
    "day_id": lambda: list(ClosedDay.objects.values_list("pk", flat=True)[:1]),
    "deadline_id": lambda: _one_a("state", Deadline.objects.all()),
    "hours_id": lambda: list(OfficeHours.objects.values_list("pk", flat=True)) or [1],
}


def _ends(rows: QuerySet[Model]) -> list[Any]:
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    return pks[:1] + pks[-1:]


def patterns(resolver: Any = None, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    """Yield (route, pattern) of every URL."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def addresses() -> Iterator[tuple[str, URLPattern]]:
    """Yield (path, pattern) of every URL with every sample of its parameters."""
    sample = cache(lambda name: SAMPLES[name]())
    for route, pattern in patterns():
        for path in _filled(route, sample):
            yield path, pattern


def _filled(route: str, sample: Callable[[str], list[Any]]) -> list[str]:
    match = PARAMETER.search(route)
    if match is None:
        return [route]
    return [
        path
        for value in sample(match.group(1))
        for path in _filled(route[: match.start()] + str(value) + route[match.end() :], sample)
    ]


def visit(
    by: User, *, but: Collection[str] = ()
) -> Iterator[tuple[str, URLPattern, HttpResponseBase]]:
    """Yield (path, pattern, response) of addresses(); of a view that is never asked, the first.

    Who does not belong there, or has no button to ask with, is refused before a row is looked up.
    Without keeping what each template was given, which takes longer.
    """
    client, unasked = Client(), set[URLPattern]()
    client.force_login(by)
    with patch("django.test.client.store_rendered_templates", lambda *args, **kwargs: None):
        for path, pattern in dict.fromkeys(addresses()):
            if path in but or pattern in unasked:
                continue
            response = client.get(path)
            if response.status_code == 405 or not belongs(by, pattern.callback.audience):
                unasked.add(pattern)
            yield path, pattern, response
