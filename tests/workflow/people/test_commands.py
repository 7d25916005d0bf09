from datetime import date

import pytest

from tests.factories import NOON, TODAY, post, user
from workflow.errors import Invalid, NotAllowed, Stale, Unmet
from workflow.models import Appointment, AuditEntry, User
from workflow.people import commands

YESTERDAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 25)

pytestmark = pytest.mark.django_db
CHIEFS_GROUPS = {"post:joho-kacho", "section:joho", "body:kanjikai"}
OTHERS = ["joho-kacho", "shicho", "iin-1", "kansa", "new-staff"]
WORDS = "a-long-passphrase-8"


def groups_of(name):
    return set(user(name).groups.values_list("name", flat=True))


def appoint(who="new-staff", to="joho-kacho", by=None, since=TODAY, until=None):
    by = user(by) if by else None
    return commands.appoint(
        user_id=user(who).pk, post_id=post(to).pk, since=since, until=until, by=by, at=NOON
    )


def end(appointment, until=TODAY, by=None):
    by = user(by) if by else None
    return commands.end_appointment(appointment_id=appointment.pk, until=until, by=by, at=NOON)


def create(**typed):
    return commands.create_user(**{"name": "情報システム課主任", "by": None, "at": NOON} | typed)


@pytest.mark.parametrize("by", [None, "kanri"])
def test_the_console_and_administrators_appoint(by):
    appoint(by=by)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.subject) == ("people.appointed", user("new-staff").key)
    assert groups_of("new-staff") == CHIEFS_GROUPS


@pytest.mark.parametrize("by", OTHERS)
@pytest.mark.usefixtures("untouched")
def test_others_do_not_appoint(by):
    with pytest.raises(NotAllowed):
        appoint(by=by)
    assert groups_of("new-staff") == set()


@pytest.mark.usefixtures("untouched")
def test_an_administrator_who_has_gone_does_not_appoint():
    User.objects.filter(username="kanri").update(is_active=False)
    with pytest.raises(NotAllowed):
        appoint(by="kanri")


def test_a_later_day_gives_nothing_yet():
    appoint(since=TOMORROW)
    assert groups_of("new-staff") == set()


def test_only_the_appointed_persons_groups_are_touched():
    user("shicho").groups.clear()
    appoint()
    assert groups_of("shicho") == set()


@pytest.mark.parametrize(
    "who, to",
    [
        ("new-admin", "joho-kacho"),
        ("new-outside", "joho-kacho"),
        ("new-staff", "iin-1"),
        *(("new-auditor", code) for code in ("joho-tanto", "joho-kacho", "kansa-kyokucho")),
        *(("new-auditor", code) for code in ("fuku-shicho-a", "shicho", "iin-1")),
    ],
)
@pytest.mark.usefixtures("untouched")
def test_person_and_post_must_fit(who, to):
    with pytest.raises(Invalid):
        appoint(who, to)


@pytest.mark.parametrize("who, to", [("new-outside", "iin-1"), ("new-auditor", "kansa")])
def test_person_and_post_that_fit(who, to):
    appoint(who, to)
    assert f"post:{to}" in groups_of(who)


@pytest.mark.usefixtures("untouched")
def test_who_has_gone_is_not_appointed():
    User.objects.filter(username="new-staff").update(is_active=False)
    with pytest.raises(Invalid):
        appoint()


@pytest.mark.parametrize(
    "since, until, field",
    [(TODAY, YESTERDAY, "until"), (TODAY, None, "since"), (YESTERDAY, TODAY, "since")],
)
def test_spans_that_are_refused(since, until, field):
    appoint()
    with pytest.raises(Invalid) as refused:
        appoint(since=since, until=until)
    assert refused.value.field == field
    assert Appointment.objects.filter(user=user("new-staff")).count() == 1
    assert AuditEntry.objects.count() == 1


def test_the_same_post_twice_at_different_times():
    appoint()
    appoint(since=date(2020, 4, 1), until=YESTERDAY)
    assert Appointment.objects.filter(user=user("new-staff")).count() == 2


@pytest.mark.parametrize(
    "until, kept", [(YESTERDAY, False), (TODAY, True), (date(2027, 3, 31), True)]
)
def test_the_last_day_still_counts(until, kept):
    end(appoint(since=date(2026, 4, 1)), until)
    assert groups_of("new-staff") == (CHIEFS_GROUPS if kept else set())
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.seq) == ("people.appointment_ended", 2)
    assert until.isoformat() in entry.body


def test_another_post_of_the_same_section_keeps_the_section():
    appoint(to="joho-tanto")
    end(appoint(since=YESTERDAY), YESTERDAY)
    assert groups_of("new-staff") == {"post:joho-tanto", "section:joho"}


@pytest.mark.parametrize("until", [YESTERDAY, date(2027, 4, 1)])
def test_neither_before_its_beginning_nor_longer_than_given(until):
    appointment = appoint(until=date(2027, 3, 31))
    with pytest.raises(Invalid) as refused:
        end(appointment, until)
    assert refused.value.field == "until"
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("by", OTHERS)
@pytest.mark.usefixtures("untouched")
def test_others_do_not_end_an_appointment(by):
    appointment = Appointment.objects.get(user=user("shicho"))
    with pytest.raises(NotAllowed):
        end(appointment, by=by)
    appointment.refresh_from_db()
    assert appointment.until is None


@pytest.mark.parametrize("by", [None, "kanri"])
def test_the_console_and_administrators_register(by):
    made = create(username="joho-shunin", password=WORDS, by=by and user(by))
    assert made.check_password(WORDS)
    assert AuditEntry.objects.get().subject == made.key


def test_without_a_password_nobody_signs_in():
    assert not create(username="joho-shunin").has_usable_password()


@pytest.mark.parametrize("by", OTHERS)
@pytest.mark.usefixtures("untouched")
def test_others_do_not_register(by):
    with pytest.raises(NotAllowed):
        create(username="joho-shunin", by=user(by))


@pytest.mark.parametrize(
    "typed, field",
    [
        ({"username": "joho-kacho"}, "username"),
        ({"username": ""}, "username"),
        ({"username": "x", "name": ""}, "name"),
        ({"username": "a b"}, "username"),
        ({"username": "x" * 151}, "username"),
        ({"username": "x", "kind": "mayor"}, "kind"),
        ({"username": "x", "email": "nowhere"}, "email"),
        ({"username": "x", "password": "short"}, "password"),
    ],
)
@pytest.mark.usefixtures("untouched")
def test_bad_registrations(typed, field):
    with pytest.raises(Invalid) as refused:
        create(**typed)
    assert refused.value.field == field
    assert User.objects.filter(username="x").count() == 0


REASON = "端末を失くした届けがあったため"


def suspend(who="new-staff", by: str | None = "kanri", reason=REASON, seen=None):
    actor = user(by) if by else None
    return commands.suspend_user(user_id=user(who).pk, reason=reason, by=actor, at=NOON, seen=seen)


def restore(who="new-staff", by: str | None = "kanri", reason=REASON, seen=None):
    actor = user(by) if by else None
    return commands.restore_user(user_id=user(who).pk, reason=reason, by=actor, at=NOON, seen=seen)


@pytest.mark.parametrize("by", [None, "kanri"])
def test_a_person_is_suspended_and_restored(by):
    appoint()
    suspend(by=by)
    assert not user("new-staff").is_active
    restore(by=by)
    assert user("new-staff").is_active
    assert groups_of("new-staff") == CHIEFS_GROUPS
    entries = AuditEntry.objects.order_by("pk")[1:]
    assert [entry.verb for entry in entries] == ["people.suspended", "people.restored"]
    assert all(REASON in entry.body for entry in entries)


@pytest.mark.parametrize("act", [suspend, restore])
@pytest.mark.parametrize("by", OTHERS)
@pytest.mark.usefixtures("untouched")
def test_others_suspend_and_restore_nobody(act, by):
    with pytest.raises(NotAllowed):
        act(by=by)


@pytest.mark.parametrize(
    "act, who, is_active, words",
    [
        (suspend, "new-staff", False, "すでに停止しています"),
        (suspend, "kanri", True, "自分の利用は停止できません"),
        (restore, "new-staff", True, "停止していません"),
    ],
)
@pytest.mark.usefixtures("untouched")
def test_who_stands_as_asked_or_asks_for_oneself_is_refused(act, who, is_active, words):
    User.objects.filter(username=who).update(is_active=is_active)
    with pytest.raises(Unmet, match=words):
        act(who)
    assert user(who).is_active == is_active


@pytest.mark.parametrize("act, is_active", [(suspend, True), (restore, False)])
@pytest.mark.usefixtures("untouched")
def test_suspending_and_restoring_need_a_reason_and_a_fresh_page(act, is_active):
    User.objects.filter(username="new-staff").update(is_active=is_active)
    with pytest.raises(Invalid):
        act(reason="　")
    with pytest.raises(Stale):
        act(seen=7)
    assert user("new-staff").is_active == is_active


def reset(who="new-staff", by: str | None = "kanri", password=WORDS, seen=None):
    actor = user(by) if by else None
    return commands.reset_password(
        user_id=user(who).pk, password=password, by=actor, at=NOON, seen=seen
    )


@pytest.mark.parametrize("by", [None, "kanri"])
def test_a_forgotten_password_is_set_anew(by):
    reset(by=by)
    assert user("new-staff").check_password(WORDS)
    entry = AuditEntry.objects.get()
    assert entry.verb == "people.password_reset"
    assert WORDS not in entry.body


@pytest.mark.parametrize("by", OTHERS)
@pytest.mark.usefixtures("untouched")
def test_others_set_nobodys_password(by):
    with pytest.raises(NotAllowed):
        reset(by=by)
    assert not user("new-staff").check_password(WORDS)


@pytest.mark.usefixtures("untouched")
def test_a_weak_password_or_a_stale_page_sets_none():
    with pytest.raises(Invalid) as refused:
        reset(password="12345678")
    assert refused.value.field == "password"
    with pytest.raises(Stale):
        reset(seen=7)


def set_email(email="shin@example.jp", by=None, **more):
    return commands.set_email(
        user_id=user("new-staff").pk, email=email, by=by and user(by), at=NOON, **more
    )


@pytest.mark.parametrize("by", [None, "kanri"])
@pytest.mark.parametrize("email", ["shin@example.jp", ""])
def test_the_console_and_administrators_set_an_address_that_the_trail_does_not_keep(by, email):
    User.objects.filter(username="new-staff").update(email="kyu@example.jp")
    assert set_email(email, by).email == user("new-staff").email == email
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.subject) == ("people.email_set", user("new-staff").key)
    assert "@" not in entry.body


@pytest.mark.parametrize("by", OTHERS)
@pytest.mark.usefixtures("untouched")
def test_others_set_no_address(by):
    with pytest.raises(NotAllowed):
        set_email(by=by)
    assert user("new-staff").email == ""


def test_an_address_set_meanwhile_is_not_written_over():
    set_email("taro@example.jp", seen=0)
    with pytest.raises(Stale):
        set_email("jiro@example.jp", seen=0)
    assert user("new-staff").email == "taro@example.jp"


@pytest.mark.parametrize("email", ["shin", ""])
@pytest.mark.usefixtures("untouched")
def test_what_is_no_address_or_the_same_is_refused_beside_its_field(email):
    with pytest.raises(Invalid) as refused:
        set_email(email)
    assert refused.value.field == "email"
