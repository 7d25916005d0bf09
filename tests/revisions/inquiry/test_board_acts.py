"""Acts on many addressees: of each its own act, entry and notice, or its own refusal in words."""

from datetime import UTC, date, datetime

import pytest

from revisions.inquiry.commands_board import accept_each, mark_seen, remind_each, return_each
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_board import BoardVisit
from revisions.inquiry.states import TargetState as S
from tests.counting import at_most
from tests.factories import NOON, section, user
from tests.revisions.inquiry.test_accept import answered, proposal, secretariat_edits
from tests.revisions.inquiry.walk import (
    PATHS,
    approve,
    counted,
    current,
    issued,
    many_sections,
    prepared,
    receive,
    submit,
    target_at,
    target_of,
    unchanged,
    waive,
)
from workflow.audit.models import AuditEntry
from workflow.errors import Invalid, NotAllowed, why
from workflow.models import Deadline, OutboxEvent

pytestmark = pytest.mark.django_db

OTHERS = ("koho-tanto", "koho-kacho", "fuku-shicho-a", "iin-1", "kansa", "kanri")
LATER = date(2026, 12, 18)


@pytest.fixture(autouse=True)
def the_city(city):
    """Every test walks it."""


def do(act, *targets, by="joho-tanto", at=NOON, **given):
    picked = {target.pk: current(target).chain_length for target in targets}
    inquiry = targets[0].inquiry_id
    return act(inquiry_id=inquiry, picked=picked, by=user(by), at=at, **given)


def refusal(outcome, target):
    return why(outcome.refused[target.pk])


ACTS = {
    remind_each: ({S.PENDING_RECEIPT, S.RECEIVED, S.IN_REVIEW, S.RETURNED}, "回答を待っていません"),
    accept_each: ({S.ANSWERED}, "いまの状態では"),
    return_each: ({S.ANSWERED}, "いまの状態では"),
}
GIVEN = {return_each: {"reason": "数値の確認"}}


@pytest.mark.parametrize("state", PATHS)
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_every_state(act, state):
    target = target_at(state)
    fitting, words = ACTS[act]
    before = counted()
    outcome = do(act, target, **GIVEN.get(act, {}))
    if state in fitting:
        assert (outcome.done, outcome.refused) == ([target.pk], {})
        assert AuditEntry.objects.filter(subject=target.key).count() == target.chain_length + 1
    else:
        assert (outcome.done, counted()) == ([], before)
        assert words in refusal(outcome, target)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_only_the_secretariat(act):
    target = target_at(S.PENDING_RECEIPT if act is remind_each else S.ANSWERED)
    before = counted()
    for by in OTHERS:
        try:
            outcome = do(act, target, by=by, **GIVEN.get(act, {}))
        except NotAllowed:
            continue
        assert isinstance(outcome.refused[target.pk], NotAllowed)
    assert counted() == before


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_neither_another_inquirys_nor_what_has_moved_since(act):
    here = target_at(S.ANSWERED if act is not remind_each else S.RECEIVED)
    inquiry, before, given = here.inquiry_id, counted(), GIVEN.get(act, {})
    more = {"by": user("joho-tanto"), "at": NOON} | given
    stranger = act(inquiry_id=inquiry, picked={10**9: 1}, **more)
    assert "照会先ではありません" in why(stranger.refused[10**9])
    stale = act(inquiry_id=inquiry, picked={here.pk: here.chain_length - 1}, **more)
    assert "別の操作が行われました" in refusal(stale, here)
    assert counted() == before


# Reminding


def test_each_is_reminded_by_a_notice_and_an_entry_of_its_own():
    inquiry = issued("koho", "koseki", "kodomo")
    targets = list(inquiry.targets.all())
    waive(target_of(inquiry, "kodomo"))
    outcome = do(remind_each, *targets)
    assert len(outcome.done) == 2
    events = OutboxEvent.objects.filter(kind="inquiry.reminded").order_by("pk")
    assert {(e.link, *e.groups) for e in events} == {
        (f"/answers/{target_of(inquiry, code).pk}/", section(code).group_id)
        for code in ("koho", "koseki")
    }


@pytest.mark.parametrize(
    "first, again, refused",
    [
        ((11, 24), (11, 24), True),
        ((11, 24), (11, 25), False),
        ((11, 27), (11, 28), True),
        ((11, 28), (11, 29), True),
        ((11, 28), (11, 30), False),
    ],
    ids=["same day", "next day", "Friday, Saturday", "Saturday, Sunday", "Saturday, Monday"],
)
def test_nobody_is_reminded_twice_on_a_working_day(first, again, refused):
    target = target_of(issued())
    assert do(remind_each, target, at=datetime(2026, *first, 3, tzinfo=UTC)).done
    outcome = do(remind_each, target, at=datetime(2026, *again, 4, tzinfo=UTC))
    assert bool(outcome.refused) is refused
    if refused:
        assert f"令和8年{first[0]}月{first[1]}日" in refusal(outcome, target)


def test_a_thousand_reminders_cost_few_statements():
    """PostgreSQL takes 500 rows a statement; SQLite, at 999 parameters, some more."""
    inquiry = prepared()
    ids = [each.pk for each in many_sections(1000)]
    from revisions.inquiry.commands import issue

    issue(inquiry_id=inquiry.pk, section_ids=ids, by=user("joho-tanto"), at=NOON)
    picked = dict.fromkeys(InquiryTarget.objects.values_list("pk", flat=True))
    by = user("joho-tanto")
    with at_most(60):
        outcome = remind_each(inquiry_id=inquiry.pk, picked=picked, by=by, at=NOON)
    assert len(outcome.done) == OutboxEvent.objects.filter(kind="inquiry.reminded").count() == 1000


# Accepting and returning


def walk_up(inquiry, code):
    staff = f"{code}-tanto"
    target = receive(target_of(inquiry, code), by=staff)
    unchanged(target, by=staff)
    submit(target, by=staff)
    approve(target, by=f"{code}-kacho")
    return current(target)


def test_a_clash_is_left_to_a_person_while_the_others_are_accepted():
    inquiry = issued("koho", "koseki")
    clashing = receive(target_of(inquiry))
    answered(clashing, **proposal(clashing, overview="課の文"))
    secretariat_edits(clashing, overview="事務局の文")
    ready = walk_up(inquiry, "koseki")
    outcome = do(accept_each, clashing, ready)
    assert outcome.done == [ready.pk]
    assert outcome.refused[clashing.pk].missing
    assert [current(t).state for t in (clashing, ready)] == [S.ANSWERED, S.ACCEPTED]


def test_many_go_back_for_one_reason_by_one_day():
    inquiry = issued("koho", "koseki")
    targets = [walk_up(inquiry, "koho"), walk_up(inquiry, "koseki")]
    assert len(do(return_each, *targets, reason="数値の確認", due_on=LATER).done) == 2
    assert {(current(t).state, current(t).due_on) for t in targets} == {(S.RETURNED, LATER)}
    running = Deadline.objects.filter(subject__in=[t.key for t in targets], state="open")
    assert running.count() == 2


def test_a_closed_day_is_meant():
    target = target_at(S.ANSWERED)
    saturday = {"reason": "数値の確認", "due_on": date(2026, 12, 12)}
    assert isinstance(do(return_each, target, **saturday).refused[target.pk], Invalid)
    assert do(return_each, target, **saturday, accept_closed_day=True).done


# Seen


def test_what_was_seen_is_noted_for_who_saw_it_and_never_taken_back():
    inquiry, before = issued(), counted()
    for by, upto, noted in [("joho-tanto", 5, 5), ("joho-tanto", 3, 5), ("kansa", 2, 2)]:
        mark_seen(inquiry_id=inquiry.pk, upto=upto, by=user(by), at=NOON)
        assert BoardVisit.objects.get(user=user(by)).upto == noted
    for by in ("koho-tanto", "koho-kacho", "iin-1", "kanri"):
        with pytest.raises(NotAllowed):
            mark_seen(inquiry_id=inquiry.pk, upto=1, by=user(by), at=NOON)
    assert (BoardVisit.objects.count(), counted()) == (2, before)
