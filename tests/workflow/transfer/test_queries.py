"""What a transfer would change: constant in statements."""

import pytest
from django.db import transaction

from tests.counting import at_most
from tests.factories import NOON, post, request_to, section, user
from tests.workflow.transfer.walk import APRIL, DAY, move, prepared
from workflow.deadline.parts import set_deadline
from workflow.models import Appointment, Body, Post, User
from workflow.signoff.commands_aside import hold
from workflow.transfer.preview import preview
from workflow.transfer.queries import lines_of, waiting_by_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


def ask(group, title):
    """A deadline of a group."""
    with transaction.atomic():
        return set_deadline(
            subject=user("shicho"),
            kind=title,
            title=title,
            link="/",
            group=group,
            due_on=APRIL,
            by=None,
            at=NOON,
        )


def test_who_gains_and_who_loses_what():
    waiting = request_to("joho-kacho", "somu-bucho", drafter="koho-kacho", asked_for_on=APRIL)
    ask(section("joho").group, "課の期限")
    ask(Body.objects.get(code="kanjikai").group, "幹事会の期限")
    ask(section("koho").group, "広報の期限")
    transfer = prepared(
        move("joho-kacho", "koho-kacho", keep_until=APRIL + DAY),
        move("koho-kacho", "joho-kacho"),
        move("joho-tanto", "jinji-tanto", is_concurrent=True),
    )
    found = preview(transfer, lines_of(transfer))
    chief, other, staff = found.changes
    assert [p.code for p in chief.gained] == ["koho-kacho"]
    assert [p.code for p in chief.lost] == ["joho-kacho"]
    assert [s.request for s in chief.loses.steps] == [waiting]
    assert {d.title for d in chief.loses.deadlines} == {"課の期限", "幹事会の期限"}
    assert {d.title for d in chief.gains.deadlines} == {"広報の期限"}
    assert [s.request for s in other.gains.steps] == [waiting]
    assert other.drafts == [waiting]
    assert (staff.lost, len(staff.loses), len(staff.gains)) == ([], 0, 0)
    assert (found.empty, found.twice) == ([], [])


def test_a_post_stands_empty_from_the_day_after_its_last_holder():
    request_to("joho-kacho")
    own, whole = ask(post("joho-kacho").group, "職"), ask(section("joho").group, "課")
    transfer = prepared(move("joho-kacho", None, keep_until=APRIL + DAY))
    (empty,) = preview(transfer, lines_of(transfer)).empty
    assert (empty.post, empty.since) == (post("joho-kacho"), APRIL + 2 * DAY)
    assert (len(empty.items.steps), empty.items.deadlines) == (1, [own])
    everybody = prepared(move("joho-kacho", None), move("joho-tanto", None))
    found = preview(everybody, lines_of(everybody))
    assert [set(row.items.deadlines) for row in found.empty] == [{own, whole}, {whole}]
    Appointment.objects.create(user=user("joho-tanto"), post=post("joho-kacho"), since=APRIL)
    assert preview(transfer, lines_of(transfer)).empty == []
    User.objects.filter(username="joho-tanto").update(is_active=False)
    assert len(preview(transfer, lines_of(transfer)).empty) == 1


def test_the_preview_costs_the_same_for_many():
    chiefs = list(Post.objects.filter(rank="section_chief")[:20])
    for chief in chiefs:
        request_to(chief.code, "somu-bucho", drafter="koho-tanto")
    pairs = zip(chiefs, chiefs[1:] + chiefs[:1], strict=True)
    transfer = prepared(*(move(one.code, other.code) for one, other in pairs))
    with at_most(6):
        found = preview(transfer, lines_of(transfer))
    assert sum(len(change.gains.steps) for change in found.changes) == 20


def test_what_is_held_waits_as_well():
    """保留: whoever held it may leave, and it is still somebody's turn."""
    step = request_to("joho-kacho", "somu-bucho").steps.first()
    hold(step_id=step.pk, by=user("joho-kacho"), at=NOON, reason="照会中")
    transfer = prepared(move("joho-kacho", None))
    found = preview(transfer, lines_of(transfer))
    assert [s.pk for s in found.changes[0].loses.steps] == [step.pk]
    assert [s.pk for s in found.waiting[0].items.steps] == [step.pk]
    assert waiting_by_post([step.post]) == {step.post_id: 1}
