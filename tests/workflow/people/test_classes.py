"""課の総称: a class of sections stands for those that are its members on a day."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.factories import section
from workflow.models import ClassMember, Section
from workflow.people.queries import classes_on

pytestmark = pytest.mark.django_db

NAME = "各窓口所管課等"
BEFORE, DAY, AFTER = date(2026, 3, 31), date(2026, 4, 1), date(2027, 4, 1)


@pytest.fixture
def members(city: None) -> None:
    for code, since, until in [
        ("koseki", BEFORE, None),
        ("kokuho", DAY, None),
        ("koho", BEFORE, BEFORE),
        ("koho", DAY, DAY),
    ]:
        ClassMember.objects.create(class_name=NAME, section=section(code), since=since, until=until)


@pytest.mark.parametrize(
    "day, codes",
    [
        (BEFORE, ["koho", "koseki"]),
        (DAY, ["koho", "koseki", "kokuho"]),
        (AFTER, ["koseki", "kokuho"]),
    ],
)
def test_who_belongs_to_a_class_on_a_day(members: None, day: date, codes: list[str]) -> None:
    assert classes_on(day)[NAME] == codes


def test_a_section_that_ended_belongs_to_nothing(members: None) -> None:
    Section.objects.filter(code="koseki").update(until=DAY)
    assert "koseki" in classes_on(DAY)[NAME]
    assert classes_on(AFTER)[NAME] == ["kokuho"]
    assert "koseki" not in Section.objects.on(AFTER).values_list("code", flat=True)


def test_a_name_that_nobody_registered_stands_for_nobody(city: None) -> None:
    assert "各所管課等" not in classes_on(DAY)


def test_no_end_before_the_beginning(city: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Section.objects.filter(code="koho").update(since=AFTER, until=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassMember.objects.create(class_name=NAME, section=section("koho"), since=AFTER, until=DAY)
