from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import TODAY, post, user
from workflow.models import Appointment, Seat, User
from workflow.people import tasks
from workflow.people.parts import refresh_memberships

TOMORROW = date(2026, 11, 25)

pytestmark = pytest.mark.django_db


def members(name):
    return set(Group.objects.get(name=name).user_set.values_list("username", flat=True))


def test_a_transfer_moves_every_right_on_its_day():
    Appointment.objects.filter(post=post("joho-kacho")).update(until=TODAY)
    Appointment.objects.create(user=user("new-staff"), post=post("joho-kacho"), since=TOMORROW)
    for day, holder in [(TODAY, "joho-kacho"), (TOMORROW, "new-staff")]:
        refresh_memberships(day)
        assert members("post:joho-kacho") == {holder}
        assert members("section:joho") == {holder, "joho-tanto"}
        assert members("body:kanjikai") & {"joho-kacho", "new-staff"} == {holder}


def test_days_of_handing_over_overlap():
    Appointment.objects.create(user=user("new-staff"), post=post("joho-kacho"), since=TODAY)
    refresh_memberships(TODAY)
    assert members("post:joho-kacho") == {"joho-kacho", "new-staff"}


def test_a_seat_that_ends_takes_only_the_body():
    Seat.objects.filter(post=post("joho-kacho")).update(until=TODAY)
    refresh_memberships(TOMORROW)
    assert "joho-kacho" not in members("body:kanjikai")
    assert "joho-kacho" in members("section:joho")


def test_groups_that_follow_no_appointment_are_left_alone():
    club = Group.objects.create(name="卓球部")
    club.user_set.add(user("new-staff"))
    post("joho-kacho").group.user_set.add(user("new-staff"))
    refresh_memberships(TODAY)
    assert members("卓球部") == {"new-staff"}
    assert members("post:joho-kacho") == {"joho-kacho"}


def test_a_second_time_changes_nothing():
    before = set(User.groups.through.objects.values_list("pk", flat=True))
    refresh_memberships(TODAY)
    assert set(User.groups.through.objects.values_list("pk", flat=True)) == before


def test_costs_the_same_for_many():
    def statements():
        User.groups.through.objects.filter(group=post("joho-tanto").group).delete()
        with CaptureQueriesContext(connection) as queries:
            refresh_memberships(TODAY)
        return len(queries)

    few = statements()
    for n in range(60):
        somebody = User.objects.create(username=f"new-{n}")
        Appointment.objects.create(user=somebody, post=post("joho-tanto"), since=TODAY)
    assert statements() == few
    assert len(members("section:joho")) == 62


@pytest.mark.parametrize("since", [date(2020, 1, 1)])
def test_the_task_follows_today(since):
    Appointment.objects.create(user=user("new-staff"), post=post("joho-kacho"), since=since)
    tasks.refresh(sent_by_a_newer_release="unknown")
    assert "new-staff" in members("post:joho-kacho")
