"""新旧対照表 on screen and as files: for exactly those who may read both versions."""

import io
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from docx import Document

from revisions.models import Plan, PlanVersion, Revision
from revisions.plan import parts
from tests.counting import at_most
from tests.factories import user
from tests.revisions.documents.test_queries import HOUR, NOON, edited, frozen
from tests.revisions.drafts import running_revision
from workflow.access import grant
from workflow.models import Body

pytestmark = pytest.mark.django_db

Pair = tuple[PlanVersion, PlanVersion]
PAGES = ("table", "table_pdf", "table_docx", "table_xlsx")


@pytest.fixture
def pair(city: None) -> Pair:
    """The older and the newer version; P05 was edited between them, for a reason."""
    revision = running_revision()
    old = frozen(revision, -1)
    edited(revision, 1, "P05", "誤記の訂正")
    return old, frozen(revision, 2)


def get(
    pair: Pair,
    name: str = "table",
    who: str = "joho-tanto",
    **query: str,
) -> HttpResponse:
    client = Client()
    client.force_login(user(who))
    old, new = pair
    return client.get(reverse(name, args=[new.pk, old.pk]), query)  # type: ignore[return-value]


def page(*args: object, **query: str) -> str:
    return get(*args, **query).content.decode()  # type: ignore[arg-type]


@pytest.mark.parametrize("name", PAGES)
def test_it_opens_in_few_statements(pair: Pair, name: str) -> None:
    with at_most(20):
        assert get(pair, name).status_code == 200


def test_the_page_marks_what_changed_in_words_too(pair: Pair) -> None:
    shown = page(pair)
    assert "オンラインによる母子保健相談" in shown
    assert "誤記の訂正" in shown
    assert "各種手続のオンライン化の推進" not in shown
    assert '<ins><span class="vh">［追加：</span>' in shown
    assert '<del><span class="vh">［削除：</span>' in shown
    assert shown.count('<th scope="col">') == 3
    assert '<th scope="rowgroup"' in shown


def test_the_later_version_is_the_new_one_whichever_comes_first(pair: Pair) -> None:
    old, new = pair
    turned = get((new, old))
    assert (turned.context["old"], turned.context["new"]) == (old, new)  # type: ignore[attr-defined]


def test_scope_and_order_are_chosen_in_the_address(pair: Pair) -> None:
    assert "各種手続のオンライン化の推進" in page(pair, scope="all")
    assert "母子保健相談" in page(pair, scope="place:1-1")
    assert "この範囲に違いはありません" in page(pair, scope="place:2")
    assert "母子保健相談" in page(pair, scope="section:kodomo")
    assert "この範囲に違いはありません" in page(pair, scope="section:koho")
    assert 'class="group"' in page(pair, order="section")
    assert 'class="group"' not in page(pair)


@pytest.mark.parametrize("query", [{"scope": "section:x"}, {"scope": "<"}, {"order": "?"}])
def test_an_address_that_makes_no_sense_counts_as_none(pair: Pair, query: dict[str, str]) -> None:
    assert "母子保健相談" in page(pair, **query)


def test_the_files_are_asked_for_as_the_page_is(pair: Pair) -> None:
    old, new = pair
    url = reverse("table_pdf", args=[new.pk, old.pk])
    assert f"{url}?scope=place%3A1-1" in page(pair, scope="place:1-1")


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_a_file_has_a_japanese_name(pair: Pair, kind: str) -> None:
    response = get(pair, f"table_{kind}")
    old, new = pair
    name = f"新旧対照表_{new.plan.title}_第{old.number}版から第{new.number}版.{kind}"
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(name)}"


def test_a_file_is_in_japanese_whatever_the_screen_is(
    pair: Pair,
) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user("joho-tanto"))
    old, new = pair
    url = reverse("table_docx", args=[new.pk, old.pk])
    document = Document(io.BytesIO(client.get(url, {"order": "section"}).content))
    heads = [paragraph.text for paragraph in document.paragraphs]
    assert heads[3] == "範囲：変わったところ　順序：主管課ごと"
    assert "誤記の訂正（事務局修正）" in [c.text for c in document.tables[0].columns[2].cells]


@pytest.mark.parametrize("name", PAGES)
def test_who_may_read_only_one_of_the_two_reads_nothing(pair: Pair, name: str) -> None:
    old, new = pair
    body = Body.objects.get(code="iinkai")
    grant("view_planversion", body.group, new)
    assert get(pair, name, "iin-3").status_code == 404
    assert get((new, old), name, "iin-3").status_code == 404
    grant("view_planversion", body.group, old)
    assert get(pair, name, "iin-3").status_code == 200
    assert get(pair, name, "kanri").status_code == 404


def test_versions_of_two_plans_are_not_compared(pair: Pair) -> None:
    old, new = pair
    revision = Revision.objects.get(pk=new.revision_id)
    revision.plan = Plan.objects.create(code="x", title="別", first_year=2021, last_year=2025)
    other = parts.freeze(revision, label="別", by=user("joho-tanto"), at=NOON + 3 * HOUR)
    assert other.plan_id != new.plan_id
    assert get((old, other)).status_code == 404


def test_the_comparison_leads_here(pair: Pair) -> None:
    old, new = pair
    client = Client()
    client.force_login(user("joho-tanto"))
    shown = client.get(reverse("compare", args=[old.pk, new.pk])).content.decode()
    assert reverse("table", args=[new.pk, old.pk]) in shown
