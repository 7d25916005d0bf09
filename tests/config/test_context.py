"""The menu leads nobody to a page that has nothing for them."""

import pytest
from django.test import Client

from tests.factories import user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name, places",
    [
        ("koho-tanto", ["/", "/revisions/", "/plans/", "/requests/", "/absences/"]),
        ("kansa", ["/", "/revisions/", "/plans/", "/requests/", "/absences/"]),
        ("jinji-tanto", ["/", "/revisions/", "/plans/", "/requests/", "/absences/", "/transfers/"]),
        ("iin-1", ["/"]),
        ("kanri", ["/", "/administration/"]),
    ],
)
def test_the_menu_shows_what_a_role_may_open(city: None, name: str, places: list[str]) -> None:
    client = Client()
    client.force_login(user(name))
    assert [url for url, _label, _here in client.get("/").context["nav"]] == places
    assert {client.get(url).status_code for url in places} == {200}
