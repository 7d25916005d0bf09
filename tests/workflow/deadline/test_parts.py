"""set_deadline, meet, lift and extend, in every state."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from tests.factories import NOON, TODAY, request_to, section, user
from tests.workflow.deadline.factories import PAST_DUE, deadline, morning, row, state_of
from workflow.deadline import commands, parts, queries
from workflow.deadline.calendar import end_of_day
from workflow.deadline.states import DeadlineState as S
from workflow.errors import Invalid, Unmet
from workflow.models import AuditEntry, Deadline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

DUE, LATER = date(2026, 12, 4), date(2026, 12, 11)


@pytest.fixture
def subject():
    return request_to("joho-kacho")


def by():
    return {"by": user("joho-tanto"), "at": NOON}


def meet(subject):
    parts.meet(subject, "answer", **by())


def lift(subject):
    parts.lift(subject, "answer", **by())


def extend(subject, due_on=LATER):
    parts.extend(subject, "answer", due_on=due_on, **by())


def test_set_deadline(subject):
    made = deadline(subject, DUE)
    assert (made.subject, made.part_of) == (subject.key, subject.within)
    assert made.due_at == end_of_day(DUE)
    assert made.next_at == morning(date(2026, 12, 1))
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.subject) == ("deadline.set", made.key)


@pytest.mark.parametrize("due_on", [TODAY, DUE])
def test_a_day_that_is_not_over_is_accepted(subject, due_on):
    assert deadline(subject, due_on).state == S.OPEN


def test_a_day_that_is_over_is_refused(subject):
    entries = AuditEntry.objects.count()
    with pytest.raises(Invalid) as refused:
        deadline(subject, date(2026, 11, 23))
    assert refused.value.field == "due_on"
    assert AuditEntry.objects.count() == entries


def test_one_running_deadline_for_each_subject_and_kind(subject):
    deadline(subject, DUE)
    deadline(subject, DUE, kind="another")
    with pytest.raises(IntegrityError), transaction.atomic():
        deadline(subject, DUE)
    with transaction.atomic():
        meet(subject)
    assert deadline(subject, DUE).state == S.OPEN


def test_a_subject_that_is_not_saved_is_refused():
    with pytest.raises(ValueError, match="saved"):
        deadline(Deadline(), DUE)


@pytest.mark.parametrize(
    "state, act, expected",
    [
        (S.OPEN, meet, S.MET),
        (S.PASSED, meet, S.MET),
        (S.OPEN, lift, S.LIFTED),
        (S.PASSED, lift, S.LIFTED),
        (S.OPEN, extend, S.OPEN),
        (S.PASSED, extend, S.OPEN),
    ],
)
def test_a_running_deadline(subject, state, act, expected):
    pk = row(subject, state).pk
    with transaction.atomic():
        act(subject)
    found = Deadline.objects.get(pk=pk)
    assert (found.state, state_of(AuditEntry.objects.latest("pk"))) == (expected, (state, expected))
    assert found.ended_at == (None if act is extend else NOON)
    assert found.next_at == (NOON if act is extend else None), "the next sweep reckons"
    commands.remind(deadline_ids=[pk], at=NOON)
    found = Deadline.objects.get(pk=pk)
    assert found.next_at == (morning(date(2026, 12, 8)) if act is extend else None)


@pytest.mark.parametrize("state", [None, S.MET, S.LIFTED])
@pytest.mark.parametrize("act", [meet, lift, extend])
def test_nothing_runs(subject, state, act):
    if state:
        row(subject, state)
    entries = AuditEntry.objects.count()
    with transaction.atomic():
        if act is extend:
            with pytest.raises(Unmet):
                act(subject)
        else:
            act(subject)
    assert AuditEntry.objects.count() == entries


def test_an_extension_into_the_past_is_refused(subject):
    deadline(subject, DUE)
    with pytest.raises(Invalid), transaction.atomic():
        extend(subject, date(2026, 11, 23))
    assert Deadline.objects.get().due_at == end_of_day(DUE)


@pytest.mark.django_db(transaction=True)
def test_outside_a_command_nothing_is_written(subject):
    with pytest.raises(RuntimeError):
        parts.set_deadline(
            subject=subject,
            kind="answer",
            title="",
            link="/",
            group=section("joho").group,
            due_on=DUE,
            **by(),
        )


class TestQueries:
    def test_what_runs_is_listed_the_most_urgent_first(self, subject):
        later = deadline(subject, LATER, kind="later")
        sooner = deadline(subject, DUE)
        deadline(subject, DUE, kind="others", group=section("bunsho").group)
        mine = queries.running().filter(group=section("joho").group)
        assert list(mine) == [sooner, later]

    def test_overdue_does_not_wait_for_the_sweep(self, subject):
        late = deadline(subject, DUE)
        assert not queries.overdue(end_of_day(DUE)).exists()
        assert list(queries.overdue(morning(date(2026, 12, 5)))) == [late]
        assert late.state == S.OPEN

    @pytest.mark.parametrize("state", [S.MET, S.LIFTED])
    def test_what_has_ended_is_in_no_list(self, subject, state):
        row(subject, state)
        assert not queries.running().exists()
        assert not queries.overdue(PAST_DUE).exists()
        assert not queries.to_remind(datetime.max.replace(tzinfo=NOON.tzinfo)).exists()
