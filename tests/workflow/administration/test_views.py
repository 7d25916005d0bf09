import pytest
from django.test import Client

from tests.factories import post, user
from workflow.models import Appointment, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(city: None) -> Client:
    client = Client()
    client.force_login(user("kanri"))
    return client


def test_a_person_is_registered_and_appointed(admin: Client) -> None:
    sent = {
        "username": "shin-tanto",
        "name": "新任の担当",
        "kind": "staff",
        "password": "nagai-aikotoba-8",
    }
    assert admin.post("/administration/people/new/", sent).status_code == 302
    person = User.objects.get(username="shin-tanto")
    sent = {"post_id": str(post("koho-tanto").pk), "since": "R8.4.1"}
    assert admin.post(f"/administration/people/{person.pk}/", sent).status_code == 302
    assert str(Appointment.objects.get(user=person).since) == "2026-04-01"
    assert person.groups.filter(section__code="koho").exists()


def test_bad_input_stays_and_says_why(admin: Client) -> None:
    url = f"/administration/people/{user('koho-tanto').pk}/"
    response = admin.post(url, {"post_id": "999999", "since": "令和8年13月1日"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "令和8年13月1日" in page
    assert "error" in page


def test_an_overlap_is_refused_beside_its_field(admin: Client) -> None:
    url = f"/administration/people/{user('koho-tanto').pk}/"
    sent = {"post_id": str(post("koho-tanto").pk), "since": "2026-04-01"}
    response = admin.post(url, sent)
    assert response.status_code == 422
    assert "その期間は、すでにこの職に就いています。" in response.content.decode()


def test_an_appointment_ends_and_its_rights_with_it(admin: Client) -> None:
    appointment = Appointment.objects.get(user__username="koho-tanto")
    url = f"/administration/appointments/{appointment.pk}/end/"
    assert admin.post(url, {"until": "2026-01-31"}).status_code == 302
    assert not user("koho-tanto").groups.filter(section__code="koho").exists()


@pytest.mark.parametrize("name", ["joho-kacho", "kansa", "iin-1"])
def test_only_the_administrator_comes_here(city: None, name: str) -> None:
    client = Client()
    client.force_login(user(name))
    assert client.get("/administration/").status_code == 403


def test_a_typed_day_is_explained(city: None) -> None:
    client = Client()
    client.force_login(user("koho-tanto"))
    assert "閉庁日です" in client.get("/days/", {"due_on": "R8.12.29"}).content.decode()
    assert client.get("/days/", {"due_on": "さて"}).content.decode() == ""


def test_a_person_is_suspended_signed_out_and_restored(admin: Client) -> None:
    theirs, url = Client(), f"/administration/people/{user('koho-tanto').pk}/"
    theirs.force_login(user("koho-tanto"))
    sent = {"reason": "端末を失くしたため", "seen": str(user("koho-tanto").chain_length)}
    assert admin.post(f"{url}suspend/", sent).status_code == 302
    assert theirs.get("/").status_code == 302
    page = admin.get(url).content.decode()
    assert "利用を停止しています" in page
    assert "任命する</button>" not in page
    assert "利用停止" in admin.get("/administration/").content.decode()
    sent["seen"] = str(user("koho-tanto").chain_length)
    assert admin.post(f"{url}restore/", sent).status_code == 302
    assert user("koho-tanto").is_active


def test_without_a_reason_the_page_says_so(admin: Client) -> None:
    url = f"/administration/people/{user('koho-tanto').pk}/suspend/"
    response = admin.post(url, {"reason": "", "seen": "1"})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert user("koho-tanto").is_active


def test_nobody_is_offered_to_suspend_oneself(admin: Client) -> None:
    page = admin.get(f"/administration/people/{user('kanri').pk}/").content.decode()
    assert "/suspend/" not in page


def test_a_password_set_anew_signs_its_owner_out(admin: Client) -> None:
    theirs, person = Client(), user("koho-tanto")
    theirs.force_login(person)
    url = f"/administration/people/{person.pk}/password/"
    weak = admin.post(url, {"password": "12345678", "seen": person.chain_length})
    assert weak.status_code == 422
    assert 'id="password_password_error"' in weak.content.decode()
    sent = {"password": "kari-no-aikotoba-8", "seen": person.chain_length}
    assert admin.post(url, sent).status_code == 302
    assert theirs.get("/").status_code == 302
    assert user("koho-tanto").check_password("kari-no-aikotoba-8")
