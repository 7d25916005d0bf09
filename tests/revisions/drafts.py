"""A revision under way with the demo plan as its draft, as its start lays it down."""

from datetime import date
from functools import cache
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from revisions.demo.city import read
from revisions.models import Plan, Revision
from revisions.plan import parts
from tests.factories import NOON, section, user
from tests.replay import walked_once
from workflow.access import grant
from workflow.audit.trail import record
from workflow.models import Case, Round, Stage


@cache
def demo_content() -> dict[str, Any]:
    """The demo plan as content: the data's own shape, with the philosophy in the plan."""
    return {key: read("plan.yaml")[key] for key in ("plan", "policies", "projects")}


@walked_once
def running_revision(
    kind: str = "midterm_review", content: dict[str, Any] | None = None
) -> Revision:
    """A revision of the demo plan with joho as its secretariat, read by every section."""
    content = content or demo_content()
    facts = {name: content["plan"][name] for name in ("code", "title", "first_year", "last_year")}
    case = Case.objects.create(route="standard", title="試験の改定")
    revision = Revision(plan=Plan.objects.create(**facts), case=case, kind=kind, title="試験の改定")
    revision.consult()
    with transaction.atomic():
        record("revision.started", revision, by=user("joho-tanto"), at=NOON)
        parts.load(revision, content)
    grant("steer_revision", section("joho").group, revision)
    grant("read_revision", Group.objects.filter(section__isnull=False), revision)
    return revision


@walked_once
def open_stage(revision: Revision, kind: str = "inquiry", asks: str = "answers") -> Stage:
    """A stage of the revision, open since the day of the test."""
    first, _ = Round.objects.get_or_create(case=revision.case, number=1, defaults={"name": "素案"})
    order = revision.case.stages.count() + 1
    stage = Stage(
        case=revision.case, round=first, order=order, kind=kind, asks=asks, name="庁内照会"
    )
    stage.open(on=date(2026, 11, 24))
    stage.save()
    return stage
