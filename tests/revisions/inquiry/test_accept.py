"""Accepted answers reach the draft; what moved meanwhile is not overwritten unseen."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from revisions.inquiry.duties import merged
from revisions.inquiry.states import TargetState as S
from revisions.models import Opinion, Project
from revisions.plan import commands as plan
from revisions.plan.consistency import check
from revisions.plan.content import numbers
from revisions.plan.queries import content_of, sheet_of
from tests.factories import NOON, user
from tests.revisions.drafts import demo_content, running_revision
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
from workflow.errors import Unmet

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
    accept(answered(target, kind="discontinue"))
    assert "P06" not in numbers(content_of(target.revision))


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


def test_a_clash_is_refused_naming_the_field_unless_the_section_is_to_win(target):
    found = answered(target, **proposal(target, overview="課の概要"))
    secretariat_edits(target, overview="事務局の概要")
    before = counted()
    with pytest.raises(Unmet) as refused:
        accept(found)
    (missing,) = refused.value.missing
    assert "概要" in missing.what
    assert missing.link == f"/revisions/{target.revision_id}/sheets/P06/"
    assert (counted(), current(target).state) == (before, S.ANSWERED)
    accept(found, over=True)
    assert sheet_of(target.revision, "P06")["overview"] == "課の概要"


def test_discontinuing_what_has_moved_is_a_clash(target):
    found = answered(target, kind="discontinue")
    secretariat_edits(target, overview="事務局の概要")
    with pytest.raises(Unmet):
        accept(found)
    accept(found, over=True)
    assert "P06" not in numbers(content_of(target.revision))


@pytest.mark.parametrize("kind, refused", [("edit", True), ("discontinue", False)])
def test_an_answer_for_a_sheet_that_is_gone(target, kind, refused):
    given = proposal(target, overview="課の概要") if kind == "edit" else {"kind": kind}
    found = answered(target, **given)
    plan.discontinue_project(
        revision_id=target.revision_id, uid="P06", reason="完了", by=user("joho-tanto"), at=NOON
    )
    if refused:
        with pytest.raises(Unmet):
            accept(found, over=True)
    else:
        assert accept(found).state == S.ACCEPTED


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


WORDS = st.sampled_from(["", "一", "二", "三"])
SHEETS = st.fixed_dictionaries({"name": WORDS, "overview": WORDS, "aims": WORDS})


@given(draft=SHEETS, before=SHEETS, proposed=SHEETS)
def test_a_merge_loses_nobodys_words_unseen(draft, before, proposed):
    sheet, clashes = merged(draft, before, proposed)
    for field in sheet:
        if proposed[field] == before[field]:
            assert sheet[field] == draft[field]
        else:
            assert sheet[field] == proposed[field]
            assert (field in clashes) == (draft[field] not in (before[field], proposed[field]))


LEADS = {"koho": "P06", "koseki": "P03", "toshokan": "P04", "kodomo": "P05"}
KINDS = st.sampled_from(["unchanged", "edit", "discontinue", "add"])


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    order=st.permutations(sorted(LEADS)),
    kinds=st.fixed_dictionaries(dict.fromkeys(LEADS, KINDS)),
)
def test_the_draft_is_the_base_with_what_was_accepted(city, order, kinds):
    """Whatever is answered, in whatever order it is accepted."""
    revision = running_revision(content=renamed_plan())
    inquiry = issued(*LEADS, revision=revision)
    wanted = {sheet["uid"]: sheet for sheet in demo_content()["projects"]}
    added = 0
    for code in order:
        uid, kind = LEADS[code], kinds[code]
        changed = sheet_of(revision, uid) | {"overview": f"{code}の概要"}
        words: dict[str, Any] = {"uid": uid, "kind": kind}
        if kind == "edit":
            words["sheet"] = wanted[uid] = changed
        elif kind == "discontinue":
            del wanted[uid]
        elif kind == "add":
            added += 1
            words |= {"uid": "", "sheet": changed, "place": "1-1"}
        found = receive(target_of(inquiry, code), by=f"{code}-tanto")
        answer(found, by=f"{code}-tanto", **words)
        unchanged(found, by=f"{code}-tanto")
        submit(found, by=f"{code}-tanto")
        approve(found, by=f"{code}-kacho")
        accept(found)
    content = content_of(revision)
    stands = {sheet["uid"]: sheet for sheet in content["projects"]}
    assert {uid: stands[uid] for uid in wanted} == wanted
    assert len(stands) == len(wanted) + added
    assert check({key: content[key] for key in ("plan", "policies", "projects")}) == []


PLANS = iter(range(1_000))


def renamed_plan():
    content = demo_content()
    return content | {"plan": content["plan"] | {"code": f"plan-{next(PLANS)}"}}
