"""Which 事務局 waits for a deadline: the one that steers what it is part of."""

import pytest

from tests.counting import at_most
from tests.factories import TODAY, request_to
from tests.revisions.inquiry.walk import issued
from tests.revisions.public_comment.walk import announced, stage_of
from tests.workflow.deadline.factories import deadline
from workflow.deadline.ladder import Office, Telling
from workflow.models import Deadline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


def told() -> Telling:
    made = Deadline.objects.exclude(kind__startswith="stage.").get()
    return Office([made], TODAY).telling(made, "secretariat")


def test_of_an_answer() -> None:
    issued("koho")
    Deadline.objects.update(asked_by=None)  # as older ones are
    assert (told().tier, told().rung.name) == ("secretariat", "情報システム課")


def test_its_own_it_is_told_as_whoever_acts() -> None:
    announced(stage_of())
    assert told().skipped[0] == "事務局は担当自身"


def test_of_what_is_part_of_no_revision_nobody_is_known() -> None:
    deadline(request_to("joho-kacho"))
    assert told().skipped == ["事務局なし"]


def test_it_costs_one_statement_for_all() -> None:
    issued("koho", "kokuho", "bunsho")
    found = list(Deadline.objects.all())
    with at_most(7):
        Office(found, TODAY)
