from datetime import date

import pytest

from tests.factories import NOON, user
from workflow.errors import NotAllowed
from workflow.models import Appointment
from workflow.people.commands import follow_appointments

pytestmark = pytest.mark.django_db


@pytest.fixture
def retired(city: None) -> None:
    """koho-tanto's last day has passed and nobody has told the groups."""
    Appointment.objects.filter(user=user("koho-tanto")).update(until=date(2026, 11, 23))


@pytest.mark.parametrize("who", [None, "kanri"])
def test_groups_lose_whose_appointment_has_ended(retired: None, who: str | None) -> None:
    follow_appointments(by=user(who) if who else None, at=NOON)
    assert not user("koho-tanto").groups.filter(section__code="koho").exists()


@pytest.mark.parametrize("who", ["joho-kacho", "kansa", "iin-1"])
def test_nobody_else_may(retired: None, who: str) -> None:
    with pytest.raises(NotAllowed):
        follow_appointments(by=user(who), at=NOON)
    assert user("koho-tanto").groups.filter(section__code="koho").exists()
