"""組織と会議体の画面."""

import pytest
from django.test import Client

from tests.counting import at_most
from tests.factories import section, user
from tests.revisions.drafts import demo_content, running_revision
from tests.revisions.inquiry.walk import issued
from workflow.models import Body, ClassMember

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

OTHERS = ["joho-tanto", "joho-kacho", "jinji-tanto", "shicho", "kansa", "iin-1"]


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(user("kanri"))
    return client


def committee() -> Body:
    return Body.objects.get(code="iinkai")


def test_the_pages(admin: Client) -> None:
    with at_most(12):
        shown = admin.get("/administration/offices/").content.decode()
    assert section("joho").symbol in shown
    page = f"/administration/sections/{section('joho').pk}/"
    assert admin.post(page, {"symbol": "情 推"}).status_code == 422
    assert admin.post(page, {"symbol": "情推"}).status_code == 302
    assert admin.post(page, {"symbol": ""}).status_code == 302
    shown = admin.get(page).content.decode()
    assert "文書記号を変えました" in shown
    assert "情推 → —" in shown
    assert admin.post(f"{page}extension/", {"extension": "内線"}).status_code == 422
    assert admin.post(f"{page}extension/", {"extension": "9876"}).status_code == 302
    assert "9876" in admin.get(page).content.decode()
    assert "9876" in admin.get("/administration/offices/").content.decode()
    page = f"/administration/departments/{section('joho').department_id}/"
    assert admin.post(page, {"organ": ""}).status_code == 422
    assert admin.post(page, {"organ": "教育委員会"}).status_code == 302
    assert "教育委員会" in admin.get("/administration/offices/").content.decode()
    page = f"/administration/bodies/{committee().pk}/"
    sent = {"notice_days": "14", "since": "R9.4.1", "source": "委員会規則第5条"}
    assert admin.post(page, sent | {"since": "H20.1.1"}).status_code == 422
    assert admin.post(page, sent).status_code == 302
    shown = admin.get(page).content.decode()
    assert "14日前まで" in shown
    assert "招集の定めを加えました" in shown
    sent |= {"since": "R10.4.1", "weekday": "3", "months": ["2", "8"]}
    refused = admin.post(page, sent)
    assert (refused.status_code, "第何週かを選んでください" in refused.content.decode()) == (
        422,
        True,
    )
    assert admin.post(page, sent | {"weeks": ["3"]}).status_code == 302
    assert "14日前まで、定例 第3木曜日（2・8月）" in admin.get(page).content.decode()


def test_the_gazette(admin: Client) -> None:
    page = "/administration/gazette/"
    sent = {"days": "１、１０、20", "lead": "12", "since": "R9.4.1", "source": "発行要領"}
    assert "毎月1日・15日発行、入稿は15開庁日前まで" in admin.get(page).content.decode()
    assert admin.post(page, sent | {"days": "32"}).status_code == 422
    assert admin.post(page, sent | {"since": "H20.1.1"}).status_code == 422
    assert admin.post(page, sent).status_code == 302
    shown = admin.get(page).content.decode()
    assert "毎月1日・10日・20日発行、入稿は12開庁日前まで" in shown
    assert "広報紙の定めを加えました" in shown


def test_the_days_of_a_section(admin: Client) -> None:
    page = f"/administration/sections/{section('joho').pk}/"
    wrong = admin.post(f"{page}standing/", {"since": "R9.4.1", "until": "R8.4.1"})
    assert wrong.status_code == 422
    assert "R8.4.1" in wrong.content.decode()
    assert admin.post(f"{page}standing/", {"since": "", "until": "R9.3.31"}).status_code == 302
    assert "— → 〜2027-03-31" in admin.get(page).content.decode()


def test_the_classes_of_sections_and_what_keeps_them(admin: Client) -> None:
    page = "/administration/classes/"
    sent = {"class_name": "各窓口所管課等", "section_id": section("koseki").pk, "since": "R8.12.1"}
    assert admin.post(page, sent | {"since": ""}).status_code == 422
    assert admin.post(page, sent).status_code == 302
    shown = admin.get(page).content.decode()
    assert "R8.12.1〜" in shown
    member = ClassMember.objects.get(class_name="各窓口所管課等")
    end = f"{page}{member.pk}/end/"
    wrong = admin.post(end, {"until": "R8.11.30"})
    assert wrong.status_code == 422
    assert "R8.11.30" in wrong.content.decode()
    assert admin.post(end, {"until": "R9.3.31"}).status_code == 302
    assert "R8.12.1〜R9.3.31" in admin.get(page).content.decode()
    assert "照会はありません" in shown
    revision = running_revision(content=demo_content())
    asked = issued("koho", revision=revision)
    shown = admin.get(page).content.decode()
    assert asked.title in shown
    name, codes = next(iter(asked.addressed["classes"].items()))
    assert section(codes[0]).name in shown[shown.index(asked.title) :]
    assert name in shown[shown.index(asked.title) :]


@pytest.mark.parametrize("name", OTHERS)
def test_only_the_administrator_comes_here(name: str) -> None:
    client = Client()
    client.force_login(user(name))
    for path in (
        "/administration/offices/",
        "/administration/gazette/",
        f"/administration/departments/{section('joho').department_id}/",
        f"/administration/sections/{section('joho').pk}/",
        f"/administration/sections/{section('joho').pk}/extension/",
        f"/administration/sections/{section('joho').pk}/standing/",
        "/administration/classes/",
        f"/administration/classes/{ClassMember.objects.earliest('pk').pk}/end/",
        f"/administration/bodies/{committee().pk}/",
    ):
        assert client.get(path).status_code in (403, 405)
        assert client.post(path, {"symbol": "情推"}).status_code == 403
