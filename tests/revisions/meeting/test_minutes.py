"""議事録: written, fixed, signed by chair and member; an edit voids it. And what a stage needs."""

import json
from typing import Any

import pytest
from django.db import transaction
from django_fsm import TransitionNotAllowed

from notifications.queries import recipients
from revisions.cycle import commands as cycle
from revisions.cycle import parts as cycle_parts
from revisions.meeting import commands, commands_minutes
from revisions.meeting.gates import check_meeting_done
from revisions.meeting.parts import call_off
from revisions.meeting.policies import check_can_read_meeting
from revisions.models import Meeting, Opinion
from tests.factories import post, user
from tests.revisions.meeting import walk
from tests.revisions.meeting.walk import (
    BY,
    EVERYBODY,
    HELD_ON,
    MEETING_NOON,
    SECRETARIAT,
    STATES,
    reach,
    refused,
)
from workflow.access import allowed, holds
from workflow.audit.chain import digest
from workflow.errors import Invalid, NotAllowed, Unmet
from workflow.models import AuditEntry, OutboxEvent, Request, Step
from workflow.people.parts import refresh_memberships
from workflow.signoff import commands as signoff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


def fresh(meeting: Meeting) -> Meeting:
    return Meeting.objects.get(pk=meeting.pk)


def signers(meeting: Meeting) -> set[str]:
    request = fresh(meeting).request
    return {step.post.code for step in request.steps.filter(attempt=request.attempt)}


def tells(event: OutboxEvent, who: str) -> bool:
    return user(who).pk in recipients([event])[event.pk]


# Fixing


def test_chair_and_the_named_member_sign_what_was_written() -> None:
    meeting = reach("fixed")
    assert signers(meeting) == {"iin-1", "iin-3"}
    body = meeting.request.content.body
    assert "委員から、窓口の予約について質問があった。" in body
    assert "可決（賛成4 反対1 棄権0）" in body
    assert "議長: 情報化推進委員会委員1" in body
    walk.sign(meeting)
    assert fresh(meeting).minutes_state == "signed"
    assert AuditEntry.objects.filter(subject=meeting.key, verb="meeting.minutes_signed").exists()


@pytest.mark.parametrize("second", [None, "iin-1", "iin-8", "somu-bucho"])
def test_the_second_signer_is_a_member_who_came_and_not_the_chair(second: str | None) -> None:
    meeting = walk.closed(walk.stage_of(), *walk.members(7))
    walk.write(meeting)
    refusal = refused(lambda: walk.fix(meeting, second), Invalid)
    assert refusal.field == "second"


def test_who_acted_for_the_chair_signs_in_the_chairs_place() -> None:
    meeting = walk.in_session(walk.stage_of(), *walk.members(7, first=2), agenda=[("素案", False)])
    for item in meeting.items.all():
        walk.decide(item)
    commands.close(meeting_id=meeting.pk, by=user("iin-2"), at=MEETING_NOON)
    walk.write(meeting)
    refused(lambda: walk.fix(meeting, "iin-2"), Invalid)
    walk.fix(meeting, "iin-4")
    assert signers(meeting) == {"iin-2", "iin-4"}


def test_minutes_that_nobody_signs_are_fixed_at_once() -> None:
    stage = walk.stage_of("honbukai", asks="consultation")
    meeting = walk.closed(stage, "fuku-shicho-a")
    walk.write(meeting)
    walk.fix(meeting, None)
    assert (fresh(meeting).minutes_state, fresh(meeting).request) == ("fixed", None)
    check_meeting_done(stage)


def test_a_body_whose_chair_alone_signs() -> None:
    stage = walk.stage_of()
    stage.body.rules.update(minutes_signers="chair")
    meeting = walk.closed(stage)
    walk.write(meeting)
    walk.fix(meeting, None)
    assert signers(meeting) == {"iin-1"}


def test_minutes_without_a_word_are_not_fixed() -> None:
    meeting = reach("closed")
    refused(lambda: walk.fix(meeting), Unmet)


# Editing


@pytest.mark.parametrize("state", ["fixed", "signed"])
def test_an_edit_voids_every_signature(state: str) -> None:
    meeting = reach("fixed")
    request = meeting.request
    first = Step.objects.filter(request=request).first()
    if state == "fixed":
        signoff.approve(step_id=first.pk, by=user(first.post.code), at=MEETING_NOON)
    else:
        walk.sign(meeting)
    told = OutboxEvent.objects.filter(kind="meeting.minutes_edited").count()

    walk.write(meeting, "訂正した要点")

    assert fresh(meeting).minutes_state == "drafting"
    assert Request.objects.get(pk=request.pk).state == {"fixed": "withdrawn"}.get(state, "decided")
    assert OutboxEvent.objects.filter(kind="meeting.minutes_edited").count() == told + 1
    event = OutboxEvent.objects.filter(kind="meeting.minutes_edited").latest("pk")
    assert {post("iin-1").group_id, post("iin-3").group_id} < set(event.groups)
    refused_to_pass = pytest.raises(Unmet)
    with refused_to_pass:
        check_meeting_done(meeting.stage)

    walk.fix(meeting, "iin-4")
    assert fresh(meeting).request != request
    assert "訂正した要点" in fresh(meeting).request.content.body
    assert signers(meeting) == {"iin-1", "iin-4"}


def test_saving_the_same_words_voids_nothing() -> None:
    meeting = reach("signed")
    refused(lambda: walk.write(meeting, meeting.minutes), Invalid)


def test_minutes_still_being_written_disturb_nobody() -> None:
    meeting = reach("in_session")
    walk.write(meeting)
    assert not OutboxEvent.objects.filter(kind="meeting.minutes_edited").exists()


@pytest.mark.parametrize("act", ["send_back", "reject", "pull_back", "withdraw"])
def test_signing_that_was_called_off_returns_the_minutes(act: str) -> None:
    meeting = reach("fixed")
    request = meeting.request
    step = Step.objects.filter(request=request, post=post("iin-3")).get()
    before = OutboxEvent.objects.latest("pk").pk
    match act:
        case "send_back" | "reject":
            command = getattr(signoff, act)
            command(step_id=step.pk, by=user("iin-3"), at=MEETING_NOON, reason="誤記がある")
        case "pull_back":
            signoff.pull_back(request_id=request.pk, by=user(BY), at=MEETING_NOON)
        case "withdraw":
            signoff.withdraw(request_id=request.pk, by=user(BY), at=MEETING_NOON, reason="誤記")
    assert fresh(meeting).minutes_state == "drafting"
    told = OutboxEvent.objects.get(kind="meeting.minutes_returned")
    heard = [event for event in OutboxEvent.objects.filter(pk__gt=before) if tells(event, BY)]
    assert heard == ([told] if act in ("send_back", "reject") else [])
    reason = {"pull_back": "", "withdraw": "誤記"}.get(act, "誤記がある")
    assert (told.entry.subject, told.facts["reason"]) == (meeting.key, reason)

    walk.fix(meeting)
    again = fresh(meeting).request
    assert (again == request) == (act in ("send_back", "pull_back"))
    assert again.state == "circulating"
    walk.sign(meeting)
    assert fresh(meeting).minutes_state == "signed"


def test_a_returned_request_that_is_then_withdrawn_changes_nothing_more() -> None:
    meeting = reach("fixed")
    signoff.pull_back(request_id=meeting.request_id, by=user(BY), at=MEETING_NOON)
    signoff.withdraw(request_id=meeting.request_id, by=user(BY), at=MEETING_NOON, reason="不要")
    assert fresh(meeting).minutes_state == "drafting"


# Remarks


def remark(meeting: Meeting, who: str, text: str = "予約の仕組みを急ぐべきだ。") -> Any:
    return commands_minutes.record_remark(
        meeting_id=meeting.pk, text=text, source="委員", by=user(who), at=MEETING_NOON
    )


@pytest.mark.parametrize("state", STATES)
def test_remarks_reach_the_ledger(state: str) -> None:
    meeting = reach(state)
    for who in set(EVERYBODY) - SECRETARIAT:
        refused(lambda who=who: remark(meeting, who), NotAllowed)
    if state not in ("in_session", "closed"):
        refused(lambda: remark(meeting, BY), TransitionNotAllowed)
        return
    refused(lambda: remark(meeting, BY, text=" "), Invalid)
    opinion = remark(meeting, BY)
    assert (opinion.channel, opinion.medium, opinion.received_on) == (
        "committee",
        "meeting",
        HELD_ON,
    )
    assert Opinion.objects.get().stage == meeting.stage


@pytest.mark.parametrize("body, channel", [("honbukai", "body"), ("giin-renraku", "councillor")])
def test_whose_opinion_a_remark_is(body: str, channel: str) -> None:
    stage = walk.stage_of(body, asks="consultation")
    meeting = walk.in_session(stage, "fuku-shicho-a")
    assert remark(meeting, BY).channel == channel


# The stage


@pytest.mark.parametrize(
    "state, missing, link",
    [
        ("planned", "閉会する", "/meetings/{0.pk}/"),
        ("in_session", "閉会する", "/meetings/{0.pk}/"),
        ("adjourned", "会議を開く", "/stages/{0.stage_id}/meetings/new/"),
        ("cancelled", "会議を開く", "/stages/{0.stage_id}/meetings/new/"),
        ("closed", "確定する", "/meetings/{0.pk}/#minutes"),
        ("fixed", "署名がそろう", "/meetings/{0.pk}/#minutes"),
    ],
)
def test_a_stage_is_not_done_until_held_written_and_signed(
    state: str, missing: str, link: str
) -> None:
    meeting = reach(state)
    with pytest.raises(Unmet) as refusal:
        check_meeting_done(meeting.stage)
    [found] = refusal.value.missing
    assert missing in found.what
    assert found.link == link.format(meeting)


def test_a_stage_without_a_meeting_is_not_done() -> None:
    stage = walk.stage_of()
    with pytest.raises(Unmet):
        check_meeting_done(stage)


def test_a_signed_meeting_ends_the_matter_also_after_one_that_was_adjourned() -> None:
    stage = walk.stage_of()
    reach("adjourned", stage)
    meeting = reach("signed", stage)
    check_meeting_done(meeting.stage)


@pytest.mark.parametrize("state", STATES)
def test_a_stage_that_is_called_off_cancels_what_was_not_held(state: str) -> None:
    meeting = reach(state)
    by = user(BY)
    with transaction.atomic():
        call_off(meeting.stage, by=by, post=post("joho-tanto"), at=MEETING_NOON, reason="取りやめ")
    expected = "cancelled" if state in ("planned", "convened") else state
    assert fresh(meeting).state == expected
    told = OutboxEvent.objects.filter(kind="meeting.cancelled")
    known = state in ("convened", "cancelled")  # of one only planned nobody knows
    assert told.exists() == known


# Who reads


@pytest.mark.parametrize("state", ["planned", "convened"])
def test_a_committee_sees_what_was_sent_to_it(state: str) -> None:
    meeting = reach(state)
    sent = state == "convened"
    assert allowed(check_can_read_meeting, user("iin-3"), meeting) == sent
    assert allowed(check_can_read_meeting, user("somu-bucho"), meeting) is False
    assert allowed(check_can_read_meeting, user("koho-kacho"), meeting)
    assert allowed(check_can_read_meeting, user("kansa"), meeting)
    if sent:
        assert holds(user("iin-3"), "view_planversion", meeting.version)


def test_a_member_sees_it_only_in_office() -> None:
    meeting = reach("convened")
    walk.vacate("iin-3")
    refresh_memberships(HELD_ON)
    assert not allowed(check_can_read_meeting, user("iin-3"), meeting)
    assert not holds(user("iin-3"), "view_planversion", meeting.version)
    assert allowed(check_can_read_meeting, user("iin-4"), meeting)


def test_every_wording_of_the_minutes_is_on_record() -> None:
    """Also of a body whose minutes nobody signs: the entry binds the text by its digest."""
    meeting = reach("closed")
    walk.write(meeting, "初めの要点")
    walk.write(meeting, "直した要点")
    edits = AuditEntry.objects.filter(verb="meeting.minutes_edited").order_by("seq")
    kept = [json.loads(entry.body)["facts"]["text"] for entry in edits]
    assert kept == [digest("初めの要点"), digest("直した要点")]


# Given up


@pytest.mark.parametrize("what", ["stage", "revision", "sent back, then the revision"])
def test_minutes_of_what_was_given_up_can_no_longer_be_signed(what: str) -> None:
    meeting = reach("fixed")
    step = Step.objects.filter(request=meeting.request).first()
    if what.startswith("sent back"):
        signoff.send_back(step_id=step.pk, by=user(step.post.code), at=MEETING_NOON, reason="誤り")
    act = {"by": user(BY), "at": MEETING_NOON, "reason": "方針が変わったため"}
    if what == "stage":
        cycle.cancel_stage(stage_id=meeting.stage_id, **act)
    else:
        cycle.withdraw_revision(revision_id=meeting.revision_id, **act)

    entry = AuditEntry.objects.get(subject=meeting.key, verb="meeting.signing_called_off")
    told = OutboxEvent.objects.get(entry=entry)
    assert set(told.groups) >= {post("iin-1").group_id, post("iin-3").group_id}
    after = fresh(meeting)
    assert (after.minutes_state, after.request.state) == ("drafting", "withdrawn")
    assert after.minutes == meeting.minutes
    refused(
        lambda: signoff.approve(step_id=step.pk, by=user(step.post.code), at=MEETING_NOON),
        TransitionNotAllowed,
    )
    refused(lambda: walk.fix(meeting), Unmet)


def test_minutes_of_a_stage_that_was_sent_back_are_still_signed() -> None:
    meeting = reach("fixed")
    with transaction.atomic():
        stage = meeting.stage
        stage.send_back(reason="修正", on=HELD_ON, at=MEETING_NOON)
        stage.save()
        cycle_parts.call_off(
            stage, by=user(BY), post=post("joho-kacho"), at=MEETING_NOON, reason="修正"
        )
    walk.sign(meeting)
    assert fresh(meeting).minutes_state == "signed"
