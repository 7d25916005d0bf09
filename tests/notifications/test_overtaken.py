"""A mail that waited tells nothing that is not so any more."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core import mail

from config.templatetags.verbs import VERBS
from notifications import dispatch
from notifications.catalog import CATALOG
from notifications.digests import gather
from notifications.models import Delivery
from notifications.overtaken import AFTER, overtaken, unasked
from notifications.queries_mail import with_read
from revisions.inquiry import commands_forward
from revisions.meeting import commands, commands_schedule
from tests.counting import at_most
from tests.factories import NOON, request_to, section, user
from tests.revisions.inquiry import walk as inquiry
from tests.revisions.meeting import walk as meeting
from tests.workflow.deadline.factories import DUE, deadline, morning
from workflow.deadline import commands as commands_deadline
from workflow.deadline import parts, registry
from workflow.deadline.calendar import TOKYO
from workflow.ledger.command import command
from workflow.models import OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

MORNING = datetime(2026, 11, 25, 9, tzinfo=TOKYO)
REMINDED = morning(date(2026, 12, 1))


def mails_to(name: str, at: datetime = NOON) -> str:
    """All that a person reads by the next digest, at once and in it."""
    later = at.astimezone(TOKYO).replace(hour=9) if at != NOON else MORNING
    while dispatch.fan_out(at=at):
        pass
    dispatch.send_mails(at=at)
    while gather(at=later):
        pass
    dispatch.send_mails(at=later)
    return "\n".join(m.body for m in mail.outbox if m.to == [f"{name}@example.jp"])


def by(name: str) -> dict[str, Any]:
    return {"by": user(name), "at": NOON}


def test_what_overtakes_is_known_and_so_is_what_it_overtakes() -> None:
    assert set(CATALOG) >= AFTER.keys()
    assert set(VERBS) >= set().union(*AFTER.values())


def test_a_meeting_that_moved_and_was_cancelled_was_not_convened_for_its_first_day() -> None:
    convened = meeting.convened(meeting.stage_of())
    fan_out()
    day = {"held_on": date(2026, 12, 3), "place": "本庁舎", "reason": "会場の都合"}
    commands_schedule.move_meeting(
        meeting_id=convened.pk, accept_day=True, **day, **by("joho-tanto")
    )
    commands.cancel_meeting(meeting_id=convened.pk, reason="荒天", **by("joho-tanto"))
    text = mails_to("iin-1")
    assert "会議が中止されました" in text
    assert "会議が招集されました" not in text
    assert "11月26日" not in text


def test_a_meeting_that_stands_was_convened() -> None:
    meeting.convened(meeting.stage_of())
    assert "会議が招集されました" in mails_to("iin-1")


Act = Callable[[Any], Any]


@pytest.mark.parametrize(
    "act, said",
    [(inquiry.extend, "期限が変わりました"), (inquiry.waive, "回答が不要になりました")],
)
def test_an_inquiry_is_told_as_it_is_now(act: Act, said: str) -> None:
    target = inquiry.target_of(inquiry.issued("koho", "bosai"))
    fan_out()
    act(target)
    text = mails_to("koho-tanto")
    assert said in text
    assert "庁内照会が届きました" not in text
    assert "庁内照会が届きました" in mails_to("bosai-tanto"), "it is asked as before"


def test_of_two_extensions_the_last_is_told() -> None:
    target = inquiry.target_of(inquiry.issued())
    inquiry.extend(target)
    fan_out()
    inquiry.extend(inquiry.current(target), due_on=date(2026, 12, 18))
    text = mails_to("koho-tanto")
    assert "令和8年12月18日" in text
    assert "令和8年12月11日" not in text


@pytest.mark.parametrize("decide", [inquiry.extend, inquiry.decline_extension, inquiry.waive])
def test_an_extension_that_was_decided_is_asked_for_no_more(decide: Act) -> None:
    target = inquiry.ask_extension(inquiry.receive(inquiry.target_of(inquiry.issued())))
    fan_out()
    decide(inquiry.current(target))
    assert "延長が申し出られました" not in mails_to("joho-kacho")


def test_an_extension_that_waits_is_told() -> None:
    inquiry.ask_extension(inquiry.receive(inquiry.target_of(inquiry.issued())))
    assert "延長が申し出られました" in mails_to("joho-kacho")


def forward(target: Any, uid: str = "P06", to: str = "bosai") -> Any:
    words = {"uid": uid, "section_id": section(to).pk, "reason": "所管違い"}
    return commands_forward.forward(target_id=target.pk, **words, **by("koho-tanto"))


@pytest.mark.parametrize("end", ["take_over", "decline", "withdraw"])
def test_a_forward_that_ended_asks_nobody(end: str) -> None:
    row = forward(inquiry.receive(inquiry.target_of(inquiry.issued())))
    fan_out()
    words = {"reason": "所管でない"} if end == "decline" else {}
    who = "koho-tanto" if end == "withdraw" else "bosai-tanto"
    getattr(commands_forward, end)(forward_id=row.pk, **words, **by(who))
    assert "所管違いとして個別事業が転送されました" not in mails_to("joho-kacho")


def test_a_forward_is_ended_by_what_becomes_of_its_own_sheet() -> None:
    row = forward(inquiry.receive(inquiry.target_of(inquiry.issued())))
    commands_forward.decline(forward_id=row.pk, reason="所管でない", **by("bosai-tanto"))
    first = OutboxEvent.objects.get(kind="inquiry.forwarded")
    assert overtaken([first]) == {first.pk}
    forward(inquiry.current(row.target))
    first, again = OutboxEvent.objects.filter(kind="inquiry.forwarded").order_by("pk")
    declined = OutboxEvent.objects.get(kind="inquiry.forward_declined")
    assert overtaken([first, declined, again]) == {first.pk, declined.pk}


def test_statements_are_as_many_for_many() -> None:
    inquiry.waive(inquiry.target_of(inquiry.issued("koho", "bosai", "kodomo")))
    fan_out()
    rows = list(with_read(Delivery.objects.filter(channel="email")))
    assert {row.event.kind for row in rows} >= {"inquiry.issued"}
    with at_most(1):
        found = unasked(rows)
    theirs = {row.user.username for row in rows if row.pk in found}
    assert theirs == {"koho-tanto", "koho-kacho"}
    with at_most(1):
        overtaken([row.event for row in rows] * 20)


def fan_out() -> None:
    while dispatch.fan_out(at=NOON):
        pass


@pytest.mark.parametrize("handed_over", [True, False])
def test_a_reminder_of_what_was_handed_over_reminds_nobody(handed_over: bool) -> None:
    subject, joho = request_to("joho-kacho"), section("joho").group
    made = deadline(subject, DUE, group=section("koho").group)
    commands_deadline.remind(deadline_ids=[made.pk], at=REMINDED)
    if handed_over:
        command(parts.hand_over)(subject, made.kind, group=joho, due_on=DUE, by=None, at=REMINDED)
    assert ("期限が近づいています" in mails_to("koho-tanto", REMINDED)) is not handed_over


@pytest.mark.parametrize("received", [True, False])
def test_whoever_received_it_is_not_asked_to(received: bool, monkeypatch) -> None:
    kind = registry.Kind("asked.answer", "照会", receipt=True)
    monkeypatch.setitem(registry._kinds, kind.code, kind)
    subject, at = request_to("joho-kacho"), morning(date(2026, 11, 27))
    made = deadline(subject, DUE, group=section("koho").group, kind=kind.code)
    commands_deadline.remind(deadline_ids=[made.pk], at=at)
    if received:
        command(parts.receive)(subject, kind.code, by=None, at=at)
    assert ("まだ受け取られていません" in mails_to("koho-tanto", at)) is not received
