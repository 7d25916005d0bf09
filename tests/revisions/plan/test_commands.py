import json

import pytest

from revisions.models import Project
from revisions.plan import commands, commands_join, commands_place
from revisions.plan.content import numbers
from revisions.plan.gates import faults
from revisions.plan.merging import Choice, changed_fields
from revisions.plan.queries import (
    content_of,
    fingerprint,
    places_of,
    readable_revisions,
    sheet_of,
)
from revisions.plan.states import DropReason
from tests.factories import NOON, section, user
from tests.revisions.drafts import running_revision
from workflow.audit.models import AuditEntry
from workflow.errors import Invalid, NotAllowed, Stale, Unmet
from workflow.models import OutboxEvent

pytestmark = pytest.mark.django_db


def counted():
    return AuditEntry.objects.count(), OutboxEvent.objects.count()


def edit(revision, *, by="joho-tanto", uid="P05", seen=None, reason="誤記の訂正", **fields):
    return commands.edit_sheet(
        revision_id=revision.pk,
        uid=uid,
        sheet=sheet_of(revision, uid) | fields,
        reason=reason,
        by=user(by),
        at=NOON,
        seen=seen,
    )


def add(revision, *, by="joho-tanto", place="1-2", **fields):
    return commands.add_project(
        revision_id=revision.pk,
        sheet=sheet_of(revision, "P05") | {"uid": "", "name": "新しい事業"} | fields,
        place=place,
        reason="新規の要望",
        by=user(by),
        at=NOON,
    )


def discontinue(revision, *, by="joho-tanto", reason="完了"):
    return commands.discontinue_project(
        revision_id=revision.pk,
        uid="P05",
        dropped_as=DropReason.ACHIEVED,
        reason=reason,
        by=user(by),
        at=NOON,
    )


def head(revision, *, by="joho-tanto", place="1-2", name="改めた見出し", **more):
    return commands.edit_heading(
        revision_id=revision.pk,
        place=place,
        name=name,
        reason="言い直し",
        by=user(by),
        at=NOON,
        **more,
    )


def ended(revision, state):
    if state == "withdrawn":
        revision.withdraw(at=NOON)
    if state == "adopted":
        revision.adopt(at=NOON)
    revision.save()
    return revision


def change_name(revision, by):
    return edit(revision, by=by, name="改めた名称")


def move(revision, by):
    return commands_place.move_project(
        revision_id=revision.pk,
        uid="P05",
        place="1-1-(5)",
        slot=("1-2", 1),
        reason="移動",
        by=user(by),
        at=NOON,
    )


def relist(revision, by):
    return commands_place.relist_project(
        revision_id=revision.pk, uid="P05", slot=("1-2", 1), reason="再掲", by=user(by), at=NOON
    )


def unlist(revision, by):
    """P21, relisted in the demo plan."""
    place = next(p for p, uid in reversed(places_of(revision).items()) if uid == "P21")
    return commands_place.unlist_project(
        revision_id=revision.pk, uid="P21", place=place, reason="重複", by=user(by), at=NOON
    )


def merge(revision, by):
    into, taken = sheet_of(revision, "P05"), sheet_of(revision, "P06")
    return commands_join.merge_projects(
        revision_id=revision.pk,
        uid="P05",
        other="P06",
        choices=dict.fromkeys(changed_fields(into, taken), Choice("into")),
        reason="統合",
        by=user(by),
        at=NOON,
    )


def split(revision, by):
    sheet = sheet_of(revision, "P05")
    return commands_join.split_project(
        revision_id=revision.pk,
        uid="P05",
        sheet=sheet | {"overview": "残る概要"},
        new=sheet | {"name": "分けた事業"},
        slot=("1-2", 1),
        reason="分割",
        by=user(by),
        at=NOON,
    )


ACTS = {
    "edit": change_name,
    "add": add,
    "discontinue": discontinue,
    "head": head,
    "move": move,
    "relist": relist,
    "unlist": unlist,
    "merge": merge,
    "split": split,
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("by", ["joho-tanto", "joho-kacho"])
def test_the_secretariat_changes_the_draft(city, act, by):
    revision = running_revision()
    ACTS[act](revision, by=by)
    entry = AuditEntry.objects.filter(subject=revision.key).latest("seq")
    assert entry.verb.startswith("plan.")
    assert entry.by == user(by)
    change = revision.changes.latest("number")
    assert (change.by, change.origin, change.reason) == (entry.by, "secretariat", reason_of(entry))


def reason_of(entry):
    return json.loads(entry.body)["reason"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("by", ["koho-kacho", "fuku-shicho-a", "iin-1", "kansa", "kanri"])
@pytest.mark.parametrize("state", ["consulting", "adopted", "withdrawn"])
def test_nobody_else_does(city, act, by, state):
    revision = ended(running_revision(), state)
    before = counted()
    with pytest.raises(NotAllowed):
        ACTS[act](revision, by=by)
    assert counted() == before


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", ["adopted", "withdrawn"])
def test_a_draft_that_is_done_stays(city, act, state):
    revision = ended(running_revision(), state)
    before = counted()
    with pytest.raises(Unmet):
        ACTS[act](revision, by="joho-tanto")
    assert counted() == before


@pytest.mark.parametrize(
    "kind, place, refused",
    [
        ("new_plan", "", False),
        ("new_plan", "1", False),
        ("new_plan", "1-2", False),
        ("midterm_review", "", True),
        ("midterm_review", "1", True),
        ("midterm_review", "1-2", False),
        ("annual_review", "", True),
        ("annual_review", "1", True),
        ("annual_review", "1-2", True),
    ],
)
def test_each_kind_opens_its_own_level(city, kind, place, refused):
    revision = running_revision(kind)
    before = counted()
    if refused:
        with pytest.raises(Unmet):
            head(revision, place=place)
        assert counted() == before
        return
    head(revision, place=place, aim="改めたねらい")
    content = content_of(type(revision).objects.get(pk=revision.pk))
    policy = content["policies"][0]
    shown = {"": content["plan"]["philosophy"], "1": policy["name"]}
    assert shown.get(place, policy["programs"][1]["name"]) == "改めた見出し"
    assert (policy["programs"][1]["aim"] == "改めたねらい") == (place == "1-2")


@pytest.mark.parametrize("place", ["9", "9-9", "一"])
def test_a_heading_is_one_that_is_there(city, place):
    with pytest.raises(Invalid):
        head(running_revision("new_plan"), place=place)


def test_what_changed_is_on_record_and_the_section_is_told(city):
    revision = running_revision()
    edit(revision, name="改めた名称")
    entry = AuditEntry.objects.get(verb="plan.sheet_edited")
    assert '"now":{"name":"改めた名称"}' in entry.body
    event = OutboxEvent.objects.get(entry=entry)
    assert event.groups == [section("kodomo").group_id]
    assert event.link == f"/revisions/{revision.pk}/sheets/P05/"


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"name": " "}, "name"),
        ({"lead": []}, "lead"),
        ({"lead": ["nowhere"]}, "lead"),
        ({"status": "old"}, "status"),
        ({"actions": [{"text": "", "spans": []}]}, "actions"),
        ({"actions": [{"text": "検討", "spans": [{"from": 2030, "to": 2031}]}]}, "actions"),
        ({"indicators": [{"name": "件数", "cumulative": False, "cells": [{}]}]}, "indicators"),
    ],
)
def test_a_sheet_that_is_wrong_names_its_field(city, fields, field):
    revision = running_revision()
    before = counted()
    with pytest.raises(Invalid) as refused:
        edit(revision, **fields)
    assert refused.value.field == field
    assert counted() == before


def test_every_fault_of_a_sheet_is_listed(city):
    revision = running_revision()
    sheet = sheet_of(revision, "P05") | {"name": "", "lead": []}
    assert [field for field, _ in faults(revision.plan, sheet)] == ["name", "lead"]
    assert faults(revision.plan, sheet_of(revision, "P05")) == []


@pytest.mark.parametrize("act", [edit, discontinue])
def test_a_change_needs_a_reason(city, act):
    revision = running_revision()
    with pytest.raises(Invalid) as refused:
        act(revision, reason=" ")
    assert refused.value.field == "reason"


def test_an_edit_that_changes_nothing_is_refused(city):
    with pytest.raises(Invalid):
        edit(running_revision())


def test_a_page_of_another_wording_is_stale(city):
    revision = running_revision()
    seen = fingerprint(sheet_of(revision, "P05"))
    edit(revision, name="先に改めた名称", seen=seen)
    with pytest.raises(Stale):
        edit(revision, name="あとから改めた名称", seen=seen)


def test_a_discontinued_project_is_no_longer_edited(city):
    revision = running_revision()
    discontinue(revision)
    with pytest.raises(Project.DoesNotExist):
        sheet_of(revision, "P05")


def test_a_new_project_is_placed(city):
    revision = running_revision()
    uid = add(revision)
    assert numbers(content_of(revision))[uid] == "1-2-(5)"


@pytest.mark.parametrize(
    "username, count",
    [("joho-tanto", 1), ("koho-kacho", 1), ("kansa", 1), ("iin-1", 0), ("kanri", 0)],
)
def test_who_reads(city, username, count):
    running_revision()
    assert readable_revisions(user(username)).count() == count


def test_what_is_not_carried_over_keeps_its_reason(city):
    revision = running_revision()
    name = sheet_of(revision, "P05")["name"]
    discontinue(revision)
    gone = {"uid": "P05", "name": name, "as": "achieved", "because": "完了"}
    assert content_of(revision)["dropped"] == [gone]
    entry = AuditEntry.objects.get(verb="plan.project_discontinued")
    assert '"dropped_as":"achieved"' in entry.body
