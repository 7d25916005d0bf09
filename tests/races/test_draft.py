"""Two people at one draft at the same instant: nothing is lost, nothing stands twice."""

from typing import Any

import pytest

from revisions.models import Project, Revision
from revisions.plan import commands as plan
from revisions.plan import commands_join as join
from revisions.plan import commands_place as place
from revisions.plan.consistency import check
from revisions.plan.merging import Choice, changed_fields
from revisions.plan.queries import content_of, fingerprint, places_of, sheet_of
from tests.factories import NOON, user
from tests.races.test_work import Together, once
from tests.revisions.drafts import running_revision
from tests.revisions.inquiry import walk
from workflow.audit.verify import verify
from workflow.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_answers_of_one_draft_are_both_in_it(city: None, together: Together) -> None:
    """Each is accepted under the revision's lock: neither writes over what the other changed."""
    revision = running_revision()
    asked = walk.issued("koho", "kodomo", revision=revision)
    targets = {}
    for code, uid in (("koho", "P06"), ("kodomo", "P05")):
        target = walk.receive(walk.target_of(asked, code), by=f"{code}-tanto")
        sheet = sheet_of(revision, uid) | {"overview": f"{code}の概要"}
        walk.answer(target, by=f"{code}-tanto", uid=uid, kind="edit", sheet=sheet)
        walk.unchanged(target, by=f"{code}-tanto")
        walk.submit(target, by=f"{code}-tanto")
        walk.approve(target, by=f"{code}-kacho")
        targets[uid] = walk.current(target)
    results = together(*(lambda t=t: walk.accept(t) for t in targets.values()))
    assert [r for r in results if isinstance(r, Exception)] == []
    assert sheet_of(revision, "P06")["overview"] == "kohoの概要"
    assert sheet_of(revision, "P05")["overview"] == "kodomoの概要"
    assert [change.number for change in revision.changes.all()] == [1, 2]
    assert verify().findings == []


@pytest.mark.parametrize("_again", range(3))
def test_an_answer_and_an_edit_of_the_same_words_meet_in_the_open(
    city: None, together: Together, _again: int
) -> None:
    """Whoever is second is told: nobody's words go without being seen."""
    revision = running_revision()
    target = walk.receive(walk.target_of(walk.issued(revision=revision)))
    seen = fingerprint(sheet_of(revision, "P06"))
    sheet = sheet_of(revision, "P06")
    walk.answer(target, kind="edit", sheet=sheet | {"overview": "課の概要"})
    walk.unchanged(target)
    walk.submit(target)
    walk.approve(target)

    def edit() -> Any:
        return plan.edit_sheet(
            revision_id=revision.pk,
            uid="P06",
            sheet=sheet | {"overview": "事務局の概要"},
            reason="字句の整理",
            by=user("joho-tanto"),
            at=NOON,
            seen=seen,
        )

    once(together(lambda: walk.accept(target), edit))
    assert revision.changes.count() == 1
    assert verify().findings == []


def test_one_pair_is_merged_once(city: None, together: Together) -> None:
    revision = running_revision()

    def merge(into: str, other: str) -> Any:
        sheets = [sheet_of(revision, uid) for uid in (into, other)]
        return join.merge_projects(
            revision_id=revision.pk,
            uid=into,
            other=other,
            choices=dict.fromkeys(changed_fields(*sheets), Choice("into")),
            reason="重なるため",
            by=user("joho-tanto"),
            at=NOON,
        )

    one, other = together(lambda: merge("P05", "P06"), lambda: merge("P06", "P05"))
    refused = [r for r in (one, other) if isinstance(r, Exception)]
    assert len(refused) == 1
    assert isinstance(refused[0], Refused | Project.DoesNotExist)
    assert revision.projects.filter(uid__in=["P05", "P06"], is_discontinued=False).count() == 1
    assert revision.changes.count() == 2
    assert verify().findings == []


def test_places_stay_in_order_when_two_move_at_once(city: None, together: Together) -> None:
    revision = running_revision()
    places = {uid: place for place, uid in places_of(revision).items()}

    def move(uid: str) -> Any:
        return place.move_project(
            revision_id=revision.pk,
            uid=uid,
            place=places[uid],
            slot=("1-2", 1),
            reason="移動",
            by=user("joho-tanto"),
            at=NOON,
        )

    results = together(*(lambda uid=uid: move(uid) for uid in ("P03", "P04", "P05")))
    assert all(isinstance(r, Revision | Refused) for r in results), results
    content = content_of(revision)
    assert check({key: content[key] for key in ("plan", "policies", "projects")}) == []
    done = [r for r in results if isinstance(r, Revision)]
    assert revision.changes.count() == len(done) > 0
