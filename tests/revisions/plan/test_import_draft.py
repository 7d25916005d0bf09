"""計画案の取込み: a new plan's empty draft, filled once, by its secretariat."""

import copy
from typing import Any

import pytest

from revisions.cycle import commands as cycle
from revisions.demo.city import read
from revisions.models import Plan, Revision
from revisions.plan.commands import import_draft
from revisions.plan.content import sheets
from revisions.plan.queries import content_of
from tests.factories import NOON, TODAY, user
from workflow.audit.models import AuditEntry
from workflow.errors import Invalid, NotAllowed, Unmet

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision(city: None) -> Revision:
    plan = Plan.objects.create(code="ict-2021", title="計画", first_year=2021, last_year=2025)
    return cycle.start_revision(
        plan_id=plan.pk,
        kind="new_plan",
        route="standard",
        title="策定",
        starts_on=TODAY,
        by=user("joho-tanto"),
        at=NOON,
    )


def bring(revision: Revision, *, by: str = "joho-tanto", **more: Any) -> Revision:
    words = {"content": read("plan.yaml"), "reason": "骨子案"} | more
    return import_draft(revision_id=revision.pk, by=user(by), at=NOON, **words)


def refused(revision: Revision, error: type[Exception], **more: Any) -> None:
    entries = AuditEntry.objects.count()
    with pytest.raises(error):
        bring(revision, **more)
    assert AuditEntry.objects.count() == entries


def test_import_draft_brings_the_whole_plan(revision: Revision) -> None:
    bring(revision)
    content = content_of(revision)
    assert len(list(sheets(content))) == 41
    assert len(content["projects"]) == 38
    assert AuditEntry.objects.get(verb="plan.draft_imported").by == user("joho-tanto")


@pytest.mark.parametrize("who", ["koho-tanto", "shicho", "kanri", "kansa", "iin-1"])
def test_only_the_secretariat_imports(revision: Revision, who: str) -> None:
    refused(revision, NotAllowed, by=who)


def test_a_draft_with_content_is_left_alone(revision: Revision) -> None:
    bring(revision)
    refused(revision, Unmet)


def test_a_reason_is_asked_for(revision: Revision) -> None:
    refused(revision, Invalid, reason=" ")


def test_a_plan_that_contradicts_itself_is_refused_whole(revision: Revision) -> None:
    broken = copy.deepcopy(read("plan.yaml"))
    broken["projects"][0]["lead"] = ["nai-ka"]
    refused(revision, Invalid, content=broken)
    assert not revision.projects.exists()


def test_a_revision_that_is_over_takes_nothing(revision: Revision) -> None:
    cycle.withdraw_revision(
        revision_id=revision.pk, reason="取りやめ", by=user("joho-tanto"), at=NOON
    )
    refused(revision, Unmet)
