"""Acts on many addressees: of each its own act, entry and notice, or its own refusal in words."""

from datetime import UTC, date, datetime

import pytest

from revisions.inquiry.commands import issue
from revisions.inquiry.commands_board import mark_seen
from revisions.inquiry.commands_bulk import (
    accept_each,
    extend_each,
    remind_each,
    return_each,
    waive_each,
)
from revisions.inquiry.models import InquiryTarget, Remark, SheetAnswer
from revisions.inquiry.models_board import BoardVisit
from revisions.inquiry.states import TargetState as S
from revisions.models import Opinion
from revisions.plan.queries import content_of, sheet_of
from tests.counting import at_most
from tests.factories import NOON, section, user
from tests.revisions.inquiry.test_accept import answered, proposal, secretariat_edits
from tests.revisions.inquiry.walk import (
    PATHS,
    approve,
    ask_extension,
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
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.parts import lift_all
from workflow.errors import Invalid, NotAllowed, why
from workflow.ledger.command import command
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


AWAITED = {S.PENDING_RECEIPT, S.RECEIVED, S.IN_REVIEW, S.RETURNED}
ACTS = {
    remind_each: (AWAITED, "回答を待っていません"),
    accept_each: ({S.ANSWERED}, "この操作はできません"),
    return_each: ({S.ANSWERED}, "この操作はできません"),
    extend_each: (AWAITED, "この操作はできません"),
    waive_each: (AWAITED - {S.IN_REVIEW}, "この操作はできません"),
}
GIVEN = {
    return_each: {"reason": "数値の確認"},
    extend_each: {"due_on": LATER},
    waive_each: {"reason": "所管なし"},
}


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
    target = target_at(S.RECEIVED if S.RECEIVED in ACTS[act][0] else S.ANSWERED)
    before = counted()
    for by in OTHERS:
        with pytest.raises(NotAllowed):
            do(act, target, by=by, **GIVEN.get(act, {}))
    assert counted() == before


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_neither_another_inquirys_nor_what_has_moved_since(act):
    here = target_at(S.RECEIVED if S.RECEIVED in ACTS[act][0] else S.ANSWERED)
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
    issue(inquiry_id=inquiry.pk, section_ids=ids, by=user("joho-tanto"), at=NOON)
    picked = dict.fromkeys(InquiryTarget.objects.values_list("pk", flat=True))
    by = user("joho-tanto")
    with at_most(60):
        outcome = remind_each(inquiry_id=inquiry.pk, picked=picked, by=by, at=NOON)
    assert len(outcome.done) == OutboxEvent.objects.filter(kind="inquiry.reminded").count() == 1000


# Accepting and returning


def answered_by_many(count):
    """An inquiry answered by many sections: the first change a sheet each, the others remark."""
    inquiry = prepared()
    ids = [each.pk for each in many_sections(count)]
    issue(inquiry_id=inquiry.pk, section_ids=ids, by=user("joho-tanto"), at=NOON)
    targets = list(InquiryTarget.objects.order_by("pk"))
    command(lift_all)(targets, "inquiry.answer", by=None, at=NOON)
    InquiryTarget.objects.update(state=S.ANSWERED, answered_at=NOON)
    sheets = content_of(inquiry.revision)["projects"]
    SheetAnswer.objects.bulk_create(
        SheetAnswer(
            target=target,
            uid=sheet["uid"],
            kind="edit",
            before=sheet,
            proposed=sheet | {"overview": f"改めた概要 {target.pk}"},
            reason="見直し",
        )
        for target, sheet in zip(targets, sheets, strict=False)
    )
    Remark.objects.bulk_create(
        Remark(target=target, project_uid="P06", text=f"意見 {target.pk}")
        for target in targets[len(sheets) :]
    )
    return dict.fromkeys(target.pk for target in targets), inquiry


@pytest.mark.parametrize(
    "act, verb, given",
    [
        (accept_each, "inquiry.accepted", {}),
        (return_each, "inquiry.returned", {"reason": "数値の確認"}),
    ],
    ids=["accept", "return"],
)
def test_two_hundred_cost_few_statements_and_each_has_its_entry_and_notice(act, verb, given):
    """SQLite, at 999 parameters a statement, takes more than PostgreSQL."""
    picked, inquiry = answered_by_many(200)
    with at_most(60):
        outcome = act(inquiry_id=inquiry.pk, picked=picked, by=user("joho-tanto"), at=NOON, **given)
    assert (sorted(outcome.done), outcome.refused) == (sorted(picked), {})
    keys = {target.key for target in InquiryTarget.objects.all()}
    assert set(AuditEntry.objects.filter(verb=verb).values_list("subject", flat=True)) == keys
    assert OutboxEvent.objects.filter(kind=verb).count() == len(keys) == 200


def test_what_many_answered_is_in_the_draft_and_in_the_ledger():
    picked, inquiry = answered_by_many(60)
    accept_each(inquiry_id=inquiry.pk, picked=picked, by=user("joho-tanto"), at=NOON)
    sheets = content_of(inquiry.revision)["projects"]
    assert {sheet["overview"] for sheet in sheets} == {
        f"改めた概要 {pk}" for pk in list(picked)[: len(sheets)]
    }
    changes = list(inquiry.revision.changes.all())
    assert [change.number for change in changes] == list(range(1, len(sheets) + 1))
    assert {change.origin_key for change in changes} == {
        f"revisions.inquirytarget:{pk}" for pk in list(picked)[: len(sheets)]
    }
    opinions = Opinion.objects.order_by("number")
    assert [o.number for o in opinions] == list(range(1, 60 - len(sheets) + 1))
    assert {o.text for o in opinions} == {f"意見 {pk}" for pk in list(picked)[len(sheets) :]}


def test_two_that_changed_one_sheet_go_together_or_the_second_is_left_to_a_person():
    picked, inquiry = answered_by_many(3)
    first, second, third = SheetAnswer.objects.order_by("target")
    sheet = first.before
    second.uid, second.before = first.uid, sheet
    second.proposed = sheet | {"aims": "ほかの課の目指すもの"}
    third.uid, third.before = first.uid, sheet
    third.proposed = sheet | {"overview": "ほかの課の概要"}
    SheetAnswer.objects.bulk_update([second, third], ["uid", "before", "proposed"])
    outcome = accept_each(inquiry_id=inquiry.pk, picked=picked, by=user("joho-tanto"), at=NOON)
    assert outcome.done == [first.target_id, second.target_id]
    assert outcome.refused[third.target_id].missing
    now = sheet_of(inquiry.revision, first.uid)
    assert (now["overview"], now["aims"]) == (first.proposed["overview"], "ほかの課の目指すもの")


def test_one_that_drops_a_project_is_accepted_after_those_that_change_words():
    inquiry = issued("koho", "koseki")
    dropping = receive(target_of(inquiry))
    answered(dropping, kind="discontinue")
    wordy = walk_up(inquiry, "koseki")
    assert do(accept_each, dropping, wordy).done == [wordy.pk, dropping.pk]
    assert not inquiry.revision.projects.filter(uid="P06", is_discontinued=False).exists()


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


def test_many_have_more_time_and_a_reason_where_it_is_less():
    inquiry = issued("koho", "koseki")
    koho, koseki = target_of(inquiry), target_of(inquiry, "koseki")
    ask_extension(receive(koho), due_on=date(2026, 12, 25))
    outcome = do(extend_each, koho, koseki, due_on=LATER)
    assert (outcome.done, outcome.refused[koho.pk].field) == ([koseki.pk], "reason")
    assert do(extend_each, koho, due_on=LATER, reason="議会の日程のため").done == [koho.pk]
    due = {in_tokyo(d.due_at) for d in Deadline.objects.filter(state="open")}
    assert due == {LATER}


def test_nobody_waits_for_those_who_need_not_answer():
    inquiry = issued("koho", "koseki")
    assert len(do(waive_each, *inquiry.targets.all(), reason="所管なし").done) == 2
    assert not Deadline.objects.filter(state="open").exists()


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
