"""What a real mail server may do: refuse, stall, hang up, answer one recipient otherwise."""

import socket
from datetime import timedelta
from email import message_from_bytes

import pytest

from notifications import dispatch, tasks
from notifications.channels.email import BUDGET
from notifications.channels.smtp import SCANNED
from notifications.failures import in_words
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
        settings.EMAIL_BACKEND = "notifications.channels.smtp.EmailBackend"
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
@pytest.mark.parametrize("end", [lambda _: None, lambda _: b""])
def test_what_may_have_been_taken_in_comes_once_more_as_the_same_mail_and_never_again(smtp, end):
    taken = []
    for at in (NOON, NOON + timedelta(minutes=40), NOON + timedelta(days=1)):
        with serving(end=end) as server:
            smtp(server.port)
            dispatch.fan_out(at=at)
            dispatch.send_mails(at=at)
            taken.append(sorted(ids(server)))
    first, again, nothing = taken
    assert first == again
    assert len(set(first)) == 2
    assert nothing == []
    assert states() == dict.fromkeys(JOHO, ("dead", 2))
    error = Delivery.objects.filter(channel="email").first().error
    assert "届いているかもしれない" in in_words(error)


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("end", [lambda _: None, lambda _: b"451 later"])
def test_once_it_answers_again_it_takes_what_it_was_given(smtp, end):
    with serving(end=end) as server:
        smtp(server.port)
        dispatch.fan_out(at=NOON)
        dispatch.send_mails(at=NOON)
        assert states() == dict.fromkeys(JOHO, ("retrying", 1))
    with serving() as server:
        smtp(server.port)
        assert dispatch.send_mails(at=NOON + timedelta(minutes=40)) == 2
    assert states() == dict.fromkeys(JOHO, ("sent", 1))


@pytest.mark.usefixtures("told")
def test_known_refusals_are_no_doubts(smtp):
    with serving(end=lambda _: b"451 later") as server:
        smtp(server.port)
        for attempt in range(3):
            dispatch.fan_out(at=NOON)
            dispatch.send_mails(at=NOON + timedelta(hours=attempt))
    assert states() == dict.fromkeys(JOHO, ("retrying", 3))


@pytest.mark.usefixtures("told")
def test_a_server_that_scans_the_text_has_time_to(smtp):
    with serving(end=stall) as server:
        smtp(server.port)
        tasks.drain()
    assert states() == dict.fromkeys(JOHO, ("sent", 0))


def test_a_lease_is_longer_than_the_longest_batch(settings):
    longest = BUDGET + (9 + SCANNED) * settings.EMAIL_TIMEOUT
    assert timedelta(seconds=longest) < dispatch.LEASE
