"""Every URL, as every role and as nobody: nothing opens that was not declared, nothing breaks."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.test import Client, TestCase

from tests.factories import TODAY, user
from tests.walk import ROLES, addresses, patterns
from workflow.access import Audience, belongs
from workflow.models import AuditEntry


def audience_of(pattern: object) -> Audience:
    return pattern.callback.audience  # type: ignore[attr-defined]


def test_every_view_declares_its_audience() -> None:
    undeclared = [
        route
        for route, pattern in patterns()
        if not isinstance(getattr(pattern.callback, "audience", None), Audience)
    ]
    assert undeclared == []


@pytest.mark.slow
class TestWalk(TestCase):
    """The demo, visited."""

    @classmethod
    def setUpTestData(cls) -> None:
        call_command("demo", today=TODAY, verbosity=0)

    def test_nobody_sees_only_what_is_open_to_anyone(self) -> None:
        for path, pattern in addresses():
            response = Client().get(path)
            if audience_of(pattern) is Audience.ANYONE:
                assert response.status_code in (200, 302, 404, 405), path
            else:
                assert response.status_code == 302, path
                assert response["Location"].startswith("/login/"), path

    def test_every_role_gets_a_page_or_a_clear_no(self) -> None:
        for name in ROLES:
            by, client = user(name), Client()
            client.force_login(by)
            for path, pattern in addresses():
                response = client.get(path)
                if belongs(by, audience_of(pattern)):
                    expected = (200, 302, 303, 403, 404, 405, 409, 422)
                else:
                    expected = (403,)
                assert response.status_code in expected, (name, path, response.status_code)

    def test_looking_changes_nothing(self) -> None:
        client, entries = Client(), AuditEntry.objects.count()
        client.force_login(user("joho-tanto"))
        seen = Counter(client.get(path).status_code for path, _ in addresses())
        assert seen[200] > 30
        assert AuditEntry.objects.count() == entries

    def test_an_outsider_reads_only_what_was_sent_to_the_body(self) -> None:
        client = Client()
        client.force_login(user("iin-1"))
        opened = {path for path, _ in addresses() if client.get(path).status_code == 200}
        forbidden = ("/answers/", "/inquiries/", "/opinions/", "/comments/", "/stages/", "/plans/")
        assert [path for path in opened if path.startswith(forbidden)] == []
        assert any(path.startswith("/meetings/") for path in opened)
