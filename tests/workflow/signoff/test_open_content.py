"""開封: who opened what, and what changed since."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client

from tests.factories import NOON, TODAY, post, request_to, user
from workflow.authority.line import Turn
from workflow.authority.states import StepRole
from workflow.errors import NotAllowed
from workflow.models import AuditEntry, OutboxEvent, Reading, Request, Step
from workflow.signoff import commands, parts
from workflow.signoff.commands_record import open_content
from workflow.signoff.queries import has_opened, last_seen, opened, steps_of

pytestmark = pytest.mark.django_db


def open_(step: Step, who: str, at: datetime = NOON) -> None:
    """As the page does it: it knows how the circulation stands for who asks."""
    steps = list(steps_of(step.request, user(who), TODAY).filter(attempt=step.attempt))
    shown = next(s for s in steps if s.pk == step.pk)
    open_content(shown=shown, steps=steps, by=user(who), at=at)


def again(request: Request, *codes: str, body: str) -> Request:
    """Send a request round again over another body."""
    line = [Turn(order, StepRole.LINE, post(code)) for order, code in enumerate(codes, 1)]
    with transaction.atomic():
        locked = Request.objects.select_for_update().get(pk=request.pk)
        by = user("joho-tanto")
        return parts.recirculate(
            locked, body=body, steps=line, by=by, post=locked.drafter_post, at=NOON
        )


def test_only_who_signs_now_opens_once_and_nothing_else_is_written(city: None) -> None:
    request = request_to("joho-kacho", "somu-bucho")
    first = request.steps.first()
    before = AuditEntry.objects.count(), OutboxEvent.objects.count()
    for stranger in ("somu-bucho", "joho-tanto", "shicho", "kansa", "kanri", "iin-1"):
        with pytest.raises(NotAllowed):
            open_(first, stranger)
    assert not has_opened(user("joho-kacho"), request)
    for later in range(2):
        open_(first, "joho-kacho", NOON + timedelta(hours=later))
    assert Reading.objects.get().at == NOON
    assert has_opened(user("joho-kacho"), request)
    assert not has_opened(user("somu-bucho"), request)
    assert (AuditEntry.objects.count(), OutboxEvent.objects.count()) == before


def test_what_was_opened_counts_for_its_circulation_only(city: None) -> None:
    request, other = request_to("joho-kacho"), request_to("joho-kacho", body="別の本文")
    chief = user("joho-kacho")
    open_(request.steps.get(), "joho-kacho")
    assert opened(chief, [request, other]) == {request.pk}
    commands.send_back(step_id=request.steps.get().pk, by=chief, at=NOON, reason="再検討")
    request = again(request, "joho-kacho", body="直した本文")
    assert opened(chief, [request, other]) == set()


def test_each_signer_is_compared_with_what_they_saw_last(city: None) -> None:
    request = request_to("joho-kacho", "somu-bucho", body="一版")
    chief, director = user("joho-kacho"), user("somu-bucho")
    first, second = request.steps.all()
    assert last_seen(chief, request) is None
    commands.approve(step_id=first.pk, by=chief, at=NOON)  # signed unopened: the signature tells
    open_(second, "somu-bucho")
    commands.send_back(step_id=second.pk, by=director, at=NOON, reason="直す")
    request = again(request, "joho-kacho", "somu-bucho", body="二版")
    active = request.steps.get(state="active")
    open_(active, "joho-kacho")
    commands.send_back(step_id=active.pk, by=chief, at=NOON, reason="もう一度")
    request = again(request, "joho-kacho", "somu-bucho", body="三版")
    assert last_seen(chief, request).body == "二版"
    assert last_seen(director, request).body == "一版"


def test_the_page_shows_first_what_changed_and_notes_the_opening(city: None) -> None:
    request = request_to("joho-kacho", body="対象は中学生まで")
    step, chief, client = request.steps.get(), user("joho-kacho"), Client()
    client.force_login(chief)
    url = f"/requests/{request.pk}/"
    client.head(url)
    assert not Reading.objects.exists()
    assert "前に見た版" not in client.get(url).content.decode()
    assert has_opened(chief, request)
    commands.send_back(step_id=step.pk, by=chief, at=NOON, reason="対象を広げる")
    request = again(request, "joho-kacho", body="対象は18歳まで")
    page = client.get(url).content.decode()
    assert "前に見た版" in page
    assert "<del>" in page
    assert page.index("前に見た版") < page.index("決裁の対象")
    assert has_opened(chief, request)
    client.force_login(user("joho-tanto"))
    assert "前に見た版" not in client.get(url).content.decode()
    assert Reading.objects.count() == 2
