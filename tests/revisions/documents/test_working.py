"""新旧対照表 of the draft as it stands: it forms by itself, and says that it is no version yet."""

import io
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from revisions.models import PlanVersion, Revision
from tests.counting import at_most
from tests.factories import user
from tests.revisions.documents.test_queries import edited, frozen
from tests.revisions.drafts import running_revision

pytestmark = pytest.mark.django_db

PAGES = ("draft_table", "draft_table_pdf", "draft_table_docx", "draft_table_xlsx")


@pytest.fixture
def revision(city: None) -> Revision:
    """Under way, its plan in force as it was before P05 was edited for a reason."""
    revision = running_revision()
    revision.plan.current = frozen(revision, -1)
    revision.plan.save()
    edited(revision, 1, "P05", "誤記の訂正")
    return Revision.objects.get(pk=revision.pk)


def get(
    revision: Revision, name: str = "draft_table", who: str = "joho-tanto", **query: str
) -> HttpResponse:
    client = Client()
    client.force_login(user(who))
    return client.get(reverse(name, args=[revision.pk]), query)  # type: ignore[return-value]


def page(*args: object, **query: str) -> str:
    return get(*args, **query).content.decode()  # type: ignore[arg-type]


@pytest.mark.parametrize("name", PAGES)
def test_it_opens_in_few_statements_and_keeps_no_version(revision: Revision, name: str) -> None:
    before, client = PlanVersion.objects.count(), Client()
    client.force_login(user("joho-tanto"))
    with at_most(20):
        assert client.get(reverse(name, args=[revision.pk])).status_code == 200
    assert PlanVersion.objects.count() == before


def test_it_shows_the_draft_of_this_moment_with_its_reasons(revision: Revision) -> None:
    shown = page(revision)
    assert "誤記の訂正（" in shown.replace('<span class="muted small">', "")
    assert "作業中" in shown
    assert " 現在の計画案です" in shown
    edited(revision, 2, "P06", "字句の整理")
    assert "字句の整理" in page(revision)
    assert "字句の整理" not in page(revision, scope="place:2")
    assert 'class="group"' in page(revision, order="section")


def test_a_file_says_that_it_is_no_version_and_of_when_it_is(revision: Revision) -> None:
    answer = get(revision, "draft_table_docx")
    document = Document(io.BytesIO(answer.content))
    heads = [paragraph.text for paragraph in document.paragraphs]
    assert heads[0].endswith("新旧対照表（作業中）")
    assert "改定後：作業中の計画案（令和" in heads[1]
    assert heads[1].endswith("分現在）")
    assert "から作業中_20" in unquote(answer["Content-Disposition"])
    book = load_workbook(io.BytesIO(get(revision, "draft_table_xlsx").content))
    assert str(book.active["A1"].value).endswith("新旧対照表（作業中）")  # type: ignore[index]


@pytest.mark.parametrize("place", ["draft", "revision"])
def test_the_pages_of_the_revision_lead_here(revision: Revision, place: str) -> None:
    client = Client()
    client.force_login(user("joho-tanto"))
    shown = client.get(reverse(place, args=[revision.pk])).content.decode()
    assert reverse("draft_table", args=[revision.pk]) in shown


@pytest.mark.parametrize("name", PAGES)
def test_nobody_else_and_nothing_to_compare_with(revision: Revision, name: str) -> None:
    assert get(revision, name, "koho-tanto").status_code == 200
    assert get(revision, name, "iin-1").status_code == 404
    revision.plan.current = None
    revision.plan.save()
    assert get(revision, name).status_code == 404
