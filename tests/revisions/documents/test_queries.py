"""Why a version differs: what sections answered and what the secretariat gave as its reason."""

from datetime import timedelta

import pytest

from revisions.documents.queries import reasons_between, sections_in_order
from revisions.documents.table import Reason
from revisions.models import PlanVersion, Revision
from revisions.plan import commands, parts
from revisions.plan.queries import content_of_version, sheet_of
from tests.counting import at_most
from tests.factories import NOON, user
from tests.revisions.drafts import running_revision
from tests.revisions.inquiry.walk import (
    accept,
    answer,
    approve,
    issued,
    receive,
    submit,
    target_of,
    unchanged,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
OFFICE = "事務局修正"


def frozen(revision: Revision, hours: int) -> PlanVersion:
    revision = Revision.objects.get(pk=revision.pk)
    at = NOON + hours * HOUR
    return parts.freeze(revision, label=f"{hours}時間後", by=user("joho-tanto"), at=at)


def edited(revision: Revision, hours: int, uid: str, reason: str) -> None:
    commands.edit_sheet(
        revision_id=revision.pk,
        uid=uid,
        sheet=sheet_of(revision, uid) | {"overview": f"{reason}のため改めた概要。"},
        reason=reason,
        by=user("joho-tanto"),
        at=NOON + hours * HOUR,
    )


@pytest.fixture
def revision(city: None) -> Revision:
    return running_revision()


def test_the_reasons_of_the_secretariat_between_the_two(revision: Revision) -> None:
    frozen(revision, -3)
    edited(revision, -2, "P01", "早すぎる理由")
    old = frozen(revision, -1)
    edited(revision, 1, "P01", "一つ目の理由")
    edited(revision, 2, "P02", "別の事業の理由")
    edited(revision, 3, "P01", "二つ目の理由")
    heading = {"place": "1-2", "name": "地域のICT", "aim": "", "reason": "言い直し"}
    at = NOON + 4 * HOUR
    commands.edit_heading(revision_id=revision.pk, **heading, by=user("joho-tanto"), at=at)
    new = frozen(revision, 5)
    edited(revision, 6, "P01", "遅すぎる理由")
    with at_most(3):
        found = dict(reasons_between(old, new))
    assert found == {
        "P01": (Reason("一つ目の理由", OFFICE), Reason("二つ目の理由", OFFICE)),
        "P02": (Reason("別の事業の理由", OFFICE),),
        "1-2": (Reason("言い直し", OFFICE),),
    }
    assert reasons_between(new, old) == ()


def test_the_reason_of_an_accepted_answer_and_who_gave_it(revision: Revision) -> None:
    old = frozen(revision, -1)
    target = receive(target_of(issued(revision=revision)))
    sheet = sheet_of(revision, "P06") | {"overview": "課が改めた概要。"}
    answer(target, kind="edit", sheet=sheet, reason="手段が増えたため")
    unchanged(target)
    submit(target)
    approve(target)
    accept(target)
    found = dict(reasons_between(old, frozen(revision, 1)))
    origin = "照会回答（広報広聴課）"
    assert found["P06"] == (Reason("手段が増えたため", origin),)


def test_sections_stand_in_the_order_of_the_organisation(revision: Revision) -> None:
    names = sections_in_order(content_of_version(frozen(revision, 1)))
    assert names.index("広報広聴課") < names.index("情報システム課") < names.index("戸籍住民課")
    assert len(set(names)) == len(names)
