"""From which day to which a section is there, and which classes it belongs to."""

import json
from datetime import date, timedelta

import pytest

from tests.factories import NOON, TODAY, section, user
from workflow.errors import Invalid, NotAllowed
from workflow.models import AuditEntry, ClassMember, Section
from workflow.people.commands_section import join_class, leave_class, set_standing
from workflow.people.queries import classes_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

OTHERS = ["joho-tanto", "joho-kacho", "jinji-tanto", "shicho", "kansa", "iin-1"]
NAME = "各窓口所管課等"
LATER = date(2027, 4, 1)


def standing(since: date | None, until: date | None, by: str | None = "kanri") -> Section:
    who = user(by) if by else None
    return set_standing(section_id=section("koho").pk, since=since, until=until, by=who, at=NOON)


def join(name: str = NAME, since: date = TODAY, by: str | None = "kanri") -> ClassMember:
    who, pk = user(by) if by else None, section("koho").pk
    return join_class(section_id=pk, class_name=name, since=since, by=who, at=NOON)


def leave(member: ClassMember, until: date, by: str | None = "kanri") -> ClassMember:
    who = user(by) if by else None
    return leave_class(member_id=member.pk, until=until, by=who, at=NOON)


def told() -> list[tuple[str, str, str]]:
    bodies = [json.loads(e.body) for e in AuditEntry.objects.order_by("pk")]
    return [(body["verb"], body["before"], body["after"]) for body in bodies]


@pytest.mark.parametrize("by", [None, "kanri"])
def test_a_section_is_there_from_a_day_to_a_day(by: str | None) -> None:
    standing(None, LATER, by)
    there = Section.objects.on
    assert there(LATER).filter(code="koho").exists()
    assert not there(LATER + timedelta(days=1)).filter(code="koho").exists()
    standing(None, None, by)
    assert there(LATER + timedelta(days=1)).filter(code="koho").exists()
    verb = "people.section_standing_set"
    assert told() == [(verb, "—", "〜2027-04-01"), (verb, "〜2027-04-01", "—")]


@pytest.mark.parametrize("by", [None, "kanri"])
def test_a_section_belongs_to_a_class_from_a_day_to_a_day(by: str | None) -> None:
    member = join(f" {NAME} ", by=by)
    assert classes_on(TODAY)[NAME] == classes_on(LATER)[NAME] == ["koho"]
    leave(member, LATER, by)
    assert NAME in classes_on(LATER)
    assert NAME not in classes_on(LATER + timedelta(days=1))
    join(since=LATER + timedelta(days=1), by=by)
    assert told()[:2] == [
        ("people.class_joined", "—", "各窓口所管課等（2026-11-24〜）"),
        (
            "people.class_left",
            "各窓口所管課等（2026-11-24〜）",
            "各窓口所管課等（2026-11-24〜2027-04-01）",
        ),
    ]


@pytest.mark.parametrize(
    "since, until, field",
    [(LATER, TODAY, "until"), (None, None, "since")],
)
@pytest.mark.usefixtures("untouched")
def test_days_that_a_section_can_not_have(
    since: date | None, until: date | None, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        standing(since, until)
    assert refused.value.field == field


def test_a_class_that_a_section_can_not_join() -> None:
    member = join()
    for name, since, field in [
        ("", LATER, "class_name"),
        ("長" * 61, LATER, "class_name"),
        (NAME, LATER, "since"),
        (NAME, TODAY - timedelta(days=1), "since"),
    ]:
        with pytest.raises(Invalid) as refused:
            join(name, since)
        assert refused.value.field == field
    with pytest.raises(Invalid):
        leave(member, TODAY - timedelta(days=1))
    leave(member, LATER)
    with pytest.raises(Invalid):
        leave(member, LATER)
    assert len(told()) == 2


@pytest.mark.usefixtures("untouched")
def test_others_set_nothing() -> None:
    member = ClassMember.objects.first()
    assert member is not None
    for by in OTHERS:
        for act in (
            lambda by=by: standing(None, LATER, by),
            lambda by=by: join(by=by),
            lambda by=by: leave(member, LATER, by),
        ):
            with pytest.raises(NotAllowed):
                act()
