import pytest

from workflow.models import User
from workflow.people.states import UserKind


@pytest.fixture(autouse=True)
def newcomers(city):
    """Somebody new of every kind, who holds no post yet: new-staff, new-outside …"""
    for kind in UserKind.values:
        User.objects.create(username=f"new-{kind}", name=kind, kind=kind)
