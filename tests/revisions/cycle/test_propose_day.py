"""決裁の期限 of a 伺い: proposed on the form, chosen there, and kept when it comes back."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import NOON, TODAY, user
from tests.revisions.cycle.paths import reach
from tests.revisions.cycle.test_propose import client, page_of, send
from tests.workflow.authority.tables import DEMO, adopt
from workflow.deadline.calendar import in_tokyo
from workflow.models import ClosedDay, Deadline, Request, Stage
from workflow.signoff import commands as signoff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

LATER = date(2026, 12, 11)
SATURDAY = date(2026, 12, 12)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def open_stage() -> Stage:
    _revision, stage = reach("open")
    adopt(DEMO)
    return stage


def planned_until(stage: Stage, day: date | None) -> Stage:
    Stage.objects.filter(pk=stage.pk).update(planned_until=day, planned_from=day)
    return stage


def shown(stage: Stage) -> Any:
    return client().get(page_of(stage)).context["form"]["due_on"].value()


@pytest.mark.parametrize(
    "until, day",
    [
        (LATER, LATER),
        (SATURDAY, LATER),
        (TODAY, TODAY),
        (TODAY - timedelta(days=1), None),
        (None, None),
    ],
    ids=["open", "closed", "today", "past", "unplanned"],
)
def test_the_last_open_day_of_the_stage_is_proposed_while_it_is_ahead(until, day) -> None:
    assert shown(planned_until(open_stage(), until)) == day


def test_the_day_that_was_chosen_goes_with_it() -> None:
    stage = planned_until(open_stage(), SATURDAY)
    assert send(stage, due_on="R8.12.11").status_code == 303
    assert Request.objects.get(proposal__stage=stage).asked_for_on == LATER
    assert in_tokyo(Deadline.objects.get(kind="signoff.turn").due_at) == LATER


def test_without_one_it_has_none() -> None:
    stage = planned_until(open_stage(), LATER)
    assert send(stage, due_on="").status_code == 303
    assert Request.objects.get(proposal__stage=stage).asked_for_on is None
    assert not Deadline.objects.filter(kind="signoff.turn").exists()


@pytest.mark.parametrize(
    "day, why",
    [
        ("2026-11-23", "今日以後の日"),
        ("2028-12-01", "2年より先の日"),
        ("2026-12-12", "閉庁日です。直前の開庁日は令和8年12月11日(金)"),
        ("いつか", "いつか"),
    ],
)
def test_another_day_is_refused_beside_the_field(day, why) -> None:
    response = send(open_stage(), due_on=day, text="書いたこと")
    assert response.status_code == 422
    form = response.context["form"]
    assert (form["due_on"].value(), form["text"].value()) == (day, "書いたこと")
    assert why in "".join(form.errors["due_on"])
    assert form.errors.keys() == {"due_on"}
    assert not Request.objects.exists()


def test_a_closed_day_may_be_meant() -> None:
    stage = open_stage()
    assert send(stage, due_on="2026-12-12", accept_closed_day="on").status_code == 303
    assert Request.objects.get(proposal__stage=stage).asked_for_on == SATURDAY


def test_it_is_kept_when_it_comes_back_and_may_be_changed_then() -> None:
    stage = planned_until(open_stage(), date(2026, 12, 18))
    send(stage, due_on="2026-12-11")
    request = Request.objects.get(proposal__stage=stage)
    first = request.steps.get(state="active")
    signoff.send_back(step_id=first.pk, by=user("joho-kacho"), at=NOON, reason="字句")
    ClosedDay.objects.create(day=LATER, name="臨時の休み")
    assert shown(stage) == LATER
    assert "閉庁日です" in "".join(
        send(stage, due_on="2026-12-11").context["form"].errors["due_on"]
    )
    assert send(stage, due_on="2026-12-10").status_code == 303
    assert Request.objects.get(pk=request.pk).asked_for_on == date(2026, 12, 10)
