"""Guessing a password is slow, and keeps nobody out whose browser the account knows."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.factories import NOON, user
from workflow.errors import TooMany
from workflow.people import tries
from workflow.people.models_tries import SignInTry
from workflow.people.tries import FOR_ONE_ACCOUNT, FROM_ONE_PLACE, SPAN, Origin
from workflow.people.views import ACCOUNTS, COOKIE

pytestmark = pytest.mark.django_db

WORDS = "mukashi-no-aikotoba"
HERE, THERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture(autouse=True)
def password(city: None) -> None:
    for name in ("koho-tanto", "koho-kacho"):
        person = user(name)
        person.set_password(WORDS)
        person.save()


def sign_in(client: Client, password: str, username: str = "koho-tanto", at: str = HERE) -> Any:
    sent = {"username": username, "password": password}
    return client.post("/login/", sent, REMOTE_ADDR=at)


def fail(client: Client, times: int, **how: str) -> None:
    for _ in range(times):
        assert sign_in(client, "chigau", **how).status_code == 422


def test_after_five_failures_the_right_password_waits_too() -> None:
    client = Client()
    fail(client, FROM_ONE_PLACE)
    response = sign_in(client, WORDS)
    assert response.status_code == 429
    assert "サインインの失敗が続いたため、しばらく受け付けません" in response.content.decode()
    assert 'value="koho-tanto"' in response.content.decode()
    assert not Session.objects.exists()


def test_a_name_that_nobody_has_is_refused_alike() -> None:
    client = Client()
    fail(client, FROM_ONE_PLACE, username="dare-demo-nai")
    assert sign_in(client, WORDS, username="dare-demo-nai").status_code == 429


def test_four_failures_and_it_opens() -> None:
    client = Client()
    fail(client, FROM_ONE_PLACE - 1)
    assert sign_in(client, WORDS).status_code == 302
    assert SignInTry.objects.count() == FROM_ONE_PLACE - 1


def test_the_wait_ends_and_trying_on_makes_it_no_longer() -> None:
    origin = Origin(HERE)
    for _ in range(FROM_ONE_PLACE):
        tries.begin(username="koho-tanto", origin=origin, at=NOON)
    for minutes in (1, 14):
        with pytest.raises(TooMany):
            tries.begin(username="koho-tanto", origin=origin, at=NOON + timedelta(minutes=minutes))
    tries.begin(username="koho-tanto", origin=origin, at=NOON + SPAN)
    assert SignInTry.objects.count() == 1


def test_nobody_elsewhere_keeps_a_person_out() -> None:
    fail(Client(), FROM_ONE_PLACE, at=THERE)
    assert sign_in(Client(), WORDS).status_code == 302


def test_nobody_anywhere_shuts_out_a_browser_that_the_account_knows() -> None:
    """Not from many addresses, nor from its own, which a whole office may share."""
    known = Client()
    assert sign_in(known, WORDS).status_code == 302
    known.post("/logout/")
    for n in range(FOR_ONE_ACCOUNT // FROM_ONE_PLACE):
        fail(Client(), FROM_ONE_PLACE, at=f"198.51.100.{n}")
    assert sign_in(Client(), "chigau").status_code == 429
    assert sign_in(Client(), WORDS).status_code == 429
    assert sign_in(known, WORDS).status_code == 302


def test_a_browser_that_the_account_knows_guesses_no_faster() -> None:
    known = Client()
    sign_in(known, WORDS)
    known.post("/logout/")
    fail(known, FROM_ONE_PLACE)
    assert sign_in(known, WORDS).status_code == 429


def test_a_browser_is_known_to_who_signed_in_there_and_to_nobody_else() -> None:
    browser = Client()
    sign_in(browser, WORDS)
    sign_in(browser, WORDS, username="koho-kacho")
    fail(Client(), FROM_ONE_PLACE)
    fail(Client(), FROM_ONE_PLACE, username="sogo-seisaku-tanto")
    assert sign_in(browser, WORDS).status_code == 302  # both share the browser
    assert sign_in(browser, "chigau", username="sogo-seisaku-tanto").status_code == 429


def test_a_cookie_that_was_made_up_is_worth_nothing() -> None:
    client = Client()
    client.cookies[COOKIE] = f"mine {tries.disguise('koho-tanto')}"
    fail(client, FROM_ONE_PLACE)
    client.cookies[COOKIE] = f"other {tries.disguise('koho-tanto')}"
    assert sign_in(client, WORDS).status_code == 429


def test_a_browser_keeps_some_accounts_and_no_more(settings: Any) -> None:
    client = Client()
    for n in range(ACCOUNTS + 2):
        person = user("koho-tanto")
        person.pk, person.username = None, f"kyodo-{n}"
        person.save()
        sign_in(client, WORDS, username=f"kyodo-{n}")
    cookie = client.cookies[COOKIE]
    assert len(cookie.value.split()) == 1 + ACCOUNTS
    assert tries.disguise(f"kyodo-{ACCOUNTS + 1}") in cookie.value
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_one_address_tries_a_list_of_names_not_for_long(settings: Any) -> None:
    settings.SIGN_INS_PER_ADDRESS = 8
    client = Client()
    for n in range(8):
        fail(client, 1, username=f"dare-{n}")
    assert sign_in(client, WORDS).status_code == 429
    assert sign_in(client, WORDS, at=THERE).status_code == 302


def test_of_ipv6_the_network_counts() -> None:
    for n in range(FROM_ONE_PLACE):
        tries.begin(username="a", origin=Origin(f"2001:db8:1:2::{n}"), at=NOON)
    with pytest.raises(TooMany):
        tries.begin(username="a", origin=Origin("2001:db8:1:2:ffff::1"), at=NOON)
    tries.begin(username="a", origin=Origin("2001:db8:1:3::1"), at=NOON)


def test_what_was_typed_is_kept_nowhere() -> None:
    sign_in(Client(), "chigau", username="himitsu-no-aikotoba")
    (kept,) = SignInTry.objects.values_list("account", "place")
    assert "himitsu" not in "".join(kept)
    assert HERE not in "".join(kept)


def test_nothing_typed_is_no_try() -> None:
    assert sign_in(Client(), "").status_code == 422
    assert not SignInTry.objects.exists()
