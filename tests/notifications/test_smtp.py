"""What a real mail server may do: refuse, stall, hang up, answer one recipient otherwise."""

import socket
from datetime import timedelta
from email import message_from_bytes

import pytest

from notifications import dispatch, tasks
from notifications.models import Delivery
from tests.factories import NOON, section, user
from tests.notifications.factories import event
from tests.notifications.smtp import serving, stall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

JOHO = {"joho-kacho", "joho-tanto"}


@pytest.fixture
def smtp(settings):
    """Point mail at a port of this machine."""

    def at(port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.3

    return at


@pytest.fixture
def told():
    """Both of joho are to be told."""
    return event(to=[section("joho").group])


def states():
    rows = Delivery.objects.filter(channel="email").values_list(
        "user__username", "state", "attempts"
    )
    return {name: (state, attempts) for name, state, attempts in rows}


def shown():
    rows = Delivery.objects.filter(channel="app", state="sent")
    return set(rows.values_list("user__username", flat=True))


def ids(server):
    return [message_from_bytes(raw)["Message-ID"] for raw in server.taken]


@pytest.mark.usefixtures("told")
def test_many_mails_go_over_one_connection(smtp):
    with serving() as server:
        smtp(server.port)
        tasks.drain()
    assert states() == dict.fromkeys(JOHO, ("sent", 0))
    assert (len(server.taken), server.connections) == (2, 1)


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    "answer, state",
    [(b"550 5.1.1 no such user", "dead"), (b"450 4.2.1 busy", "retrying")],
)
def test_one_recipient_is_refused(smtp, answer, state):
    def rcpt(line):
        return answer if b"joho-kacho" in line else b"250 ok"

    with serving(rcpt=rcpt) as server:
        smtp(server.port)
        tasks.drain()
    assert states() == {"joho-kacho": (state, 1), "joho-tanto": ("sent", 0)}
    error = Delivery.objects.get(channel="email", user=user("joho-kacho")).error
    assert error == f"RCPT {answer.decode()}"
    assert shown() == JOHO


@pytest.mark.usefixtures("told")
def test_the_server_refuses_us_and_all_are_tried_again(smtp):
    with serving(mail=lambda _: b"530 authentication required") as server:
        smtp(server.port)
        tasks.drain()
    assert states() == dict.fromkeys(JOHO, ("retrying", 1))


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("listening", [True, False])
def test_no_connection_and_only_one_was_tried(smtp, listening):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        smtp(silent.getsockname()[1])
        if not listening:
            silent.close()
        tasks.drain()
    assert sorted(states().values()) == [("queued", 0), ("retrying", 1)]
    assert shown() == JOHO


@pytest.mark.usefixtures("told")
def test_when_the_server_is_back_nobody_waits_for_a_lease(smtp):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        smtp(silent.getsockname()[1])
        silent.close()
        dispatch.fan_out(at=NOON)
        dispatch.send_mails(at=NOON)
    with serving() as server:
        smtp(server.port)
        assert dispatch.send_mails(at=NOON) == 0
        assert dispatch.send_mails(at=NOON + timedelta(minutes=2)) == 2


@pytest.mark.usefixtures("told")
def test_a_stall_costs_its_mail_alone(smtp):
    def rcpt(line):
        return stall(line) if b"joho-kacho" in line else b"250 ok"

    with serving(rcpt=rcpt) as server:
        smtp(server.port)
        tasks.drain()
    assert states() == {"joho-kacho": ("retrying", 1), "joho-tanto": ("sent", 0)}


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("end", [lambda _: None, lambda _: b"", lambda _: b"451 later"])
def test_after_the_text_it_is_unknown_whether_it_was_taken_and_a_repeat_is_the_same_mail(smtp, end):
    with serving(end=end) as server:
        smtp(server.port)
        dispatch.fan_out(at=NOON)
        dispatch.send_mails(at=NOON)
        first = ids(server)
    assert states() == dict.fromkeys(JOHO, ("retrying", 1))
    with serving() as server:
        smtp(server.port)
        dispatch.send_mails(at=NOON + timedelta(minutes=5))
        again = ids(server)
    assert states() == dict.fromkeys(JOHO, ("sent", 1))
    assert sorted(again) == sorted(first)
    assert len(set(first)) == 2


def test_a_lease_is_longer_than_the_longest_batch(settings):
    longest = timedelta(seconds=dispatch.email.BUDGET + 10 * settings.EMAIL_TIMEOUT)
    assert longest < dispatch.LEASE
