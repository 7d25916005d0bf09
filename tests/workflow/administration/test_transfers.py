from datetime import date

import pytest
from django.test import Client

from tests.counting import at_most
from tests.factories import post, request_to, user
from workflow.models import Appointment, Transfer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


def client_of(name):
    client = Client()
    client.force_login(user(name))
    return client


@pytest.fixture
def personnel():
    return client_of("jinji-tanto")


@pytest.fixture
def url(personnel):
    """A transfer that is being prepared for a day in the past, so that it can be carried out."""
    sent = {"title": "定期異動", "effective_on": "令和2年13月"}
    response = personnel.post("/transfers/", sent)
    assert response.status_code == 422
    assert "令和2年13月" in response.content.decode()
    response = personnel.post("/transfers/", sent | {"effective_on": "R2.4.1"})
    assert response["Location"] == f"/transfers/{Transfer.objects.get().pk}/"
    return response["Location"]


def seen():
    return Transfer.objects.get().chain_length


def paste(personnel, url, rows):
    return personnel.post(f"{url}paste/", {"rows": rows, "seen": seen()})


def test_a_transfer_from_its_first_line_to_its_day(personnel, url):
    sent = {"user_id": user("koho-kacho").pk, "to_post_id": post("koho-kacho").pk, "seen": seen()}
    response = personnel.post(f"{url}add/", sent)
    assert response.status_code == 422
    assert "id_to_post_id_error" in response.content.decode()
    sent |= {"to_post_id": post("joho-kacho").pk, "keep_until": "R2.4.7"}
    assert personnel.post(f"{url}add/", sent).status_code == 302
    line = Transfer.objects.get().lines.get()
    assert (line.from_post.code, line.keep_until) == ("koho-kacho", date(2020, 4, 7))
    assert personnel.post(f"/transfer-lines/{line.pk}/remove/").status_code == 302
    assert personnel.post(f"{url}schedule/").status_code == 409
    assert personnel.post(f"{url}add/", sent | {"seen": seen()}).status_code == 302
    assert personnel.post(f"{url}schedule/").status_code == 302
    assert personnel.post(f"{url}reopen/").status_code == 302
    assert personnel.post(f"{url}schedule/").status_code == 302
    page = personnel.get(url).content.decode()
    assert "いま発令する" in page
    assert personnel.post(f"{url}apply/").status_code == 302
    assert Appointment.objects.filter(user=user("koho-kacho"), post=post("joho-kacho")).exists()
    assert personnel.post(f"{url}apply/").status_code == 409
    assert personnel.get(url).status_code == 200


def test_its_name_and_day_are_mended_while_it_is_prepared(personnel, url):
    shown = personnel.get(url).context["revise_form"]
    assert [shown[name].value() for name in ("title", "effective_on")] == [
        "定期異動",
        date(2020, 4, 1),
    ]
    sent = {"title": "夏の異動", "effective_on": "R2.13.1", "seen": seen()}
    response = personnel.post(f"{url}revise/", sent)
    assert response.status_code == 422
    assert "revise_effective_on_error" in response.content.decode()
    assert personnel.post(f"{url}revise/", sent | {"effective_on": "R2.7.1"}).status_code == 302
    assert personnel.post(f"{url}revise/", sent | {"effective_on": "R2.8.1"}).status_code == 409
    page = personnel.get(url).content.decode()
    assert "夏の異動" in page
    assert "発令の日：令和2年7月1日(水)" in page
    rows = "jinji-kacho,,,\nkenko-kacho,,,\nhoiku-kacho,,,\nnogyo-kacho,,,"
    assert paste(personnel, url, rows).status_code == 302
    assert "保育こども園課長ほか1人" in personnel.get(url).content.decode()


def test_it_is_called_off_with_a_reason(personnel, url):
    response = personnel.post(f"{url}cancel/", {"reason": "　"})
    assert response.status_code == 422
    assert personnel.post(f"{url}cancel/", {"reason": "延期"}).status_code == 302
    assert Transfer.objects.get().state == "cancelled"
    assert "延期" in personnel.get(url).content.decode()


def test_a_pasted_table(personnel, url):
    head = "職員ID\t新職\t兼務\t引継ぎ終了日\n"
    rows = "koho-kacho\t情報システム課長\t\tR2.4.7\n\nzaisan-kacho\tjoho-kacho\t兼務\nshicho\t\t"
    assert paste(personnel, url, head + rows).status_code == 302
    lines = Transfer.objects.get().lines.order_by("pk")
    assert [
        (ln.user.username, ln.to_post and ln.to_post.code, ln.is_concurrent, ln.keep_until)
        for ln in lines
    ] == [
        ("koho-kacho", "joho-kacho", False, date(2020, 4, 7)),
        ("zaisan-kacho", "joho-kacho", True, None),
        ("shicho", None, False, None),
    ]


def test_what_is_wrong_stands_beside_each_row_and_nothing_is_lost(personnel, url):
    rows = "koho-kacho,情報システム課長\nnobody,市長\nshicho,国王\njoho-kacho,総務部長,多分\n"
    rows += "joho-tanto,広報広聴課担当,,R2.13.1\nzaisan-kacho,市長,,,x\n"
    response = paste(personnel, url, rows)
    page = response.content.decode()
    assert response.status_code == 422
    assert [(w.number, w.text[:6]) for w in response.context["paste_form"].wrong] == [
        (2, "nobody"),
        (3, "shicho"),
        (4, "joho-k"),
        (5, "joho-t"),
        (6, "zaisan"),
    ]
    assert "koho-kacho,情報システム課長" in page
    assert not Transfer.objects.get().lines.exists()
    response = paste(personnel, url, "職員ID,新職\niin-1,市長\njoho-kacho,総務部長\n")
    assert response.status_code == 422
    assert [w.number for w in response.context["paste_form"].wrong] == [2]
    assert not Transfer.objects.get().lines.exists()
    assert paste(personnel, url, "\n \n").status_code == 422


@pytest.mark.parametrize("name", ["joho-kacho", "shicho", "kansa", "iin-1"])
def test_nobody_sees_it_before_its_day(url, name):
    client = client_of(name)
    for path in ("/transfers/", url):
        assert client.get(path).status_code == 403
    assert client.post("/transfers/", {"title": "x", "effective_on": "R9.4.1"}).status_code == 403
    for act in ("schedule", "reopen", "apply", "cancel", "add", "paste", "revise"):
        assert client.post(f"{url}{act}/", {"reason": "x"}).status_code == 403


def test_the_page_takes_a_constant_number_of_statements(personnel, url):
    for code in ("joho-kacho", "koho-kacho", "zaisan-kacho"):
        request_to(code, "somu-bucho")
    rows = "joho-kacho,koho-kacho\nkoho-kacho,zaisan-kacho\nzaisan-kacho,,\nsomu-bucho,joho-kacho,1"
    assert paste(personnel, url, rows).status_code == 302
    with at_most(20):
        page = personnel.get(url).content.decode()
    assert "一つの決裁に二度署名することになる人（1）" in page
    with at_most(20):
        personnel.get("/transfers/")
