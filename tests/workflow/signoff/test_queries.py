import pytest

from tests.factories import NOON, TODAY, request_to, user
from workflow.models import Request, Step
from workflow.signoff.capacity import capacity_of
from workflow.signoff.commands import approve
from workflow.signoff.queries import readable
from workflow.signoff.queries_inbox import waiting

pytestmark = pytest.mark.django_db


def inbox(who: str) -> list[Step]:
    return list(waiting(capacity_of(user(who), TODAY)))


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
    assert [s.request_id for s in inbox("somu-bucho")] == [request.pk]
    assert not inbox("shicho")
    approve(step_id=request.steps.first().pk, by=user("somu-bucho"), at=NOON)
    assert not inbox("somu-bucho")
    assert [s.request_id for s in inbox("shicho")] == [request.pk]
