"""Every page of the demo, as its first reader sees it: axe, language, titles, width."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import groupby

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Page

from tests.browser.conftest import PageAs
from tests.factories import TODAY, user
from tests.walk import addresses

READERS = ["joho-tanto", "koho-tanto", "koho-kacho", "fuku-shicho-a", "iin-1", "kanri"]

LATIN = re.compile(r"[A-Za-z][\w.@-]*[A-Za-z0-9]", re.ASCII)
KNOWN = re.compile(
    r"[a-z]+(-[a-z0-9]+)+(@example\.jp)?|kaikei|kanri|kansa|kyoikucho|shicho"  # accounts
    r"|[RHS]\d+(\.\d+){1,2}|P\d\d"  # days of an era, sheets
    r"|(inquiry|meeting|notifications|revision|signoff)\.[a-z_]+"  # matters in files, logs
    r"|UTF-8|Shift_JIS|JIS|YAML|ID|Kaitei|SHA-256|CSV|Excel|JSON|JPEG|MB|PDF|PNG|ZIP|xlsx|[a-f][0-9a-f]{40,}"
    r"|[A-Z]+_(HOSTS|URL|FROM)|URL|Webhook|Standard Webhooks|web|worker|beat"  # the administrator's
    r"|AI|AI-OCR|CIO|DX|GIGA|GIS|ICT|IoT|KDB|LAN|LINE|OCR|QR|RPA|SNS|UAV|WEB"  # the plan's own
    r"|Outlook|Twitter|Wi-Fi|YouTube"
)
TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [...document.querySelectorAll("[aria-label]")].map(e => e.ariaLabel);
  while (walker.nextNode()) {
    const unread = walker.currentNode.parentElement.closest("script, kbd, pre, .mono");
    if (!unread) texts.push(walker.currentNode.data);
  }
  return texts.join("\\n");
}"""


@pytest.mark.slow
@pytest.mark.once  # the pages themselves: tests/test_urls.py
def test_every_page_of_the_demo(page_as: PageAs, axe: Callable[[Page], list[str]]) -> None:
    call_command("demo", today=TODAY, verbosity=0)
    addressed = sorted(seen_pages())
    assert len(addressed) > 60

    wrong: list[str] = []
    titles: dict[str, list[str]] = defaultdict(list)
    for path, page in visited(page_as, addressed):
        wrong += [f"{path} {found}" for found in [*axe(page), *english(page)]]
        titles[page.title()].append(path)
    for path, page in visited(page_as, addressed[::3], width=390, color_scheme="dark"):
        wrong += [f"{path} on a phone {found}" for found in [*axe(page), *too_wide(page)]]
    wrong += [f"{sorted(paths)} all called {title}" for title, paths in titles.items() if paths[1:]]
    assert not wrong, "\n".join(wrong)


def seen_pages() -> Iterator[tuple[str, str]]:
    """Yield (reader, path) of every page, under the first of READERS that it is open to."""
    clients = {name: Client() for name in READERS}
    for name, client in clients.items():
        client.force_login(user(name))
    for path in dict.fromkeys(path for path, _ in addresses()):
        for name, client in clients.items():
            answer = client.get(path)
            if answer.status_code == 200 and b"<!doctype html>" in answer.getvalue()[:100]:
                yield name, path
                break


def visited(
    page_as: PageAs, addressed: list[tuple[str, str]], **look: object
) -> Iterator[tuple[str, Page]]:
    for reader, rows in groupby(addressed, key=lambda row: row[0]):
        page = page_as(reader, **look)
        for _, path in rows:
            page.goto(path)
            yield path, page
        page.context.close()


def english(page: Page) -> list[str]:
    words = LATIN.findall(page.evaluate(TEXTS))
    return [f"English: {word}" for word in dict.fromkeys(words) if not KNOWN.fullmatch(word)]


def too_wide(page: Page) -> list[str]:
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"{width} px wide"] if width > 390 else []
