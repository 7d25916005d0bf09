"""Every page of the demo, as its first reader sees it: axe, language, titles, width."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PageAs
from tests.factories import demo, user
from tests.walk import visit

READERS = ["joho-tanto", "koho-tanto", "koho-kacho", "fuku-shicho-a", "iin-1", "kanri"]

LATIN = re.compile(r"[A-Za-z][\w.@-]*[A-Za-z0-9]", re.ASCII)
KNOWN = re.compile(
    r"([a-z]+(-[a-z0-9]+)+|kaikei|kanri|kansa|kyoikucho|shicho)(@example\.jp)?"  # accounts
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
    demo()
    addressed = sorted(seen_pages())
    assert len(addressed) > 60

    wrong: list[str] = []
    titles: dict[str, list[str]] = defaultdict(list)
    for nth, (path, page) in enumerate(visited(page_as, addressed)):
        wrong += [f"{path} {found}" for found in [*axe(page), *english(page)]]
        titles[page.title()].append(path)
        if nth % 3 == 0:
            with on_a_phone(page):
                wrong += [f"{path} on a phone {found}" for found in [*axe(page), *too_wide(page)]]
    wrong += [f"{sorted(paths)} all called {title}" for title, paths in titles.items() if paths[1:]]
    assert not wrong, "\n".join(wrong)


def seen_pages() -> Iterator[tuple[str, str]]:
    """Yield (reader, path) of every page, under the first of READERS that it is open to."""
    seen = set[str]()
    for name in READERS:
        for path, _pattern, answer in visit(user(name), but=seen):
            if answer.status_code == 200 and b"<!doctype html>" in answer.getvalue()[:100]:
                seen.add(path)
                yield name, path


def visited(page_as: PageAs, addressed: list[tuple[str, str]]) -> Iterator[tuple[str, Page]]:
    for reader, rows in groupby(addressed, key=lambda row: row[0]):
        page = page_as(reader)
        for _, path in rows:
            page.goto(path)
            yield path, page
        page.context.close()


@contextmanager
def on_a_phone(page: Page) -> Iterator[None]:
    """Narrow and dark: style sheets alone ask for either, so the page is not loaded again."""
    window = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    yield
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(window)


def english(page: Page) -> list[str]:
    words = LATIN.findall(page.evaluate(TEXTS))
    return [f"English: {word}" for word in dict.fromkeys(words) if not KNOWN.fullmatch(word)]


def too_wide(page: Page) -> list[str]:
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"{width} px wide"] if width > 390 else []
