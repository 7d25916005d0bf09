"""A refusal reaches a person as a page: what happened, why, what next, and what was typed."""

import pytest
from django.test import Client

from tests.factories import NOON, request_to, user
from tests.revisions.cycle.paths import reach
from tests.revisions.inquiry.walk import issued
from workflow.models import AuditEntry, Request
from workflow.signoff import commands

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_as(city: None):
    def sign_in(username: str) -> Client:
        client = Client()
        client.force_login(user(username))
        return client

    return sign_in


def act(client: Client, request: Request, name: str, **data: str):
    step = request.steps.first()
    return client.post(f"/steps/{step.pk}/{name}/", data)


def test_somebody_else_is_told_whose_turn_it_is(client_as) -> None:
    request = request_to("joho-kacho")
    response = act(client_as("koho-kacho"), request, "approve", seen="1")
    assert response.status_code == 403
    assert "情報システム課長" in response.content.decode()
    assert Request.objects.get(pk=request.pk).state == "circulating"


def test_the_second_click_shows_what_the_first_did(client_as) -> None:
    request = request_to("joho-kacho", "somu-bucho")
    client = client_as("joho-kacho")
    assert act(client, request, "approve", seen="1").status_code == 303
    entries = AuditEntry.objects.count()
    second = act(client, request, "approve", seen="1", comment="もう一度")
    assert second.status_code == 409
    assert AuditEntry.objects.count() == entries
    page = second.content.decode()
    assert "もう一度" in page
    assert "情報システム課長" in page


def test_a_stale_page_keeps_what_was_typed(client_as) -> None:
    request = request_to("joho-kacho", "somu-bucho")
    first, second = request.steps.all()
    commands.approve(step_id=first.pk, by=user("joho-kacho"), at=NOON)
    response = client_as("somu-bucho").post(
        f"/steps/{second.pk}/send-back/", {"seen": "1", "reason": "書きかけの理由"}
    )
    assert response.status_code == 409
    assert "書きかけの理由" in response.content.decode()
    assert Request.objects.get(pk=request.pk).state == "circulating"


def test_a_missing_reason_is_said_beside_the_field(client_as) -> None:
    request = request_to("joho-kacho")
    response = act(client_as("joho-kacho"), request, "send-back", seen="1", reason=" ")
    assert response.status_code == 422
    assert "理由：入力してください。" in response.content.decode()
    assert Request.objects.get(pk=request.pk).state == "circulating"


@pytest.mark.parametrize("path", ["/requests/999999/", "/answers/999999/", "/revisions/999999/"])
def test_what_is_not_there_is_not_found(client_as, path: str) -> None:
    assert client_as("joho-kacho").get(path).status_code == 404


def test_an_absurd_number_is_not_an_error(client_as) -> None:
    request = request_to("joho-kacho")
    client = client_as("joho-kacho")
    assert act(client, request, "approve", seen="９９９９９９９９９９").status_code == 409
    assert act(client, request, "approve", seen="-").status_code == 422
    assert act(client, request, "approve", seen="1", comment="あ" * 2001).status_code == 422
    assert client.post("/steps/99999999999999999999/approve/", {"seen": "1"}).status_code == 404


@pytest.mark.parametrize("outcome", ["%d", "%", "reported%s%s"])
def test_an_outcome_that_is_no_word_is_not_an_error(client_as, outcome: str) -> None:
    revision, stage = reach("open")
    data = {"outcome": outcome, "seen": revision.chain_length}
    response = client_as("joho-tanto").post(f"/stages/{stage.pk}/conclude/", data)
    assert response.status_code == 422


def test_a_row_that_no_table_can_hold_is_not_an_error(client_as) -> None:
    inquiry, client = issued(), client_as("joho-tanto")
    for act in ("extend", "waive", "accept", "remind"):
        data = {"act": act, "ids": [f"{10**30}.1"]}
        assert client.post(f"/inquiries/{inquiry.pk}/bulk/", data).status_code == 303


def test_the_way_back_leads_to_this_site(client_as) -> None:
    """//host is another site's page to a browser."""
    request = request_to("joho-kacho")
    step, client = request.steps.get(), client_as("joho-kacho")
    response = client.post(
        f"/steps/{step.pk}/approve/",
        {"seen": "9"},
        headers={"Referer": "http://testserver//x.test/"},
    )
    assert response.status_code == 409
    assert response.context["what_next"][0][1] == "/x.test/"


def test_a_stranger_is_sent_to_sign_in(city: None) -> None:
    response = Client().get("/requests/")
    assert response.status_code == 302
    assert response["Location"] == "/login/?next=/requests/"


def test_whose_session_ended_comes_back_to_the_page_of_the_button(city: None) -> None:
    page = {"Referer": "http://testserver/answers/64/"}
    response = Client().post("/answers/64/more-time/", {"reason": "理由"}, headers=page)
    assert response["Location"] == "/login/?next=/answers/64/"


def test_the_address_of_a_button_says_so_in_japanese(client_as) -> None:
    response = client_as("koho-tanto").get("/answers/64/more-time/")
    assert response.status_code == 405
    assert response["Allow"]
    assert "この番地は、画面のボタンから使うものです" in response.content.decode()


def test_the_administrator_neither_signs_nor_reads(client_as) -> None:
    request = request_to("joho-kacho")
    client = client_as("kanri")
    assert client.get(f"/requests/{request.pk}/").status_code == 404
    assert act(client, request, "approve", seen="1").status_code == 403
