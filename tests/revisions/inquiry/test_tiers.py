"""The department's coordinating section, and the day of every tier."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from revisions.desk.queries import work_of
from revisions.inquiry import commands, parts
from revisions.inquiry.commands_bulk import remind_each
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.states import TargetState as S
from revisions.inquiry.tiers import Tiers, due_days
from tests.factories import NOON, TODAY, post, section, user
from tests.revisions.inquiry import walk
from tests.revisions.inquiry.test_table import (
    ASKED,
    COORDINATING,
    SECRETARIAT,
    TABLE,
    same,
    tried,
)
from tests.revisions.inquiry.walk import (
    DUE,
    TIERED,
    TIERS,
    approve,
    compile_answer,
    counted,
    current,
    extend,
    hand_back,
    issued,
    prepared,
    receive,
    send_back,
    submit,
    target_of,
    tiered_at,
)
from workflow.access import holds
from workflow.audit.models import AuditEntry
from workflow.deadline import commands_days
from workflow.deadline.calendar import Calendar, end_of_day
from workflow.deadline.queries import calendar
from workflow.errors import Invalid, Unmet
from workflow.models import Deadline, OutboxEvent, Section
from workflow.signoff import commands as signoff

pytestmark = pytest.mark.django_db

ALL = (S.PENDING_RECEIPT, S.RECEIVED, S.RETURNED, S.IN_REVIEW, S.COMPILING)
NEW = {
    compile_answer: (COORDINATING, {S.COMPILING: S.ANSWERED}),
    hand_back: (COORDINATING, {S.COMPILING: S.RETURNED}),
    walk.ask_extension: (ASKED, same(*ALL)),
    extend: (SECRETARIAT, same(*ALL)),
    walk.reopen: (SECRETARIAT, {S.ACCEPTED: S.RETURNED, S.WAIVED: S.RETURNED}),
}
AS_EVER = [walk.receive, walk.answer, walk.submit, walk.accept, walk.return_answer, walk.waive]


@pytest.mark.parametrize("state", TIERED)
@pytest.mark.parametrize("act", NEW, ids=lambda act: act.__name__)
def test_every_state_and_every_person(city, act, state):
    tried(act, tiered_at(state), *NEW[act])


@pytest.mark.parametrize("act", AS_EVER, ids=lambda act: act.__name__)
def test_nothing_else_moves_what_is_being_compiled(city, act):
    tried(act, tiered_at(S.COMPILING), TABLE[act][0], {})


@pytest.mark.parametrize("state", [s for s in TIERED if s not in (S.PENDING_RECEIPT, S.WAIVED)])
def test_mend_answer(city, state):
    tried(walk.mend_answer, tiered_at(state), SECRETARIAT, same(S.ANSWERED))


# Days


def test_days_are_counted_back_in_working_days():
    """12月4日(金) ← 庶務担当課 2日 ← 課長 1日."""
    kept = {"draft": 0, "chief": 1, "compiling": 2, "secretariat": 3}
    assert due_days(date(2026, 12, 4), kept, Calendar()) == {
        "draft": date(2026, 11, 26),
        "chief": date(2026, 11, 27),
        "compiling": date(2026, 12, 1),
        "secretariat": date(2026, 12, 4),
    }
    new_year = due_days(date(2027, 1, 4), {"draft": 0, "chief": 1}, Calendar())
    assert new_year["draft"] == date(2026, 12, 28)


def test_too_short_a_period_names_the_days_that_it_gives(city):
    with pytest.raises(Invalid, match="課の案は令和8年11月19日") as refused:
        prepared(tiers=Tiers(True, 3, 5, 2))
    assert refused.value.field == "due_on"


def test_what_had_time_when_it_was_prepared_may_have_none_when_it_goes_out(city):
    inquiry = prepared(tiers=TIERS)
    words = {"section_ids": [section("koho").pk], "by": user("joho-tanto")}
    with pytest.raises(Unmet) as refused:
        commands.issue(inquiry_id=inquiry.pk, at=NOON + timedelta(days=8), **words)
    assert refused.value.missing[0].link == f"/stages/{inquiry.stage_id}/inquiry/"


def deadline(target):
    return Deadline.objects.select_related("group").get(subject=target.key)


def lies_with(target):
    row = deadline(target)
    return row.group.name, row.due_at


def test_the_deadline_follows_whom_the_answer_lies_with(city):
    target = target_of(issued("koho", tiers=TIERS))
    drafting, chief, compiling = (end_of_day(date(2026, 12, day)) for day in (1, 2, 4))
    assert lies_with(target) == ("section:koho", drafting)
    receive(target)
    walk.unchanged(target)
    submit(target)
    assert lies_with(target) == ("post:koho-kacho", chief)
    send_back(target)
    assert lies_with(target) == ("section:koho", drafting)
    submit(target)
    signoff.pull_back(request_id=current(target).request_id, by=user("koho-tanto"), at=NOON)
    assert lies_with(target) == ("section:koho", drafting)
    submit(target)
    approve(target)
    assert lies_with(target) == ("section:sogo-seisaku", compiling)
    hand_back(target)
    assert lies_with(target) == ("section:koho", drafting)
    submit(target)
    approve(target)
    compile_answer(target)
    assert deadline(target).state == "met"


def test_a_tier_whose_day_is_over_has_today(city):
    target = tiered_at(S.IN_REVIEW)
    late = NOON + timedelta(days=14)
    approve(target, at=late)
    assert lies_with(target) == ("section:sogo-seisaku", end_of_day(late.date()))


def test_more_time_is_more_time_for_whom_it_lies_with(city):
    target = tiered_at(S.IN_REVIEW)
    extend(target)
    assert lies_with(target) == ("post:koho-kacho", end_of_day(date(2026, 12, 9)))
    assert current(target).due_on == DUE + timedelta(days=7)


def test_a_day_that_closes_later_moves_no_day_that_was_told(city, client):
    """Counted anew the section would have until Monday; it was told Tuesday."""
    target = target_of(issued("koho", tiers=TIERS))
    receive(target)
    asked = date(2026, 12, 1)
    days = [date(2026, 12, 2), date(2026, 12, 3)]
    commands_days.add_closed_days(
        first=days[0], last=days[1], name="停電", by=user("joho-tanto"), at=NOON
    )
    assert due_days(DUE, {"draft": 0, "chief": 1, "compiling": 2}, calendar())["draft"] < asked
    assert lies_with(target) == ("section:koho", end_of_day(asked))
    (work,) = (w for w in work_of(user("koho-tanto"), TODAY, calendar()) if w.act == "回答する")
    assert work.due_on == asked
    client.force_login(user("koho-tanto"))
    tiers = client.get(f"/answers/{target.pk}/").context["tiers"]
    assert [(day, now) for _tier, day, now in tiers if now] == [(asked, True)]
    client.force_login(user("sogo-seisaku-tanto"))
    (row,) = client.get(f"/inquiries/{target.inquiry_id}/compile/").context["rows"]
    assert row["due"] == asked


def test_who_has_today_is_shown_today(city, client):
    target = target_of(issued("koho"))
    receive(target)
    walk.unchanged(target)
    submit(target)
    late = NOON + timedelta(days=14)
    send_back(target, at=late)
    assert lies_with(target) == ("section:koho", end_of_day(late.date()))
    (work,) = (w for w in work_of(user("koho-tanto"), late.date(), calendar()) if w.due_on)
    assert work.due_on == late.date()
    client.force_login(user("koho-tanto"))
    tiers = client.get(f"/answers/{target.pk}/").context["tiers"]
    assert (late.date(), True) in [(day, now) for _tier, day, now in tiers]


# Whose answers go past it


def test_a_department_without_one_and_the_section_itself_skip_it(city):
    Section.objects.filter(code="korei").update(is_coordinating=False)
    inquiry = issued("koho", "sogo-seisaku", "kokuho", tiers=TIERS)
    coordinators = {
        t.section.code: t.coordinator and t.coordinator.code
        for t in InquiryTarget.objects.filter(inquiry=inquiry)
    }
    assert coordinators == {"koho": "sogo-seisaku", "sogo-seisaku": None, "kokuho": None}
    target = target_of(inquiry, "kokuho")
    assert lies_with(target) == ("section:kokuho", end_of_day(date(2026, 12, 3)))
    receive(target, by="kokuho-tanto")
    walk.unchanged(target, by="kokuho-tanto")
    submit(target, by="kokuho-tanto")
    approve(target, by="kokuho-kacho")
    assert current(target).state in (S.ANSWERED, S.NOT_APPLICABLE)


def test_an_inquiry_that_goes_past_nobody_has_one_day(city):
    target = target_of(issued("koho"))
    assert (target.coordinator, lies_with(target)) == (None, ("section:koho", end_of_day(DUE)))
    assert not holds(user("sogo-seisaku-tanto"), "compile_inquirytarget", target)


def test_nothing_to_say_stays_nothing_to_say(city):
    target = target_of(issued("gyosei-keiei", kind="opinions", tiers=TIERS), "gyosei-keiei")
    receive(target, by="gyosei-keiei-tanto")
    submit(target, by="gyosei-keiei-tanto")
    approve(target, by="gyosei-keiei-kacho")
    compile_answer(target)
    assert current(target).state == S.NOT_APPLICABLE


@pytest.mark.parametrize(
    "at, late", [(end_of_day(DUE), False), (end_of_day(DUE) + timedelta(seconds=1), True)]
)
def test_an_answer_is_late_when_it_is_with_the_secretariat_too_late(city, at: datetime, late):
    target = tiered_at(S.COMPILING)
    compile_answer(target, at=at)
    assert (current(target).is_late, current(target).answered_at) == (late, at)
    assert f'"late":{str(late).lower()}' in AuditEntry.objects.get(verb="inquiry.compiled").body


def test_who_is_told(city):
    target = tiered_at(S.COMPILING)
    told = OutboxEvent.objects.get(kind="inquiry.approved")
    assert told.groups == [section("sogo-seisaku").group_id]
    picked = {target.pk: None}
    remind_each(inquiry_id=target.inquiry_id, picked=picked, by=user("joho-tanto"), at=NOON)
    reminded = OutboxEvent.objects.get(kind="inquiry.reminded")
    assert reminded.groups == [section("sogo-seisaku").group_id]
    compile_answer(target)
    arrived = OutboxEvent.objects.get(kind="inquiry.compiled")
    assert arrived.groups == [section("joho").group_id]


def test_it_lies_on_the_desk_of_the_coordinating_section(city):
    target = tiered_at(S.COMPILING)
    link = f"/inquiries/{target.inquiry_id}/compile/"
    for name, there in ("sogo-seisaku-tanto", True), ("koho-tanto", False), ("joho-tanto", False):
        work = {row.link: row.due_on for row in work_of(user(name), TODAY, calendar())}
        assert (link in work) == there
    compile_answer(target)
    assert link not in [row.link for row in work_of(user("sogo-seisaku-tanto"), TODAY, calendar())]


def test_a_stage_that_ends_leaves_nothing_to_compile(city):
    target = tiered_at(S.COMPILING)
    by = user("joho-tanto")
    parts.call_off(target.inquiry.stage, by=by, post=post("joho-tanto"), at=NOON, reason="やり直し")
    assert deadline(target).state == "lifted"
    before = counted()
    for act in (compile_answer, hand_back):
        with pytest.raises(Unmet):
            act(target)
    assert counted() == before


def test_the_database_lets_nobody_compile_for_nobody(city):
    target = tiered_at(S.COMPILING)
    with pytest.raises(IntegrityError), transaction.atomic():
        InquiryTarget.objects.filter(pk=target.pk).update(coordinator=None)
