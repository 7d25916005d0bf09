"""Accepted answers reach the draft; what moved meanwhile is not overwritten unseen."""

import pytest

from revisions.inquiry.states import TargetState as S
from revisions.models import Change, Opinion, Project
from revisions.plan import commands as plan
from revisions.plan.content import numbers
from revisions.plan.merging import Choice
from revisions.plan.queries import content_of, fingerprint, sheet_of
from revisions.plan.states import DropReason
from tests.factories import NOON, user
from tests.revisions.drafts import running_revision
from tests.revisions.inquiry.test_answers import remark
from tests.revisions.inquiry.walk import (
    accept,
    answer,
    approve,
    counted,
    current,
    issued,
    receive,
    submit,
    target_of,
    unchanged,
)
from workflow.errors import Invalid, Stale, Unmet

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(city):
    return receive(target_of(issued()))


def answered(target, **given):
    """Walk to the secretariat's desk with one sheet answered as given, the rest unchanged."""
    answer(target, **given)
    unchanged(target)
    submit(target)
    approve(target)
    return current(target)


def proposal(target, **fields):
    return {"kind": "edit", "sheet": sheet_of(target.revision, "P06") | fields}


def secretariat_edits(target, **fields):
    plan.edit_sheet(
        revision_id=target.revision_id,
        uid="P06",
        sheet=sheet_of(target.revision, "P06") | fields,
        reason="字句の整理",
        by=user("joho-tanto"),
        at=NOON,
    )


def test_an_edit_reaches_the_draft(target):
    accept(answered(target, **proposal(target, overview="改めた概要")))
    assert sheet_of(target.revision, "P06")["overview"] == "改めた概要"


def test_a_discontinued_project_leaves_the_draft(target):
    accept(answered(target, kind="discontinue", dropped_as="achieved", reason="目標を達した"))
    assert "P06" not in numbers(content_of(target.revision))
    gone = target.revision.projects.get(uid="P06")
    assert (gone.dropped_as, gone.dropped_because) == (DropReason.ACHIEVED, "目標を達した")
    change = target.revision.changes.get(uid="P06")
    assert (change.final, change.reason_told) == ({"as": "achieved"}, "達成：目標を達した")


def test_a_new_project_gets_its_uid_and_its_place(target):
    new = sheet_of(target.revision, "P06") | {"name": "新しい事業", "status": "new"}
    accept(answered(target, uid="", kind="add", sheet=new, place="1-2"))
    assert numbers(content_of(target.revision))["P39"] == "1-2-(5)"


def test_until_it_is_accepted_nothing_reaches_the_draft(target):
    before = content_of(target.revision)
    answered(target, **proposal(target, overview="改めた概要"))
    assert content_of(target.revision) == before


def test_changes_to_different_fields_do_not_clash(target):
    found = answered(target, **proposal(target, overview="課の概要"))
    secretariat_edits(target, name="事務局の名称")
    accept(found)
    sheet = sheet_of(target.revision, "P06")
    assert (sheet["overview"], sheet["name"]) == ("課の概要", "事務局の名称")


def chosen(field, side, value=None):
    return {"P06": {field: Choice(side, value)}}


def test_a_clash_is_refused_naming_the_field_and_the_page_where_it_is_decided(target):
    found = answered(target, **proposal(target, overview="課の概要"))
    secretariat_edits(target, overview="事務局の概要")
    before = counted(), Change.objects.count()
    with pytest.raises(Unmet) as refused:
        accept(found)
    (missing,) = refused.value.missing
    assert "概要" in missing.what
    assert missing.link == f"/answers/{target.pk}/conflicts/#clash-P06"
    assert ((counted(), Change.objects.count()), current(target).state) == (before, S.ANSWERED)


@pytest.mark.parametrize(
    "side, value, words",
    [
        ("draft", None, "事務局の概要"),
        ("answer", None, "課の概要"),
        ("own", "両方の概要", "両方の概要"),
    ],
)
def test_a_person_decides_a_clash_and_that_is_on_record(target, side, value, words):
    seen = sheet_of(target.revision, "P06")["overview"]
    found = answered(target, **proposal(target, overview="課の概要", aims="課の目標"))
    secretariat_edits(target, overview="事務局の概要")
    accept(found, by="joho-kacho", decided=chosen("overview", side, value))
    sheet = sheet_of(target.revision, "P06")
    assert (sheet["overview"], sheet["aims"]) == (words, "課の目標")
    _first, change = target.revision.changes.all()
    assert change.before["overview"] == seen
    assert change.proposed == {"overview": "課の概要", "aims": "課の目標"}
    assert change.final == {"overview": words, "aims": "課の目標"}
    assert (change.decided, change.by.username) == ({"overview": side}, "joho-kacho")
    assert (change.origin_label, change.reason) == ("照会回答（広報広聴課）", "見直し")
    assert (change.origin_key, change.based_on) == (target.key, target.inquiry.version)


def test_own_words_are_checked_like_any_others(target):
    found = answered(target, **proposal(target, name="課の名称"))
    secretariat_edits(target, name="事務局の名称")
    before = counted()
    with pytest.raises(Invalid) as refused:
        accept(found, decided=chosen("name", "own", " "))
    assert refused.value.field == "name"
    assert counted() == before


def test_a_page_that_showed_another_draft_is_stale(target):
    found = answered(target, **proposal(target, overview="課の概要"))
    secretariat_edits(target, overview="事務局の概要")
    shown = fingerprint({"P06": sheet_of(target.revision, "P06")})
    secretariat_edits(target, overview="事務局が直した概要")
    before = counted()
    with pytest.raises(Stale):
        accept(found, decided=chosen("overview", "answer"), drafted=shown)
    assert counted() == before


@pytest.mark.parametrize("side, stands", [("draft", True), ("answer", False)])
def test_discontinuing_what_has_moved_is_decided(target, side, stands):
    found = answered(target, kind="discontinue")
    secretariat_edits(target, overview="事務局の概要")
    with pytest.raises(Unmet):
        accept(found)
    accept(found, decided=chosen("place", side))
    assert ("P06" in numbers(content_of(target.revision))) == stands
    change = target.revision.changes.last()
    assert (change.kind, change.decided) == ("discontinue", {"place": side})
    assert ("place" in change.final) == stands


def test_an_edit_of_a_sheet_that_is_gone_stays_on_record(target):
    found = answered(target, **proposal(target, overview="課の概要"))
    secretariat_discontinues(target)
    for decided, error in [
        (None, Unmet),
        (chosen("place", "answer"), Invalid),
        (chosen("overview", "answer"), Stale),
    ]:
        with pytest.raises(error):
            accept(found, decided=decided)
    assert accept(found, decided=chosen("place", "draft")).state == S.ACCEPTED
    change = target.revision.changes.last()
    assert (change.kind, change.proposed, change.final) == ("edit", {"overview": "課の概要"}, {})


def test_discontinuing_what_is_gone_changes_nothing(target):
    found = answered(target, kind="discontinue")
    secretariat_discontinues(target)
    before = Change.objects.count()
    assert accept(found).state == S.ACCEPTED
    assert Change.objects.count() == before


def secretariat_discontinues(target):
    plan.discontinue_project(
        revision_id=target.revision_id,
        uid="P06",
        dropped_as=DropReason.ACHIEVED,
        reason="完了",
        by=user("joho-tanto"),
        at=NOON,
    )


def test_rows_of_a_table_go_together(target):
    actions = sheet_of(target.revision, "P06")["actions"]
    ours, theirs = ({"text": t, "spans": [{"from": 2025, "to": 2025}]} for t in ("事務局", "課"))
    found = answered(target, **proposal(target, actions=[*actions, theirs]))
    secretariat_edits(target, actions=[ours, *actions])
    accept(found)
    assert sheet_of(target.revision, "P06")["actions"] == [ours, *actions, theirs]


def test_unchanged_leaves_the_secretariats_wording_alone(target):
    found = answered(target)
    secretariat_edits(target, overview="事務局の概要")
    accept(found)
    assert sheet_of(target.revision, "P06")["overview"] == "事務局の概要"


def test_a_relisted_sheet_changes_in_every_place(city):
    revision = running_revision()
    lead = Project.objects.get(uid="P21").sections.get(role="lead", order=0).section.code
    found = receive(target_of(issued(lead, revision=revision), lead), by=f"{lead}-tanto")
    changed = {"kind": "edit", "sheet": sheet_of(revision, "P21") | {"overview": "改めた概要"}}
    answer(found, by=f"{lead}-tanto", uid="P21", **changed)
    unchanged(found, by=f"{lead}-tanto")
    submit(found, by=f"{lead}-tanto")
    approve(found, by=f"{lead}-kacho")
    accept(found)
    content = content_of(revision)
    assert [p["overview"] for p in content["projects"] if p["uid"] == "P21"] == ["改めた概要"]
    assert len(numbers(content)) == len(content["projects"])


def test_remarks_become_opinions_in_the_ledger(city):
    target = receive(target_of(issued(kind="opinions")))
    remark(target, project_uid="P06", place="概要", text="広げたい。", proposal="広げる。")
    remark(target, text="全体に分かりやすく。")
    submit(target)
    approve(target)
    accept(current(target))
    first, second = Opinion.objects.order_by("number")
    assert (first.number, first.channel, first.source) == (1, "section", "広報広聴課")
    assert (first.project_uid, first.place) == ("P06", "概要")
    assert first.text == "広げたい。\n\n修正案：広げる。"
    assert second.text == "全体に分かりやすく。"
    assert second.stage == target.inquiry.stage
