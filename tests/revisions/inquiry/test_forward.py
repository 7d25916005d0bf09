"""所管違いの転送: a sheet passes to the section that answers for it, with what was written."""

from datetime import date

import pytest
from django_fsm import TransitionNotAllowed

from notifications.catalog import notice_of
from revisions.desk.queries import work_of
from revisions.inquiry import commands_forward as forwards
from revisions.inquiry.models import SheetAnswer
from revisions.inquiry.models_between import Forward
from revisions.inquiry.queries import sheets_of
from revisions.inquiry.states import TargetState as S
from revisions.inquiry.tiers import NO_TIERS
from revisions.plan.queries import sheet_of
from tests.factories import NOON, TODAY, section, user
from tests.replay import walked_once
from tests.revisions.inquiry import walk
from tests.revisions.inquiry.test_drafts import opened, save_fields, texts, typing
from tests.revisions.inquiry.walk import TIERS, counted, current, issued, target_of
from workflow.access import holds
from workflow.audit.models import AuditEntry
from workflow.deadline.queries import calendar
from workflow.errors import Invalid, NotAllowed, Unmet
from workflow.models import Deadline, OutboxEvent

pytestmark = pytest.mark.django_db

ASKED, NAMED = ("koho-tanto", "koho-kacho"), ("bosai-tanto", "bosai-kacho")
SECRETARIAT = ("joho-tanto", "joho-kacho")
NAME = "SNS等による情報発信"
OTHERS = ("kodomo-tanto", "fuku-shicho-a", "iin-1", "kansa", "kanri")


def forward(target, by="koho-tanto", to="bosai", uid="P06", reason="所管違い"):
    to_id = section(to).pk if to else 0
    return forwards.forward(
        target_id=target.pk, uid=uid, section_id=to_id, reason=reason, by=user(by), at=NOON
    )


def act(command, row, by, **words):
    return command(forward_id=row.pk, by=user(by), at=NOON, **words)


def take_over(row, by="bosai-tanto"):
    return act(forwards.take_over, row, by)


def decline(row, by="bosai-tanto"):
    return act(forwards.decline, row, by, reason="所管でない")


def withdraw(row, by="koho-tanto"):
    return act(forwards.withdraw, row, by)


@walked_once
def received(*codes, tiers=NO_TIERS):
    return walk.receive(target_of(issued("koho", *codes, tiers=tiers)))


@walked_once
def forwarded(*codes, tiers=NO_TIERS):
    """koho has written for P06, and says that bosai answers for it."""
    target = received(*codes, tiers=tiers)
    sheet = sheet_of(target.revision, "P06") | {"aims": "書きかけの目指すもの。"}
    walk.answer(target, kind="edit", sheet=sheet)
    return forward(target)


def test_only_the_section_asked_forwards_while_it_writes(city):
    target = received()
    for by in (*NAMED, *SECRETARIAT, *OTHERS):
        before = counted()
        with pytest.raises(NotAllowed):
            forward(target, by=by)
        assert counted() == before
    walk.unchanged(target)
    walk.submit(target)
    with pytest.raises(TransitionNotAllowed):
        forward(target)


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"uid": "P01"}, "uid"),
        ({"to": "koho"}, "section"),
        ({"to": ""}, "section"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_is_wrong_names_its_field(city, wrong, field):
    with pytest.raises(Invalid) as refused:
        forward(received(), **wrong)
    assert refused.value.field == field


def test_one_at_a_time(city):
    row = forwarded()
    with pytest.raises(Unmet):
        forward(current(row.target), to="joho")


@pytest.mark.parametrize(
    "answer, who, state",
    [
        (take_over, (*NAMED, *SECRETARIAT), "taken"),
        (decline, (*NAMED, *SECRETARIAT), "declined"),
        (withdraw, ASKED, "withdrawn"),
    ],
    ids=["take_over", "decline", "withdraw"],
)
def test_who_replies_and_once(city, answer, who, state):
    row = forwarded()
    for by in {*ASKED, *NAMED, *SECRETARIAT, *OTHERS} - {*who}:
        before = counted()
        with pytest.raises(NotAllowed):
            answer(row, by=by)
        assert counted() == before
    answer(row, by=who[0])
    assert Forward.objects.get().state == state
    before = counted()
    with pytest.raises((TransitionNotAllowed, Unmet)):
        answer(row, by=who[0])
    assert counted() == before


def test_a_section_that_was_not_asked_is_asked_and_nothing_written_is_lost(city):
    row = forwarded()
    take_over(row)
    koho, bosai = current(row.target), target_of(row.target.inquiry, "bosai")
    assert (bosai.state, bosai.due_on) == (S.PENDING_RECEIPT, koho.due_on)
    assert holds(user("bosai-tanto"), "answer_inquirytarget", bosai)
    assert Deadline.objects.get(subject=bosai.key).group == section("bosai").group
    assert "P06" not in [sheet["uid"] for sheet in sheets_of(koho).own]
    assert [s["uid"] for s in sheets_of(bosai).own][:1] == ["P06"]
    answer = SheetAnswer.objects.get(uid="P06")
    assert (answer.target, answer.proposed["aims"]) == (bosai, "書きかけの目指すもの。")
    for verb, target in ("inquiry.taken_over", koho), ("inquiry.taken_in", bosai):
        body = AuditEntry.objects.get(verb=verb, subject=target.key).body
        assert '"from":"広報広聴課"' in body
        assert '"to":"防災課"' in body


def test_it_reaches_the_draft_through_the_section_that_took_it(city):
    row = forwarded()
    take_over(row)
    bosai = target_of(row.target.inquiry, "bosai")
    walk.receive(bosai, by="bosai-tanto")
    walk.unchanged(bosai, by="bosai-tanto")
    walk.submit(bosai, by="bosai-tanto")
    walk.approve(bosai, by="bosai-kacho")
    walk.accept(bosai)
    assert sheet_of(bosai.revision, "P06")["aims"] == "書きかけの目指すもの。"
    walk.unchanged(row.target)
    assert walk.submit(row.target).state == S.IN_REVIEW


def test_a_section_whose_answer_has_gone_up_takes_nothing_in(city):
    row = forwarded("bosai")
    bosai = target_of(row.target.inquiry, "bosai")
    walk.receive(bosai, by="bosai-tanto")
    walk.unchanged(bosai, by="bosai-tanto")
    walk.submit(bosai, by="bosai-tanto")
    with pytest.raises(Unmet) as refused:
        take_over(row, by="joho-tanto")
    assert refused.value.missing[0].link == f"/answers/{bosai.pk}/"
    walk.approve(bosai, by="bosai-kacho")
    walk.return_answer(bosai)
    take_over(row, by="joho-tanto")
    assert SheetAnswer.objects.get(uid="P06").target == bosai


def test_nothing_goes_up_before_the_reply(city):
    row = forwarded()
    with pytest.raises(Unmet) as refused:
        walk.submit(row.target)
    assert f"/forwards/{row.pk}/" in [one.link for one in refused.value.missing]
    decline(row)
    walk.unchanged(row.target)
    assert walk.submit(row.target).state == S.IN_REVIEW


def test_both_who_may_reply_have_it_on_their_desk(city):
    row = forwarded()
    for name, there in ("bosai-tanto", True), ("joho-tanto", True), ("kodomo-tanto", False):
        links = [work.link for work in work_of(user(name), TODAY, calendar())]
        assert (f"/forwards/{row.pk}/" in links) == there


def test_what_is_being_typed_goes_with_it(city):
    row = forwarded("bosai")
    save_fields(row.target, typing(opened(row.target), overview="書きかけの概要"))
    take_over(row)
    assert texts(target_of(row.target.inquiry, "bosai")) == {"overview": "書きかけの概要"}
    assert texts(row.target) == {}


DRAFTED = {"due_on": "2026-12-01", "due_of": "課の案", "whole_on": "2026-12-04"}


@pytest.mark.parametrize("kind", ["forwarded", "forward_declined"])
def test_the_day_told_is_that_of_the_section_that_was_asked(city, kind):
    decline(forwarded(tiers=TIERS))
    assert OutboxEvent.objects.get(kind=f"inquiry.{kind}").facts.items() >= DRAFTED.items()


REPLIES = {
    "inquiry.forwarded": lambda row: None,
    "inquiry.taken_over": take_over,
    "inquiry.forward_declined": decline,
    "inquiry.forward_withdrawn": withdraw,
}


@pytest.mark.parametrize("kind", REPLIES)
def test_every_notice_says_which_sheet_and_between_whom(city, kind):
    REPLIES[kind](forwarded())
    facts = dict(notice_of(OutboxEvent.objects.get(kind=kind)).facts)
    told = {"転送した課": "広報広聴課", "転送を受けた課": "防災課", "個別事業": NAME}
    assert facts.items() >= told.items()


@pytest.mark.parametrize("codes", [(), ("bosai",)], ids=["not asked before", "asked"])
def test_who_answers_for_it_now_is_told_by_when(city, codes):
    row = forwarded(*codes)
    take_over(row)
    event = OutboxEvent.objects.get(kind="inquiry.taken_in")
    into = target_of(row.target.inquiry, "bosai")
    assert (event.groups, event.link) == ([section("bosai").group_id], f"/answers/{into.pk}/")
    notice = notice_of(event)
    told = {"転送した課": "広報広聴課", "個別事業": NAME, "照会の期限": "令和8年12月4日(金)"}
    assert dict(notice.facts).items() >= told.items()
    assert notice.act == "内容を確かめ、期限までに回答してください。"
    told = OutboxEvent.objects.get(kind="inquiry.taken_over").groups
    assert told == sorted(section(code).group_id for code in ("koho", "joho"))


def test_its_day_stands_on_the_desk(city):
    row = forwarded(tiers=TIERS)
    for name in ("bosai-tanto", "joho-tanto"):
        (work,) = (w for w in work_of(user(name), TODAY, calendar()) if "forwards" in w.link)
        assert (work.due_on, work.due_of) == (date(2026, 12, 1), "課の案")
        assert (work.left, work.whole_on) == (5, row.target.due_on)
