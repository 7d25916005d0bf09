"""人事異動: every act, in every state, by everybody."""

import json

import pytest
from django_fsm import TransitionNotAllowed

from tests.factories import TODAY, post, user
from tests.workflow.transfer.walk import APRIL, BY, DAY, MARCH, move, noon, prepared, scheduled
from workflow.errors import Invalid, NotAllowed, Stale, Unmet
from workflow.models import (
    Absence,
    Appointment,
    AuditEntry,
    OutboxEvent,
    Transfer,
    TransferLine,
    User,
)
from workflow.people.commands_absence import register_absence
from workflow.people.queries import is_absent
from workflow.transfer import commands
from workflow.transfer.gates import Unfit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

STATES = ["preparing", "scheduled", "applied", "cancelled"]
LATER = {"title": "定期異動", "effective_on": APRIL + DAY}
STRANGERS = ["joho-kacho", "somu-bucho", "shicho", "iin-1", "kansa"]


def reach(state):
    moves = [move("joho-kacho", "koho-kacho"), move("koho-kacho", "joho-kacho")]
    transfer = prepared(*moves) if state == "preparing" else scheduled(*moves)
    if state == "applied":
        commands.apply(transfer_id=transfer.pk, by=None, at=noon(APRIL))
    if state == "cancelled":
        commands.cancel(transfer_id=transfer.pk, reason="延期", by=user(BY), at=MARCH)
    return Transfer.objects.get(pk=transfer.pk)


def acts(transfer):
    """Every act on a transfer: its command, and the states in which it may be done."""
    one = {"transfer_id": transfer.pk}
    line = {"line_id": transfer.lines.first().pk}
    moves = {"moves": [move("zaisan-kacho", "giji-kacho", is_concurrent=True)]}
    return [
        (commands.add_lines, one | moves, {"preparing"}, MARCH),
        (commands.remove_line, line, {"preparing"}, MARCH),
        (commands.revise, one | LATER, {"preparing"}, MARCH),
        (commands.schedule, one, {"preparing"}, MARCH),
        (commands.reopen, one, {"scheduled"}, MARCH),
        (commands.cancel, one | {"reason": "延期"}, {"preparing", "scheduled"}, MARCH),
        (commands.apply, one, {"scheduled"}, noon(APRIL)),
    ]


def written():
    return (
        AuditEntry.objects.count(),
        OutboxEvent.objects.count(),
        Appointment.objects.count(),
        list(Transfer.objects.values_list("state", "chain_length")),
        TransferLine.objects.count(),
    )


def refused(act, error):
    before = written()
    with pytest.raises(error) as raised:
        act()
    assert written() == before
    return raised.value


@pytest.mark.parametrize("state", STATES)
def test_who_does_what_in_which_state(state):
    transfer = reach(state)
    for command, given, states, at in acts(transfer):
        for who in STRANGERS:
            refused(lambda c=command, g=given, a=at, w=who: c(**g, by=user(w), at=a), NotAllowed)
        if state not in states:
            refused(
                lambda c=command, g=given, a=at: c(**g, by=user(BY), at=a), TransitionNotAllowed
            )
    refused(
        lambda: commands.prepare(title="異動", effective_on=APRIL, by=user("shicho"), at=MARCH),
        NotAllowed,
    )


@pytest.mark.parametrize("place", range(7))
def test_each_act_where_it_may_be_done(place):
    states = acts(reach("preparing"))[place][2]
    for state in sorted(states):
        command, given, _states, at = acts(reach(state))[place]
        before = AuditEntry.objects.filter(verb__startswith="transfer.").count()
        command(**given, by=user("kanri"), at=at)
        assert AuditEntry.objects.filter(verb__startswith="transfer.").count() == before + 1


def test_what_an_applied_transfer_leaves_behind():
    register_absence(
        post_id=post("joho-kacho").pk,
        since=APRIL - DAY,
        until=APRIL + 5 * DAY,
        reason="休暇",
        by=user("joho-kacho"),
        at=MARCH,
    )
    transfer = scheduled(
        move("joho-kacho", "koho-kacho", keep_until=APRIL + 3 * DAY),
        move("koho-kacho", "joho-kacho"),
        move("zaisan-kacho", None),
        move("kaikei", "kansa-kyokucho", is_concurrent=True),
    )
    commands.apply(transfer_id=transfer.pk, by=user(BY), at=noon(APRIL))

    def spans(who):
        rows = Appointment.objects.filter(user=user(who)).order_by("since", "pk")
        return [(a.post.code, a.until, a.is_concurrent) for a in rows]

    last = APRIL - DAY
    assert spans("joho-kacho") == [
        ("joho-kacho", APRIL + 3 * DAY, False),
        ("koho-kacho", None, False),
    ]
    assert spans("koho-kacho") == [("koho-kacho", last, False), ("joho-kacho", None, False)]
    assert spans("zaisan-kacho") == [("zaisan-kacho", last, False)]
    assert spans("kaikei") == [("kaikei", None, False), ("kansa-kyokucho", None, True)]
    assert not user("zaisan-kacho").groups.exists()
    assert user("kaikei").groups.filter(name="post:kansa-kyokucho").exists()

    # Everybody's own record says so, in whose name, and everybody is told what they hold now.
    entry = AuditEntry.objects.get(subject=user("kaikei").key)
    assert (entry.verb, entry.by) == ("people.transferred", user(BY))
    assert "監査事務局長" in entry.body
    facts = {e.users[0]: e.facts for e in OutboxEvent.objects.filter(kind="people.transferred")}
    assert facts[user("kaikei").pk]["posts"] == "会計管理者、監査事務局長"
    assert facts[user("zaisan-kacho").pk]["posts"] == ""

    # Who was absent has left the post: the successor is not.
    assert is_absent(post("joho-kacho"), APRIL - DAY)
    assert not is_absent(post("joho-kacho"), APRIL)
    assert Absence.objects.get().until == APRIL - DAY


def test_lines_that_are_refused_all_of_them_or_none():
    transfer = prepared(move("joho-kacho", "koho-kacho"))
    User.objects.create(username="gone", name="退職者", kind="staff", is_active=False)
    moves = [
        move("zaisan-kacho", "joho-kacho"),  # fits
        move("joho-kacho", "koho-kacho", is_concurrent=True),  # twice the same
        move("gone", "joho-kacho"),
        move("iin-1", "joho-kacho"),
        move("kanri", "joho-kacho"),
        move("shicho", "shicho"),
        move("jinji-kacho", "giji-kacho", from_post="joho-kacho"),
        move("bunsho-kacho", "giji-kacho", keep_until=APRIL - DAY),
        move("shido-kacho", "shido-kacho", is_concurrent=True),
        move("gakko-kacho", "giji-kacho", is_concurrent=True, keep_until=APRIL),
        move("bosai-kacho", None, is_concurrent=True),
    ]

    def add():
        return commands.add_lines(transfer_id=transfer.pk, moves=moves, by=user(BY), at=MARCH)

    found = refused(add, Unfit).faults
    assert sorted(found) == list(range(1, len(moves)))
    assert [found[n].field for n in range(1, len(moves))] == [
        "user",
        "user",
        "to_post",
        "user",
        "to_post",
        "from_post",
        "keep_until",
        "to_post",
        "keep_until",
        "to_post",
    ]


def test_what_keeps_a_transfer_from_its_next_state():
    empty = prepared()
    refused(lambda: commands.schedule(transfer_id=empty.pk, by=user(BY), at=MARCH), Unmet)
    transfer = prepared(move("joho-kacho", "koho-kacho"))
    stale = {"transfer_id": transfer.pk, "by": user(BY), "at": MARCH, "seen": 1}
    refused(lambda: commands.schedule(**stale), Stale)
    refused(lambda: commands.add_lines(**stale, moves=[]), Stale)
    refused(lambda: commands.revise(**stale | LATER), Stale)
    commands.schedule(**stale | {"seen": 2})
    early = {"transfer_id": transfer.pk, "by": user(BY), "at": noon(APRIL - DAY)}
    refused(lambda: commands.apply(**early), Unmet)
    refused(lambda: commands.cancel(**early, reason="　"), Invalid)
    refused(lambda: commands.report_failure(transfer_id=transfer.pk, at=noon(APRIL)), Unmet)
    User.objects.filter(username="joho-kacho").update(is_active=False)
    late = early | {"at": noon(APRIL)}
    missing = refused(lambda: commands.apply(**late), Unmet).missing
    assert [m.what for m in missing] == [
        "情報システム課長（事務局の長）：利用を停止した人は任命できません。"
    ]
    refused(lambda: commands.report_failure(**late), NotAllowed)
    assert commands.report_failure(**late | {"by": None}).failed_on == APRIL
    refused(lambda: commands.report_failure(**late | {"by": None}), Unmet)
    assert commands.reopen(**late).failed_on is None


@pytest.mark.parametrize("title", ["", " 　"])
def test_a_transfer_needs_a_name(title):
    words = {"title": title, "effective_on": TODAY, "by": user(BY), "at": MARCH}
    refused(lambda: commands.prepare(**words), Invalid)
    transfer = prepared()
    refused(lambda: commands.revise(transfer_id=transfer.pk, **words), Invalid)


def test_another_day_is_told_beside_the_one_before_and_may_not_fit_what_was_prepared():
    transfer = prepared(move("joho-kacho", "koho-kacho", keep_until=APRIL))
    one = {"transfer_id": transfer.pk, "by": user(BY), "at": MARCH}
    later = {"title": " 定期異動 ", "effective_on": APRIL + 3 * DAY}
    revised = commands.revise(**one, **later)
    assert (revised.title, revised.effective_on) == ("定期異動", APRIL + 3 * DAY)
    facts = json.loads(AuditEntry.objects.get(verb="transfer.revised").body)["facts"]
    assert facts["was"] == {"title": transfer.title, "effective_on": "2027-04-01"}
    assert (facts["title"], facts["effective_on"]) == ("定期異動", "2027-04-04")
    refused(lambda: commands.schedule(**one), Unmet)
    commands.revise(**one, title="定期異動", effective_on=APRIL)
    assert commands.schedule(**one).state == "scheduled"


def test_what_comes_late_leaves_the_days_of_absence_that_are_over():
    """Deputies acted on them."""
    chief = {"post": post("koho-kacho"), "reason": "出張"}
    going_on = Absence.objects.create(since=APRIL - DAY, until=APRIL + 5 * DAY, **chief)
    over = Absence.objects.create(since=APRIL - 9 * DAY, until=APRIL, **chief)
    transfer = scheduled(move("joho-kacho", "koho-kacho"))
    commands.apply(transfer_id=transfer.pk, at=noon(APRIL + 2 * DAY))
    told = Absence.objects.in_bulk([going_on.pk, over.pk])
    assert told[going_on.pk].until == APRIL + DAY
    assert told[over.pk].until == APRIL
