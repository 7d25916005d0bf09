import pytest

from tests.factories import NOON
from workflow.errors import TooMany
from workflow.people import tries
from workflow.people.tries import FROM_ONE_PLACE, Origin

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_many_tries_at_one_instant_no_more_pass_than_may(together):
    def guess():
        return tries.begin(username="koho-tanto", origin=Origin("192.0.2.1"), at=NOON)

    results = together(*[guess] * 12)
    refused = [r for r in results if isinstance(r, Exception)]
    assert len(results) - len(refused) <= FROM_ONE_PLACE
    assert all(isinstance(r, TooMany) for r in refused)
