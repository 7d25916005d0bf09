"""不在と代理: who registers them, what is refused, and what a day then says."""

from datetime import date, timedelta

import pytest

from tests.factories import NOON, TODAY, post, user
from workflow.errors import Invalid, NotAllowed
from workflow.models import Absence, Appointment, AuditEntry, Deputy, OutboxEvent, User
from workflow.people.commands_absence import (
    end_deputy,
    register_absence,
    register_deputy,
    withdraw_absence,
)
from workflow.people.queries import deputies_of, is_absent

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
RULE = "事務決裁規程第8条第1項"


def register(by="jinji-tanto", **typed):
    told = {
        "post_id": post(typed.pop("post", "joho-kacho")).pk,
        "deputy_id": post(typed.pop("deputy", "zaisan-kacho")).pk,
        "kind": "substitute",
        "since": TODAY,
        "source": RULE,
    } | typed
    return register_deputy(**told, by=by and user(by), at=NOON)


def end(deputy, until, by="jinji-tanto"):
    return end_deputy(deputy_id=deputy.pk, until=until, by=by and user(by), at=NOON)


def away(by="joho-kacho", of="joho-kacho", since=TODAY, until=TODAY + DAY, reason="出張"):
    days = {"since": since, "until": until, "reason": reason}
    return register_absence(post_id=post(of).pk, **days, by=by and user(by), at=NOON)


def back(absence, by="joho-kacho", at=NOON, reason="取りやめ"):
    return withdraw_absence(absence_id=absence.pk, reason=reason, by=by and user(by), at=at)


def written():
    return AuditEntry.objects.count(), OutboxEvent.objects.count()


def refused(act, error, field=""):
    before = written()
    with pytest.raises(error) as raised:
        act()
    assert written() == before
    assert getattr(raised.value, "field", "") == field


@pytest.mark.parametrize("by", [None, "kanri", "jinji-tanto", "jinji-kacho"])
def test_the_personnel_section_registers_and_ends_a_deputy(by):
    deputy = register(by)
    entry = AuditEntry.objects.get(subject=deputy.key)
    assert (entry.verb, RULE in entry.body) == ("people.deputy_registered", True)
    assert ("人事課" in entry.body) == (by in ("jinji-tanto", "jinji-kacho"))
    assert [d.deputy.code for d in deputies_of(post("joho-kacho"), TODAY)] == ["zaisan-kacho"]
    end(deputy, TODAY, by)
    assert deputies_of(post("joho-kacho"), TODAY + DAY) == []
    assert len(deputies_of(post("joho-kacho"), TODAY)) == 1
    assert Deputy.objects.get(pk=deputy.pk).chain_length == 2


def test_others_neither_register_nor_end_a_deputy():
    deputy = register()
    for by in ("joho-kacho", "somu-bucho", "shicho", "iin-1", "kansa", "new-staff"):
        refused(lambda by=by: register(by, order=2, deputy="koho-kacho"), NotAllowed)
        refused(lambda by=by: end(deputy, TODAY, by), NotAllowed)


def test_registrations_that_are_refused():
    register(until=TODAY + 9 * DAY)
    for typed, field in [
        ({"deputy": "joho-kacho"}, "deputy"),
        ({"order": 0}, "order"),
        ({"deputy": "koho-kacho"}, "order"),  # the first place is taken
        ({"deputy": "koho-kacho", "since": TODAY - DAY}, "order"),
        ({"deputy": "koho-kacho", "since": TODAY + 9 * DAY}, "order"),
        ({"order": 2}, "deputy"),
        ({"order": 2, "deputy": "koho-kacho", "source": " 　"}, "source"),
        ({"order": 2, "deputy": "koho-kacho", "until": TODAY - DAY}, "until"),
        ({"order": 2, "deputy": "koho-kacho", "kind": "mayor"}, "kind"),
    ]:
        refused(lambda typed=typed: register(**typed), Invalid, field)
    register(deputy="koho-kacho", since=TODAY + 10 * DAY)
    register(deputy="koho-kacho", kind="acting")
    register(deputy="koho-kacho", order=2, until=TODAY)
    told = [(d.order, d.deputy.code) for d in deputies_of(post("joho-kacho"), TODAY)]
    assert told == [(1, "koho-kacho"), (1, "zaisan-kacho"), (2, "koho-kacho")]


def test_a_registration_ends_forwards_or_never_begins():
    running, coming = register(), register(order=2, deputy="koho-kacho", since=TODAY + DAY)
    refused(lambda: end(running, TODAY - DAY), Invalid, "until")
    end(running, TODAY + 5 * DAY)
    refused(lambda: end(running, TODAY + 6 * DAY), Invalid, "until")
    assert end(coming, TODAY).in_force is False
    refused(lambda: end(coming, TODAY), Invalid, "until")
    assert [d.pk for d in deputies_of(post("joho-kacho"), TODAY + DAY)] == [running.pk]


@pytest.mark.parametrize("by", ["joho-tanto", "joho-kacho", "jinji-tanto", "kanri", None], ids=str)
def test_an_absence_is_registered_by_oneself_the_chief_or_personnel(by):
    absence = away(by, of="joho-tanto")
    assert is_absent(post("joho-tanto"), TODAY)
    assert back(absence, by).in_force is False
    assert not is_absent(post("joho-tanto"), TODAY)
    verbs = AuditEntry.objects.filter(subject=absence.key).values_list("verb", flat=True)
    assert list(verbs) == ["people.absence_registered", "people.absence_withdrawn"]


def test_nobody_else_reports_it():
    absence = away(of="joho-tanto")
    for by in ("zaisan-kacho", "somu-bucho", "shicho", "kansa", "iin-1", "new-staff"):
        refused(lambda by=by: away(by, of="joho-tanto", since=TODAY + 9 * DAY), NotAllowed)
        refused(lambda by=by: back(absence, by), NotAllowed)
    refused(lambda: away("joho-tanto"), NotAllowed)  # of the chief


def test_absences_that_are_refused():
    absence = away(since=TODAY - DAY)
    for typed, field in [
        ({"since": TODAY + DAY, "until": TODAY + 5 * DAY}, "since"),
        ({"since": TODAY + 5 * DAY, "until": TODAY + 4 * DAY}, "until"),
        ({"since": TODAY - 5 * DAY, "until": TODAY - 4 * DAY}, "until"),
        ({"since": TODAY + 5 * DAY, "until": TODAY + 5 * DAY, "reason": "　"}, "reason"),
    ]:
        refused(lambda typed=typed: away(**typed), Invalid, field)
    refused(lambda: back(absence, reason=" "), Invalid, "reason")
    refused(lambda: back(absence, at=NOON + 3 * DAY), Invalid)


def test_days_that_are_over_stay_when_somebody_comes_back_early():
    absence = away(since=TODAY - DAY, until=TODAY + 9 * DAY)
    back(absence)
    assert is_absent(post("joho-kacho"), TODAY - DAY)
    assert not is_absent(post("joho-kacho"), TODAY)
    assert Absence.objects.get(pk=absence.pk).in_force is True


def test_the_deputies_of_these_days_are_told():
    register()
    away(until=TODAY + 5 * DAY)
    event = OutboxEvent.objects.get()
    told = {post("joho-kacho").group_id, post("zaisan-kacho").group_id}
    assert (set(event.groups), event.facts["until_on"]) == (told, "2026-11-29")
    assert "出張" not in str(event.facts)


def test_a_post_that_nobody_can_act_in_counts_as_absent():
    assert not is_absent(post("joho-kacho"), TODAY)
    User.objects.filter(username="joho-kacho").update(is_active=False)
    assert is_absent(post("joho-kacho"), TODAY)
    Appointment.objects.filter(post=post("joho-tanto")).update(until=date(2026, 11, 23))
    assert is_absent(post("joho-tanto"), TODAY)
    assert not is_absent(post("joho-tanto"), TODAY - DAY)


def test_the_city_knows_who_acts_for_its_leaders():
    def told(code):
        return [(d.kind, d.order, d.deputy.code) for d in deputies_of(post(code), TODAY)]

    assert told("shicho") == [("acting", 1, "fuku-shicho-a"), ("acting", 2, "fuku-shicho-b")]
    assert told("fuku-shicho-a") == [
        ("acting", 1, "fuku-shicho-b"),
        ("substitute", 1, "somu-bucho"),
    ]
    assert told("somu-bucho") == [("substitute", 1, "bunsho-kacho")]
    assert told("bunsho-kacho") == []
