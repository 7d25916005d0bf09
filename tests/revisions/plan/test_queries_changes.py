"""What was done to the draft is on record, and found between two versions."""

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, transaction

from revisions.models import Change, PlanVersion, Revision
from revisions.plan.parts import freeze, load
from revisions.plan.queries import content_of_version
from revisions.plan.queries_changes import changes_between, changes_of_project
from tests.factories import NOON, section, user
from tests.revisions.drafts import running_revision
from tests.revisions.plan.test_commands import add, discontinue, edit, head
from workflow.access import grant
from workflow.models import Case

pytestmark = pytest.mark.django_db


def frozen(revision: Revision, label: str = "案") -> PlanVersion:
    with transaction.atomic():
        return freeze(revision, label=label, by=user("joho-tanto"), at=NOON)


def told(found: dict[str, list[Change]]) -> dict[str, list[str]]:
    return {key: [change.kind for change in changes] for key, changes in found.items()}


def test_an_edit_has_what_it_touched(city):
    revision = running_revision()
    edit(revision, name="改めた名称")
    change = Change.objects.get()
    assert change.before.keys() == {"name"}
    assert change.proposed == change.final == {"name": "改めた名称"}
    assert (change.uid, change.kind, change.reason) == ("P05", "edit", "誤記の訂正")
    assert (change.origin_label, change.by.username) == ("事務局修正", "joho-tanto")


def test_what_came_and_went_has_its_place(city):
    revision = running_revision()
    uid = add(revision)
    discontinue(revision)
    added, gone = revision.changes.all()
    assert (added.uid, added.before, added.final["place"]) == (uid, {}, "1-2-(5)")
    assert (gone.before["place"], gone.final) == ("1-1-(5)", {"as": "achieved"})


def test_between_two_versions_stands_what_was_done_between(city):
    revision = running_revision("new_plan")
    edit(revision, name="前からの名称")
    first = frozen(revision)
    edit(revision, name="改めた名称")
    edit(revision, aims="改めた目標")
    head(revision, place="1-2")
    second = frozen(revision)
    head(revision, place="")
    third = frozen(Revision.objects.get(pk=revision.pk))
    assert told(changes_between(first, second)) == {"P05": ["edit", "edit"], "1-2": ["heading"]}
    assert told(changes_between(second, third)) == {"": ["heading"]}
    assert told(changes_between(first, third)) == {
        "P05": ["edit", "edit"],
        "1-2": ["heading"],
        "": ["heading"],
    }
    assert changes_between(third, first) == changes_between(first, first) == {}
    names = [change.final.get("name") for change in changes_of_project(revision, "P05")]
    assert names == [None, "改めた名称", "前からの名称"]


def test_a_change_taken_back_before_it_was_shown_lies_between_the_same_words(city):
    revision = running_revision()
    first = frozen(revision)
    name = revision.projects.get(uid="P05").name
    edit(revision, name="改めた名称")
    edit(revision, name=name)
    assert frozen(revision) == first
    edit(revision, aims="改めた目標")
    assert told(changes_between(first, frozen(revision))) == {"P05": ["edit"] * 3}


def test_the_next_revision_goes_on_from_its_base(city):
    """What was done in a revision that came to nothing is on nobody's way."""
    first = running_revision()
    old = frozen(first)
    edit(first, name="改めた名称")
    base = frozen(first)
    edit(first, name="やめた名称")
    frozen(first)
    following = next_of(first, base)
    discontinue(following)
    new = frozen(following)
    assert told(changes_between(old, new)) == {"P05": ["edit", "discontinue"]}
    assert told(changes_between(base, new)) == {"P05": ["discontinue"]}


def next_of(first: Revision, base: PlanVersion) -> Revision:
    first.withdraw(at=NOON)
    first.save()
    case = Case.objects.create(route="standard", title="次の改定")
    following = Revision(
        plan=first.plan, case=case, kind="midterm_review", title="次の改定", base=base
    )
    following.consult()
    following.save()
    with transaction.atomic():
        load(following, content_of_version(base))
    grant("steer_revision", section("joho").group, following)
    grant("read_revision", Group.objects.filter(section__isnull=False), following)
    return following


@pytest.mark.parametrize("wrong", [{"uid": ""}, {"origin": "answer"}, {"kind": "heading"}])
def test_the_database_keeps_a_change_whole(city, wrong):
    revision = running_revision()
    edit(revision, name="改めた名称")
    change = Change.objects.get()
    change.pk, change.number = None, 2
    for name, value in wrong.items():
        setattr(change, name, value)
    with pytest.raises(DatabaseError), transaction.atomic():
        change.save()


def test_the_database_keeps_a_change_as_it_was(city):
    edit(running_revision(), name="改めた名称")
    with pytest.raises(DatabaseError), transaction.atomic():
        Change.objects.update(reason="別の理由")
