"""Two who press 再送 at once send it once more, not twice."""

import pytest

from notifications import dispatch
from notifications.dispatch import fan_out
from notifications.hooks.commands import register_webhook
from notifications.hooks.dispatch import send_hooks
from notifications.models import Delivery, Untold
from notifications.undelivered.commands import resend
from notifications.undelivered.states import Channel
from tests.factories import NOON, section, user
from tests.notifications.factories import broken, event
from tests.notifications.hooks.receiver import listening
from tests.notifications.undelivered.letters import dead_mails
from workflow.models import AuditEntry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("city")]


def test_two_who_send_anew_do_so_once(together):
    picked = {row.pk: row.stamp for row in dead_mails(10)}
    by = user("kanri")

    def again():
        return resend(channel=Channel.EMAIL, picked=picked, by=by, at=NOON)

    assert sorted(together(*[again] * 4)) == [0, 0, 0, 20]
    assert Delivery.objects.filter(state="queued").count() == 20
    assert AuditEntry.objects.filter(verb="notifications.resent").count() == 2


def test_four_workers_tell_a_webhook_once(together, settings, monkeypatch):
    with listening() as receiver:
        settings.WEBHOOK_HOSTS = [receiver.origin]
        given = {"name": "掲示板", "url": receiver.url, "areas": ["stage"]}
        register_webhook(**given, by=user("kanri"), at=NOON)
        for _ in range(20):
            event()
        monkeypatch.setattr(dispatch, "EVENTS", 3)
        assert sum(together(*[lambda: fan_out(at=NOON)] * 4)) == 20

        def send():
            return sum(send_hooks(at=NOON, limit=3) for _turn in range(10))

        assert sum(together(*[send] * 4)) == 20
        ids = [headers["webhook-id"] for headers, _body in receiver.got]
    assert len(ids) == len(set(ids)) == 20


def test_four_workers_put_off_what_cannot_be_told_once(together):
    poison = [broken(section("joho").group) for _ in range(5)]
    assert sum(together(*[lambda: fan_out(at=NOON)] * 4)) == 0
    assert set(Untold.objects.values_list("event", "attempts")) == {(e.pk, 1) for e in poison}
