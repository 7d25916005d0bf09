"""The 1 April story: nothing is lost, nothing is doubled, nothing waits for somebody who left."""

import pytest

from tests.factories import request_to, user
from tests.workflow.transfer.walk import APRIL, DAY, MARCH, move, noon, scheduled
from workflow.errors import NotAllowed
from workflow.models import Appointment, AuditEntry, OutboxEvent, Request, Transfer, User
from workflow.signoff import commands as signoff
from workflow.signoff.queries import returned
from workflow.signoff.queries_inbox import inbox
from workflow.signoff.queries_stagnation import lying, sent_back, unattended
from workflow.transfer import tasks
from workflow.transfer.preview import preview
from workflow.transfer.queries import lines_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch):
    """Beat's clock: the task is the edge that reads it."""

    def stands_at(moment):
        monkeypatch.setattr(tasks, "now", lambda: moment)
        tasks.apply_due()

    return stands_at


def of(username, request):
    """The step of the request that waits for somebody, by their inbox of the day."""

    def on(day):
        return next((s for s in inbox(user(username), day) if s.request_id == request.pk), None)

    return on


def approve(step, who, day, comment=""):
    return signoff.approve(step_id=step.pk, by=user(who), at=noon(day), comment=comment)


def stuck(day):
    return unattended(lying(user("kansa")), day)


def told(kind):
    return {user for e in OutboxEvent.objects.filter(kind=kind) for user in e.users}


def test_the_first_of_april(city, clock):
    waiting = request_to("joho-kacho", "somu-bucho")
    signed = request_to("joho-kacho", "somu-bucho")
    approve(signed.steps.first(), "joho-kacho", APRIL - 8 * DAY)
    empty = request_to("koho-kacho", "seisaku-bucho")

    # 人事課 prepares it: 情報システム課長 moves with a week to hand over; 財産管理課長 succeeds
    # and keeps 財産管理課 beside (兼務); nobody follows 広報広聴課長, nor the drafter.
    transfer = scheduled(
        move("joho-kacho", "giji-kacho", keep_until=APRIL + 6 * DAY),
        move("zaisan-kacho", "joho-kacho", is_concurrent=True),
        move("koho-kacho", "toshokan-kacho"),
        move("joho-tanto", "koho-tanto"),
    )
    ahead = preview(transfer, lines_of(transfer))
    gains = {c.user.username: len(c.gains.steps) for c in ahead.changes}
    assert gains["zaisan-kacho"] == 1
    assert [(e.post.code, e.since, len(e.items)) for e in ahead.empty if e.items] == [
        ("koho-kacho", APRIL, 1)
    ]
    assert of("joho-kacho", waiting)(APRIL - DAY)
    assert not of("zaisan-kacho", waiting)(APRIL)

    # Just after midnight, and once more since beat was restarted.
    clock(noon(APRIL - DAY))
    assert Transfer.objects.get().state == "scheduled"
    clock(noon(APRIL))
    written = AuditEntry.objects.count(), OutboxEvent.objects.count(), Appointment.objects.count()
    clock(noon(APRIL))
    assert written == (
        AuditEntry.objects.count(),
        OutboxEvent.objects.count(),
        Appointment.objects.count(),
    )
    assert Transfer.objects.get().state == "applied"
    names = ["joho-kacho", "zaisan-kacho", "koho-kacho", "joho-tanto"]
    assert told("people.transferred") == {user(name).pk for name in names}

    # Both see it while one hands over to the other; afterwards only the successor.
    for day in (APRIL, APRIL + 6 * DAY):
        assert of("joho-kacho", waiting)(day)
        assert of("zaisan-kacho", waiting)(day)
    assert not of("joho-kacho", waiting)(APRIL + 7 * DAY)
    with pytest.raises(NotAllowed):
        approve(waiting.steps.first(), "joho-kacho", APRIL + 7 * DAY)
    approve(waiting.steps.first(), "zaisan-kacho", APRIL + 7 * DAY)
    assert waiting.steps.first().acted_by == user("zaisan-kacho")
    assert signed.steps.first().acted_by == user("joho-kacho")

    # What was done before keeps the names of then.
    User.objects.filter(username="joho-kacho").update(name="議事政策課長")
    body = AuditEntry.objects.get(subject=signed.key, verb="signoff.approved").body
    assert "情報システム課長（事務局の長）" in body

    # What waits for a post without a holder is found, and whoever took over the draft moves it.
    assert [s.request_id for s in stuck(APRIL)] == [empty.pk]
    assert not stuck(APRIL - DAY)
    signoff.pull_back(request_id=empty.pk, by=user("zaisan-kacho"), at=noon(APRIL))
    assert not stuck(APRIL)
    assert [r.pk for r in returned(user("zaisan-kacho"))] == [empty.pk]


def test_the_drafter_who_left(city, clock):
    """差戻し comes back to whoever has the drafter's post now; while it is empty, the section."""
    request = request_to("joho-kacho", "somu-bucho")
    successor = User.objects.create(username="shin-tanto", name="新任の担当", kind="staff")
    scheduled(move("joho-tanto", "koho-tanto"))
    clock(noon(APRIL))
    signoff.send_back(
        step_id=request.steps.first().pk, by=user("joho-kacho"), at=noon(APRIL), reason="再検討"
    )

    def withdraw(who):
        return signoff.withdraw(
            request_id=request.pk, by=user(who), at=noon(APRIL), reason="取りやめ"
        )

    assert not returned(user("joho-tanto"))
    assert [r.pk for r in returned(user("joho-kacho"))] == [request.pk]  # nobody holds the post
    assert [r.unattended for r in sent_back(user("kansa"), APRIL)] == [False]
    scheduled(move("shin-tanto", "joho-tanto"), at=noon(APRIL))
    clock(noon(APRIL))
    assert [r.pk for r in returned(successor)] == [request.pk]
    assert not returned(user("joho-kacho"))
    for who in ("joho-tanto", "joho-kacho", "koho-tanto"):
        with pytest.raises(NotAllowed):
            withdraw(who)
    assert withdraw("shin-tanto").state == "withdrawn"
    assert Request.objects.get(pk=request.pk).drafter == user("joho-tanto")


def test_what_no_longer_fits_stops_the_whole_and_is_told_once_a_day(city, clock):
    scheduled(move("joho-kacho", "koho-kacho"), move("koho-kacho", "joho-kacho"))
    User.objects.filter(username="koho-kacho").update(is_active=False)
    for _run in range(2):
        clock(noon(APRIL))
    transfer = Transfer.objects.get()
    assert (transfer.state, transfer.failed_on) == ("scheduled", APRIL)
    assert not Appointment.objects.filter(since=APRIL).exists()
    event = OutboxEvent.objects.get(kind="transfer.failed")
    assert user("kanri").pk in event.users
    assert "広報広聴課長：利用を停止した人は任命できません。" in event.facts["reason"]
    clock(noon(APRIL + DAY))
    assert OutboxEvent.objects.filter(kind="transfer.failed").count() == 2
    User.objects.filter(username="koho-kacho").update(is_active=True)
    clock(noon(APRIL + 2 * DAY))  # late: the appointments are of the day all the same
    assert Transfer.objects.get().state == "applied"
    assert Appointment.objects.filter(since=APRIL).count() == 2
    assert user("joho-kacho").groups.filter(name="post:koho-kacho").exists()
    assert not user("joho-kacho").groups.filter(name="post:joho-kacho").exists()


def test_one_person_twice_in_a_line_is_seen_before(city):
    request = request_to("joho-kacho", "zaisan-kacho", "somu-bucho")
    done = request_to("zaisan-kacho", "somu-bucho")
    approve(done.steps.first(), "zaisan-kacho", MARCH.date())
    transfer = scheduled(
        move("zaisan-kacho", "joho-kacho", is_concurrent=True),
        move("joho-kacho", "giji-kacho"),
        move("somu-bucho", "seisaku-bucho"),
    )
    twice = preview(transfer, lines_of(transfer)).twice
    assert [(t.user.username, t.request.pk, [p.code for p in t.posts]) for t in twice] == [
        ("zaisan-kacho", request.pk, ["joho-kacho", "zaisan-kacho"])
    ]
