"""Every URL, as every role and as nobody: nothing opens that was not declared, nothing breaks."""

from collections import Counter
from collections.abc import Iterator
from unittest.mock import patch

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


def test_no_two_pages_have_one_name() -> None:
    """Of two, every link made by the name leads to the one named last."""
    names = Counter(pattern.name for _route, pattern in patterns())
    assert [name for name, pages in names.items() if name and pages > 1] == []


@pytest.mark.once  # rights and pages, each of which is tried on both where it lives
@pytest.mark.slow
class TestWalk(TestCase):
    """The demo, visited once by everybody."""

    urls: list[tuple[str, Audience]]
    seen: dict[tuple[str, str], int]
    entries: tuple[int, int]

    @classmethod
    def setUpTestData(cls) -> None:
        call_command("demo", today=TODAY, verbosity=0)
        before = AuditEntry.objects.count()
        cls.urls = [(path, audience_of(pattern)) for path, pattern in addresses()]
        paths = list(dict.fromkeys(path for path, _ in cls.urls))
        cls.seen = {(name, p): status for name in ROLES for p, status in visit(name, paths)}
        cls.entries = before, AuditEntry.objects.count()

    def test_nobody_sees_only_what_is_open_to_anyone(self) -> None:
        for path, audience in self.urls:
            response = Client().get(path)
            if audience is Audience.ANYONE:
                assert response.status_code in (200, 302, 404, 405), path
            else:
                assert response.status_code == 302, path
                assert response["Location"].startswith("/login/"), path

    def test_every_role_gets_a_page_or_a_clear_no(self) -> None:
        for name in ROLES:
            by = user(name)
            for path, audience in self.urls:
                if belongs(by, audience):
                    expected = (200, 302, 303, 403, 404, 405, 409, 422)
                else:
                    expected = (403,)
                assert self.seen[name, path] in expected, (name, path, self.seen[name, path])

    def test_looking_changes_nothing(self) -> None:
        seen = Counter(status for (name, _), status in self.seen.items() if name == "joho-tanto")
        assert seen[200] > 30
        before, after = self.entries
        assert before == after

    def test_an_outsider_reads_only_what_was_sent_to_the_body(self) -> None:
        opened = {p for (name, p), status in self.seen.items() if (name, status) == ("iin-1", 200)}
        forbidden = ("/answers/", "/inquiries/", "/opinions/", "/comments/", "/stages/", "/plans/")
        assert [path for path in opened if path.startswith(forbidden)] == []
        assert any(path.startswith("/meetings/") for path in opened)


def visit(name: str, paths: list[str]) -> Iterator[tuple[str, int]]:
    """Yield (path, status); without keeping every template's context, which takes longer."""
    client = Client()
    client.force_login(user(name))
    with patch("django.test.client.store_rendered_templates", lambda *args, **kwargs: None):
        for path in paths:
            yield path, client.get(path).status_code
