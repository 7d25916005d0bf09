"""Every command of a workbook: every state, every person, and what it leaves behind."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django_fsm import TransitionNotAllowed

from revisions.inquiry import commands_answer
from revisions.inquiry.models import Remark, SheetAnswer
from revisions.inquiry.queries import missing_consents, sheets_of
from revisions.inquiry.workbook import commands
from revisions.inquiry.workbook.answers import Answer, Opinion
from revisions.inquiry.workbook.models import KEPT, Upload
from revisions.inquiry.workbook.queries import upload_of
from revisions.inquiry.workbook.tasks import forget_uploads
from tests.factories import NOON, section, user
from tests.revisions.inquiry import test_joint
from tests.revisions.inquiry.test_answers import sheet
from tests.revisions.inquiry.test_drafts import opened, save_fields, typing
from tests.revisions.inquiry.test_table import ASKED, OTHERS, SECRETARIAT, WRITING
from tests.revisions.inquiry.walk import (
    PATHS,
    answer,
    counted,
    current,
    issued,
    receive,
    target_at,
    target_of,
)
from tests.revisions.inquiry.workbook.filling import filled, given_out, looked_at
from workflow.audit.models import AuditEntry
from workflow.errors import Invalid, NotAllowed, Stale, Unmet
from workflow.models import OutboxEvent

pytestmark = pytest.mark.django_db

FILE = sha256(b"PK").hexdigest()


def upload(target, *, by="koho-tanto", body=b"PK"):
    given = {"target_id": target.pk, "name": "照会票.xlsx", "body": body}
    return commands.upload_workbook(by=user(by), at=NOON, **given)


def save(target, *, by="koho-tanto", **given):
    given = {"seen": current(target).chain_length} | (given or {"answers": [unchanged(target)]})
    return commands.save_workbook(target_id=target.pk, file=FILE, by=user(by), at=NOON, **given)


def unchanged(target, uid="P06"):
    return Answer(uid, "unchanged", {}, sheet(target, uid))


def edited(target, uid="P06", reason="見直し", **fields):
    return Answer(uid, "edit", sheet(target, uid, **fields), sheet(target, uid), reason=reason)


@pytest.fixture
def target(city):
    return receive(target_of(issued()))


@pytest.fixture
def opinions(city):
    return receive(target_of(issued(kind="opinions")))


@pytest.mark.parametrize("state", PATHS)
@pytest.mark.parametrize("act", [upload, save], ids=lambda act: act.__name__)
def test_every_state_and_every_person(city, act, state):
    target = target_at(state)
    for by in (*SECRETARIAT, *ASKED, *OTHERS):
        before = counted()
        if by not in ASKED:
            with pytest.raises(NotAllowed):
                act(target, by=by)
        elif state not in WRITING:
            with pytest.raises((TransitionNotAllowed, Unmet)):
                act(target, by=by)
        else:
            continue
        assert counted() == before
        assert current(target).state == state
    assert not Upload.objects.exists()
    if state in WRITING:
        act(target, by="koho-tanto")
        assert current(target).state == state


def test_what_was_sent_is_kept_for_the_sender_alone_and_recorded_nowhere(target):
    before = counted()
    upload(target, body=b"PK1")
    kept = upload(target, body=b"PK2")
    assert counted() == before
    assert current(target).chain_length == target.chain_length
    assert Upload.objects.count() == 1
    assert upload_of(target, user("koho-tanto"), NOON) == kept
    assert bytes(kept.body) == b"PK2"
    assert upload_of(target, user("koho-kacho"), NOON) is None


def test_it_is_thrown_away_by_its_sender_only(target):
    upload(target)
    commands.drop_workbook(target_id=target.pk, by=user("koho-kacho"), at=NOON)
    assert Upload.objects.exists()
    commands.drop_workbook(target_id=target.pk, by=user("koho-tanto"), at=NOON)
    assert not Upload.objects.exists()


def test_it_is_forgotten_after_its_time(target):
    upload(target)
    late = NOON + KEPT
    assert upload_of(target, user("koho-tanto"), late) is None
    assert commands.forget_workbooks(at=late - timedelta(seconds=1)) == 0
    assert commands.forget_workbooks(at=late) == 1
    assert not Upload.objects.exists()


def test_the_task_forgets_what_is_long_over(target):
    upload(target)
    Upload.objects.update(expires_at=NOON.replace(year=2000))
    forget_uploads()
    assert not Upload.objects.exists()


def test_all_is_saved_in_one_act_and_the_file_is_gone(target):
    upload(target)
    other = sheets_of(target).own[1]["uid"]
    answer(target, uid=other)
    before = counted()
    changed = edited(target, overview="改めた概要")
    added = sheet(target, uid="P06", name="新しい事業") | {"uid": ""}
    new = Answer("new-1", "add", added, {}, "1-2", "新規に始める")
    save(target, answers=[changed, new], removed=[other])
    assert counted() == (before[0] + 1, before[1])
    entry = json.loads(AuditEntry.objects.filter(subject=target.key).latest("seq").body)
    assert entry["verb"] == "inquiry.workbook_saved"
    assert [told["uid"] for told in entry["facts"]["answers"]] == ["P06", "new-1"]
    assert entry["facts"]["file"] == FILE
    assert set(target.answers.values_list("uid", "kind")) == {("P06", "edit"), ("new-1", "add")}
    assert not Upload.objects.exists()


def test_it_saves_what_the_page_saves(city):
    target = receive(target_of(issued()))
    changed = edited(target, overview="改めた概要")
    save(target, answers=[changed])
    by_workbook = rows(target)
    answer(target, uid="P06", kind="unchanged", reason="")
    answer(target, uid="P06", kind="edit", sheet=changed.sheet, reason="見直し")
    assert rows(target) == by_workbook


def test_a_project_to_be_added_is_saved_as_the_page_saves_it(target):
    added = sheet(target, name="新しい事業") | {"uid": ""}
    save(target, answers=[Answer("new-1", "add", added, {}, "1-2", "新規に始める")])
    by_workbook = rows(target)
    commands_answer.remove_answer(target_id=target.pk, uid="new-1", by=user("koho-tanto"), at=NOON)
    answer(target, uid="", kind="add", sheet=added, place="1-2", reason="新規に始める")
    assert rows(target) == by_workbook


def rows(target):
    names = ("uid", "kind", "before", "proposed", "place", "reason")
    return list(SheetAnswer.objects.filter(target=target).values(*names))


def test_opinions_are_added_rewritten_and_withdrawn(opinions):
    first = Remark.objects.create(target=opinions, text="古い意見")
    second = Remark.objects.create(target=opinions, text="要らない意見")
    save(
        opinions,
        opinions=[
            Opinion(first.pk, str(first.pk), "P06", "概要", "改めた意見", "理由", ""),
            Opinion(None, "ab-1", "", "", "新しい意見", "", "修正案"),
        ],
        withdrawn=[second.pk],
    )
    found = opinions.remarks.values_list("text", "project_uid", "row")
    assert list(found) == [("改めた意見", "P06", ""), ("新しい意見", "", "ab-1")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"seen": 0, "answers": []},
        {"answers": [Answer("P01", "unchanged", {}, {"uid": "P01"})]},
        {"answers": [Answer("P06", "discontinue", {}, {"uid": "P06"}, dropped_as="merged")]},
        {"answers": [Answer("P06", "discontinue", {}, {"uid": "P06"}, reason="理由")]},
        {"answers": [Answer("new-1", "add", {}, {}, "9-9", "理由")]},
        {"answers": [Answer("P06", "nonsense", {}, {"uid": "P06"})]},
        {"opinions": [Opinion(None, "a-1", "", "", "意見", "", "")]},
    ],
)
def test_what_the_page_would_refuse_is_refused_as_a_whole(target, wrong):
    before = counted()
    with pytest.raises((Invalid, Stale)):
        save(target, **wrong)
    assert counted() == before
    assert not target.answers.exists()


def test_an_opinion_says_something_about_a_project_there_is(opinions):
    for project, text in (("", "  "), ("P99", "意見")):
        wrong = Opinion(None, "a-1", project, "", text, "", "")
        with pytest.raises(Invalid):
            save(opinions, opinions=[wrong])
    assert not opinions.remarks.exists()


def test_it_undoes_nothing_that_somebody_is_typing(target):
    save_fields(target, typing(opened(target), overview="書きかけ"))
    before = counted()
    with pytest.raises(Unmet):
        save(target)
    assert counted() == before
    [other, *_] = [own["uid"] for own in sheets_of(target).own if own["uid"] != "P06"]
    save(target, answers=[unchanged(target, other)])


def test_other_leads_are_asked_anew_and_told(city):
    target = test_joint.answered()
    test_joint.agree(target)
    again = edited(target, test_joint.UID, aims="もう一度改めた目指すもの。")
    save(target, by="joho-tanto", answers=[again])
    [consent] = missing_consents(target)
    assert consent.target.section == section("bunsho")
    told = OutboxEvent.objects.get(kind="inquiry.workbook_saved")
    assert told.groups == [section("bunsho").group_id]


@pytest.mark.parametrize("word, dropped_as", [("廃止", "abolished"), ("廃止(統合)", "merged")])
def test_what_is_discontinued_has_its_class_of_reason(target, word, dropped_as):
    body = filled(given_out(target), {"P06/kind": word, "P06/reason": "終了"})
    save(target, answers=looked_at(target, body).outcome.answers)
    assert target.answers.get(uid="P06").dropped_as == dropped_as
    assert not looked_at(target, given_out(target)).outcome
