import pytest
from django.test import Client

from tests.factories import user

pytestmark = pytest.mark.django_db

OLD, NEW = "mukashi-no-aikotoba", "atarashii-aikotoba-9"


@pytest.fixture
def client(city: None) -> Client:
    person = user("koho-tanto")
    person.set_password(OLD)
    person.save()
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, old: str, new: str, again: str):
    words = {"old_password": old, "new_password1": new, "new_password2": again}
    return client.post("/password/", words)


def test_one_changes_ones_own_password_and_stays_signed_in(client: Client) -> None:
    assert send(client, OLD, NEW, NEW).status_code == 302
    assert user("koho-tanto").check_password(NEW)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "old, new, again", [("chigau", NEW, NEW), (OLD, NEW, "betsu"), (OLD, "12345678", "12345678")]
)
def test_a_wrong_or_weak_one_is_refused(client: Client, old: str, new: str, again: str) -> None:
    response = send(client, old, new, again)
    assert 'class="error"' in response.content.decode()
    assert user("koho-tanto").check_password(OLD)
