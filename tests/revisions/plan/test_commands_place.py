"""Where projects stand: moved, renumbered, relisted and no longer; numbers stay 1..n."""

import pytest

from revisions.plan import commands_place as commands
from revisions.plan.consistency import check
from revisions.plan.queries import content_of, fingerprint, places_of
from tests.factories import NOON, section, user
from tests.revisions.drafts import running_revision
from tests.revisions.plan.fold import bare, folded
from tests.revisions.plan.test_commands import counted, discontinue
from workflow.audit.models import AuditEntry
from workflow.errors import Invalid, Stale
from workflow.models import OutboxEvent

pytestmark = pytest.mark.django_db


def move_project(revision, *, uid="P05", place="1-1-(5)", slot=("1-2", 2), **more):
    words = {"reason": "ねらいに合わせて", "by": user("joho-tanto"), "at": NOON} | more
    return commands.move_project(revision_id=revision.pk, uid=uid, place=place, slot=slot, **words)


def relist_project(revision, *, uid="P05", slot=("1-2", 1), **more):
    words = {"reason": "関わりが深いため", "by": user("joho-tanto"), "at": NOON} | more
    return commands.relist_project(revision_id=revision.pk, uid=uid, slot=slot, **words)


def unlist_project(revision, *, uid="P05", place="1-2-(1)", **more):
    words = {"reason": "一か所にまとめる", "by": user("joho-tanto"), "at": NOON} | more
    return commands.unlist_project(revision_id=revision.pk, uid=uid, place=place, **words)


def uids(revision, path):
    return [uid for place, uid in places_of(revision).items() if place.startswith(f"{path}-(")]


def is_sound(revision, before):
    """The draft is whole, and it is what it was with what is on record."""
    content = content_of(revision)
    assert check(bare(content)) == []
    assert folded(before, revision.changes.all()) == bare(content)


def test_a_project_moves_and_both_programs_are_numbered_anew(city):
    revision = running_revision()
    before, there = content_of(revision), uids(revision, "1-2")
    here = uids(revision, "1-1")
    move_project(revision)
    assert uids(revision, "1-1") == [uid for uid in here if uid != "P05"]
    assert uids(revision, "1-2") == [there[0], "P05", *there[1:]]
    change = revision.changes.get()
    assert (change.kind, change.uid) == ("move", "P05")
    assert (change.before, change.final) == ({"place": "1-1-(5)"}, {"place": "1-2-(2)"})
    is_sound(revision, before)


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_project_gets_another_number_in_its_program(city, number):
    revision = running_revision()
    before, others = content_of(revision), uids(revision, "1-1")
    others.remove("P05")
    move_project(revision, slot=("1-1", number))
    assert uids(revision, "1-1") == [*others[: number - 1], "P05", *others[number - 1 :]]
    assert revision.changes.get().kind == "renumber"
    is_sound(revision, before)


def test_a_relisting_comes_moves_and_goes(city):
    revision = running_revision()
    before, there = content_of(revision), uids(revision, "1-2")
    relist_project(revision)
    assert uids(revision, "1-2") == ["P05", *there]
    move_project(revision, place="1-2-(1)", slot=("1-3", 1))
    assert uids(revision, "1-2") == there
    is_sound(revision, before)
    unlist_project(revision, place="1-3-(1)")
    assert [change.kind for change in revision.changes.all()] == ["relist", "move", "unlist"]
    assert bare(content_of(revision)) == bare(before)
    is_sound(revision, before)


def test_a_discontinued_project_takes_its_relistings_with_it(city):
    revision = running_revision()
    before = content_of(revision)
    relist_project(revision)
    discontinue(revision)
    assert "P05" not in places_of(revision).values()
    is_sound(revision, before)


def test_the_section_is_told_and_the_trail_has_both_places(city):
    revision = running_revision()
    move_project(revision)
    entry = AuditEntry.objects.get(verb="plan.project_moved")
    assert '"now":{"place":"1-2-(2)"}' in entry.body
    assert '"was":{"place":"1-1-(5)"}' in entry.body
    assert OutboxEvent.objects.get(entry=entry).groups == [section("kodomo").group_id]


@pytest.mark.parametrize(
    "act, given, field",
    [
        (move_project, {"slot": ("1-1", 5)}, "slot"),
        (move_project, {"slot": ("1-2", 9)}, "slot"),
        (move_project, {"slot": ("1-2", 0)}, "slot"),
        (move_project, {"slot": ("9-9", 1)}, "place"),
        (move_project, {"place": "1-1-(99)"}, "place"),
        (move_project, {"reason": " "}, "reason"),
        (relist_project, {"slot": ("1-1", 1)}, "slot"),
        (relist_project, {"slot": ("1-2", 9)}, "slot"),
        (relist_project, {"reason": ""}, "reason"),
        (unlist_project, {"place": "1-1-(5)"}, ""),
        (unlist_project, {"place": "1-9-(5)"}, "place"),
        (unlist_project, {"reason": ""}, "reason"),
    ],
)
def test_what_makes_no_sense_is_refused(city, act, given, field):
    revision = running_revision()
    before = counted(), places_of(revision)
    with pytest.raises(Invalid) as refused:
        act(revision, **given)
    assert refused.value.field == field
    assert (counted(), places_of(revision)) == before


def test_a_project_stands_in_a_program_once(city):
    revision = running_revision()
    relist_project(revision)
    with pytest.raises(Invalid):
        relist_project(revision)
    with pytest.raises(Invalid):
        move_project(revision, slot=("1-2", 3))


def test_a_page_of_other_places_is_stale(city):
    revision = running_revision()
    seen = fingerprint(places_of(revision))
    move_project(revision, slot=("1-1", 1), seen=seen)
    for act in (move_project, relist_project, unlist_project):
        with pytest.raises(Stale):
            act(revision, seen=seen)
    with pytest.raises(Stale):
        move_project(revision, place="1-1-(5)")  # another project stands there now
