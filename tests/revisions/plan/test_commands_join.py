"""Two projects become one, word by word as a person decides; one becomes two."""

import pytest

from revisions.models import Project
from revisions.plan import commands_join as commands
from revisions.plan.content import numbers
from revisions.plan.merging import Choice, changed_fields
from revisions.plan.queries import content_of, fingerprint, places_of, sheet_of
from tests.factories import NOON, section, user
from tests.revisions.drafts import running_revision
from tests.revisions.plan.test_commands import counted, edit
from tests.revisions.plan.test_commands_place import is_sound, relist_project
from workflow.audit.models import AuditEntry
from workflow.errors import Invalid, Stale
from workflow.models import OutboxEvent

pytestmark = pytest.mark.django_db


def merge_projects(revision, *, uid="P05", other="P06", choices=None, **more):
    into, taken = sheet_of(revision, uid), sheet_of(revision, other)
    sides = dict.fromkeys(changed_fields(into, taken), Choice("into"))
    words = {"reason": "取組が重なるため", "by": user("joho-tanto"), "at": NOON} | more
    return commands.merge_projects(
        revision_id=revision.pk, uid=uid, other=other, choices=sides | (choices or {}), **words
    )


def split_project(revision, *, uid="P05", stays=None, goes=None, slot=("1-2", 1), **more):
    before = sheet_of(revision, uid)
    words = {"reason": "担当が分かれるため", "by": user("joho-tanto"), "at": NOON} | more
    return commands.split_project(
        revision_id=revision.pk,
        uid=uid,
        sheet=before | {"overview": "残る概要"} | (stays or {}),
        new=before | {"name": "分けた事業", "overview": "移る概要"} | (goes or {}),
        slot=slot,
        **words,
    )


def test_every_field_becomes_what_was_chosen(city):
    revision = running_revision()
    before = content_of(revision)
    into, taken = sheet_of(revision, "P05"), sheet_of(revision, "P06")
    merge_projects(
        revision,
        choices={
            "name": Choice("own", "発信の強化"),
            "aims": Choice("taken"),
            "lead": Choice("own", [*into["lead"], *taken["lead"]]),
        },
    )
    sheet = sheet_of(revision, "P05")
    assert (sheet["name"], sheet["aims"]) == ("発信の強化", taken["aims"])
    assert sheet["lead"] == [*into["lead"], *taken["lead"]]
    assert sheet["overview"] == into["overview"]
    is_sound(revision, before)


def test_the_gone_one_leads_to_the_one_it_went_into(city):
    revision = running_revision()
    before = content_of(revision)
    relist_project(revision, uid="P06", slot=("1-1", 1))
    merge_projects(revision, choices={"aims": Choice("taken")})
    assert "P06" not in places_of(revision).values()
    with pytest.raises(Project.DoesNotExist):
        sheet_of(revision, "P06")
    _relisted, kept, gone = revision.changes.all()
    assert (kept.uid, kept.other, kept.kind, kept.decided["aims"]) == (
        *("P05", "P06", "merge"),
        "taken",
    )
    assert kept.final.keys() == {"aims"}
    assert (gone.uid, gone.other, gone.final) == ("P06", "P05", {})
    assert gone.before["place"] == "1-2-(1)"
    is_sound(revision, before)


def test_both_sections_are_told_of_a_merger(city):
    revision = running_revision()
    merge_projects(revision)
    entry = AuditEntry.objects.get(verb="plan.projects_merged")
    leads = {section("kodomo").group_id, section("koho").group_id}
    assert set(OutboxEvent.objects.get(entry=entry).groups) == leads


def test_a_project_becomes_two(city):
    revision = running_revision()
    before = content_of(revision)
    uid = split_project(revision)
    assert numbers(content_of(revision))[uid] == "1-2-(1)"
    assert sheet_of(revision, "P05")["overview"] == "残る概要"
    assert sheet_of(revision, uid)["overview"] == "移る概要"
    stays, goes = revision.changes.all()
    assert (stays.uid, stays.other, stays.final) == ("P05", uid, {"overview": "残る概要"})
    assert (goes.uid, goes.other, goes.final["place"]) == (uid, "P05", "1-2-(1)")
    is_sound(revision, before)


def wrong_merges():
    yield {"other": "P05"}, "other"
    yield {"choices": {"name": Choice("own", " ")}}, "name"
    yield {"choices": {"lead": Choice("own", [])}}, "lead"
    yield {"reason": " "}, "reason"


def wrong_splits():
    yield {"goes": {"name": ""}}, "name"
    yield {"goes": {"name": "残る名称"}, "stays": {"name": "残る名称"}}, "name"
    yield {"stays": {"lead": []}}, "lead"
    yield {"slot": ("1-2", 99)}, "slot"
    yield {"slot": ("9-9", 1)}, "place"
    yield {"reason": ""}, "reason"


@pytest.mark.parametrize(
    "act, given, field",
    [(merge_projects, *row) for row in wrong_merges()]
    + [(split_project, *row) for row in wrong_splits()],
)
def test_what_makes_no_sense_is_refused(city, act, given, field):
    revision = running_revision()
    before = counted(), content_of(revision)
    with pytest.raises(Invalid) as refused:
        act(revision, **given)
    assert refused.value.field == field
    assert (counted(), content_of(revision)) == before


def test_a_field_that_nobody_decided_is_asked_for(city):
    revision = running_revision()
    with pytest.raises(Invalid) as refused:
        commands.merge_projects(
            revision_id=revision.pk,
            uid="P05",
            other="P06",
            choices={},
            reason="重なり",
            by=user("joho-tanto"),
            at=NOON,
        )
    assert refused.value.field == "name"


def test_a_split_takes_something_away(city):
    revision = running_revision()
    with pytest.raises(Invalid):
        split_project(revision, stays=sheet_of(revision, "P05"))


def test_a_page_of_other_words_is_stale(city):
    revision = running_revision()
    one, other = sheet_of(revision, "P05"), sheet_of(revision, "P06")
    edit(revision, uid="P06", aims="改めた目標")
    with pytest.raises(Stale):
        merge_projects(revision, seen=fingerprint([one, other]))
    edit(revision, uid="P05", aims="改めた目標")
    with pytest.raises(Stale):
        split_project(revision, seen=fingerprint(one))
