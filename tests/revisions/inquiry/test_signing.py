"""The section's chief approves the answer, or not."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django_fsm import TransitionNotAllowed

from notifications.queries import recipients
from revisions.desk.queries import work_of
from revisions.inquiry import parts
from revisions.inquiry.gates import check_inquiry_done, page
from revisions.inquiry.states import TargetState as S
from revisions.plan.queries import sheet_of
from tests.counting import at_most
from tests.factories import NOON, TODAY, post, user
from tests.revisions.inquiry.walk import (
    DUE,
    PATHS,
    accept,
    answer,
    approve,
    current,
    issued,
    receive,
    reopen,
    return_answer,
    send_back,
    step_of,
    submit,
    target_at,
    target_of,
    tiered_at,
    unchanged,
    waive,
)
from workflow.audit.models import AuditEntry
from workflow.deadline.calendar import end_of_day
from workflow.deadline.queries import calendar
from workflow.errors import Invalid, Unmet
from workflow.models import Deadline, OutboxEvent
from workflow.signoff import commands as signoff

pytestmark = pytest.mark.django_db


def deadline(target):
    return Deadline.objects.filter(subject=target.key).latest("pk")


@pytest.mark.parametrize(
    "at, late", [(end_of_day(DUE), False), (end_of_day(DUE) + timedelta(seconds=1), True)]
)
def test_an_answer_is_late_the_day_after_it_was_due(city, at: datetime, late):
    target = target_at(S.IN_REVIEW)
    approve(target, at=at)
    target = current(target)
    assert (target.state, target.answered_at, target.is_late) == (S.ANSWERED, at, late)
    assert deadline(target).state == "met"
    assert OutboxEvent.objects.filter(kind="inquiry.answered").count() == 1


def test_a_section_with_nothing_to_say_answers_not_applicable(city):
    target = receive(target_of(issued("sangyo"), "sangyo"), by="sangyo-tanto")
    submit(target, by="sangyo-tanto")
    approve(target, by="sangyo-kacho")
    assert current(target).state == S.NOT_APPLICABLE
    accept(target)
    assert current(target).state == S.ACCEPTED


def test_what_the_chief_sends_back_goes_up_again_as_the_same_request(city):
    target = target_at(S.IN_REVIEW)
    send_back(target)
    returned = current(target)
    assert (returned.state, returned.reason) == (S.RETURNED, "書き直し")
    assert deadline(target).state == "open"
    answer(target, kind="discontinue")
    again = submit(target).request
    assert (again.pk, again.attempt) == (returned.request_id, 2)


@pytest.mark.parametrize("how", [signoff.send_back, signoff.reject])
def test_who_drafted_is_told_once_that_it_came_back(city, how):
    target = target_at(S.IN_REVIEW)
    before = OutboxEvent.objects.latest("pk").pk
    how(step_id=step_of(target).pk, by=user("koho-kacho"), at=NOON, reason="書き直し")
    (event,) = OutboxEvent.objects.filter(pk__gt=before)
    assert user("koho-tanto").pk in recipients([event])[event.pk]
    assert (event.kind, event.facts["reason"]) == ("inquiry.sent_back", "書き直し")
    assert "due_on" in event.facts


@pytest.mark.parametrize("way", [return_answer, reopen])
def test_a_chief_who_decides_again_is_shown_what_changed_since(city, way):
    target = receive(target_of(issued()))
    answer(target, kind="edit", sheet=sheet_of(target.revision, "P06") | {"overview": "初めの概要"})
    unchanged(target)
    submit(target)
    approve(target)
    if way is reopen:
        accept(target)
    way(target)
    sheet = sheet_of(target.revision, "P06") | {"overview": "直した概要", "aims": "直した目的"}
    answer(target, kind="edit", sheet=sheet)
    if way is reopen:
        unchanged(target)
    submit(target)
    client = Client()
    client.force_login(user("koho-kacho"))
    shown = client.get(f"/requests/{current(target).request_id}/").context["changed"]
    assert any("直した目的" in text for op, text in shown if op == "+")


def test_a_chief_who_decides_the_first_time_is_shown_no_change(city):
    target = target_at(S.IN_REVIEW)
    client = Client()
    client.force_login(user("koho-kacho"))
    assert client.get(f"/requests/{target.request_id}/").context["changed"] is None


def test_a_refused_answer_comes_back_and_goes_up_anew(city):
    target = target_at(S.IN_REVIEW)
    first = target.request_id
    signoff.reject(step_id=step_of(target).pk, by=user("koho-kacho"), at=NOON, reason="不可")
    assert current(target).state == S.RETURNED
    assert submit(target).request.pk != first


def test_what_is_pulled_back_goes_up_again(city):
    target = target_at(S.IN_REVIEW)
    signoff.pull_back(request_id=target.request_id, by=user("koho-tanto"), at=NOON)
    assert current(target).state == S.RECEIVED
    assert submit(target).request.pk == target.request_id


def test_a_withdrawn_answer_is_written_on(city):
    target = target_at(S.IN_REVIEW)
    request = {"request_id": target.request_id, "by": user("koho-tanto"), "at": NOON}
    signoff.pull_back(**request)
    signoff.withdraw(**request, reason="作り直し")
    assert current(target).state == S.RECEIVED
    assert submit(target).request.pk != target.request_id


def test_what_the_secretariat_returns_has_a_day_and_goes_up_anew(city):
    target = target_at(S.ANSWERED)
    later = DUE + timedelta(days=7)
    with pytest.raises(Invalid) as refused:
        return_answer(target, reason="")
    assert refused.value.field == "reason"
    return_answer(target, due_on=later)
    target = current(target)
    assert (target.due_on, target.answered_at) == (later, None)
    assert (deadline(target).state, deadline(target).due_at) == ("open", end_of_day(later))
    assert submit(target).request.pk != target.request_id
    approve(target)
    assert current(target).state == S.ANSWERED


def test_a_waived_section_is_waited_for_no_more(city):
    target = target_at(S.RECEIVED)
    waive(target)
    assert deadline(target).state == "lifted"
    check_inquiry_done(target.inquiry.stage)


def test_the_stage_ends_when_every_answer_is_accepted_or_waived(city):
    inquiry = issued("koho", "sangyo")
    koho, sangyo = target_of(inquiry), target_of(inquiry, "sangyo")
    waive(sangyo)
    with pytest.raises(Unmet) as refused:
        check_inquiry_done(inquiry.stage)
    assert [missing.link for missing in refused.value.missing] == [f"/answers/{koho.pk}/"]
    waive(koho)
    check_inquiry_done(inquiry.stage)


def test_a_stage_called_off_asks_no_chief_and_takes_no_answer(city):
    target = target_at(S.IN_REVIEW)
    step, by = step_of(target), user("joho-tanto")
    parts.call_off(target.inquiry.stage, by=by, post=post("joho-tanto"), at=NOON, reason="やり直し")
    target = current(target)
    assert (target.state, target.request.state) == (S.RECEIVED, "withdrawn")
    for act in (answer, submit, waive):
        with pytest.raises(Unmet):
            act(target)
    with pytest.raises(TransitionNotAllowed):
        signoff.approve(step_id=step.pk, by=user("koho-kacho"), at=NOON)


def test_what_is_called_off_waits_on_nobodys_desk(city):
    """Neither the section is asked to answer, nor the secretariat to accept."""
    inquiry = issued("koho", "jinji")
    koho, jinji = target_of(inquiry, "koho"), target_of(inquiry, "jinji")
    for step in PATHS[S.ANSWERED]:
        step(koho)
    for name, link in ("joho-tanto", koho), ("jinji-tanto", jinji):
        assert page(link) in links(name)
    by = user("joho-tanto")
    parts.call_off(inquiry.stage, by=by, post=post("joho-tanto"), at=NOON, reason="やり直し")
    for name, link in ("joho-tanto", koho), ("jinji-tanto", jinji):
        assert page(link) not in links(name)


def links(name):
    return [work.link for work in work_of(user(name), TODAY, calendar())]


def test_an_answer_that_came_back_is_asked_for_once(city):
    target = target_at(S.RETURNED)
    assert links("koho-tanto") == [page(target)]
    waive(target)
    assert links("koho-tanto") == []


def test_an_answer_sent_up_while_the_inquiry_ended_is_not_approved(city):
    """The chief can still send it back, so that nothing hangs."""
    target = target_at(S.IN_REVIEW)
    parts.close(target.inquiry.stage, by=user("joho-tanto"), at=NOON)
    with pytest.raises(Unmet):
        approve(target)
    send_back(target)
    assert current(target).state == S.RETURNED


def test_an_inquiry_whose_stage_ends_waits_for_nobody(city):
    target = target_at(S.RECEIVED)
    parts.close(target.inquiry.stage, by=user("joho-tanto"), at=NOON)
    parts.close(target.inquiry.stage, by=user("joho-tanto"), at=NOON)
    assert deadline(target).state == "lifted"
    assert AuditEntry.objects.filter(verb="inquiry.closed").count() == 1


@pytest.mark.parametrize("at_state, postgresql, sqlite", [(target_at, 5, 12), (tiered_at, 8, 15)])
def test_a_chief_approves_in_few_statements(city, at_state, postgresql, sqlite):
    """Past a coordinating section its day and its reminders are counted, too."""
    step, chief = step_of(at_state(S.IN_REVIEW)), user("koho-kacho")
    with at_most(postgresql if connection.vendor == "postgresql" else sqlite):
        signoff.approve(step_id=step.pk, by=chief, at=NOON)
