"""A kept statement finds what its queryset finds, each time for the values given."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import Exists, F, OuterRef
from django.test.utils import CaptureQueriesContext

from tests.counting import at_most
from tests.factories import TODAY, request_to, user
from workflow.ledger.command import command, move
from workflow.ledger.read import Read
from workflow.models import Appointment, Post, Request, Step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


def steps(*, step: int, person: int, day: date):
    held = Appointment.objects.on(day).filter(user=person, post=OuterRef("post"))
    found = Step.objects.filter(request__steps=step, attempt=F("request__attempt"))
    return found.annotate(mine=Exists(held)).select_related("post__section", "acted_by")


STEPS = Read(steps, step=int, person=int, day=date)
LOCKED = Read(
    lambda step: Request.objects.select_for_update(of=("self",)).filter(steps=step), step=int
)


def told(found):
    return [
        (s.pk, s.state, s.activated_at, s.mine, s.post.name, s.post.section.name, s.acted_by)
        for s in found
    ]


def test_it_finds_what_the_queryset_finds():
    for codes in (("joho-kacho", "koho-kacho"), ("jinji-kacho",)):
        request = request_to(*codes)
        for who in ("joho-kacho", "koho-kacho"):
            for day in (TODAY, date(2000, 1, 1)):
                values = {"step": request.steps.first().pk, "person": user(who).pk, "day": day}
                with at_most(1):
                    found = told(STEPS(**values))
                assert found == told(steps(**values))
                assert any(mine for _, _, _, mine, *_ in found) == (
                    day == TODAY and f"{who}" in codes
                )


def test_it_finds_by_a_text_and_shares_what_it_found():
    posts = Read(lambda code: Post.objects.filter(code=code), shares=True, code=str)

    @command
    def found(code):
        return posts.get(code=code).code

    for code in ("joho-kacho", "koho-kacho"):
        with CaptureQueriesContext(connection) as captured:
            assert found(code) == code
        shares = any("FOR KEY SHARE" in query["sql"] for query in captured)
        assert shares == connection.features.has_select_for_update


def test_what_a_statement_says_with_percent_signs_is_no_parameter():
    odd = Read(
        lambda step: Step.objects.filter(pk=step).annotate(odd=F("order") % 2).only("pk"), step=int
    )
    for step in request_to("joho-kacho", "koho-kacho", "jinji-kacho").steps.all():
        (found,) = odd(step=step.pk)
        assert (found.pk, found.odd) == (step.pk, step.order % 2)


def test_one_column_alone():
    keys = Read(lambda code: Post.objects.filter(code=code).only("pk"), code=str)
    (found,) = keys(code="joho-kacho")
    assert found.pk == Post.objects.get(code="joho-kacho").pk
    assert found.name  # the rest is read when it is asked for


def test_what_several_rows_join_is_converted_once():
    request = request_to("joho-kacho", "koho-kacho")
    lines = Read(
        lambda request: Step.objects.filter(request=request).select_related("request"), request=int
    )
    first, second = lines(request=request.pk)
    assert first.request is second.request
    assert (first.request.flags, first.request.submitted_at) == ([], request.submitted_at)


def test_nothing_found():
    assert STEPS(step=0, person=0, day=TODAY) == []


def test_it_sees_what_was_written():
    request = request_to("joho-kacho", "koho-kacho")
    first = request.steps.first()

    @command
    def act():
        (locked,) = LOCKED(step=first.pk)
        locked.title = "変わった件名"
        move(locked)
        (again,) = LOCKED(step=first.pk)
        assert again.title == "変わった件名"

    act()


def test_what_a_row_holds_can_be_moved():
    request = request_to("joho-kacho")
    (locked,) = LOCKED(step=request.steps.get().pk)
    assert locked.chain_head == request.chain_head
    assert not locked.get_deferred_fields()
