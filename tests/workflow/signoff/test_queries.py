import pytest

from tests.factories import NOON, TODAY, request_to, user
from workflow.models import Request
from workflow.signoff.commands import approve
from workflow.signoff.queries import inbox, readable

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "who, reads",
    [
        ("joho-tanto", True),  # drafted it
        ("joho-kacho", True),  # of the drafter's section
        ("somu-bucho", True),  # signs it
        ("shicho", True),  # will sign it
        ("koho-kacho", False),
        ("kansa", True),
        ("kanri", False),
        ("iin-1", False),
    ],
)
def test_who_reads_a_request(city: None, who: str, reads: bool) -> None:
    request_to("somu-bucho", "shicho")
    assert readable(Request.objects.all(), user(who), TODAY).exists() == reads


def test_the_inbox_holds_whose_turn_it_is(city: None) -> None:
    request = request_to("somu-bucho", "shicho")
    assert [s.request_id for s in inbox(user("somu-bucho"), TODAY)] == [request.pk]
    assert not inbox(user("shicho"), TODAY)
    approve(step_id=request.steps.first().pk, by=user("somu-bucho"), at=NOON)
    assert not inbox(user("somu-bucho"), TODAY)
    assert [s.request_id for s in inbox(user("shicho"), TODAY)] == [request.pk]
