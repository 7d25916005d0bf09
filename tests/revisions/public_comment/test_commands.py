"""意見公募: every act, in every state, by everybody; and what the calendar does."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django_fsm import TransitionNotAllowed

from notifications.catalog import notice_of
from revisions.desk.queries import work_of
from revisions.desk.work import Work
from revisions.models import Opinion, PublicComment, Submission, Submitter
from revisions.opinion import commands as opinions
from revisions.public_comment import commands, tasks
from revisions.public_comment.gates import check_comment_done
from revisions.public_comment.parts import call_off
from revisions.public_comment.queries import counts_of, due, phase_on
from tests.factories import NOON, TODAY, post, user
from tests.revisions.public_comment.walk import (
    AFTER,
    BY,
    EVERYBODY,
    FIRST,
    LAST,
    OPEN,
    SECRETARIAT,
    STATES,
    announced,
    answer,
    moment,
    prepared,
    publish,
    reach,
    refused,
    stage_of,
    submit,
    turned,
)
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.commands_days import add_closed_days
from workflow.deadline.queries import calendar, running
from workflow.errors import Invalid, NotAllowed, Stale, TooMany, Unmet
from workflow.models import AuditEntry, Deadline, Deviation, OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


def fresh(comment: PublicComment) -> PublicComment:
    return PublicComment.objects.get(pk=comment.pk)


def change(comment: PublicComment, who: str) -> Any:
    return commands.prepare_comment(
        stage_id=comment.stage_id,
        title="改めた件名",
        first_on=FIRST,
        last_on=LAST,
        by=user(who),
        at=NOON,
    )


def announce(comment: PublicComment, who: str) -> Any:
    return commands.announce(comment_id=comment.pk, by=user(who), at=NOON)


def start_answering(comment: PublicComment, who: str) -> Any:
    return commands.start_answering(comment_id=comment.pk, by=user(who), at=OPEN)


def publish_by(comment: PublicComment, who: str) -> Any:
    return commands.publish(comment_id=comment.pk, result="結果", by=user(who), at=OPEN)


TABLE = [
    (change, {"preparing": "preparing"}),
    (announce, {"preparing": "announced"}),
    (start_answering, {"closed": "answering"}),
    (publish_by, {"closed": "published", "answering": "published"}),
]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act, outcomes", TABLE, ids=[row[0].__name__ for row in TABLE])
def test_who_and_when(state: str, act: Any, outcomes: dict[str, str]) -> None:
    comment = reach(state)
    for who in set(EVERYBODY) - SECRETARIAT:
        refused(lambda who=who: act(comment, who), NotAllowed)
    if state in outcomes:
        act(comment, BY)
        assert fresh(comment).state == outcomes[state]
    else:
        refused(lambda: act(comment, BY), TransitionNotAllowed)


# Preparing


@pytest.mark.parametrize("last, short", [(LAST, 0), (date(2026, 12, 29), 1), (FIRST, 29)])
def test_the_period_counts_its_first_day(last: date, short: int) -> None:
    stage = stage_of()
    if not short:
        assert prepared(stage, last_on=last).short_reason == ""
        return
    refusal = refused(lambda: prepared(stage, last_on=last), Invalid)
    assert (refusal.field, f"30日に{short}日足りません" in str(refusal)) == ("last_on", True)
    comment = prepared(stage, last_on=last, short_reason="法令の施行日が迫っているため")
    assert comment.short_reason == "法令の施行日が迫っているため"


def test_a_period_that_is_long_enough_needs_no_reason_and_keeps_none() -> None:
    assert prepared(stage_of(), short_reason="要らない理由").short_reason == ""


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"title": " "}, "title"),
        ({"last_on": FIRST - timedelta(days=1), "short_reason": "急ぐ"}, "last_on"),
        ({"first_on": TODAY - timedelta(days=1)}, "first_on"),
    ],
)
def test_what_cannot_be_prepared(wrong: dict[str, Any], field: str) -> None:
    stage = stage_of()
    assert refused(lambda: prepared(stage, **wrong), Invalid).field == field


def test_the_rule_of_least_days_is_kept_with_its_source() -> None:
    comment = prepared(stage_of())
    assert (comment.minimum_days, comment.minimum_source) == (30, settings.COMMENT_MINIMUM_SOURCE)


def test_only_its_stage_holds_a_public_comment_while_it_has_not_ended() -> None:
    stage = stage_of()
    stage.cancel(reason="取りやめ", on=TODAY, at=NOON)
    stage.save()
    refused(lambda: prepared(stage), Unmet)


def test_two_who_prepare_at_once_are_told() -> None:
    stage = stage_of()
    prepared(stage, seen=0)
    refused(lambda: prepared(stage, seen=0), Stale)


# Announcing


def test_announce_freezes_what_is_shown_and_sets_a_deadline() -> None:
    comment = announced(stage_of())
    assert comment.version.revision == comment.revision
    [deadline] = Deadline.objects.filter(subject=comment.key)
    assert deadline.due_at.date() == date(2027, 1, 4)  # the working day after 12-30
    assert not Deviation.objects.exists()


def test_answers_are_never_due_before_the_period_is_over() -> None:
    comment = announced(stage_of())
    words = {"first": date(2027, 1, 4), "name": "停電", "bring_forward": True}
    add_closed_days(by=user(BY), at=NOON, **words)
    [deadline] = Deadline.objects.filter(subject=comment.key)
    assert in_tokyo(deadline.due_at) == date(2027, 1, 5)
    event = OutboxEvent.objects.get(kind="deadline.put_off")
    assert ("前の期限", "令和9年1月4日(月)") in notice_of(event).facts


def test_a_shorter_period_is_a_deviation() -> None:
    comment = announced(stage_of(), last_on=date(2026, 12, 14), short_reason="施行日が近い")
    deviation = Deviation.objects.get(stage=comment.stage)
    assert (deviation.kind, deviation.reason) == ("shortened", "施行日が近い")


def test_a_first_day_that_has_gone_is_not_announced() -> None:
    comment = prepared(stage_of())
    refused(
        lambda: commands.announce(comment_id=comment.pk, by=user(BY), at=moment(12, 2)), Invalid
    )


# The calendar


@pytest.mark.parametrize(
    "at, state, verbs",
    [
        (moment(11, 30), "announced", []),
        (moment(12, 1, hour=9), "accepting", ["begun"]),
        (moment(12, 30), "accepting", ["begun"]),
        (moment(12, 31, hour=9), "closed", ["begun", "closed"]),
    ],
)
def test_turn_follows_the_calendar_and_is_idempotent(at: Any, state: str, verbs: Any) -> None:
    comment = announced(stage_of())
    for _again in range(2):
        turned(comment, at)
    assert fresh(comment).state == state
    entries = AuditEntry.objects.filter(subject=comment.key, by=None).order_by("seq")
    assert [e.verb for e in entries] == [f"public_comment.{verb}" for verb in verbs]


@pytest.mark.parametrize("state", ["preparing", "answering", "published"])
def test_turn_leaves_alone_what_the_calendar_does_not_move(state: str) -> None:
    comment = reach(state)
    refused_nothing = AuditEntry.objects.count()
    turned(comment, AFTER)
    assert (fresh(comment).state, AuditEntry.objects.count()) == (state, refused_nothing)


def test_the_task_turns_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    comment = announced(stage_of())
    monkeypatch.setattr(tasks, "now", lambda: OPEN)
    tasks.turn(unknown="argument")
    assert fresh(comment).state == "accepting"
    assert not due(OPEN.date()).exists()


def test_one_that_fails_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    comment, turn = announced(stage_of()), commands.turn

    def fail_first(*, comment_id: int, **more: Any) -> Any:
        if comment_id != comment.pk:
            raise RuntimeError("a row that cannot be turned")
        return turn(comment_id=comment_id, **more)

    monkeypatch.setattr(tasks, "now", lambda: OPEN)
    monkeypatch.setattr(tasks.commands, "turn", fail_first)
    monkeypatch.setattr(tasks.queries, "due", lambda on: Due([comment.pk + 1, comment.pk]))
    tasks.turn()
    assert fresh(comment).state == "accepting"


class Due(list[int]):
    def values_list(self, *_fields: str, flat: bool) -> list[int]:
        return self


def test_answering_starts_even_when_beat_was_down() -> None:
    comment = announced(stage_of())
    commands.start_answering(comment_id=comment.pk, by=user(BY), at=AFTER)
    verbs = AuditEntry.objects.filter(subject=comment.key).order_by("seq").values_list("verb")
    assert [verb.removeprefix("public_comment.") for (verb,) in verbs][-3:] == [
        "begun",
        "closed",
        "answering_started",
    ]
    assert not running().filter(subject=comment.key).exists()


def test_what_was_sent_back_is_not_counted_by_its_class() -> None:
    opinion = submit(announced(stage_of())).opinion
    words = {"disposition": "noted", "response": "考え方", "summary": "要旨"}
    opinions.draft_response(opinion_id=opinion.pk, by=user(BY), at=OPEN, **words)
    comment = PublicComment.objects.get()
    assert counts_of(comment)["disposition"] == [("参考", 1)]
    chief = user("joho-kacho")
    opinions.send_back_response(opinion_id=opinion.pk, reason="根拠", by=chief, at=OPEN)
    assert counts_of(comment)["disposition"] == []


def to_publish(on: date) -> Work:
    found = work_of(user(BY), on, calendar())
    (work,) = (work for work in found if work.link.startswith("/comments/"))
    return work


def test_its_turns_tell_their_days_and_the_inbox_shows_the_same() -> None:
    comment = turned(announced(stage_of()), AFTER)
    facts = {e.kind: dict(notice_of(e).facts) for e in OutboxEvent.objects.all()}
    assert facts["public_comment.begun"]["募集の終わり"] == "令和8年12月30日(水)"
    assert facts["public_comment.closed"]["期限"] == "令和9年1月4日(月)"
    work = to_publish(AFTER.date())
    due_on = date(2027, 1, 4)
    assert (work.act, work.due_on, work.left) == ("取りまとめを始めるか、結果を公表する", due_on, 1)
    late = to_publish(date(2027, 1, 5))
    assert (late.due_on, late.left) == (due_on, -1)
    commands.start_answering(comment_id=comment.pk, by=user(BY), at=AFTER)
    work = to_publish(AFTER.date())
    assert (work.act, work.due_on) == ("意見をまとめて結果を公表する", None)


# Opinions


@pytest.mark.parametrize(
    "at, told",
    [
        (moment(11, 30), "受付は令和8年12月1日(火)からです"),
        (moment(12, 1, hour=9), ""),
        (moment(12, 30, hour=23), ""),
        (moment(12, 31, hour=9), "受付は令和8年12月30日(水)に終わりました"),
    ],
)
def test_opinions_are_taken_by_the_calendar_though_beat_is_down(at: Any, told: str) -> None:
    comment = announced(stage_of())
    if told:
        assert told in str(refused(lambda: submit(comment, at=at), Invalid))
    else:
        opinion = submit(comment, at=at).opinion
        assert (opinion.channel, opinion.medium, opinion.received_at) == ("citizen", "web", at)


@pytest.mark.parametrize("state", ["preparing", "published"])
def test_opinions_are_not_taken_before_announcing_nor_after_publishing(state: str) -> None:
    comment = reach(state)

    def act() -> Submission:
        return commands.submit_opinion(
            comment_id=comment.pk, form_id="f", text="意見", sender="192.0.2.1", at=OPEN
        )

    refused(act, Invalid)


def test_opinions_are_not_taken_when_the_stage_was_called_off() -> None:
    comment = announced(stage_of())
    stage = comment.stage
    stage.cancel(reason="取りやめ", on=TODAY, at=NOON)
    stage.save()
    with transaction.atomic():
        call_off(stage, by=user(BY), post=post("joho-tanto"), at=NOON, reason="取りやめ")
    refused(lambda: submit(comment), Invalid)
    assert phase_on(fresh(comment), FIRST) == "stopped"
    assert not due(AFTER.date()).exists()
    assert turned(comment, AFTER).state == "announced"
    assert not running().filter(subject=comment.key).exists()


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"text": " \n　"}, "text"),
        ({"text": "あ" * 5_001}, "text"),
        ({"name": "あ" * 81}, "name"),
        ({"address": "あ" * 201}, "address"),
        ({"contact": "あ" * 121}, "contact"),
    ],
)
def test_what_is_not_taken(wrong: dict[str, str], field: str) -> None:
    comment = announced(stage_of())
    assert refused(lambda: submit(comment, **wrong), Invalid).field == field


def test_the_longest_opinion_is_taken_word_for_word() -> None:
    text = " " + "字" * 4_998 + "\n"
    assert submit(announced(stage_of()), text).opinion.text == text


def test_the_same_form_sent_twice_is_one_opinion() -> None:
    comment = announced(stage_of())
    first = submit(comment)
    entries = AuditEntry.objects.count()
    assert submit(comment) == first
    assert (Opinion.objects.count(), AuditEntry.objects.count()) == (1, entries)


def test_changed_wording_or_another_form_is_another_opinion() -> None:
    comment = announced(stage_of())
    submit(comment)
    submit(comment, "やはり、窓口も増やしてほしい。")
    submit(comment, form_id="t-2")
    assert list(Opinion.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_personal_data_is_kept_apart() -> None:
    comment = announced(stage_of())
    submit(comment, name="提出した人", address="本町1-3-2", contact="090-0000-0000")
    submitter = Submitter.objects.get()
    assert (submitter.name, submitter.contact) == ("提出した人", "090-0000-0000")
    told = [str(event.facts) for event in OutboxEvent.objects.all()]
    for said in [*told, *AuditEntry.objects.values_list("body", flat=True)]:
        assert "提出した人" not in said
        assert "本町" not in said
    submit(comment, form_id="t-2")
    assert Submitter.objects.count() == 1


def test_an_address_that_floods_is_stopped_for_an_hour() -> None:
    comment = announced(stage_of())
    for n in range(settings.OPINIONS_PER_HOUR):
        submit(comment, form_id=f"t-{n}")
    refused(lambda: submit(comment, form_id="t-x"), TooMany)
    submit(comment, form_id="t-x", sender="192.0.2.2")
    submit(comment, form_id="t-y", at=OPEN + timedelta(hours=1))


def test_no_address_is_kept() -> None:
    comment = announced(stage_of())
    kept = submit(comment).sender
    assert "192.0.2.1" not in kept
    assert submit(comment, form_id="t-2", at=OPEN + timedelta(days=1)).sender != kept
    turned(comment, AFTER)
    assert set(Submission.objects.values_list("sender", flat=True)) == {""}


# Publishing


def test_publication_waits_for_every_answer() -> None:
    comment = announced(stage_of())
    one, other = submit(comment).opinion, submit(comment, form_id="t-2").opinion
    answer(one)
    refusal = refused(lambda: publish(comment), Unmet)
    assert [missing.link for missing in refusal.missing] == [f"/opinions/{other.pk}/"]
    answer(other)
    publish(comment)
    assert set(Opinion.objects.values_list("state", flat=True)) == {"published"}
    published = AuditEntry.objects.filter(verb="opinion.published")
    assert {entry.subject for entry in published} == {one.key, other.key}


def test_no_opinion_at_all_is_a_normal_result() -> None:
    comment = publish(announced(stage_of()))
    assert (comment.state, comment.published_at) == ("published", AFTER)
    check_comment_done(comment.stage)


def test_the_sections_that_answered_are_told() -> None:
    comment = announced(stage_of())
    opinion = submit(comment).opinion
    section = user("koho-kacho").appointments.get().post.section
    opinions.assign(opinion_id=opinion.pk, section_id=section.pk, by=user(BY), at=AFTER)
    opinion.refresh_from_db(fields=["section"])
    opinions.draft_response(
        opinion_id=opinion.pk,
        disposition="noted",
        response="参考にします。",
        summary="要旨",
        by=user("koho-tanto"),
        at=AFTER,
    )
    opinions.approve_response(opinion_id=opinion.pk, by=user("koho-kacho"), at=AFTER)
    publish(comment)
    [event] = OutboxEvent.objects.filter(kind="public_comment.published")
    assert section.group_id in event.groups


@pytest.mark.parametrize("state", STATES)
def test_a_stage_is_done_when_the_result_is_published(state: str) -> None:
    comment = reach(state)
    if state == "published":
        check_comment_done(comment.stage)
    else:
        with pytest.raises(Unmet) as refusal:
            check_comment_done(comment.stage)
        assert [m.link for m in refusal.value.missing] == [f"/comments/{comment.pk}/"]


def test_a_stage_without_a_public_comment_is_not_done() -> None:
    stage = stage_of()
    with pytest.raises(Unmet) as refusal:
        check_comment_done(stage)
    assert refusal.value.missing[0].link == f"/stages/{stage.pk}/comment/"
