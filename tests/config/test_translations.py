"""The English of the pages: complete in form, and free of Japanese but for data."""

import gettext
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils.translation import deactivate

from tests.factories import user
from tests.revisions.drafts import open_stage, running_revision
from workflow.models import Post, Section, User
from workflow.signoff import kinds

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
ERA = re.compile(r"令和|[0-9]年度")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd%]")
VOID = {"meta", "link", "input", "br", "hr", "img", "col", "wbr"}
READ_ALOUD = {"aria-label", "title", "placeholder", "alt", "data-label"}


@pytest.fixture(autouse=True)
def language_of_a_request_ends_with_the_test() -> Iterator[None]:
    yield
    deactivate()


class Words(HTMLParser):
    """Collects what a page says, leaving out what is marked as Japanese."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.within: list[bool] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marked = dict(attrs).get("lang") == "ja"
        if tag not in VOID:
            self.within.append(marked or tag in ("script", "style"))
        self.said += [value for name, value in attrs if value and name in READ_ALOUD]

    def handle_endtag(self, tag: str) -> None:
        self.within.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.within):
            self.said.append(data)


def left_in_japanese(client: Client, path: str, language: str = "en") -> list[str]:
    """Return what the page says in Japanese that is no name of a user, a post or a section.

    Nor of a kind of request that only tests know.
    """
    response = client.get(path, headers={"accept-language": language})
    assert response.status_code == 200
    names = {*User.objects.values_list("name", flat=True), *map(str, Post.objects.all())}
    names |= {*map(str, Section.objects.all()), *map(str, dict(kinds.choices()).values())}
    said = " ".join(Words(response.content.decode()).said)
    for name in sorted(names, key=len, reverse=True):
        said = said.replace(name, "")
    return [word for word in said.split() if JAPANESE.search(word)]


def entries() -> list[tuple[str, str]]:
    path = configured.LOCALE_PATHS[0] / "en/LC_MESSAGES/django.mo"
    with path.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    pairs = [(key[0] if isinstance(key, tuple) else key, text) for key, text in catalogue.items()]
    return [(msgid, text) for msgid, text in pairs if msgid]


def test_a_translation_names_the_same_facts() -> None:
    found = entries()
    assert len(found) > 1000
    differing = [
        pair for pair in found if len({tuple(sorted(PLACEHOLDER.findall(s))) for s in pair}) > 1
    ]
    assert differing == []


def test_a_translation_is_in_english() -> None:
    assert [text for _msgid, text in entries() if JAPANESE.search(text)] == []


@pytest.mark.django_db
def test_the_sign_in_page_in_english(city: None, client: Client, settings) -> None:
    settings.DEMO_PASSWORD = "shown"  # noqa: S105
    page = client.get("/login/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en">' in page
    assert "Secretariat: sends inquiries" in page
    assert left_in_japanese(client, "/login/") == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/revisions/", "/notices/", "/requests/"])
def test_a_page_of_the_staff_in_english(city: None, client: Client, path: str) -> None:
    client.force_login(user("joho-tanto"))
    assert left_in_japanese(client, path) == []


@pytest.mark.django_db
def test_japanese_is_what_an_unasked_page_speaks(city: None, client: Client) -> None:
    page = client.get("/login/").content.decode()
    assert '<html lang="ja">' in page
    assert left_in_japanese(client, "/login/", language="ja") != []


@pytest.mark.django_db
def test_no_day_of_a_page_in_english_is_of_an_era(city: None, client: Client) -> None:
    revision = running_revision()
    open_stage(revision)
    uid = revision.projects.values_list("uid", flat=True)[0]
    client.force_login(user("joho-tanto"))
    for part in ("", "schedule/", "opinions/", "draft/check/"):
        assert ERA.findall(said_in_english(client, f"/revisions/{revision.pk}/{part}")) == [], part
    for part in ("", "edit/"):  # with what somebody wrote, which stays as it is
        said = said_in_english(client, f"/revisions/{revision.pk}/sheets/{uid}/{part}")
        assert "FY2021 FY2022" in " ".join(said.split())


def said_in_english(client: Client, path: str) -> str:
    page = client.get(path, headers={"accept-language": "en"})
    assert page.status_code == 200, path
    return " ".join(Words(page.content.decode()).said)
