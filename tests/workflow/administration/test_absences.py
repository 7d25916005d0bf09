from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.counting import at_most
from tests.factories import post, user
from workflow.models import Absence, Deputy
from workflow.people.commands_absence import register_absence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

NOW = datetime.now(UTC)  # the pages read the clock
TODAY = timezone.localdate(NOW)
SOON = (TODAY + timedelta(days=5)).isoformat()


def client_of(name):
    client = Client()
    client.force_login(user(name))
    return client


def test_ones_own_absence_is_registered_and_taken_back():
    client = client_of("joho-kacho")
    sent = {"post_id": post("joho-kacho").pk, "since": SOON, "until": SOON}
    response = client.post("/absences/", sent)
    assert response.status_code == 422
    assert SOON in response.content.decode()
    assert client.post("/absences/", sent | {"reason": "研修"}).status_code == 302
    absence = Absence.objects.get()
    page = client.get("/absences/").content.decode()
    assert "研修" in page
    url = f"/absences/{absence.pk}/withdraw/"
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "日程の変更"}).status_code == 302
    assert not Absence.objects.filter(in_force=True).exists()


def test_others_see_who_is_away_but_not_why():
    register_absence(
        post_id=post("fuku-shicho-a").pk,
        since=TODAY,
        until=TODAY,
        reason="入院",
        by=user("fuku-shicho-a"),
        at=NOW,
    )
    page = client_of("koho-tanto").get("/absences/").content.decode()
    assert "総務部長（代決第1順位）" in page
    assert "入院" not in page
    sent = {"post_id": post("shicho").pk, "since": SOON, "until": SOON, "reason": "休暇"}
    assert client_of("koho-tanto").post("/absences/", sent).status_code == 422
    assert client_of("iin-1").get("/absences/").status_code == 403
    page = client_of("kansa").get("/absences/").content.decode()
    assert "総務部長（代決第1順位）" in page
    assert 'name="since"' not in page


def test_the_personnel_section_registers_and_ends_a_deputy():
    client = client_of("jinji-tanto")
    sent = {
        "post_id": post("joho-kacho").pk,
        "deputy_id": post("zaisan-kacho").pk,
        "kind": "substitute",
        "order": "1",
        "since": SOON,
        "scope": ["test.plain"],
        "source": "事務決裁規程第9条",
    }
    wrong = sent | {"deputy_id": post("joho-kacho").pk}
    response = client.post("/deputies/new/", wrong)
    assert response.status_code == 422
    assert "id_deputy_id_error" in response.content.decode()
    assert client.post("/deputies/new/", sent).status_code == 302
    deputy = Deputy.objects.get(post=post("joho-kacho"))
    assert deputy.scope == ["test.plain"]
    url = f"/deputies/{deputy.pk}/end/"
    response = client.post(url, {"until": "令和9年13月"})
    assert response.status_code == 422
    assert "令和9年13月" in response.content.decode()
    assert client.post(url, {"until": "R30.3.31"}).status_code == 302
    assert client_of("joho-kacho").get("/deputies/new/").status_code == 403
    assert client_of("joho-kacho").post(url, {"until": "R9.5.1"}).status_code == 403


def test_the_page_costs_the_same_for_many():
    Absence.objects.bulk_create(
        Absence(post=p, since=TODAY, until=TODAY, reason="休暇")
        for p in [post("joho-tanto"), post("koho-tanto"), post("shicho"), post("kaikei")]
    )
    client = client_of("jinji-tanto")
    with at_most(20):
        client.get("/absences/")
