"""Every URL, as every role and as nobody: nothing opens that was not declared, nothing breaks."""

from collections import Counter

import pytest
from django.test import Client

from tests.factories import demo, user
from tests.walk import ROLES, addresses, patterns, visit
from workflow.access import Audience, belongs
from workflow.models import AuditEntry


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
class TestWalk:
    """The demo, visited by everybody."""

    @pytest.fixture(autouse=True)
    def laid(self, city: None) -> None:
        demo()

    def test_nobody_sees_only_what_is_open_to_anyone(self) -> None:
        for path, pattern in addresses():
            response = Client().get(path)
            if pattern.callback.audience is Audience.ANYONE:
                assert response.status_code in (200, 302, 404, 405), path
            else:
                assert response.status_code == 302, path
                assert response["Location"].startswith("/login/"), path

    @pytest.mark.parametrize("name", ROLES)
    def test_every_role_gets_a_page_or_a_clear_no_and_changes_nothing(self, name: str) -> None:
        by, before, seen = user(name), AuditEntry.objects.count(), Counter[int]()
        for path, pattern, response in visit(by):
            belongs_here = belongs(by, pattern.callback.audience)
            expected = (200, 302, 303, 403, 404, 405, 409, 422) if belongs_here else (403,)
            assert response.status_code in expected, (path, response.status_code)
            seen[response.status_code] += 1
        assert AuditEntry.objects.count() == before
        assert seen[200] > (30 if name == "joho-tanto" else 0)

    def test_an_outsider_reads_only_what_was_sent_to_the_body(self) -> None:
        seen = visit(user("iin-1"))
        opened = [path for path, _pattern, response in seen if response.status_code == 200]
        forbidden = ("/answers/", "/inquiries/", "/opinions/", "/comments/", "/stages/", "/plans/")
        assert [path for path in opened if path.startswith(forbidden)] == []
        assert any(path.startswith("/meetings/") for path in opened)
