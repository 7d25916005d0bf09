import pytest

from tests.factories import NOON, TODAY, post, user
from tests.workflow.transfer.walk import APRIL, move, noon, scheduled
from workflow.errors import Invalid
from workflow.models import Appointment, AuditEntry, Deputy
from workflow.people.commands import follow_appointments
from workflow.people.commands_absence import register_deputy
from workflow.transfer import commands

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("city")]


def test_a_transfer_is_carried_out_once_while_the_day_is_refreshed(together):
    transfer = scheduled(move("joho-kacho", "koho-kacho"), move("koho-kacho", "joho-kacho"))

    def apply():
        return commands.apply(transfer_id=transfer.pk, at=noon(APRIL))

    results = together(apply, apply, lambda: follow_appointments(by=None, at=noon(APRIL)), apply)
    assert sum(isinstance(r, Exception) for r in results) == 2
    assert AuditEntry.objects.filter(verb="transfer.applied").count() == 1
    assert Appointment.objects.filter(since=APRIL).count() == 2
    assert user("joho-kacho").groups.filter(name="post:koho-kacho").exists()


def test_one_place_in_the_order_is_given_once(together):
    def register(deputy):
        return register_deputy(
            post_id=post("joho-kacho").pk,
            deputy_id=post(deputy).pk,
            kind="substitute",
            since=TODAY,
            source="事務決裁規程",
            by=None,
            at=NOON,
        )

    results = together(lambda: register("koho-kacho"), lambda: register("zaisan-kacho"))
    assert [isinstance(r, Invalid) for r in results].count(True) == 1
    assert Deputy.objects.filter(post=post("joho-kacho")).count() == 1
