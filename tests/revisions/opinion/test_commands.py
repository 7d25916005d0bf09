from datetime import date
from functools import partial

import pytest
from django_fsm import TransitionNotAllowed

from notifications.catalog import notice_of
from revisions.models import Opinion, Scan, Submitter
from revisions.opinion import commands, queries
from revisions.opinion.gates import check_disposed
from revisions.opinion.states import OpinionState as S
from tests.counting import at_most
from tests.factories import NOON, TODAY, section, user
from tests.revisions.drafts import open_stage, running_revision
from tests.workflow.signoff.scanned import JPEG, PDF, PNG, pdf
from workflow.audit.models import AuditEntry
from workflow.errors import Invalid, NotAllowed, Stale, Unmet
from workflow.models import OutboxEvent, Stage
from workflow.signoff.scans import LARGEST

pytestmark = pytest.mark.django_db

STATES = (S.RECEIVED, S.DRAFTED, S.APPROVED, S.PUBLISHED)
OTHERS = ("kodomo-kacho", "fuku-shicho-a", "iin-1", "kansa", "kanri")


def receive(stage, *, by="joho-tanto", **more):
    given = {
        "channel": "citizen",
        "medium": "post",
        "received_on": TODAY,
        "text": f"窓口で書く回数を減らしてほしい。（{stage.opinions.count() + 1}通目）",
    }
    return commands.receive_opinion(stage_id=stage.pk, by=user(by), at=NOON, **given | more)


def draft(opinion, *, by="koho-tanto", disposition="noted", response="参考とします。", **more):
    return commands.draft_response(
        opinion_id=opinion.pk,
        disposition=disposition,
        response=response,
        summary="窓口で書く負担",
        by=user(by),
        at=NOON,
        **more,
    )


def assign(opinion, *, by="joho-tanto"):
    return commands.assign(
        opinion_id=opinion.pk, section_id=section("koho").pk, by=user(by), at=NOON
    )


def approve(opinion, *, by="koho-kacho"):
    return commands.approve_response(opinion_id=opinion.pk, by=user(by), at=NOON)


def send_back(opinion, *, by="koho-kacho", reason="根拠が足りません。"):
    return commands.send_back_response(opinion_id=opinion.pk, reason=reason, by=user(by), at=NOON)


def asked(stage):
    """An opinion that koho is to answer."""
    return assign(receive(stage))


def opinion_at(state):
    """An opinion that koho answers, walked to a state."""
    opinion = asked(open_stage(running_revision()))
    for step in (draft, approve, publish)[: STATES.index(state)]:
        step(opinion)
    return Opinion.objects.get(pk=opinion.pk)


def publish(opinion):
    published = Opinion.objects.get(pk=opinion.pk)
    published.publish()
    published.save()


def counted():
    return AuditEntry.objects.count(), OutboxEvent.objects.count()


TABLE = {
    assign: ({"joho-tanto", "joho-kacho"}, {S.RECEIVED: S.RECEIVED, S.DRAFTED: S.DRAFTED}),
    draft: (
        {"joho-tanto", "joho-kacho", "koho-tanto", "koho-kacho"},
        {S.RECEIVED: S.DRAFTED, S.DRAFTED: S.DRAFTED},
    ),
    approve: ({"koho-kacho"}, {S.DRAFTED: S.APPROVED}),
    send_back: ({"koho-kacho"}, {S.DRAFTED: S.RECEIVED}),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", TABLE)
def test_every_state_and_every_person(city, act, state):
    allowed_to, moves = TABLE[act]
    opinion = opinion_at(state)
    for by in ("joho-tanto", "joho-kacho", "koho-tanto", "koho-kacho", *OTHERS):
        if by in allowed_to and state in moves:
            continue
        before = counted()
        with pytest.raises(TransitionNotAllowed if by in allowed_to else NotAllowed):
            act(opinion, by=by)
        assert counted() == before
    for by in sorted(allowed_to if state in moves else ()):
        if Opinion.objects.get(pk=opinion.pk).state == state:
            assert act(opinion, by=by).state == moves[state]
            assert AuditEntry.objects.filter(subject=opinion.key).latest("seq").by == user(by)


@pytest.mark.parametrize("by", [*OTHERS, "koho-kacho"])
def test_only_the_secretariat_keys_in(city, by):
    stage = open_stage(running_revision())
    before = counted()
    with pytest.raises(NotAllowed):
        receive(stage, by=by)
    assert counted() == before


def test_opinions_of_a_revision_are_numbered_from_one(city):
    stage = open_stage(running_revision())
    assert [receive(stage).number for _ in range(3)] == [1, 2, 3]


def test_personal_data_stands_apart_and_on_no_record(city):
    opinion = receive(
        open_stage(running_revision()),
        name="提出した人",
        address="住所",
        scan=("手紙.pdf", PDF),
    )
    assert Submitter.objects.get().opinion == opinion
    assert Scan.objects.get().media_type == "application/pdf"
    told = [entry.body for entry in AuditEntry.objects.all()]
    told += [str(event.facts) for event in OutboxEvent.objects.all()]
    assert not [text for text in told if "提出した人" in text or opinion.text in text]


def test_a_stage_that_has_not_begun_hears_nobody(city):
    first = open_stage(running_revision())
    planned = Stage.objects.create(
        case=first.case, round=first.round, order=9, kind="meeting", asks="hearing", name="後の会議"
    )
    with pytest.raises(Unmet):
        receive(planned)


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"channel": "mayor"}, "channel"),
        ({"medium": "pigeon"}, "medium"),
        ({"received_on": date(2026, 11, 25)}, "received_on"),
        ({"text": "　"}, "text"),
        ({"text": "あ" * 20_001}, "text"),
        ({"scan": ("本文.pdf", b"MZ...")}, "scan"),
        ({"scan": ("大きい.pdf", PDF + b"0" * LARGEST)}, "scan"),
        ({"scan": ("空.pdf", b"")}, "scan"),
        ({"scan": ("動く.pdf", pdf(b"/JavaScript"))}, "scan"),
    ],
)
def test_what_is_wrong_names_its_field(city, wrong, field):
    stage = open_stage(running_revision())
    before = Opinion.objects.count()
    with pytest.raises(Invalid) as refused:
        receive(stage, **wrong)
    assert refused.value.field == field
    assert Opinion.objects.count() == before


@pytest.mark.parametrize("body", [PDF, PNG, JPEG])
def test_paper_is_known_by_its_content(city, body):
    receive(open_stage(running_revision()), scan=("scan.bin", body))
    assert Scan.objects.get().body == body


@pytest.mark.parametrize(
    "wrong, field", [({"disposition": "kept"}, "disposition"), ({"response": " "}, "response")]
)
def test_a_response_says_what_and_why(city, wrong, field):
    opinion = opinion_at(S.RECEIVED)
    with pytest.raises(Invalid) as refused:
        draft(opinion, **wrong)
    assert refused.value.field == field


def test_sending_back_needs_a_reason(city):
    with pytest.raises(Invalid):
        send_back(opinion_at(S.DRAFTED), reason="")


def test_what_is_sent_back_keeps_its_draft_and_tells_the_reason(city):
    opinion = opinion_at(S.DRAFTED)
    send_back(opinion, reason="根拠が足りません。")
    now = Opinion.objects.get(pk=opinion.pk)
    assert (now.state, now.disposition, now.response) == (S.RECEIVED, "noted", "参考とします。")
    assert now.summary == "窓口で書く負担"
    told = OutboxEvent.objects.get(kind="opinion.sent_back")
    assert ("理由", "根拠が足りません。") in notice_of(told).facts


def test_without_a_section_asked_the_secretariats_chief_approves(city):
    opinion = draft(receive(open_stage(running_revision())), by="joho-tanto")
    for by in ("joho-tanto", "koho-kacho", *OTHERS):
        before = counted()
        with pytest.raises(NotAllowed):
            approve(opinion, by=by)
        assert counted() == before
    assert approve(opinion, by="joho-kacho").state == S.APPROVED


def test_an_old_page_is_stale(city):
    opinion = opinion_at(S.RECEIVED)
    seen = opinion.chain_length
    draft(opinion, seen=seen)
    with pytest.raises(Stale):
        draft(opinion, seen=seen)


def test_like_opinions_are_linked_and_still_count(city):
    stage = open_stage(running_revision())
    first, second, third = (receive(stage) for _ in range(3))
    link = partial(commands.link_similar, by=user("joho-tanto"), at=NOON)
    link(opinion_id=second.pk, to_id=first.pk)
    assert [o.like for o in queries.ledger(first.revision)] == [1, 0, 0]
    for opinion, other in ((first, third), (second, second), (third, second)):
        before = counted()
        with pytest.raises(Invalid):
            link(opinion_id=opinion.pk, to_id=other.pk)
        assert counted() == before
    for by in ("koho-tanto", *OTHERS):
        with pytest.raises(NotAllowed):
            commands.link_similar(opinion_id=third.pk, to_id=first.pk, by=user(by), at=NOON)


def test_what_was_published_is_linked_no_more(city):
    """Citizens have read it on its own."""
    published = opinion_at(S.PUBLISHED)
    other = receive(published.stage)
    with pytest.raises(TransitionNotAllowed):
        commands.link_similar(
            opinion_id=published.pk, to_id=other.pk, by=user("joho-tanto"), at=NOON
        )


def test_an_ended_revision_hears_and_answers_nobody(city):
    opinion = opinion_at(S.DRAFTED)
    revision = opinion.revision
    revision.withdraw(at=NOON)
    revision.save()
    before = counted()
    for act in (
        lambda: receive(opinion.stage),
        *(lambda act=act: act(opinion) for act in (assign, draft, approve, send_back)),
    ):
        with pytest.raises(Unmet):
            act()
    assert counted() == before


def test_the_ledger_is_filtered_and_counted(city):
    stage = open_stage(running_revision())
    opinion = asked(stage)
    receive(stage, channel="councillor", text="情報の格差に配慮を。")
    draft(opinion)
    with at_most(1):
        found = queries.counts(opinion.revision)
    assert found == {"received": 1, "drafted": 1, "approved": 0, "published": 0}
    ledger = queries.ledger(opinion.revision)
    for wanted in (
        {"channel": "citizen"},
        {"state": "drafted"},
        {"words": "窓口 回数"},
        {"section": "koho"},
    ):
        assert list(queries.sought(ledger, **wanted)) == [opinion]
    assert len(ledger) == 2


def test_everything_undisposed_is_listed(city):
    stage = open_stage(running_revision())
    first, second = receive(stage), receive(stage)
    for act in (partial(draft, by="joho-tanto"), partial(approve, by="joho-kacho")):
        act(first)
    with pytest.raises(Unmet) as refused:
        check_disposed(first.revision)
    assert [missing.link for missing in refused.value.missing] == [f"/opinions/{second.pk}/"]
    for act in (partial(draft, by="joho-tanto"), partial(approve, by="joho-kacho")):
        act(second)
    check_disposed(first.revision)


def test_the_same_words_again_need_to_be_somebody_elses(city):
    stage = open_stage(running_revision())
    same = {"text": "同じ文", "name": "ある人"}
    first = receive(stage, **same)
    before = counted()
    for told in (None, first.number + 1):
        with pytest.raises(Invalid) as refused:
            receive(stage, **same, same_as=told)
        assert refused.value.field == "same_as"
    assert counted() == before
    assert receive(stage, **same | {"name": "別の人"}).number == 2
    assert receive(stage, **same | {"name": ""}).number == 3
    assert receive(stage, **same, same_as=first.number).number == 4
